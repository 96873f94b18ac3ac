# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of one printer, from the results of the role's steps, and whether it needs attention."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.accounts import (
    account_advice,
    right_missing_advice,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import (
    FIELDS,
    LEFT_OUT,
    NO_VIEWER,
    NOT_STARTED,
    STEPS_LEFT_OUT,
    OnboardingResult,
    conclude,
    failure_of,
    not_tried,
    not_tried_failure,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.ors import proxy_first
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import ADVICE, GOOD, Outcome
from ansible_collections.printops.prisma.plugins.module_utils._decide.responsible import responsible
from hypothesis import given
from hypothesis import strategies as st

INFO = {"device": {"serial": "SN1", "model": "m1"}, "registration": {"state": "unregistered"}, "evidence": "simulated"}
PRESSED = {
    "changed": True,
    "pressed": True,
    "registration": {"state": "requested"},
    "plan": {"before": {"registration": "unregistered"}, "after": {"registration": "awaiting_claim"}},
}
PLANNED_PRESS = {**PRESSED, "pressed": False, "registration": {"state": "unregistered"}}
WAITING = {"registration": {"state": "awaiting_claim", "address_file": "/a", "qr_path": "/q.svg"}}
REGISTERED = {"registration": {"state": "registered", "tenant": "Shop"}}
CLAIMED = {"claimed": True}
THERE = {"claimed": False}
PLANNED = {"plan": {"before": {"tenant": "absent"}, "after": {"tenant": "present"}}, "claimed": False}
LISTED = {"plan": {"before": {"tenant": "listed, not registered"}, "after": {"tenant": "present"}}, "claimed": False}
NOT_DONE = ("requested", "awaiting_claim")
PENDING = {"claimed": True, "pending": True}
SKIPPED = {"skipped": True, "changed": False}


@pytest.mark.parametrize(
    ("results", "check_mode", "outcome"),
    [
        ({}, False, "not_tried"),
        ({"info": INFO}, False, "not_tried"),
        ({"info": {**INFO, **REGISTERED}}, False, "already"),
        ({"info": INFO, "pressed": PRESSED}, False, "not_tried"),
        ({"info": INFO, "pressed": PRESSED, "collected": WAITING}, False, "awaiting_claim"),
        ({"info": INFO, "pressed": PRESSED, "collected": WAITING, "home": SKIPPED}, False, "awaiting_claim"),
        ({"info": INFO, "pressed": PRESSED, "collected": WAITING, "home": CLAIMED}, False, "onboarded"),
        ({"info": {**INFO, **REGISTERED}, "home": THERE}, False, "already"),
        # claimed for the whole batch first, and then read back
        ({"info": INFO, "pressed": PRESSED, "claim": PENDING, "home": CLAIMED}, False, "onboarded"),
        ({"info": INFO, "pressed": PRESSED, "claim": PENDING, "home": THERE}, False, "onboarded"),
        ({"info": {**INFO, **REGISTERED}, "claim": THERE, "home": SKIPPED}, False, "already"),
        ({"info": INFO, "pressed": PRESSED, "claim": PLANNED}, True, "onboarded"),
        ({"info": INFO, "pressed": PRESSED, "claim": PENDING}, False, "timeout"),
        # a hand-over to an administration site
        ({"info": INFO, "pressed": WAITING, "site": {"handed_over": True}}, False, "onboarded"),
        ({"info": {**INFO, **REGISTERED}, "site": {"handed_over": False}}, False, "already"),
        (
            {"info": INFO, "pressed": PRESSED, "site": {"plan": {"before": {"site": "absent"}, "after": {}}}},
            True,
            "onboarded",
        ),
        ({"info": {**INFO, **WAITING}, "pressed": SKIPPED, "collected": None}, False, "awaiting_claim"),
        # in check mode: what it would come to
        ({"info": INFO, "pressed": PRESSED, "home": PLANNED}, True, "onboarded"),
        ({"info": INFO, "pressed": PRESSED}, True, "awaiting_claim"),
        ({"info": {**INFO, **REGISTERED}, "home": THERE}, True, "already"),
        # a plan to claim counts in check mode only
        ({"info": {**INFO, **WAITING}, "home": PLANNED}, False, "not_tried"),
        # the cloud lists it, and the printer shows that it is not registered
        ({"info": INFO, "home": THERE}, False, "not_tried"),
        ({"info": INFO, "site": {"handed_over": False}}, False, "not_tried"),
        ({"info": INFO, "pressed": PRESSED, "collected": WAITING, "home": THERE}, False, "already"),
        ({"info": INFO, "pressed": PLANNED_PRESS, "claim": THERE}, True, "onboarded"),
        ({"info": INFO, "pressed": PLANNED_PRESS, "site": {"handed_over": False}}, True, "onboarded"),
        ({"info": INFO, "claim": THERE}, True, "not_tried"),
        *(({"info": {"registration": {"state": state}}, "claim": THERE}, False, "not_tried") for state in NOT_DONE),
        ({"info": {**INFO, **WAITING}, "site": {"handed_over": False}}, False, "not_tried"),
        ({"info": INFO, "pressed": PRESSED, "claim": THERE}, False, "not_tried"),
        ({"info": {**INFO, **WAITING}, "pressed": WAITING, "claim": LISTED}, True, "onboarded"),
        ({"info": {**INFO, **WAITING}, "claim": LISTED}, True, "onboarded"),
        ({"info": {"registration": None}, "home": THERE}, False, "already"),
    ],
)
def test_the_outcome_follows_from_the_last_thing_known(results: dict[str, Any], check_mode: bool, outcome: str) -> None:
    found = conclude(results, check_mode=check_mode)
    assert found.outcome == outcome
    assert found.advice == (STEPS_LEFT_OUT if outcome == "not_tried" else ADVICE[Outcome(outcome)])
    assert found.good is (Outcome(outcome) in GOOD)
    assert found.planned is check_mode


def test_what_a_report_needs_is_gathered() -> None:
    viewer = {"ors": {"ready": False}}
    info = {**INFO, "ors": {"ready": True}}
    results: dict[str, Any] = {"viewer": viewer, "info": info, "pressed": PRESSED, "collected": WAITING}
    found = conclude(results, check_mode=False)
    assert (found.serial, found.model, found.registration) == ("SN1", "m1", "awaiting_claim")
    assert (found.address_file, found.qr_path) == ("/a", "/q.svg")
    assert found.ors == {"viewer": {"ready": False}, "administrator": {"ready": True}}
    assert found.changes == ["registration: unregistered -> awaiting_claim"]
    assert found.pressed is True
    assert found.evidence == "simulated"


def test_a_hand_over_that_waits_has_its_own_advice() -> None:
    pressed = {**WAITING, "advice": "Open the page in the file."}
    assert conclude({"pressed": pressed}, check_mode=False).advice == "Open the page in the file."
    done = conclude({"pressed": pressed, "home": CLAIMED}, check_mode=False)
    assert done.advice == ADVICE[Outcome.ONBOARDED]


def test_a_refused_viewer_is_told_from_a_refused_administrator() -> None:
    """Given a wrong onboard_viewer, then the advice is not about the account of the administrator."""
    refused = {"failed": True, "outcome": "auth_failed", "advice": account_advice(Outcome.AUTH_FAILED, "sra")}
    for name, said in (("viewer", "Correct onboard_viewer before"), ("info", "account of a customer administrator")):
        assert said in conclude({name: refused}, check_mode=False, failure=refused, has_viewer=True).advice
    lacks_right = {**refused, "advice": right_missing_advice("sra")}
    found = conclude({"viewer": lacks_right}, check_mode=False, failure=lacks_right, has_viewer=True)
    assert found.advice == lacks_right["advice"]


def test_it_is_noted_where_no_viewer_account_is_declared() -> None:
    seen = {**INFO, "ors": {"ready": True}}
    assert conclude({"info": seen, "pressed": PRESSED, "home": CLAIMED}, check_mode=False).notes == [NO_VIEWER]
    assert conclude({"info": seen, "pressed": WAITING}, check_mode=False, has_viewer=True).notes == []
    assert conclude({"info": {**seen, **REGISTERED}}, check_mode=False).notes == [], "not in every run for ever"
    assert conclude({"info": INFO, "pressed": WAITING}, check_mode=False).notes == []
    assert conclude({}, check_mode=False, failure={"outcome": "unreachable"}).notes == []


def test_why_a_printer_was_left_out_is_noted() -> None:
    """It needs no attention, so the summary has no other place for the reason."""
    assert conclude({"info": INFO}, check_mode=False).notes == [STEPS_LEFT_OUT]
    assert not_tried(LEFT_OUT, check_mode=False).notes == [LEFT_OUT]
    assert not_tried(NOT_STARTED, check_mode=False).notes == []


def test_a_run_of_some_steps_says_so_and_what_stopped_a_printer_has_its_own_advice() -> None:
    assert conclude({"info": INFO}, check_mode=False).advice == STEPS_LEFT_OUT
    for reason in ("its wave was not started", "the run was stopped in the phase claim; the next run continues"):
        assert not_tried(reason, check_mode=False).advice == ADVICE[Outcome.NOT_TRIED]


def test_a_plan_that_failed_counts_once() -> None:
    failure: dict[str, Any] = {"failed": True, "outcome": "busy", "plan": PRESSED["plan"], "msg": "x"}
    found = conclude({"info": INFO, "pressed": failure}, check_mode=False, failure=failure)
    assert found.changes == ["registration: unregistered -> awaiting_claim"]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome not in GOOD])
