# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request of a complete onboarding of each kind, met by each fault, and then run again.

UPDATE_CHAOS=1 runs all cells and writes docs/chaos.md, for a person to judge; otherwise a part of them is run. Each
cell is a printer with a tenant or a site of its own, and those of a run are onboarded side by side. A run is killed
when every printer of it is held at the request of its cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.chaos import (
    AFTER_ALL_TIMERS,
    ANSWER_LOST,
    FAULTS,
    HELD_WITHIN,
    KILLED,
    LASTS,
    TALKATIVE,
    WHOLE,
    Cell,
    cells_of,
    leaked,
    own_url,
    part_of,
    requests_of,
    table,
    write_section,
)
from support.fleet import SETTINGS, Fleet, FleetMaker
from support.inventory import inventory_of, site_variables, tenant_variables, write_inventory
from support.playbook import WHOLE_FLEET, Run, command, environment
from support.stopped import ONBOARD, killed_when

pytestmark = [pytest.mark.slow, pytest.mark.timeout(LASTS)]
BEHIND: dict[str, Any] = {"network": "proxy_required", "proxy": "wrong"}
KINDS: dict[str, dict[str, Any]] = {
    "sra": BEHIND,
    "home": {"kind": "prismasync", **BEHIND},
    "application": BEHIND,
    "site": {"kind": "prismasync", "hands_over_to": "site", **BEHIND},
}
HEADINGS = {
    "sra": "Onboarding with a link, by a person's account (SRA)",
    "home": "Onboarding with a hand-over to PRISMA Home, by a person's account (PRISMAsync)",
    "application": "Onboarding with a link, by client credentials (SRA)",
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
AT_WORK = 25
"""Threads of a run that is not killed."""
SIDE_BY_SIDE = 6
"""Runs that are killed at the same time."""


def names_of(cells: Iterable[Cell]) -> dict[str, str]:
    """Return the kind of each printer by its name."""
    return {cell.name: cell.kind for cell in cells}


@dataclass(frozen=True)
class Matrix:
    """The requests of each kind of onboarding, and the cells that are run."""

    cells: list[Cell]
    before_printers: dict[str, int]
    """How many requests a run of each kind sends before the first one to a printer: it reads the licences."""

    def is_alone(self, cell: Cell) -> bool:
        """Whether a run sends the request for one tenant after the other, so that no two of it can be held."""
        return cell.closes or cell.number <= self.before_printers[cell.kind]


@dataclass
class Chaos:
    """The cells in one fleet, and what became of them in the runs."""

    fleet: Fleet
    folder: Path
    orders: dict[int, Cell] = field(default_factory=dict)
    happened: Counter[Cell] = field(default_factory=Counter)
    first: dict[Cell, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    runs: int = 0

    def onboard(self, names: dict[str, str]) -> Run:
        """Run the role on these printers, always in the same folder."""
        threads = ("-e", f"onboard_at_once={AT_WORK}")
        run = self.fleet.onboard(self._inventory(names), *TALKATIVE, *threads, timeout=LASTS)
        self._keep(run.output)
        return run

    def with_faults(self, cells: list[Cell]) -> None:
        """Run the role on the printers of these cells while each meets its fault."""
        self._inject(cells)
        outcomes = self.onboard(names_of(cells)).outcomes
        self.first |= {cell: outcomes[cell.name] for cell in cells}
        self._forget()

    def killed(self, runs: Sequence[list[Cell]]) -> None:
        """Run the role for each of these groups of cells, and kill everything of a run when all its requests are held.

        A request is held when it was handled; it is never answered.
        """
        self._inject([cell for cells in runs for cell in cells])
        inventories = [self._inventory(names_of(cells)) for cells in runs]
        with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
            self._keep(*threads.map(self._kill, runs, inventories))
        self.first |= {cell: KILLED for cells in runs for cell in cells}
        self._forget()

    def _kill(self, cells: list[Cell], inventory: Path) -> str:
        """Run the role until all these cells are held, kill everything, and return what was printed."""
        threads = ("-e", f"onboard_at_once={len(cells)}")
        arguments = command(ONBOARD, inventory, self.folder, *WHOLE_FLEET, *TALKATIVE, *threads)
        env = environment(self.folder)
        return killed_when(lambda: self._not_held(cells), arguments, self.folder, env, HELD_WITHIN)

    def _not_held(self, cells: list[Cell]) -> list[str]:
        held = {self.orders[fault["id"]] for fault in self.fleet.control("GET", "faults") if fault["held"]}
        return [f"{cell.kind}: {cell.request}" for cell in cells if cell not in held]

    def _inject(self, cells: list[Cell]) -> None:
        for cell in cells:
            order = cell.fault_request(printer=cell.name, account=cell.name)
            self.orders[self.fleet.control("POST", "faults", order)["id"]] = cell

    def _forget(self) -> None:
        for fault in self.fleet.control("GET", "faults"):
            self.happened[self.orders[fault["id"]]] += fault["happened"]
        self.fleet.control("DELETE", "faults")

    def _keep(self, *outputs: str) -> None:
        self.printed += outputs
        for path in (self.folder / "onboarding").glob("*.json*"):
            self.printed.append(path.read_text(encoding="utf-8"))

    def _inventory(self, names: dict[str, str]) -> Path:
        ready = self.fleet.simulation.ready
        made = inventory_of(
            self.fleet.simulation,
            tenant=None,  # each printer has its own
            onboard_wait_sleep=1.0,
            onboard_fail_on=[],
            printops_timeout=HELD_WITHIN,
            printops_deadline=2 * HELD_WITHIN,
        )
        printers = made["all"]["children"]["printers"]
        printers["hosts"] = {
            name: {**printers["hosts"][name], **cloud_variables(ready, name, kind)} for name, kind in names.items()
        }
        self.runs += 1
        return write_inventory(self.folder / f"inventory-{self.runs}.yml", made)


def cloud_variables(ready: dict[str, Any], name: str, kind: str) -> dict[str, Any]:
    """Return the variables by which a printer reaches the tenant or the site of its name."""
    if kind == "site":
        return {**site_variables(ready, name), "printops_site_url": own_url(ready["sites"]["url"], name)}
    account = "client" if kind == "application" else "person"
    return {**tenant_variables(ready, name, account), "printops_tenant_url": own_url(ready["home"]["url"], name)}


def fleet_of(make_fleet: FleetMaker, folder: Path, names: dict[str, str]) -> Fleet:
    """Start a fleet of printers by name and kind, each with a tenant or a site of its own."""
    tenants = [name for name, kind in names.items() if kind != "site"]
    document = {
        "settings": AT_ONCE,
        "tenants": [{"id": name, "name": name} for name in tenants],
        "printers": [{"name": name, **KINDS[kind]} for name, kind in names.items()],
        "sites": [{"id": "north"}, *({"id": name} for name, kind in names.items() if kind == "site")],
    }
    path = folder / "fleet.yml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return make_fleet(path)


@pytest.fixture(scope="module")
def matrix(make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """Onboard one printer of each kind without a fault, and make a cell for each of its requests and each fault."""
    names = {f"{kind}-000": kind for kind in KINDS}
    fleet = fleet_of(make_fleet, tmp_path_factory.mktemp("trace"), names)
    fleet.control("DELETE", "counters")
    run = Chaos(fleet, fleet.new_folder()).onboard(names)
    assert set(run.outcomes.values()) == {"onboarded"}, run.output
    rows = fleet.control("GET", "latest")
    found, before = [], {}
    for name, kind in names.items():
        own = [row for row in rows if name in (row["host"], row["account"])]
        requests = requests_of(own, {name: "TENANT", fleet.simulation.printer(name)["serial"]: "SERIAL"})
        before[kind] = [request.host for request in requests].index("printer")
        cells = cells_of(kind, requests)
        found += cells if WHOLE else part_of(cells, len(FAULTS))
    return Matrix(found, before)


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

    def shown(self, cell: Cell) -> str:
        """Return the entry of a cell: the outcomes of both runs, and the presses if there were more than one."""
        pressed = self.counted("register_pressed")[cell.name]
        again = f", {pressed} presses" if pressed > 1 else ""
        return f"{self.chaos.first[cell]}, {self.second[cell.name]}{again}"


@pytest.fixture(scope="module")
def ended(make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory, matrix: Matrix) -> Ended:
    """Run the cells with their faults; let all timers pass; run again on all printers."""
    cells = matrix.cells
    fleet = fleet_of(make_fleet, tmp_path_factory.mktemp("chaos"), names_of(cells))
    chaos = Chaos(fleet, fleet.new_folder())
    chaos.with_faults([cell for cell in cells if cell.fault != KILLED])
    killed = [cell for cell in cells if cell.fault == KILLED]
    together = [[cell for cell in killed if cell.kind == kind and not matrix.is_alone(cell)] for kind in KINDS]
    chaos.killed([*filter(None, together), *([cell] for cell in killed if matrix.is_alone(cell))])
    pressed = Counter(line["subject"] for line in fleet.simulation.audit(what="register_pressed"))
    fleet.control("POST", "clock", {"advance": AFTER_ALL_TIMERS})
    second = chaos.onboard(names_of(cells)).outcomes
    left = fleet.simulation.open_sessions()
    return Ended(chaos, cells, pressed, second, left, fleet.simulation.audit())


@pytest.mark.parametrize("kind", KINDS)
def test_each_run_ends_with_an_outcome_of_its_own(ended: Ended, kind: str) -> None:
    """Given each fault at each request, then no run ends with a defect; the outcomes are those of docs/chaos.md."""
    cells = [cell for cell in ended.cells if cell.kind == kind]
    found = table(cells, {cell: ended.shown(cell) for cell in cells})
    print(f"\n{HEADINGS[kind]}\n{found}")
    if WHOLE:
        write_section(HEADINGS[kind], found)
    assert [text for text in ended.chaos.printed if "a defect of this collection" in text] == []


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
