# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who should be on which list by a reading and the steps since, and how another reading differs from it. Pure.

Compared are applications, not single lists: somebody who uses an application for the first time moves from the list of
invited users to that of active ones by themselves. Nobody moves back by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .model import AccessState, ListReading, PlanStep
from .rules import AccessRules, Part
from .state import Presence, on, presence_in


@dataclass(frozen=True)
class Difference:
    """Somebody who is ``gone`` from the lists of ``part``, or has appeared there, though no step of the run does it.

    ``only_invited``: gone from the list of active people that ``part`` then names, and on that of invited ones.
    """

    person: str
    part: str
    gone: bool
    only_invited: bool = False

    def __str__(self) -> str:
        if self.only_invited:
            return f"{self.person} is only invited to {self.part} now"
        return f"{self.person} is gone from {self.part}" if self.gone else f"{self.person} has appeared on {self.part}"

    def as_dict(self) -> dict[str, str]:
        """Return plain data for a result."""
        return {"person": self.person, "list": str(self.part), "change": "gone" if self.gone else "appeared"}


def unplanned_changes(
    before: AccessState,
    after: Mapping[str, ListReading],
    steps: Iterable[PlanStep],
    dotless_domains: Iterable[str],
) -> tuple[Difference, ...]:
    """Return who is gone or new by two complete readings, though no step of a plan moves them, those gone first.

    A step counts whether it was carried out or not: what was planned and is not done is another matter.
    """
    rules, domains = before.rules, tuple(dotless_domains)
    effects = {(step.person, name, effect == "removed") for step in steps for name, effect in step.effects.items()}
    planned = {(person, rules.part_of[name], removed) for person, name, removed in effects}
    was = presence_in(before.readings, rules, domains)
    now = presence_in(after, rules, domains)
    found = []
    for part in rules.parts:
        there, shown = on(was, part.lists), on(now, part.lists)
        found += [Difference(person, part.name, person in there) for person in sorted(there ^ shown)]
    found += _on_unknown_lists(now, rules)
    unplanned = [one for one in found if (one.person, one.part, one.gone) not in planned]
    for part in rules.parts:
        invited = _only_invited(part, on(was, part.lists[-1:]), now)
        unplanned += [one for one in invited if (one.person, one.part, one.gone) not in effects]
    return tuple(sorted(unplanned, key=lambda one: not one.gone))


def _only_invited(part: Part, active: Collection[str], now: Presence) -> list[Difference]:
    """Return which of the ``active`` people of a part are only invited now."""
    invited = (on(now, part.lists) - on(now, part.lists[-1:])).intersection(active)
    return [Difference(person, part.lists[-1], gone=True, only_invited=True) for person in sorted(invited)]


def _on_unknown_lists(presence: Presence, rules: AccessRules) -> list[Difference]:
    """Return who is on a list that the rules do not have: of an application in which nobody had a role before."""
    return [
        Difference(person, name, gone=False)
        for person, lists in sorted(presence.items())
        for name in sorted(lists.keys() - rules.part_of.keys())
    ]


class ExpectedLists:
    """What the lists should show. It begins with a complete reading, and follows each step that was carried out."""

    def __init__(self, state: AccessState, dotless_domains: Iterable[str]) -> None:
        self._domains = tuple(dotless_domains)
        self._rules = state.rules
        presence = presence_in(state.readings, state.rules, self._domains)
        self._people = {name: on(presence, (name,)) for name in state.rules.part_of}

    def apply(self, step: PlanStep) -> None:
        """Follow a step that was carried out, by the rules as far as they are known."""
        for name, effect in step.effects.items():
            (self._people[name].discard if effect == "removed" else self._people[name].add)(step.person)

    def has(self, person: str, lists: Iterable[str]) -> bool:
        """Return whether a person should be on one of the lists."""
        return any(person in self._people[name] for name in lists)

    def differences(
        self,
        readings: Mapping[str, ListReading],
        leaving_out: Collection[str] = (),
        parts: Collection[str] | None = None,
    ) -> tuple[Difference, ...]:
        """Return how complete readings differ, for ``parts`` (None: for all)."""
        found = []
        presence = presence_in(readings, self._rules, self._domains)
        for part in self._rules.parts:
            if parts is not None and part.name not in parts:
                continue
            expected = set[str]().union(*(self._people.get(name, set()) for name in part.lists))
            shown = on(presence, part.lists)
            for person in sorted((expected ^ shown) - set(leaving_out)):
                found.append(Difference(person, part.name, person in expected))
            invited = _only_invited(part, self._people[part.lists[-1]], presence)
            found += [one for one in invited if one.person not in leaving_out]
        if parts is None:
            found += [one for one in _on_unknown_lists(presence, self._rules) if one.person not in leaving_out]
        return tuple(found)