def test_a_failure_decides_and_brings_its_own_advice_and_reason(outcome: Outcome) -> None:
    failure = {"outcome": outcome.value, "advice": "Do this.", "reason": "that happened", "msg": "p1: that happened."}
    found = conclude({"info": INFO, "home": CLAIMED}, check_mode=False, failure=failure)
    assert (found.outcome, found.good) == (outcome.value, False)
    assert (found.advice, found.reason) == ("Do this.", "that happened")
    assert found.serial == "SN1"


def test_a_failure_that_is_not_ours_is_failed_with_its_message() -> None:
    found = conclude({}, check_mode=False, failure={"failed": True, "msg": "The conditional check failed"})
    assert (found.outcome, found.reason) == ("failed", "The conditional check failed")
    assert found.advice == ADVICE[Outcome.FAILED]


@pytest.mark.parametrize(
    ("step", "check_mode", "pressed"),
    [("pressed", False, True), ("pressed", True, False), ("info", False, False)],
)
def test_a_task_that_ansible_ended_took_too_long_and_may_have_pressed(
    step: str, check_mode: bool, pressed: bool
) -> None:
    failure: dict[str, Any] = {"failed": True, "msg": "Timed out after 30 second(s).", "timedout": {"period": 30}}
    found = conclude({"info": INFO, step: failure}, check_mode=check_mode, failure=failure)
    assert (found.outcome, found.pressed) == ("timeout", pressed)
    assert "ANSIBLE_TASK_TIMEOUT" in str(found.advice)


