# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of one printer, from the results of the role's tasks, and the table that people see."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import (
    NO_VIEWER,
    conclude,
    count,
    table,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import ADVICE, GOOD, Outcome
from hypothesis import given
from hypothesis import strategies as st

INFO = {"device": {"serial": "SN1", "model": "m1"}, "registration": {"state": "unregistered"}, "evidence": "simulated"}
ASKED = {
    "changed": True,
    "pressed": True,
    "registration": {"state": "requested"},
    "plan": {"before": {"registration": "unregistered"}, "after": {"registration": "awaiting_claim"}},
}
WAITING = {"registration": {"state": "awaiting_claim", "address_file": "/a", "qr_path": "/q.svg"}}
REGISTERED = {"registration": {"state": "registered", "tenant": "Shop"}}
CLAIMED = {"claimed": True}
THERE = {"claimed": False}
PLANNED = {"plan": {"before": {"tenant": "absent"}, "after": {"tenant": "present"}}, "claimed": False}
PENDING = {"claimed": True, "pending": True}
SKIPPED = {"skipped": True, "changed": False}


@pytest.mark.parametrize(
    ("results", "check_mode", "outcome"),
    [
        ({}, False, "not_tried"),
        ({"info": INFO}, False, "not_tried"),
        ({"info": {**INFO, **REGISTERED}}, False, "already"),
        ({"info": INFO, "asked": ASKED}, False, "not_tried"),
        ({"info": INFO, "asked": ASKED, "collected": WAITING}, False, "awaiting_claim"),
        ({"info": INFO, "asked": ASKED, "collected": WAITING, "home": SKIPPED}, False, "awaiting_claim"),
        ({"info": INFO, "asked": ASKED, "collected": WAITING, "home": CLAIMED}, False, "onboarded"),
        ({"info": {**INFO, **REGISTERED}, "home": THERE}, False, "already"),
        # claimed for the whole batch first, and then read back
        ({"info": INFO, "asked": ASKED, "claim": PENDING, "home": CLAIMED}, False, "onboarded"),
        ({"info": INFO, "asked": ASKED, "claim": PENDING, "home": THERE}, False, "onboarded"),
        ({"info": {**INFO, **REGISTERED}, "claim": THERE, "home": SKIPPED}, False, "already"),
        ({"info": INFO, "asked": ASKED, "claim": PLANNED}, True, "onboarded"),
        ({"info": INFO, "asked": ASKED, "claim": PENDING}, False, "timeout"),
        # a hand-over to an administration site
        ({"info": INFO, "asked": WAITING, "site": {"handed_over": True}}, False, "onboarded"),
        ({"info": {**INFO, **REGISTERED}, "site": {"handed_over": False}}, False, "already"),
        (
            {"info": INFO, "asked": ASKED, "site": {"plan": {"before": {"site": "absent"}, "after": {}}}},
            True,
            "onboarded",
        ),
        ({"info": {**INFO, **WAITING}, "asked": SKIPPED, "collected": None}, False, "awaiting_claim"),
        # in check mode: what it would come to
        ({"info": INFO, "asked": ASKED, "home": PLANNED}, True, "onboarded"),
        ({"info": INFO, "asked": ASKED}, True, "awaiting_claim"),
        ({"info": {**INFO, **REGISTERED}, "home": THERE}, True, "already"),
        # a plan to claim counts in check mode only
        ({"info": INFO, "home": PLANNED}, False, "already"),
    ],
)
def test_the_outcome_follows_from_the_last_thing_known(results: dict[str, Any], check_mode: bool, outcome: str) -> None:
    found = conclude(results, check_mode=check_mode)
    assert found["outcome"] == outcome
    assert found["advice"] == ADVICE[Outcome(outcome)]
    assert found["good"] is (Outcome(outcome) in GOOD)
    assert found["planned"] is check_mode


