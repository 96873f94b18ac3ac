# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terms of an administration site's people: lists, what was read, what is declared, steps, checks. No rules.

What [Add] and [Remove] do, and therefore which steps are needed, is known by plan.py; the limits by guardrails.py; how
a plan is shown by render.py. Source: domain.md, "The cloud service administration site".
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..identity import DOTLESS_DOMAINS


class SiteList(StrEnum):
    """The lists of people that a site shows, each with a [Remove] of its own."""

    DASHBOARD = "dashboard"
    REMOTE_MATCH = "remote_match"
    REMOTE_CONTROL_INVITED = "remote_control_invited"
    REMOTE_CONTROL_ACTIVE = "remote_control_active"
    ADMINISTRATORS_INVITED = "administrators_invited"
    ADMINISTRATORS = "administrators"


class AccessList(StrEnum):
    """What a person can be declared for. Invited or active: both count as being there."""

    ADMINISTRATORS = "administrators"
    DASHBOARD = "dashboard"
    REMOTE_MATCH = "remote_match"
    REMOTE_CONTROL = "remote_control"


LISTS_OF: dict[AccessList, tuple[SiteList, ...]] = {
    AccessList.ADMINISTRATORS: (SiteList.ADMINISTRATORS_INVITED, SiteList.ADMINISTRATORS),
    AccessList.DASHBOARD: (SiteList.DASHBOARD,),
    AccessList.REMOTE_MATCH: (SiteList.REMOTE_MATCH,),
    AccessList.REMOTE_CONTROL: (SiteList.REMOTE_CONTROL_INVITED, SiteList.REMOTE_CONTROL_ACTIVE),
}
PART_OF: dict[SiteList, AccessList] = {name: part for part, names in LISTS_OF.items() for name in names}

APPLICATIONS = frozenset({AccessList.DASHBOARD, AccessList.REMOTE_MATCH, AccessList.REMOTE_CONTROL})
ADDED_WITH_USER = APPLICATIONS
"""Where [Add] a user puts a person (Remote Control: as invited)."""
ADDED_WITH_ADMINISTRATOR = frozenset({AccessList.DASHBOARD, AccessList.REMOTE_MATCH})
"""Where [Add] an administrator puts a person, besides the invited administrators."""


class Mode(StrEnum):
    """What a run may do: only add; make the site equal to what is declared; only report what the latter would do."""

    ADDITIVE = "additive"
    AUTHORITATIVE = "authoritative"
    AUDIT = "audit"


@dataclass(frozen=True)
class ListRow:
    """One person on one list, as read. ``since``: since when, or when invited, as the site writes it."""

    address: str
    since: str | None = None


@dataclass(frozen=True)
class SiteReading:
    """One list as read. ``complete`` only with proof: a total that matches, or a page that is marked as the last.

    ``total`` is the site's own number, None if it shows none. ``problem`` describes why the list is not complete.
    """

    rows: tuple[ListRow, ...] = ()
    complete: bool = False
    pages: int = 0
    total: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class SiteState:
    """Everything a plan is made from. ``operations``: names of :func:`operation` that the site's profile has.

    ``account`` is the address of the account in use as the portal shows it, None if that could not be read.
    """

    site: str
    lists: Mapping[SiteList, SiteReading]
    account: str | None
    operations: frozenset[str]


@dataclass(frozen=True)
class Person:
    """One declared person. ``line`` is where, for messages.

    ``applications`` is exactly where they should be. None: not managed; whatever [Add] gives is left, and who is on
    none yet is added.
    """

    address: str
    applications: frozenset[AccessList] | None = None
    line: int | None = None


@dataclass(frozen=True)
class DeclaredAccess:
    """Who should be there. Someone in both is an administrator with the applications of both entries."""

    administrators: tuple[Person, ...] = ()
    users: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Scope:
    """What a run manages at all. Anything outside is kept as it is, and what [Add] does there is undone.

    ``people``: canonical identities (``canonical(address)``), None for everybody on the site. In mode authoritative,
    who is in the scope and not declared is removed. ``parts``: what is managed of them.
    """

    people: frozenset[str] | None = None
    parts: frozenset[AccessList] = frozenset(AccessList)


@dataclass(frozen=True)
class Guardrails:
    """Limits of a run. Percent: of the different people on the site before. Each counts people, not list entries.

    :func:`limit_problem` says which numbers are valid.
    """

    allow_empty: bool = False
    max_removals: int = 10
    max_removal_percent: float = 20.0
    min_admins: int = 1
    required_admins: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()


LIMITS: dict[str, tuple[int, int | None]] = {
    "max_removals": (0, None),
    "max_removal_percent": (0, 100),
    "min_admins": (1, None),
}
"""The least and the most that a limit can be; without a most it is a whole number."""


