# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of other modules as a report has them: one outcome for each host, with reason and advice. Pure.

Each function takes what a task has registered for a host, and returns the keys of ``onboarding_outcome``.
"""

from __future__ import annotations

import typing as t
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from ...module_utils._decide.access.model import Mode, Phase
from ...module_utils._decide.access.rules import Cloud
from ...module_utils._decide.access.status import EXIT_CODES, AccessOutcome
from ...module_utils._decide.home_devices import SeveralDevices, own_row
from ...module_utils._decide.network import NetworkOutcome
from ...module_utils._decide.onboarding import OnboardingResult, changes_of
from ...module_utils._decide.outcomes import ADVICE, Outcome
from ...module_utils._decide.printer_facts import printer_facts
from ...module_utils._decide.registration import State
from .document import ReportKind
from .facts import Result

TRUSTED, NOT_TRUSTED, PINNED = "trusted", "not_trusted", "pinned"
OFFBOARDED, ALREADY_ABSENT, ADDRESS_LEFT, READ = "offboarded", "already_absent", "address_left", "read"
_REVIEW = "Review the plan, and run enforce_access with cloud_access_plan_sha256 set to its digest."
_REVIEW_AUDIT = (
    "Review the plan. Its mode is audit, which changes nothing: to apply it, set another mode in the declared file "
    "(or cloud_access_mode), and run enforce_access with --check."
)
_WHY_LEFT = {
    State.AWAITING_CLAIM: "the printer still shows a registration address, and whoever opens it gets the printer",
    State.REQUESTED: "the printer is making a registration address, and whoever opens it gets the printer",
}
_WITHDRAW = (
    "No way to withdraw it is documented. Open it in the printer's web interface, sign in as an administrator of your "
    "own tenant, and run offboard again: that deletes and unregisters the printer. Until then let nobody see that page."
)
_NAMED = 10
_COMPARE = (
    "Compare the fingerprint with the one that the printer itself shows. If they are equal, pin it: run trust_fleet "
    "with -e trust_write=true."
)


def results_of(
    kind: ReportKind, registered: Mapping[str, Sequence[Result]], devices: Sequence[Result] = ()
) -> dict[str, Result]:
    """Return the results of a report of this kind, by host. ``registered``: one result or more of each host.

    ``devices``: the rows of a tenant, of which each printer of an inventory gets its own.
    """
    if devices:
        registered = {name: _with_device(results, devices) for name, results in registered.items()}
    found: dict[str, Result] = {name: _of_host(kind, results) for name, results in registered.items()}
    return _shared_certificates(found) if kind is ReportKind.TRUST else found


def _of_host(kind: ReportKind, results: Sequence[Result]) -> dict[str, t.Any]:
    """Return the result of one host: the first failure, or what all of its results say."""
    failure = next((result for result in results if result.get("failed") or result.get("unreachable")), None)
    return _OF[kind](results) if failure is None or kind is ReportKind.TRUST else _of_failure(failure)


def _result(outcome: str, result: Result, *, good: bool, **more: t.Any) -> dict[str, t.Any]:
    """Return a result with the reason and the advice of ``result``, where ``more`` has no others."""
    made = OnboardingResult(
        outcome=outcome,
        good=good,
        planned=False,
        advice="" if good else str(result.get("advice") or ADVICE[Outcome.of(outcome)]),
        reason="" if good else str(result.get("reason") or result.get("msg") or ""),
    ).as_dict()
    return {**made, "attention": "" if good else str(result.get("msg") or outcome), **more}


def _of_failure(result: Result) -> dict[str, t.Any]:
    outcome = Outcome.UNREACHABLE if result.get("unreachable") else Outcome.of(result.get("outcome"))
    return _result(outcome.value, result, good=False)


def _of_certificate(results: Sequence[Result]) -> dict[str, t.Any]:
    """A certificate that is neither trusted nor pinned needs a decision; the fingerprint is what a person compares."""
    result = results[-1]
    if not result.get("fingerprint"):
        return _of_failure(result)
    certificate = result.get("certificate") or {}
    more: dict[str, t.Any] = {
        "certificate_ends": certificate.get("not_after"),
        "fingerprint": result["fingerprint"],
        "changed": bool(result.get("changed")),
    }
    if result.get("outcome"):  # another pin, or a file that cannot be written
        return {**_of_failure(result), **more}
    if result.get("changed"):
        more["changes"] = ["printops_tls_fingerprint: pinned"]
    if result.get("pinned") or result.get("changed"):
        return _result(PINNED, result, good=True, **more)
    if result.get("trusted"):
        return _result(TRUSTED, result, good=True, **more)
    shown = f"{result['fingerprint']} ({result.get('why_not_trusted')}; {certificate.get('subject')})"
    return _result(NOT_TRUSTED, {}, good=False, **more) | {"reason": shown, "advice": _COMPARE, "attention": ""}


def _shared_certificates(found: Mapping[str, Result]) -> dict[str, Result]:
    """Say of a certificate that several printers show that they share it: its key is in more hands than one."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, result in found.items():
        if result.get("fingerprint"):
            names[str(result["fingerprint"])].append(name)
    noted: dict[str, Result] = {}
    for name, result in found.items():
        shared = names.get(str(result.get("fingerprint")), [])
        listed = ", ".join(sorted(shared)[:_NAMED]) + (
            f" and {len(shared) - _NAMED} more" if len(shared) > _NAMED else ""
        )
        note = f"they share one certificate: {listed}"
        noted[name] = {**result, "notes": [note]} if len(shared) > 1 else result
    return noted