def test_a_module_that_was_killed_may_have_pressed() -> None:
    failure: dict[str, Any] = {"failed": True, "msg": "MODULE FAILURE", "module_stdout": ""}
    assert conclude({"info": INFO, "pressed": failure}, check_mode=False, failure=failure).pressed


def test_what_was_done_before_a_failure_is_among_the_changes() -> None:
    failure = {"outcome": "failed", "pressed": True, "plan": PRESSED["plan"], "msg": "x"}
    proxy = {"plan": {"before": {"proxy": {"port": None}}, "after": {"proxy": {"port": 3128}}}}
    found = conclude({"proxy": proxy}, check_mode=False, failure=failure)
    assert found.changes == ["proxy.port: (none) -> 3128", "registration: unregistered -> awaiting_claim"]
    assert found.pressed is True


def test_changes_are_in_words_and_only_where_something_differs() -> None:
    before = {"proxy": {"enabled": False, "host": "", "port": 1, "exceptions": [], "user": "a"}}
    after = {"proxy": {"enabled": True, "host": "proxy", "port": 1, "exceptions": ["a", "b"], "user": ""}}
    found = conclude({"proxy": {"plan": {"before": before, "after": after}}}, check_mode=True)
    assert found.changes == [
        "proxy.enabled: no -> yes",
        "proxy.host: (none) -> proxy",
        "proxy.exceptions: (none) -> a, b",
        "proxy.user: a -> (none)",
    ]


