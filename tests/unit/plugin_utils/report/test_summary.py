# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary at the end of a run: everyone who needs attention with the whole reason, grouped, the worst last."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import ADVICE as FINDING_ADVICE
from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import Finding
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import (
    LEFT_OUT,
    NOT_STARTED,
    STEPS_LEFT_OUT,
    conclude,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import ADVICE, GOOD, Outcome
from ansible_collections.printops.prisma.plugins.module_utils._decide.responsible import RESPONSIBLE, severity
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import RunReport
from ansible_collections.printops.prisma.plugins.plugin_utils._report.html import as_html
from ansible_collections.printops.prisma.plugins.plugin_utils._report.layout import Screen, width_of
from ansible_collections.printops.prisma.plugins.plugin_utils._report.summary import Ending, summary
from hypothesis import given
from hypothesis import strategies as st

CLOCK = {"finding": "clock_wrong", "what": "it is 1 h behind", "advice": FINDING_ADVICE[Finding.CLOCK_WRONG]}


def printer(outcome: str, **more: Any) -> dict[str, Any]:
    """Return the result of a printer that ended so."""
    good = Outcome(outcome) in GOOD
    failure = None if good else {"outcome": outcome, "reason": f"it is {outcome}"}
    found = conclude({}, check_mode=False, failure=failure).as_dict()
    return {**found, "outcome": outcome, "good": good, "advice": ADVICE[Outcome(outcome)], "notes": [], **more}


def report(printers: dict[str, dict[str, Any]], left: dict[str, str] | None = None, **more: Any) -> RunReport:
    return RunReport.now(results=printers, without_result=left, **{"check_mode": False, **more})


def shown(printers: dict[str, dict[str, Any]], columns: int = 80, **more: Any) -> str:
    return summary(report(printers, **more), Screen(columns))


def squeezed(text: str) -> str:
    """Return a text without its line breaks, to look for what may be wrapped."""
    return " ".join(text.split())


def test_who_needs_attention_is_grouped_by_what_is_to_be_done_and_by_whom_the_worst_last() -> None:
    text = shown({"a": printer("ors_not_ready"), "b": printer("busy"), "c": printer("already"), "d": printer("busy")})
    heads = [line for line in text.splitlines() if re.match(r"\w+: \d+ printer", line)]
    assert heads == ["busy: 2 printers, for you", "ors_not_ready: 1 printer, for the service technician"]
    assert text.startswith("Onboarding: 3 of 4 printers need attention\n  1 already, 2 busy, 1 ors_not_ready\n")
    assert squeezed(text).count(squeezed(ADVICE[Outcome.ORS_NOT_READY])) == 1
    assert "    2 printers  it is busy: b, d" in text
    assert "    a  it is ors_not_ready" in text


def test_a_failure_is_for_the_technician_only_if_its_advice_says_so() -> None:
    wrong = printer(
        "failed", reason="The CA at ca.pem cannot be used", advice="Correct printops_ca_path and run again."
    )
    text = shown({"a": wrong, "b": printer("failed")})
    assert "failed: 1 printer, for you\n  Correct printops_ca_path" in text
    assert "failed: 1 printer, for the service technician\n  Read the reason." in text
    assert [each.responsible for each in report({"a": wrong}).printers] == ["you"]


def test_every_outcome_and_every_finding_has_somebody_and_a_rank() -> None:
    assert {*Outcome, *Finding} <= set(RESPONSIBLE)
    assert severity("busy") < severity("ors_not_ready") < severity("a word of a later release")


def test_no_error_is_cut_and_no_line_is_too_wide() -> None:
    reason = "The page 'Système > État' has no field named 'ORS'; " + "its title is " + "x" * 300 + " 印刷機" * 30
    for columns in (60, 80, 160):
        text = shown({"press-印刷-01": printer("failed", reason=reason)}, columns)
        assert all(width_of(line) <= columns for line in text.splitlines())
        assert "".join(reason.split()) in "".join(text.split())


@pytest.mark.parametrize(
    ("what", "lines"),
    [
        pytest.param("the ORS mode is disabled", 45, id="short"),
        pytest.param("it says that something is as it must not be, and it goes on to say", 60, id="long"),
    ],
)
def test_400_printers_of_which_30_need_attention_fit_two_screens_of_80_columns(what: str, lines: int) -> None:
    """The whole summary, with changes, findings, what is new, files and command; each of the 30 has its own reason."""
    words = ["unreachable", "ors_not_ready", "auth_failed", "untrusted_certificate", "wrong_device", "failed"]
    printers = {
        f"press-{number:03}.example.com": printer(
            "onboarded",
            changes=["proxy.host: (none) -> proxy.example.com", "registration: unregistered -> registered"],
            findings=[CLOCK] if number % 90 == 0 else [],
        )
        for number in range(370)
    }
    for number in range(30):
        reason = f"{what} (10.0.{number}.7:443)"
        printers[f"bad-{number:03}.example.com"] = printer(words[number % 6], reason=reason)
    before = report({**printers, "bad-003.example.com": printer("already"), "press-001.example.com": printer("busy")})
    folder = "/srv/printers/inventories/production/onboarding"
    files = {"report": f"{folder}/report.{{csv,html,json}}", "journal": f"{folder}/journal.jsonl"}
    command = f"ansible-playbook printops.prisma.onboard_fleet -i hosts.yml --limit @{folder}/attention.txt"
    text = summary(report(printers).compared(before), Screen(80), Ending(files, command))
    for number in range(30):
        assert f"bad-{number:03}.example.com" in text
        assert printers[f"bad-{number:03}.example.com"]["reason"] in squeezed(text)
    assert len(text.splitlines()) <= 2 * lines
    assert all(len(line) <= 80 for line in text.splitlines())
    assert all(path in text.split() for path in files.values()), "no path is divided"
    for said in ("Changed: 370", "clock_wrong: 5", "newly failing  1: bad-003", "newly fixed    1: press-001"):
        assert said in text, text


def test_printers_with_one_reason_share_a_row_and_of_many_the_first_are_named() -> None:
    text = squeezed(shown({f"p-{number:03}": printer("busy") for number in range(55)}))
    assert "55 printers it is busy: p-000, p-001," in text
    assert "p-039 and 15 more" in text


def test_waiting_printers_are_good_and_still_somebody_has_to_act() -> None:
    waits = printer("awaiting_claim", address_file="/f/a.address", address_host="home.example.com")
    text = shown({"a": waits, "b": {**waits}})
    assert text.startswith("Onboarding: no printer needs attention")
    assert "awaiting_claim: 2 printers, for a tenant administrator" in text
    assert "at home.example.com: a, b" in text


def test_one_printer_is_no_printers() -> None:
    found = report({"a": printer("busy", notes=["ORS was not checked"])})
    text = summary(found, Screen())
    assert text.startswith("Onboarding: 1 of 1 printer needs attention")
    assert "1 of 1 printer: ORS was not checked" in text
    assert "1 printers" not in text + as_html(found, {})
    assert "1 of 1 printer needs attention" in as_html(found, {})


def test_changes_are_counted_and_check_mode_says_would() -> None:
    changed = printer("onboarded", changes=["registration: unregistered -> registered"])
    text = shown({"a": changed, "b": changed, "c": printer("already")})
    assert "\nChanged: 2 printers\n  2  registration: unregistered -> registered" in text
    predicted = shown({"a": {**changed, "planned": True}}, check_mode=True)
    assert predicted.startswith("Predicted result (check mode): no printer needs attention")
    assert "\nWould change: 1 printer\n" in predicted
    assert "hange" not in shown({"a": printer("already")})


def test_findings_stand_apart_unless_they_fail_their_printer() -> None:
    attention = f"clock_wrong: it is 1 h behind. {CLOCK['advice']}"
    fails, stands = printer("already", findings=[CLOCK], attention=attention), printer("already", findings=[CLOCK])
    text = shown({"a": fails, "b": stands})
    assert text.startswith("Onboarding: 1 of 2 printers needs attention")
    assert text.count("clock_wrong: 1 printer, for a person at the printer") == 2
    assert "    a  it is 1 h behind" in text
    assert "    b  it is 1 h behind" in text.partition("\nFindings, which stop nothing\n")[2]


def test_printers_that_were_left_out_on_purpose_need_no_attention() -> None:
    skipped = conclude({"info": {"changed": False}}, check_mode=False).as_dict()
    found = report({"a": skipped, "b": printer("already")}, {"c": LEFT_OUT, "d": NOT_STARTED})
    assert [each.name for each in found.attention] == ["d"]
    text = summary(found, Screen(120))
    assert f"    d  {NOT_STARTED}" in text
    assert f"1 of 4 printers: {STEPS_LEFT_OUT}" in " ".join(text.split())
    assert f"1 of 4 printers: {LEFT_OUT}" in text


def test_what_differs_from_the_run_before_is_named() -> None:
    before = report({"a": printer("busy"), "b": printer("already"), "c": printer("busy"), "d": printer("busy")})
    now = report({"a": printer("already"), "b": printer("locked"), "c": printer("busy")}, {"d": NOT_STARTED})
    text = summary(now.compared(before), Screen())
    assert "  newly failing  1: b" in text
    assert "  newly fixed    1: a" in text
    assert "Since the last run" not in summary(now.compared(None), Screen())
    predicted = report({}, check_mode=True)
    assert now.compared(predicted).comparison is None, "a prediction is no run"


def test_the_end_says_where_files_are_and_what_to_run_for_what_is_left() -> None:
    command = "ansible-playbook printops.prisma.onboard_fleet -i inventory.yml --limit @onboarding/attention.txt"
    ending = Ending({"report": "onboarding/report.json"}, command, ["The report was not written: no room"])
    text = summary(report({"a": printer("busy")}, stopped=True), Screen(), ending)
    assert "\n  report  onboarding/report.json\nThe report was not written: no room" in text
    assert text.endswith(
        "For what is left\n  ansible-playbook printops.prisma.onboard_fleet -i inventory.yml \\\n"
        "    --limit @onboarding/attention.txt"
    ), "so that it can be copied"
    assert summary(report({"a": printer("busy")}), Screen(160), ending).endswith(f"For what is left\n  {command}")
    assert "need" in text.splitlines()[0]
    assert "The run was stopped" in text.splitlines()[0]


def test_texts_of_an_interface_cannot_steer_the_terminal() -> None:
    text = shown({"a\x1b[2J": printer("failed", reason="\x1b]0;title\x07 \u202eback")})
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_colours_are_only_where_the_screen_has_them() -> None:
    found = report({"a": printer("busy")})
    assert "\x1b[31m" in summary(found, Screen(80, colours=True))
    assert re.sub(r"\x1b\[\d+m", "", summary(found, Screen(80, colours=True))) == summary(found, Screen(80))


@given(
    st.dictionaries(
        st.text(st.sampled_from("abc-印 "), min_size=1, max_size=50).map(str.strip).filter(bool),
        st.tuples(st.sampled_from([outcome.value for outcome in Outcome]), st.text(max_size=200)),
        max_size=8,
    ),
    st.integers(40, 160),
)
def test_every_printer_that_needs_attention_is_named(printers: dict[str, tuple[str, str]], columns: int) -> None:
    found = report({name: printer(outcome, reason=reason) for name, (outcome, reason) in printers.items()})
    text = summary(found, Screen(columns))
    assert all(width_of(line) <= columns for line in text.splitlines())
    tight = "".join(text.split())
    for each in found.attention:
        assert "".join(each.name.split()) in tight


@pytest.mark.parametrize("columns", [40, 80])
def test_an_empty_run_says_so(columns: int) -> None:
    assert shown({}, columns) == "Onboarding: no printer was reached"
