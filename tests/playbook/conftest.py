# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows how a file of playbook tests gets its fleets; asserts nothing.

Every file has simulators of its own, so that files can run side by side (pytest -n 2 --dist loadfile). Those that only
look at what the role did with the demo fleet share one per mode; tests/conftest.py gives them to the same worker.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from support.demo_fleet import DemoRuns, run_three_times
from support.fleet import Fleet, FleetMaker, start_fleet
from support.simulation import FLEETS


@pytest.fixture(scope="module")
def make_fleet(tmp_path_factory: pytest.TempPathFactory) -> Generator[FleetMaker]:
    """Start simulated fleets that end with the file of tests."""
    with ExitStack() as stack:

        def make(
            printers: list[dict[str, Any]] | Path, settings: dict[str, Any] | None = None, **variables: Any
        ) -> Fleet:
            fleet = start_fleet(printers, tmp_path_factory.mktemp("fleet"), settings, **variables)
            stack.callback(fleet.simulation.stop)
            return fleet

        yield make


def _demo_runs(folder: Path, mode: str) -> Generator[DemoRuns]:
    fleet = start_fleet(FLEETS / "demo.yml", folder)
    try:
        yield run_three_times(fleet, mode)
    finally:
        fleet.simulation.stop()


@pytest.fixture(scope="session")
def in_tasks(tmp_path_factory: pytest.TempPathFactory) -> Generator[DemoRuns]:
    """The demo fleet onboarded task by task: check mode, a run, a second run. For tests that only look."""
    yield from _demo_runs(tmp_path_factory.mktemp("demo-in-tasks"), "tasks")


@pytest.fixture(scope="session")
def in_bulk(tmp_path_factory: pytest.TempPathFactory) -> Generator[DemoRuns]:
    """The same in bulk, on a demo fleet of its own."""
    yield from _demo_runs(tmp_path_factory.mktemp("demo-in-bulk"), "bulk")
