# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The people of PRISMA Home: invitations, roles in the portal and per application. Has no pages and no sessions.

Unless a comment names another heading, every rule is in domain.md, "PRISMA Home: people". Where the manuals say
nothing [?], that is said here, and is the least surprising behaviour.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.fleet import APPLICATIONS, TenantSpec
from simulator.site_rules import ADDRESS, NotDone, stored

EMPLOYEE, ADMINISTRATOR = "employee", "administrator"
PORTAL_ROLES = (EMPLOYEE, ADMINISTRATOR)
USER, NONE = "user", "none"
WITH_SETTINGS = frozenset({"prismalytics-accounting", "prismacolor-manager", "remote-match"})
"""An application that has settings offers Administrator too [F]; which ones those are is not public [?]."""
PENDING, ACTIVE = "pending", "active"

SCHEMA = """
pragma journal_mode = wal; pragma synchronous = off;
create table if not exists people (
  tenant text not null, email text not null unique, name text not null, role text not null, state text not null,
  since real not null, primary key (tenant, email)) without rowid;
create table if not exists roles (
  email text not null, application text not null, role text not null, primary key (email, application)) without rowid;
"""


class UnknownPerson(NotDone):
    """The tenant has no such person."""


def roles_of(application: str) -> tuple[str, ...]:
    """Return the roles that an application offers, the lowest first."""
    return (USER, ADMINISTRATOR) if application in WITH_SETTINGS else (USER,)


@dataclass(frozen=True)
class TenantPerson:
    """One row of [List of users]. `applications`: role by application; one without a role is left out."""

    tenant: str
    email: str
    name: str
    role: str
    state: str
    since: float
    applications: dict[str, str] = field(default_factory=dict)


