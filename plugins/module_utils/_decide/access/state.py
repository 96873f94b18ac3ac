# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reading of a site shows: who is where, whether it is complete, whose account is in use. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ..identity import address_problem, canonical
from .model import LISTS_OF, AccessList, ListRow, SiteList, SiteReading, SiteState

MOST_SHOWN = 80
"""Characters of a row that a message repeats."""

Presence = dict[str, dict[SiteList, list[ListRow]]]
"""Canonical identity, and the rows by which a person stands on each list (more than one: the site shows them twice)."""


def presence_of(state: SiteState, dotless_domains: Iterable[str]) -> Presence:
    """Return who is where. :func:`reading_problems` names rows that are not exactly one address."""
    domains = tuple(dotless_domains)
    found: Presence = {}
    for name in SiteList:
        for row in state.lists.get(name, SiteReading()).rows:
            if "@" in row.address:
                found.setdefault(canonical(row.address, domains), {}).setdefault(name, []).append(row)
    return found


def reading_problems(state: SiteState) -> dict[str, str]:
    """Return per list (and for the account in use) why it does not count as read completely; empty if all do.

    "At least one administrator must remain" [F]: a reading that shows none did not show everything. A row that is not
    exactly one address is somebody unknown: a declared person could be removed through it.
    """
    found: dict[str, str] = {}
    for name in SiteList:
        text = list_problem(state.lists.get(name))
        if text:
            found[name] = text
    administrators = SiteList.ADMINISTRATORS
    if administrators not in found and not state.lists[administrators].rows:
        found[administrators] = "the list is empty, but at least one administrator always remains"
    if (state.account or "").strip() and (text := address_problem(state.account)):
        found["account in use"] = f"{_cut(state.account)} {text}"
    return found


def list_problem(reading: SiteReading | None) -> str:
    """Return why one list does not count as read completely, "" if it does."""
    if reading is None:
        return "was not read"
    if not reading.complete:
        return reading.problem or "there is no proof that all of it was read"
    if reading.total is not None and reading.total != len(reading.rows):
        return f"the site shows a total of {reading.total}, but {len(reading.rows)} rows were read"
    for number, row in enumerate(reading.rows, 1):
        if text := address_problem(row.address):
            return f"row {number} ({_cut(row.address)}) is not exactly one address: it {text}"
    return reading.problem


def _cut(text: str | None) -> str:
    return repr(text if text is None or len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…")


def account_problem(state: SiteState, dotless_domains: Iterable[str]) -> str:
    """Return why it is not known whose account is in use, "" if it is."""
    domains = tuple(dotless_domains)
    if state.account is None or not state.account.strip():
        return "the site does not show whose account is in use"
    reading = state.lists.get(SiteList.ADMINISTRATORS, SiteReading())
    if canonical(state.account, domains) not in {canonical(row.address, domains) for row in reading.rows}:
        # Only an active administrator can be signed in: another spelling of the account would lose its protection.
        return f"the account in use ({state.account}) is not among the active administrators that were read"
    return ""


def shown(lists: Iterable[SiteList]) -> dict[AccessList, str]:
    """Return one person's presence per part: "" not there, "yes", and where it matters "invited" or "active"."""
    there = set(lists)
    found = {}
    for part, names in LISTS_OF.items():
        if len(names) == 1:
            found[part] = "yes" if names[0] in there else ""
        else:
            found[part] = "active" if names[1] in there else "invited" if names[0] in there else ""
    return found
