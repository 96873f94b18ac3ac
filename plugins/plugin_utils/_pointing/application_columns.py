# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The columns of a list of people that show a role per application: they go by the applications' names. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from ...module_utils._decide.access.tenant_rules import NO_ROLE
from ...module_utils._decide.connector import canonical_name
from .._connectors import connectors
from .._recording.draft.candidates import identifier, quoted

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def application_roles(columns: Sequence[str], roles: Mapping[str, Sequence[str]]) -> str | None:
    """Return an expression for the applications of a row with the role in each, None if no column is one's name.

    ``roles``: how the list writes each role. A text that is none of them stays as it is, and an empty one is no role. A
    column that is not there is null, by which the list counts as not read.
    """
    ids = {column: found for column in columns if (found := application_id(column)) is not None}
    if not ids:
        return None
    each = ", ".join(f"{{id: {quoted(found)}, role: {identifier(column)}}}" for column, found in ids.items())
    known = " || ".join(
        f"(contains(`{json.dumps(list(texts), ensure_ascii=False)}`, role) && {quoted(role)})"
        for role, texts in roles.items()
    )
    return f"[{each}][*].{{id: id, role: (role == '' && '{NO_ROLE}') || {known} || role}}"


def application_id(name: str) -> str | None:
    """Return the id of the application that people name so, None for any other name."""
    for row in connectors():
        names = [row["application"]] if isinstance(row["application"], str) else row["application"]
        if canonical_name(name) in map(canonical_name, names):
            spelt = next((each for each in names if _ID.fullmatch(each)), None)
            return spelt or "-".join(names[0].lower().split())
    return None
