# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are stopped while they claim: no registration address stays in plain text that is not to stay in files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.fleet import FleetMaker
from support.playbook import EITHER_MODE, MODES
from support.simulation import Simulation
from support.stopped import MOMENTS, STATUS, STOPS, Site, forget_faults

pytestmark = pytest.mark.slow
CASES = [(keep, stop) for keep in ("none", "vault") for stop in ("ctrl-c", "sigterm")]


@pytest.fixture(scope="module")
def simulation(make_fleet: FleetMaker) -> Simulation:
    groups = [f"{mode}-{keep}-{stop}" for mode in MODES for keep, stop in CASES]
    printers: list[dict[str, Any]] = [{"name": f"{group}-{{}}", "count": 2} for group in groups]
    return make_fleet(printers).simulation


@pytest.fixture(autouse=True)
def _no_faults_left(simulation: Simulation) -> Iterator[None]:
    """Every test has printers of its own; faults and counters are common."""
    yield
    forget_faults(simulation)


@pytest.mark.parametrize("mode", EITHER_MODE)
@pytest.mark.parametrize(("keep", "stop"), CASES)
def test_a_run_that_is_stopped_leaves_no_address_in_plain_text(
    simulation: Simulation, tmp_path: Path, mode: str, keep: str, stop: str
) -> None:
    """Given a run that is stopped in a claim, then its addresses are encrypted or gone, and the next run continues."""
    password = tmp_path / "vault-password"
    password.write_text("a-password-of-the-vault\n", encoding="utf-8")
    arguments = ("-e", f"onboard_mode={mode}", "-e", f"onboard_addresses={keep}", "--vault-id", f"default@{password}")
    site = Site(simulation, tmp_path, f"{mode}-{keep}-{stop}", arguments)
    claiming, seen = MOMENTS["claiming"](simulation, site.printers), set[str]()

    def moment() -> bool:
        seen.update(path.name for path in site.folder.rglob("*.address"))
        return claiming()

    status, output = site.stop_at(moment, STOPS[stop])
    assert status == STATUS[stop], output
    assert seen, "while it claims they are in files"
    left = [path for path in (site.folder / "onboarding").iterdir() if ".address" in path.name or ".svg" in path.name]
    assert [path.name for path in left if not path.name.endswith(".address.vault")] == [], output
    assert keep == "vault" or not left
    assert all(path.read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT;") for path in left)
    assert site.secrets_in_files() == []
    forget_faults(simulation)
    site.converges()
    assert not list((site.folder / "onboarding").glob("*.address*"))
