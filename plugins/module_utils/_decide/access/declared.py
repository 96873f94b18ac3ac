# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared people as data (from a file or from options), and the dump of a site or a tenant as such data. Pure.

All mistakes that can be found before any request are reported together, each with its line. The schema
plugins/data/access.schema.json has the same rules for editors; a test compares the two.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..identity import DOTLESS_DOMAINS, Spelling, address_problem, domain_problem, doubles, pattern_problem
from .model import AccessState, DeclaredAccess, Guardrails, Mode, Person, PlanOptions, limit_problem
from .rules import ADDED_WITH_ADMINISTRATOR, ADDED_WITH_USER, APPLICATIONS, PEOPLE, AccessList, Cloud
from .state import Presence, presence_of
from .tenant_rules import (
    ADMINISTRATOR,
    APPLICATION_ROLES,
    EMPLOYEE,
    PORTAL_ROLES,
    USER,
    administered,
    application_parts,
    application_problem,
)

Path: t.TypeAlias = "tuple[str | int, ...]"
LISTS = {Cloud.SITE: ("administrators", "users"), Cloud.TENANT: ("people",)}
"""The lists that must be declared, be they empty."""
KEYS = {
    cloud: ("schema", str(cloud), "mode", *lists, "guardrails", "dotless_domains") for cloud, lists in LISTS.items()
}
PERSON_KEYS = {
    Cloud.SITE: ("email", "applications", "note"),
    Cloud.TENANT: ("email", "role", "applications", "note"),
}
GUARDRAIL_KEYS = ("allow_empty", "max_removals", "max_removal_percent", "min_admins", "required_admins", "protected")
SHOWN_NAMES = tuple(str(part) for part in AccessList if part in APPLICATIONS)


@dataclass(frozen=True)
class ParsedFile:
    """What is declared. ``problems``: all that is wrong, each as ``file:line: key: text``; nothing else counts then.

    ``mode`` is None where the file names none (``options`` has audit then); ``name``, of the site or tenant, likewise.
    """

    problems: tuple[str, ...]
    declared: DeclaredAccess
    options: PlanOptions
    mode: Mode | None
    name: str | None


def cloud_of(data: t.Any) -> Cloud:
    """Return whether ``data`` declares the people of a tenant or, as long as nothing says so, of a site."""
    is_tenant = isinstance(data, Mapping) and (str(Cloud.TENANT) in data or "people" in data)
    return Cloud.TENANT if is_tenant else Cloud.SITE


def parse_declared(
    data: t.Any,
    where: Callable[[Path], int | None] | None = None,
    file: str = "the declared people",
    cloud: Cloud | None = None,
) -> ParsedFile:
    """Return what ``data`` declares. ``where`` gives the line of a path such as ``("users", 3, "email")``.

    ``cloud``: what the caller can use; None takes both.
    """
    found = cloud_of(data)
    reader = _DeclaredReader(where or (lambda path: None), file, found)
    lists = LISTS[found]
    if cloud is not None and found is not cloud:
        module = "cloud_access" if found is Cloud.SITE else "home_access"
        reader.problem(
            (),
            f"declares the people of a {found}, and not of a {cloud}: use {module} (role and playbooks: set "
            f"cloud_access_target: {found})",
        )
    if not isinstance(data, Mapping):
        reader.problem((), f"is not a mapping with {' and '.join(LISTS[cloud or found])}")
        data = {}
    else:
        reader.keys((), data, KEYS[found])
        for key in lists:
            if key not in data:
                reader.problem((), f"{key} is missing; write {key}: [] for an empty list")
    if data.get("schema", 1) != 1 or isinstance(data.get("schema"), bool):
        reader.problem(("schema",), "this release knows schema 1 only")
    name = data.get(found)
    if found in data and not (isinstance(name, str) and name.strip()):
        reader.problem((str(found),), f"is not the name of a {found}")
        name = None
    if found is Cloud.TENANT:
        administrators, users = reader.tenant_people(data)
    else:
        administrators = reader.people("administrators", data, ADDED_WITH_ADMINISTRATOR)
        users = reader.people("users", data, ADDED_WITH_USER)
    mode = reader.mode(data)
    domains = reader.domains(data)
    guardrails = reader.guardrails(data)
    if found is Cloud.TENANT:
        reader.doubles({"people": sorted((*administrators, *users), key=_line)}, domains)
    else:
        reader.doubles({"administrators": administrators, "users": users}, domains)
    options = PlanOptions(
        mode=mode or Mode.AUDIT,
        guardrails=guardrails,
        dotless_domains=domains,
        name=None if name is None else str(name).strip(),
    )
    declared = DeclaredAccess(tuple(administrators), tuple(users))
    return ParsedFile(tuple(reader.problems), declared, options, mode, options.name)


def _line(person: Person) -> int:
    return person.line or 0


