# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that the modules of a site's and of a tenant's people have in common, checked before any request."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from .._decide.access.declared import ParsedFile, parse_declared
from .._decide.access.model import LIMITS, Guardrails, Mode, PlanOptions, Scope, limit_problem
from .._decide.access.rules import Cloud
from .._decide.identity import Spelling, address_problem, canonical, domain_problem, doubles, pattern_problem
from .._decide.text import same_name
from .._web.errors import BadInput
from .directory import Directory
from .people import WantedPeople
from .task import Request

Options = Mapping[str, t.Any]
Open = Callable[[Request, ParsedFile], Directory]


def addresses(options: Options) -> list[str]:
    """Return the addresses of the option ``people``, each checked."""
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
        raise _bad_input(problems)
    return people


_CHECKS = {"protected": pattern_problem, "required_admins": address_problem, "dotless_domains": domain_problem}
"""What is checked of each text in these options: the same as in a declared file."""


def _guardrail_problems(options: Options) -> list[str]:
    return [problem for name in _CHECKS for problem in _text_problems(options, name)] + [
        f"{name}: {options[name]!r} {problem}" for name in LIMITS if (problem := limit_problem(name, options[name]))
    ]


def _text_problems(options: Options, name: str) -> list[str]:
    return [f"{name}: {text!r} {problem}" for text in options[name] if (problem := _CHECKS[name](text))]


def checked_domains(options: Options) -> tuple[str, ...]:
    """Return the option ``dotless_domains`` of a module that only reads, each domain checked."""
    if problems := _text_problems(options, "dotless_domains"):
        raise _bad_input(problems)
    return tuple(options["dotless_domains"])


def _bad_input(problems: Iterable[str]) -> BadInput:
    return BadInput("; ".join(problems), advice="Correct the task's options. Nothing was sent.")


def options_for(options: Options, people: list[str], parts: frozenset[str] | None, name: str | None) -> PlanOptions:
    """Return how to plan for people who are named one by one. ``parts``: what is managed of them."""
    domains = tuple(options["dotless_domains"])
    return PlanOptions(
        mode=Mode.AUTHORITATIVE,
        scope=Scope(frozenset(canonical(address, domains) for address in people), parts),
        guardrails=Guardrails(
            max_removals=options["max_removals"],
            max_removal_percent=options["max_removal_percent"],
            min_admins=options["min_admins"],
            required_admins=tuple(options["required_admins"]),
            protected=tuple(options["protected"]),
        ),
        dotless_domains=domains,
        name=name,
    )


def declared_people(request: Request, cloud: Cloud, open_directory: Open) -> WantedPeople:
    """Return what the options ``declared``, ``mode`` and ``plan_sha256`` ask for."""
    options = request.options
    if options["declared"] is None:  # what the action reads on the control node
        raise BadInput(
            "declared is not given, and the module itself reads no file",
            advice="Run the task through Ansible, where the action plugin of the same name reads the file.",
        )
    parsed = parse_declared(options["declared"], None, "declared", cloud)
    if parsed.problems:
        raise BadInput("; ".join(parsed.problems), advice="Correct what is declared. Nothing was sent.")
    how = replace(parsed.options, plan_sha256=_digest(options["plan_sha256"]))
    if options["mode"]:
        how = replace(how, mode=Mode(options["mode"]))
    given = options[str(cloud)]
    if parsed.name is not None and given is not None and not same_name(parsed.name, given):
        raise BadInput(
            f"printops_{cloud} is {given!r}, but the declared people are those of the {cloud} {parsed.name!r}",
            advice=f"Correct printops_{cloud}, or the key {cloud} of the declared file. Nothing was sent.",
        )
    how = replace(how, name=how.name if given is None else given)
    return WantedPeople(
        parsed.declared,
        how,
        lambda: open_directory(request, parsed),
        options["plan_file"],
        options["markdown_file"],
    )


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
