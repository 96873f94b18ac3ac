# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of home_user, home_access and home_people_info: from options to what a tenant's people should be."""

from __future__ import annotations

from collections.abc import Mapping

from .._decide.access.declared import as_declared
from .._decide.access.model import DeclaredAccess, Person
from .._decide.access.rules import Cloud
from .._decide.access.status import AccessOutcome
from .._decide.access.tenant_rules import (
    ADMINISTRATOR,
    ADMINISTRATORS,
    APPLICATION_ROLES,
    NO_ROLE,
    PEOPLE,
    administered,
    application_parts,
    application_problem,
)
from .._web.errors import BadInput
from .people import WantedPeople, outcome_noted, proof_of, reconcile, refuse_incomplete
from .people_options import addresses, checked_domains, declared_people, options_for
from .task import Request
from .tenant_people import TenantPeople


def run_user(request: Request) -> None:
    """Keep people in a tenant, with the roles given, or out of it."""
    reconcile(request, _people)


def run_access(request: Request) -> None:
    """Keep all people of a tenant as declared."""
    reconcile(
        request,
        lambda request: declared_people(
            request,
            Cloud.TENANT,
            lambda request, parsed: TenantPeople.of(request, parsed.options.dotless_domains, parts_of(parsed.declared)),
        ),
    )


def run_info(request: Request) -> None:
    """Read all people of a tenant. Changes nothing."""
    with outcome_noted(request):
        _read(request)
    request.result.values["outcome"] = AccessOutcome.IN_SYNC.value


def _read(request: Request) -> None:
    domains = checked_domains(request.options)
    state = TenantPeople.of(request, domains).state()
    values = request.result.values
    values.update(tenant=state.name, account=state.account, proof=proof_of(state))
    refuse_incomplete(state)
    pending = {row.address for row in state.readings[PEOPLE].rows if PEOPLE not in row.lists}
    declared = as_declared(state, domains)
    values["declared"] = declared
    values["people"] = [
        {**person, "state": "pending" if person["email"] in pending else "active"} for person in declared["people"]
    ]


def parts_of(declared: DeclaredAccess) -> frozenset[str]:
    """Return all parts of applications that anybody is declared for."""
    people = (*declared.administrators, *declared.users)
    return frozenset[str]().union(*(person.applications or frozenset() for person in people))


def _people(request: Request) -> WantedPeople:
    options = request.options
    people = addresses(options)
    role, roles = options["role"], options["applications"]
    if options["state"] == "absent":
        if role is not None or roles is not None:
            raise BadInput(
                "state: absent takes neither role nor applications",
                advice="Leave them out to remove people from the tenant. To take a role in an application away, "
                "set state: present and the application to none.",
            )
        return _named(request, people, DeclaredAccess(), None)
    wanted, managed = _roles(roles or {})
    parts = frozenset({PEOPLE}) | managed | ({ADMINISTRATORS} if role is not None else frozenset())
    found = tuple(Person(address, wanted) for address in people)
    declared = DeclaredAccess(administrators=found) if role == ADMINISTRATOR else DeclaredAccess(users=found)
    return _named(request, people, declared, parts)


def _roles(given: Mapping[str, object]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the parts that are wanted, and all parts of the applications that are named."""
    known = (*APPLICATION_ROLES, NO_ROLE)
    problems = [f"applications: {name!r} {text}" for name in given if (text := application_problem(name))]
    problems += [
        f"applications: {name}: {role!r} is none of {', '.join(known)}"
        for name, role in given.items()
        if role not in known
    ]
    if problems:
        raise BadInput("; ".join(problems), advice="Correct the task's options. Nothing was sent.")
    wanted = application_parts({name: str(role) for name, role in given.items() if role != NO_ROLE})
    return wanted, frozenset(given) | {administered(name) for name in given}


def _named(request: Request, people: list[str], declared: DeclaredAccess, parts: frozenset[str] | None) -> WantedPeople:
    how = options_for(request.options, people, parts, request.options["tenant"])
    return WantedPeople(
        declared,
        how,
        lambda: TenantPeople.of(request, how.dotless_domains, parts_of(declared), parts or frozenset()),
    )
