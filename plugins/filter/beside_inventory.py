# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter beside_inventory: an absolute path from one that is relative to the inventory."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from ansible.errors import AnsibleFilterError
from jinja2 import pass_context
from jinja2.utils import missing

from ..module_utils._web.errors import BadInput
from ..plugin_utils._run_folder import beside_inventory as absolute


@pass_context
def beside_inventory(context: t.Any, path: str, variable: str = "the path", or_working_folder: bool = False) -> str:
    """Return ``path`` as an absolute path; ``variable`` is what a message names.

    With ``or_working_folder``, a run without inventory file has its files in the folder of the command.
    """
    sources = context.resolve_or_missing("ansible_inventory_sources")
    try:
        known = () if sources is missing else sources
        return absolute(str(path), known, variable, or_working_folder=or_working_folder)
    except BadInput as error:
        raise AnsibleFilterError(f"{error}. {error.advice}") from None


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"beside_inventory": beside_inventory}