steps = st.sampled_from([None, {}, SKIPPED, INFO, PRESSED, WAITING, REGISTERED, CLAIMED, THERE, PLANNED, PENDING])
results_of_any_run = st.dictionaries(
    st.sampled_from(["viewer", "info", "applications", "proxy", "pressed", "collected", "claim", "home"]),
    steps,
    max_size=8,
)


@given(results_of_any_run, st.booleans())
def test_every_run_ends_with_an_outcome_of_the_list(results: dict[str, Any], check_mode: bool) -> None:
    found = conclude(results, check_mode=check_mode)
    outcome = Outcome(found.outcome)
    assert found.good is (outcome in GOOD)
    if outcome is Outcome.ONBOARDED:
        taken = [item for name in ("claim", "home") if (item := results.get(name)) and not item.get("skipped")]
        last = taken[-1]
        assert not last.get("pending"), "not read back"
        would_press = check_mode and results.get("pressed")
        assert would_press or any(claim.get("claimed") or (check_mode and "plan" in claim) for claim in taken)


def test_changes_of_the_controller_s_own_applications_have_a_prefix() -> None:
    plan = {"plan": {"before": {"applications": {"a": False}}, "after": {"applications": {"a": True}}}}
    found = conclude({"applications": plan, "home": plan}, check_mode=True)
    assert found.changes == ["controller.applications.a: no -> yes", "applications.a: no -> yes"]


def test_as_a_dictionary_a_result_has_a_defect_only_where_there_is_one() -> None:
    good = conclude({}, check_mode=False).as_dict()
    assert set(good) == set(FIELDS) - {"defect"}
    failure = {"failed": True, "outcome": "failed", "msg": "a defect", "defect": "Traceback"}
    assert conclude({}, check_mode=False, failure=failure).as_dict()["defect"] == "Traceback"


# --- which step failed ---


def test_the_failure_is_that_of_the_first_step_that_failed() -> None:
    """Results of later steps are those of an earlier run: Ansible keeps registered variables from play to play."""
    failed, later = {"failed": True, "msg": "a"}, {"failed": True, "msg": "b"}
    assert failure_of({"home": later, "ors": failed, "info": INFO, "proxy": {}, "viewer": None}) is failed
    assert failure_of({"info": INFO, "proxy": SKIPPED, "home": {"failed": False}}) is None
    assert failure_of({"a step that is none": failed}) is None


def test_a_printer_that_was_not_begun_has_the_reason() -> None:
    found = not_tried("its wave was not started", check_mode=True)
    assert (found.outcome, found.reason, found.planned, found.good) == (
        "not_tried",
        "its wave was not started",
        True,
        False,
    )
    assert found.advice == ADVICE[Outcome.NOT_TRIED]
    assert conclude({"info": INFO}, check_mode=False, failure=not_tried_failure("x")).reason == "x"


# --- attention ---


def result_of(outcome: str, *findings: str) -> OnboardingResult:
    found = [{"finding": name, "what": f"what of {name}", "advice": f"Advice for {name}."} for name in findings]
    return OnboardingResult(outcome, False, False, "The advice.", "the reason.", findings=found)


