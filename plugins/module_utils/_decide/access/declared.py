# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declared people of a site as data (from a file or from options), and the dump of a site as such data. Pure.

All mistakes that can be found before any request are reported together, each with its line. The schema
plugins/data/access.schema.json has the same rules for editors; a test compares the two.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..identity import DOTLESS_DOMAINS, Spelling, address_problem, doubles, pattern_problem
from .model import (
    ADDED_WITH_ADMINISTRATOR,
    ADDED_WITH_USER,
    APPLICATIONS,
    LISTS_OF,
    AccessList,
    DeclaredAccess,
    Guardrails,
    Mode,
    Person,
    PlanOptions,
    SiteList,
    SiteState,
    limit_problem,
)
from .state import presence_of

Path: t.TypeAlias = "tuple[str | int, ...]"
KEYS = ("schema", "site", "mode", "administrators", "users", "guardrails", "dotless_domains")
RENAMED = {"rails": "guardrails"}
"""Former names of keys, which are read until 1.0.0, with a warning."""
PERSON_KEYS = ("email", "applications", "note")
GUARDRAIL_KEYS = ("allow_empty", "max_removals", "max_removal_percent", "min_admins", "required_admins", "protected")
SHOWN_NAMES = tuple(str(part) for part in AccessList if part in APPLICATIONS)


@dataclass(frozen=True)
class ParsedFile:
    """What is declared. ``problems``: all that is wrong, each as ``file:line: key: text``; nothing else counts then.

    ``warnings``: what is read and should be written otherwise. ``mode`` is None where the file names none (``options``
    has audit then); ``site`` likewise.
    """

    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    declared: DeclaredAccess
    options: PlanOptions
    mode: Mode | None
    site: str | None


def parse_declared(
    data: t.Any, where: Callable[[Path], int | None] | None = None, file: str = "the declared people"
) -> ParsedFile:
    """Return what ``data`` declares. ``where`` gives the line of a path such as ``("users", 3, "email")``."""
    reader = _DeclaredReader(where or (lambda path: None), file)
    if not isinstance(data, Mapping):
        reader.problem((), "is not a mapping with administrators and users")
        data = {}
    else:
        data = reader.renamed(data)
        reader.keys((), data, KEYS)
        for key in ("administrators", "users"):
            if key not in data:
                reader.problem((), f"{key} is missing; write {key}: [] for an empty list")
    if data.get("schema", 1) != 1 or isinstance(data.get("schema"), bool):
        reader.problem(("schema",), "this release knows schema 1 only")
    site = data.get("site")
    if "site" in data and not (isinstance(site, str) and site.strip()):
        reader.problem(("site",), "is not the name of a site")
        site = None
    administrators = reader.people("administrators", data, ADDED_WITH_ADMINISTRATOR)
    users = reader.people("users", data, ADDED_WITH_USER)
    mode = reader.mode(data)
    domains = reader.domains(data)
    guardrails = reader.guardrails(data)
    reader.doubles(administrators, users, domains)
    options = PlanOptions(
        mode=mode or Mode.AUDIT,
        guardrails=guardrails,
        dotless_domains=domains,
        site=None if site is None else str(site).strip(),
    )
    declared = DeclaredAccess(tuple(administrators), tuple(users))
    return ParsedFile(tuple(reader.problems), tuple(reader.warnings), declared, options, mode, options.site)


def as_declared(state: SiteState, dotless_domains: Iterable[str] = DOTLESS_DOMAINS) -> dict[str, t.Any]:
    """Return the people of a site as a first declared file: valid for :func:`parse_declared`; a plan has nothing to do.

    The caller must have looked at ``reading_problems(state)``. Everybody's applications are written out. The mode is
    audit, so that the dump alone changes nothing.
    """
    administrators: list[dict[str, t.Any]] = []
    users: list[dict[str, t.Any]] = []
    for _person, there in sorted(presence_of(state, dotless_domains).items()):
        applications = [str(part) for part in AccessList if part in APPLICATIONS and set(LISTS_OF[part]) & set(there)]
        row = there[next(name for name in SiteList if name in there)][0]
        is_administrator = bool(set(LISTS_OF[AccessList.ADMINISTRATORS]) & set(there))
        (administrators if is_administrator else users).append({"email": row.address, "applications": applications})
    return {"site": state.site, "mode": str(Mode.AUDIT), "administrators": administrators, "users": users}


