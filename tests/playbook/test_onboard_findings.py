# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role finds beside the outcomes: in the table, in the report, and as a reason to fail where that is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker

DASHBOARD, ACCOUNTING = "prismalytics-dashboard", "prismalytics-accounting"
OWN: dict[str, dict[str, Any]] = {
    "nothing-on": {"onboard_applications": {}},
    "other-connector": {"onboard_applications": {ACCOUNTING: True}},
    "two-connectors": {"onboard_applications": {DASHBOARD: True, ACCOUNTING: True}},
    "other-zone": {"onboard_clock_zone": "Asia/Tokyo"},
}
EXPECTED: dict[str, set[str]] = {
    "fine": set(),
    "no-licence": {"unlicensed"},
    "nothing-on": {"application_not_enabled"},
    "other-connector": {"wrong_connector"},
    "two-connectors": set(),
    "fast-clock": {"clock_wrong"},
    "other-zone": {"clock_wrong"},
}


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            {"name": "fine", "clock_offset": 250},
            {"name": "no-licence", "language": "fr", "unlicensed": [DASHBOARD]},
            {"name": "nothing-on"},
            {"name": "other-connector", "language": "fr"},
            {"name": "two-connectors"},
            {"name": "fast-clock", "language": "fr", "clock_offset": 900},
            {"name": "other-zone"},
        ]
    )


def _unwrapped(text: str) -> str:
    return " ".join(text.split())


def found(report: dict[str, Any]) -> dict[str, set[str]]:
    return {name: {item["finding"] for item in printer["findings"]} for name, printer in report["printers"].items()}


def test_each_finding_is_told_of_its_printer_and_fails_nothing(fleet: Fleet) -> None:
    run = fleet.onboard(fleet.inventory(own=OWN))
    assert run.returncode == 0, run.output
    assert run.outcomes == dict.fromkeys(EXPECTED, "onboarded")
    assert found(run.report) == EXPECTED
    assert run.report["findings"] == {
        "clock_wrong": 2,
        "application_not_enabled": 1,
        "unlicensed": 1,
        "wrong_connector": 1,
    }
    _recap, findings = run.output.split("\nFindings, which stop nothing", 1)
    for name, kinds in EXPECTED.items():
        for kind in kinds:
            (group,) = re.findall(rf"^{kind}: .*?(?=^\S|\Z)", findings, re.MULTILINE | re.DOTALL)
            assert name in group.split(), (name, kind)
    said = {name: [item["what"] for item in printer["findings"]] for name, printer in run.report["printers"].items()}
    assert said["no-licence"] == [f"{DASHBOARD} is declared, and this printer has no licence for it"]
    assert said["fast-clock"] == ["its clock is 15 min ahead (taken as UTC)"]
    assert said["other-zone"] == ["its clock is 9 h behind (taken as Asia/Tokyo)"]
    assert f"1 of 7 printers: {ACCOUNTING} on SRA needs: cloud proxy, beside the internal connector" in _unwrapped(
        run.output
    )
    assert "7 of 7 printers: ORS was not checked with a viewer account" in _unwrapped(run.output)


def test_check_mode_finds_the_same_and_counts_as_done_what_it_would_do(fleet: Fleet) -> None:
    changed = {**OWN, "nothing-on": {"onboard_applications": {DASHBOARD: True}}}
    run = fleet.onboard(fleet.inventory(own=changed), playbook="check_fleet")
    assert run.returncode == 0, run.output
    assert found(run.report) == {**EXPECTED, "nothing-on": set()}
    assert run.report["printers"]["nothing-on"]["changes"] == [f"applications.{DASHBOARD}: no -> yes"]


def test_ors_that_was_lost_since_the_registration_is_found(fleet: Fleet) -> None:
    fleet.change("fine", trouble="ors_down")
    try:
        run = fleet.onboard(fleet.inventory("fine", onboard_fail_on=["ors_lost"]))
    finally:
        fleet.change("fine", trouble="none")
    assert run.outcomes == {"fine": "already"}
    assert run.failed == {"fine"}
    assert "ors_lost: it is registered, and ORS is not connected" in _unwrapped(run.output)


def test_a_finding_fails_the_play_where_that_is_asked(fleet: Fleet) -> None:
    run = fleet.onboard(fleet.inventory("fine", "fast-clock", onboard_fail_on=["clock_wrong"]))
    assert run.returncode == 2
    assert run.outcomes == {"fine": "already", "fast-clock": "already"}
    assert run.failed == {"fast-clock"}
    assert "clock_wrong: its clock is 15 min ahead (taken as UTC). Set date, time and time zone" in run.output
    assert [item["host"] for item in run.results if item["status"] == "failed"] == ["fast-clock"]


def test_tolerance_and_connectors_are_declared(fleet: Fleet) -> None:
    own = [{"controller": "SRA", "application": ACCOUNTING, "connector": "internal"}]
    more: dict[str, Any] = {"onboard_clock_tolerance": 1000, "printops_connectors": own}
    run = fleet.onboard(fleet.inventory("fast-clock", "other-connector", own=OWN, **more))
    assert found(run.report) == {"fast-clock": set(), "other-connector": set()}


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"onboard_clock_zone": "Mars/Olympus"}, "the time zone 'Mars/Olympus' is not known on this machine"),
        ({"printops_connectors": [{"controller": "SRA"}]}, "missing required arguments: application, connector"),
        ({"onboard_fail_on": ["clock_off"]}, "onboard_fail_on is ['clock_off'], but each must be one of"),
    ],
)
def test_what_cannot_be_declared_is_told_before_a_printer_is_asked(
    fleet: Fleet, variables: dict[str, Any], said: str
) -> None:
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory("fine", **variables))
    assert run.returncode == 2
    assert said in " ".join(run.output.split())
    assert watch.asked_printers() == set()
