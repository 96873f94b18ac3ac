# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings of a plan: what a person should check although no guardrail refuses it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ..identity import canonical, outside_ascii
from .model import AccessState, DeclaredAccess, HeldBack, Mode, PlanOptions, PlanStep, Reason, not_done
from .rules import AccessRules
from .state import Presence, name_problem, protecting

_TWINS = {"gmail.com": "googlemail.com", "googlemail.com": "gmail.com"}
MOST_NAMED = 5
"""People that a message names; the result has all of them."""
_LAST_LATIN = "\u024f"
"""Letters beyond it can look like a Latin one."""


def warnings_of(
    state: AccessState,
    present: Presence,
    declared: DeclaredAccess,
    steps: Sequence[PlanStep],
    held: Sequence[HeldBack],
    options: PlanOptions,
) -> tuple[str, ...]:
    """Return the warnings, in an order of their own that does not depend on how people are declared."""
    domains = options.dotless_domains
    administrators = {canonical(person.address, domains) for person in declared.administrators}
    users = {canonical(person.address, domains) for person in declared.users}
    named = (options.scope.people or frozenset()) - administrators - users
    return (
        *name_warnings(state),
        *_no_name(state, steps, options),
        *_outside_ascii(declared, named, options),
        *(
            f"{person} is declared as administrator and as user: a dedicated account is advised for an administrator"
            for person in sorted(administrators & users)
        ),
        *_twins(administrators | users, named, present, state.rules),
        *_shown_twice(present),
        *_account(state, held),
        *_not_done(steps, held, options),
        *_matching_nobody({*present, *administrators, *users}, present, options, state.rules),
        *_watched(present, steps, state.rules),
    )


def name_warnings(state: AccessState) -> Iterable[str]:
    """Yield that nothing proves which site this is, if nothing does: the account in use alone decides it."""
    if problem := name_problem(state):
        yield f"{problem}: nothing proves that {state.name} shows the site that is meant"


def _no_name(state: AccessState, steps: Iterable[PlanStep], options: PlanOptions) -> Iterable[str]:
    """No guardrail limits additions: at the site of a wrong account, everybody would be added."""
    if not state.name_proven:
        return
    adds = any(not step.removed for step in steps)
    if adds and options.name is None and options.scope.people is None and options.mode is not Mode.AUDIT:
        noun = state.rules.noun
        yield (
            f"no {noun} is declared, and people are added to {state.name}: write '{noun}: {state.name}' into the file, "
            f"or set printops_{noun}, if that is the right one"
        )


def _outside_ascii(declared: DeclaredAccess, named: Collection[str], options: PlanOptions) -> Iterable[str]:
    """A character that looks like a Latin one makes somebody else of a person: all of them, as they are declared."""
    people = {person.address for person in (*declared.administrators, *declared.users)}
    limits = options.guardrails
    for text in sorted({*people, *named, *limits.required_admins, *limits.protected}, key=_look_alikes_first):
        if found := outside_ascii(text):
            yield f"{text} has characters outside ASCII ({found}): is it the address that is meant?"


def _look_alikes_first(text: str) -> tuple[bool, str]:
    return all(character <= _LAST_LATIN for character in text), text


def _matching_nobody(
    people: Collection[str], present: Presence, options: PlanOptions, rules: AccessRules
) -> Iterable[str]:
    for pattern in options.guardrails.protected:
        if not any(protecting((pattern,), person, present, options.dotless_domains) for person in people):
            yield f"the protected pattern {pattern!r} matches nobody {rules.cloud.on_it} and nobody who is declared"


def _twins(declared: Collection[str], named: Collection[str], present: Presence, rules: AccessRules) -> Iterable[str]:
    people = {*declared, *named}
    for person in sorted(people):
        local, _at, domain = person.rpartition("@")
        twin = f"{local}@{_TWINS.get(domain, domain)}"
        if twin != person and twin in present and twin not in people and person not in present:
            is_named, name = ("declared", "declare") if person in declared else ("named", "name")
            yield (
                f"{person} is {is_named}, {twin} is {rules.cloud.on_it}: they may be one person; "
                f"{name} the one {rules.cloud.on_it}"
            )


def _shown_twice(present: Presence) -> Iterable[str]:
    for person in sorted(present):
        for name, rows in present[person].items():
            if len(rows) > 1:
                yield f"{person} is on the list {name} more than once: {', '.join(sorted(row.address for row in rows))}"


def _account(state: AccessState, held: Iterable[HeldBack]) -> Iterable[str]:
    if any(one.reason is Reason.ACCOUNT_IN_USE for one in held):
        there = state.rules.cloud.on_it
        yield f"the account in use ({state.account}) is not declared as it is {there}; it is kept: declare it"


def _not_done(steps: Sequence[PlanStep], held: Sequence[HeldBack], options: PlanOptions) -> Iterable[str]:
    """A run does not do it and fails, so check mode and an audit say it too, unless a guardrail refuses for it."""
    lacking = not_done(held, names_people=options.scope.people is not None)
    refused = (Reason.INCOMPLETE_READ, Reason.ACCOUNT_UNKNOWN)
    return held_back_texts(steps, [one for one in lacking if one.reason not in refused])


def held_back_texts(steps: Iterable[PlanStep], held: Iterable[HeldBack]) -> tuple[str, ...]:
    """Return what is held back in words: one text for each reason, as many people may have the same."""
    moved = {step.person for step in steps}
    people: dict[tuple[str, bool], dict[str, None]] = {}
    for one in held:
        people.setdefault((one.text, one.step.person in moved), {})[one.step.person] = None
    return tuple(
        f"{'not everything' if partly else 'nothing'} is done for {', '.join([*names][:MOST_NAMED])}"
        + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
        + f": {text}"
        for (text, partly), names in people.items()
    )


def _watched(present: Presence, steps: Iterable[PlanStep], rules: AccessRules) -> Iterable[str]:
    """Name what nobody can do afterwards, as nobody is left on all lists that it needs."""
    lost: dict[str, set[str]] = {}
    for step in steps:
        lost.setdefault(step.person, set()).update(step.removed)
    for needed, warning in rules.watched:
        able = [person for person, there in present.items() if needed <= there.keys()]
        if able and all(needed & lost.get(person, set()) for person in able):
            yield warning