@pytest.mark.parametrize(
    ("result", "fail_on", "attention"),
    [
        (result_of("busy"), ["busy"], "busy: the reason. The advice."),
        (result_of("busy"), ["locked"], ""),
        (result_of("busy"), [], ""),
        (result_of("onboarded", "unlicensed"), ["busy"], ""),
        (
            result_of("onboarded", "unlicensed", "clock_wrong"),
            ["unlicensed"],
            "unlicensed: what of unlicensed. Advice for unlicensed.",
        ),
        (
            result_of("busy", "clock_wrong"),
            ["busy", "clock_wrong"],
            "busy: the reason. The advice. clock_wrong: what of clock_wrong. Advice for clock_wrong.",
        ),
        (result_of("awaiting_claim"), ["awaiting_claim"], "awaiting_claim: the reason. The advice."),
        (result_of("not_tried"), ["not_tried"], "not_tried: the reason. The advice."),
    ],
)
def test_a_printer_needs_attention_for_what_was_declared_to(
    result: OnboardingResult, fail_on: list[str], attention: str
) -> None:
    assert result.attention(frozenset(fail_on)) == attention


def test_a_reason_that_is_not_known_leaves_the_advice() -> None:
    result = OnboardingResult("not_tried", False, False, "The advice.")
    assert result.attention(frozenset({"not_tried"})) == "not_tried: The advice."


def test_with_tags_a_printer_whose_steps_were_left_out_needs_nothing_but_others_do() -> None:
    everything = frozenset(outcome.value for outcome in Outcome) | {"clock_wrong"}
    left_out = replace(result_of("not_tried"), advice=STEPS_LEFT_OUT)
    assert left_out.attention(everything, partial=True) == ""
    assert left_out.attention(everything)
    found = replace(result_of("not_tried", "clock_wrong"), advice=STEPS_LEFT_OUT)
    assert found.attention(everything, partial=True).startswith("clock_wrong: ")
    assert result_of("not_tried").attention(everything, partial=True)  # of a wave that was refused
    assert result_of("busy").attention(everything, partial=True)


@given(st.sampled_from(Outcome), st.sets(st.sampled_from(Outcome)), st.booleans())
def test_attention_is_given_exactly_for_outcomes_of_the_list(
    outcome: Outcome, fail_on: set[Outcome], partial: bool
) -> None:
    attention = result_of(outcome.value).attention(frozenset(map(str, fail_on)), partial=partial)
    assert bool(attention) is (outcome in fail_on)


@pytest.mark.parametrize(
    ("proxy", "has_proxy", "begins", "whom"),
    [
        (
            {"enabled": True, "host": "proxy", "port": 3128},
            False,
            "The printer's proxy client is on (proxy:3128) and",
            "you",
        ),
        ({"enabled": True, "host": "proxy", "port": 3128}, True, "Check the proxy proxy:3128 first", "you"),
        ({"enabled": False, "host": "", "port": None}, False, ADVICE[Outcome.ORS_NOT_READY], "the service technician"),
    ],
)
def test_a_proxy_client_that_nobody_declares_is_not_to_be_corrected_in_its_variable(
    proxy: dict[str, Any], has_proxy: bool, begins: str, whom: str
) -> None:
    """Given a wrong proxy of an earlier run whose variable is gone, then it is to be declared, or switched off."""
    of_step = proxy_first("proxy", 3128) if proxy["enabled"] else ADVICE[Outcome.ORS_NOT_READY]
    failure = {"failed": True, "outcome": "ors_not_ready", "advice": of_step, "details": {"proxy": proxy}}
    found = conclude({"info": INFO}, check_mode=False, failure=failure, has_proxy=has_proxy)
    assert found.advice.startswith(begins)
    assert ("onboard_proxy: {state: absent}" in found.advice) is (proxy["enabled"] and not has_proxy)
    assert responsible(found.outcome, found.advice) == whom