def test_what_a_report_needs_is_gathered() -> None:
    viewer = {"ors": {"ready": False}}
    info = {**INFO, "ors": {"ready": True}}
    results: dict[str, Any] = {"viewer": viewer, "info": info, "asked": ASKED, "collected": WAITING}
    found = conclude(results, check_mode=False)
    assert (found["serial"], found["model"], found["registration"]) == ("SN1", "m1", "awaiting_claim")
    assert (found["address_file"], found["qr_path"]) == ("/a", "/q.svg")
    assert found["ors"] == {"viewer": {"ready": False}, "administrator": {"ready": True}}
    assert found["changes"] == ["registration: unregistered -> awaiting_claim"]
    assert found["pressed"] is True
    assert found["evidence"] == "simulated"


def test_a_hand_over_that_waits_has_its_own_advice() -> None:
    asked = {**WAITING, "advice": "Open the page in the file."}
    assert conclude({"asked": asked}, check_mode=False)["advice"] == "Open the page in the file."
    done = conclude({"asked": asked, "home": CLAIMED}, check_mode=False)
    assert done["advice"] == ADVICE[Outcome.ONBOARDED]


def test_a_first_look_that_was_left_out_is_said() -> None:
    seen = {**INFO, "ors": {"ready": True}}
    left_out = conclude({"info": seen, "viewer": SKIPPED}, check_mode=False)
    assert left_out["notes"] == [NO_VIEWER]
    looked = conclude({"info": seen, "viewer": {"ors": {"ready": True}}}, check_mode=False)
    assert looked["notes"] == []
    assert conclude({}, check_mode=False, failure={"outcome": "unreachable"})["notes"] == []
    assert table({"a": left_out, "b": looked, "c": left_out}).endswith(f"\n\n2 of 3 printers: {NO_VIEWER}")


def test_a_plan_that_failed_is_told_once() -> None:
    failure: dict[str, Any] = {"failed": True, "outcome": "busy", "plan": ASKED["plan"], "msg": "x"}
    found = conclude({"info": INFO, "asked": failure}, check_mode=False, failure=failure)
    assert found["changes"] == ["registration: unregistered -> awaiting_claim"]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome not in GOOD])
def test_a_failure_decides_and_brings_its_own_advice_and_reason(outcome: Outcome) -> None:
    failure = {"outcome": outcome.value, "advice": "Do this.", "reason": "that happened", "msg": "p1: that happened."}
    found = conclude({"info": INFO, "home": CLAIMED}, check_mode=False, failure=failure)
    assert (found["outcome"], found["good"]) == (outcome.value, False)
    assert (found["advice"], found["reason"]) == ("Do this.", "that happened")
    assert found["serial"] == "SN1"


def test_a_failure_of_somebody_else_is_failed_with_its_message() -> None:
    found = conclude({}, check_mode=False, failure={"failed": True, "msg": "The conditional check failed"})
    assert (found["outcome"], found["reason"]) == ("failed", "The conditional check failed")
    assert found["advice"] == ADVICE[Outcome.FAILED]


def test_what_was_done_before_a_failure_is_told() -> None:
    failure = {"outcome": "failed", "pressed": True, "plan": ASKED["plan"], "msg": "x"}
    proxy = {"plan": {"before": {"proxy": {"port": None}}, "after": {"proxy": {"port": 3128}}}}
    found = conclude({"proxy": proxy}, check_mode=False, failure=failure)
    assert found["changes"] == ["proxy.port: (none) -> 3128", "registration: unregistered -> awaiting_claim"]
    assert found["pressed"] is True


def test_changes_are_told_in_words_and_only_where_something_differs() -> None:
    before = {"proxy": {"enabled": False, "host": "", "port": 1, "exceptions": [], "user": "a"}}
    after = {"proxy": {"enabled": True, "host": "proxy", "port": 1, "exceptions": ["a", "b"], "user": ""}}
    found = conclude({"proxy": {"plan": {"before": before, "after": after}}}, check_mode=True)
    assert found["changes"] == [
        "proxy.enabled: no -> yes",
        "proxy.host: (none) -> proxy",
        "proxy.exceptions: (none) -> a, b",
        "proxy.user: a -> (none)",
    ]


