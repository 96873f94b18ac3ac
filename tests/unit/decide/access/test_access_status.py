# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of a run of cloud_access for a pipeline: each outcome has a code and a test case of its own."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.status import (
    CASES,
    EXIT_CODES,
    AccessOutcome,
    junit,
    status,
)

GOOD = ("in_sync", "applied")


def test_every_outcome_has_an_exit_code_and_only_the_good_ones_have_0() -> None:
    assert set(EXIT_CODES) == set(AccessOutcome)
    assert {outcome for outcome, code in EXIT_CODES.items() if code == 0} == set(GOOD)
    bad = {code for code in EXIT_CODES.values() if code}
    assert bad == {code for _name, code, _text in CASES}
    assert min(bad) > 5, "ansible-playbook itself ends with 0 to 5"


@pytest.mark.parametrize("outcome", [outcome for outcome in EXIT_CODES if outcome not in GOOD])
def test_every_other_outcome_fails_one_case_of_its_own(outcome: str) -> None:
    suite = ElementTree.fromstring(junit(status({"outcome": outcome, "failed": True, "reason": "why"})))
    failed = [row for row in suite.iter("testcase") if row.find("failure") is not None]
    (own,) = [name for name, fails_at, _text in CASES if fails_at == EXIT_CODES[AccessOutcome(outcome)]]
    assert [str(row.get("name")).partition(":")[0] for row in failed] == [own]
    skipped = [row for row in suite.iter("testcase") if row.find("skipped") is not None]
    assert len(skipped) == len(CASES) - 1 - [name for name, *_rest in CASES].index(own)


@pytest.mark.parametrize("outcome", GOOD)
def test_a_good_outcome_fails_nothing(outcome: str) -> None:
    suite = ElementTree.fromstring(junit(status({"outcome": outcome})))
    assert [*suite.iter("failure"), *suite.iter("skipped")] == []
    assert len([*suite.iter("testcase")]) == len(CASES) == int(suite.get("tests") or 0)


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ({"failed": True, "msg": "a defect"}, "incomplete"),
        ({"unreachable": True, "msg": "ssh"}, "unreachable"),
        ({"outcome": "as never heard of"}, "incomplete"),
        ({}, "incomplete"),
    ],
)
def test_a_result_without_an_outcome_is_never_good(result: dict[str, Any], outcome: str) -> None:
    found = status(result)
    assert (found["outcome"], found["exit_code"] != 0) == (outcome, True)
    assert found["reason"]


@pytest.mark.parametrize(("check_mode", "outcome"), [(False, "partly_applied"), (True, "incomplete")])
@pytest.mark.parametrize("why", ["timedout", "async_result"])
def test_a_task_that_ansible_ended_may_have_changed_people(check_mode: bool, outcome: str, why: str) -> None:
    result = {"failed": True, why: {"period": 3}, "msg": "timed out"}
    assert status(result, check_mode=check_mode)["outcome"] == outcome


@pytest.mark.parametrize(("outcome", "more"), [("in_sync", []), ("drift", ["in_sync"])])
def test_a_guardrail_that_refuses_in_an_audit_fails_its_case(outcome: str, more: list[str]) -> None:
    refused = {"name": "min_admins", "refused": True, "text": "needed are 2"}
    found = status({"outcome": outcome, "guardrails": [refused, {"name": "protected", "refused": False}]})
    suite = ElementTree.fromstring(junit(found))
    failed = [row for row in suite.iter("testcase") if row.find("failure") is not None]
    assert [str(row.get("name")).partition(":")[0] for row in failed] == ["guardrails", *more]
    assert "min_admins: needed are 2" in str(failed[0].findtext("failure"))
    assert int(suite.get("failures") or 0) == len(failed)


def test_what_xml_cannot_hold_is_replaced_and_people_who_are_not_done_are_cases() -> None:
    people = [
        {"person": "a@example.com", "outcome": "done"},
        {"person": "b@example.com", "outcome": "failed", "reason": "<said> \x00\x1b & so on", "advice": "Look."},
        {"person": "c@example.com", "outcome": "not_tried"},
    ]
    found = status({"outcome": "partly_applied", "people": people, "site": "North\x07"})
    suite = ElementTree.fromstring(junit(found))
    names = [row.get("name") for row in suite.iter("testcase") if row.get("classname") == "cloud_access.people"]
    assert names == ["b@example.com", "c@example.com"]
    messages = [row.get("message") for row in suite.iter("failure")]
    assert "<said> \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER} & so on" in messages
    assert suite.get("failures") == "3"
