# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile as values: what is specific to one web interface. Knows the format, not how it is built or checked."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .expression import Expression, Pick
from .pattern import OutOfTime, Pattern

Path: t.TypeAlias = "tuple[str | int, ...]"

EVIDENCE = ("simulated", "recorded", "verified")
"""What a profile, or one operation of it, is based on: from the weakest to the strongest."""


@dataclass(frozen=True)
class Operation:
    """The inputs and the fields of a read or a write.

    ``by_method``: what it must give besides, by the profile's registration method. ``meanings``: the values of a field
    that has a closed list of them; the profile's map of values leads to these, so that no label is compared elsewhere.
    ``about``: inputs that say whom or what a write changes; a step that acts has to use one of them. ``read_by``: the
    reads by whose field of that name an input is known; a profile that uses it has to read it in each that it has.
    ``says``: inputs that say what is done; without one of them an operation would do the same whatever is asked for.
    """

    inputs: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    says: frozenset[str] = frozenset()
    read_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gives: frozenset[str] = frozenset()
    may_give: frozenset[str] = frozenset()
    rows: bool = False
    by_method: Mapping[str, frozenset[str]] = field(default_factory=dict)
    meanings: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def for_method(self, method: str | None) -> Operation:
        """Return the operation of a profile with this registration method; None stands for ``link``."""
        return replace(self, gives=self.gives | self.by_method.get(method or "link", frozenset()))


@dataclass(frozen=True)
class Contract:
    """Which operations profiles of one interface may have. ``variables`` are given to every step.

    ``signed_in_variables``: what a sign-in may give besides what the profile keeps.
    ``free``: a profile may have any operations, each with the inputs and fields that it names itself.
    ``lists``: the lists of people of which a profile may say that the interface has them; ``always``: those that each
    has. ``adds``: the writes that put a person on lists.
    """

    variables: frozenset[str]
    reads: Mapping[str, Operation] = field(default_factory=dict)
    writes: Mapping[str, Operation] = field(default_factory=dict)
    free: bool = False
    signed_in_variables: frozenset[str] = frozenset()
    lists: tuple[str, ...] = ()
    always: frozenset[str] = frozenset()
    adds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """A response as marks see it. Names of ``headers`` compare without case; ``variables`` fill placeholders."""

    status: int
    data: t.Any
    headers: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, t.Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Mark:
    """A status, headers, an expression that holds on the page: all that are given must fit."""

    status: int | None = None
    when: Expression | None = None
    headers: tuple[tuple[str, Pattern], ...] = ()

    @property
    def of_the_answer(self) -> bool:
        """Whether it concerns status or headers: such a mark can be judged at once, whatever page follows."""
        return self.status is not None or bool(self.headers)

    def shows(self, answer: Answer) -> bool:
        """Whether ``answer`` bears it."""
        if self.status is not None and self.status != answer.status:
            return False
        lower = {name.lower(): value for name, value in answer.headers.items()} if self.headers else {}
        if not all(_found(pattern, lower.get(name.lower())) for name, pattern in self.headers):
            return False
        return self.when is None or self.when.holds(answer.data, answer.variables)


def _found(pattern: Pattern, value: str | None) -> bool:
    try:
        return value is not None and pattern.search(value) is not None
    except OutOfTime:
        return False


@dataclass(frozen=True)
class Sign:
    """One mark, or several of which one is enough."""

    marks: tuple[Mark, ...]

    @property
    def names(self) -> frozenset[str]:
        """Names of the placeholders in its expressions."""
        return frozenset(name for mark in self.marks if mark.when is not None for name in mark.when.names)

    def shows(self, answer: Answer) -> bool:
        """Whether ``answer`` bears one of the marks."""
        return any(mark.shows(answer) for mark in self.marks)

    def shows_at_once(self, answer: Answer) -> bool:
        """The same, but only by marks that need not wait for the last page of an operation."""
        return any(mark.of_the_answer and mark.shows(answer) for mark in self.marks)


@dataclass(frozen=True)
class Problem:
    """A response that means a known outcome, and the text to show."""

    sign: Sign
    outcome: str
    text: Expression | None


@dataclass(frozen=True)
class Press:
    """The button that is pressed: by name, and by value where several share the name."""

    name: str
    value: str | None = None


@dataclass(frozen=True)
class Repeat:
    """A step that is repeated until a page fits: at most ``most`` times. ``pause``: seconds, or as the page says."""

    until: Expression
    most: int
    pause: float | None


@dataclass(frozen=True)
class Paging:
    """How the next page of a list is found: it is picked, or counted up. ``by``: None counts by the rows read."""

    next: Expression | None
    parameter: str | None
    first: int = 1
    by: int | None = 1


@dataclass(frozen=True)
class Complete:
    """What proves that all rows were read; all that is given must hold."""

    total: Pick | None = None
    pages: Pick | None = None
    last_page: Expression | None = None


