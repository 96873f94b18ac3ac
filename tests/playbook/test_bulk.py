# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both modes of the role on the same fleet: the same outcomes, findings, diffs, audits and sign-ins."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from demo.run import AFTERWARDS, EXPECTED, IN_ANY_ORDER, open_sessions
from support.demo_fleet import DemoRuns
from support.fleet import READING, Fleet, FleetMaker
from support.playbook import EITHER_MODE

RUNS = pytest.mark.parametrize("run", [0, 1, 2], ids=["check", "first", "second"])


def _comparable(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a report says of each printer but what differs from fleet to fleet: addresses, times, places."""
    # Those that share a wrong password are left out: which of them tries it last is chance.
    found = {name: dict(printer) for name, printer in report["printers"].items() if name not in IN_ANY_ORDER}
    for printer in found.values():
        for place in ("address_file", "qr_path"):
            printer[place] = printer[place] and Path(printer[place]).name
        printer.pop("seconds", None)  # known in bulk only
        printer["last_data"] = printer["last_data"] is not None  # a time of its own simulator
        printer["findings"] = [finding["finding"] for finding in printer["findings"]]  # a clock goes on meanwhile
    comparable: dict[str, dict[str, Any]] = _without_chance(found)
    return comparable


def _without_chance(data: Any) -> Any:
    """Return data without what differs from one simulator to the next: ports, fingerprints, seconds."""
    text = re.sub(r"127\.0\.0\.1:\d+|\b[0-9A-F]{2}(:[0-9A-F]{2}){31}\b|\b\d+(\.\d+)? s\b", "…", json.dumps(data))
    return json.loads(re.sub(r'("port": |proxy\.port: )\d+( -> \d+)?', r"\g<1>0", text))


@pytest.mark.slow
@RUNS
def test_outcomes_findings_and_all_else_are_the_same(in_tasks: DemoRuns, in_bulk: DemoRuns, run: int) -> None:
    assert in_bulk.runs[run].returncode == 0, in_bulk.runs[run].output
    one, other = _comparable(in_tasks.reports[run]), _comparable(in_bulk.reports[run])
    assert one.keys() == other.keys()
    for name in one:
        assert one[name] == other[name], name


@pytest.mark.slow
@RUNS
def test_diffs_are_the_same(in_tasks: DemoRuns, in_bulk: DemoRuns, run: int) -> None:
    assert _without_chance(in_bulk.diffs[run]) == _without_chance(in_tasks.diffs[run])
    assert in_bulk.diffs[run] == {} or run != 2


def test_outcomes_are_those_of_the_demo(in_bulk: DemoRuns) -> None:
    for run, expected in ((1, EXPECTED), (2, AFTERWARDS)):
        outcomes = {name: printer["outcome"] for name, printer in in_bulk.reports[run]["printers"].items()}
        certain = {name: outcome for name, outcome in expected.items() if name not in IN_ANY_ORDER}
        assert {name: outcomes[name] for name in certain} == certain
        assert sorted(outcomes[name] for name in IN_ANY_ORDER) == sorted(expected[name] for name in IN_ANY_ORDER)


@pytest.mark.slow
def test_what_reached_the_printers_is_the_same(in_tasks: DemoRuns, in_bulk: DemoRuns) -> None:
    for run in range(3):
        one, other = (
            Counter((who, what) for who, what in audit if what not in READING and who not in IN_ANY_ORDER)
            for audit in (in_tasks.audits[run], in_bulk.audits[run])
        )
        assert one == other
        if run != 1:
            assert not other


@pytest.mark.slow
@RUNS
def test_one_sign_in_for_each_account_and_none_is_left_open(in_tasks: DemoRuns, in_bulk: DemoRuns, run: int) -> None:
    for done in (in_tasks, in_bulk):
        assert {account: times for account, times in done.sign_ins[run].items() if times != 1} == {}
        assert open_sessions(done.fleet.simulation) == {}
    certain = [
        {account: times for account, times in done.sign_ins[run].items() if account[0] not in IN_ANY_ORDER}
        for done in (in_tasks, in_bulk)
    ]
    assert certain[0] == certain[1]


@pytest.mark.slow
@RUNS
def test_with_nothing_in_onboard_fail_on_no_host_fails_and_a_second_run_changes_none(
    in_tasks: DemoRuns, in_bulk: DemoRuns, run: int
) -> None:
    for done in (in_tasks, in_bulk):
        assert done.runs[run].failed == set()
        assert done.runs[run].changed == 0 or run != 2


@pytest.mark.slow
@RUNS
def test_no_controller_has_two_writers(in_tasks: DemoRuns, in_bulk: DemoRuns, run: int) -> None:
    """Only where somebody else writes is a write of ours refused, and there the printer has counted it."""
    busy = {name for name, outcome in EXPECTED.items() if outcome == "busy"}
    assert busy
    for onboarded in (in_tasks, in_bulk):
        refused = {who for who, what in onboarded.audits[run] if what == "write_refused"}
        assert refused == (set() if run == 0 else busy)


def test_one_dictionary_for_all_hosts(in_bulk: DemoRuns) -> None:
    assert set(in_bulk.results["printers"]) == set(EXPECTED)
    assert in_bulk.results["changed"] is False
    assert in_bulk.results["counts"] == in_bulk.reports[2]["counts"]


def test_the_journal_says_where_each_printer_ended(in_bulk: DemoRuns) -> None:
    path = in_bulk.runs[2].folder / "onboarding" / "journal.jsonl"
    assert path.stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ends = {line["printer"]: line["outcome"] for line in lines if line["what"] == "ends"}
    assert ends == {name: printer["outcome"] for name, printer in in_bulk.reports[2]["printers"].items()}


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"count": 6, "name": "good-{}"}, {"name": "untouched"}], onboard_wait_timeout=5)


def test_wrong_variables_fail_their_printer_alone(fleet: Fleet) -> None:
    own = {"good-1": {"onboard_clock_tolerance": "soon"}}
    run = fleet.onboard(fleet.inventory("good-1", "good-2", own=own))
    assert run.returncode == 2
    assert run.outcomes == {"good-1": "failed", "good-2": "onboarded"}
    assert "onboard_clock_tolerance" in run.report["printers"]["good-1"]["reason"]
    assert run.failed == {"good-1"}


def test_variables_of_another_host_are_there(fleet: Fleet) -> None:
    """Given a serial number that stands with another host, then a printer with another number is left alone."""
    serial = "{{ hostvars['good-2'].their_serial | default(omit) }}"
    own = {"good-2": {"their_serial": "WRONG"}, "good-3": {"printops_serial": serial}}
    run = fleet.onboard(fleet.inventory("good-2", "good-3", own=own))
    assert run.outcomes["good-3"] == "wrong_device", run.output


@pytest.mark.slow
@pytest.mark.parametrize("mode", EITHER_MODE)
def test_a_sign_out_that_fails_is_tried_again_at_the_end(fleet: Fleet, mode: str) -> None:
    name = {"tasks": "good-5", "bulk": "good-6"}[mode]
    fleet.watch()
    fleet.fault("drop", target=name, method="GET", path="logout")
    run = fleet.onboard(fleet.inventory(name), mode=mode)
    assert run.outcomes == {name: "onboarded"}, run.output
    rows = fleet.simulation.counters()["requests"]
    assert sum(row["count"] for row in rows if (row["host"], row["path"]) == (name, "logout.cgi")) == 2
    assert name not in open_sessions(fleet.simulation)


def test_a_wrong_option_of_the_run_fails_it_before_a_printer_is_asked(fleet: Fleet) -> None:
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory("untouched"), "-e", "onboard_at_once=0")
    assert run.returncode == 2
    assert "onboard_at_once is 0, but must be 1 or more" in run.output
    assert watch.asked_printers() == set()
