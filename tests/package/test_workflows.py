# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows of public CI as a machine reads them: actionlint, and each line that can run here, in order."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLE = ROOT / "docs" / "examples" / "github-actions.yml"
TARBALL = "build/dist/printops-prisma-[0-9]*.tar.gz"
NOT_RUN = {
    "make -k lint": ".ci/run runs it beside these tests",
    "make test": "this is one of its tests",
    "make test-all": "this is one of its tests",
    "make programs": "installs packages of the system; .ci/run begins with it",
    "make pins": "changes the files that the environment of these tests is made of",
    "make docs": "writes into the tree that other tests read; tests/package/test_docsite.py builds the same site",
    "make demo": "tests/program/test_fresh_machine.py runs it, as on a new machine",
    "make matrix CORE=${{ matrix.core }}": "takes an environment for each ansible-core; tests/unit/test_matrix.py",
    'cat build/matrix/table.md >> "$GITHUB_STEP_SUMMARY"': "shows what make matrix leaves",
    'make release-check TAG="$GITHUB_REF_NAME"': "is right to fail before a release; tests/unit/test_release.py",
    "make publisher": "makes the environment that make demo has, and tests/program/test_fresh_machine.py makes it",
    "make publish": "publishes",
    f'gh release create "$GITHUB_REF_NAME" {TARBALL} --verify-tag --notes "See CHANGELOG.rst"': "publishes",
}
"""Lines that cannot run inside a test, and why. tests/unit/test_workflows.py tries that each target exists."""
pytestmark = pytest.mark.slow


def actionlint(*files: Path) -> str:
    """Return what actionlint has against these files."""
    command = [str(Path(sys.executable).with_name("actionlint")), "-no-color", "-oneline", *map(str, files)]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout


def test_actionlint_has_nothing_against_the_workflows() -> None:
    assert actionlint(*WORKFLOWS, EXAMPLE) == ""


def test_actionlint_finds_a_mistake(tmp_path: Path) -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    broken = tmp_path / "ci.yml"
    broken.write_text(text.replace("${{ matrix.core }}", "${{ matrix.cores }}"), encoding="utf-8")
    assert "cores" in actionlint(broken)


def _jobs() -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each job, as workflow and job, and its lines."""
    for path in WORKFLOWS:
        jobs: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        for name, job in jobs.items():
            yield f"{path.stem}-{name}", [step["run"] for step in job.get("steps", ()) if "run" in step]


JOBS = dict(_jobs())


def test_each_line_that_is_not_run_is_one_of_a_workflow() -> None:
    assert NOT_RUN.keys() <= {line for lines in JOBS.values() for line in lines}
    assert {line for lines in JOBS.values() for line in lines} - NOT_RUN.keys() == {"make build", "make importer"}


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("job", [name for name, lines in JOBS.items() if set(lines) - NOT_RUN.keys()])
def test_the_lines_of_a_job_run_in_order(job: str) -> None:
    for line in JOBS[job]:
        if line in NOT_RUN:
            continue
        done = subprocess.run(
            ["bash", "-euc", line], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
