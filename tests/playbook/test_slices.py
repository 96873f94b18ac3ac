# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that share a fleet, as AWX slices them: one canary, one report; and two runs over the same printers at once."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.inventory import inventory_of, write_inventory
from support.playbook import WHOLE_FLEET, Run, command, environment, run_playbook

pytestmark = pytest.mark.slow
SLICES = 5
GOOD, STALE = "shared-password-1", "stale-password-1"
FLEET = [{"name": f"{word}-{{:03d}}", "count": 25, "administrator_password": GOOD} for word in ("right", "stale")]
OWN = ("seconds", "address_file", "qr_path", "address_host", "serial", "hostname", "certificate_ends")
"""What two fleets of the same printers do not share."""


def declared(fleet: Fleet) -> dict[str, Any]:
    """Return the inventory: half of the printers are declared with one stale password."""
    made = inventory_of(fleet.simulation, tenant=None, **fleet.variables)
    for name, own in made["all"]["children"]["printers"]["hosts"].items():
        own["printops_password"] = STALE if name.startswith("stale") else GOOD
    return made


def sliced(made: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the inventory of a slice as AWX makes it: every fifth host."""
    hosts = made["all"]["children"]["printers"]["hosts"]
    part = {name: hosts[name] for name in list(hosts)[number - 1 :: SLICES]}
    return {"all": {**made["all"], "children": {"printers": {"hosts": part}}}}


def start(playbook: str, inventory: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a run that shares the folder of its inventory with others."""
    folder = inventory.parent
    with (folder / f"{name}.out").open("wb") as output:
        return subprocess.Popen(
            command(f"printops.prisma.{playbook}", inventory, folder, *WHOLE_FLEET, *arguments),
            cwd=folder,
            env=environment(folder, RECORD_RESULTS=str(folder / f"{name}.jsonl")),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def run_slices(made: dict[str, Any], folder: Path, *arguments: str) -> None:
    """Run all slices at once, with the variables that AWX gives them."""
    runs = []
    for number in range(1, SLICES + 1):
        inventory = write_inventory(folder / f"slice-{number}.yml", sliced(made, number))
        of_awx = {"awx_job_id": 4710 + number, "onboard_slices": SLICES, "onboard_addresses": "files"}
        runs.append(start("onboard_fleet", inventory, f"slice-{number}", "-e", json.dumps(of_awx), *arguments))
    assert {run.wait(300) for run in runs} == {2}


def merge(inventory: Path) -> tuple[Run, dict[str, Any]]:
    """Merge the reports of the slices. Return the run and the report."""
    paths = json.dumps({"fleet_report_paths": ["onboarding/slice-*"]})
    run = run_playbook("printops.prisma.fleet_report", inventory, inventory.parent, "-e", paths)
    path = inventory.parent / "onboarding" / "fleet" / "report.json"
    return run, json.loads(path.read_text(encoding="utf-8"))


def without_own(report: dict[str, Any]) -> dict[str, Any]:
    """Return what the reports of two fleets must have alike."""
    printers = {
        name: {key: value for key, value in result.items() if key not in OWN}
        for name, result in report["printers"].items()
    }
    alike = ("kind", "check_mode", "stopped", "counts", "findings", "attention", "without_result")
    return {**{name: report[name] for name in alike}, "printers": printers}


def test_five_slices_with_a_canary_are_as_one_run(make_fleet: FleetMaker) -> None:
    """50 printers, 25 with one stale password: after the canary no sign-in is refused, and there is one report."""
    fleet, other = make_fleet(FLEET), make_fleet(FLEET)
    made = declared(fleet)
    inventory = write_inventory(fleet.new_folder() / "inventory.yml", made)
    folder = inventory.parent

    watch = fleet.watch()
    canary = run_playbook("printops.prisma.onboard_canary", inventory, folder, "--check")
    assert canary.returncode == 0, canary.output
    assert (watch.count("sign_in_refused"), watch.count("account_locked")) == (2, 0)
    assert watch.changes() == []
    accepted = ("-e", f"@{folder / 'onboarding' / 'canary' / 'accepted.json'}")
    assert GOOD not in canary.output
    assert STALE not in canary.output

    watch = fleet.watch()
    run_slices(made, folder, *accepted)
    refused, locked = watch.count("sign_in_refused"), watch.count("account_locked")
    print(f"\n{SLICES} slices after a canary: {refused} sign-ins refused, {locked} accounts locked")
    assert (refused, locked) == (0, 0)
    assert watch.count("sign_in") == 25
    merged, report = merge(inventory)
    assert merged.returncode == 2
    assert report["counts"] == {"awaiting_claim": 25, "not_tried": 25}
    assert "25 of 50 printers need attention" in merged.output

    single_inventory = write_inventory(other.new_folder() / "inventory.yml", declared(other))
    single = other.onboard(single_inventory, *accepted)
    assert without_own(report) == without_own(single.report)
    assert fleet.simulation.open_sessions() == {}


def test_canaries_that_are_well_are_onboarded_and_without_one_nothing_is(make_fleet: FleetMaker) -> None:
    fleet = make_fleet([{**printers, "count": 3} for printers in FLEET])
    made = declared(fleet)
    inventory = write_inventory(fleet.new_folder() / "inventory.yml", made)
    watch = fleet.watch()
    run = run_playbook("printops.prisma.onboard_canary", inventory, inventory.parent)
    assert run.returncode == 0, run.output
    assert (watch.count("register_pressed"), watch.count("sign_in_refused")) == (2, 2)
    (found,) = [result for result in run.results_of("onboarding_canaries") if "found" in result]
    assert [(row["canaries"], row["accepted"], row["refused"]) for row in found["found"]] == [
        (2, True, 0),
        (2, False, 2),
    ]

    hosts = made["all"]["children"]["printers"]["hosts"]
    for name in list(hosts):
        hosts[name]["printops_password"] = STALE
    inventory = write_inventory(fleet.new_folder() / "inventory.yml", made)
    watch = fleet.watch()
    run = run_playbook("printops.prisma.onboard_canary", inventory, inventory.parent)
    assert run.returncode == 2
    assert "No canary can be onboarded as declared" in run.output
    assert watch.count("sign_in_refused") == 2
    assert watch.changes() == []


def test_two_runs_at_once_press_each_printer_once(make_fleet: FleetMaker) -> None:
    """Two complete runs over the same 30 printers: one press each, both reports are true, and neither is lost.

    A printer that hands over does not show that it was pressed. Its applications are on before: both runs would write
    that, and a Settings Editor lets one account write at a time.
    """
    fleet = make_fleet(
        [{"name": "press-{:03d}", "count": 20}, {"name": "editor-{:03d}", "count": 10, "kind": "prismasync"}]
    )
    on = {"device_applications": {"applications": {"prismalytics-dashboard": True}}}
    fleet.on_each({f"editor-{number:03d}": [on] for number in range(1, 11)})
    inventory = fleet.inventory()
    watch = fleet.watch()
    runs = [start("onboard_fleet", inventory, f"run-{number}") for number in range(2)]
    assert [run.wait(300) for run in runs] == [0, 0]
    pressed = Counter(who for who, what in watch.audit() if what == "register_pressed")
    names = {printer["name"] for printer in fleet.simulation.ready["printers"]}
    assert pressed == dict.fromkeys(names, 1)
    reports = [json.loads(path.read_bytes()) for path in (inventory.parent / "onboarding").glob("report*.json")]
    assert len(reports) == 2
    for report in reports:
        assert set(report["printers"]) == names
        assert {result["outcome"] for result in report["printers"].values()} <= {"already", "onboarded"}
        assert report["attention"] == []
    both = [path.read_text(encoding="utf-8") for path in inventory.parent.glob("run-*.out")]
    assert "technician" not in "".join(both)
    assert (
        sum("Another run has written onboarding/report.json meanwhile" in " ".join(text.split()) for text in both) == 1
    )
