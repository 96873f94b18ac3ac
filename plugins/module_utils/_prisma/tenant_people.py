# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The people of a PRISMA Home tenant by the names of the manual: roles in the portal and per application.

Source: domain.md, "PRISMA Home: people". Knows no page and no path.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from .._decide.access.model import AccessState, ListReading, ListRow, PlanStep
from .._decide.access.rules import AccessRules
from .._decide.access.tenant_rules import (
    ACTIVE,
    APPLICATION_ROLES,
    EMPLOYEE,
    NO_ROLE,
    PEOPLE,
    PORTAL_ROLES,
    STATES,
    administered,
    application_problem,
    applications_in,
    lists_of_person,
    tenant_rules,
)
from .._decide.identity import canonical, is_dotless
from .._web.errors import BadInput, GuardrailRefused, SignInRefused, UnexpectedPage, Unsupported
from .._web.profile.profile import words_of
from .._web.session.proof import Proof
from .._web.session.reading import Reading as Rows
from .._web.session.session import Session
from .directory import check_same_account, one_line, reading_of, settled
from .task import Request
from .tenant import Tenant

OTHERS = "*"
"""The id of an entry by which a row accounts for all applications that it does not list: nobody has a role there."""


class TenantPeople:
    """The people of one tenant, as one account sees them.

    ``wanted``: parts of applications that somebody is declared for; ``managed``: others whose names are known.
    """

    def __init__(
        self,
        session: Session,
        tenant: str,
        dotless_domains: Iterable[str],
        wanted: frozenset[str] = frozenset(),
        managed: frozenset[str] = frozenset(),
    ) -> None:
        self._session = session
        self._tenant = tenant
        self._dotless = tuple(dotless_domains)
        self._wanted = wanted
        self._named = applications_in(wanted | managed)
        self._account: dict[str, t.Any] = {}
        session.proof = Proof("whoami", self.prove, frozenset({"tenant", "role"}))
        self._offered: set[str] | None = None
        self._roles: dict[str, bool] | None = None
        self._shown: set[str] = set()

    @classmethod
    def of(
        cls,
        request: Request,
        dotless_domains: Iterable[str],
        wanted: frozenset[str] = frozenset(),
        managed: frozenset[str] = frozenset(),
    ) -> TenantPeople:
        """Return the people of the tenant that the options of ``request`` mean. No request is sent yet."""
        tenant = Tenant.of(request)
        tenant.session.verify_at_end = True
        return cls(tenant.session, str(request.options["tenant"]), dotless_domains, wanted, managed)

    @property
    def session(self) -> Session:
        """The session of the account."""
        return self._session

    def state(self) -> AccessState:
        """Read the account and all people. A list that cannot be proven whole is marked as not complete."""
        if not self._account:
            self.prove()
        reading, applications = self._people()
        if self._offered is None:
            self._offered = self._applications(applications if reading.complete else self._named)
        self.prove()
        return AccessState(
            name=str(self._account["tenant"]),
            name_proven=True,
            readings={PEOPLE: reading},
            account=one_line(self._account.get("account")),
            operations=frozenset(self._session.profile.writes),
            rules=tenant_rules({*applications, *self._named, *self._offered}),
            words={
                (operation, name): words
                for operation, write in self._session.profile.writes.items()
                for name, words in words_of(write.steps).items()
            },
        )

    def prove(self) -> None:
        """Read the account again: a person can change that of a browser session, and the guardrails depend on it."""
        found = dict(self._session.read("whoami").values)
        if found["tenant"] != self._tenant:
            raise GuardrailRefused(
                f"the account belongs to the tenant {found['tenant']!r}, declared is {self._tenant!r}",
                advice="Correct the tenant or the account.",
            )
        check_same_account(found, self._account)
        self._account = found

    def _people(self) -> tuple[ListReading, set[str]]:
        """Return all people, and the applications that any of them has a role in."""
        try:
            found = self._session.read("people")
            rows = self._rows(found)
        except (UnexpectedPage, Unsupported) as error:
            return ListReading(problem=str(error)), set()
        held = applications_in(name for row in rows for name in row.lists)
        return reading_of(rows, found.pages, found.total, self._dotless), held

    def _rows(self, found: Rows) -> list[ListRow]:
        """Return each row as the lists that it puts a person on.

        Raises unless each accounts for all applications: those that the tenant offers (or, if that is not known, that
        are named) and those of other rows. What was not read is not "no role".
        """
        roles = [_roles_in(row) for row in found.rows]
        self._shown |= {name for each in roles for name, _role in each} - {OTHERS}
        needed = self._shown | (set(self._roles_offered()) if self._reads_applications else self._named)
        for row, each in zip(found.rows, roles, strict=True):
            there = {name for name, _role in each}
            if OTHERS not in there and (lacking := sorted(needed - there)):
                raise UnexpectedPage(_not_shown(row, ", ".join(lacking)))
        return [_list_row(row, each) for row, each in zip(found.rows, roles, strict=True)]

    @property
    def _reads_applications(self) -> bool:
        return self._session.can("read", "applications")

    def _roles_offered(self) -> Mapping[str, bool]:
        """Return the applications of the tenant, read once, and whether each has administrators."""
        if self._roles is None:
            rows = self._session.read("applications").rows
            self._roles = {str(row["id"]): bool(row.get("administrator", True)) for row in rows}
        return self._roles

    def _applications(self, shown: Collection[str]) -> set[str]:
        """Return the applications of the tenant, if the profile reads them; refuse what it does not have.

        A role can be taken away in an application that only people are ``shown`` to have.
        """
        if not self._reads_applications:
            return set()
        roles = self._roles_offered()
        offered = {*roles, *(administered(name) for name, has_administrators in roles.items() if has_administrators)}
        unknown = sorted((self._wanted | self._named.difference(shown)) - offered)
        if unknown:
            raise BadInput(
                f"the tenant has no {', '.join(unknown)}; it has {', '.join(sorted(offered))}",
                advice="Correct the applications and the roles in them. Nothing was changed.",
            )
        return {name for name in offered if not application_problem(name)}

    def read(self, lists: Collection[str]) -> Mapping[str, ListReading]:
        """Read all people, and prove after it whose they are: one list shows all roles."""
        found = self._people()[0]
        self.prove()
        return {PEOPLE: found}

    def lists_of(self, person: str, among: Sequence[str]) -> dict[str, str]:
        """Return those of the lists on which a person is now, with the address that is shown.

        The person is looked up, where the profile can search for people.

        A search is for a text. Where one person has several spellings, it may miss the one that the tenant has: that
        it drops the dots of Google addresses is known of sites only.
        """
        if not among:
            return {}
        searches = self.can_look_up(person, among)
        found = self._session.read("find_person", person=person) if searches else self._session.read("people")
        there = self._lists_in(found, person)
        return {name: there[name] for name in among if name in there}

    def can_look_up(self, person: str, among: Sequence[str]) -> bool:
        """Return whether the profile can search for a person, who has one spelling only."""
        dotless = is_dotless(person.rpartition("@")[2], self._dotless)
        return self._session.can("read", "find_person") and not dotless

    def carry_out(self, step: PlanStep, check_others: Callable[[], None]) -> str | None:
        """Send one request; return the tenant's answer. Where it was lost, the person is looked up."""
        if one_line(self._account.get("role")) == EMPLOYEE:
            raise SignInRefused(
                "the account is an Employee of the tenant, which may read people and not change them",
                advice="Sign in as an administrator of the tenant.",
            )
        rules = tenant_rules(applications_in(step.effects))
        given, _found = self._session.write(
            step.operation,
            lambda found: settled(
                self._session, _is_done(step, set(self._lists_in(found, step.person)), rules), check_others
            ),
            address=step.address,
            person=step.person,
            **step.inputs,
        )
        return one_line(given.get("message"))

    def _lists_in(self, found: Rows, person: str) -> dict[str, str]:
        own = [row for row in self._rows(found) if canonical(row.address, self._dotless) == person]
        return {name: row.address for row in own for name in row.lists}