def limit_problem(name: str, value: t.Any) -> str:
    """Return why ``value`` is not valid for the limit ``name``, "" if it is. One that can never apply is not valid."""
    least, most = LIMITS[name]
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if most is not None:
        return "" if number and least <= value <= most else f"is not a number from {least} to {most}"
    whole = number and (isinstance(value, int) or value.is_integer())
    return "" if whole and value >= least else f"is not a whole number from {least}"


@dataclass(frozen=True)
class PlanOptions:
    """How to plan. ``plan_sha256``: the digest of the plan that was reviewed; any other plan is refused.

    ``site``: the site for which people are declared, None if none is named. The account in use decides
    which site is shown, so a wrong account would compare the people of one site with the file of another.
    """

    mode: Mode = Mode.AUDIT
    scope: Scope = Scope()
    guardrails: Guardrails = Guardrails()
    dotless_domains: tuple[str, ...] = DOTLESS_DOMAINS
    plan_sha256: str | None = None
    site: str | None = None


class Kind(StrEnum):
    """What is done with one request to the site."""

    ADD_USER = "add_user"
    ADD_ADMINISTRATOR = "add_administrator"
    REMOVE = "remove"


class Phase(StrEnum):
    """Why, and in which order: those who should be there are added before anybody is removed."""

    ADD = "add"
    PROMOTE = "promote"
    DEMOTE = "demote"
    REMOVE = "remove"


def operation(kind: Kind, where: SiteList | None = None) -> str:
    """Return what a site's profile calls it: add_user, add_administrator, remove_dashboard, remove_administrators, …"""
    return str(kind) if where is None else f"{kind}_{where}"


@dataclass(frozen=True)
class PlanStep:
    """One [Add] or [Remove].

    ``person`` is the canonical identity, ``address`` the spelling to send: as declared when adding (and when undoing),
    as the site shows it when removing. ``effects`` is what it does to **every** list: "added" or "removed"; a list
    that does not change is left out. ``undoes_addition``: a removal from a list on which only an addition of this run
    puts the person. It counts against no limit, follows that addition directly, and is sent only where readings before
    and after the addition show that this addition put them there.
    """

    phase: Phase
    kind: Kind
    person: str
    address: str
    effects: Mapping[SiteList, str]
    where: SiteList | None = None
    undoes_addition: bool = False

    @property
    def operation(self) -> str:
        """The name of the site operation that does it."""
        return operation(self.kind, self.where)

    @property
    def takes_away(self) -> bool:
        """Whether somebody loses what they had before this run."""
        return self.kind is Kind.REMOVE and not self.undoes_addition


class Reason(StrEnum):
    """Why a step that would be needed is not taken."""

    ACCOUNT_IN_USE = "account_in_use"
    PROTECTED = "protected"
    ACCOUNT_UNKNOWN = "account_unknown"
    INCOMPLETE_READ = "incomplete_read"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class HeldBack:
    """A step that is not taken, why, and in words.

    An addition is held back together with the removals that would undo part of it: nobody gets more than is declared.
    """

    step: PlanStep
    reason: Reason
    text: str


@dataclass(frozen=True)
class Pending:
    """Somebody invited who is declared: there, but not active yet. ``since`` as the site writes it."""

    person: str
    where: SiteList
    since: str | None


@dataclass(frozen=True)
class AccessPlan:
    """What leads from the site as read to what is declared. ``sha256`` is :func:`plan.digest` of it.

    ``before`` and ``after``: per person whose presence changes, per part "", "yes", "invited" or "active": the diff.
    ``people``: how many different people the site has before. ``present`` and ``wanted``: people per part, before and
    as declared. ``empty``: what is declared empty although people are there (a part, or "users").
    """

    site: str
    mode: Mode
    steps: tuple[PlanStep, ...]
    held_back: tuple[HeldBack, ...]
    pending: tuple[Pending, ...]
    warnings: tuple[str, ...]
    before: Mapping[str, Mapping[AccessList, str]]
    after: Mapping[str, Mapping[AccessList, str]]
    people: int
    present: Mapping[AccessList, int]
    wanted: Mapping[AccessList, int]
    empty: tuple[str, ...]
    sha256: str

    @property
    def kept(self) -> tuple[HeldBack, ...]:
        """What is left as it is on purpose: the account in use, and protected people. No drift."""
        kept = (Reason.ACCOUNT_IN_USE, Reason.PROTECTED)
        return tuple(held for held in self.held_back if held.reason in kept and held.step.takes_away)

    @property
    def in_sync(self) -> bool:
        """Whether nothing is left to do: neither a step, nor one that could not be taken."""
        return not self.steps and len(self.kept) == len(self.held_back)


@dataclass(frozen=True)
class GuardrailCheck:
    """The result of one guardrail for a plan. **One refusal, and nothing of the plan is applied.**

    ``limit`` and ``found`` are plain values for a result (number, text, boolean, list of texts); ``text`` is the same
    for a person, ``advice`` what to do when it refuses.
    """

    name: str
    limit: t.Any
    found: t.Any
    refused: bool
    text: str
    advice: str = field(default="")
