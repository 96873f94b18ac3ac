# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pipeline is told of a run of cloud_access: a status, an exit code, JUnit XML. Reads a result, decides nothing.

JUnit XML is written with the standard library: it is six elements, and a library for it would be one more to install on
every machine that runs Ansible. What ansible-core has for it (ansible.utils._junit_xml) is not a public interface.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

SCHEMA = 1
EXIT_CODES = {
    "in_sync": 0,
    "applied": 0,
    "drift": 10,
    "partly_applied": 11,
    "rail_refused": 12,
    "incomplete": 13,
    "unreachable": 14,
    "auth_expired": 15,
    "bad_input": 16,
}
"""Clear of those of ansible-playbook itself (0 to 5, 99, 250)."""

CASES = (
    ("input", "bad_input", "what is declared can be used"),
    ("reachable", "unreachable", "the site answers"),
    ("signed_in", "auth_expired", "the sign-in holds"),
    ("complete_read", "incomplete", "every list was read to its end"),
    ("rails", "rail_refused", "every rail holds"),
    ("applied", "partly_applied", "what was planned was applied"),
    ("in_sync", "drift", "the site is as declared"),
)
"""Test cases in the order in which they are decided, the verdict that fails each, and what it says."""

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def status(result: Mapping[str, t.Any], *, check_mode: bool = False) -> dict[str, t.Any]:
    """Return the status of a run, schema 1: what it came to, and what a person has to know of it."""
    verdict = _verdict(result)
    plan = result.get("plan") or {}
    people = [dict(one) for one in result.get("people") or () if one.get("outcome") != "done"]
    told: dict[str, t.Any] = {
        "schema": SCHEMA,
        "verdict": verdict,
        "exit_code": EXIT_CODES[verdict],
        "check_mode": bool(result.get("check_mode", check_mode)),
        "site": result.get("site"),
        "mode": plan.get("mode"),
        "plan_sha256": result.get("plan_sha256"),
        "counts": dict(plan.get("counts") or {}),
        "refused": [dict(rail) for rail in result.get("rails") or () if rail.get("refused")],
        "people": people,
        "left": [dict(step) for step in result.get("left") or ()],
        "warnings": list(plan.get("warnings") or ()),
        "evidence": result.get("evidence"),
    }
    if verdict in ("in_sync", "applied", "drift"):
        return told
    reason = result.get("reason") or result.get("msg") or "no reason was given"
    return {**told, "outcome": result.get("outcome"), "reason": str(reason), "advice": result.get("advice")}


def _verdict(result: Mapping[str, t.Any]) -> str:
    """Return the verdict; a result without one proves nothing about the site, or is of a host that is not there."""
    found = str(result.get("verdict") or "")
    if found in EXIT_CODES:
        return found
    return "unreachable" if result.get("unreachable") else "incomplete"


def junit(told: Mapping[str, t.Any]) -> str:
    """Return a status as JUnit XML: a case per kind of problem, and one per person who is not as declared."""
    verdict = str(told["verdict"])
    name = f"administration site {told.get('site') or 'unknown'}"
    suite = ElementTree.Element("testsuite", name=_xml(name))
    properties = ElementTree.SubElement(suite, "properties")
    for key in ("verdict", "site", "mode", "plan_sha256"):
        if told.get(key):
            ElementTree.SubElement(properties, "property", name=key, value=_xml(told[key]))
    failed, skipped, decided = 0, 0, False
    for case, fails_at, text in CASES:
        row = ElementTree.SubElement(suite, "testcase", classname="cloud_access", name=f"{case}: {text}")
        if decided:
            skipped += 1
            ElementTree.SubElement(row, "skipped", message="the run did not come to this")
        elif verdict == fails_at:
            failed, decided = failed + 1, True
            _failure(row, verdict, _reason(told), _details(told))
    people = [*told.get("people", ())] if verdict == "partly_applied" else []
    for one in people:
        row = ElementTree.SubElement(suite, "testcase", classname="cloud_access.people", name=_xml(one.get("person")))
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
    ElementTree.SubElement(row, "failure", type=_xml(kind), message=_xml(message)).text = _xml(text)


def _reason(told: Mapping[str, t.Any]) -> str:
    if told["verdict"] != "drift":
        return str(told.get("reason") or told["verdict"])
    return "the site is not as declared: " + ", ".join(
        f"{phase} {told['counts'].get(phase, 0)}" for phase in ("add", "promote", "demote", "remove")
    )


def _details(told: Mapping[str, t.Any]) -> str:
    refused: Sequence[Mapping[str, t.Any]] = told.get("refused") or ()
    lines = [f"{rail['name']}: {rail['text']}" for rail in refused]
    return "\n".join([*lines, *([str(told["advice"])] if told.get("advice") else [])])


def _xml(text: object) -> str:
    """Return text without the characters that XML 1.0 has no way to write."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", str(text))
