# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings of a plan: what a person should check although no guardrail refuses it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ..identity import canonical, matches, outside_ascii
from .model import DeclaredAccess, HeldBack, Kind, PlanOptions, PlanStep, Reason, SiteList, SiteState
from .state import Presence

_TWINS = {"gmail.com": "googlemail.com", "googlemail.com": "gmail.com"}


def warnings_of(
    state: SiteState,
    present: Presence,
    declared: DeclaredAccess,
    steps: Sequence[PlanStep],
    held: Sequence[HeldBack],
    options: PlanOptions,
) -> tuple[str, ...]:
    """Return the warnings, in an order of their own that does not depend on how people are declared."""
    domains = options.dotless_domains
    administrators = {canonical(person.address, domains) for person in declared.administrators}
    users = {canonical(person.address, domains) for person in declared.users}
    return (
        *(
            f"{person} is declared as administrator and as user: a dedicated account is advised for an administrator"
            for person in sorted(administrators & users)
        ),
        *_outside_ascii(declared, options),
        *_twins(administrators | users, present),
        *_shown_twice(present),
        *_account(state, held),
        *_matching_nobody({*present, *administrators, *users}, options),
        *_clusters(state, present, steps, options),
    )


def _outside_ascii(declared: DeclaredAccess, options: PlanOptions) -> Iterable[str]:
    """A character that looks like a Latin one makes somebody else of a person: all of them, as they are declared."""
    people = {person.address for person in (*declared.administrators, *declared.users)}
    limits = options.guardrails
    for text in sorted({*people, *limits.required_admins, *limits.protected}):
        if found := outside_ascii(text):
            yield f"{text} has characters outside ASCII ({found}): is it the address that is meant?"


def _matching_nobody(people: Collection[str], options: PlanOptions) -> Iterable[str]:
    for pattern in options.guardrails.protected:
        if not any(matches(pattern, person, options.dotless_domains) for person in people):
            yield f"the protected pattern {pattern!r} matches nobody on the site and nobody who is declared"


def _twins(declared: Iterable[str], present: Presence) -> Iterable[str]:
    people = set(declared)
    for person in sorted(people):
        local, _at, domain = person.rpartition("@")
        twin = f"{local}@{_TWINS.get(domain, domain)}"
        if twin != person and twin in present and twin not in people and person not in present:
            yield f"{person} is declared, {twin} is on the site: they may be one person; declare the one on the site"


def _shown_twice(present: Presence) -> Iterable[str]:
    for person in sorted(present):
        for name, rows in present[person].items():
            if len(rows) > 1:
                yield f"{person} is on the list {name} more than once: {', '.join(sorted(row.address for row in rows))}"


def _account(state: SiteState, held: Iterable[HeldBack]) -> Iterable[str]:
    if any(one.reason is Reason.ACCOUNT_IN_USE for one in held):
        yield f"the account in use ({state.account}) is not declared as it is on the site; it is kept: declare it"


def _clusters(state: SiteState, present: Presence, steps: Iterable[PlanStep], options: PlanOptions) -> Iterable[str]:
    """Only an administrator who is also a Remote Match user can create clusters [F]."""
    needed = {SiteList.ADMINISTRATORS, SiteList.REMOTE_MATCH}
    able = {person for person, there in present.items() if needed <= set(there)}
    lost = {step.person for step in steps if step.kind is Kind.REMOVE and step.where in needed}
    if able and not able - lost:
        yield "afterwards no active administrator is a Remote Match user: nobody can create clusters"
