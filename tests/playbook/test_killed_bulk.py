# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bulk runs that are stopped from outside: what is left, what the journal says, and what the next run makes of it."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fleet import FleetMaker
from support.inventory import write_inventory
from support.simulation import Simulation
from support.stopped import MINUTE, MOMENTS, STATUS, STOPS, Site, cases, cut_the_power, forget_faults
from support.waiting import until

pytestmark = pytest.mark.slow
BULK = ("-e", "onboard_mode=bulk")
pytestmark = pytest.mark.slow
CASES = cases("bulk")


def _group(case: tuple[str, str]) -> str:
    return "-".join((*case[0].split(), *case[1].split()))


@pytest.fixture(scope="module")
def simulation(make_fleet: FleetMaker) -> Simulation:
    slow = {"count": 3, "trouble": "register_slow"}
    printers: list[dict[str, Any]] = [
        {"name": f"{_group(case)}-{{}}", **(slow if "waiting" in case[1] else {"count": 3})} for case in CASES
    ]
    printers += [{"name": f"{name}-{{}}", **slow} for name in ("power-cut", "many", "shown")]
    return make_fleet(printers, {"register_slow_delay": MINUTE}).simulation


@pytest.fixture(autouse=True)
def _no_faults_left(simulation: Simulation) -> Iterator[None]:
    """Every test has printers of its own; faults and counters are common, and so is the tenant's account."""
    yield
    forget_faults(simulation)


def journal(site: Site) -> list[dict[str, Any]]:
    """Return the lines of the last run's journal."""
    path = site.folder / "onboarding" / "journal.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=_group)
def test_a_bulk_run_that_was_stopped_is_finished_by_the_next(
    simulation: Simulation, tmp_path: Path, case: tuple[str, str]
) -> None:
    """Given a run that is stopped at this moment, when it is run again, then all are onboarded, pressed once each."""
    stop, moment = case
    site = Site(simulation, tmp_path, _group(case), BULK)
    status, output = site.stop_at(MOMENTS[moment](simulation, site.printers), STOPS[stop])
    assert status == STATUS[stop], output
    assert "Traceback" not in output
    if stop != "kill-9":
        assert site.left_signed_in() == {}, output
        last = {line["printer"]: line["what"] for line in journal(site)}
        assert set(last) <= set(site.printers)
        assert set(last.values()) <= {"stopped", "ends"}, last
        assert "stopped" in last.values()
        if moment == "signing in":  # the step that was under way is ended, and no other begins
            assert site.counted("register_pressed") == dict.fromkeys(site.printers, 0)
    assert site.secrets_in_files() == []
    # After kill -9 the worker notices at its next request, and signs out.
    assert until(lambda: site.left_signed_in() == {}), site.left_signed_in()
    simulation.request("DELETE", "faults")
    site.converges()
    assert site.left_signed_in() == {}
    assert {line["printer"]: line["what"] for line in journal(site)} == dict.fromkeys(site.printers, "ends")


@pytest.mark.parametrize("stop", ["ctrl-c", "sigterm"])
def test_a_run_that_was_stopped_shows_what_became_of_each_printer(
    simulation: Simulation, tmp_path: Path, stop: str
) -> None:
    """Given one printer of three at a time, when it is stopped, then table, counts of all, and where the report is."""
    site = Site(simulation, tmp_path, "shown", (*BULK, "-e", "onboard_at_once=1", "-e", "onboard_serial=2"))
    status, output = site.stop_at(MOMENTS["signing in"](simulation, site.printers[:1]), STOPS[stop])
    assert status == STATUS[stop], output
    text = " ".join(output.split())
    assert "Onboarding: 3 of 3 printers need attention. The run was stopped" in text
    assert "shown-1 the run was stopped in the phase prepare; the next run continues" in text
    assert "2 printers its wave was not started: shown-2, shown-3" in text
    assert re.search(r"report onboarding/report\.\S*json\S* .*journal onboarding/journal\.jsonl", text), text
    assert "--limit @onboarding/attention.txt" in text
    assert text.count("Onboarding: ") == 1, "once, at the end"
    report = json.loads((site.folder / "onboarding" / "report.json").read_text(encoding="utf-8"))
    assert {name: printer["outcome"] for name, printer in report["printers"].items()} == dict.fromkeys(
        site.printers, "not_tried"
    )
    assert report["without_result"] == site.printers[1:]
    forget_faults(simulation)


def test_after_kill_9_no_worker_waits_for_somebody_to_read_its_result(simulation: Simulation, tmp_path: Path) -> None:
    """Given a result that is more than a pipe holds, and nobody to read it, then its worker ends all the same."""
    site = Site(simulation, tmp_path, "many", BULK)
    inventory = yaml.safe_load(site.inventory.read_text(encoding="utf-8"))
    wrong = {f"wrong-{number}": {"onboard_clock_tolerance": "soon " * 100} for number in range(150)}
    inventory["all"]["children"]["printers"]["hosts"] |= wrong
    write_inventory(site.inventory, inventory)
    workers: list[Path] = []

    def kill(pid: int) -> None:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        workers.extend(Path(f"/proc/{each}/stat") for each in children)
        os.kill(pid, signal.SIGKILL)

    site.stop_at(MOMENTS["waiting for the address"](simulation, site.printers), kill)
    assert len(workers) == 1
    assert until(lambda: not workers[0].exists() or workers[0].read_text().rpartition(")")[2].split()[0] == "Z")
    assert site.left_signed_in() == {}


def test_after_a_power_cut_the_next_run_presses_nothing_while_a_link_is_being_made(
    simulation: Simulation, tmp_path: Path
) -> None:
    """Given a run of which nothing is left at all, then its journal says where it was, and the next run converges."""
    site = Site(simulation, tmp_path, "power-cut", BULK)
    site.stop_at(MOMENTS["waiting for the address"](simulation, site.printers), cut_the_power)
    assert site.counted("register_pressed") == dict.fromkeys(site.printers, 1)
    last = {line["printer"]: (line["what"], line["phase"]) for line in journal(site)}
    assert last == dict.fromkeys(site.printers, ("waits", "register"))
    assert site.secrets_in_files() == []
    simulation.post("clock", {"advance": 601})  # their sessions end by their own timer
    site.converges()
