# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels of a real run: for the printers that wait, for no other one, and gone when they are claimed."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._sheet.table import read_csv
from support.fleet import LABELS, FleetMaker, address_in
from support.playbook import EITHER_MODE


@pytest.mark.parametrize("mode", EITHER_MODE)
def test_printers_that_wait_have_labels_until_they_are_claimed(make_fleet: FleetMaker, mode: str) -> None:
    fleet = make_fleet([{"count": 2, "name": "press-{}"}, {"name": "claimed", "trouble": "already"}])
    waiting = fleet.inventory(tenant=None, onboard_location="Hall 3")
    planned = fleet.onboard(waiting, "--check", mode=mode)
    assert planned.outcomes["press-1"] == "awaiting_claim", planned.output
    folder = waiting.parent / "onboarding"
    assert not any((folder / name).exists() for name in LABELS)

    without = fleet.onboard(waiting, "-e", "onboard_labels=false", "-e", "onboard_report_links=false", mode=mode)
    assert without.outcomes["press-1"] == "awaiting_claim", without.output
    assert not any((folder / name).exists() for name in LABELS)
    kept = address_in(folder / "press-1.address")
    assert kept not in (folder / "report.html").read_text(encoding="utf-8"), "a page to pass on"

    first = fleet.onboard(waiting, mode=mode)
    assert kept in (folder / "report.html").read_text(encoding="utf-8")
    assert first.outcomes["press-1"] == "awaiting_claim", first.output
    for name in LABELS:
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    table = read_csv((folder / "waiting.csv").read_bytes())
    by_name = {row.cells[0]: row.cells for row in table.rows}
    assert set(by_name) == {"press-1", "press-2"}
    serial = fleet.simulation.printer("press-1")["serial"]
    address = address_in(folder / "press-1.address")
    name, shown, _model, place, _host, leads_to = by_name["press-1"]
    assert (name, shown, place, leads_to) == ("press-1", serial, "Hall 3", address)
    assert address not in first.output
    assert "labels.pdf" in "".join(first.output.split("\nFiles\n")[1].split()), "the summary names them"
    picture = (folder / "press-1.svg").read_text(encoding="utf-8")
    assert f"press-1  {serial}</text>" in picture

    limited = fleet.onboard(waiting, "--limit", "press-2:claimed", mode=mode)
    assert limited.outcomes == {"press-2": "awaiting_claim", "claimed": "already"}, limited.output
    assert {row.cells[0] for row in read_csv((folder / "waiting.csv").read_bytes()).rows} == {"press-1", "press-2"}
    (folder / "press-1.address").rename(folder / "spent")
    fleet.onboard(waiting, "--limit", "press-2", mode=mode)
    assert {row.cells[0] for row in read_csv((folder / "waiting.csv").read_bytes()).rows} == {"press-2"}
    (folder / "spent").rename(folder / "press-1.address")

    claiming = fleet.inventory()
    second = fleet.onboard(claiming, "-e", f"onboard_files={folder}", mode=mode)
    assert second.returncode == 0, second.output
    assert "2 onboarded" in second.output
    assert not any((folder / name).exists() for name in LABELS)
