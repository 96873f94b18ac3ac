# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the pages, run as they stand in a copy of examples/site, with the simulator as the site.

A command that stands on several pages runs once. Those of the README: tests/package/test_walk.py. What else is not run
says so on its page; tests/unit/test_snippets.py looks at all of them.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support import example_site
from support.inventory import inventory_of, write_inventory
from support.playbook import environment
from support.simulation import running
from support.snippets import PAGES, SHELL, snippets

SIMULATED = {"name": "sra-en-{:03d}", "count": 4}
"""The printers of the page first-fleet.md, as in tests/simulator/fleets/small.yml."""
FIRST_FLEET = "first-fleet.md"
OF_THE_WALK = {"README.md"}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The folder to run the commands of first-fleet.md in, and that of all other pages."""
    folder = tmp_path_factory.mktemp("snippets")
    fleet = example_site.fleet()
    fleet["printers"].append(SIMULATED)
    (folder / "fleet.yml").write_text(yaml.safe_dump(fleet), encoding="utf-8")
    with running(folder / "fleet.yml", folder / "simulator") as simulation:
        site = example_site.copy(folder / "site")
        example_site.enter(simulation, site, trusted=True)
        made = inventory_of(simulation, tenant=example_site.TENANT, onboard_wait_sleep=0.2)
        printers = made["all"]["children"]["printers"]
        printers["hosts"] = {name: host for name, host in printers["hosts"].items() if name.startswith("sra-")}
        (folder / "simulated").mkdir()
        write_inventory(folder / "simulated" / "inventory.yml", made)
        yield {FIRST_FLEET: folder / "simulated", "": site}


def commands() -> list[tuple[str, str]]:
    """Return page and command line of everything to run, in the order of the pages, each once."""
    found: dict[tuple[bool, str], tuple[str, str]] = {}
    for page in sorted(PAGES, key=lambda page: (page.name not in OF_THE_WALK, page.name != FIRST_FLEET, page)):
        for snippet in snippets(page):
            for line in lines(snippet.text) if snippet.language in SHELL and not snippet.not_run else ():
                # the configuration of the example names the inventory
                key = (page.name == FIRST_FLEET, line.replace(" -i inventory.yml", ""))
                found.setdefault(key, (page.name, line))
    return [(page, line) for page, line in found.values() if page not in OF_THE_WALK]


def lines(text: str) -> list[str]:
    """Return the command lines of a block as a person types them, without remarks."""
    joined = text.replace("\\\n", " ").splitlines()
    return [" ".join(line.partition("  #")[0].split()) for line in joined if line.strip()]


@pytest.mark.parametrize(
    ("page", "line"),
    [
        pytest.param(page, line, marks=[pytest.mark.needs_program("jq")] if line.startswith("jq ") else [])
        for page, line in commands()
    ],
    ids=str,
)
def test_a_command_runs_as_it_stands(folders: dict[str, Path], page: str, line: str) -> None:
    folder = folders.get(page, folders[""])
    env = environment(folder, ANSIBLE_FORKS="")
    for name in ("ANSIBLE_CALLBACK_PLUGINS", "ANSIBLE_CALLBACKS_ENABLED", "RECORD_RESULTS", "ANSIBLE_FORKS"):
        env.pop(name, None)
    done = subprocess.run(
        ["bash", "-euc", line],
        cwd=folder,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "[WARNING]" not in done.stdout, done.stdout


def test_there_is_much_to_run() -> None:
    """Given the pages, then no mark and no rename has emptied the list."""
    pages = {page for page, _line in commands()}
    assert pages >= {FIRST_FLEET, "fleets.md", "onboarding.md", "report.md", "safety.md"}