steps = st.sampled_from([None, {}, SKIPPED, INFO, ASKED, WAITING, REGISTERED, CLAIMED, THERE, PLANNED, PENDING])
results_of_any_run = st.dictionaries(
    st.sampled_from(["viewer", "info", "applications", "proxy", "asked", "collected", "claim", "home"]),
    steps,
    max_size=8,
)


@given(results_of_any_run, st.booleans())
def test_every_run_ends_with_an_outcome_of_the_list(results: dict[str, Any], check_mode: bool) -> None:
    found = conclude(results, check_mode=check_mode)
    outcome = Outcome(found["outcome"])
    assert found["good"] is (outcome in GOOD)
    if outcome is Outcome.ONBOARDED:
        taken = [item for name in ("claim", "home") if (item := results.get(name)) and not item.get("skipped")]
        last = taken[-1]
        assert not last.get("pending"), "not read back"
        assert any(claim.get("claimed") or (check_mode and "plan" in claim) for claim in taken)


def printer(outcome: str, **more: Any) -> dict[str, Any]:
    failure = None if Outcome(outcome) in GOOD else {"outcome": outcome, "reason": f"it is {outcome}"}
    found = conclude({}, check_mode=False, failure=failure)
    return {**found, "outcome": outcome, "good": Outcome(outcome) in GOOD, **more}


def test_the_table_has_one_row_per_printer_those_that_need_somebody_first() -> None:
    shown = table(
        {
            "zebra": printer("locked", serial="S9"),
            "b": printer("onboarded", serial="S1", changes=["registration: unregistered -> registered"]),
            "a": printer("already", serial=None),
            "c": printer("busy"),
        }
    )
    lines = shown.splitlines()
    assert lines[0].split() == ["PRINTER", "OUTCOME", "SERIAL", "WHAT"]
    assert [line.split()[0] for line in lines[2:6]] == ["c", "zebra", "a", "b"]
    assert lines[3].split(maxsplit=3) == ["zebra", "locked", "S9", "it is locked"]
    assert lines[4].split() == ["a", "already", "-", "-"]
    assert lines[5].endswith("registration: unregistered -> registered")
    assert lines[6:] == ["", f"busy: {ADVICE[Outcome.BUSY]}", f"locked: {ADVICE[Outcome.LOCKED]}"]


def test_the_columns_stand_below_each_other() -> None:
    lines = table({name: printer("busy", serial="S" * len(name)) for name in ("a", "a-long-name")}).splitlines()
    assert len({line.index("it is busy") for line in lines[2:4]}) == 1
    assert lines[0].index("WHAT") == lines[2].index("it is busy")


def test_a_long_or_broken_text_stays_on_its_line() -> None:
    lines = table({"p": printer("failed", reason="one\ntwo " + "x" * 300)}).splitlines()
    assert "one two xxx" in lines[2]
    assert lines[2].endswith("x…")
    assert len(lines[2]) < 140


def test_printers_that_were_told_different_things_each_have_their_advice() -> None:
    hosts = {f"p{number}": printer("not_tried", advice=f"Do {min(number, 5)}.") for number in range(9)}
    below = table(hosts).split("\n\n")[1].splitlines()
    assert below[0] == "not_tried: Do 5."
    assert len(below) == 4
    assert below[3] == "not_tried: 3 more are in the report"


def test_nothing_is_to_be_done_when_all_went_well() -> None:
    assert table({"a": printer("already"), "b": printer("onboarded")}).count("\n") == 3


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.sampled_from([outcome.value for outcome in Outcome])))
def test_every_printer_is_counted_once(outcomes: dict[str, str]) -> None:
    counted = count({name: printer(outcome) for name, outcome in outcomes.items()})
    assert sum(counted.values()) == len(outcomes)
    assert counted == {outcome: list(outcomes.values()).count(outcome) for outcome in set(outcomes.values())}
    assert list(counted.values()) == sorted(counted.values(), reverse=True)
