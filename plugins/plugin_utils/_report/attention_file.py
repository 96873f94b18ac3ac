# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of the printers that need attention, beside the report. What is in it: plugin_utils/_sheet/attention.py."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Callable, Mapping

from ansible.errors import AnsibleError

from ...module_utils._prisma.address_files import remove, write_private
from ...module_utils._web.libraries import on_demand
from .._sheet.attention import Origin, as_csv, as_xlsx, attention_rows
from .._sheet.printers import ROW
from .._untagged import untagged

NAME = "attention"
SUFFIXES = (".csv", ".xlsx")


def write_attention(
    results: Mapping[str, Mapping[str, t.Any]], variables_of: Callable[[str], Mapping[str, t.Any]], folder: str
) -> str | None:
    """Write the sheet of ``results``, the printers that need attention; return its path, None if there are none.

    It has the columns and the kind of the sheet that the first of them came from, and mode 0600. An older one is
    removed. ``variables_of`` returns the variables of a host. Raises ``BadInput`` where it cannot be written.
    """
    paths = {suffix: os.path.join(folder, NAME + suffix) for suffix in SUFFIXES}
    if not results:
        remove(*paths.values())
        return None
    variables = {name: variables_of(name) for name in results}
    cells = {name: dict(untagged((own.get(ROW) or {}).get("cells") or {})) for name, own in variables.items()}
    origins = (untagged(own.get("sheet_origin")) for own in variables.values())
    given = next((origin for origin in origins if origin), None)
    origin = Origin(tuple(given["columns"]), given["delimiter"]) if given else Origin()
    expected = {
        name: {**result, "serial": _declared_serial(variables[name]) or result.get("serial")}
        for name, result in results.items()
    }
    rows = attention_rows(expected, cells, origin)
    path = paths[origin.suffix]
    write_private(path, as_csv(rows, origin.delimiter) if origin.delimiter else as_xlsx(rows, on_demand("openpyxl")))
    remove(*(other for other in paths.values() if other != path))
    return path


def _declared_serial(variables: Mapping[str, t.Any]) -> str:
    """Return the expected serial number, which a person compares with the one in the message; empty if there is none.

    The sheet is read again as an inventory, so the number of a wrong device must not come into its column.
    """
    try:
        declared = untagged(variables.get("printops_serial"))
    except AnsibleError:  # a template that cannot be evaluated, which the printer was failed for
        return ""
    return "" if declared is None else str(declared)