class PeopleStore:
    """Keeps the people of all tenants in SQLite. Commits every change. Contains no rules."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        self._database.close()

    def person(self, email: str) -> TenantPerson | None:
        return next(self._found("email = ?", email), None)

    def tenants(self) -> list[str]:
        return [row[0] for row in self._database.execute("select distinct tenant from people order by tenant")]

    def page(self, tenant: str, *, part: str = "", offset: int = 0, limit: int = -1) -> list[TenantPerson]:
        """Return people in the order of their addresses; `part`: only those whose address contains it."""
        where = "tenant = ? and instr(email, ?) > 0 order by email limit ? offset ?"
        return list(self._found(where, tenant, part, limit, offset))

    def count(self, tenant: str, part: str = "") -> int:
        return self._number("tenant = ? and instr(email, ?) > 0", tenant, part)

    def active_administrators(self, tenant: str) -> int:
        return self._number("tenant = ? and role = ? and state = ?", tenant, ADMINISTRATOR, ACTIVE)

    def keep(self, people: Iterable[TenantPerson]) -> None:
        """Add people, or replace what is known of them, in one transaction."""
        self._database.execute("begin")
        for person in people:
            values = (person.tenant, person.email, person.name, person.role, person.state, person.since)
            self._database.execute("insert or replace into people values (?, ?, ?, ?, ?, ?)", values)
            self._database.execute("delete from roles where email = ?", (person.email,))
            self._database.executemany(
                "insert into roles values (?, ?, ?)",
                ((person.email, application, role) for application, role in person.applications.items()),
            )
        self._database.execute("commit")

    def drop(self, email: str) -> None:
        self._database.execute("delete from roles where email = ?", (email,))
        self._database.execute("delete from people where email = ?", (email,))

    def _found(self, where: str, *values: Any) -> Iterator[TenantPerson]:
        rows = self._database.execute(
            f"select tenant, email, name, role, state, since from people where {where}", values
        ).fetchall()
        for row in rows:
            roles = self._database.execute(
                "select application, role from roles where email = ? order by application", (row[1],)
            )
            tenant, email, name, role, state, since = row
            yield TenantPerson(tenant, email, name, role, state, since, dict(roles))

    def _number(self, where: str, *values: Any) -> int:
        return int(self._database.execute(f"select count(*) from people where {where}", values).fetchone()[0])


@dataclass
class HomePeople:
    """The rules. `audit` takes tenant, actor, change, before and after. Every change returns the page's message."""

    store: PeopleStore
    now: Callable[[], float]
    audit: Callable[[str, str, str, Any, Any], None]

    def invite(self, tenant: str, actor: str, address: str, role: str, name: str = "") -> str:
        """Invite a person with a role in the portal. It is pending until the first sign-in.

        Inviting a person who is there already changes nothing [?]. As with sites, a person is in one tenant only [?].
        """
        email = stored(address)
        if not ADDRESS.fullmatch(email):
            raise NotDone("This is not an e-mail address.")
        self._refuse_unless(role, PORTAL_ROLES)
        known = self.store.person(email)
        if known is not None:
            if known.tenant != tenant:
                raise NotDone(f"{email} belongs to another tenant.")
            return f"{email} is already there."
        self._change(
            tenant, actor, "person_invited", None, TenantPerson(tenant, email, name, role, PENDING, self.now())
        )
        return f"{email} was invited."

    def set_role(self, tenant: str, actor: str, address: str, role: str) -> str:
        """Change a person's role in the portal. The last active administrator keeps it [I]."""
        person = self._person(tenant, address)
        self._refuse_unless(role, PORTAL_ROLES)
        if role != ADMINISTRATOR:
            self._refuse_the_last(person)
        self._change(tenant, actor, "person_role_changed", person, _with(person, role=role))
        return f"{person.email} is {role}."

    def set_application_role(self, tenant: str, actor: str, address: str, application: str, role: str) -> str:
        """Give a person a role in an application, or none. Somebody who is still pending can have one too [?]."""
        person = self._person(tenant, address)
        if application not in APPLICATIONS:
            raise NotDone("There is no such application.")
        self._refuse_unless(role, (*roles_of(application), NONE))
        roles = {name: each for name, each in person.applications.items() if name != application}
        if role != NONE:
            roles[application] = role
        self._change(tenant, actor, "application_role_changed", person, _with(person, applications=roles))
        return f"{person.email} has the role {role} in {APPLICATIONS[application]}."

    def remove(self, tenant: str, actor: str, address: str) -> str:
        """Remove a person from the tenant, with all roles. The last active administrator stays [I]."""
        person = self._person(tenant, address)
        self._refuse_the_last(person)
        self._change(tenant, actor, "person_removed", person, None)
        return f"{person.email} was removed."

    def first_sign_in(self, address: str) -> bool:
        """Make a pending person active. Return false if there is no such invitation."""
        person = self.store.person(stored(address))
        if person is None or person.state != PENDING:
            return False
        self._change(person.tenant, person.email, "first_sign_in", person, _with(person, state=ACTIVE))
        return True

    def can_open(self, address: str, application: str) -> bool:
        """Whether a person can open an application: only with a role in it, and not while pending."""
        person = self.store.person(stored(address))
        return person is not None and person.state == ACTIVE and application in person.applications

    def put(
        self,
        tenant: str,
        address: str,
        role: str = EMPLOYEE,
        state: str = ACTIVE,
        applications: Mapping[str, str] | None = None,
    ) -> None:
        """For tests: have a person exactly so, without any rule."""
        self.store.keep([TenantPerson(tenant, stored(address), "", role, state, self.now(), dict(applications or {}))])

    def lose_somebody(self) -> None:
        """For tests: have one employee of each tenant gone, without any rule and any audit."""
        for tenant in self.store.tenants():
            for person in self.store.page(tenant):
                if person.role == EMPLOYEE:
                    self.store.drop(person.email)
                    break

    def _person(self, tenant: str, address: str) -> TenantPerson:
        person = self.store.person(stored(address))
        if person is None or person.tenant != tenant:
            raise UnknownPerson(f"{stored(address)} is not a person of this tenant.")
        return person

    def _refuse_unless(self, role: str, known: tuple[str, ...]) -> None:
        if role not in known:
            raise NotDone(f"The role is none of {', '.join(known)}.")

    def _refuse_the_last(self, person: TenantPerson) -> None:
        is_one = person.role == ADMINISTRATOR and person.state == ACTIVE
        if is_one and self.store.active_administrators(person.tenant) == 1:
            raise NotDone("At least one administrator must remain.")

    def _change(
        self, tenant: str, actor: str, what: str, before: TenantPerson | None, after: TenantPerson | None
    ) -> None:
        if before == after:
            return
        if after is not None:
            self.store.keep([after])
        elif before is not None:
            self.store.drop(before.email)
        self.audit(tenant, actor, what, _shown(before), _shown(after))


def _with(person: TenantPerson, **changed: Any) -> TenantPerson:
    return TenantPerson(**{**vars(person), **changed})


def _shown(person: TenantPerson | None) -> dict[str, Any] | None:
    """Return a person for the audit."""
    if person is None:
        return None
    return {
        "person": person.email,
        "role": person.role,
        "state": person.state,
        "applications": dict(person.applications),
    }


def seed_home_people(store: PeopleStore, tenants: Iterable[TenantSpec], now: float) -> None:
    """Add the people of tenants that have none yet: those who are named, and those who are generated."""
    for spec in tenants:
        if store.count(spec.id):
            continue
        named = [
            TenantPerson(
                tenant=spec.id,
                email=stored(person.email),
                name=person.name,
                role=person.role.lower(),
                state=person.state,
                since=now,
                applications=dict(person.applications),
            )
            for person in spec.people
        ]
        store.keep([*named, *_generated(spec, now)])


def _generated(spec: TenantSpec, now: float) -> Iterator[TenantPerson]:
    for number in range(1, spec.generated_people + 1):
        roles = {"prismalytics-dashboard": USER}
        if number % 3 == 0:
            roles["prismalytics-accounting"] = ADMINISTRATOR if number % 6 == 0 else USER
        if number % 7 == 0:
            roles = {}
        yield TenantPerson(
            tenant=spec.id,
            email=f"person.{number:05}@{spec.id}.example.com",
            name=f"Person {number}",
            role=ADMINISTRATOR if number % 50 == 0 else EMPLOYEE,
            state=PENDING if number % 10 == 0 else ACTIVE,
            since=now,
            applications=roles,
        )
