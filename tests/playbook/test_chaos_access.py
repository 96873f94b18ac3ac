# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request of an application of forty changes by cloud_access, met by each fault, and then run again.

UPDATE_CHAOS=1 runs all cells and writes docs/chaos.md, for a person to judge; otherwise a part of them is run. Each
cell has a site of its own. The cells are spread over two simulators, which run side by side.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.chaos import (
    AFTER_ALL_TIMERS,
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
from support.playbook import Run, command, environment
from support.site import Sites, start_sites
from support.stopped import killed_when

pytestmark = [pytest.mark.slow, pytest.mark.timeout(LASTS)]
HEADING = "Forty changes to the people of a site (cloud_access)"
SIMULATORS = 2
KILLED_AT_ONCE = 40
"""Workers of a run that is killed: each needs some memory."""
CHANGES = 40
IN_PARTS = 4 * len(FAULTS)
"""Where not all cells are run, one of so many is."""
OPTIONS = {"printops_timeout": HELD_WITHIN, "printops_deadline": 2 * HELD_WITHIN}
EVERYTHING = ("dashboard", "remote_match", "remote_control")
GOOD = {"applied", "in_sync"}


@dataclass(frozen=True)
class People:
    """Who is on a site at first, who is declared, and who is there in the end."""

    site: str

    def named(self, role: str, count: int) -> list[str]:
        return [f"{role}{number}@{self.site}.example.com" for number in range(1, count + 1)]

    @property
    def automation(self) -> list[str]:
        return [f"{name}@{self.site}.example.com" for name in ("automation", "deputy")]

    @property
    def kept(self) -> list[str]:
        return self.named("kept", 4)

    @property
    def removed(self) -> list[str]:
        return self.named("removed", 7)

    @property
    def added(self) -> list[str]:
        return self.named("added", 14)

    @property
    def narrow(self) -> str:
        """Added for the Dashboard alone, which takes an addition and two removals."""
        return f"narrow@{self.site}.example.com"

    @property
    def administrator(self) -> str:
        return f"administrator@{self.site}.example.com"

    @property
    def guest(self) -> str:
        """Added by a second writer, and not declared."""
        return f"guest@{self.site}.example.com"

    def spec(self) -> dict[str, Any]:
        """Return the site for the simulator: users use every application."""
        return {"id": self.site, "users": [*self.kept, *self.removed]}

    def declared(self) -> dict[str, Any]:
        """Return the declared file: 16 additions, 2 removals that undo, 22 others."""
        first, *others = self.kept
        return {
            "site": self.site.capitalize(),
            "mode": "authoritative",
            "administrators": [*self.automation, self.administrator],
            "users": [
                {"email": first, "applications": list(EVERYTHING[:2])},
                *({"email": one, "applications": list(EVERYTHING)} for one in (*others, *self.added)),
                {"email": self.narrow, "applications": ["dashboard"]},
            ],
            "guardrails": {"max_removals": 40, "max_removal_percent": 100, "min_admins": 2},
        }

    def lists(self) -> dict[str, set[str]]:
        """Return who is on which list in the end."""
        others = self.kept[1:]
        match = {*self.automation, self.administrator, *self.kept, *self.added}
        return {
            "dashboard": {*match, self.narrow},
            "remote_match": match,
            "remote_control_invited": set(self.added),
            "remote_control_active": set(others),
            "administrators_invited": {self.administrator},
            "administrators": set(self.automation),
        }

    def may_go(self) -> set[tuple[str, str]]:
        """Return the rows that a run may remove."""
        rows = {(one, each) for one in self.removed for each in ("dashboard", "remote_match", "remote_control_active")}
        rows |= {(self.kept[0], "remote_control_active")}
        rows |= {(self.narrow, each) for each in ("remote_match", "remote_control_invited")}
        return rows | {(self.guest, "dashboard")}

    def second_writer(self) -> dict[str, list[str]]:
        """Another administrator adds one of the declared people and a guest, and removes one who is to go."""
        return {
            self.added[-1]: ["dashboard", "remote_match", "remote_control_invited"],
            self.guest: ["dashboard"],
            self.removed[-1]: [],
        }


@dataclass
class Part:
    """Some of the cells, on a simulator of their own."""

    sites: Sites
    cells: list[Cell]
    orders: dict[int, Cell] = field(default_factory=dict)
    happened: Counter[Cell] = field(default_factory=Counter)
    first: dict[Cell, str] = field(default_factory=dict)
    second: dict[str, str] = field(default_factory=dict)
    open_after_second: list[Any] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    def everything(self) -> None:
        """Meet the faults, let all timers pass, and run again."""
        self._meet([cell for cell in self.cells if cell.fault != KILLED])
        killed = [cell for cell in self.cells if cell.fault == KILLED]
        # A run signs out at its end, which does not come while another site is held.
        others = [cell for cell in killed if not cell.closes]
        for begin in range(0, len(others), KILLED_AT_ONCE):
            self._kill(others[begin : begin + KILLED_AT_ONCE])
        self._kill([cell for cell in killed if cell.closes])
        self.sites.simulation.post("clock", {"advance": AFTER_ALL_TIMERS})
        self.second = self.apply([cell.name for cell in self.cells])
        self.open_after_second = self.sites.simulation.get("sessions")["site"]

    def apply(self, names: list[str]) -> dict[str, str]:
        """Apply the declared files of these sites, and return the outcomes."""
        arguments, folder = self._command(names)
        env = environment(folder, ANSIBLE_FORKS="8")
        done = subprocess.run(arguments, cwd=folder, env=env, capture_output=True, text=True, check=False)
        run = Run(done.returncode, done.stdout + done.stderr, folder)
        self.printed.append(run.output)
        found = {item["host"]: str(item["result"].get("outcome")) for item in run.results}
        assert set(found) == set(names), run.output[-3000:]
        return found

    def _meet(self, cells: list[Cell]) -> None:
        """Apply the declared files while each site meets the fault of its cell."""
        self._inject(cells)
        outcomes = self.apply([cell.name for cell in cells])
        self.first |= {cell: outcomes[cell.name] for cell in cells}
        self._forget()

    def _kill(self, cells: list[Cell]) -> None:
        """Apply the declared files, each site in a worker, and kill everything when every site holds its request."""
        if not cells:
            return
        self._inject(cells)
        arguments, folder = self._command([cell.name for cell in cells])
        env = environment(folder, ANSIBLE_FORKS=str(len(cells)))
        self.printed.append(killed_when(self._not_held, arguments, folder, env, HELD_WITHIN))
        self.first |= dict.fromkeys(cells, KILLED)
        self._forget()

    def _not_held(self) -> list[str]:
        faults = self.sites.simulation.get("faults")
        return [str(self.orders[fault["id"]].request) for fault in faults if not fault["held"]]

    def _command(self, names: list[str]) -> tuple[list[str], Path]:
        """Write the files of a run, and return its command and its folder."""
        folder = self.sites.new_folder()
        for name in names:
            (folder / f"{name}.yml").write_text(yaml.safe_dump(People(name).declared()), encoding="utf-8")
        hosts = {
            name: {
                "ansible_connection": "local",
                **self.sites.variables(name),
                **OPTIONS,
                "printops_site_url": own_url(self.sites.ready["url"], name),
            }
            for name in names
        }
        inventory = folder / "inventory.yml"
        inventory.touch(mode=0o600)
        inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
        task = {"printops.prisma.cloud_access": {"file": f"{folder}/{{{{ inventory_hostname }}}}.yml"}}
        play = {"hosts": "all", "gather_facts": False, "tasks": [{**task, "ignore_errors": True}]}
        return command([play], inventory, folder, *TALKATIVE), folder

    def _inject(self, cells: list[Cell]) -> None:
        for cell in cells:
            order = cell.fault_request(account=cell.name, people=People(cell.name).second_writer())
            self.orders[self.sites.simulation.post("faults", order)["id"]] = cell

    def _forget(self) -> None:
        for fault in self.sites.simulation.get("faults"):
            self.happened[self.orders[fault["id"]]] += fault["happened"]
        self.sites.simulation.request("DELETE", "faults")


def start(folder: Path, names: list[str]) -> Sites:
    """Start a simulator with these sites."""
    folder.mkdir()
    return start_sites(folder, [People(name).spec() for name in names])


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Cell]:
    """Apply the changes once without a fault, and make a cell for each request and each fault."""
    sites = start(tmp_path_factory.mktemp("trace") / "sites", ["access-000"])
    try:
        sites.begin()
        part = Part(sites, [])
        assert part.apply(["access-000"]) == {"access-000": "applied"}, part.printed
        writes = sites.writes()
        rows = sites.simulation.get("latest")
    finally:
        sites.simulation.stop()
    requests = requests_of(rows)
    assert sum(writes.values()) == CHANGES
    found = cells_of("access", requests)
    return found if WHOLE else part_of(found, IN_PARTS)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory, cells: list[Cell]) -> Iterator[list[Part]]:
    folder = tmp_path_factory.mktemp("chaos")
    with ExitStack() as stack:
        made = []
        for number in range(SIMULATORS):
            some = [cell for cell in cells if cell.number % SIMULATORS == number]
            sites = start(folder / str(number), [cell.name for cell in some])
            stack.callback(sites.simulation.stop)
            made.append(Part(sites, some))
        with ThreadPoolExecutor(SIMULATORS) as threads:
            list(threads.map(Part.everything, made))
        yield made


