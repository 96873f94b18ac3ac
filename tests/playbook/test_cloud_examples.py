# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in the documentation of every cloud_* module, executed against a simulated site as they stand.

Only what names somebody else's world is replaced: the vendor's address and the serial number. Files that an example
reads lie where it looks for them.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.playbook import run_playbook
from support.site import Sites, start_sites

MODULES = (
    "cloud_printer",
    *(
        pytest.param(name, marks=pytest.mark.slow)
        for name in ("access_status", "cloud_access", "cloud_admin", "cloud_site_info", "cloud_user")
    ),
)
PRINTERS = [
    {"name": "ps-1", "kind": "prismasync", "hands_over_to": "site", "trouble": "awaiting_claim", "serial": "730012345"}
]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    people = [{"id": "north", "people": 20, "users": ["sam@example.com"]}]
    made = start_sites(tmp_path_factory.mktemp("sites"), people, PRINTERS)
    yield made
    made.simulation.stop()


def examples(module: str, sites: Sites) -> list[dict[str, Any]]:
    found = importlib.import_module(f"ansible_collections.printops.prisma.plugins.modules.{module}").EXAMPLES
    tasks: list[dict[str, Any]] = yaml.safe_load(found.replace("https://remotecontrol.cpp.canon/", sites.ready["url"]))
    return tasks


def prepare(folder: Path, sites: Sites) -> dict[str, Any]:
    """Lay the files of the examples beside the playbook; return the variables of the inventory."""
    sites.session_file(folder / "site-session.json")
    declared = sites.task("cloud_site_info")["declared"]
    (folder / "access.yml").write_text(
        yaml.safe_dump({**declared, "users": [*declared["users"], "jo@example.com"]}), encoding="utf-8"
    )
    address = sites.simulation.get("printers/ps-1")["address"]
    (folder / "press-07.address").write_text(f"{address}\n", encoding="utf-8")
    return {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **sites.variables()}


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_do_what_they_say(sites: Sites, module: str) -> None:
    folder = sites.new_folder()
    variables = prepare(folder, sites)
    tasks = examples(module, sites)
    for task in tasks:
        if "session_file" in (task.get(f"printops.prisma.{module}") or {}):  # in the place of the variables' way in
            task["vars"] = {"printops_site_username": "", "printops_site_password": ""}
    if module == "cloud_printer":  # what an earlier task of the run has in memory, the second example has in its file
        tasks = [tasks[1], tasks[0], tasks[2]]
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"localhost": variables}}}), encoding="utf-8")
    plays = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
    run = run_playbook(plays, folder / "hosts.yml", folder)
    assert run.returncode == 0, run.output
    assert len(run.results) == len(tasks)
    if module not in ("access_status", "cloud_site_info"):
        assert run.changed >= 1
