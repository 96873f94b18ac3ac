# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site after the steps of a plan, by the effects that the plan names; tests compare it with a site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    AccessState,
    ListReading,
    ListRow,
    PlanOptions,
    PlanStep,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.identity import canonical


def state_after(state: AccessState, steps: Iterable[PlanStep], options: PlanOptions | None = None) -> AccessState:
    """Return the site or tenant as ``steps`` leave it."""
    domains = (options or PlanOptions()).dotless_domains
    if len(state.rules.readings) == 1:
        return _tenant_after(state, steps, domains)
    changed: dict[str, dict[str, list[ListRow]]] = {}
    for step in steps:
        for name, effect in step.effects.items():
            if name not in changed:
                changed[name] = {}
                for row in state.readings.get(name, ListReading()).rows:
                    changed[name].setdefault(canonical(row.address, domains), []).append(row)
            if effect == "removed":
                changed[name].pop(step.person, None)
            else:
                changed[name].setdefault(step.person, [ListRow(step.person)])
    readings = dict(state.readings)
    for name, people in changed.items():
        reading = readings.get(name, ListReading())
        rows = tuple(row for found in people.values() for row in found)
        readings[name] = replace(reading, rows=rows, total=None if reading.total is None else len(rows))
    return replace(state, readings=readings)


def _tenant_after(state: AccessState, steps: Iterable[PlanStep], domains: tuple[str, ...]) -> AccessState:
    (name,) = state.rules.readings
    reading = state.readings[name]
    rows = {canonical(row.address, domains): row for row in reading.rows}
    for step in steps:
        row = rows.get(step.person, ListRow(step.person))
        lists = dict.fromkeys(row.lists)
        for each, effect in step.effects.items():
            if effect == "removed":
                lists.pop(each, None)
            else:
                lists[each] = None
        rows[step.person] = replace(row, lists=tuple(lists))
        if not lists:
            del rows[step.person]
    left = tuple(rows.values())
    return replace(state, readings={name: replace(reading, rows=left, total=len(left))})
