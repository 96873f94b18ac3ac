# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs playbooks elsewhere than in a shell: ansible-builder's files, ansible-navigator and ansible-runner.

They have an environment of their own (requirements/navigator.txt) and the collection as in this tree. No image is
built.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import environments
import pytest
import yaml
from support import example_site
from support.inventory import inventory_of, write_inventory
from support.playbook import environment, run_playbook
from support.simulation import FLEETS, Simulation, running

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def programs() -> Path:
    """The folder of the three programs."""
    return environments.environment("navigator", ROOT / "requirements" / "navigator.txt")


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Generator[Simulation]:
    with running(FLEETS / "small.yml", tmp_path_factory.mktemp("simulator")) as found:
        yield found


def _run(programs: Path, folder: Path, *command: str | Path) -> str:
    """Run one of the programs in ``folder`` and return what it printed; fail with that if it did."""
    env = environment(folder)
    env["PATH"] = f"{programs}{os.pathsep}{env['PATH']}"
    for name in ("ANSIBLE_CALLBACK_PLUGINS", "ANSIBLE_CALLBACKS_ENABLED", "RECORD_RESULTS"):
        del env[name]
    done = subprocess.run(
        [programs / str(command[0]), *command[1:]],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def _inventory(simulation: Simulation, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    made = inventory_of(simulation, onboard_wait_sleep=0.2)
    return write_inventory(folder / "inventory.yml", made)


def test_the_file_at_the_root_describes_an_image(programs: Path, tmp_path: Path) -> None:
    """Given a tarball where make build leaves it, then the build context holds it and the libraries' file is named."""
    tree = tmp_path / "tree"
    (tree / "build" / "dist").mkdir(parents=True)
    (tree / "build" / "dist" / "printops-prisma.tar.gz").write_bytes(b"a tarball")
    shutil.copy(ROOT / "execution-environment.yml", tree)
    arguments = ("-f", "execution-environment.yml", "-c", "context", "--output-filename", "Containerfile")
    _run(programs, tree, "ansible-builder", "create", *arguments)
    built = tree / "context" / "_build"
    assert (built / "collection" / "printops-prisma.tar.gz").read_bytes() == b"a tarball"
    wanted = yaml.safe_load((built / "requirements.yml").read_text(encoding="utf-8"))
    assert [item["name"] for item in wanted["collections"]] == ["collection/printops-prisma.tar.gz"]
    assert "ansible-galaxy collection install" in (tree / "context" / "Containerfile").read_text(encoding="utf-8")


def test_the_example_of_a_site_describes_an_image(programs: Path, tmp_path: Path) -> None:
    site = example_site.copy(tmp_path / "site")
    _run(programs, site, "ansible-builder", "create", "-c", "context", "--output-filename", "Containerfile")
    wanted = yaml.safe_load((site / "context" / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    assert [item["name"] for item in wanted["collections"]] == ["printops.prisma"]


def test_the_libraries_are_what_ansible_builder_finds_in_the_collection(programs: Path, tmp_path: Path) -> None:
    collections = Path(os.environ["ANSIBLE_COLLECTIONS_PATH"])
    output = _run(programs, tmp_path, "ansible-builder", "introspect", collections)
    for name in ("httpx", "jmespath", "turbohtml"):
        assert name in output


def test_navigator_runs_a_playbook_without_a_container(programs: Path, simulation: Simulation, tmp_path: Path) -> None:
    inventory = _inventory(simulation, tmp_path)
    arguments = ("-i", inventory, "--ee", "false", "-m", "stdout", "--pas", "false")
    output = _run(programs, tmp_path, "ansible-navigator", "run", "printops.prisma.check_fleet", *arguments)
    assert "failed=0" in output
    assert (tmp_path / "onboarding" / "report.json").is_file()


def test_runner_runs_a_playbook_and_leaves_its_results_where_every_other_run_does(
    programs: Path, simulation: Simulation, tmp_path: Path
) -> None:
    inventory = _inventory(simulation, tmp_path / "inventory")
    (tmp_path / "project").mkdir()
    output = _run(programs, tmp_path, "ansible-runner", "run", tmp_path, "-p", "printops.prisma.check_fleet")
    assert "failed=0" in output
    report = tmp_path / "inventory" / ".onboarding" / "report.json"
    for source in (tmp_path / "inventory", inventory):
        report.unlink()
        again = run_playbook("printops.prisma.check_fleet", source, tmp_path / "elsewhere")
        assert again.returncode == 0, again.output
        assert report.is_file()
    assert [path for path in tmp_path.rglob("*onboarding") if path != report.parent] == []
