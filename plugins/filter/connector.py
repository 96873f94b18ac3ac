# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter connector: which connector a controller needs for an application. The table is data/connectors.yml."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from ansible.errors import AnsibleFilterError

from ..module_utils._decide import connector as table
from ..module_utils._web.libraries import require, yaml

DATA = Path(__file__).resolve().parents[2] / "data" / "connectors.yml"


@cache
def _shipped() -> tuple[Mapping[str, t.Any], ...]:
    require("PyYAML")
    return tuple(yaml.safe_load(DATA.read_text(encoding="utf-8"))["connectors"])


def connectors(more: Sequence[Mapping[str, t.Any]] | None = None) -> list[Mapping[str, t.Any]]:
    """Return the rows of the table; ``more`` are rows of one's own, which win over the shipped ones."""
    for row in more or ():
        lacking = {"controller", "application", "connector"} - set(row)
        if lacking:
            raise AnsibleFilterError(f"connector: a row of one's own lacks {', '.join(sorted(lacking))}: {dict(row)!r}")
    return [*_shipped(), *(more or ())]


def connector(controller: str, application: str, more: Sequence[Mapping[str, t.Any]] | None = None) -> dict[str, t.Any]:
    """Return connector, needs and note; ``more`` are rows of one's own, which win over the shipped ones."""
    return table.connector(connectors(more), str(controller), str(application))


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"connector": connector}
