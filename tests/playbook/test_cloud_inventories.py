# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories of what PRISMA Home and an administration site list: hosts, groups, the cache, and what is refused."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fleet import Fleet, FleetMaker
from support.playbook import environment
from support.site import start_sites


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": "ours", "trouble": "already"}, {"name": "other"}])


def listed(folder: Path, *arguments: str, name: str = "home_devices", **config: Any) -> str:
    """Run ansible-inventory with a configuration of the plugin, and return output and errors."""
    path = folder / f"cloud.{name}.yml"
    path.write_text(yaml.safe_dump({"plugin": f"printops.prisma.{name}", **config}), encoding="utf-8")
    done = subprocess.run(
        ["ansible-inventory", "-i", str(path), *arguments],
        env={**environment(folder), "COLUMNS": "1000"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    return done.stdout + done.stderr


def options(cloud: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Return the options of the plugin from the variables by which modules reach the cloud."""
    prefix, own = f"printops_{cloud}_", {f"printops_{cloud}": cloud}
    return {
        own.get(name, name.removeprefix(prefix)): value
        for name, value in variables.items()
        if name.startswith(prefix) or name in own
    }


def of_tenant(fleet: Fleet) -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(fleet.inventory().read_text(encoding="utf-8"))
    return options("tenant", made["all"]["vars"])


def test_the_devices_of_a_tenant_are_hosts_in_a_useful_tree(fleet: Fleet, tmp_path: Path) -> None:
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    config = {**of_tenant(fleet), **cache, "keyed_groups": [{"key": "home_communication_type", "prefix": "by"}]}
    graph = listed(tmp_path, "--graph", **config)
    serial = fleet.simulation.printer("ours")["serial"]
    assert "|--@home_devices:" in graph, graph
    assert "|  |--@status_connected:" in graph
    assert "@by_internal:" in graph
    assert config["password"] not in graph

    watch = fleet.watch()
    found = listed(tmp_path, "--list", **config)
    assert serial in found
    assert watch.requests() == 0, "from the cache"
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "cache").iterdir())
    assert serial in kept
    assert config["password"] not in kept
    (variables,) = json.loads(found[found.index("{") :])["_meta"]["hostvars"].values()
    assert variables["printops_serial"]["__ansible_unsafe"] == serial


def test_what_the_tenant_refuses_is_said_with_the_advice_and_no_host_is_there(fleet: Fleet, tmp_path: Path) -> None:
    output = " ".join(listed(tmp_path, "--graph", **{**of_tenant(fleet), "password": "wrong-password"}).split())
    assert "The sign-in was refused" in output
    assert "wrong-password" not in output
    assert "@home_devices" not in output
    output = " ".join(listed(tmp_path, "--graph", **{**of_tenant(fleet), "tenant": ""}).split())
    assert "tenant (printops_tenant) is empty" in output


def test_the_printers_of_a_site_are_hosts(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    folder.mkdir()
    printer = {"name": "ps-north", "kind": "prismasync", "hands_over_to": "site", "trouble": "awaiting_claim"}
    sites = start_sites(folder, [{"id": "north", "printers": ["ps-north"]}], [printer])
    try:
        graph = listed(tmp_path, "--graph", name="site_printers", **options("site", sites.variables()))
    finally:
        sites.simulation.stop()
    assert "|--@site_printers:" in graph, graph
    assert "|--ps-north" in graph
