# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role onboard on PRISMAsync printers that hand over to an administration site, with that site declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fleet import SETTINGS, Fleet, FleetMaker, address_in, files_for_people
from support.site import Sites

OURS = ("old-en", "old-de")


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    of_site = {"kind": "prismasync", "hands_over_to": "site"}
    printers = [
        {"name": "old-en", **of_site},
        {"name": "old-de", "language": "de", **of_site},
        {"name": "elsewhere", **of_site},
        {"name": "taken-over", **of_site},
        {"name": "dead-address", "language": "de", **of_site},
        {"name": "newer", "kind": "prismasync", "language": "fr"},
    ]
    path: Path = tmp_path_factory.mktemp("sites") / "fleet.yml"
    sites = [{"id": "north"}, {"id": "south", "printers": ["elsewhere", "taken-over", "dead-address"]}]
    path.write_text(yaml.safe_dump({"settings": SETTINGS, "printers": printers, "sites": sites}), encoding="utf-8")
    return make_fleet(path)


def of_site(fleet: Fleet, site: str = "north") -> dict[str, Any]:
    """Return the variables by which the role reaches a site."""
    return Sites(fleet.simulation, fleet.folder).variables(site)


@pytest.mark.slow
def test_a_hand_over_to_a_site_is_completed_there_and_found_already_afterwards(fleet: Fleet) -> None:
    inventory = fleet.inventory(*OURS, "newer", **of_site(fleet))
    checked = fleet.onboard(inventory, "--check", "--diff")
    assert checked.outcomes == dict.fromkeys((*OURS, "newer"), "onboarded"), checked.output
    planned = checked.diffs()
    watch = fleet.watch()
    first = fleet.onboard(inventory, "--diff")
    assert first.returncode == 0, first.output
    assert first.outcomes == dict.fromkeys((*OURS, "newer"), "onboarded"), first.output
    assert first.diffs() == planned
    assert {name: watch.count("register_pressed", name) for name in OURS} == dict.fromkeys(OURS, 1)
    assert files_for_people(inventory.parent / "onboarding") == []
    assert {first.report["printers"][name]["service"] for name in OURS} == {"site"}
    assert fleet.simulation.open_sessions() == {}

    watch = fleet.watch()
    second = fleet.onboard(inventory)
    assert second.outcomes == dict.fromkeys((*OURS, "newer"), "already"), second.output
    assert (second.changed, watch.count("register_pressed")) == (0, 0)
    assert fleet.simulation.open_sessions() == {}


@pytest.mark.slow
def test_a_printer_of_another_site_stays_there_until_it_is_to_be_moved(fleet: Fleet) -> None:
    watch = fleet.watch()
    inventory = fleet.inventory("elsewhere", onboard_fail_on=[], **of_site(fleet))
    assert fleet.onboard(inventory).outcomes == {"elsewhere": "owned_by_other"}
    assert watch.count("register_pressed") == 0
    moved = fleet.onboard(fleet.inventory("elsewhere", onboard_take_over=True, **of_site(fleet)))
    assert moved.outcomes == {"elsewhere": "onboarded"}, moved.output
    assert watch.count("register_pressed", "elsewhere") == 1
    again = fleet.onboard(fleet.inventory("elsewhere", onboard_take_over=True, **of_site(fleet)))
    assert again.outcomes == {"elsewhere": "already"}, again.output
    assert watch.count("register_pressed", "elsewhere") == 1


@pytest.mark.slow
def test_the_address_of_a_take_over_waits_for_a_run_that_completes_it(fleet: Fleet) -> None:
    """Given a take-over in two runs, then the button is pressed once, unless the site does not know the address."""
    names = ("taken-over", "dead-address")
    inventory = fleet.inventory(*names, onboard_take_over=True, **of_site(fleet))
    files = {name: inventory.parent / "onboarding" / f"{name}.address" for name in names}
    watch = fleet.watch()
    begun = fleet.onboard(inventory, "--skip-tags", "claim")
    assert begun.outcomes == dict.fromkeys(names, "awaiting_claim"), begun.output
    addresses = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    again = fleet.onboard(inventory, "--skip-tags", "claim")
    assert (again.outcomes, again.changed) == (dict.fromkeys(names, "awaiting_claim"), 0), again.output
    assert {name: file.read_text(encoding="utf-8") for name, file in files.items()} == addresses
    dead = address_in(files["dead-address"])
    text = addresses["dead-address"].replace(dead, f"{dead.rpartition('/')[0]}/made-up-code")
    files["dead-address"].write_text(text, encoding="utf-8")

    claimed = fleet.onboard(inventory, "--tags", "claim")
    assert claimed.outcomes == {"taken-over": "onboarded", "dead-address": "failed"}, claimed.output
    assert watch.count("register_pressed") == 2, "once each"
    assert files_for_people(inventory.parent / "onboarding") == []
    last = fleet.onboard(inventory)
    assert last.outcomes == {"taken-over": "already", "dead-address": "onboarded"}, last.output
    assert watch.count("register_pressed") == 3
