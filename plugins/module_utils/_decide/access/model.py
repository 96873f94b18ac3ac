# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terms of people and their access: what was read, what is declared, steps, checks. No rules.

Which lists there are, and what each operation does to them, is in rules.py and tenant_rules.py; which steps are needed
is known by plan.py; the limits by guardrails.py; how a plan is shown by render.py.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..identity import DOTLESS_DOMAINS
from .rules import PEOPLE, AccessRules, Kind, operation


class Mode(StrEnum):
    """What a run may do: only add; make all equal to what is declared; only report what the latter would do."""

    ADDITIVE = "additive"
    AUTHORITATIVE = "authoritative"
    AUDIT = "audit"


@dataclass(frozen=True)
class ListRow:
    """One person in one reading. ``since``: since when, or when invited, as the interface writes it.

    ``lists``: the lists that the row puts the person on; empty for a reading that is one list itself.
    """

    address: str
    since: str | None = None
    lists: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListReading:
    """One list as read. ``complete`` only with proof: a total that matches, or a page that is marked as the last.

    ``total`` is the interface's own number, None if it shows none. ``problem`` says why the list is not complete.
    """

    rows: tuple[ListRow, ...] = ()
    complete: bool = False
    pages: int = 0
    total: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class AccessState:
    """Everything a plan is made from. ``name``: of the site, or the id of the tenant.

    ``name_proven``: whether the name was read. If not, ``name`` is the host of a portal, which has many sites.
    ``readings``: by the names that ``rules`` give them. ``operations``: names of operations that the profile has.
    ``account`` is the address of the account in use as the interface shows it, None if that could not be read.
    ``words``: the values of an operation's input that the profile can say, by operation and input, where not all.
    """

    name: str
    readings: Mapping[str, ListReading]
    account: str | None
    operations: frozenset[str]
    rules: AccessRules
    name_proven: bool
    words: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def unsaid(self, step: PlanStep) -> list[str]:
        """Return the inputs of a step that the profile has no word for."""
        known = {name: self.words.get((step.operation, name)) for name in step.inputs}
        return [
            step.inputs[name] for name, words in known.items() if words is not None and step.inputs[name] not in words
        ]


@dataclass(frozen=True)
class Person:
    """One declared person. ``line`` is where, for messages.

    ``applications`` are exactly the parts of the applications that they should have. None: not managed; whatever an
    addition gives is left. ``usual``: none are declared, and these are what the manual's [Add] gives.
    """

    address: str
    applications: frozenset[str] | None = None
    line: int | None = None
    usual: bool = False


@dataclass(frozen=True)
class DeclaredAccess:
    """Who should be there. Someone in both is an administrator with the applications of both entries.

    ``users``: people who are no administrators; in a tenant, employees.
    """

    administrators: tuple[Person, ...] = ()
    users: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Scope:
    """What a run manages at all. Anything outside is kept as it is, and what [Add] does there is undone.

    Except on the list of all users: nobody can do anything by standing there alone, so it is left as [Add] makes it.

    ``people``: canonical identities (``canonical(address)``), None for everybody. In mode authoritative, who is in the
    scope and not declared is removed. ``parts``: what is managed of them, None for everything.
    """

    people: frozenset[str] | None = None
    parts: frozenset[str] | None = None

    def manages(self, part: str) -> bool:
        """Whether a part is managed."""
        return self.parts is None or part in self.parts

    def undoes(self, part: str) -> bool:
        """Whether an addition is undone in a part for which nobody is declared."""
        return part != PEOPLE or self.manages(part)


@dataclass(frozen=True)
class Guardrails:
    """Limits of a run. Percent: of the different people there before. Each counts people, not list entries.

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

    ``name``: the site or tenant for which people are declared, None if none is named. The account in use decides
    which one is shown, so a wrong account would compare the people of one with the file of another.
    """

    mode: Mode = Mode.AUDIT
    scope: Scope = Scope()
    guardrails: Guardrails = Guardrails()
    dotless_domains: tuple[str, ...] = DOTLESS_DOMAINS
    plan_sha256: str | None = None
    name: str | None = None


class Phase(StrEnum):
    """Why, and in which order: those who should be there are added before anybody is removed."""

    ADD = "add"
    PROMOTE = "promote"
    DEMOTE = "demote"
    REMOVE = "remove"