def as_declared(state: AccessState, dotless_domains: Iterable[str] = DOTLESS_DOMAINS) -> dict[str, t.Any]:
    """Return the people as a first declared file: valid for :func:`parse_declared`; a plan has nothing to do.

    The caller must have looked at ``reading_problems(state)``. Everybody's applications are written out. The mode is
    audit, so that the dump alone changes nothing. A name that was not read is left out. Other ``dotless_domains`` than
    the usual ones are part of it: with those of the file, it must be the same people.
    """
    domains = tuple(dotless_domains)
    presence = presence_of(state, domains)
    name = {str(state.rules.cloud): state.name} if state.name_proven else {}
    others = {} if sorted(domains) == sorted(DOTLESS_DOMAINS) else {"dotless_domains": sorted(domains)}
    head = {**name, "mode": str(Mode.AUDIT), **others}
    if state.rules.cloud is Cloud.TENANT:
        return {**head, "people": _tenant_people(state, presence)}
    administrators: list[dict[str, t.Any]] = []
    users: list[dict[str, t.Any]] = []
    for _person, there in sorted(presence.items()):
        had = {state.rules.part_of[name] for name in there}
        applications = [str(part) for part in AccessList if part in APPLICATIONS & had]
        row = there[next(name for name in state.rules.readings if name in there)][0]
        is_administrator = AccessList.ADMINISTRATORS in had
        if is_administrator:
            administrators.append({"email": row.address, "applications": applications})
        if not is_administrator or PEOPLE in had:  # a user of a site that has one list of all users
            has_applications = not APPLICATIONS.isdisjoint(state.rules.names)
            users.append({"email": row.address, **({"applications": applications} if has_applications else {})})
    return {**head, "administrators": administrators, "users": users}


def _tenant_people(state: AccessState, presence: Presence) -> list[dict[str, t.Any]]:
    rules = state.rules
    people = []
    for _person, there in sorted(presence.items()):
        had = {rules.part_of[name] for name in there}
        names = [name for name in rules.names if name in had & rules.applications and administered(name) in rules.names]
        people.append(
            {
                "email": next(iter(there.values()))[0].address,
                "role": ADMINISTRATOR if rules.administrators in had else EMPLOYEE,
                "applications": {name: ADMINISTRATOR if administered(name) in had else USER for name in names},
            }
        )
    return people


