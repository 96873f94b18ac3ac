# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the modules cloud_user, cloud_admin and cloud_access: from options to what a site's people should be."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping
from dataclasses import replace

from .._decide.access.declared import parse_declared
from .._decide.access.model import APPLICATIONS, AccessList, DeclaredAccess, Mode, Person, PlanOptions, Rails, Scope
from .._decide.identity import Spelling, address_problem, canonical, doubles, pattern_problem
from .._web.errors import BadInput
from .site_people import Verdict, WantedPeople, reconcile
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
        request.result.values["verdict"] = Verdict.BAD_INPUT.value
        raise
    reconcile(request, asked)


def _users(request: Request) -> WantedPeople:
    options = request.options
    people = _people(options)
    applications = frozenset(AccessList(name) for name in options["applications"])
    if not applications:
        raise BadInput("applications is empty", advice="To have people on none, say state: absent.")
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
    problems += [
        f"protected: {text!r} {problem}" for text in options["protected"] if (problem := pattern_problem(text))
    ]
    problems += [
        f"required_admins: {text!r} {problem}"
        for text in options["required_admins"]
        if (problem := address_problem(text))
    ]
    if problems:
        raise BadInput("; ".join(problems), advice="Correct the addresses. Nothing was sent.")
    return people


def _named(request: Request, people: list[str], declared: DeclaredAccess, parts: frozenset[AccessList]) -> WantedPeople:
    options = request.options
    domains = tuple(options["dotless_domains"])
    scope = Scope(frozenset(canonical(address, domains) for address in people), parts)
    limits = Rails(
        max_removals=options["max_removals"],
        max_removal_percent=options["max_removal_percent"],
        min_admins=options["min_admins"],
        required_admins=tuple(options["required_admins"]),
        protected=tuple(options["protected"]),
    )
    how = PlanOptions(
        mode=Mode.AUTHORITATIVE, scope=scope, rails=limits, dotless_domains=domains, site=options["site"] or None
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
    how = parsed.options
    if options["mode"]:
        how = replace(how, mode=Mode(options["mode"]))
    if options["plan_sha256"]:
        how = replace(how, plan_sha256=str(options["plan_sha256"]).strip().lower())
    if parsed.site and options["site"] and parsed.site.casefold() != options["site"].casefold():
        raise BadInput(f"site is {options['site']!r}, but declared is the site {parsed.site!r}")
    how = replace(how, site=options["site"] or how.site)
    return WantedPeople(parsed.declared, how, options["plan_file"], options["markdown_file"])
