# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a site's people what is declared: read, plan, rails, apply in order, read again. Knows no page and no option.

The one way by which cloud_access, cloud_user and cloud_admin change anything. What is needed, and what must not be, is
decided by ``_decide/access_*``; here is what is sent, what is kept when something goes wrong, and what is told.
"""

from __future__ import annotations

import json
import random
import typing as t
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .._decide.access.guardrails import rails
from .._decide.access.model import (
    AccessPlan,
    DeclaredAccess,
    Kind,
    Mode,
    PlanOptions,
    PlanStep,
    RailVerdict,
    SiteList,
    SiteState,
)
from .._decide.access.plan import plan
from .._decide.access.render import as_diff, as_json, as_markdown
from .._decide.access.state import reading_problems
from .._decide.outcomes import Outcome
from .._web.errors import (
    AccountLocked,
    BadInput,
    Busy,
    PartlyApplied,
    PasswordChangeDemanded,
    PrismaError,
    RailRefused,
    SignInRefused,
    TransportError,
    UnexpectedPage,
    Unsupported,
    UntrustedCertificate,
)
from .address_files import check_place, write_private
from .site import Site
from .task import Request

MOST_NAMED = 5
"""People that a message names; the result has all of them."""
LOST_IN_A_ROW = 2
"""Steps in a row that were answered not at all, or not as the profile expects, before no other one is tried."""

_ENDS_THE_RUN = (SignInRefused, AccountLocked, PasswordChangeDemanded, UntrustedCertificate, Busy, Unsupported)
"""What the next step would meet as well."""

_ADMINISTRATORS = (SiteList.ADMINISTRATORS, SiteList.ADMINISTRATORS_INVITED)


class Verdict(StrEnum):
    """What a run came to, in the words that a pipeline goes by."""

    IN_SYNC = "in_sync"
    DRIFT = "drift"
    APPLIED = "applied"
    PARTLY_APPLIED = "partly_applied"
    RAIL_REFUSED = "rail_refused"
    INCOMPLETE = "incomplete"
    UNREACHABLE = "unreachable"
    AUTH_EXPIRED = "auth_expired"
    BAD_INPUT = "bad_input"


_VERDICTS = {
    Outcome.AUTH_FAILED: Verdict.AUTH_EXPIRED,
    Outcome.LOCKED: Verdict.AUTH_EXPIRED,
    Outcome.PASSWORD_CHANGE: Verdict.AUTH_EXPIRED,
    Outcome.BUSY: Verdict.UNREACHABLE,
    Outcome.TIMEOUT: Verdict.UNREACHABLE,
    Outcome.UNREACHABLE: Verdict.UNREACHABLE,
    Outcome.UNTRUSTED_CERTIFICATE: Verdict.UNREACHABLE,
    Outcome.UNSUPPORTED: Verdict.BAD_INPUT,
}


def verdict_of(error: PrismaError) -> Verdict:
    """Return what a pipeline is told of ``error``."""
    if isinstance(error, BadInput):
        return Verdict.BAD_INPUT
    if isinstance(error, RailRefused):
        return Verdict.RAIL_REFUSED
    if isinstance(error, PartlyApplied):
        return Verdict.PARTLY_APPLIED
    return _VERDICTS.get(error.outcome, Verdict.INCOMPLETE)


@dataclass(frozen=True)
class WantedPeople:
    """What one task asks of a site. ``plan_file`` and ``markdown_file``: where the plan goes, for a review."""

    declared: DeclaredAccess
    options: PlanOptions
    plan_file: str | None = None
    markdown_file: str | None = None


@dataclass
class _Person:
    """What became of one person."""

    person: str
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    error: PrismaError | None = None

    def as_dict(self) -> dict[str, t.Any]:
        """Return plain data for the result."""
        outcome = "failed" if self.error is not None else "not_tried" if self.left else "done"
        told = {"reason": str(self.error).rstrip("."), "advice": self.error.advice} if self.error is not None else {}
        lists = {"done": self.done, "left": self.left, "said": self.said}
        return {"person": self.person, "outcome": outcome, **lists, **told}


def reconcile(request: Request, wanted: WantedPeople) -> None:
    """Make the site what is ``wanted``. ``verdict`` of the result says what came of it, also when it raises."""
    try:
        _check_files(wanted)
        site = Site.of(request, None, wanted.options.dotless_domains)  # which site it must be is a rail
        _reconcile(request, site, wanted)
    except PrismaError as error:
        request.result.values["verdict"] = verdict_of(error).value
        raise


def _check_files(wanted: WantedPeople) -> None:
    for option, path in (("plan_file", wanted.plan_file), ("markdown_file", wanted.markdown_file)):
        if path:
            check_place(path, option)


def _reconcile(request: Request, site: Site, wanted: WantedPeople) -> None:
    state = site.state()
    planned = plan(state, wanted.declared, wanted.options)
    verdicts = rails(planned, state, wanted.options)
    _tell(request, state, planned, verdicts, wanted)
    audit = wanted.options.mode is Mode.AUDIT
    _raise_refusal(verdicts, audit=audit)
    values = request.result.values
    if planned.in_sync:
        values["verdict"] = Verdict.IN_SYNC.value
        return
    values["verdict"] = Verdict.DRIFT.value
    if audit:
        return
    diff = as_diff(planned)
    request.result.plan(diff["before"], diff["after"])
    if not request.check_mode:
        _apply_and_prove(request, site, planned, wanted)


def _tell(
    request: Request, state: SiteState, planned: AccessPlan, verdicts: Sequence[RailVerdict], wanted: WantedPeople
) -> None:
    rendered = as_json(planned, verdicts)
    request.result.values.update(
        site=state.site,
        account=state.account,
        plan=rendered,
        plan_sha256=planned.sha256,
        rails=rendered["rails"],
        people=[],
        left=[],
        proof=proof_of(state),
    )
    request.result.warnings += planned.warnings
    if wanted.plan_file:
        write_private(wanted.plan_file, _json(rendered))
    if wanted.markdown_file:
        write_private(wanted.markdown_file, as_markdown(planned, verdicts).encode())


def _json(data: t.Any) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()


def proof_of(state: SiteState) -> dict[str, dict[str, t.Any]]:
    """Return, per list, what proves that all of it was read."""
    return {
        str(name): {
            "pages": found.pages,
            "total": found.total,
            "rows": len(found.rows),
            "complete": found.complete,
            **({"problem": found.problem} if found.problem else {}),
        }
        for name, found in state.lists.items()
    }


def _raise_refusal(verdicts: Sequence[RailVerdict], *, audit: bool) -> None:
    refused = [rail for rail in verdicts if rail.refused]
    incomplete = [rail for rail in refused if rail.name == "complete_read"]
    if incomplete:
        raise UnexpectedPage(incomplete[0].text, advice=incomplete[0].advice, details=_rail_details(refused))
    if refused and not audit:
        raise RailRefused(
            "; ".join(f"{rail.name}: {rail.text.rstrip('.')}" for rail in refused),
            advice=" ".join(dict.fromkeys(rail.advice for rail in refused if rail.advice)),
            details=_rail_details(refused),
        )


def _rail_details(refused: Sequence[RailVerdict]) -> dict[str, t.Any]:
    return {"rails": [rail.name for rail in refused]}


# --- applying ---


def _apply_and_prove(request: Request, site: Site, planned: AccessPlan, wanted: WantedPeople) -> None:
    """Send the steps, read all lists again, and raise unless they show what is declared."""
    people, stopped = _apply(request, site, planned.steps)
    values = request.result.values
    values["people"] = [person.as_dict() for person in people.values()]
    if not site.session.wrote:
        if stopped is not None:
            raise stopped
        failed = next((person.error for person in people.values() if person.error is not None), None)
        if failed is not None and len(people) == 1:
            raise failed
    try:
        state = site.state()
    except PrismaError as error:
        raise _not_proven(str(error), error.details) from error
    problems = reading_problems(state)
    if problems:
        raise _not_proven("; ".join(f"{name}: {text}" for name, text in problems.items()), {})
    left = plan(state, wanted.declared, replace(wanted.options, plan_sha256=None))
    values["proof"] = proof_of(state)
    rendered = as_json(left, ())
    values["left"] = [*rendered["steps"], *rendered.get("held_back", [])] if not left.in_sync else []
    if left.in_sync:
        values["verdict"] = Verdict.APPLIED.value
        request.result.warnings += [f"{person.person}: {person.error}" for person in people.values() if person.error]
        return
    raise _partly(people, left, stopped)


def _not_proven(why: str, details: dict[str, t.Any]) -> PartlyApplied:
    return PartlyApplied(
        f"the changes were sent, but reading the lists back failed: {why}",
        advice="Run again: what is done is left alone, and what is missing is done then.",
        details=details,
    )


def _partly(people: dict[str, _Person], left: AccessPlan, stopped: PrismaError | None) -> PartlyApplied:
    held_back = [held.step.person for held in left.held_back if held not in left.kept]
    lacking = list(dict.fromkeys([*(step.person for step in left.steps), *held_back]))
    done = sum(1 for person in people.values() if person.done)
    named = []
    for person in lacking[:MOST_NAMED]:
        record = people.get(person)
        named.append(f"{person}: {record.error}" if record is not None and record.error is not None else person)
    more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
    reasons = [person.error.advice for person in people.values() if person.error is not None]
    advice = stopped.advice if stopped is not None else (reasons[0] if reasons else "Look at what is left.")
    return PartlyApplied(
        f"{done} people are done, {len(lacking)} are not as declared: {'; '.join(named)}{more}",
        advice=f"{advice} Then run again: what is done is left alone.",
        details={"left": lacking},
    )


def _apply(request: Request, site: Site, steps: Sequence[PlanStep]) -> tuple[dict[str, _Person], PrismaError | None]:
    """Send the steps in order. Return what became of each person, and the error that ended it early, if one did."""
    people: dict[str, _Person] = {}
    stopped: PrismaError | None = None
    lost = 0
    for step in steps:
        person = people.setdefault(step.person, _Person(step.person))
        if stopped is not None or person.error is not None or _must_wait(step, people):
            person.left.append(_named(step))
            continue
        try:
            said = _carry_out_with_retry(request, site, step)
        except PrismaError as error:
            person.error = error
            person.left.append(_named(step))
            lost = lost + 1 if isinstance(error, (TransportError, UnexpectedPage)) else 0
            # whoever belongs to another site says nothing about the next person
            if isinstance(error, _ENDS_THE_RUN) or lost >= LOST_IN_A_ROW or request.deadline.passed:
                stopped = error
            continue
        lost = 0
        person.done.append(_named(step))
        if said:
            person.said.append(said)
    return people, stopped


def _must_wait(step: PlanStep, people: dict[str, _Person]) -> bool:
    """No administrator goes while somebody who should come could not be added: they may be the successor."""
    return (
        step.kind is Kind.REMOVE
        and not step.undoes_addition
        and step.where in _ADMINISTRATORS
        and any(str(Kind.ADD_ADMINISTRATOR) in person.left for person in people.values() if person.error is not None)
    )


def _named(step: PlanStep) -> str:
    return step.operation


def _carry_out_with_retry(request: Request, site: Site, step: PlanStep) -> str | None:
    """Carry out a step. One that the site turned away (429) was not done: it is sent again after a pause."""
    retries = int(request.options["retries"])
    for attempt in range(retries + 1):
        try:
            return site.carry_out(step)
        except Busy as error:
            if error.may_have_arrived or attempt == retries:
                raise
            site.session.client.pause(_seconds(error, attempt))
    raise AssertionError("the last attempt returns or raises")


def _seconds(error: Busy, attempt: int) -> float:
    asked = str(error.details.get("retry_after") or "")
    if asked.isdecimal():
        return float(asked)
    return random.uniform(0.5, 1.0) * float(1 << attempt)


__all__ = ["Verdict", "WantedPeople", "proof_of", "reconcile", "verdict_of"]
