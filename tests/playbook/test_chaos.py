# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request of a complete onboarding of each kind, met by each fault, and then run again.

The matrix stands in docs/chaos.md; UPDATE_CHAOS=1 writes what was found, for a person to judge. All cells run at once,
a printer with its own tenant or site for each. A run is killed when every printer of it is held at the request of its
cell.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.chaos import (
    ANSWER_LOST,
    KILLED,
    Cell,
    cells_of,
    leaked,
    own_url,
    requests_of,
    table,
    undocumented,
    write_section,
)
from support.fleet import SETTINGS, Fleet, FleetMaker
from support.inventory import inventory_of, site_variables, write_inventory
from support.playbook import WHOLE_FLEET, Run, command, environment
from support.stopped import ONBOARD, cut_the_power

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
BEHIND: dict[str, Any] = {"network": "proxy_required", "proxy": "wrong"}
KINDS: dict[str, dict[str, Any]] = {
    "sra": BEHIND,
    "home": {"kind": "prismasync", **BEHIND},
    "site": {"kind": "prismasync", "hands_over_to": "site", **BEHIND},
}
HEADINGS = {
    "sra": "Onboarding with a link (SRA)",
    "home": "Onboarding with a hand-over to PRISMA Home (PRISMAsync)",
    "site": "Onboarding with a hand-over to an administration site (PRISMAsync)",
}
AT_ONCE = {
    **SETTINGS,
    "registration_delay": 0.0,
    "connecting_delay": 0.0,
    "ors_connect_delay": 0.0,
    "ors_recheck": 3600.0,
    "ors_timeout": 120.0,
}
"""Without delays nothing is polled for, so every run sends the same requests. No printer gives up where many ask."""
GOOD = {"onboarded", "already"}
PRESS = re.compile("cloud-service/registration$")
LOST = {(kind, fault) for kind in ("home", "site") for fault in (ANSWER_LOST, KILLED)}
"""Where the answer to a press is lost, the address of a hand-over is lost with it: the next run needs a new one."""
AFTER_ALL_TIMERS = 3700
HELD_WITHIN = 600
"""Seconds in which every printer of a run holds its request. A request waits longer for its answer."""
TALKATIVE = ("-vvv", "--diff")
AT_WORK = 25
"""Threads of a run that is not killed."""


def names_of(cells: list[Cell]) -> dict[str, str]:
    """Return the kind of each printer by its name."""
    return {cell.name: cell.kind for cell in cells}