def _is_done(step: PlanStep, there: set[str], rules: AccessRules) -> bool:
    """Whether the effects of a step are there: pending or active does not matter."""
    had = {rules.part_of[name] for name in there if name in rules.part_of}
    return all((rules.part_of[name] in had) == (effect == "added") for name, effect in step.effects.items())


def _roles_in(row: Mapping[str, t.Any]) -> list[tuple[str, str]]:
    """Return the applications of a row with the role in each, which may be none. Raises for any other value."""
    found, roles = row.get("applications"), []
    if not isinstance(found, (list, tuple)) or not all(isinstance(each, Mapping) for each in found):
        raise UnexpectedPage(f"{row['address']!r} has the applications {found!r}, which are no list of roles")
    for each in found:
        name, role = each.get("id"), each.get("role")
        known = (NO_ROLE,) if name == OTHERS else (*APPLICATION_ROLES, NO_ROLE)
        if name != OTHERS and (text := application_problem(name)):
            raise UnexpectedPage(f"the application {name!r} of {row['address']!r} {text}")
        if role is None:
            raise UnexpectedPage(_not_shown(row, name))
        if role not in known:
            raise UnexpectedPage(
                f"{row['address']!r} has the role {role!r} in {name}, which is none of {', '.join(known)}"
            )
        roles.append((name, role))
    return roles


def _not_shown(row: Mapping[str, t.Any], applications: str) -> str:
    return (
        f"the row of {row['address']!r} does not show which role it has in {applications}: the list may have another "
        f"column for it than the profile. A profile says {NO_ROLE!r} where there is no role"
    )


def _list_row(row: Mapping[str, t.Any], roles: Iterable[tuple[str, str]]) -> ListRow:
    """Return a row as the lists that it puts a person on. Raises for a role or a state that nobody knows."""
    for name, known in (("role", PORTAL_ROLES), ("state", STATES)):
        if row[name] not in known:
            raise UnexpectedPage(
                f"{row['address']!r} has the {name} {row[name]!r}, which is none of {', '.join(known)}"
            )
    held = [(name, role) for name, role in roles if role != NO_ROLE]
    lists = lists_of_person(str(row["role"]), active=row["state"] == ACTIVE, roles=held)
    return ListRow(str(row["address"]), one_line(row.get("since")), lists)
