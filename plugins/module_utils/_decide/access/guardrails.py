# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guardrails: limits that a plan must keep before anything of it is applied, checked without trust in the planner.

Pure. Each looks at the steps and at what was read, in canonical identities, and always gives a result. **One
refusal, and nothing of the plan is applied.** Limits count people: anyone who loses at least one list that they were on
before the run counts once, on however many lists; revoked invitations and demotions count. docs/access.md describes
them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..identity import canonical, pattern_problem
from ..text import same_name
from .model import AccessPlan, AccessState, GuardrailCheck, Mode, Phase, PlanOptions, PlanStep, Reason
from .plan import digest
from .state import Presence, account_problem, name_problem, on, presence_of, protecting, reading_problems


def check_guardrails(plan: AccessPlan, state: AccessState, options: PlanOptions) -> tuple[GuardrailCheck, ...]:
    """Return the check of every guardrail, always all of them and in this order."""
    present = presence_of(state, options.dotless_domains)
    removals = _removals(plan, present)
    return (
        _right_one(state, options),
        _complete_read(state),
        _account_in_use(plan, state, present, options),
        _empty_list(plan, options),
        _max_removals(removals, present, plan, options),
        _max_removal_percent(removals, present, plan, options),
        _min_admins(removals, present, plan, options),
        _required_admins(plan, present, options),
        _protected(plan, present, options),
        _plan_sha256(plan, options),
    )


def _lost(step: PlanStep, present: Presence, plan: AccessPlan) -> frozenset[str]:
    """Return the lists that a person was on before and that a step takes them off, by the rules of its operation."""
    taken = plan.rules.taken_by(step.kind, step.where, step.inputs) | set(step.removed)
    return taken & present.get(step.person, {}).keys()


def _removes(step: PlanStep, present: Presence, plan: AccessPlan) -> bool:
    """Whether a step takes a person off any list, also off one that an addition of this run puts them on."""
    return bool(step.removed or step.where is not None or _lost(step, present, plan))


def _removals(plan: AccessPlan, present: Presence) -> tuple[PlanStep, ...]:
    """Return the removals from lists on which a person was before, whatever the planner marked as undoing."""
    return tuple(
        step
        for step in plan.steps
        if _removes(step, present, plan) and (not step.undoes_addition or _lost(step, present, plan))
    )


def _right_one(state: AccessState, options: PlanOptions) -> GuardrailCheck:
    """A name that was not read is never that of the declared site: all sites of a portal have one address."""
    noun, wanted, unknown = state.rules.noun, options.name, name_problem(state)
    refused = wanted is not None and (bool(unknown) or not same_name(wanted, state.name))
    shown = unknown or f"the account is signed in to {state.name!r}"
    return GuardrailCheck(
        f"right_{noun}",
        limit=wanted,
        found=None if unknown else state.name,
        refused=refused,
        text=f"the declared people are those of {wanted!r}, but {shown}"
        if refused
        else shown + ("" if wanted else f"; no {noun} is declared"),
        advice=f"Have the profile read the name of the {noun} (read.account)."
        if unknown
        else f"Sign in with an administrator of the declared {noun}: the account decides which {noun} is shown.",
    )


def _complete_read(state: AccessState) -> GuardrailCheck:
    problems = [f"{name}: {text}" for name, text in reading_problems(state).items()]
    count = len(state.rules.readings)
    whole = f"all {count} lists were read to their end" if count > 1 else "the list was read to its end"
    return GuardrailCheck(
        "complete_read",
        limit=True,
        found=not problems,
        refused=bool(problems),
        text="; ".join(problems) or whole,
        advice="Nothing is changed after an incomplete reading. Run again; if it stays so, correct the "
        f"{state.rules.noun}'s profile.",
    )


def _account_in_use(plan: AccessPlan, state: AccessState, present: Presence, options: PlanOptions) -> GuardrailCheck:
    unknown = account_problem(state, options.dotless_domains)
    account = canonical(state.account or "", options.dotless_domains)
    removals = [step.person for step in plan.steps if _removes(step, present, plan)]
    held = {one.step.person for one in plan.held_back if one.reason is Reason.ACCOUNT_UNKNOWN}
    if account in removals:
        refused, text = True, f"the plan removes the account in use ({account})"
    elif unknown and (held or removals):
        refused, text = True, f"{unknown}; {_people(len(set(held or removals)))} would have to be removed from lists"
    else:
        refused, text = False, f"{unknown}; nothing has to be removed" if unknown else f"{account} stays where it is"
    return GuardrailCheck(
        "account_in_use",
        limit=None,
        found=state.account,
        refused=refused,
        text=text,
        advice="Nothing is removed unless the account in use is known: sign in as an administrator of this "
        f"{state.rules.noun}, with a profile that reads the account.",
    )


def _empty_list(plan: AccessPlan, options: PlanOptions) -> GuardrailCheck:
    return GuardrailCheck(
        "empty_list",
        limit=options.guardrails.allow_empty,
        found=list(plan.empty),
        refused=bool(plan.empty) and not options.guardrails.allow_empty,
        text=f"nobody is declared for {', '.join(plan.empty)}, where the {plan.rules.noun} has people"
        if plan.empty
        else "nothing is declared empty that has people",
        advice="Declare the people, or set allow_empty: true if the list must be empty.",
    )


def _max_removals(
    removals: Sequence[PlanStep], present: Presence, plan: AccessPlan, options: PlanOptions
) -> GuardrailCheck:
    people = {step.person for step in removals}
    limit = options.guardrails.max_removals
    return GuardrailCheck(
        "max_removals",
        limit=limit,
        found=len(people),
        refused=len(people) > limit,
        text=f"{_people(len(people))} would lose something they had ({_kinds(removals, present, plan)}); "
        f"allowed are {limit}",
        advice="Read the plan. If these removals are intended, raise max_removals for this run.",
    )


