# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site after the steps of a plan, by the effects that the plan names; tests compare it with a site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    ListRow,
    PlanOptions,
    PlanStep,
    SiteList,
    SiteReading,
    SiteState,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.identity import canonical


def state_after(state: SiteState, steps: Iterable[PlanStep], options: PlanOptions | None = None) -> SiteState:
    """Return the site as ``steps`` leave it."""
    domains = (options or PlanOptions()).dotless_domains
    changed: dict[SiteList, dict[str, list[ListRow]]] = {}
    for step in steps:
        for name, effect in step.effects.items():
            if name not in changed:
                changed[name] = {}
                for row in state.lists.get(name, SiteReading()).rows:
                    changed[name].setdefault(canonical(row.address, domains), []).append(row)
            if effect == "removed":
                changed[name].pop(step.person, None)
            else:
                changed[name].setdefault(step.person, [ListRow(step.person)])
    lists = dict(state.lists)
    for name, people in changed.items():
        reading = lists.get(name, SiteReading())
        rows = tuple(row for found in people.values() for row in found)
        lists[name] = replace(reading, rows=rows, total=None if reading.total is None else len(rows))
    return replace(state, lists=lists)
