# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the people of a site or a tenant what is declared: read, plan, check the guardrails, apply, read again.

cloud_access, cloud_user, cloud_admin, home_access and home_user change people only here. ``_decide/access`` decides
what is needed and what must not be done; ``people_steps.py`` sends it. This file knows no page and no option.
"""

from __future__ import annotations

import contextlib
import json
import traceback
import typing as t
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .._decide.access.expected import Difference, ExpectedLists, unplanned_changes
from .._decide.access.fitted import fitted
from .._decide.access.guardrails import check_guardrails
from .._decide.access.model import (
    AccessPlan,
    AccessState,
    DeclaredAccess,
    GuardrailCheck,
    Mode,
    PlanOptions,
    Reason,
)
from .._decide.access.plan import plan
from .._decide.access.render import as_diff, as_json, as_markdown
from .._decide.access.state import Presence, presence_of, reading_problems
from .._decide.access.status import AccessOutcome
from .._decide.access.warnings import MOST_NAMED, held_back_texts
from .._decide.identity import canonical
from .._web.errors import (
    AllHeldBack,
    BadInput,
    ForbiddenRedirect,
    GuardrailRefused,
    MissingLibrary,
    NotHttp,
    NotReadBack,
    PartlyApplied,
    PrismaError,
    TlsHandshakeFailed,
    UnexpectedPage,
    UnplannedChange,
)
from .address_files import check_place, write_private
from .directory import Directory
from .people_steps import StepRun, named
from .task import Request

_OUTCOMES: dict[type[PrismaError], AccessOutcome] = {
    BadInput: AccessOutcome.BAD_INPUT,
    MissingLibrary: AccessOutcome.BAD_INPUT,
    ForbiddenRedirect: AccessOutcome.BAD_INPUT,
    GuardrailRefused: AccessOutcome.GUARDRAIL_REFUSED,
    AllHeldBack: AccessOutcome.DRIFT,
    PartlyApplied: AccessOutcome.PARTLY_APPLIED,
    UnplannedChange: AccessOutcome.UNPLANNED_CHANGE,
    NotHttp: AccessOutcome.UNREACHABLE,
    TlsHandshakeFailed: AccessOutcome.UNREACHABLE,
}
"""The outcomes of errors that are FAILED for a printer. A redirect to another host is corrected in an option."""


@contextlib.contextmanager
def outcome_noted(request: Request) -> Iterator[None]:
    """Put the ``outcome`` of what is raised inside into the result, too."""
    try:
        yield
    except PrismaError as error:
        request.result.values["outcome"] = outcome_of(error).value
        raise
    except Exception as error:
        if not any(session.wrote or session.last_write.sent for session in request.sessions):
            raise
        request.result.values["outcome"] = AccessOutcome.PARTLY_APPLIED.value
        raise _defect_after_writes(error) from error


def _defect_after_writes(error: Exception) -> PartlyApplied:
    what = f"a defect of this collection: {error.__class__.__name__}: {error}"
    return PartlyApplied(
        f"people were changed or may have been, and then came {what}",
        advice="Report it, with 'defect' in 'details'. Check the people with a browser before the next run.",
        details={"defect": traceback.format_exc()},
    )


def outcome_of(error: PrismaError) -> AccessOutcome:
    """Return the outcome of a run that ended with ``error``: its own, if people can have it, or that of its class.

    INCOMPLETE for all other errors: they say nothing about the people, and nothing was changed.
    """
    if error.outcome.value in {outcome.value for outcome in AccessOutcome}:
        return AccessOutcome(error.outcome.value)
    return next((_OUTCOMES[kind] for kind in type(error).__mro__ if kind in _OUTCOMES), AccessOutcome.INCOMPLETE)


@dataclass(frozen=True)
class WantedPeople:
    """What one task asks for. ``open`` returns the site or the tenant, and sends nothing yet.

    ``plan_file`` and ``markdown_file``: where the plan goes, for a review.
    """

    declared: DeclaredAccess
    options: PlanOptions
    open: Callable[[], Directory]
    plan_file: str | None = None
    markdown_file: str | None = None


def reconcile(request: Request, wanted: Callable[[Request], WantedPeople]) -> None:
    """Make people what ``wanted`` makes of the options, and set ``outcome`` of the result, also if it raises."""
    with outcome_noted(request):
        asked = wanted(request)
        _check_files(asked)
        _reconcile(request, asked.open(), asked)


def _check_files(wanted: WantedPeople) -> None:
    for option, path in (("plan_file", wanted.plan_file), ("markdown_file", wanted.markdown_file)):
        if path:
            check_place(path, option)


def _reconcile(request: Request, directory: Directory, wanted: WantedPeople) -> None:
    found = _plan(request, directory, wanted)
    if found is None:
        return
    with directory.session.client.paused_deadline():
        others_changed = request.begin_changes(request.result)
    if others_changed:  # the plan is of before that
        found = _plan(request, directory, wanted)
    if found is not None:
        _apply_and_prove(request, directory, *found)


def _plan(
    request: Request, directory: Directory, wanted: WantedPeople
) -> tuple[AccessState, AccessPlan, WantedPeople] | None:
    """Read, plan and check; return what is to be applied to which state, None if nothing is."""
    state = directory.state()
    presence = presence_of(state, wanted.options.dotless_domains)

    def had(address: str) -> set[str]:
        there = presence.get(canonical(address, wanted.options.dotless_domains), {})
        return {state.rules.part_of[name] for name in there}

    declared, problems = fitted(wanted.declared, state.rules, had)
    if problems:
        raise BadInput("; ".join(problems), advice="Correct what is declared, or the profile. Nothing was changed.")
    wanted = replace(wanted, declared=declared)
    planned = plan(state, wanted.declared, wanted.options)
    checks = check_guardrails(planned, state, wanted.options)
    _set_result(request, state, planned, checks, wanted)
    audit = wanted.options.mode is Mode.AUDIT
    _raise_refusal(checks, audit=audit)
    diff = as_diff(planned)
    request.result.plan(*(({}, {}) if audit or planned.in_sync else (diff["before"], diff["after"])))
    values = request.result.values
    values["outcome"] = (AccessOutcome.IN_SYNC if planned.in_sync else AccessOutcome.DRIFT).value
    if planned.in_sync or audit or request.check_mode:
        return None
    if not planned.steps:
        left = "; ".join(held_back_texts((), planned.lacking))
        raise AllHeldBack(left, advice=f"{_held_back_advice(planned)} Nothing was changed.")
    return state, planned, wanted


def _held_back_advice(planned: AccessPlan) -> str:
    unsupported = any(held.reason is Reason.UNSUPPORTED for held in planned.lacking)
    return f"Change what is declared, {'complete the profile, ' if unsupported else ''}or do it with a browser."


def _set_result(
    request: Request, state: AccessState, planned: AccessPlan, checks: Sequence[GuardrailCheck], wanted: WantedPeople
) -> None:
    rendered = as_json(planned, checks)
    request.result.values[str(state.rules.cloud)] = state.name if state.name_proven else None
    request.result.values.update(
        account=state.account,
        plan=rendered,
        plan_sha256=planned.sha256,
        guardrails=rendered["guardrails"],
        people=[],
        left=[],
        unexpected=[],
        proof=proof_of(state),
    )
    request.result.warnings += [text for text in planned.warnings if text not in request.result.warnings]
    if wanted.plan_file:
        text = json.dumps(rendered, indent=2, ensure_ascii=False, sort_keys=True)
        write_private(wanted.plan_file, f"{text}\n".encode())
    if wanted.markdown_file:
        write_private(wanted.markdown_file, as_markdown(planned, checks).encode())


def proof_of(state: AccessState) -> dict[str, dict[str, t.Any]]:
    """Return, per list, what proves that all of it was read."""
    return {
        str(name): {
            "pages": found.pages,
            "total": found.total,
            "rows": len(found.rows),
            "complete": found.complete,
            **({"problem": found.problem} if found.problem else {}),
        }
        for name, found in state.readings.items()
    }


def refuse_incomplete(state: AccessState) -> None:
    """Raise unless everything was read to its proven end."""
    noun = state.rules.noun
    problems = [f"{name}: {text}" for name, text in reading_problems(state).items()]
    if problems:
        raise UnexpectedPage(
            f"the {noun} was not read completely: {'; '.join(problems)}",
            advice=f"Run again. If it stays so, correct the {noun}'s profile.",
        )


def _raise_refusal(checks: Sequence[GuardrailCheck], *, audit: bool) -> None:
    """Raise what a refusal stops. An audit reports it, and stops only where it would compare the wrong people."""
    refused = [guardrail for guardrail in checks if guardrail.refused]
    wrong_one = any(guardrail.name.startswith("right_") for guardrail in refused)
    incomplete = [guardrail for guardrail in refused if guardrail.name == "complete_read"]
    if incomplete:
        raise UnexpectedPage(incomplete[0].text, advice=incomplete[0].advice, details=_guardrail_details(refused))
    if wrong_one or (refused and not audit):
        raise GuardrailRefused(
            "; ".join(f"{guardrail.name}: {guardrail.text.rstrip('.')}" for guardrail in refused),
            advice=" ".join(dict.fromkeys(guardrail.advice for guardrail in refused if guardrail.advice)),
            details=_guardrail_details(refused),
        )


def _guardrail_details(refused: Sequence[GuardrailCheck]) -> dict[str, t.Any]:
    return {"guardrails": [guardrail.name for guardrail in refused]}


# --- applying ---

_AGAIN = "Then run again: what is done is left alone."
_AGAIN_REVIEWED = (
    "Then make a new plan with --check, review it, and apply it by its plan_sha256: what is done is left alone, and is "
    "no part of it."
)


def _apply_and_prove(
    request: Request, directory: Directory, state: AccessState, planned: AccessPlan, wanted: WantedPeople
) -> None:
    """Send the steps, read all lists again, and raise unless they show what is declared."""
    run = StepRun(request, directory, state, wanted.options.dotless_domains)
    run.send(planned.steps)
    values = request.result.values
    values["people"] = [person.as_dict() for person in run.people.values()]
    errors = [person.error for person in run.people.values() if person.error is not None]
    if not run.sent and (run.stopped is not None or errors):
        raise run.stopped or errors[0]
    again = _AGAIN if wanted.options.plan_sha256 is None else _AGAIN_REVIEWED
    after = _read_back(directory, run, again)
    if run.sent and ExpectedLists(state, wanted.options.dotless_domains).differences(after.readings):
        directory.session.wrote = True  # also by what was answered with a refusal
    left = plan(after, wanted.declared, replace(wanted.options, plan_sha256=None))
    unplanned = unplanned_changes(state, after.readings, planned.steps, wanted.options.dotless_domains)
    rendered = as_json(left, ())
    values["proof"] = proof_of(after)
    values["left"] = [] if left.in_sync else [*rendered["steps"], *rendered["held_back"]]
    values["unexpected"] = [one.as_dict() for one in unplanned]
    presence = presence_of(after, wanted.options.dotless_domains)
    _note_unproven(run, left, planned, presence)
    if not unplanned:
        request.result.warnings += _settle(run, left, planned, presence)
    values["people"] = [person.as_dict() for person in run.people.values()]
    if unplanned:
        raise _unplanned(unplanned, run, f"; {_result_of(run, left, _left_people(left))}")
    # also who has what this run gave, and could not take away again
    unsettled = [name for name, person in run.people.items() if person.unsettled]
    if lacking := list(dict.fromkeys([*_left_people(left), *unsettled])):
        raise _partly(run, left, lacking, again)
    values["outcome"] = AccessOutcome.APPLIED.value


def _settle(run: StepRun, left: AccessPlan, planned: AccessPlan, presence: Presence) -> list[str]:
    """Count people as done of whom the last reading shows all that was planned; return what had failed, as warnings."""
    lacking = _left_people(left)
    warnings = []
    for name, person in run.people.items():
        if not person.unsettled or name in lacking or not _shows_planned(name, planned, presence):
            continue
        if (error := person.settle()) is not None:
            warnings.append(f"{name}: {error}")
    return warnings


def _note_unproven(run: StepRun, left: AccessPlan, planned: AccessPlan, presence: Presence) -> None:
    """Give an error to people whose steps were all answered, and of whom the last reading shows otherwise."""
    lacking = _left_people(left)
    for name, person in run.people.items():
        if name in lacking and not person.unsettled and not _shows_planned(name, planned, presence):
            person.error = NotReadBack(
                "the last reading does not show it",
                advice=f"Check the {run.noun} with a browser: it may need more time, or somebody else has changed it.",
            )


def _shows_planned(name: str, planned: AccessPlan, presence: Presence) -> bool:
    """Return whether a reading shows all that was planned for a person."""
    part_of = planned.rules.part_of
    effects = dict(effect for step in planned.steps if step.person == name for effect in step.effects.items())
    final = {part_of[where]: effect == "added" for where, effect in effects.items()}
    had = {part_of.get(where, where) for where in presence.get(name, ())}
    return all((part in had) == there for part, there in final.items())


def _read_back(directory: Directory, run: StepRun, again: str) -> AccessState:
    """Read all lists again. Where that fails, the changes are not proven."""
    details: dict[str, t.Any] = {}
    advice = ""
    try:
        state = directory.state()
        why = "; ".join(f"{name}: {text}" for name, text in reading_problems(state).items())
    except PrismaError as error:
        why, details, advice = str(error).rstrip("."), error.details, error.advice
    if not why:
        return state
    directory.session.wrote = directory.session.wrote or run.sent
    if run.surprises:
        raise _unplanned(run.surprises, run, f"; then reading the lists back failed: {why}")
    before = "" if run.stopped is None else f"{run.stopped}; then "
    raise PartlyApplied(
        f"changes were sent or may have been, but reading the lists back failed: {before}{why}",
        advice=f"{advice} {again}".lstrip(),
        details=details,
    )


def _unplanned(found: Sequence[Difference], run: StepRun, more: str) -> UnplannedChange:
    """Return the error that names first who is gone or new, and was not planned."""
    noun = run.noun
    return UnplannedChange(
        f"not planned by this run: {named(found)}{more}",
        advice=f"Check these people on the {noun} with a browser, and correct what is wrong there. If nobody else has "
        f"changed the {noun} meanwhile, its profile acts on other people than those it is given: correct the profile "
        "before the next run.",
        details={
            "gone": sorted({one.person for one in found if one.gone}),
            "appeared": sorted({one.person for one in found if not one.gone}),
        },
    )


def _result_of(run: StepRun, left: AccessPlan, lacking: Sequence[str]) -> str:
    """Return in words how many people are done, who is not as declared, and why the run ended early."""
    held_back = {held.step.person: held.text for held in left.lacking}
    done = sum(1 for name, person in run.people.items() if person.done and name not in lacking)
    names = []
    for person in lacking[:MOST_NAMED]:
        record = run.people.get(person)
        why = record.error if record is not None and record.error is not None else held_back.get(person)
        names.append(f"{person}: {why}" if why else person)
    more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
    whom = f": {'; '.join(names)}{more}" if names else ""
    result = f"{done} people are done, {len(lacking)} are not as declared{whom}"
    named_before = bool(run.surprises) and isinstance(run.stopped, NotReadBack)  # it names the same people
    if run.stopped is None or named_before or str(run.stopped) in result:
        return result
    return f"{result}; the run ended early: {run.stopped}"


def _left_people(left: AccessPlan) -> list[str]:
    held_back = [held.step.person for held in left.lacking]
    return list(dict.fromkeys([*(step.person for step in left.steps), *held_back]))


def _partly(run: StepRun, left: AccessPlan, lacking: Sequence[str], again: str) -> PartlyApplied:
    reasons = [person.error.advice for person in run.people.values() if person.error is not None]
    advice = run.stopped.advice if run.stopped is not None else (reasons[0] if reasons else _held_back_advice(left))
    return PartlyApplied(
        _result_of(run, left, lacking),
        advice=f"{advice} {again}",
        details={"left": list(lacking)},
    )
