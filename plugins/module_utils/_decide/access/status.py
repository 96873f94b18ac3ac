# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a run on a site or a tenant, for a pipeline: outcome, exit code, JUnit XML. Decides nothing else.

JUnit XML is written with the standard library: it is six elements, and a library for it would be one more to install on
every machine that runs Ansible. What ansible-core has for it (ansible.utils._junit_xml) is not a public interface.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from xml.etree import ElementTree

from ..identity import canonical
from ..outcomes import Outcome
from ..text import xml_text
from .rules import Cloud

SCHEMA = 2
MODULES = {Cloud.SITE: "cloud_access", Cloud.TENANT: "home_access"}


class AccessOutcome(StrEnum):
    """The outcome of a run. A failure that printers can have, too, has the same name as in :class:`Outcome`."""

    IN_SYNC = "in_sync"
    APPLIED = "applied"
    DRIFT = "drift"
    UNPLANNED_CHANGE = "unplanned_change"
    PARTLY_APPLIED = "partly_applied"
    GUARDRAIL_REFUSED = "guardrail_refused"
    INCOMPLETE = "incomplete"
    BAD_INPUT = "bad_input"
    UNSUPPORTED = Outcome.UNSUPPORTED.value
    UNREACHABLE = Outcome.UNREACHABLE.value
    TIMEOUT = Outcome.TIMEOUT.value
    BUSY = Outcome.BUSY.value
    UNTRUSTED_CERTIFICATE = Outcome.UNTRUSTED_CERTIFICATE.value
    AUTH_FAILED = Outcome.AUTH_FAILED.value
    LOCKED = Outcome.LOCKED.value
    PASSWORD_CHANGE = Outcome.PASSWORD_CHANGE.value
    NOT_TRIED = Outcome.NOT_TRIED.value


EXIT_CODES: dict[AccessOutcome, int] = {
    AccessOutcome.IN_SYNC: 0,
    AccessOutcome.APPLIED: 0,
    AccessOutcome.DRIFT: 10,
    AccessOutcome.PARTLY_APPLIED: 11,
    AccessOutcome.GUARDRAIL_REFUSED: 12,
    AccessOutcome.INCOMPLETE: 13,
    AccessOutcome.UNREACHABLE: 14,
    AccessOutcome.TIMEOUT: 14,
    AccessOutcome.BUSY: 14,
    AccessOutcome.UNTRUSTED_CERTIFICATE: 14,
    AccessOutcome.AUTH_FAILED: 15,
    AccessOutcome.LOCKED: 15,
    AccessOutcome.PASSWORD_CHANGE: 15,
    AccessOutcome.NOT_TRIED: 15,
    AccessOutcome.BAD_INPUT: 16,
    AccessOutcome.UNSUPPORTED: 16,
    AccessOutcome.UNPLANNED_CHANGE: 18,
}
"""One per thing that a person does next. Clear of those of ansible-playbook itself (0 to 5, 99, 250)."""

CASES = (
    ("input", 16, "what is declared can be used"),
    ("reachable", 14, "the {noun} answers"),
    ("signed_in", 15, "the sign-in holds"),
    ("complete_read", 13, "every list was read to its end"),
    ("guardrails", 12, "every guardrail holds"),
    ("only_planned", 18, "nobody came or went whom the plan does not move"),
    ("applied", 11, "what was planned was applied"),
    ("in_sync", 10, "the {noun} is as declared"),
)
"""Test cases in the order in which they are decided, the exit code that fails each, and its name."""


def status(result: Mapping[str, t.Any], *, check_mode: bool = False, cloud: Cloud = Cloud.SITE) -> dict[str, t.Any]:
    """Return the status of a run, schema 2: its outcome, and what a person has to know about it."""
    check_mode = bool(result.get("check_mode", check_mode))
    outcome = _outcome(result, check_mode=check_mode)
    plan = result.get("plan") or {}
    people = [dict(one) for one in result.get("people") or () if one.get("outcome") != "done"]
    found: dict[str, t.Any] = {
        "schema": SCHEMA,
        "outcome": outcome.value,
        "exit_code": EXIT_CODES[outcome],
        "check_mode": check_mode,
        str(cloud): result.get(cloud),
        "mode": plan.get("mode"),
        "plan_sha256": result.get("plan_sha256"),
        "counts": dict(plan.get("counts") or {}),
        "refused": [dict(guardrail) for guardrail in result.get("guardrails") or () if guardrail.get("refused")],
        "people": people,
        "left": [dict(step) for step in result.get("left") or ()],
        "unexpected": [dict(change) for change in result.get("unexpected") or ()],
        "warnings": list(plan.get("warnings") or ()),
        "evidence": result.get("evidence"),
    }
    # a run fails with drift where all that is left is held back, and says why
    held_back = outcome is AccessOutcome.DRIFT and bool(result.get("reason"))
    if outcome in (AccessOutcome.IN_SYNC, AccessOutcome.APPLIED, AccessOutcome.DRIFT) and not held_back:
        return found
    reason = result.get("reason") or result.get("msg") or "no reason was given"
    return {**found, "reason": str(reason), "advice": result.get("advice")}