class _DeclaredReader:
    """Collects the problems of one file while its parts are read. What is wrong is left out of the result."""

    def __init__(self, where: Callable[[Path], int | None], file: str) -> None:
        self._where = where
        self._file = file
        self._old_names: dict[str, str] = {}
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def problem(self, path: Path, text: str) -> None:
        """Note a problem under the name that the file itself has for the key."""
        self.problems.append(self._at((self._old_names.get(str(path[0]), path[0]), *path[1:]) if path else path, text))

    def _at(self, path: Path, text: str) -> str:
        line = self._where(path)
        place = self._file if line is None else f"{self._file}:{line}"
        key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        return f"{place}: {key}: {text}" if key else f"{place}: {text}"

    def renamed(self, data: Mapping[t.Any, t.Any]) -> dict[t.Any, t.Any]:
        """Return ``data`` by the names of today."""
        found = dict(data)
        for old, new in RENAMED.items():
            if old not in found:
                continue
            if new in found:
                self.problem((old,), f"is the former name of {new}, which is given as well: keep {new} only")
                del found[old]
                continue
            self.warnings.append(self._at((old,), f"{old} is deprecated, use {new}; release 1.0.0 will ignore {old}"))
            self._old_names[new] = old
            found[new] = found.pop(old)
        return found

    def keys(self, path: Path, data: Mapping[t.Any, t.Any], known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                self.problem((*path, str(key)), f"is unknown here; known are {', '.join(known)}")

    def people(self, name: str, data: Mapping[str, t.Any], usual: frozenset[AccessList]) -> list[Person]:
        if name not in data:
            return []
        entries = data[name]
        if not isinstance(entries, list):
            self.problem((name,), "is not a list; write [] for an empty list")
            return []
        found = [self._person((name, number), entry, usual) for number, entry in enumerate(entries)]
        return [person for person in found if person is not None]

    def _person(self, path: Path, entry: t.Any, usual: frozenset[AccessList]) -> Person | None:
        if isinstance(entry, str):
            entry = {"email": entry}
        if not isinstance(entry, Mapping):
            self.problem(path, "is neither an address nor a mapping with email")
            return None
        self.keys(path, entry, PERSON_KEYS)
        if "email" not in entry:
            self.problem(path, "has no email")
            return None
        if not isinstance(entry.get("note", ""), str):
            self.problem((*path, "note"), "is not a text")
        applications = self._applications(path, entry, usual)
        if not self._address((*path, "email"), entry["email"]):
            return None
        return Person(str(entry["email"]), applications, self._where((*path, "email")))

    def _address(self, path: Path, address: t.Any) -> bool:
        text = address_problem(address)
        if text:
            self.problem(path, f"{address!r} {text}" if isinstance(address, str) else text)
        return not text

    def _applications(
        self, path: Path, entry: Mapping[str, t.Any], usual: frozenset[AccessList]
    ) -> frozenset[AccessList]:
        if "applications" not in entry:
            return usual
        names = entry["applications"]
        if not isinstance(names, list):
            self.problem((*path, "applications"), f"is not a list of {', '.join(SHOWN_NAMES)}")
            return usual
        for number, name in enumerate(names):
            if name not in SHOWN_NAMES:
                self.problem((*path, "applications", number), f"{name!r} is none of {', '.join(SHOWN_NAMES)}")
            elif name in names[:number]:
                self.problem((*path, "applications", number), f"{name!r} occurs twice")
        if not names and path[0] == "users":
            self.problem((*path, "applications"), "is empty: leave the person out instead")
        return frozenset(AccessList(name) for name in names if name in SHOWN_NAMES)

    def mode(self, data: Mapping[str, t.Any]) -> Mode | None:
        if "mode" not in data:
            return None
        given = data["mode"]
        if given not in [str(mode) for mode in Mode]:
            self.problem(("mode",), f"{given!r} is none of {', '.join(Mode)}")
            return None
        return Mode(str(given))

    def domains(self, data: Mapping[str, t.Any]) -> tuple[str, ...]:
        names = self._texts(("dotless_domains",), data, list(DOTLESS_DOMAINS), _domain_problem)
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

    def doubles(self, administrators: list[Person], users: list[Person], domains: tuple[str, ...]) -> None:
        named = (("administrators", administrators), ("users", users))
        spellings = [Spelling(person.address, person.line, place) for place, people in named for person in people]
        for first, later in doubles(spellings, domains):
            text = "is declared twice" if first.address == later.address else "are one person"
            both = later.address if first.address == later.address else f"{first.address} and {later.address}"
            self.problems.append(f"{self._place(first)} and {self._place(later)}: {both} {text}")

    def _place(self, spelling: Spelling) -> str:
        line = "" if spelling.line is None else f":{spelling.line}"
        return f"{self._file}{line} ({spelling.place})"


def _domain_problem(name: t.Any) -> str:
    return address_problem(f"x@{name}") if isinstance(name, str) else "is not a text"
