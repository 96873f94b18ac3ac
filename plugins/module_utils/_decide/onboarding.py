# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of one printer: from the results of the role's steps to one outcome of the closed list. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from .findings import ExpectedState, connector_notes, find
from .ors import undeclared_proxy
from .outcomes import ADVICE, Outcome, is_good
from .printer_facts import printer_facts
from .situation import LICENCES, LOOKS_AHEAD, STEPS, Result, Results

NO_VIEWER = "ORS was not checked with a viewer account (onboard_viewer is not declared)"
VIEWER_REFUSED = (
    "The sign-in of the viewer was refused, and was not repeated so as not to lock the account. Correct onboard_viewer "
    "before the next run: every run spends one attempt."
)
STOPPED_BY_ANOTHER = "the run stopped here because of another printer (any_errors_fatal)"
STEPS_LEFT_OUT = "Steps were left out (--tags, --skip-tags), so nothing was decided. Run the whole role."
LONGER_TIMEOUT = (
    "Give the tasks of the role a longer timeout (task_timeout in ansible.cfg, or ANSIBLE_TASK_TIMEOUT), or use "
    "onboard_mode: bulk. Then run again: what was begun is found and continued."
)
NOT_STARTED = "its wave was not started"
LEFT_OUT = "a condition (when) left it out"
NOT_READ = "the task 'Read the printer' did not run: start there, or before it (--start-at-task)"

_UNSEEN_END = frozenset({"timedout", "module_stdout"})
"""What Ansible's own result has of a task that it ended, or of a module that ended without one, as when killed."""
_PREFIXES = {"applications": "controller."}
"""What is put before the changes of a step whose values another step has too."""


