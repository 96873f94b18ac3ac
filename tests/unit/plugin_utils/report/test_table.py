# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables that people see: a row for each printer, those that need attention first, each advice once."""

from __future__ import annotations

from typing import Any

from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import ADVICE as FINDING_ADVICE
from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import Finding
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import NO_VIEWER, conclude
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import ADVICE, GOOD, Outcome
from ansible_collections.printops.prisma.plugins.plugin_utils._report.table import count, count_findings, table
from hypothesis import given
from hypothesis import strategies as st

CLOCK: dict[str, str] = {"finding": "clock_wrong", "what": "it is 1 h behind", "advice": "Set it."}


def printer(outcome: str, **more: Any) -> dict[str, Any]:
    """Return the result of a printer that ended so."""
    failure = None if Outcome(outcome) in GOOD else {"outcome": outcome, "reason": f"it is {outcome}"}
    found = conclude({}, check_mode=False, failure=failure).as_dict()
    return {**found, "outcome": outcome, "good": Outcome(outcome) in GOOD, **more}


def test_one_row_for_each_printer_those_that_need_attention_first() -> None:
    shown = table(
        {
            "zebra": printer("locked", serial="S9"),
            "b": printer("onboarded", serial="S1", changes=["registration: unregistered -> registered"]),
            "a": printer("already", serial=None),
            "c": printer("busy"),
        }
    )
    lines = shown.splitlines()
    assert lines[0].split() == ["PRINTER", "OUTCOME", "SERIAL", "DETAILS"]
    assert [line.split()[0] for line in lines[2:6]] == ["c", "zebra", "a", "b"]
    assert lines[3].split(maxsplit=3) == ["zebra", "locked", "S9", "it is locked"]
    assert lines[4].split() == ["a", "already", "-", "-"]
    assert lines[5].endswith("registration: unregistered -> registered")
    assert lines[6:] == ["", f"busy: {ADVICE[Outcome.BUSY]}", f"locked: {ADVICE[Outcome.LOCKED]}"]


def test_the_columns_stand_below_each_other() -> None:
    lines = table({name: printer("busy", serial="S" * len(name)) for name in ("a", "a-long-name")}).splitlines()
    assert len({line.index("it is busy") for line in lines[2:4]}) == 1
    assert lines[0].index("DETAILS") == lines[2].index("it is busy")


def test_a_long_or_broken_text_stays_on_its_line() -> None:
    lines = table({"p": printer("failed", reason="one\ntwo " + "x" * 300)}).splitlines()
    assert "one two xxx" in lines[2]
    assert lines[2].endswith("x…")
    assert len(lines[2]) < 140


def test_different_advice_for_one_outcome_is_listed_the_most_frequent_first() -> None:
    hosts = {f"p{number}": printer("not_tried", advice=f"Do {min(number, 5)}.") for number in range(9)}
    below = table(hosts).split("\n\n")[1].splitlines()
    assert below[0] == "not_tried: Do 5."
    assert len(below) == 4
    assert below[3] == "not_tried: 3 more are in the report"


def test_there_is_no_advice_when_all_went_well() -> None:
    assert table({"a": printer("already"), "b": printer("onboarded")}).count("\n") == 3


def test_findings_stand_below_the_outcomes_each_with_its_advice_once() -> None:
    slow, fine = printer("already", findings=[CLOCK]), printer("already")
    printers = {"slow-1": slow, "fine": fine, "slow-2": slow}
    lines = table(printers).splitlines()
    head = next(number for number, line in enumerate(lines) if line.split() == ["PRINTER", "FINDING", "DETAILS"])
    assert [line.split(maxsplit=2) for line in lines[head + 2 : head + 4]] == [
        ["slow-1", "clock_wrong", "it is 1 h behind"],
        ["slow-2", "clock_wrong", "it is 1 h behind"],
    ]
    assert lines[head + 5] == f"clock_wrong: {FINDING_ADVICE[Finding.CLOCK_WRONG]}"
    assert len([line for line in lines if line.startswith("clock_wrong")]) == 1
    assert count_findings(printers) == {"clock_wrong": 2}
    assert "FINDING" not in table({"fine": fine})


def test_a_finding_that_many_printers_share_has_one_row() -> None:
    shared = {**CLOCK, "finding": "subscription_ends_soon", "what": "the tenant's subscription ends in 12 days"}
    text = table({f"p-{number:02}": printer("already", findings=[shared]) for number in range(40)})
    assert [line.split("  ") for line in text.splitlines() if "ends in 12 days" in line] == [
        ["p-00 and 39 more", "subscription_ends_soon", "the tenant's subscription ends in 12 days"]
    ]


def test_a_finding_that_is_made_twice_on_a_printer_counts_once() -> None:
    both = [CLOCK, {**CLOCK, "finding": "unlicensed"}, {**CLOCK, "finding": "unlicensed"}]
    assert count_findings({"p": printer("already", findings=both), "q": printer("already", findings=[CLOCK])}) == {
        "clock_wrong": 2,
        "unlicensed": 1,
    }


def test_a_note_is_shown_once_with_the_number_of_its_printers() -> None:
    noted = printer("already", notes=[NO_VIEWER])
    shown = table({"a": noted, "b": printer("already"), "c": noted})
    assert shown.endswith(f"\n\n2 of 3 printers: {NO_VIEWER}")
    assert shown.count(NO_VIEWER) == 1


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.sampled_from([outcome.value for outcome in Outcome])))
def test_every_printer_is_counted_once(outcomes: dict[str, str]) -> None:
    counted = count({name: printer(outcome) for name, outcome in outcomes.items()})
    assert sum(counted.values()) == len(outcomes)
    assert counted == {outcome: list(outcomes.values()).count(outcome) for outcome in set(outcomes.values())}
    assert list(counted.values()) == sorted(counted.values(), reverse=True)