def _of_offboarding(results: Sequence[Result]) -> dict[str, t.Any]:
    """A printer that is in no cloud any more; what was removed are its changes.

    One that shows a registration address, or is making one, is in no cloud yet: whoever opens it has the printer
    (domain.md, "Registering a printer in PRISMA Home").
    """
    changes = [change for result in results for change in changes_of(result.get("plan"))]
    states = {(result.get("registration") or {}).get("state") for result in results}
    why = next((text for state, text in _WHY_LEFT.items() if state in states), None)
    if why:
        left = {"reason": why, "advice": _WITHDRAW, "msg": f"{ADDRESS_LEFT}: {why}. {_WITHDRAW}"}
        return _result(ADDRESS_LEFT, left, good=False, changes=changes)
    return _result(OFFBOARDED if changes else ALREADY_ABSENT, {}, good=True, changes=changes)


def _of_access(results: Sequence[Result]) -> dict[str, t.Any]:
    """A status of ``access_status``. Its plan is a change once it is applied, or where check mode predicts it."""
    written = results[-1]
    result = written["status"]
    outcome = str(result.get("outcome") or AccessOutcome.INCOMPLETE)
    counts, planned = result.get("counts") or {}, written.get("planned") or {}
    if "not_found" in written:
        return _of_removed_people(result, outcome, planned, written["not_found"])
    good = EXIT_CODES[AccessOutcome(outcome)] == 0
    steps = [f"{phase} {counts[phase]}{_names(planned.get(phase, ()))}" for phase in Phase if counts.get(phase)]
    held_back = [f"held back {counts['held_back']}"] if counts.get("held_back") else []
    audit = result.get("mode") == Mode.AUDIT
    predicted = outcome == AccessOutcome.DRIFT and bool(result.get("check_mode")) and not audit
    digest = str(result.get("plan_sha256") or "") if outcome == AccessOutcome.DRIFT else ""
    why = {
        "reason": result.get("reason")
        or f"the {'tenant' if 'tenant' in result else 'site'} is not as declared: {', '.join([*steps, *held_back])}"
        + (f"; plan {digest}" if digest else ""),
        "advice": result.get("advice") or (_REVIEW_AUDIT if audit else _REVIEW),
    }
    found = _result(outcome, why, good=good)
    if steps and (predicted or outcome == AccessOutcome.APPLIED):
        found["changes"] = [f"people: {', '.join(steps)}"]
    if steps and predicted and digest:
        found["plan_sha256"] = digest
    return {**found, "plan_path": written["plan_path"]} if written.get("plan_path") else found


def _of_removed_people(
    status: Result, outcome: str, planned: Mapping[str, Mapping[str, Sequence[str]]], missing: Sequence[str]
) -> dict[str, t.Any]:
    """People who were to be removed one by one: who was removed from which lists, and who was on none."""
    predicted = outcome == AccessOutcome.DRIFT and bool(status.get("check_mode")) and not status.get("reason")
    left = {one["person"] for one in status.get("people") or ()}
    removed = {person: lists for people in planned.values() for person, lists in people.items() if person not in left}
    changes = [f"{person}: removed from {', '.join(lists)}" for person, lists in removed.items()]
    shown = changes if predicted or outcome in (AccessOutcome.APPLIED, AccessOutcome.PARTLY_APPLIED) else []
    good = predicted or EXIT_CODES[AccessOutcome(outcome)] == 0
    noun = Cloud.TENANT if Cloud.TENANT in status else Cloud.SITE
    notes = [f"not found on the {noun}: {', '.join(missing)}"] if missing else []
    return _result(outcome, status, good=good, changes=shown, notes=notes)


def _names(people: Iterable[str]) -> str:
    """Return the first of these people in brackets, nothing of none."""
    named = list(people)
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f" ({', '.join(named[:_NAMED])}{more})" if named else ""


def _of_network(results: Sequence[Result]) -> dict[str, t.Any]:
    """What ``check_network`` has found from the network of a printer."""
    result = results[-1]
    outcome = str(result.get("outcome") or Outcome.FAILED)
    return _result(outcome, result, good=outcome == NetworkOutcome.REACHABLE)


def _with_device(results: Sequence[Result], devices: Sequence[Result]) -> list[Result]:
    """Return the results with the tenant's row of the printer as a further one, if it has one."""
    serial = str((results[-1].get("device") or {}).get("serial") or "")
    try:
        row = own_row(devices, serial, internal=True) if serial else None
    except SeveralDevices:  # which of them it is cannot be known
        row = None
    return [*results, {"device": row}] if row else list(results)


def _of_inventory(results: Sequence[Result]) -> dict[str, t.Any]:
    """What ``device_info`` has read, and after it the tenant's row of the printer."""
    info, *of_tenant = results
    device = info.get("device")
    if not device:
        return _of_failure(info)
    known = {
        "serial": device.get("serial"),
        "model": device.get("model"),
        "registration": (info.get("registration") or {}).get("state"),
        "evidence": info.get("evidence"),
        "ors": {"administrator": info.get("ors")},
    }
    facts = printer_facts({"info": info, **({"home": of_tenant[0]} if of_tenant else {})})
    return _result(READ, info, good=True, **known, **facts)


_OF: Mapping[ReportKind, Callable[[Sequence[Result]], dict[str, t.Any]]] = {
    ReportKind.TRUST: _of_certificate,
    ReportKind.OFFBOARD: _of_offboarding,
    ReportKind.ACCESS: _of_access,
    ReportKind.NETWORK: _of_network,
    ReportKind.INVENTORY: _of_inventory,
}
