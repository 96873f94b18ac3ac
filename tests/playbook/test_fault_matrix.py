# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault at every step of the role: the right outcome, no second press, and a clean run afterwards.

The outcomes stand in docs/faults.md, one table for each kind of controller; UPDATE_FAULTS=1 writes what was found, for
a person to judge.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from support.faults import MATRICES, TIMEOUT, TIMEOUT_AFTERWARDS, Cell, Matrix
from support.fleet import SETTINGS, Fleet, FleetMaker, Watch
from support.inventory import inventory_of, write_inventory
from support.playbook import Run

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "docs" / "faults.md"
TASKS, BULK = "tasks", "bulk"
GOOD = {"onboarded", "already"}


@dataclass
class Runs:
    """Three runs on one matrix: the first with the faults, two after it."""

    matrix: Matrix
    happened: dict[Cell, int]
    outcomes: dict[str, str]
    presses_of_first: dict[str, int]
    outcomes_of_second: dict[str, str]
    outcomes_of_third: dict[str, str]
    third: Run
    presses: dict[str, int]
    open_sessions: dict[str, object]


@pytest.fixture(scope="module", params=MATRICES, ids=[matrix.kind for matrix in MATRICES])
def runs(request: pytest.FixtureRequest, make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Run the role three times on a printer for each cell, task by task and in bulk: one finishes the other's work."""
    matrix: Matrix = request.param
    path = tmp_path_factory.mktemp("matrix") / "fleet.yml"
    path.write_text(yaml.safe_dump({"settings": SETTINGS, **matrix.fleet()}), encoding="utf-8")
    fleet = make_fleet(path)
    inventory = _inventory(fleet, matrix)
    orders = {}
    for cell in matrix.cells:
        orders[cell] = fleet.control("POST", "faults", cell.fault_request())["id"]
    watch = fleet.watch()
    first, second = (TASKS, BULK) if matrix.kind == "sra" else (BULK, TASKS)
    outcomes = _onboard(fleet, inventory, first, TIMEOUT).outcomes
    happened = {fault["id"]: fault["happened"] for fault in fleet.control("GET", "faults")}
    presses_of_first = _presses(matrix, watch)
    fleet.control("DELETE", "faults")
    for cell in matrix.cells:
        fleet.change(cell.printer, expire_sessions=True)
    outcomes_of_second = _onboard(fleet, inventory, second, TIMEOUT_AFTERWARDS).outcomes
    third = _onboard(fleet, inventory, BULK, TIMEOUT_AFTERWARDS)
    return Runs(
        matrix,
        {cell: happened[number] for cell, number in orders.items()},
        outcomes,
        presses_of_first,
        outcomes_of_second,
        third.outcomes,
        third,
        _presses(matrix, watch),
        fleet.simulation.open_sessions(),
    )


def _onboard(fleet: Fleet, inventory: Path, mode: str, seconds: float) -> Run:
    """Run the role on all cells. Its report lies where the next run writes its own, so it is to be read at once.

    ``seconds`` are those of one request.
    """
    return fleet.onboard(inventory, "-e", f"printops_timeout={seconds}", mode=mode, timeout=900)


def _presses(matrix: Matrix, watch: Watch) -> dict[str, int]:
    pressed = [subject for subject, what in watch.audit() if what == "register_pressed"]
    return {cell.printer: pressed.count(cell.printer) for cell in matrix.cells}


def _inventory(fleet: Fleet, matrix: Matrix) -> Path:
    made = inventory_of(
        fleet.simulation,
        tenant=matrix.cells[0].tenant,
        account="client",
        onboard_wait_sleep=0.2,
        onboard_wait_timeout=60,
        onboard_fail_on=[],
    )
    hosts = made["all"]["children"]["printers"]["hosts"]
    for cell in matrix.cells:
        hosts[cell.printer].update(fleet.tenant_options(cell.tenant, "client"))
    return write_inventory(fleet.new_folder() / "inventory.yml", made)


def test_each_fault_happened_once(runs: Runs) -> None:
    """Given the orders of the matrix, then every fault met its request: no cell is empty."""
    assert {f"{cell.step.name} / {cell.fault}": times for cell, times in runs.happened.items() if times != 1} == {}


def test_outcomes_are_those_of_the_documented_table(runs: Runs) -> None:
    """Given a fault, then the printer has the outcome that docs/faults.md says."""
    found = runs.matrix.table({(cell.step.name, cell.fault): runs.outcomes[cell.printer] for cell in runs.matrix.cells})
    print(f"\n{runs.matrix.kind}\n{found}")
    if os.environ.get("UPDATE_FAULTS"):
        _write_table(runs.matrix.kind, found)
    assert _documented(runs.matrix.kind) == found


def test_nothing_is_pressed_twice_in_one_run(runs: Runs) -> None:
    """Given any fault, then one run presses [Register] at most once on each printer."""
    assert {name: times for name, times in runs.presses_of_first.items() if times > 1} == {}


def test_a_press_that_arrived_is_never_repeated(runs: Runs) -> None:
    """Given a press whose link waits, or that led to a registration, then no later run presses again.

    The address of a hand-over stands in the answer alone: where that was lost, the next run presses once more.
    """
    again = {cell.printer for cell in runs.matrix.cells if (cell.step.name, cell.fault) in runs.matrix.may_press_again}
    assert {name: times for name, times in runs.presses.items() if times != (2 if name in again else 1)} == {}


def test_the_next_run_is_clean(runs: Runs) -> None:
    """Given that the fault is gone, then the next run ends well everywhere, and the one after it changes nothing."""
    assert {name: ended for name, ended in runs.outcomes_of_second.items() if ended not in GOOD} == {}
    assert {name: ended for name, ended in runs.outcomes_of_third.items() if ended != "already"} == {}
    assert runs.third.changed == 0, runs.third.output
    assert runs.open_sessions == {}


def _sections(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split("\n## ")[1:]:
        heading, _newline, body = part.partition("\n")
        yield heading.strip(), body


def _documented(kind: str) -> str:
    bodies = dict(_sections(TABLES.read_text(encoding="utf-8")))
    return "\n".join(line for line in bodies[f"`{kind}`"].splitlines() if line.startswith("|"))


def _write_table(kind: str, table: str) -> None:
    text = TABLES.read_text(encoding="utf-8")
    head, marker, rest = text.partition(f"\n## `{kind}`\n")
    _old, more, after = rest.partition("\n## ")
    TABLES.write_text(f"{head}{marker}\n{table}\n{more}{after}", encoding="utf-8")
