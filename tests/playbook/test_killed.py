# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the role's tasks that are stopped from outside: what is left, and what the next run makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.fleet import FleetMaker
from support.playbook import run_playbook
from support.simulation import Simulation
from support.stopped import MINUTE, MOMENTS, STATUS, STOPS, Site, cases, cut_the_power, forget_faults, waiting
from support.waiting import until

pytestmark = pytest.mark.slow
TASKS = ("-e", "onboard_mode=tasks")
CASES = cases("tasks")


def _group(case: tuple[str, str]) -> str:
    return "-".join((*case[0].split(), *case[1].split()))


@pytest.fixture(scope="module")
def simulation(make_fleet: FleetMaker) -> Simulation:
    slow: dict[str, Any] = {"count": 2, "trouble": "register_slow"}
    printers: list[dict[str, Any]] = [
        {"name": f"{_group(case)}-{{}}", **(slow if "waiting" in case[1] else {"count": 2})} for case in CASES
    ]
    printers += [{"name": f"module-{stop}-{{}}", **slow} for stop in ("ctrl-c", "sigterm")]
    printers += [{"name": "half-way-{}", "count": 2}]
    printers += [{"name": "power-cut", "network": "proxy_required", "proxy": "wrong"}]
    return make_fleet(printers, {"register_slow_delay": MINUTE}).simulation


@pytest.fixture(autouse=True)
def _no_faults_left(simulation: Simulation) -> Iterator[None]:
    """Every test has printers of its own; faults and counters are common, and so is the tenant's account."""
    yield
    forget_faults(simulation)


@pytest.mark.parametrize("case", CASES, ids=_group)
def test_a_run_that_was_stopped_is_finished_by_the_next(
    simulation: Simulation, tmp_path: Path, case: tuple[str, str]
) -> None:
    """Given a run that is stopped at this moment, when it is run again, then all are onboarded, pressed once each."""
    stop, moment = case
    site = Site(simulation, tmp_path, _group(case), TASKS)
    status, output = site.stop_at(MOMENTS[moment](simulation, site.printers), STOPS[stop])
    assert status == STATUS[stop], output
    # Where the signal hits a worker that was forked this very moment, Ansible's own handler for the parent fails in it.
    assert "Traceback" not in output or "can only test a child process" in output
    if stop != "kill-9":
        assert site.left_signed_in() == {}, output
    assert site.secrets_in_files() == []
    simulation.request("DELETE", "faults")
    site.converges()
    # After kill -9 a worker that was at work signs out, which takes it a moment.
    assert until(lambda: site.left_signed_in() == {}), site.left_signed_in()
    assert site.secrets_in_files() == []


@pytest.mark.parametrize("stop", ["ctrl-c", "sigterm"])
def test_ordinary_modules_that_are_stopped_sign_out_too(simulation: Simulation, tmp_path: Path, stop: str) -> None:
    """Given printops_in_process: false, when the run is stopped while modules wait, then they sign out on the way."""
    site = Site(simulation, tmp_path, f"module-{stop}", TASKS, printops_in_process=False)
    status, output = site.stop_at(waiting(simulation, site.printers), STOPS[stop])
    assert status == STATUS[stop], output
    assert until(lambda: site.left_signed_in() == {}), site.left_signed_in()
    site.converges()
    assert site.left_signed_in() == {}


def test_what_a_power_cut_leaves_signed_in_ends_by_its_timer(simulation: Simulation, tmp_path: Path) -> None:
    """Given a run of which nothing was left to sign out, then the printer is busy until its session has ended.

    An older family lets only one administrator write at a time, and this one had written the proxy client.
    """
    site = Site(simulation, tmp_path, "power-cut", TASKS)
    site.stop_at(lambda: bool(simulation.audit(subject="power-cut", what="proxy_changed")), cut_the_power)
    assert site.secrets_in_files() == []
    assert "power-cut" in site.left_signed_in()
    meanwhile = site.again()
    assert meanwhile.returncode != 0
    assert meanwhile.outcomes == {"power-cut": "busy"}
    assert site.counted("register_pressed") == {"power-cut": 0}
    simulation.post("clock", {"advance": 601})
    site.converges()
    assert site.counted("proxy_changed") == {"power-cut": 1}
    assert "power-cut" not in site.left_signed_in()


def test_a_play_that_fails_half_way_leaves_nothing_signed_in(simulation: Simulation, tmp_path: Path) -> None:
    """Given tasks that sign in and never out, when one printer's failure ends the play, then all are signed out."""
    site = Site(simulation, tmp_path, "half-way")
    before = site.left_signed_in()  # by the power cut, at PRISMA Home, where a session lasts longer than at a printer
    tasks: list[dict[str, Any]] = [
        {"printops.prisma.device_info": {}},
        {"printops.prisma.home_device_info": {}, "run_once": True},
        {"ansible.builtin.fail": {"msg": "as a task between would"}, "when": "inventory_hostname == 'half-way-1'"},
        {"printops.prisma.printer_registration": {}},
    ]
    play = {"hosts": "all", "gather_facts": False, "any_errors_fatal": True, "tasks": tasks}
    run = run_playbook([play], site.inventory, site.folder)
    assert run.returncode != 0
    assert len(run.results_of("device_info")) == 2
    assert run.results_of("printer_registration") == []
    assert site.counted("sign_in") == site.counted("sign_out") == {"half-way-1": 1, "half-way-2": 1}
    assert site.left_signed_in() == before
