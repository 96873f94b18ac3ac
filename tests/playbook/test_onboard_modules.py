# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role onboard on printers of each kind with ordinary modules (printops_in_process: false): the same outcomes."""

from __future__ import annotations

import pytest
from demo.run import AFTERWARDS, EXPECTED, open_sessions
from support.fleet import FleetMaker
from support.simulation import FLEETS

pytestmark = pytest.mark.slow

OF_EACH_KIND = ("sra-en-001", "ps-fr-001", "ps-site-en", "sra-ors-down")
"""One printer of each kind and way of registering, and one that fails: ordinary modules cost seconds for each.

What else can happen is the same code in-process (test_onboard.py).
"""


@pytest.mark.timeout(1200)
def test_ordinary_modules_come_to_the_same_outcomes_and_a_second_run_changes_nothing(make_fleet: FleetMaker) -> None:
    fleet = make_fleet(FLEETS / "demo.yml", onboard_fail_on=[], printops_in_process=False)
    inventory = fleet.inventory(*OF_EACH_KIND)
    watch = fleet.watch()
    first = fleet.onboard(inventory, timeout=550)
    assert first.returncode == 0, first.output
    assert first.outcomes == {name: EXPECTED[name] for name in OF_EACH_KIND}
    assert open_sessions(fleet.simulation) == {}
    assert watch.count("sign_in", "sra-en-001") > 1, "the tasks ran in-process"
    assert watch.count("register_pressed", "sra-en-001") == 1

    watch = fleet.watch()
    second = fleet.onboard(inventory, timeout=550)
    assert second.returncode == 0, second.output
    assert second.outcomes == {name: AFTERWARDS[name] for name in OF_EACH_KIND}
    assert second.changed == 0
    assert watch.changes() == []
    assert open_sessions(fleet.simulation) == {}
