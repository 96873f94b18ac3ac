# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows how a file of playbook tests gets its fleets; asserts nothing.

Every file has simulators of its own, so that files can run side by side (pytest -n 2 --dist loadfile).
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker, start_fleet


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