@dataclass(frozen=True)
class PlanStep:
    """One request.

    ``person`` is the canonical identity, ``address`` the spelling to send: as the interface shows it, and as declared
    for somebody whom it does not show yet. ``effects`` is what it does to **every** list: "added" or "removed"; a list
    that does not change is left out. ``where``: the list, of a removal that each list has of its own. ``inputs``: what
    the profile is given besides the address. ``undoes_addition``: a removal from a list on which only an addition of
    this run puts the person. It counts against no limit, follows that addition directly, and is sent only where
    readings before and after the addition show that this addition put them there. ``title``: the same in words.
    """

    phase: Phase
    kind: Kind
    person: str
    address: str
    effects: Mapping[str, str]
    where: str | None = None
    undoes_addition: bool = False
    inputs: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    @property
    def operation(self) -> str:
        """The name of the operation that does it, as profiles have it."""
        return operation(self.kind, self.where)

    @property
    def label(self) -> str:
        """The operation with its inputs, for results: one of these does the same to each person."""
        return " ".join((self.operation, *self.inputs.values()))

    @property
    def removed(self) -> tuple[str, ...]:
        """The lists that it takes the person off."""
        return tuple(name for name, effect in self.effects.items() if effect == "removed")

    @property
    def takes_away(self) -> bool:
        """Whether somebody loses what they had before this run."""
        return bool(self.removed) and not self.undoes_addition


class Reason(StrEnum):
    """Why a step that would be needed is not taken."""

    ACCOUNT_IN_USE = "account_in_use"
    PROTECTED = "protected"
    ACCOUNT_UNKNOWN = "account_unknown"
    INCOMPLETE_READ = "incomplete_read"
    UNSUPPORTED = "unsupported"
    SUCCESSOR_HELD_BACK = "successor_held_back"


@dataclass(frozen=True)
class HeldBack:
    """A step that is not taken, why, and in words.

    An addition is held back together with the removals that would undo part of it: nobody gets more than is declared.
    """

    step: PlanStep
    reason: Reason
    text: str


def kept_on_purpose(held: HeldBack) -> bool:
    """Return whether something is left as it is on purpose: the account in use, and protected people."""
    return held.reason in (Reason.ACCOUNT_IN_USE, Reason.PROTECTED) and held.step.takes_away


def not_done(held: Iterable[HeldBack], *, names_people: bool) -> tuple[HeldBack, ...]:
    """Return what is not done and should be. Who is kept on purpose is as declared, unless the task names people."""
    return tuple(one for one in held if names_people or not kept_on_purpose(one))


@dataclass(frozen=True)
class Pending:
    """Somebody invited who is declared: there, but not active yet. ``since`` as the interface writes it."""

    person: str
    where: str
    since: str | None


@dataclass(frozen=True)
class AccessPlan:
    """What leads from the site or tenant as read to what is declared. ``sha256`` is :func:`plan.digest` of it.

    ``before`` and ``after``: the diff. Per person whose presence changes, what :func:`state.shown` says of each part.
    ``people``: how many different people there are before. ``present`` and ``wanted``: people per part, before and as
    declared. ``empty``: what is declared empty although people are there (a part, or those who are no administrators).
    ``names_people``: whether the task names people one by one.
    """

    name: str
    rules: AccessRules
    mode: Mode
    steps: tuple[PlanStep, ...]
    held_back: tuple[HeldBack, ...]
    pending: tuple[Pending, ...]
    warnings: tuple[str, ...]
    before: Mapping[str, Mapping[str, str]]
    after: Mapping[str, Mapping[str, str]]
    people: int
    present: Mapping[str, int]
    wanted: Mapping[str, int]
    empty: tuple[str, ...]
    sha256: str
    names_people: bool = False

    @property
    def kept(self) -> tuple[HeldBack, ...]:
        """What is left as it is on purpose."""
        return tuple(filter(kept_on_purpose, self.held_back))

    @property
    def lacking(self) -> tuple[HeldBack, ...]:
        """What is not done and should be."""
        return not_done(self.held_back, names_people=self.names_people)

    @property
    def in_sync(self) -> bool:
        """Whether nothing is left to do: neither a step, nor one that could not be taken."""
        return not self.steps and not self.lacking


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
