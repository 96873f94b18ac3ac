# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role in bulk: the same outcomes, findings and diffs as task by task, on the same fleet; waves; bad options."""

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

BULK = ("-e", "onboard_mode=bulk")
MODES = {"tasks": (), "bulk": BULK}


RUNS = pytest.mark.parametrize("run", [0, 1, 2], ids=["check", "first", "second"])


def _comparable(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a report says of each printer but what differs from fleet to fleet: addresses, times, places."""
    # Those that share a wrong password are left out: which of them tries it last is chance.
    found = {name: printer for name, printer in report["printers"].items() if name not in IN_ANY_ORDER}
    for printer in found.values():
        for place in ("address_file", "qr_path"):
            printer[place] = printer[place] and Path(printer[place]).name
        printer["findings"] = [finding["finding"] for finding in printer["findings"]]  # a clock goes on meanwhile
    comparable: dict[str, dict[str, Any]] = _without_chance(found)
    return comparable


def _without_chance(data: Any) -> Any:
    """Return data without what differs from one simulator to the next: ports, fingerprints, seconds."""
    text = re.sub(r"127\.0\.0\.1:\d+|\b[0-9A-F]{2}(:[0-9A-F]{2}){31}\b|\b\d+(\.\d+)? s\b", "…", json.dumps(data))
    return json.loads(re.sub(r'("port": |proxy\.port: )\d+( -> \d+)?', r"\g<1>0", text))


@RUNS
def test_outcomes_findings_and_all_else_are_the_same(in_tasks: DemoRuns, in_bulk: DemoRuns, run: int) -> None:
    assert in_bulk.runs[run].returncode == 0, in_bulk.runs[run].output
    one, other = _comparable(in_tasks.reports[run]), _comparable(in_bulk.reports[run])
    assert one.keys() == other.keys()
    for name in one:
        assert one[name] == other[name], name


@RUNS
def test_diffs_are_the_same(in_tasks: DemoRuns, in_bulk: DemoRuns, run: int) -> None:
    assert _without_chance(in_bulk.diffs[run]) == _without_chance(in_tasks.diffs[run])
    # Of the second run only the printer that somebody else is busy at has something to be done.
    assert list(in_bulk.diffs[run]) == ["sra-busy"] or run != 2


def test_outcomes_are_those_of_the_demo(in_bulk: DemoRuns) -> None:
    for run, expected in ((1, EXPECTED), (2, AFTERWARDS)):
        outcomes = {name: printer["outcome"] for name, printer in in_bulk.reports[run]["printers"].items()}
        certain = {name: outcome for name, outcome in expected.items() if name not in IN_ANY_ORDER}
        assert {name: outcomes[name] for name in certain} == certain
        assert sorted(outcomes[name] for name in IN_ANY_ORDER) == sorted(expected[name] for name in IN_ANY_ORDER)


def test_what_reached_the_printers_is_the_same(in_tasks: DemoRuns, in_bulk: DemoRuns) -> None:
    for run in range(3):
        one, other = (
            Counter((who, what) for who, what in audit if what not in READING and who not in IN_ANY_ORDER)
            for audit in (in_tasks.audits[run], in_bulk.audits[run])
        )
        assert one == other
        if run != 1:
            assert not other


@RUNS
def test_one_sign_in_for_each_account_and_none_is_left_open(in_bulk: DemoRuns, run: int) -> None:
    assert {account: times for account, times in in_bulk.sign_ins[run].items() if times != 1} == {}
    assert open_sessions(in_bulk.fleet.simulation) == {}


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
    return make_fleet(
        [
            {"count": 3, "name": "bad-{}", "trouble": "ors_down"},
            {"count": 12, "name": "good-{}"},
            {"name": "tagged"},
        ],
        onboard_wait_timeout=5,
    )


def test_a_wave_in_which_too_many_fail_is_the_last_one(fleet: Fleet) -> None:
    watch = fleet.watch()
    names = [*(f"good-{number}" for number in (1, 2, 3)), "bad-1", "bad-2", *(f"good-{number}" for number in (4, 5))]
    more = ("-e", '{"onboard_serial": [1, 4, "100%"]}', "-e", "onboard_max_fail_percentage=40")
    run = fleet.onboard(fleet.inventory(*names), *BULK, *more, waves=True)
    assert run.returncode == 2
    assert run.outcomes == {
        **dict.fromkeys(names[:3], "onboarded"),
        **dict.fromkeys(("bad-1", "bad-2"), "ors_not_ready"),
        **dict.fromkeys(names[5:], "not_tried"),
    }
    assert "2 of 4 printers of wave 2 failed, which is more than 40 %" in run.report["printers"]["good-4"]["reason"]
    (result,) = run.results_of("onboard_batch")
    assert result["without_result"] == names[5:]
    assert "2 of 7 printers need somebody: ors_not_ready 2." in result["msg"]
    assert {who for who, _what in watch.audit()} == {*names[:5], "alpha"}


def test_a_failing_printer_stops_no_other(fleet: Fleet) -> None:
    run = fleet.onboard(fleet.inventory("bad-3", "good-6", "good-7"), *BULK)
    assert run.returncode == 2
    assert run.outcomes == {"bad-3": "ors_not_ready", "good-6": "onboarded", "good-7": "onboarded"}


def test_tags_leave_out_the_same_steps(fleet: Fleet) -> None:
    inventory = fleet.inventory("tagged")
    watch = fleet.watch()
    run = fleet.onboard(inventory, *BULK, "--tags", "look,ors")
    assert run.returncode == 0, run.output
    assert run.outcomes == {"tagged": "not_tried"}
    assert watch.changes() == []


def test_variables_that_cannot_be_are_told_for_their_printer_alone(fleet: Fleet) -> None:
    own = {"good-8": {"onboard_clock_tolerance": "soon"}}
    run = fleet.onboard(fleet.inventory("good-8", "good-9", own=own), *BULK)
    assert run.returncode == 2
    assert run.outcomes == {"good-8": "failed", "good-9": "onboarded"}
    assert "onboard_clock_tolerance" in run.report["printers"]["good-8"]["reason"]


def test_variables_of_another_host_are_there(fleet: Fleet) -> None:
    """Given a serial number that stands with another host, then a printer with another number is left alone."""
    serial = "{{ hostvars['good-9'].their_serial | default(omit) }}"
    own = {"good-9": {"their_serial": "WRONG"}, "good-10": {"printops_serial": serial}}
    run = fleet.onboard(fleet.inventory("good-9", "good-10", own=own), *BULK)
    assert run.outcomes["good-10"] == "wrong_device", run.output


@pytest.mark.parametrize("mode", MODES)
def test_a_sign_out_that_fails_is_tried_again_at_the_end(fleet: Fleet, mode: str) -> None:
    name = {"tasks": "good-11", "bulk": "good-12"}[mode]
    fleet.watch()
    fleet.fault("drop", target=name, method="GET", path="logout")
    run = fleet.onboard(fleet.inventory(name), *MODES[mode])
    assert run.outcomes == {name: "onboarded"}, run.output
    rows = fleet.simulation.counters()["requests"]
    assert sum(row["count"] for row in rows if (row["host"], row["path"]) == (name, "logout.cgi")) == 2
    assert name not in open_sessions(fleet.simulation)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("onboard_at_once", 0, "at_once is 0, but must be 1 or more"),
        ("onboard_serial", ["half"], "'half' is neither a number of hosts nor a percentage"),
        ("onboard_mode", "bulkk", "bulkk"),
    ],
)
def test_options_that_cannot_be(fleet: Fleet, option: str, value: Any, said: str) -> None:
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory("tagged"), *BULK, "-e", json.dumps({option: value}))
    assert run.returncode != 0
    assert said in run.output
    assert watch.requests() == 0


def test_a_mode_that_comes_too_late_is_told(fleet: Fleet) -> None:
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory("tagged", own={"tagged": {"onboard_mode": "bulk"}}))
    assert run.returncode == 2
    assert "onboard_mode: bulk stands where Ansible reads it too late" in run.output
    assert watch.requests() == 0
