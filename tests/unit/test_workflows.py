# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files for public CI: each step is a target of the Makefile, and what they repeat is what the project says."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matrix
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
NOT_MAKE = ("cat build/matrix/table.md >> ", "gh release create ")
"""How lines begin that only make sense where the workflows run."""


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in _yaml(path)["jobs"].values():
        yield from job.get("steps", ())


def _run_lines() -> Iterator[tuple[str, str]]:
    for path in WORKFLOWS:
        for step in _steps(path):
            if "run" in step:
                yield path.stem, step["run"]


def test_there_are_workflows_for_a_change_the_night_the_pins_and_a_release() -> None:
    assert {path.stem for path in WORKFLOWS} == {"ci", "nightly", "pins", "release"}


def test_every_night_runs_what_a_pull_request_runs() -> None:
    jobs = _yaml(ROOT / ".github" / "workflows" / "nightly.yml")["jobs"]
    assert jobs["ci"] == {"uses": "./.github/workflows/ci.yml"}


def test_no_job_that_may_write_runs_tests_or_what_it_builds() -> None:
    """A tag is checked by a job that may only read; those that publish take its files."""
    jobs = _yaml(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    writing = [name for name, job in jobs.items() if "permissions" in job]
    assert writing == ["publish", "publish-here", "site"]
    lines = [step["run"] for name in writing for step in jobs[name]["steps"] if "run" in step]
    assert [line.split()[:2] for line in lines] == [["make", "publisher"], ["make", "publish"], ["gh", "release"]]
    assert jobs["publish"]["needs"] == "check"
    assert jobs["publish-here"]["needs"] == jobs["site"]["needs"] == "publish"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_checkout_leaves_its_credentials(path: Path) -> None:
    checkouts = [step for step in _steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_read_by_default_and_nothing_else(path: Path) -> None:
    assert _yaml(path)["permissions"] == {"contents": "read"}
    for job in _yaml(path)["jobs"].values():
        assert "uses" in job or job["timeout-minutes"] > 0


@pytest.mark.parametrize(("workflow", "line"), list(_run_lines()))
def test_each_line_is_a_target_that_exists(workflow: str, line: str) -> None:
    """make -n runs the recipes of none: it expands them, and fails for a target that does not exist."""
    if line.startswith(NOT_MAKE):
        return
    assert line.startswith("make "), f"{workflow}: a developer could not run it"
    assert "\n" not in line
    dry = re.sub(r"\$\{\{ matrix\.core \}\}", matrix.CORES[0].pair, line).replace("make ", "make -n ", 1)
    done = subprocess.run(
        ["bash", "-euc", dry],
        cwd=ROOT,
        env={**os.environ, "GITHUB_REF_NAME": "v1.0.0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_each_supported_core_has_a_job() -> None:
    jobs = _yaml(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    assert jobs["matrix"]["strategy"]["matrix"]["core"] == [core.pair for core in matrix.CORES]
    (setup,) = [step for step in jobs["matrix"]["steps"] if "setup-python" in step.get("uses", "")]
    assert set(setup["with"]["python-version"].split()) == {core.python for core in matrix.CORES}


def test_the_hooks_before_a_commit_are_targets_that_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    (repo,) = _yaml(ROOT / ".pre-commit-config.yaml")["repos"]
    assert {hook["entry"].removeprefix("make ") for hook in repo["hooks"]} - targets == set()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_has_what_its_place_demands(path: Path) -> None:
    form = _yaml(path)
    assert form["name"] and form["description"]
    ids = [item["id"] for item in form["body"] if item["type"] != "markdown"]
    assert len(ids) == len(set(ids))
    assert {item["type"] for item in form["body"]} <= {"markdown", "input", "textarea", "checkboxes", "dropdown"}


def test_the_form_for_a_page_that_does_not_fit_asks_for_the_bundle() -> None:
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / "profile.yml").read_text(encoding="utf-8")
    assert "printops.prisma.profile_check" in text and "bundle=" in text
