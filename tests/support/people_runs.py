# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs what is asked of the people of many sites or tenants at once, each with its own profile. Asserts nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .people import CLOUDS, SITE, Cloud, Rows, people_at, people_of_tenant, tenant_lists
from .runs import Run, run_playbook
from .simulation import start
from .site import SETTINGS, Sites
from .tenant import Tenants

MODULES = ("cloud_access", "cloud_user", "cloud_admin", "home_access", "home_user")
PAGE_SIZE = 5
"""Rows of a page, so that lists have several."""


@dataclass(frozen=True)
class Cell:
    """One scenario with one profile. ``name``: that of its host, and of its site or tenant."""

    name: str
    scenario: str
    profile: str

    def address(self, person: str) -> str:
        """Return the address of somebody there."""
        return f"{person}@{self.name}.example.com"


@dataclass(frozen=True)
class Pass:
    """One run over all cells: the result of each, who is where after it, and what the simulator noted meanwhile.

    ``ends``: the message with which a playbook failed for each host.
    """

    run: Run
    ends: dict[str, str]
    results: dict[str, dict[str, Any]]
    state: dict[str, Rows]
    writes: dict[str, int]
    audit: list[dict[str, Any]]


@dataclass
class PeopleRuns:
    """Simulated sites or tenants, one for each cell, and runs over all of them. ``profiles``: by name, as data."""

    kind: str
    folder: Path
    profiles: Mapping[str, dict[str, Any]]
    cells: list[Cell]
    sites: Sites = field(init=False)
    inventory: Path = field(init=False)

    def __post_init__(self) -> None:
        for name, profile in self.profiles.items():
            (self.folder / f"{name}.yml").write_text(yaml.safe_dump(profile, sort_keys=False), encoding="utf-8")
        self.sites = self._start()
        self.inventory = self.folder / "inventory.yml"
        self.inventory.touch(mode=0o600)
        groups: dict[str, dict[str, Any]] = {}
        for cell in self.cells:
            groups.setdefault(cell.scenario, {})[cell.name] = self._host(cell)
        children = {group: {"hosts": hosts} for group, hosts in groups.items()}
        self.inventory.write_text(yaml.safe_dump({"all": {"children": children}}), encoding="utf-8")

    @property
    def cloud(self) -> Cloud:
        """What is there at first, and what is asked for."""
        return CLOUDS[self.kind]

    def everything(self, *arguments: str) -> Pass:
        """Run all scenarios, those of one kind in a play of their own."""
        plays: list[dict[str, Any]] = []
        for name, scenario in self.cloud.scenarios.items():
            task = {"name": "Keep people", f"printops.prisma.{scenario.module}": "{{ asked }}"}
            own = {"hosts": name, "gather_facts": False, "tasks": [task]}
            plays.append(own if scenario.module else {"import_playbook": f"printops.prisma.{scenario.playbook}"})
        patterns = {"cloud_access_hosts": "file", f"offboard_{self.kind}s": "offboard"}
        own_variables = {"onboard_own_variables": [*patterns]}
        return self.run(plays, "--diff", "-e", json.dumps({**patterns, **own_variables}), *arguments)

    def audits(self) -> Pass:
        """Compare with the declared files by the playbook."""
        return self.run("printops.prisma.audit_access", "-e", "cloud_access_hosts=file")

    def export(self, profile: str) -> tuple[Run, Path]:
        """Write the people of one site or tenant to a file by the playbook; return its path, too.

        Which site it is meant to be is not declared, so that what is read says it.
        """
        cell = next(one for one in self.cells if one.profile == profile)
        variables = {name: value for name, value in self._host(cell).items() if name != "printops_site"}
        folder = self.sites.new_folder()
        inventory, path = folder / "inventory.yml", folder / "people.yml"
        inventory.touch(mode=0o600)
        inventory.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": variables}}}), encoding="utf-8")
        extra = {"cloud_access_file": str(path), "cloud_access_target": self.kind}
        return run_playbook("printops.prisma.export_access", inventory, folder, "-e", json.dumps(extra)), path

    def run(self, playbook: str | list[dict[str, Any]], *arguments: str) -> Pass:
        """Run a playbook, and note what came of it."""
        self.sites.begin()
        since = self.sites.simulation.last_audit_id()
        run = run_playbook(playbook, self.inventory, self.folder, *arguments, ANSIBLE_FORKS="4")
        tasks = run.results  # the next run writes over the file
        ends = {item["host"]: str(item["result"]["msg"]) for item in tasks if item["status"] == "failed"}
        results = {
            item["host"]: {**item["result"], "failed": "reason" in item["result"]}  # the role goes on after it
            for item in tasks
            if item["action"].rpartition(".")[2] in MODULES and item["status"] != "skipped"
        }
        state = {cell.name: people_at(self.sites, cell.name) for cell in self.cells}
        return Pass(run, ends, results, state, self.sites.writes(), self.sites.simulation.audit(since=since))

    def moves(self, line: dict[str, Any]) -> tuple[Rows, Rows]:
        """Return who came where and who left where by one line of the simulator's audit."""
        before, after = self._rows(line["before"]), self._rows(line["after"])
        return after - before, before - after

    def _rows(self, one: dict[str, Any] | None) -> Rows:
        if one is None or "person" not in one:
            return frozenset()
        lists = one.get("lists", [one["list"]] if "list" in one else None)
        person = one["person"].partition("@")[0]
        return frozenset((person, name) for name in (tenant_lists(one) if lists is None else lists))

    def _start(self) -> Sites:
        settings = {**SETTINGS, "site_page_size": PAGE_SIZE, "home_page_size": PAGE_SIZE}
        fleet: dict[str, Any] = {"settings": settings, "printers": [{"name": "sra-1"}]}
        if self.kind == "site":
            fleet["sites"] = [{"id": cell.name} for cell in self.cells]
        else:
            fleet["tenants"] = [
                {"id": cell.name, "name": cell.name, "people": people_of_tenant(cell.address)} for cell in self.cells
            ]
        path = self.folder / "fleet.yml"
        path.write_text(yaml.safe_dump(fleet), encoding="utf-8")
        made = (Sites if self.kind == "site" else Tenants)(start(path, self.folder / "simulator"), self.folder)
        for cell in self.cells if self.kind == "site" else ():
            for person, lists in SITE.start.items():
                made.put(cell.address(person), *lists, site=cell.name)
        return made

    def _host(self, cell: Cell) -> dict[str, Any]:
        scenario = self.cloud.scenarios[cell.scenario]
        asked = scenario.options(cell.address)
        variables = {
            "ansible_connection": "local",
            **self.sites.variables(cell.name),
            self.cloud.variable: str(self.folder / f"{cell.profile}.yml"),
        }
        if scenario.module:
            return {**variables, "asked": asked}
        if scenario.playbook == "offboard":
            return {**variables, **asked}
        path = self.folder / f"{cell.name}.access.yml"
        path.write_text(yaml.safe_dump(asked), encoding="utf-8")
        return {**variables, "cloud_access_file": str(path), "cloud_access_target": self.kind}