def test_each_run_ends_with_an_outcome_of_its_own(parts: list[Part], cells: list[Cell]) -> None:
    """Given each fault at each request, then no run ends with a defect; the outcomes are those of docs/chaos.md."""
    shown = {cell: f"{part.first[cell]}, {part.second[cell.name]}" for part in parts for cell in part.cells}
    found = table(cells, shown)
    print(f"\n{HEADING}\n{found}")
    if WHOLE:
        write_section(HEADING, found)
    assert [text for part in parts for text in part.printed if "a defect of this collection" in text] == []


def test_each_fault_met_its_request_once(parts: list[Part]) -> None:
    happened = {f"{cell.request}: {cell.fault}": part.happened[cell] for part in parts for cell in part.cells}
    assert {cell: times for cell, times in happened.items() if times != 1} == {}


def test_the_next_run_ends_well(parts: list[Part]) -> None:
    for part in parts:
        assert {name: outcome for name, outcome in part.second.items() if outcome not in GOOD} == {}


def test_everybody_is_where_they_belong(parts: list[Part]) -> None:
    for part in parts:
        for cell in part.cells:
            assert part.sites.lists(cell.name) == People(cell.name).lists(), cell


def test_nobody_was_removed_who_was_to_stay(parts: list[Part]) -> None:
    """Not even for a moment: the audit of the sites has every removal."""
    for part in parts:
        gone = {(line["before"]["person"], line["before"]["list"]) for line in removals(part)}
        may_go = {row for cell in part.cells for row in People(cell.name).may_go()}
        assert gone <= may_go


def test_nothing_was_done_twice(parts: list[Part]) -> None:
    """A row is removed once; where a second writer puts somebody back, once more."""
    for part in parts:
        rows = Counter((line["before"]["person"], line["before"]["list"]) for line in removals(part))
        assert {row: times for row, times in rows.items() if times > 1} == {}


def test_no_session_is_left_after_the_second_run(parts: list[Part]) -> None:
    for part in parts:
        assert part.open_after_second == []


def test_no_secret_was_printed(parts: list[Part]) -> None:
    for part in parts:
        secrets = part.sites.simulation.get("secrets")
        assert len(secrets) > len(part.cells)
        assert leaked(part.printed, secrets) == []


def removals(part: Part) -> list[dict[str, Any]]:
    """Return every removal that the sites of a part have seen."""
    return part.sites.simulation.audit(what="removed")
