# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook inventory_report lists the printers of a fleet, with what the tenant knows, and changes nothing."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

from support.fleet import FleetMaker


def test_the_printers_are_listed_and_nothing_is_changed(make_fleet: FleetMaker) -> None:
    fleet = make_fleet([{"count": 2, "name": "list-{}"}])
    inventory = fleet.inventory("list-1", "list-2", own={"list-2": {"printops_port": 1}})
    watch = fleet.watch()
    run = fleet.onboard(inventory, "-e", "inventory_tenant=true", playbook="inventory_report", waves=True)
    assert run.returncode == 2, run.output
    assert run.failed == {"list-2"}
    assert watch.changes() == []
    assert fleet.simulation.open_sessions() == {}
    path = inventory.parent / "onboarding" / "inventory" / "report.csv"
    rows = {row["name"]: row for row in csv.DictReader(path.open(encoding="utf-8-sig"))}
    state = fleet.state("list-1")
    assert (rows["list-1"]["outcome"], rows["list-1"]["serial"]) == ("read", state["serial"])
    assert rows["list-1"]["model"]
    assert rows["list-1"]["controller_version"]
    assert datetime.fromisoformat(rows["list-1"]["certificate_ends"]) > datetime.now(UTC), "as its connection showed it"
    assert rows["list-2"]["certificate_ends"] == ""
    assert rows["list-2"]["outcome"] == "unreachable"
    assert "Printers: 1 of 2 printers needs attention" in run.output