class _DeclaredReader:
    """Collects the problems of one file while its parts are read. What is wrong is left out of the result."""

    def __init__(self, where: Callable[[Path], int | None], file: str, cloud: Cloud) -> None:
        self._where = where
        self._file = file
        self._cloud = cloud
        self.problems: list[str] = []

    def problem(self, path: Path, text: str) -> None:
        """Note a problem, with its line where that is known."""
        line = self._where(path)
        place = self._file if line is None else f"{self._file}:{line}"
        key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        self.problems.append(f"{place}: {key}: {text}" if key else f"{place}: {text}")

    def keys(self, path: Path, data: Mapping[t.Any, t.Any], known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                self.problem((*path, str(key)), f"is unknown here; known are {', '.join(known)}")

    def people(self, name: str, data: Mapping[str, t.Any], usual: frozenset[str]) -> list[Person]:
        entries = self._entries(name, data)
        found = [self._person((name, number), entry, usual) for number, entry in enumerate(entries)]
        return [person for person in found if person is not None]

    def tenant_people(self, data: Mapping[str, t.Any]) -> tuple[list[Person], list[Person]]:
        """Return those who are declared as administrators of the tenant, and the others."""
        administrators: list[Person] = []
        employees: list[Person] = []
        for number, entry in enumerate(self._entries("people", data)):
            path = ("people", number)
            role = entry.get("role", EMPLOYEE) if isinstance(entry, Mapping) else EMPLOYEE
            if role not in PORTAL_ROLES:
                self.problem((*path, "role"), f"{role!r} is none of {', '.join(PORTAL_ROLES)}")
            person = self._person(path, entry, None)
            if person is not None:
                (administrators if role == ADMINISTRATOR else employees).append(person)
        return administrators, employees

    def _entries(self, name: str, data: Mapping[str, t.Any]) -> list[t.Any]:
        entries = data.get(name, [])
        if not isinstance(entries, list):
            self.problem((name,), "is not a list; write [] for an empty list")
            return []
        return entries

    def _person(self, path: Path, entry: t.Any, usual: frozenset[str] | None) -> Person | None:
        if isinstance(entry, str):
            entry = {"email": entry}
        if not isinstance(entry, Mapping):
            self.problem(path, "is neither an address nor a mapping with email")
            return None
        self.keys(path, entry, PERSON_KEYS[self._cloud])
        if "email" not in entry:
            self.problem(path, "has no email")
            return None
        if not isinstance(entry.get("note", ""), str):
            self.problem((*path, "note"), "is not a text")
        given = self._roles if self._cloud is Cloud.TENANT else self._applications
        explicit = "applications" in entry
        applications = given((*path, "applications"), entry["applications"]) if explicit else usual
        if not self._address((*path, "email"), entry["email"]):
            return None
        line = self._where((*path, "email"))
        return Person(str(entry["email"]), applications, line, usual=usual is not None and not explicit)

    def _address(self, path: Path, address: t.Any) -> bool:
        text = address_problem(address)
        if text:
            self.problem(path, f"{address!r} {text}" if isinstance(address, str) else text)
        return not text

    def _applications(self, path: Path, names: t.Any) -> frozenset[str]:
        if not isinstance(names, list):
            self.problem(path, f"is not a list of {', '.join(SHOWN_NAMES)}")
            return frozenset()
        for number, name in enumerate(names):
            if name not in SHOWN_NAMES:
                self.problem((*path, number), f"{name!r} is none of {', '.join(SHOWN_NAMES)}")
            elif name in names[:number]:
                self.problem((*path, number), f"{name!r} occurs twice")
        return frozenset(AccessList(name) for name in names if name in SHOWN_NAMES)

    def _roles(self, path: Path, given: t.Any) -> frozenset[str]:
        if not isinstance(given, Mapping):
            self.problem(path, f"is not a mapping of applications to {' or '.join(APPLICATION_ROLES)}")
            return frozenset()
        for name, role in given.items():
            if text := application_problem(name):
                self.problem((*path, str(name)), text)
            elif role not in APPLICATION_ROLES:
                self.problem((*path, name), f"{role!r} is none of {', '.join(APPLICATION_ROLES)}")
        return application_parts({name: role for name, role in given.items() if not application_problem(name)})

    def mode(self, data: Mapping[str, t.Any]) -> Mode | None:
        if "mode" not in data:
            return None
        given = data["mode"]
        if given not in [str(mode) for mode in Mode]:
            self.problem(("mode",), f"{given!r} is none of {', '.join(Mode)}")
            return None
        return Mode(str(given))

    def domains(self, data: Mapping[str, t.Any]) -> tuple[str, ...]:
        names = self._texts(("dotless_domains",), data, list(DOTLESS_DOMAINS), domain_problem)
        return tuple(sorted({name.lower() for name in names}))

    def guardrails(self, data: Mapping[str, t.Any]) -> Guardrails:
        if "guardrails" not in data:
            return Guardrails()
        given = data["guardrails"]
        if not isinstance(given, Mapping):
            self.problem(("guardrails",), f"is not a mapping of {', '.join(GUARDRAIL_KEYS)}")
            return Guardrails()
        self.keys(("guardrails",), given, GUARDRAIL_KEYS)
        usual = Guardrails()
        allow_empty = given.get("allow_empty", usual.allow_empty)
        if not isinstance(allow_empty, bool):
            self.problem(("guardrails", "allow_empty"), "is neither true nor false")
        return Guardrails(
            allow_empty=allow_empty is True,
            max_removals=int(self._number(given, "max_removals", usual.max_removals)),
            max_removal_percent=float(self._number(given, "max_removal_percent", usual.max_removal_percent)),
            min_admins=int(self._number(given, "min_admins", usual.min_admins)),
            required_admins=tuple(self._texts(("guardrails", "required_admins"), given, [], address_problem)),
            protected=tuple(self._texts(("guardrails", "protected"), given, [], pattern_problem)),
        )

    def _number(self, given: Mapping[str, t.Any], name: str, usual: float) -> float:
        value: float = given.get(name, usual)
        problem = limit_problem(name, value)
        if problem:
            self.problem(("guardrails", name), problem)
        return usual if problem else value

    def _texts(
        self, path: Path, data: Mapping[str, t.Any], usual: list[str], problem: Callable[[t.Any], str]
    ) -> list[str]:
        values = data.get(str(path[-1]), usual)
        if not isinstance(values, list):
            self.problem(path, "is not a list")
            return usual
        good = []
        for number, value in enumerate(values):
            text = problem(value)
            if text:
                self.problem((*path, number), f"{value!r} {text}")
            else:
                good.append(str(value))
        return good

    def doubles(self, named: Mapping[str, list[Person]], domains: tuple[str, ...]) -> None:
        spellings = [
            Spelling(person.address, person.line, place) for place, people in named.items() for person in people
        ]
        for first, later in doubles(spellings, domains):
            text = "is declared twice" if first.address == later.address else "are one person"
            both = later.address if first.address == later.address else f"{first.address} and {later.address}"
            self.problems.append(f"{self._place(first)} and {self._place(later)}: {both} {text}")

    def _place(self, spelling: Spelling) -> str:
        line = "" if spelling.line is None else f":{spelling.line}"
        return f"{self._file}{line} ({spelling.place})"
