# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that make people and their access as declared, by the rules of a site or a tenant. Pure.

Which lists there are, and what each operation does to them, is data: rules.py, tenant_rules.py. The vendor does not
document what [Add] does with a person who is on some of the lists already [?]: the model assumes that only the missing
lists change, and later readings verify it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..identity import canonical
from .model import (
    AccessPlan,
    AccessState,
    DeclaredAccess,
    HeldBack,
    ListRow,
    Mode,
    Pending,
    Person,
    Phase,
    PlanOptions,
    PlanStep,
    Reason,
    Scope,
)
from .rules import AccessRules, Addition, Cloud, Removal
from .state import Presence, account_problem, presence_of, protecting, reading_problems, shown
from .warnings import warnings_of

ORDER = {phase: place for place, phase in enumerate(Phase)}


@dataclass
class _Target:
    """Where one declared person should be. ``open``: in whatever applications an addition puts them as well."""

    address: str
    administrator: bool = False
    applications: frozenset[str] = frozenset()
    open: bool = False


@dataclass(frozen=True)
class _Bundle:
    """Steps of one person that are taken together or not at all: an addition and what undoes part of it."""

    phase: Phase
    person: str
    steps: tuple[PlanStep, ...]


def plan(state: AccessState, declared: DeclaredAccess, options: PlanOptions) -> AccessPlan:
    """Return the steps from ``state`` to ``declared``, in the order add, promote, demote, remove.

    Never raises for what a site can show. What must not be done is in ``held_back``, with the reason. The order of the
    declared people changes nothing, their spelling nothing but the address that is sent.
    """
    rules = state.rules
    present = presence_of(state, options.dotless_domains)
    targets = _targets(declared, options)
    bundles: list[_Bundle] = []
    for person in sorted(_managed(present, targets, options)):
        bundles += _bundles(person, present.get(person, {}), targets.get(person), rules, options)
    steps, held = _sort_out(bundles, state, present, options)
    before, after = _difference(present, steps, rules)
    return AccessPlan(
        name=state.name,
        rules=rules,
        mode=options.mode,
        steps=steps,
        held_back=held,
        pending=tuple(_pending(present, targets, rules)),
        warnings=warnings_of(state, present, declared, steps, held, options),
        before=before,
        after=after,
        people=len(present),
        present={part.name: _count(present, part.lists) for part in rules.parts},
        wanted=_wanted(targets, rules),
        empty=_empty(present, declared, targets, rules, options),
        sha256=digest(rules.cloud, state.name, steps),
        names_people=options.scope.people is not None,
    )


