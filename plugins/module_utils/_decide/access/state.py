# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reading shows: who is where, whether it is complete, whose account is in use. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..identity import address_problem, canonical, matches
from .model import AccessState, ListReading, ListRow
from .rules import AccessRules

MOST_SHOWN = 80
"""Characters of a row that a message repeats."""

Presence = dict[str, dict[str, list[ListRow]]]
"""Canonical identity, and the rows by which a person stands on each list (more than one: they are shown twice)."""


def presence_of(state: AccessState, dotless_domains: Iterable[str]) -> Presence:
    """Return who is where. :func:`reading_problems` names rows that are not exactly one address."""
    return presence_in(state.readings, state.rules, dotless_domains)


def presence_in(readings: Mapping[str, ListReading], rules: AccessRules, dotless_domains: Iterable[str]) -> Presence:
    """Return who is where by some of the readings."""
    domains = tuple(dotless_domains)
    found: Presence = {}
    for name in rules.readings:
        for row in readings.get(name, ListReading()).rows:
            if "@" in row.address:
                lists = found.setdefault(canonical(row.address, domains), {})
                for each in row.lists or (name,):
                    lists.setdefault(each, []).append(row)
    return found


def on(presence: Presence, lists: Iterable[str]) -> set[str]:
    """Return the people who are on one of the lists."""
    names = set(lists)
    return {person for person, there in presence.items() if names & there.keys()}


def protecting(patterns: Iterable[str], person: str, presence: Presence, dotless_domains: Iterable[str]) -> str:
    """Return the first pattern that means a person, by identity or as any list shows them; "" if none does."""
    domains = tuple(dotless_domains)
    shown = {row.address for rows in presence.get(person, {}).values() for row in rows}
    return next((one for one in patterns if any(matches(one, each, domains) for each in (person, *shown))), "")


def reading_problems(state: AccessState) -> dict[str, str]:
    """Return per reading (and for the account in use) why it does not count as complete; empty if all do.

    "At least one administrator must remain" [F]: readings that show none did not show everything. A row that is not
    exactly one address is somebody unknown: a declared person could be removed through it.
    """
    found: dict[str, str] = {}
    for name in state.rules.readings:
        text = list_problem(state.readings.get(name), state.rules.noun)
        if text:
            found[name] = text
    active = state.rules.administrator_lists[-1]
    where = active if active in state.rules.readings else state.rules.readings[0]
    if where not in found and not any(active in (row.lists or (where,)) for row in state.readings[where].rows):
        shows = "the list is empty" if where == active else "it shows no active administrator"
        found[where] = f"{shows}, but at least one administrator always remains"
    if (state.account or "").strip() and (text := address_problem(state.account)):
        found["account in use"] = f"{_cut(state.account)} {text}"
    return found


def list_problem(reading: ListReading | None, noun: str) -> str:
    """Return why one list does not count as read completely, "" if it does. ``noun``: what shows it."""
    if reading is None:
        return "was not read"
    if not reading.complete:
        return reading.problem or "there is no proof that all of it was read"
    if reading.total is not None and reading.total != len(reading.rows):
        return f"the {noun} shows a total of {reading.total}, but {len(reading.rows)} rows were read"
    for number, row in enumerate(reading.rows, 1):
        if text := address_problem(row.address):
            return f"row {number} ({_cut(row.address)}) is not exactly one address: it {text}"
    return reading.problem


def _cut(text: str | None) -> str:
    return repr(text if text is None or len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…")


def name_problem(state: AccessState) -> str:
    """Return why it is not known which site this is, "" if it is."""
    return "" if state.name_proven else f"the profile cannot read which {state.rules.noun} this is"


def account_problem(state: AccessState, dotless_domains: Iterable[str]) -> str:
    """Return why it is not known whose account is in use, "" if it is."""
    domains = tuple(dotless_domains)
    if state.account is None or not state.account.strip():
        return f"the {state.rules.noun} does not show whose account is in use"
    administrators = on(presence_of(state, domains), state.rules.administrator_lists[-1:])
    if canonical(state.account, domains) not in administrators:
        # Only an active administrator can change people: another spelling of the account would lose its protection.
        return f"the account in use ({state.account}) is not among the active administrators that were read"
    return ""


def shown(rules: AccessRules, lists: Iterable[str]) -> dict[str, str]:
    """Return one person's presence per part: "" not there, else the part's word ("yes", "invited", "employee", …)."""
    there = set(lists)
    found: dict[str, str] = {}
    for part in rules.parts:
        words = [word for name, word in zip(part.lists, part.words, strict=True) if name in there]
        name = part.shown_as or part.name
        found[name] = words[-1] if words else found.get(name, "")
    return found
