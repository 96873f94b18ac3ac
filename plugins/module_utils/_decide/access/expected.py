# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who should be on which list by a reading and the steps since, and how another reading differs from it. Pure.

Compared are applications, not single lists: somebody who uses an application for the first time moves from the list of
invited users to that of active ones by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..identity import canonical
from .model import LISTS_OF, AccessList, PlanStep, SiteList, SiteReading, SiteState


@dataclass(frozen=True)
class Difference:
    """Somebody who is ``gone`` from the lists of ``part``, or has appeared there, though no step of this run did it."""

    person: str
    part: AccessList
    gone: bool

    def __str__(self) -> str:
        return f"{self.person} is gone from {self.part}" if self.gone else f"{self.person} has appeared on {self.part}"

    def as_dict(self) -> dict[str, str]:
        """Return plain data for a result."""
        return {"person": self.person, "list": str(self.part), "change": "gone" if self.gone else "appeared"}


class ExpectedLists:
    """What the lists should show. It begins with a complete reading, and follows each step that was carried out."""

    def __init__(self, state: SiteState, dotless_domains: Iterable[str]) -> None:
        self._domains = tuple(dotless_domains)
        self._people = {name: self._of(state.lists.get(name, SiteReading())) for name in SiteList}

    def apply(self, step: PlanStep) -> None:
        """Follow a step that was carried out, by the rules as far as they are known."""
        for name, effect in step.effects.items():
            (self._people[name].discard if effect == "removed" else self._people[name].add)(step.person)

    def differences(
        self, lists: Mapping[SiteList, SiteReading], leaving_out: Collection[str] = ()
    ) -> tuple[Difference, ...]:
        """Return how complete readings differ, for every part whose lists are all given."""
        found = []
        for part in AccessList:
            names = LISTS_OF[part]
            if not set(names) <= set(lists):
                continue
            expected = set[str]().union(*(self._people[name] for name in names))
            shown = set[str]().union(*(self._of(lists[name]) for name in names))
            for person in sorted((expected ^ shown) - set(leaving_out)):
                found.append(Difference(person, part, person in expected))
        return tuple(found)

    def _of(self, reading: SiteReading) -> set[str]:
        return {canonical(row.address, self._domains) for row in reading.rows}