def digest(cloud: Cloud, name: str, steps: Iterable[PlanStep]) -> str:
    """Return the SHA-256 by which a reviewed plan is known: of the site or tenant and of each step with its effects.

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
            *([sorted(step.inputs.items())] if step.inputs else []),
        ]
        for step in steps
    ]
    text = json.dumps({"schema": 2, str(cloud): name, "steps": rows}, separators=(",", ":"), sort_keys=True)
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
    person: str,
    there: Mapping[str, list[ListRow]],
    target: _Target | None,
    rules: AccessRules,
    options: PlanOptions,
) -> Iterable[_Bundle]:
    """Yield what one person needs. ``there``: the lists they are on."""
    had = {rules.part_of[name] for name in there}
    wanted = _wanted_parts(had, target, rules, options)
    if target is not None:
        yield from _addition(person, there, target, wanted, rules, options.scope)
    unwanted = had - wanted
    left = {name for name in there if rules.part_of[name] in unwanted}
    for removal in rules.removals:
        taken = [name for name in removal.takes if name in there]
        # one that would take more than what is not wanted is no way to remove it
        if removal.part not in unwanted or not left & set(taken) or not set(taken) <= left:
            continue
        left -= set(taken)
        phase = Phase.DEMOTE if wanted & rules.by_name[removal.part].above else Phase.REMOVE
        for row in there[taken[0]]:
            yield _Bundle(phase, person, (_removal_step(phase, person, row.address, removal, taken),))


def _removal_step(
    phase: Phase, person: str, address: str, removal: Removal, taken: Iterable[str], undoes: bool = False
) -> PlanStep:
    effects = dict.fromkeys(taken, "removed")
    return PlanStep(phase, removal.kind, person, address, effects, removal.where, undoes, removal.inputs, removal.title)


def _wanted_parts(had: set[str], target: _Target | None, rules: AccessRules, options: PlanOptions) -> set[str]:
    """Return the parts in which somebody should be afterwards; what is not managed stays as it is."""
    wanted: set[str] = set()
    if target is not None:
        wanted = set(target.applications) | rules.base | ({rules.administrators} if target.administrator else set())
        if target.open:
            wanted |= had & rules.applications
        if target.open and not wanted:
            wanted = set(rules.given)
    wanted = {part for part in wanted if options.scope.manages(part)}
    wanted |= {part for part in had if not options.scope.manages(part)}
    return wanted | had if options.mode is Mode.ADDITIVE else wanted


def _addition(
    person: str,
    there: Mapping[str, list[ListRow]],
    target: _Target,
    wanted: set[str],
    rules: AccessRules,
    scope: Scope,
) -> Iterable[_Bundle]:
    had = {rules.part_of[name] for name in there}
    now = set(had)
    steps: list[tuple[Addition, dict[str, str]]] = []
    gained: list[str] = []
    for addition in rules.additions:
        if not addition.triggers & (wanted - now) or (addition.newcomers_only and now):
            continue
        new = [part for part in rules.names if part in addition.gives and part not in now]
        now.update(new)
        gained += new
        steps.append((addition, {rules.joined(part, there): "added" for part in new}))
    if not steps:
        return
    promoted = had and any(part in wanted and rules.by_name[part].above for part in gained)
    phase = Phase.PROMOTE if promoted else Phase.ADD
    # who is there is known by what is shown: by another spelling an interface may not find them, or add them again
    shown = next((rows[0].address for rows in there.values()), target.address)
    superfluous = [] if target.open else [part for part in gained if part not in wanted and scope.undoes(part)]
    undone = [rules.joined(part, there) for part in superfluous]
    yield _Bundle(
        phase,
        person,
        (
            *(
                PlanStep(phase, one.kind, person, shown, effects, inputs=one.inputs, title=one.title)
                for one, effects in steps
            ),
            *(
                _removal_step(phase, person, shown, removal, removal.takes, undoes=True)
                for name in undone
                for removal in rules.removals
                if removal.takes == (name,)
            ),
        ),
    )


def _sort_out(
    bundles: Iterable[_Bundle], state: AccessState, present: Presence, options: PlanOptions
) -> tuple[tuple[PlanStep, ...], tuple[HeldBack, ...]]:
    """Separate what is done from what is held back.

    No administrator is removed while another one cannot be added: that one may be the successor. Additions come first,
    so those that are held back are known before any removal.
    """
    steps: list[PlanStep] = []
    held: list[HeldBack] = []
    constraints = _Constraints.of(state, present, options)
    administrators = set(state.rules.administrator_lists)
    successors: dict[str, None] = {}
    for bundle in sorted(bundles, key=lambda bundle: (ORDER[bundle.phase], bundle.person)):
        reason = constraints.reason(bundle)
        removed = {name for step in bundle.steps if step.takes_away for name in step.removed}
        if reason is None and successors and administrators & removed:
            reason = Reason.SUCCESSOR_HELD_BACK, f"a new administrator is held back ({', '.join(successors)})"
        if reason is None:
            steps += bundle.steps
            continue
        held += [HeldBack(step, *reason) for step in bundle.steps]
        if any(administrators & (step.effects.keys() - set(step.removed)) for step in bundle.steps):
            successors[bundle.person] = None
    return tuple(steps), tuple(held)


@dataclass(frozen=True)
class _Constraints:
    """Knows what must not be done, whatever is declared."""

    state: AccessState
    present: Presence
    options: PlanOptions
    unread: str
    account: str
    account_unknown: str

    @classmethod
    def of(cls, state: AccessState, present: Presence, options: PlanOptions) -> _Constraints:
        unread = "; ".join(f"{name}: {text}" for name, text in reading_problems(state).items())
        account = canonical(state.account or "", options.dotless_domains)
        return cls(state, present, options, unread, account, account_problem(state, options.dotless_domains))

    @property
    def noun(self) -> str:
        return self.state.rules.noun

    def reason(self, bundle: _Bundle) -> tuple[Reason, str] | None:
        """Return why a bundle is held back, None if it may be done."""
        if self.unread:
            return Reason.INCOMPLETE_READ, f"the {self.noun} was not read completely ({self.unread})"
        removes = any(step.removed for step in bundle.steps)
        if removes and bundle.person == self.account:
            return Reason.ACCOUNT_IN_USE, "this is the account in use, which is never removed from a list"
        limits, domains = self.options.guardrails, self.options.dotless_domains
        if removes and (pattern := protecting(limits.protected, bundle.person, self.present, domains)):
            undoing = (
                "; [Add] would put them on lists that are not declared" if bundle.steps[-1].undoes_addition else ""
            )
            return Reason.PROTECTED, f"protected by the pattern {pattern!r}{undoing}"
        if removes and self.account_unknown:
            return Reason.ACCOUNT_UNKNOWN, self.account_unknown
        lacking = sorted({step.operation for step in bundle.steps} - self.state.operations)
        if lacking:
            return Reason.UNSUPPORTED, f"the {self.noun}'s profile has no operation {', '.join(lacking)}"
        unsaid = {f"{value!r} in {step.operation}": None for step in bundle.steps for value in self.state.unsaid(step)}
        if unsaid:
            return Reason.UNSUPPORTED, f"the {self.noun}'s profile has no word for {', '.join(unsaid)}"
        return None


def _difference(
    present: Presence, steps: Iterable[PlanStep], rules: AccessRules
) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    later: dict[str, set[str]] = {}
    for step in steps:
        lists = later.setdefault(step.person, set(present.get(step.person, ())))
        for name, effect in step.effects.items():
            (lists.discard if effect == "removed" else lists.add)(name)
    before = {person: shown(rules, present.get(person, ())) for person in sorted(later)}
    after = {person: shown(rules, later[person]) for person in before}
    changed = [person for person in before if before[person] != after[person]]
    return {person: before[person] for person in changed}, {person: after[person] for person in changed}


def _pending(present: Presence, targets: Mapping[str, _Target], rules: AccessRules) -> Iterable[Pending]:
    pairs = [part.lists for part in rules.parts if len(part.lists) > 1 and not part.as_in]
    for person in sorted(targets):
        there = present.get(person, {})
        for invited, active in pairs:
            if invited in there and active not in there:
                yield Pending(person, invited, there[invited][0].since)


def _count(present: Presence, lists: Iterable[str]) -> int:
    names = set(lists)
    return sum(1 for there in present.values() if names & there.keys())


def _wanted(targets: Mapping[str, _Target], rules: AccessRules) -> dict[str, int]:
    found: Counter[str] = Counter()
    for target in targets.values():
        found.update(target.applications | rules.base)
        found[rules.administrators] += target.administrator
    return {part: found[part] for part in rules.names}


def _empty(
    present: Presence,
    declared: DeclaredAccess,
    targets: Mapping[str, _Target],
    rules: AccessRules,
    options: PlanOptions,
) -> tuple[str, ...]:
    """Return the lists that the plan would empty because nobody is declared for them: most often a mistake.

    People who are declared with applications of their own do not count. A run that was stopped between an [Add] and its
    undoing leaves them on lists that nobody is declared for, and the next run has to remove them there. Those who are
    declared without applications keep theirs, so that what they have does not become empty.
    """
    if options.mode is Mode.ADDITIVE or options.scope.people is not None:
        return ()
    manages = options.scope.manages
    wanted = _wanted(targets, rules)
    keeping = {person: there for person, there in present.items() if person in targets and targets[person].open}
    others = {person: there for person, there in present.items() if person not in targets}
    found = []
    for part in rules.parts:
        if not manages(part.name) or wanted[part.name]:
            continue
        if part.name not in rules.applications:
            emptied = bool(_count(present, part.lists))
        else:
            emptied = bool(_count(others, part.lists)) and not _count(keeping, part.lists)
        if emptied:
            found.append(part.name)
    administrators = set(rules.administrator_lists)
    plain = any(not administrators & there.keys() for there in present.values())
    if not declared.users and plain and any(manages(part) for part in rules.applications | rules.base):
        found.append(rules.plain)
    return tuple(found)
