# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What [Add] and [Remove] of an administration site do to its lists, and the steps that make it as declared. Pure.

Rules from domain.md, "The cloud service administration site". The vendor does not document what
[Add] does with a person who is on some of the lists already [?]: the model assumes that only the missing lists change,
and later readings verify it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..identity import canonical, matches
from .model import (
    ADDED_WITH_ADMINISTRATOR,
    ADDED_WITH_USER,
    APPLICATIONS,
    LISTS_OF,
    PART_OF,
    AccessList,
    AccessPlan,
    DeclaredAccess,
    HeldBack,
    Kind,
    ListRow,
    Mode,
    Pending,
    Person,
    Phase,
    PlanOptions,
    PlanStep,
    Reason,
    SiteList,
    SiteState,
)
from .state import Presence, account_problem, presence_of, reading_problems, shown
from .warnings import warnings_of

ORDER = {phase: place for place, phase in enumerate(Phase)}
_ADDED_TO = {
    AccessList.ADMINISTRATORS: SiteList.ADMINISTRATORS_INVITED,
    AccessList.DASHBOARD: SiteList.DASHBOARD,
    AccessList.REMOTE_MATCH: SiteList.REMOTE_MATCH,
    AccessList.REMOTE_CONTROL: SiteList.REMOTE_CONTROL_INVITED,
}


@dataclass
class _Target:
    """Where one declared person should be. ``open``: in whatever applications [Add] puts them as well."""

    address: str
    administrator: bool = False
    applications: frozenset[AccessList] = frozenset()
    open: bool = False


@dataclass(frozen=True)
class _Bundle:
    """Steps of one person that are taken together or not at all: an addition and what undoes part of it."""

    phase: Phase
    person: str
    steps: tuple[PlanStep, ...]


def plan(state: SiteState, declared: DeclaredAccess, options: PlanOptions) -> AccessPlan:
    """Return the steps from ``state`` to ``declared``, in the order add, promote, demote, remove.

    Never raises for what a site can show. What must not be done is in ``held_back``, with the reason. The order of the
    declared people changes nothing, their spelling nothing but the address that is sent.
    """
    present = presence_of(state, options.dotless_domains)
    targets = _targets(declared, options)
    bundles: list[_Bundle] = []
    for person in sorted(_managed(present, targets, options)):
        bundles += _bundles(person, present.get(person, {}), targets.get(person), options)
    steps, held = _sort_out(bundles, state, options)
    before, after = _difference(present, steps)
    return AccessPlan(
        site=state.site,
        mode=options.mode,
        steps=steps,
        held_back=held,
        pending=tuple(_pending(present, targets)),
        warnings=warnings_of(state, present, declared, steps, held, options),
        before=before,
        after=after,
        people=len(present),
        present={part: _count(present, part) for part in AccessList},
        wanted=_wanted(targets),
        empty=_empty(present, declared, targets, options),
        sha256=digest(state.site, steps),
    )