@dataclass(frozen=True)
class RowChoice:
    """The one row of a list that a step acts on. ``of`` picks the list.

    ``where``: the values of the row, by column (texts with placeholders). ``keep``: values of the row that the step and
    later ones need. ``paging``: how the list goes on, None if it has one page only; ``complete``: the proof that all of
    it was read.
    """

    of: Expression
    where: Mapping[str, t.Any]
    keep: Mapping[str, Pick] = field(default_factory=dict)
    paging: Paging | None = None
    complete: Complete = Complete()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All its expressions."""
        complete = (each.expression for each in (self.complete.total, self.complete.pages) if each is not None)
        kept = (pick.expression for pick in self.keep.values())
        onward = self.paging.next if self.paging is not None else None
        single = (each for each in (self.of, onward, self.complete.last_page) if each is not None)
        return (*single, *complete, *kept)


@dataclass(frozen=True)
class ProfileStep:
    """One request. ``kind`` is get, follow, submit or send. Steps follow one another; none leads back."""

    kind: str
    where: str
    path: Path
    target: str | None = None
    pick: Expression | None = None
    query: Mapping[str, t.Any] = field(default_factory=dict)
    fill: Mapping[str, t.Any] = field(default_factory=dict)
    press: Press | None = None
    json: t.Any = None
    form: Mapping[str, t.Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    ok: frozenset[int] | None = None
    read_as: str | None = None
    repeat: Repeat | None = None
    expect: Expression | None = None
    row: RowChoice | None = None
    keep: Mapping[str, Pick] = field(default_factory=dict)
    keep_headers: Mapping[str, str] = field(default_factory=dict)
    keep_cookies: Mapping[str, str] = field(default_factory=dict)
    when: Expression | None = None
    writes: bool = False
    repeatable: bool = False

    @property
    def kept_of_row(self) -> frozenset[str]:
        """Names of what it keeps of its row, which it can use itself."""
        return frozenset(self.row.keep) if self.row is not None else frozenset()

    @property
    def kept(self) -> frozenset[str]:
        """Names that it keeps for later placeholders."""
        return frozenset((*self.kept_of_row, *self.keep, *self.keep_headers, *self.keep_cookies))

    @property
    def texts(self) -> dict[str, t.Any]:
        """What its request is made of, as the profile writes it: values whose texts may have placeholders, by key."""
        press = None if self.press is None else [self.press.name, self.press.value]
        found: dict[str, t.Any] = {"path" if self.kind == "send" else "get": self.target, "press": press}
        found |= {"row": {"where": self.row.where}} if self.row is not None else {}
        return found | {name: getattr(self, name) for name in ("query", "fill", "json", "form", "headers")}

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All its expressions."""
        own = (self.pick, self.when, self.expect, self.repeat.until if self.repeat is not None else None)
        of_row = self.row.expressions if self.row is not None else ()
        kept = (pick.expression for pick in self.keep.values())
        return (*(each for each in own if each is not None), *of_row, *kept)


@dataclass(frozen=True)
class Match:
    """How the interface is recognised."""

    steps: tuple[ProfileStep, ...]
    signs: tuple[tuple[Sign, int], ...]
    enough: int


@dataclass(frozen=True)
class SignIn:
    """How to sign in, and the signs of each result."""

    method: str
    steps: tuple[ProfileStep, ...]
    token: str | None
    scope: str | None
    signs: Mapping[str, Sign]
    check: tuple[ProfileStep, ...] = ()
    hosts: tuple[str, ...] = ()

    @property
    def by_request(self) -> bool:
        """Whether user name and password travel with every request (HTTP's own methods), instead of a session."""
        return self.method in ("basic", "digest")

    @property
    def opens_session(self) -> bool:
        """Whether a session is opened, which another interface at the same address would not know."""
        return not self.by_request and self.method != "none"


@dataclass(frozen=True)
class WebStorage:
    """The entry of a browser's web storage that holds the access token: by its key, or by a pattern for it."""

    kind: str
    key: str | None
    key_pattern: Pattern | None
    pick: Expression | None
    expires: Expression | None

    def holds(self, key: str) -> bool:
        """Whether ``key`` is the key of such an entry."""
        return key == self.key if self.key_pattern is None else _found(self.key_pattern, key)


@dataclass(frozen=True)
class Read:
    """An operation that reads fields, or rows over pages with the proof that all were read."""

    name: str
    steps: tuple[ProfileStep, ...]
    fields: Mapping[str, Pick]
    rows: Expression | None
    paging: Paging | None
    complete: Complete
    problems: tuple[Problem, ...]
    inputs: frozenset[str] | None
    evidence: str

    @property
    def asks_repeatedly(self) -> bool:
        """Whether it takes several requests, of which one may show what another has chosen."""
        return len(self.steps) > 1 or self.paging is not None


@dataclass(frozen=True)
class Write:
    """An operation that changes something, and the read that proves it.

    ``puts_on``: the lists on which it puts a person; None where the profile does not say.
    """

    name: str
    steps: tuple[ProfileStep, ...]
    fields: Mapping[str, Pick]
    verify: str | None
    problems: tuple[Problem, ...]
    inputs: frozenset[str] | None
    evidence: str
    puts_on: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Profile:
    """One web interface. ``source`` is the data it was built of; ``lists``: of people, None where it does not say."""

    id: str
    interface: str
    title: str
    evidence: Mapping[str, t.Any]
    controller_kind: str | None
    registration_method: str | None
    address_hosts: tuple[str, ...]
    requests_per_second: float | None
    concurrency: int | None
    match: Match
    headers: Mapping[str, str]
    sign_in: SignIn
    session_cookie: str | None
    storage: WebStorage | None
    sign_out: tuple[ProfileStep, ...]
    session_ended: Sign | None
    problems: tuple[Problem, ...]
    redact: frozenset[str]
    reads: Mapping[str, Read]
    writes: Mapping[str, Write]
    source: Mapping[str, t.Any]
    lists: tuple[str, ...] | None = None
    sign_out_needs: frozenset[str] = frozenset()
    """Names that a sign-out takes its values by."""
