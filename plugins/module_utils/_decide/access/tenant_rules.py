# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of a tenant of PRISMA Home with its applications, and the names of its parts and lists. Data.

Source: domain.md, "PRISMA Home: people".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .rules import AccessRules, Addition, Cloud, Kind, Part, Removal

PEOPLE, ADMINISTRATORS = "people", "administrators"
PEOPLE_PENDING, ADMINISTRATORS_PENDING = "people_pending", "administrators_pending"
RESERVED = frozenset({PEOPLE, ADMINISTRATORS, PEOPLE_PENDING, ADMINISTRATORS_PENDING, "portal", "employees"})
"""Names that no application can have."""
EMPLOYEE, ADMINISTRATOR, USER, NO_ROLE = "employee", "administrator", "user", "none"
ACTIVE, PENDING = "active", "pending"
PORTAL_ROLES = (EMPLOYEE, ADMINISTRATOR)
STATES = (ACTIVE, PENDING)
APPLICATION_ROLES = (USER, ADMINISTRATOR)

_APPLICATION_ID = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def application_problem(name: object) -> str:
    """Return why ``name`` is not the id of an application, "" if it is one."""
    if not isinstance(name, str) or not _APPLICATION_ID.fullmatch(name):
        return "is not the id of an application (letters, digits, '.', '_' and '-')"
    return "is no id that an application can have" if name in RESERVED else ""


def administered(application: str) -> str:
    """Return the part that administrators of an application have besides the application itself."""
    return f"{application}:{ADMINISTRATOR}"


def applications_in(names: Iterable[str]) -> set[str]:
    """Return the applications to which some of the names of parts or lists belong."""
    return {name.partition(":")[0] for name in names} - RESERVED


def application_parts(roles: Mapping[str, str]) -> frozenset[str]:
    """Return the parts of a role per application. An administrator has what a user has: the highest role counts [F]."""
    return frozenset(roles) | {administered(name) for name, role in roles.items() if role == ADMINISTRATOR}


def lists_of_person(role: str, *, active: bool, roles: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the lists of a person of a tenant. ``roles``: pairs of application and role, several of one if need be.

    An administrator has what an employee has: of several roles the highest counts [F].
    """
    found = [PEOPLE if active else PEOPLE_PENDING]
    if role == ADMINISTRATOR:
        found.append(ADMINISTRATORS if active else ADMINISTRATORS_PENDING)
    for application, application_role in roles:
        found.append(application)
        if application_role == ADMINISTRATOR:
            found.append(administered(application))
    return tuple(dict.fromkeys(found))


def tenant_rules(applications: Iterable[str]) -> AccessRules:
    """Return the rules of a tenant with these applications.

    A person is invited with a role in the portal, and is pending until the first sign-in. Then come roles per
    application [F]. Removing a person takes all roles; that is not public [?], and later readings verify it.
    """
    names = sorted(set(applications))
    parts = [
        Part(PEOPLE, (PEOPLE_PENDING, PEOPLE), ("employee (pending)", "employee"), "portal"),
        Part(
            ADMINISTRATORS,
            (ADMINISTRATORS_PENDING, ADMINISTRATORS),
            ("administrator (pending)", "administrator"),
            "portal",
            above=frozenset({PEOPLE}),
            as_in=PEOPLE,
        ),
    ]
    additions = [
        _invitation(ADMINISTRATOR, ADMINISTRATORS, (PEOPLE, ADMINISTRATORS)),
        _invitation(EMPLOYEE, PEOPLE, (PEOPLE,)),
        Addition(
            Kind.SET_PERSON_ROLE,
            frozenset({ADMINISTRATORS}),
            (ADMINISTRATORS,),
            "make administrator of the tenant",
            {"role": ADMINISTRATOR},
        ),
    ]
    for name in names:
        parts += [
            Part(name, (name,), (USER,)),
            Part(administered(name), (administered(name),), (ADMINISTRATOR,), name, above=frozenset({name})),
        ]
        additions += [
            _application_role(name, ADMINISTRATOR, administered(name), (name, administered(name))),
            _application_role(name, USER, name, (name,)),
        ]
    return AccessRules(
        cloud=Cloud.TENANT,
        readings=(PEOPLE,),
        parts=tuple(parts),
        additions=tuple(additions),
        removals=tuple(_tenant_removals(parts, names)),
        administrators=ADMINISTRATORS,
        plain="employees",
        base=frozenset({PEOPLE}),
        titles={
            PEOPLE: "People",
            PEOPLE_PENDING: "People (pending)",
            ADMINISTRATORS: "Administrators",
            ADMINISTRATORS_PENDING: "Administrators (pending)",
        },
    )


def _invitation(role: str, trigger: str, gives: tuple[str, ...]) -> Addition:
    title = f"invite as {role}"
    return Addition(Kind.INVITE_PERSON, frozenset({trigger}), gives, title, {"role": role}, newcomers_only=True)


def _application_role(name: str, role: str, trigger: str, gives: tuple[str, ...]) -> Addition:
    inputs = {"application": name, "role": role}
    return Addition(Kind.SET_APPLICATION_ROLE, frozenset({trigger}), gives, f"{name}: {role}", inputs)


def _tenant_removals(parts: Iterable[Part], names: Iterable[str]) -> Iterable[Removal]:
    everything = tuple(name for part in parts for name in part.lists)
    yield Removal(Kind.REMOVE_PERSON, PEOPLE, everything, "remove from the tenant")
    administrators = (ADMINISTRATORS_PENDING, ADMINISTRATORS)
    role = {"role": EMPLOYEE}
    yield Removal(Kind.SET_PERSON_ROLE, ADMINISTRATORS, administrators, "make employee", role)
    for name in names:
        for part, role_left, takes in (
            (name, NO_ROLE, (name, administered(name))),
            (administered(name), USER, (administered(name),)),
        ):
            inputs = {"application": name, "role": role_left}
            title = f"{name}: {'no role' if role_left == NO_ROLE else role_left}"
            yield Removal(Kind.SET_APPLICATION_ROLE, part, takes, title, inputs)