@dataclass
class Chaos:
    """All cells in one fleet, and what became of them in the runs."""

    fleet: Fleet
    folder: Path
    orders: dict[int, Cell] = field(default_factory=dict)
    happened: Counter[Cell] = field(default_factory=Counter)
    first: dict[Cell, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    def onboard(self, names: dict[str, str]) -> Run:
        """Run the role on these printers, always in the same folder."""
        threads = ("-e", f"onboard_at_once={AT_WORK}")
        run = self.fleet.onboard(self._inventory(names), *TALKATIVE, *threads, timeout=1500)
        self._keep(run.output)
        return run

    def with_faults(self, cells: list[Cell]) -> None:
        """Run the role on the printers of these cells while each meets its fault."""
        self._inject(cells)
        outcomes = self.onboard(names_of(cells)).outcomes
        self.first |= {cell: outcomes[cell.name] for cell in cells}
        self._forget()

    def killed(self, cells: list[Cell]) -> None:
        """Run the role on the printers of these cells, and kill everything when all requests are held.

        A request is held when it was handled; it is never answered.
        """
        self._inject(cells)
        threads = ("-e", f"onboard_at_once={len(cells)}")
        log = self.fleet.new_folder() / "killed.log"
        with log.open("wb") as output:
            arguments = command(
                ONBOARD, self._inventory(names_of(cells)), self.folder, *WHOLE_FLEET, *TALKATIVE, *threads
            )
            env = environment(self.folder)
            process = subprocess.Popen(arguments, cwd=self.folder, env=env, stdout=output, stderr=output)
            deadline = time.monotonic() + HELD_WITHIN
            while not all(fault["held"] for fault in self.fleet.control("GET", "faults")):
                assert process.poll() is None, self._not_held()
                assert time.monotonic() < deadline, self._not_held()
                time.sleep(0.1)
            cut_the_power(process.pid)
            process.wait(30)
        self.first |= dict.fromkeys(cells, KILLED)
        self._keep(log.read_text(errors="replace"))
        self._forget()

    def _not_held(self) -> str:
        faults = self.fleet.control("GET", "faults")
        return f"not held: {[str(self.orders[fault['id']]) for fault in faults if not fault['held']]}"

    def _inject(self, cells: list[Cell]) -> None:
        for cell in cells:
            order = cell.fault_request(printer=cell.name, account=cell.name)
            self.orders[self.fleet.control("POST", "faults", order)["id"]] = cell

    def _forget(self) -> None:
        for fault in self.fleet.control("GET", "faults"):
            self.happened[self.orders[fault["id"]]] += fault["happened"]
        self.fleet.control("DELETE", "faults")

    def _keep(self, output: str) -> None:
        self.printed.append(output)
        for path in (self.folder / "onboarding").glob("*.json*"):
            self.printed.append(path.read_text(encoding="utf-8"))

    def _inventory(self, names: dict[str, str]) -> Path:
        ready = self.fleet.simulation.ready
        made = inventory_of(
            self.fleet.simulation,
            tenant=ready["tenants"][0]["id"],
            onboard_wait_sleep=1.0,
            onboard_fail_on=[],
            printops_timeout=HELD_WITHIN,
            printops_deadline=2 * HELD_WITHIN,
        )
        printers = made["all"]["children"]["printers"]
        hosts = {name: printers["hosts"][name] for name in names}
        for name, kind in names.items():
            if kind == "site":
                site_url = own_url(ready["sites"]["url"], name)
                hosts[name].update({**site_variables(ready, name), "printops_site_url": site_url})
            else:
                tenant_url = own_url(ready["home"]["url"], name)
                hosts[name].update({**self.fleet.tenant_options(name), "printops_tenant_url": tenant_url})
        printers["hosts"] = hosts
        return write_inventory(self.folder / "inventory.yml", made)


def fleet_of(make_fleet: FleetMaker, folder: Path, names: dict[str, str]) -> Fleet:
    """Start a fleet of printers by name and kind, each with a tenant or a site of its own."""
    document = {
        "settings": AT_ONCE,
        "tenants": [{"id": name, "name": name} for name, kind in names.items() if kind != "site"],
        "printers": [{"name": name, **KINDS[kind]} for name, kind in names.items()],
        "sites": [{"id": "north"}, *({"id": name} for name, kind in names.items() if kind == "site")],
    }
    path = folder / "fleet.yml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return make_fleet(path)


@pytest.fixture(scope="module")
def cells(make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory) -> list[Cell]:
    """Onboard one printer of each kind without a fault, and make a cell for each of its requests and each fault."""
    fleet = fleet_of(make_fleet, tmp_path_factory.mktemp("trace"), {f"{kind}-000": kind for kind in KINDS})
    fleet.control("DELETE", "counters")
    run = Chaos(fleet, fleet.new_folder()).onboard({f"{kind}-000": kind for kind in KINDS})
    assert set(run.outcomes.values()) == {"onboarded"}, run.output
    rows = fleet.control("GET", "latest")
    found = []
    for kind in KINDS:
        name = f"{kind}-000"
        own = [row for row in rows if name in (row["host"], row["account"])]
        found += cells_of(kind, requests_of(own, {name: "TENANT", fleet.simulation.printer(name)["serial"]: "SERIAL"}))
    return found


@dataclass
class Ended:
    """What is there after the runs with faults and a second run."""

    chaos: Chaos
    cells: list[Cell]
    presses_of_one_run: Counter[str]
    second: dict[str, str]
    open_after_second: dict[str, Any]
    audit: list[dict[str, Any]]

    def counted(self, *what: str) -> Counter[str]:
        """Return how often one of these changes happened, by printer, tenant or site."""
        return Counter(line["subject"] for line in self.audit if line["what"] in what)


@pytest.fixture(scope="module")
def ended(make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory, cells: list[Cell]) -> Ended:
    """Run all cells with their faults; let all timers pass; run again on all printers."""
    fleet = fleet_of(make_fleet, tmp_path_factory.mktemp("chaos"), names_of(cells))
    chaos = Chaos(fleet, fleet.new_folder())
    chaos.with_faults([cell for cell in cells if cell.fault != KILLED])
    killed = [cell for cell in cells if cell.fault == KILLED]
    chaos.killed([cell for cell in killed if not cell.closes])
    chaos.killed([cell for cell in killed if cell.closes])
    pressed = Counter(line["subject"] for line in fleet.simulation.audit(what="register_pressed"))
    fleet.control("POST", "clock", {"advance": AFTER_ALL_TIMERS})
    second = chaos.onboard(names_of(cells)).outcomes
    left = fleet.simulation.open_sessions()
    return Ended(chaos, cells, pressed, second, left, fleet.simulation.audit())


@pytest.mark.parametrize("kind", KINDS)
def test_the_matrix_is_the_documented_one(ended: Ended, kind: str) -> None:
    """Given each fault at each request, then the outcomes of that run and of the next are those of docs/chaos.md."""
    shown = {}
    pressed = ended.counted("register_pressed")
    for cell in ended.cells:
        again = f", {pressed[cell.name]} presses" if pressed[cell.name] > 1 else ""
        shown[cell] = f"{ended.chaos.first[cell]}, {ended.second[cell.name]}{again}"
    cells = [cell for cell in ended.cells if cell.kind == kind]
    found = table(cells, shown)
    print(f"\n{HEADINGS[kind]}\n{found}")
    if os.environ.get("UPDATE_CHAOS"):
        write_section(HEADINGS[kind], found)
    assert undocumented(HEADINGS[kind], cells, shown) == {}


def test_each_fault_met_its_request_once(ended: Ended) -> None:
    happened = {f"{cell.kind}: {cell.request}: {cell.fault}": ended.chaos.happened[cell] for cell in ended.cells}
    assert {cell: times for cell, times in happened.items() if times != 1} == {}


def test_the_next_run_ends_well(ended: Ended) -> None:
    assert {name: outcome for name, outcome in ended.second.items() if outcome not in GOOD} == {}


def test_nothing_is_pressed_twice_for_one_address(ended: Ended) -> None:
    """A second press, by a later run, only where the address of a hand-over went with the answer that held it."""
    assert {name: times for name, times in ended.presses_of_one_run.items() if times > 1} == {}
    lost = {cell.name for cell in ended.cells if PRESS.search(cell.request.path) and (cell.kind, cell.fault) in LOST}
    pressed = ended.counted("register_pressed")
    assert {name: times for name, times in pressed.items() if times > (2 if name in lost else 1)} == {}


def test_every_printer_is_where_it_belongs_and_was_registered_once(ended: Ended) -> None:
    owners = {cell.name: ended.chaos.fleet.state(cell.name)["owner"] for cell in ended.cells}
    expected = {cell.name: f"site:{cell.name}" if cell.kind == "site" else cell.name for cell in ended.cells}
    assert owners == expected
    assert ended.counted("claim", "printer_added") == Counter(list(owners))
    gone = ("take_over", "printer_moved", "device_deleted", "unregister", "printer_removed", "removed")
    assert ended.counted(*gone) == Counter()


def test_no_session_is_left_after_the_second_run(ended: Ended) -> None:
    assert ended.open_after_second == {}


def test_no_secret_was_printed_or_reported(ended: Ended) -> None:
    secrets = ended.chaos.fleet.control("GET", "secrets")
    assert len(secrets) > len(ended.cells)
    assert leaked(ended.chaos.printed, secrets) == []
