# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bulk mode in several processes: limits, canaries and sign-ins hold for all of them, and one may die."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from support.fleet import FleetMaker
from support.simulation import Simulation
from support.stopped import MINUTE, MOMENTS, STATUS, STOPS, Site, forget_faults
from support.waiting import until

pytestmark = pytest.mark.slow
PRINTERS = 101
"""More than two processes get: a wave has one for each 50 printers."""
BULK = ("-e", "onboard_mode=bulk", "-e", "onboard_processes=3", "-e", "onboard_at_once=30")


@pytest.fixture(scope="module")
def simulation(make_fleet: FleetMaker) -> Simulation:
    return make_fleet(
        [
            {"name": "spread-{:03d}", "count": PRINTERS},
            {"name": "stale-{:03d}", "count": PRINTERS, "administrator_password": "shared-password-1"},
            {"name": "dies-{:03d}", "count": PRINTERS, "trouble": "register_slow"},
            {"name": "ends-{:03d}", "count": PRINTERS},
        ],
        {"register_slow_delay": MINUTE},
    ).simulation


@pytest.fixture(autouse=True)
def _no_faults_left(simulation: Simulation) -> None:
    forget_faults(simulation)


def parts_of(pid: int) -> list[int]:
    """Return the processes that share the wave: the children of Ansible's one worker."""

    def children(of: int) -> list[int]:
        return [int(each) for each in Path(f"/proc/{of}/task/{of}/children").read_text(encoding="ascii").split()]

    return [part for worker in children(pid) for part in children(worker)]


def test_a_wave_is_shared_and_each_account_signs_in_once(simulation: Simulation, tmp_path: Path) -> None:
    site = Site(simulation, tmp_path, "spread", BULK)
    run = site.again()
    assert run.returncode == 0, run.output
    assert run.outcomes == dict.fromkeys(site.printers, "onboarded")
    for what in ("sign_in", "register_pressed"):
        assert site.counted(what) == dict.fromkeys(site.printers, 1), what
    at_home = [line for line in simulation.audit(since=site.before, what="sign_in") if line["side"] != "controller"]
    assert len([line for line in at_home if line["side"] == "home"]) <= 1, at_home
    assert site.left_signed_in() == {}
    lines = (site.folder / "onboarding" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    last = {line["printer"]: line["what"] for line in map(json.loads, lines)}
    assert last == dict.fromkeys(site.printers, "ends")
    again = site.again()
    assert again.outcomes == dict.fromkeys(site.printers, "already")
    assert site.left_signed_in() == {}


def test_a_stale_password_is_tried_on_two_printers_whichever_process_has_them(
    simulation: Simulation, tmp_path: Path
) -> None:
    site = Site(simulation, tmp_path, "stale", (*BULK, "-e", "printops_password=stale-password-1"))
    run = site.again()
    assert Counter(run.outcomes.values()) == {"auth_failed": 2, "not_tried": PRINTERS - 2}, run.output
    assert sum(site.counted("sign_in_refused").values()) == 2
    assert sum(site.counted("account_locked").values()) == 0


def test_a_process_that_dies_takes_no_other_one_along(simulation: Simulation, tmp_path: Path) -> None:
    site = Site(simulation, tmp_path, "dies", BULK)

    def kill_one(pid: int) -> None:
        parts = parts_of(pid)
        assert len(parts) == 3
        os.kill(parts[1], signal.SIGKILL)
        simulation.post("clock", {"advance": MINUTE})

    def all_wait() -> bool:
        return len(simulation.audit(since=site.before, what="register_pressed")) == PRINTERS

    status, output = site.stop_at(all_wait, kill_one)
    assert status == 2, output
    assert "its process ended" in output
    assert site.left_signed_in() == {}
    report = json.loads((site.folder / "onboarding" / "report.json").read_text(encoding="utf-8"))
    outcomes = {name: printer["outcome"] for name, printer in report["printers"].items()}
    of_the_dead = {outcomes[name] for name in site.printers[1::3]}
    assert of_the_dead in ({"not_tried"}, {"not_tried", "onboarded"})
    assert {outcomes[name] for name in (*site.printers[::3], *site.printers[2::3])} == {"onboarded"}
    forget_faults(simulation)
    site.converges()


@pytest.mark.parametrize("stop", ["sigterm", "kill-9"])
def test_a_stopped_run_leaves_no_session_and_no_process(simulation: Simulation, tmp_path: Path, stop: str) -> None:
    site = Site(simulation, tmp_path, "ends", BULK)
    parts: list[int] = []

    def stopped(how: Callable[[int], None]) -> Callable[[int], None]:
        def act(pid: int) -> None:
            parts.extend(parts_of(pid))
            how(pid)

        return act

    status, output = site.stop_at(MOMENTS["signing in"](simulation, site.printers[:1]), stopped(STOPS[stop]))
    assert status == STATUS[stop], output
    assert len(parts) == 3
    assert "Traceback" not in output
    began = time.monotonic()
    assert until(lambda: site.left_signed_in() == {}), site.left_signed_in()
    assert until(lambda: not any(Path(f"/proc/{part}").exists() for part in parts)), time.monotonic() - began
    forget_faults(simulation)
