# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows where the collection must lie to be imported, what the markers mean, and that CI skips nothing; no test."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from support import programs
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parents[1]
UNIT = ROOT / "tests" / "unit"
UNIT_TIMEOUT = 60
"""Seconds for a unit test, where pyproject.toml gives 600 to those that run Ansible."""
TOGETHER = {f"tests/playbook/{name}.py": "demo fleet" for name in ("test_bulk", "test_onboard")}
"""Files that share fixtures of the whole session, so that pytest-xdist has to run them in one worker."""


def _collections() -> Path:
    """The folder to find ansible_collections in: where this tree lies already, or a tree of symlinks in its cache."""
    if ROOT.parts[-3:] == ("ansible_collections", "printops", "prisma"):
        return ROOT.parents[2]
    collections = ROOT / ".cache" / "collections"
    collection = collections / "ansible_collections" / "printops" / "prisma"
    collection.parent.mkdir(parents=True, exist_ok=True)
    if not collection.is_symlink():
        with contextlib.suppress(FileExistsError):  # when another worker was faster
            collection.symlink_to(Path(*[os.pardir] * 4), target_is_directory=True)
    return collections


sys.path.insert(0, str(_collections()))
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(_collections())
# Ansible makes folders in the home, which may be closed, and tests have no business there.
os.environ.setdefault("ANSIBLE_HOME", str(ROOT / ".cache" / "ansible-home"))


if os.environ.get("CI") != "true":  # where it is, Hypothesis has a profile of its own, which is repeatable too
    settings.register_profile("shared machine", deadline=None)
    settings.load_profile("shared machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if UNIT in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(UNIT_TIMEOUT))


class ByFixtures(LoadFileScheduling):  # type: ignore[misc]
    """Gives a worker whole files, and all that share fixtures."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return TOGETHER.get(file, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFixtures | None:
    return ByFixtures(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked ``needs_program`` where that is missing; pytest sums up equal reasons in one line."""
    for marker in item.iter_markers("needs_program"):
        for name in marker.args:
            reason = programs.missing(name)
            if reason:
                pytest.skip(reason)


def _refuse_skip(report: Any) -> None:
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason}\nA skip is a failure where CI=true."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report
