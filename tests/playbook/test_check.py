# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode of a whole onboarding, and the playbook check_fleet: they read, and tell what a run would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import Run

GOOD = {
    "plain": "onboarded",
    "french": "onboarded",
    "sra-proxy-mended": "onboarded",
    "done": "already",
    "sra-awaiting-claim": "awaiting_claim",
}
TOLD_BY_READING = {"down": "ors_not_ready", "refused": "auth_failed", "other-device": "wrong_device"}
REGISTERED = ["registration: unregistered -> awaiting_claim", "tenant: absent -> present"]
TOLD_BY_TRYING = {"sra-proxy-wrong": "proxy_wrong", "error": "failed", "taken": "owned_by_other"}


@dataclass
class Compared:
    """Check mode on a fresh fleet, and the run that follows."""

    fleet: Fleet
    checked: Run
    planned: dict[str, dict[str, Any]]
    planned_outcomes: dict[str, str]
    planned_diffs: dict[str, list[Any]]
    audit: list[tuple[str, str]]
    writes: dict[tuple[str, str], int]
    done: Run
    done_outcomes: dict[str, str]
    done_diffs: dict[str, list[Any]]
    checked_again: Run


@pytest.fixture(scope="module")
def compared(make_fleet: FleetMaker) -> Compared:
    fleet = make_fleet(
        [
            {"name": "plain"},
            {"name": "french", "language": "fr"},
            {"name": "sra-proxy-mended", "language": "fr", "network": "proxy_required", "proxy": "wrong"},
            {"name": "done", "trouble": "already"},
            {"name": "sra-awaiting-claim", "trouble": "awaiting_claim"},
            {"name": "down", "trouble": "ors_down"},
            {"name": "refused", "trouble": "auth_failed"},
            {"name": "other-device", "trouble": "wrong_device"},
            {"name": "sra-proxy-wrong", "network": "proxy_required"},
            {"name": "error", "trouble": "register_error"},
            {"name": "taken", "trouble": "owned_by_other"},
        ],
        onboard_fail_on=[],
    )
    inventory = fleet.inventory(onboard_wait_timeout=20)
    watch = fleet.watch()
    checked = fleet.onboard(inventory, "--check", "--diff")
    report, diffs, audit, writes = checked.report["printers"], dict(checked.diffs()), watch.audit(), watch.writes()
    outcomes = checked.outcomes
    done = fleet.onboard(inventory, "--diff")
    done_outcomes, done_diffs = done.outcomes, done.diffs()
    again = fleet.onboard(inventory, "--check")
    return Compared(fleet, checked, report, outcomes, diffs, audit, writes, done, done_outcomes, done_diffs, again)


def test_check_mode_changes_nothing_but_sign_in_and_sign_out(compared: Compared) -> None:
    assert compared.checked.returncode == 0, compared.checked.output
    assert {what for _who, what in compared.audit} == {"sign_in", "sign_in_refused", "sign_out"}
    assert compared.writes == {}


def test_check_mode_tells_the_outcomes_as_far_as_reading_can(compared: Compared) -> None:
    promised = dict.fromkeys(TOLD_BY_TRYING, "onboarded")
    assert compared.planned_outcomes == {**GOOD, **TOLD_BY_READING, **promised}
    assert all(printer["planned"] for printer in compared.planned.values())
    assert "Predicted result (check mode)" in compared.checked.output
    assert compared.done_outcomes == {**GOOD, **TOLD_BY_READING, **TOLD_BY_TRYING}


@pytest.mark.parametrize("name", GOOD)
def test_the_diffs_of_check_mode_are_those_of_the_run(compared: Compared, name: str) -> None:
    done = compared.done_diffs.get(name, [])
    assert compared.planned_diffs.get(name, []) == done
    assert bool(done) == (name != "sra-awaiting-claim")


def test_the_diff_of_the_mended_proxy_is_whole(compared: Compared) -> None:
    steps = [step for step, _diff in compared.done_diffs["sra-proxy-mended"]]
    assert steps == ["device_proxy", "printer_registration", "home_device"]


@pytest.mark.parametrize(
    ("name", "attempted"),
    [
        ("sra-proxy-wrong", ["proxy.enabled: no -> yes", *REGISTERED]),
        ("error", REGISTERED),
        ("taken", REGISTERED),
    ],
)
def test_of_the_others_check_mode_tells_what_would_be_attempted(
    compared: Compared, name: str, attempted: list[str]
) -> None:
    changes = "\n".join(compared.planned[name]["changes"])
    for change in attempted:
        assert change in changes


@pytest.mark.parametrize("name", TOLD_BY_READING)
def test_what_reading_shows_to_be_wrong_is_not_attempted(compared: Compared, name: str) -> None:
    assert compared.planned[name]["outcome"] == TOLD_BY_READING[name]
    assert compared.planned[name]["changes"] == []
    assert compared.planned[name]["reason"]


def test_once_the_run_was_done_check_mode_says_what_the_next_run_comes_to(compared: Compared) -> None:
    """A proxy that is set and wrong is told as such by either; only a claim has to be tried again to be refused."""
    stayed = {name: outcome for name, outcome in compared.done_outcomes.items() if outcome != "onboarded"}
    after = {**dict.fromkeys(compared.done_outcomes, "already"), **stayed, "taken": "onboarded"}
    assert compared.checked_again.outcomes == after
    assert compared.checked_again.report["printers"]["sra-proxy-wrong"]["changes"] == []


def test_check_fleet_reads_only_and_names_the_differences(make_fleet: FleetMaker) -> None:
    fleet = make_fleet(
        [
            {"name": "plain", "language": "fr"},
            {"name": "sra-proxy-mended", "network": "proxy_required", "proxy": "wrong"},
            {"name": "done", "trouble": "already", "enabled": ["prismalytics-dashboard"]},
        ]
    )
    inventory = fleet.inventory()
    watch = fleet.watch()
    before = fleet.onboard(inventory, playbook="check_fleet")
    assert before.returncode == 0, before.output
    assert watch.changes() == []
    assert watch.writes() == {}
    differing = {name: printer["changes"] for name, printer in before.report["printers"].items()}
    new = [*REGISTERED, "applications.prismalytics-dashboard: no -> yes"]
    assert differing["plain"] == new
    assert differing["done"] == []
    proxy = [change for change in differing["sra-proxy-mended"] if change.startswith("proxy.")]
    assert [change.split(":")[0] for change in proxy] == ["proxy.port", "proxy.user", "proxy.password"]
    assert differing["sra-proxy-mended"] == proxy + new

    assert fleet.onboard(inventory).returncode == 0
    watch = fleet.watch()
    after = fleet.onboard(inventory, playbook="check_fleet")
    assert after.outcomes == dict.fromkeys(differing, "already")
    assert [printer["changes"] for printer in after.report["printers"].values()] == [[]] * len(differing)
    assert after.changed == 0
    assert watch.changes() == []
    assert fleet.simulation.open_sessions() == {}


@pytest.mark.slow
def test_check_fleet_fails_where_somebody_is_needed(make_fleet: FleetMaker) -> None:
    fleet = make_fleet([{"name": "down", "trouble": "ors_down"}])
    run = fleet.onboard(fleet.inventory(), playbook="check_fleet")
    assert run.returncode == 2
    assert run.outcomes == {"down": "ors_not_ready"}
    assert "Call the service technician" in run.output
    assert run.failed == {"down"}
