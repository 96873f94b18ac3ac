# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built collection as a user gets it: what is in it, and that the README's lines are all that it needs.

It is installed from the tarball; that requirements.yml and the importer of Galaxy take it as well is shown apart.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tarfile
from pathlib import Path

import importer
import pytest
import yaml
from support.inventory import inventory_of, write_inventory
from support.package import install_line, run, tracked_files, without_ansible_settings
from support.playbook import Run
from support.simulation import FLEETS, running

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("LICENSES", "docs", "examples", "meta", "playbooks", "plugins", "roles")
"""Folders of which every file is for users."""
BESIDES = {
    "CHANGELOG.rst",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "COPYING",
    "README.md",
    "SECURITY.md",
    "changelogs/changelog.yaml",
    "changelogs/config.yaml",
    "requirements/runtime.txt",  # meta/execution-environment.yml names it
    "tests/config.yml",
}
NOT_OURS = re.compile(r"^\[WARNING\]:[^\n]*_protomatter.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
"""A warning of ansible-doc about a plugin of its own, since ansible-core 2.20."""


class Environment:
    """An empty virtual environment after the README's lines, and the collection in a folder."""

    def __init__(self, folder: Path, tarball: Path) -> None:
        self.folder = folder
        self.collections = folder / "collections"
        venv = folder / "venv"
        run(sys.executable, "-m", "venv", venv, cwd=folder)
        self.env = {
            **without_ansible_settings(),
            "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_HOME": str(folder / "home"),
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_NOCOLOR": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        with tarfile.open(tarball) as archive:
            archive.extract("examples/site/requirements.txt", folder, filter="data")
        (folder / "build" / "dist").mkdir(parents=True)
        (folder / "build" / "dist" / "printops-prisma.tar.gz").symlink_to(tarball)
        self.run("bash", "-euc", install_line(), timeout=500)

    def run(self, *command: str, timeout: float = 300) -> str:
        """Run a program of the environment in its folder."""
        program = shutil.which(command[0], path=self.env["PATH"])
        assert program, command[0]
        return run(program, *command[1:], cwd=self.folder, env=self.env, timeout=timeout)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, tarball: Path) -> Environment:
    return Environment(tmp_path_factory.mktemp("environment"), tarball)


def test_the_tarball_holds_what_users_need_and_nothing_else(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        packed = {member.name for member in archive.getmembers() if not member.isdir()}
    awx = "docs/examples/awx/"  # it needs awx.awx, which whoever lints the tarball does not have
    tracked = {name for name in tracked_files() if name.split("/")[0] in SHIPPED and not name.startswith(awx)}
    wanted = BESIDES | tracked
    assert packed - {"MANIFEST.json", "FILES.json"} == wanted
    for folder in SHIPPED:
        assert any(name.startswith(f"{folder}/") for name in packed), folder


def test_the_links_of_its_pages_lead_to_files_in_it(tarball: Path) -> None:
    """Given pages as Galaxy and an installed collection show them, then a link to what is left out has an address."""
    with tarfile.open(tarball) as archive:
        packed = {member.name for member in archive.getmembers()}
    pages = [ROOT / name for name in sorted(packed) if name.endswith(".md")]
    assert len(pages) > 30
    broken = {
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in local_links(page)
        if (page.parent / target).resolve().relative_to(ROOT).as_posix() not in packed
    }
    assert broken == set()


def local_links(page: Path) -> list[str]:
    """Return the files that a page's relative links name, without fenced blocks and code."""
    text = re.sub(r"^(`{3,})[^\n]*\n.*?^\1$|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [name for name in re.findall(r"\]\(([^)\s#]+)[^)\s]*\)", text) if not re.match(r"[a-z]+:", name)]


@pytest.mark.slow
def test_the_documentation_of_everything_renders(environment: Environment) -> None:
    """Given the installed collection, then ansible-doc shows every module and filter and the role."""
    plugins = ROOT / "plugins"
    shown = {
        "module": [path.stem for path in (plugins / "modules").glob("*.py")],
        "filter": [path.stem for path in (plugins / "filter").glob("*.yml")],
        "role": [path.parent.name for path in (ROOT / "roles").glob("*/meta")],
    }
    for kind, names in shown.items():
        assert names
        text = environment.run("ansible-doc", "-t", kind, *(f"printops.prisma.{name}" for name in sorted(names)))
        text = NOT_OURS.sub("", text)
        found = re.findall(rf"^> {kind.upper()}\W+printops\.prisma\.(\w+)", text, flags=re.MULTILINE)
        assert sorted(found) == sorted(names), text
        assert "WARNING" not in text
        assert "ERROR" not in text


@pytest.mark.slow
def test_a_fleet_is_onboarded_from_there(environment: Environment, tmp_path: Path) -> None:
    """Given nothing but the README's lines, then the playbook onboards printers, and finds them so the next time."""
    with running(FLEETS / "small.yml", tmp_path / "simulator") as simulation:
        made = inventory_of(simulation, onboard_files=str(tmp_path / "onboarding"), onboard_wait_sleep=0.2)
        inventory = write_inventory(tmp_path / "inventory.yml", made)
        for expected in ("onboarded", "already"):
            output = environment.run("ansible-playbook", "printops.prisma.onboard_fleet", "-i", str(inventory))
            run = Run(0, output, tmp_path)
            assert set(run.outcomes) == {printer["name"] for printer in simulation.ready["printers"]}
            assert set(run.outcomes.values()) == {expected}, output
        assert run.changed == 0
        assert simulation.open_sessions() == {}
    assert str(environment.collections) in environment.run("ansible-galaxy", "collection", "list")


@pytest.mark.slow
def test_it_is_installed_by_a_requirements_file(environment: Environment, tarball: Path, tmp_path: Path) -> None:
    wanted = {"collections": [{"name": str(tarball), "type": "file"}]}
    file = tmp_path / "requirements.yml"
    file.write_text(yaml.safe_dump(wanted), encoding="utf-8")
    # --force: it is installed in the environment already
    arguments = ("collection", "install", "--offline", "--force", "-p", str(tmp_path), "-r", str(file))
    environment.run("ansible-galaxy", *arguments)
    assert (tmp_path / "ansible_collections" / "printops" / "prisma" / "MANIFEST.json").is_file()


@pytest.mark.slow
def test_the_importer_of_galaxy_accepts_it_without_a_warning(tarball: Path) -> None:
    """It runs in an environment of its own, which is made from the package index the first time."""
    output = run(sys.executable, ROOT / "tools" / "importer.py", tarball, cwd=ROOT, timeout=900)
    assert "importer: no error, no warning" in output


@pytest.mark.parametrize(
    ("returncode", "output", "number"),
    [
        (0, f"INFO: linting\n{importer.SUCCESS}\n", 0),
        (0, f"WARNING: no changelog\n{importer.SUCCESS}\n", 1),
        (0, "ERROR: no repository\n", 2),
        (1, f"{importer.SUCCESS}\n", 1),
        (0, "", 1),
    ],
)
def test_what_the_importer_has_against_it_is_read_from_its_output(returncode: int, output: str, number: int) -> None:
    assert len(importer.complaints(returncode, output)) == number
