# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps that only some printers of a wave need, or none of them, task by task."""

from __future__ import annotations

from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import Run
from support.role_play import role_play, run_role

NEEDED_BY_NONE = {
    "Check ORS with the viewer account",
    "Sign the viewer out",
    "Check the sign-in at the administration site",
    "Check if PRISMA Home has the printer",
    "Check if the administration site has the printer",
    "Complete the hand-over at the administration site",
    "Set the proxy client",
}
PROXY = "Set the proxy client"


def lines(run: Run, task: str) -> set[tuple[str, str]]:
    """Return what became of a task, as pairs of printer and status."""
    of_task = [item for item in run.results if item["task"].rpartition(" : ")[2] == task]
    return {(item["host"], "changed" if item["result"].get("changed") else item["status"]) for item in of_task}


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": name, "proxy": "good"} for name in ("a-first", "b-second", "c-last", "d-alone")])


@pytest.mark.parametrize("left_out", ["", "a-first"])
def test_a_step_that_only_the_last_printer_needs_runs_for_it(fleet: Fleet, left_out: str) -> None:
    """Also where a condition around the role leaves the first one out, of which Ansible asks what runs once."""
    names = ("a-first", "b-second", "c-last")
    inventory = fleet.inventory(*names, own={"c-last": {"onboard_proxy": {"state": "absent"}}})
    play = role_play("tasks")
    if left_out:
        play["tasks"][0]["when"] = f"inventory_hostname != '{left_out}'"
    watch = fleet.watch()
    run = run_role(play, inventory, "--check", "--tags", "look,proxy,ors")
    assert run.returncode == 0, run.output
    assert lines(run, PROXY) == {("a-first", "skipped"), ("b-second", "skipped"), ("c-last", "changed")}
    assert watch.writes() == {}


def test_a_step_that_no_printer_needs_is_left_out_once(fleet: Fleet) -> None:
    names = ("a-first", "b-second", "c-last")
    run = fleet.onboard(fleet.inventory(*names), "--check", mode="tasks")
    assert run.outcomes == dict.fromkeys(names, "onboarded"), run.output
    assert {task: lines(run, task) for task in NEEDED_BY_NONE} == {
        task: {("a-first", "skipped")} for task in NEEDED_BY_NONE
    }


def test_a_printer_whose_variables_cannot_be_read_takes_no_step_from_the_others(fleet: Fleet) -> None:
    names = ("a-first", "b-second")
    own: dict[str, dict[str, Any]] = {
        "a-first": {"onboard_claim": "perhaps"},
        "b-second": {"onboard_proxy": {"state": "absent"}},
    }
    run = fleet.onboard(fleet.inventory(*names, own=own), "--check", mode="tasks")
    assert run.outcomes == {"a-first": "failed", "b-second": "onboarded"}, run.output
    assert lines(run, PROXY) == {("b-second", "changed")}
