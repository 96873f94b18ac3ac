# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the modules cloud_user, cloud_admin and cloud_access: from options to what a site's people should be."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import replace

from .._decide.access.declared import parse_declared
from .._decide.access.model import (
    APPLICATIONS,
    LIMITS,
    AccessList,
    DeclaredAccess,
    Guardrails,
    Mode,
    Person,
    PlanOptions,
    Scope,
    limit_problem,
)
from .._decide.access.status import SiteOutcome
from .._decide.identity import Spelling, address_problem, canonical, doubles, pattern_problem
from .._web.errors import BadInput
from .site_people import WantedPeople, reconcile
from .task import Request

Options = Mapping[str, t.Any]


def run_user(request: Request) -> None:
    """Keep people as users of exactly the applications given, or out of them."""
    _carry_out(request, _users)


def run_admin(request: Request) -> None:
    """Keep people as administrators, or not."""
    _carry_out(request, _administrators)


def run_access(request: Request) -> None:
    """Keep all lists of a site as declared."""
    _carry_out(request, _access)


def _carry_out(request: Request, wanted: Callable[[Request], WantedPeople]) -> None:
    try:
        asked = wanted(request)
    except BadInput:
        request.result.values["outcome"] = SiteOutcome.BAD_INPUT.value
        raise
    reconcile(request, asked)


def _users(request: Request) -> WantedPeople:
    options = request.options
    people = _people(options)
    applications = frozenset(AccessList(name) for name in options["applications"])
    if not applications:
        raise BadInput("applications is empty", advice="To remove people from all applications, set state: absent.")
    if options["state"] == "absent":
        return _named(request, people, DeclaredAccess(), applications)
    declared = DeclaredAccess(users=tuple(Person(address, applications) for address in people))
    return _named(request, people, declared, APPLICATIONS)


def _administrators(request: Request) -> WantedPeople:
    options = request.options
    people = _people(options)
    given = options["applications"]
    applications = None if given is None else frozenset(AccessList(name) for name in given)
    administrators = frozenset({AccessList.ADMINISTRATORS})
    if options["state"] == "absent":
        return _named(request, people, DeclaredAccess(), administrators | (applications or frozenset()))
    declared = DeclaredAccess(administrators=tuple(Person(address, applications) for address in people))
    return _named(request, people, declared, administrators if applications is None else frozenset(AccessList))


def _people(options: Options) -> list[str]:
    """Return the addresses, each checked, before any request is sent."""
    people = [str(address).strip() for address in options["people"]]
    if not people:
        raise BadInput("people is empty", advice="Name at least one person.")
    problems = [f"{address!r} {problem}" for address in people if (problem := address_problem(address))]
    problems += [
        f"{one.address!r} and {other.address!r} are one person"
        for one, other in doubles([Spelling(address) for address in people], options["dotless_domains"])
    ]
    problems += _guardrail_problems(options)
    if problems:
        raise BadInput("; ".join(problems), advice="Correct the task's options. Nothing was sent.")
    return people


def _guardrail_problems(options: Options) -> list[str]:
    checks = {"protected": pattern_problem, "required_admins": address_problem}
    found = [
        f"{name}: {text!r} {problem}"
        for name, check in checks.items()
        for text in options[name]
        if (problem := check(text))
    ]
    return found + [
        f"{name}: {options[name]!r} {problem}" for name in LIMITS if (problem := limit_problem(name, options[name]))
    ]


def _named(request: Request, people: list[str], declared: DeclaredAccess, parts: frozenset[AccessList]) -> WantedPeople:
    options = request.options
    domains = tuple(options["dotless_domains"])
    scope = Scope(frozenset(canonical(address, domains) for address in people), parts)
    guardrails = Guardrails(
        max_removals=options["max_removals"],
        max_removal_percent=options["max_removal_percent"],
        min_admins=options["min_admins"],
        required_admins=tuple(options["required_admins"]),
        protected=tuple(options["protected"]),
    )
    how = PlanOptions(
        mode=Mode.AUTHORITATIVE,
        scope=scope,
        guardrails=guardrails,
        dotless_domains=domains,
        site=options["site"] or None,
    )
    return WantedPeople(declared, how)


def _access(request: Request) -> WantedPeople:
    options = request.options
    if options["declared"] is None:  # what the action reads on the control node
        raise BadInput(
            "declared is not given, and the module itself reads no file",
            advice="Run the task through Ansible, where the action plugin of the same name reads the file.",
        )
    parsed = parse_declared(options["declared"], None, "declared")
    if parsed.problems:
        raise BadInput("; ".join(parsed.problems), advice="Correct what is declared. Nothing was sent.")
    request.result.warnings += parsed.warnings
    how = replace(parsed.options, plan_sha256=_digest(options["plan_sha256"]))
    if options["mode"]:
        how = replace(how, mode=Mode(options["mode"]))
    if parsed.site and options["site"] and parsed.site.casefold() != options["site"].casefold():
        raise BadInput(f"site is {options['site']!r}, but declared is the site {parsed.site!r}")
    how = replace(how, site=options["site"] or how.site)
    return WantedPeople(parsed.declared, how, options["plan_file"], options["markdown_file"])


def _digest(given: str | None) -> str | None:
    """Return the digest of the reviewed plan. Given but blank is a mistake: nothing would be compared with it."""
    if given is None:
        return None
    digest = given.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise BadInput(
            f"plan_sha256 is {given!r}, which is no SHA-256 (64 hexadecimal digits)",
            advice="Give plan_sha256 of the run in check mode that was reviewed, or leave the option out.",
        )
    return digest