@dataclass(frozen=True)
class OnboardingResult:
    """What became of one printer, and what a report needs of it."""

    outcome: str
    good: bool
    planned: bool
    """Whether this is a prediction of check mode."""
    advice: str
    reason: str = ""
    serial: str | None = None
    model: str | None = None
    registration: str | None = None
    service: str | None = None
    tenant: str | None = None
    changes: list[str] = field(default_factory=list)
    pressed: bool = False
    address_file: str | None = None
    address_host: str | None = None
    qr_path: str | None = None
    ors: dict[str, t.Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    findings: list[dict[str, str]] = field(default_factory=list)
    evidence: str | None = None
    location: str | None = None
    proxy: str | None = None
    applications: dict[str, bool] = field(default_factory=dict)
    licences: dict[str, bool] = field(default_factory=dict)
    last_data: str | None = None
    controller_version: str | None = None
    engine_version: str | None = None
    hostname: str | None = None
    certificate_ends: str | None = None
    seconds: float | None = None
    """How long its steps took, with what they waited for. Bulk mode alone knows it."""
    defect: str | None = None

    def as_dict(self) -> dict[str, t.Any]:
        """Return the result as a task returns it; C(defect) only where there is one."""
        return {name: value for name, value in asdict(self).items() if name != "defect" or value}

    def attention(self, fail_on: frozenset[str], *, partial: bool = False) -> str:
        """Return why the printer needs attention: its outcome or a finding is one of ``fail_on``. Empty if it does not.

        ``partial``: steps were left out on purpose (C(--tags)), so a printer without an outcome for that needs nothing.
        """
        reasons = []
        if self.outcome in fail_on and not (partial and self.advice == STEPS_LEFT_OUT):
            reasons.append(_sentence(self.outcome, self.reason, self.advice))
        reasons += [
            _sentence(found["finding"], found["what"], found["advice"])
            for found in self.findings
            if found["finding"] in fail_on
        ]
        return " ".join(reasons)


FIELDS = tuple(OnboardingResult.__dataclass_fields__)


def _sentence(what: str, reason: str, advice: str) -> str:
    return f"{what}: {reason.rstrip('.')}. {advice}" if reason else f"{what}: {advice}"


def not_tried(reason: str, *, check_mode: bool) -> OnboardingResult:
    """Return the result of a printer that was not begun, or was cut short."""
    return conclude({}, check_mode=check_mode, failure=not_tried_failure(reason))


def not_tried_failure(reason: str) -> Result:
    """Return what stands for the failure of a printer whose steps did not run, for ``reason``."""
    return {"outcome": Outcome.NOT_TRIED.value, "reason": reason}


_NAMES = (LICENCES, *STEPS)


def failure_of(results: Results) -> Result | None:
    """Return the result of the step that failed, None if none did."""
    return next((result for name in _NAMES if (result := results.get(name)) and result.get("failed")), None)


def up_to_failure(results: Results) -> Results:
    """Return the results up to the step that failed. Those of later steps are of an earlier use of the role."""
    failed = next((at for at, name in enumerate(_NAMES) if (results.get(name) or {}).get("failed")), len(_NAMES))
    return {name: results.get(name) for name in _NAMES[: failed + 1]}


def conclude(
    results: Results,
    *,
    check_mode: bool,
    failure: Result | None = None,
    expected: ExpectedState | None = None,
    has_viewer: bool = False,
    has_proxy: bool = True,
) -> OnboardingResult:
    """Return outcome, findings, advice and what a report needs.

    ``results`` are the results of the role's steps by name; those of steps that did not run may be missing. ``failure``
    is the result that ended them. In check mode the outcome is the one that the steps would lead to, as far as reading
    can tell, and ``planned`` is true. ``has_viewer``: whether a viewer account is declared.
    ``has_proxy``: whether the printer's proxy client is.
    """
    done = {name: result for name, result in results.items() if result and not result.get("skipped")}
    expected = expected or ExpectedState()
    info = done.get("info", {})
    device = info.get("device") or {}
    registration = _latest_registration(done)
    outcome = _outcome_of_failure(failure) if failure else _outcome(done, registration, check_mode)
    failed = failure or {}
    of_viewer = bool(done.get("viewer", {}).get("failed"))
    may_have_pressed = not (check_mode or _UNSEEN_END.isdisjoint(done.get("pressed", {})))
    return OnboardingResult(
        outcome=outcome.value,
        good=is_good(outcome),
        planned=check_mode,
        advice=(_advice_of_failure(failed, has_proxy, of_viewer) if failure else _advice(done, outcome))
        or ADVICE[outcome],
        reason=failed.get("reason") or failed.get("msg") or "",
        serial=device.get("serial"),
        model=device.get("model"),
        registration=registration.get("state"),
        service=registration.get("service") or (info.get("registration") or {}).get("service"),
        tenant=registration.get("tenant"),
        changes=_all_changes(done, failed),
        pressed=may_have_pressed or any(result.get("pressed") for result in (*done.values(), failed)),
        address_file=registration.get("address_file"),
        address_host=registration.get("address_host"),
        qr_path=registration.get("qr_path"),
        ors={"viewer": (done.get("viewer") or {}).get("ors"), "administrator": info.get("ors")},
        notes=[
            *_why_left_out(outcome, failed),
            *([NO_VIEWER] if info.get("ors") and not has_viewer and outcome is not Outcome.ALREADY else []),
            *connector_notes(done, expected),
        ],
        findings=find(done, outcome, expected),
        evidence=info.get("evidence") or failed.get("evidence"),
        **printer_facts(done),
        defect=failed.get("defect"),
    )


def _outcome_of_failure(failed: Result) -> Outcome:
    return Outcome.TIMEOUT if "timedout" in failed else Outcome.of(failed.get("outcome"))  # by Ansible, not by the task


def _advice_of_failure(failed: Result, has_proxy: bool, of_viewer: bool) -> str | None:
    """Return the advice of the step that failed; it does not know what is declared for other steps, nor whose it is."""
    if "timedout" in failed:
        return LONGER_TIMEOUT
    proxy = (failed.get("details") or {}).get("proxy") or {}
    if failed.get("outcome") == Outcome.ORS_NOT_READY and proxy.get("enabled") and not has_proxy:
        return undeclared_proxy(proxy["host"], proxy["port"])
    advice = t.cast("str | None", failed.get("advice"))
    if of_viewer and advice and advice.startswith(ADVICE[Outcome.AUTH_FAILED]):
        return VIEWER_REFUSED
    return advice


def _advice(done: Mapping[str, Result], outcome: Outcome) -> str | None:
    """Return the advice of this printer, where it differs from that of its outcome.

    A hand-over is completed in another way than a link.
    """
    if outcome is Outcome.NOT_TRIED:
        return STEPS_LEFT_OUT
    if outcome is not Outcome.AWAITING_CLAIM:
        return None
    return next((done[name]["advice"] for name in ("collected", "pressed") if done.get(name, {}).get("advice")), None)


def _why_left_out(outcome: Outcome, failed: Result) -> list[str]:
    """Return why a printer was left out on purpose: it needs no attention, so nothing else in a summary says it."""
    if outcome is not Outcome.NOT_TRIED or failed.get("reason", LEFT_OUT) != LEFT_OUT:
        return []
    return [LEFT_OUT if failed else STEPS_LEFT_OUT]


def _latest_registration(done: Mapping[str, Result]) -> Result:
    for name in ("collected", "pressed", "info"):
        found = done.get(name, {}).get("registration")
        if found:
            return t.cast("Result", found)
    return {}


def _outcome(done: Mapping[str, Result], registration: Result, check_mode: bool) -> Outcome:
    in_cloud = [done[name] for name in ("claim", "home", "site") if name in done]
    if in_cloud:
        if in_cloud[-1].get("pending"):
            return Outcome.TIMEOUT  # claimed, and not seen connected since: what was not read back is not registered
        if any(
            result.get("claimed") or result.get("handed_over") or (check_mode and _would_be_new(result))
            for result in in_cloud
        ):
            return Outcome.ONBOARDED
        if _is_only_listed(done, registration):
            return Outcome.ONBOARDED if check_mode and "pressed" in done else Outcome.NOT_TRIED
        return Outcome.ALREADY
    if registration.get("state") == "registered":
        return Outcome.ALREADY
    if registration.get("state") == "awaiting_claim" or (check_mode and done.get("pressed", {}).get("changed")):
        return Outcome.AWAITING_CLAIM
    return Outcome.NOT_TRIED


def _is_only_listed(done: Mapping[str, Result], registration: Result) -> bool:
    """Whether the cloud has the printer, and nothing says that it is registered: a row may be left from before.

    An address that this run has read was claimed by somebody else meanwhile, or the claim would have failed.
    """
    address_was_read = not {"pressed", "collected"}.isdisjoint(done) and registration.get("state") == "awaiting_claim"
    return registration.get("state") not in (None, "registered") and not address_was_read


def _would_be_new(planned: Result) -> bool:
    """Whether a plan registers a printer that its cloud does not have, or lists without its being registered."""
    before = (planned.get("plan") or {}).get("before", {})
    return any(before.get(cloud, "present") != "present" for cloud in ("tenant", "site"))


def _all_changes(done: Mapping[str, Result], failed: Result) -> list[str]:
    plans = [
        (_PREFIXES.get(name, ""), None if name in LOOKS_AHEAD else result.get("plan")) for name, result in done.items()
    ]
    if failed.get("plan") not in [result.get("plan") for result in done.values()]:  # one that is registered is there
        plans.append(("", failed.get("plan")))
    return [change for prefix, plan in plans for change in changes_of(plan, prefix)]


def changes_of(plan: Result | None, path: str = "") -> Iterator[str]:
    """Yield what a plan changes in words: ``name: before -> after``, one for each value."""
    if not plan:
        return
    before, after = plan["before"], plan["after"]
    for name in after:
        here = f"{path}{name}"
        if isinstance(after[name], Mapping):
            yield from changes_of({"before": before.get(name) or {}, "after": after[name]}, f"{here}.")
        elif before.get(name) != after[name]:
            yield f"{here}: {_worded(before.get(name))} -> {_worded(after[name])}"


def _worded(value: t.Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "(none)"
    return "(none)" if value in (None, "") else str(value)