def planned_people(result: Mapping[str, t.Any]) -> dict[str, dict[str, list[str]]]:
    """Return whom a plan adds, promotes, demotes and removes, by phase, each with the lists that lose the person.

    What only undoes a side effect of an addition is left out.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for step in (result.get("plan") or {}).get("steps") or ():
        if not step["undoes_addition"]:
            lists = found.setdefault(step["phase"], {}).setdefault(step["person"], [])
            lists += [name for name, effect in step["effects"].items() if effect == "removed" and name not in lists]
    return found


def not_found(result: Mapping[str, t.Any], people: Iterable[str]) -> list[str]:
    """Return who of the ``people`` that were to be removed was on no list; nobody if the lists were not read."""
    plan = result.get("plan")
    if not plan:
        return []
    there = {canonical(step["person"]) for step in (*plan["steps"], *plan["held_back"])}
    return [address for address in people if canonical(address.strip()) not in there]


def _outcome(result: Mapping[str, t.Any], *, check_mode: bool) -> AccessOutcome:
    """Return the outcome; a result without one proves nothing, or is of a host that is not there.

    One that Ansible ended for its timeout, or whose job in the background it did not wait for, may have changed people.
    """
    found = str(result.get("outcome") or "")
    if found in set(AccessOutcome):
        return AccessOutcome(found)
    if not {"timedout", "async_result"}.isdisjoint(result) and not check_mode:
        return AccessOutcome.PARTLY_APPLIED
    return AccessOutcome.UNREACHABLE if result.get("unreachable") else AccessOutcome.INCOMPLETE


def junit(found: Mapping[str, t.Any]) -> str:
    """Return a status as JUnit XML: a case per kind of problem, and one per person who is not as declared."""
    outcome, code = str(found["outcome"]), EXIT_CODES[AccessOutcome(found["outcome"])]
    cloud = Cloud.TENANT if Cloud.TENANT in found else Cloud.SITE
    name = f"{cloud.full_name} {found.get(cloud) or 'unknown'}"
    suite = ElementTree.Element("testsuite", name=xml_text(name))
    properties = ElementTree.SubElement(suite, "properties")
    for key in ("outcome", str(cloud), "mode", "plan_sha256"):
        if found.get(key):
            ElementTree.SubElement(properties, "property", name=key, value=xml_text(found[key]))
    module = MODULES[cloud]
    failed, skipped, decided = 0, 0, False
    for case, fails_at, text in CASES:
        row = ElementTree.SubElement(suite, "testcase", classname=module, name=f"{case}: {text.format(noun=cloud)}")
        if decided:
            skipped += 1
            ElementTree.SubElement(row, "skipped", message="the run ended before this check")
        elif code == fails_at:
            failed, decided = failed + 1, True
            _failure(row, outcome, _reason(found, cloud), _details(found))
        elif case == "guardrails" and found.get("refused"):  # an audit goes on and compares
            failed += 1
            names = ", ".join(guardrail["name"] for guardrail in found["refused"])
            _failure(row, "guardrail_refused", f"would refuse the plan: {names}", _refusals(found))
    lists_people = outcome in (AccessOutcome.PARTLY_APPLIED, AccessOutcome.UNPLANNED_CHANGE)
    people = [*found.get("people", ())] if lists_people else []
    for one in people:
        row = ElementTree.SubElement(suite, "testcase", classname=f"{module}.people", name=xml_text(one.get("person")))
        failed += 1
        _failure(row, str(one.get("outcome")), str(one.get("reason") or "not tried"), str(one.get("advice") or ""))
    numbers = {"tests": len(CASES) + len(people), "failures": failed, "errors": 0, "skipped": skipped}
    for key, number in numbers.items():
        suite.set(key, str(number))
    suites = ElementTree.Element("testsuites", {key: str(number) for key, number in numbers.items()})
    suites.append(suite)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=False) + "\n"


def _failure(row: ElementTree.Element, kind: str, message: str, text: str) -> None:
    ElementTree.SubElement(row, "failure", type=xml_text(kind), message=xml_text(message)).text = xml_text(text)


def _reason(found: Mapping[str, t.Any], cloud: Cloud) -> str:
    if found.get("reason") or found["outcome"] != AccessOutcome.DRIFT:
        return str(found.get("reason") or found["outcome"])
    counts = [f"{phase} {found['counts'].get(phase, 0)}" for phase in ("add", "promote", "demote", "remove")]
    if found["counts"].get("held_back"):
        counts.append(f"held back {found['counts']['held_back']}")
    return f"the {cloud} is not as declared: {', '.join(counts)}"


def _details(found: Mapping[str, t.Any]) -> str:
    return "\n".join(filter(None, (_refusals(found), str(found.get("advice") or ""))))


def _refusals(found: Mapping[str, t.Any]) -> str:
    refused: Sequence[Mapping[str, t.Any]] = found.get("refused") or ()
    return "\n".join(f"{guardrail['name']}: {guardrail['text']}" for guardrail in refused)
