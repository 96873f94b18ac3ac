# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is declared for a site, by the lists that this site has and by what its [Add] puts people on. Pure.

The manual's site has a list for each application. Another release may have one list of users and one of administrators;
its profile says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from .model import DeclaredAccess, Person
from .rules import (
    ADDED_WITH_ADMINISTRATOR,
    ADDED_WITH_USER,
    PEOPLE,
    SITE_RULES,
    AccessList,
    AccessRules,
    Cloud,
    Kind,
)

_NOWHERE = "applications is empty, and the site has no list of all users: leave the person out instead"


def fitted(
    declared: DeclaredAccess, rules: AccessRules, had: Callable[[str], Collection[str]] = lambda address: ()
) -> tuple[DeclaredAccess, list[str]]:
    """Return ``declared`` by the lists of ``rules``, and what of it the site cannot have.

    ``had``: the parts that a person has already, who need not be added to them.
    Who is declared without applications gets what this site's [Add] gives, and keeps what the manual's gives. What is
    declared for a person is never replaced. A user is on the list of people, if there is one.
    """
    if rules.cloud is not Cloud.SITE:
        return declared, []
    nowhere = [f"{one.address}: {_NOWHERE}" for one in declared.users if one.applications == frozenset()]
    if PEOPLE in rules.names:
        nowhere = []
    if rules is SITE_RULES:
        return declared, nowhere
    by_kind = {addition.kind: frozenset(addition.gives) for addition in rules.additions}
    of_user = by_kind.get(Kind.ADD_USER, frozenset())
    of_administrator = by_kind.get(Kind.ADD_ADMINISTRATOR, frozenset()) - {AccessList.ADMINISTRATORS}
    problems = nowhere

    def fit(person: Person, usual: frozenset[str], gives: frozenset[str], always: frozenset[str]) -> Person:
        if person.applications is None:
            return person
        if person.usual:
            return replace(person, applications=gives | (person.applications & frozenset(had(person.address))))
        both = of_user | of_administrator if usual == ADDED_WITH_ADMINISTRATOR else of_user
        problems.extend(_problems(person, rules, {*both, *had(person.address)}))
        return replace(person, applications=person.applications | always)

    people = frozenset({PEOPLE} & set(rules.names))
    found = DeclaredAccess(
        tuple(fit(one, ADDED_WITH_ADMINISTRATOR, of_administrator, frozenset()) for one in declared.administrators),
        tuple(fit(one, ADDED_WITH_USER, of_user, people) for one in declared.users),
    )
    if declared.users and not of_user:
        problems.append(f"the {rules.noun} has no list of users on which [Add] puts anybody, but users are declared")
    return found, list(dict.fromkeys(problems))


def _problems(person: Person, rules: AccessRules, given: Collection[str]) -> Iterable[str]:
    for name in sorted(person.applications or ()):
        if name not in rules.names:
            yield f"{person.address}: the {rules.noun} has no list of {name}; it has {', '.join(rules.names)}"
        elif name not in given:
            yield f"{person.address}: by its profile, [Add] of the {rules.noun} puts nobody on {name}"