def _max_removal_percent(
    removals: Sequence[PlanStep], present: Presence, plan: AccessPlan, options: PlanOptions
) -> GuardrailCheck:
    people = {step.person for step in removals}
    # counted from the reading: the limit must hold even if the planner is wrong
    total = len(present)
    limit = options.guardrails.max_removal_percent
    percent = 100 * len(people) / total if total else 0.0
    return GuardrailCheck(
        "max_removal_percent",
        limit=limit,
        found=round(percent, 1),
        refused=100 * len(people) > limit * total,
        text=f"{len(people)} of {total} {plan.rules.cloud.on_it} would lose something they had: {percent:.1f} %; "
        f"allowed are {limit:g} %",
        advice="Read the plan. If these removals are intended, raise max_removal_percent for this run.",
    )


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _kinds(removals: Sequence[PlanStep], present: Presence, plan: AccessPlan) -> str:
    lost = [(step, _lost(step, present, plan)) for step in removals]
    entries = sum(len(lists) for _step, lists in lost)
    revoked = {step.person for step, lists in lost if lists & plan.rules.invited_lists}
    demoted = {step.person for step in removals if step.phase is Phase.DEMOTE}
    return f"list entries: {entries}, revoked invitations: {len(revoked)}, demotions: {len(demoted)}"


def _min_admins(
    removals: Sequence[PlanStep], present: Presence, plan: AccessPlan, options: PlanOptions
) -> GuardrailCheck:
    """Only active administrators count: an invited one cannot act yet. At least one must remain in any case [F]."""
    active_list = plan.rules.administrator_lists[-1]
    active = on(present, (active_list,))
    lost = {step.person for step in removals if active_list in _lost(step, present, plan)}
    limit = max(1, options.guardrails.min_admins)
    left = len(active - lost)
    return GuardrailCheck(
        "min_admins",
        limit=limit,
        found=left,
        # where there are too few already, adding more must stay possible
        refused=left < limit and bool(lost),
        text=f"active administrators who remain: {left}; needed are {limit}",
        advice="Declare more administrators, have them sign in once, and run again.",
    )


def _required_admins(plan: AccessPlan, present: Presence, options: PlanOptions) -> GuardrailCheck:
    required = {canonical(one, options.dotless_domains) for one in options.guardrails.required_admins}
    removed = _removed_admins(plan, present, options)
    lacking = sorted(required & (removed | _absent_admins(plan, present, options, required)))
    return GuardrailCheck(
        "required_admins",
        limit=sorted(required),
        found=lacking,
        refused=bool(lacking),
        text=f"not declared as administrator, or removed: {', '.join(lacking)}"
        if lacking
        else f"required: {len(required)}; all are there",
        advice="Declare them as administrators, or remove them from required_admins.",
    )


def _removed_admins(plan: AccessPlan, present: Presence, options: PlanOptions) -> set[str]:
    """Return whom the plan removes as administrator, or would if they were not kept on purpose."""
    kept = () if options.mode is Mode.ADDITIVE else tuple(one.step for one in plan.kept)
    lists = set(plan.rules.administrator_lists)
    return {step.person for step in (*plan.steps, *kept) if lists & {step.where, *_lost(step, present, plan)}}


def _absent_admins(plan: AccessPlan, present: Presence, options: PlanOptions, required: set[str]) -> set[str]:
    """Return who is no administrator and is not made one; for a task that names people, that is not its concern."""
    if options.scope.people is not None:
        return set()
    lists = set(plan.rules.administrator_lists)
    added = {step.person for step in plan.steps if lists & (step.effects.keys() - set(step.removed))}
    return required - on(present, lists) - added


def _protected(plan: AccessPlan, present: Presence, options: PlanOptions) -> GuardrailCheck:
    """Nothing is taken from a protected person, not even what an [Add] of this run gave them."""
    patterns = options.guardrails.protected
    domains = options.dotless_domains
    useless = [f"{one!r} {text}" for one in patterns if (text := pattern_problem(one))]
    removed = {step.person for step in plan.steps if _removes(step, present, plan)}
    hit = sorted(person for person in removed if protecting(patterns, person, present, domains))
    kept = sorted({one.step.person for one in plan.kept if one.reason is Reason.PROTECTED})
    if useless:
        text = f"a pattern can protect nobody: {'; '.join(useless)}"
    elif hit:
        text = f"the plan removes protected people: {', '.join(hit[:5])}{' …' if len(hit) > 5 else ''}"
    else:
        text = f"{_people(len(kept))} kept though not declared so" if kept else "no protected person is concerned"
    return GuardrailCheck(
        "protected",
        limit=list(patterns),
        found=hit or kept,
        refused=bool(useless or hit),
        text=text,
        advice="Correct the patterns.",
    )


def _plan_sha256(plan: AccessPlan, options: PlanOptions) -> GuardrailCheck:
    found = digest(plan.rules.cloud, plan.name, plan.steps)
    # a plan without steps applies nothing: the reviewed one has been applied already
    refused = options.plan_sha256 is not None and options.plan_sha256 != found and bool(plan.steps)
    given = "no digest of a reviewed plan is given"
    if options.plan_sha256 is not None:
        given = "no other plan than the reviewed one is applied"
    return GuardrailCheck(
        "plan_sha256",
        limit=options.plan_sha256,
        found=found,
        refused=refused,
        text="this is not the plan that was reviewed" if refused else given,
        advice=f"The {plan.rules.noun} or the declared people have changed since the review: review the plan again.",
    )