def digest(site: str, steps: Iterable[PlanStep]) -> str:
    """Return the SHA-256 by which a reviewed plan is known: of the site and of each step with all its effects.

    The address counts exactly as it will be sent. An effect that is different from the reviewed one is another plan.
    """
    rows = [
        [
            step.phase,
            step.kind,
            step.where,
            step.person,
            step.address,
            step.undoes_addition,
            sorted(step.effects.items()),
        ]
        for step in steps
    ]
    text = json.dumps({"schema": 2, "site": site, "steps": rows}, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _targets(declared: DeclaredAccess, options: PlanOptions) -> dict[str, _Target]:
    targets: dict[str, _Target] = {}
    # sorted: which of two spellings is sent must not depend on the order in which people are declared
    for people, administrators in ((declared.administrators, True), (declared.users, False)):
        for person in sorted(people, key=_spelling):
            target = targets.setdefault(canonical(person.address, options.dotless_domains), _Target(person.address))
            target.administrator = target.administrator or administrators
            target.applications |= person.applications or frozenset()
            target.open = target.open or person.applications is None
    return targets


def _spelling(person: Person) -> str:
    return person.address


def _managed(present: Presence, targets: Mapping[str, _Target], options: PlanOptions) -> set[str]:
    people = options.scope.people
    return set(targets) | {person for person in present if people is None or person in people}


def _bundles(
    person: str, there: Mapping[SiteList, list[ListRow]], target: _Target | None, options: PlanOptions
) -> Iterable[_Bundle]:
    """Yield what one person needs. ``there``: the lists they are on."""
    had = {PART_OF[name] for name in there}
    wanted = _wanted_parts(had, target, options)
    if target is not None:
        yield from _addition(person, there, target, wanted)
    stays = bool(wanted & APPLICATIONS)
    for part in AccessList:
        if part not in had - wanted:
            continue
        phase = Phase.DEMOTE if part is AccessList.ADMINISTRATORS and stays else Phase.REMOVE
        for name in LISTS_OF[part]:
            for row in there.get(name, ()):
                effects = {name: "removed"}
                yield _Bundle(phase, person, (PlanStep(phase, Kind.REMOVE, person, row.address, effects, name),))


def _wanted_parts(had: set[AccessList], target: _Target | None, options: PlanOptions) -> set[AccessList]:
    """Return the parts in which somebody should be afterwards; what is not managed stays as it is."""
    wanted: set[AccessList] = set()
    if target is not None:
        wanted = set(target.applications) | ({AccessList.ADMINISTRATORS} if target.administrator else set())
        if target.open:
            wanted |= had & APPLICATIONS
        if target.open and not wanted:
            wanted = set(ADDED_WITH_USER)
    wanted &= options.scope.parts
    wanted |= had - options.scope.parts
    return wanted | had if options.mode is Mode.ADDITIVE else wanted


def _addition(
    person: str, there: Mapping[SiteList, list[ListRow]], target: _Target, wanted: set[AccessList]
) -> Iterable[_Bundle]:
    had = {PART_OF[name] for name in there}
    phase = Phase.PROMOTE if AccessList.ADMINISTRATORS in wanted - had and had else Phase.ADD
    now = set(had)
    steps: list[PlanStep] = []
    gained: list[AccessList] = []

    def add(kind: Kind, parts: Iterable[AccessList]) -> None:
        new = [part for part in AccessList if part in parts and part not in now]
        now.update(new)
        gained.extend(new)
        steps.append(PlanStep(phase, kind, person, target.address, {_ADDED_TO[part]: "added" for part in new}))

    if AccessList.ADMINISTRATORS in wanted - now:
        add(Kind.ADD_ADMINISTRATOR, {AccessList.ADMINISTRATORS, *ADDED_WITH_ADMINISTRATOR})
    if wanted - now:
        add(Kind.ADD_USER, ADDED_WITH_USER)
    if not target.open:
        for part in gained:
            if part not in wanted:
                name = _ADDED_TO[part]
                steps.append(PlanStep(phase, Kind.REMOVE, person, target.address, {name: "removed"}, name, True))
    if steps:
        yield _Bundle(phase, person, tuple(steps))


def _sort_out(
    bundles: Iterable[_Bundle], state: SiteState, options: PlanOptions
) -> tuple[tuple[PlanStep, ...], tuple[HeldBack, ...]]:
    """Separate what is done from what is held back."""
    steps: list[PlanStep] = []
    held: list[HeldBack] = []
    constraints = _Constraints.of(state, options)
    for bundle in sorted(bundles, key=lambda bundle: (ORDER[bundle.phase], bundle.person)):
        reason = constraints.reason(bundle)
        if reason is None:
            steps += bundle.steps
        else:
            held += [HeldBack(step, *reason) for step in bundle.steps]
    return tuple(steps), tuple(held)


@dataclass(frozen=True)
class _Constraints:
    """Knows what must not be done, whatever is declared."""

    state: SiteState
    options: PlanOptions
    unread: str
    account: str
    account_unknown: str

    @classmethod
    def of(cls, state: SiteState, options: PlanOptions) -> _Constraints:
        unread = "; ".join(f"{name}: {text}" for name, text in reading_problems(state).items())
        account = canonical(state.account or "", options.dotless_domains)
        return cls(state, options, unread, account, account_problem(state, options.dotless_domains))

    def reason(self, bundle: _Bundle) -> tuple[Reason, str] | None:
        """Return why a bundle is held back, None if it may be done."""
        if self.unread:
            return Reason.INCOMPLETE_READ, f"the site was not read completely ({self.unread})"
        removes = any(step.kind is Kind.REMOVE for step in bundle.steps)
        if removes and bundle.person == self.account:
            return Reason.ACCOUNT_IN_USE, "this is the account in use, which is never removed from a list"
        if removes and (pattern := self._protecting(bundle.person)):
            undoing = (
                "; [Add] would put them on lists that are not declared" if bundle.steps[-1].undoes_addition else ""
            )
            return Reason.PROTECTED, f"protected by the pattern {pattern!r}{undoing}"
        if removes and self.account_unknown:
            return Reason.ACCOUNT_UNKNOWN, self.account_unknown
        lacking = sorted({step.operation for step in bundle.steps} - self.state.operations)
        if lacking:
            return Reason.UNSUPPORTED, f"the site's profile has no operation {', '.join(lacking)}"
        return None

    def _protecting(self, person: str) -> str:
        domains = self.options.dotless_domains
        return next((one for one in self.options.guardrails.protected if matches(one, person, domains)), "")


def _difference(
    present: Presence, steps: Iterable[PlanStep]
) -> tuple[dict[str, dict[AccessList, str]], dict[str, dict[AccessList, str]]]:
    later: dict[str, set[SiteList]] = {}
    for step in steps:
        lists = later.setdefault(step.person, set(present.get(step.person, ())))
        for name, effect in step.effects.items():
            (lists.discard if effect == "removed" else lists.add)(name)
    changed = [person for person in sorted(later) if shown(later[person]) != shown(present.get(person, ()))]
    return (
        {person: shown(present.get(person, ())) for person in changed},
        {person: shown(later[person]) for person in changed},
    )


def _pending(present: Presence, targets: Mapping[str, _Target]) -> Iterable[Pending]:
    pairs = (
        (SiteList.ADMINISTRATORS_INVITED, SiteList.ADMINISTRATORS),
        (SiteList.REMOTE_CONTROL_INVITED, SiteList.REMOTE_CONTROL_ACTIVE),
    )
    for person in sorted(targets):
        there = present.get(person, {})
        for invited, active in pairs:
            if invited in there and active not in there:
                yield Pending(person, invited, there[invited][0].since)


def _count(present: Presence, part: AccessList) -> int:
    return sum(1 for there in present.values() if any(name in there for name in LISTS_OF[part]))


def _wanted(targets: Mapping[str, _Target]) -> dict[AccessList, int]:
    found: Counter[AccessList] = Counter()
    for target in targets.values():
        found.update(target.applications)
        found[AccessList.ADMINISTRATORS] += target.administrator
    return {part: found[part] for part in AccessList}


def _empty(
    present: Presence, declared: DeclaredAccess, targets: Mapping[str, _Target], options: PlanOptions
) -> tuple[str, ...]:
    """Return the lists that the plan would empty because nobody is declared for them: most often a mistake.

    People who are declared with applications of their own do not count. A run that was stopped between an [Add] and its
    undoing leaves them on lists that nobody is declared for, and the next run has to remove them there.
    """
    if options.mode is Mode.ADDITIVE or options.scope.people is not None:
        return ()
    parts = options.scope.parts
    wanted = _wanted(targets)
    chosen = {person for person, target in targets.items() if not target.open}
    others = {person: there for person, there in present.items() if person not in chosen}
    found = [
        str(part)
        for part in AccessList
        if part in parts and not wanted[part] and _count(others if part in APPLICATIONS else present, part)
    ]
    administrators = set(LISTS_OF[AccessList.ADMINISTRATORS])
    plain_users = any(not administrators & set(there) for there in present.values())
    if not declared.users and plain_users and parts & APPLICATIONS:
        found.append("users")
    return tuple(found)
