# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role onboard on PRISMAsync printers, alone and beside SRA printers: hand-over to PRISMA Home and to a site."""

from __future__ import annotations

import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulator.listening import SITE_HOST
from support.demo_fleet import CHECK, FIRST, SECOND, DemoRuns, run_three_times
from support.fleet import READING, Fleet, FleetMaker, address_in, files_for_people
from support.playbook import EITHER_MODE, IN_PROCESS_OR_NOT

DASHBOARD, MONITORING, MATCH = "prismalytics-dashboard", "premote-monitoring", "remote-match"
MIXED = {
    "editor-en": {"kind": "prismasync"},
    "editor-fr": {"kind": "prismasync", "language": "fr"},
    "editor-de": {"kind": "prismasync", "language": "de"},
    "sra-proxy-mended": {"language": "de", "network": "proxy_required", "proxy": "wrong"},
    "editor-proxy": {"kind": "prismasync", "language": "de", "network": "proxy_required", "proxy": "wrong"},
    "plain": {"language": "fr"},
}


def fleet_of(make_fleet: FleetMaker, printers: dict[str, dict[str, Any]], **variables: Any) -> Fleet:
    return make_fleet([{"name": name, **spec} for name, spec in printers.items()], **variables)


def devices(fleet: Fleet, name: str) -> dict[str, Any]:
    """Return the printer as the tenant shows it."""
    (result,) = fleet.tasks(name, {"home_device_info": {"serials": [fleet.simulation.printer(name)["serial"]]}})
    found: dict[str, Any] = result["devices"][0]
    return found


@pytest.fixture(scope="module")
def mixed(make_fleet: FleetMaker) -> DemoRuns:
    """Both kinds of printers in check mode, onboarded, and onboarded again."""
    return run_three_times(fleet_of(make_fleet, MIXED), "bulk")


def test_check_mode_shows_what_the_run_then_does(mixed: DemoRuns) -> None:
    assert mixed.outcomes[CHECK] == dict.fromkeys(MIXED, "onboarded"), mixed.runs[CHECK].output
    assert mixed.diffs[CHECK] == mixed.diffs[FIRST] != {}


def test_both_kinds_are_onboarded_by_one_run(mixed: DemoRuns) -> None:
    assert mixed.runs[FIRST].returncode == 0, mixed.runs[FIRST].output
    assert mixed.outcomes[FIRST] == dict.fromkeys(MIXED, "onboarded"), mixed.runs[FIRST].output
    pressed = Counter(who for who, what in mixed.audits[FIRST] if what == "register_pressed")
    assert pressed == Counter(list(MIXED))
    signed_in = Counter(who for who, what in mixed.audits[FIRST] if what == "sign_in")
    assert signed_in["alpha"] == 1
    assert {name: signed_in[name] for name in MIXED} == dict.fromkeys(MIXED, 2), "administrator and viewer, once each"
    assert mixed.fleet.simulation.open_sessions() == {}


def test_a_second_run_changes_nothing(mixed: DemoRuns) -> None:
    assert mixed.runs[SECOND].returncode == 0, mixed.runs[SECOND].output
    assert mixed.outcomes[SECOND] == dict.fromkeys(MIXED, "already")
    assert mixed.runs[SECOND].changed == 0
    assert [what for _who, what in mixed.audits[SECOND] if what not in READING] == []


@pytest.mark.parametrize(
    "name",
    [pytest.param("editor-en", marks=pytest.mark.slow), "editor-fr", pytest.param("editor-de", marks=pytest.mark.slow)],
)
def test_a_handed_over_printer_has_its_name_and_application_in_the_cloud(mixed: DemoRuns, name: str) -> None:
    found = devices(mixed.fleet, name)
    assert found["name"] == name
    assert {item["id"]: item["enabled"] for item in found["applications"]}[DASHBOARD]
    (info,) = mixed.fleet.tasks(name, {"device_info": {}})
    assert {item["id"]: item["enabled"] for item in info["applications"]} == {
        DASHBOARD: True,
        MONITORING: False,
        MATCH: False,
    }
    assert info["registration"]["service"] == "home"


@pytest.fixture(scope="module", params=IN_PROCESS_OR_NOT)
def of_site(make_fleet: FleetMaker, request: pytest.FixtureRequest) -> Fleet:
    printers = {"old-en": {}, "old-de": {"language": "de"}}
    specs = {name: {"kind": "prismasync", "hands_over_to": "site", **spec} for name, spec in printers.items()}
    # No site is declared whose host would be known: whoever opens the address is told it in the variable.
    return fleet_of(make_fleet, specs, printops_in_process=request.param, printops_address_hosts=[SITE_HOST])


@pytest.mark.slow
def test_a_printer_of_a_site_waits_with_the_address_of_its_page(of_site: Fleet) -> None:
    inventory = of_site.inventory()
    names = ("old-en", "old-de")
    first = of_site.onboard(inventory)
    assert first.returncode == 0, first.output
    assert first.outcomes == dict.fromkeys(names, "awaiting_claim")
    folder = inventory.parent / "onboarding"
    addresses = {name: address_in(folder / f"{name}.address") for name in names}
    for name in names:
        assert stat.S_IMODE((folder / f"{name}.address").stat().st_mode) == 0o600
        assert "/hand-over/" in addresses[name]
        printer = first.report["printers"][name]
        assert (printer["service"], printer["address_file"]) == ("site", str(folder / f"{name}.address"))
        assert "display name" in printer["advice"]
        assert addresses[name].rsplit("/", 1)[1] not in first.output
    assert files_for_people(folder) == ["old-de.address", "old-en.address"]

    watch = of_site.watch()
    second = of_site.onboard(inventory)
    assert second.outcomes == dict.fromkeys(names, "awaiting_claim")
    assert (second.changed, watch.changes()) == (0, [])
    assert {name: address_in(folder / f"{name}.address") for name in names} == addresses

    # Only without its file the button is pressed anew, as the controller cannot show what it has handed over.
    (folder / "old-en.address").unlink()
    third = of_site.onboard(inventory)
    assert third.outcomes == dict.fromkeys(names, "awaiting_claim")
    assert watch.count("register_pressed", "old-en") == 1
    assert watch.count("register_pressed", "old-de") == 0
    assert address_in(folder / "old-en.address") != addresses["old-en"]


@pytest.mark.slow
def test_without_the_tenant_a_hand_over_waits_and_the_tenants_credentials_finish_it(make_fleet: FleetMaker) -> None:
    fleet = fleet_of(make_fleet, {"waits": {"kind": "prismasync", "language": "fr"}})
    inventory = fleet.inventory(tenant=None)
    assert fleet.onboard(inventory).outcomes == {"waits": "awaiting_claim"}
    folder = inventory.parent / "onboarding"
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory(onboard_files=str(folder)))
    assert run.returncode == 0, run.output
    assert watch.count("register_pressed") == 0
    assert watch.count("claim", "alpha") == 1
    assert files_for_people(folder) == []


@pytest.mark.slow
@pytest.mark.parametrize("mode", EITHER_MODE)
def test_the_address_of_a_printer_that_was_replaced_is_not_used_for_the_new_one(
    make_fleet: FleetMaker, mode: str
) -> None:
    """Given a host whose printer was replaced while its hand-over waited, then the new one has its own."""
    fleet = fleet_of(make_fleet, {name: {"kind": "prismasync"} for name in ("old", "new")})
    without = fleet.inventory("old", tenant=None)
    assert fleet.onboard(without, mode=mode).outcomes == {"old": "awaiting_claim"}
    folder = without.parent / "onboarding"
    hosts = yaml.safe_load(fleet.inventory().read_text(encoding="utf-8"))["all"]["children"]["printers"]["hosts"]
    replaced = {"old": hosts["new"]}
    serials = {name: fleet.simulation.printer(name)["serial"] for name in ("old", "new")}
    watch = fleet.watch()
    inventory = fleet.inventory("old", own=replaced, onboard_files=str(folder), onboard_run_folder="onboarding")
    checked = fleet.onboard(inventory, "--check", mode=mode)
    assert checked.outcomes == {"old": "onboarded"}, checked.output
    assert watch.changes() == []
    run = fleet.onboard(inventory, mode=mode)
    assert run.outcomes == {"old": "onboarded"}, run.output
    assert f"is of the printer {serials['old']}, not of {serials['new']}" in " ".join(run.output.split())
    assert (watch.count("register_pressed", "new"), watch.count("claim", "alpha")) == (1, 1)
    assert [fleet.state(name)["owner"] for name in serials] == ["", "alpha"]
    assert files_for_people(folder) == []


TROUBLES: dict[str, dict[str, Any]] = {
    "nothing-on": {},
    "owned": {"trouble": "owned_by_other", "language": "de"},
    "elsewhere": {"trouble": "owned_by_other_registered", "language": "fr"},
    "down": {"trouble": "ors_down"},
    "quiet": {"trouble": "never_sent_data", "language": "de"},
    "match": {"enabled": [DASHBOARD]},
}


@pytest.mark.slow
def test_what_goes_wrong_with_a_settings_editor_ends_as_with_any_controller(make_fleet: FleetMaker) -> None:
    fleet = fleet_of(make_fleet, {name: {"kind": "prismasync", **spec} for name, spec in TROUBLES.items()})
    own: dict[str, dict[str, Any]] = {
        "nothing-on": {"onboard_applications": {}},
        "match": {"onboard_applications": {MATCH: True}},
    }
    inventory = fleet.inventory(own=own, onboard_fail_on=[])
    run = fleet.onboard(inventory)
    assert run.outcomes == {
        "nothing-on": "failed",
        "owned": "owned_by_other",
        "elsewhere": "owned_by_other",
        "down": "ors_not_ready",
        "quiet": "already",
        "match": "onboarded",
    }, run.output
    printers = run.report["printers"]
    findings = {name: {item["finding"] for item in printer["findings"]} for name, printer in printers.items()}
    assert findings["quiet"] >= {"never_sent_data"}
    assert findings["match"] == {"wrong_connector"}
    assert fleet.simulation.open_sessions() == {}

    taken = fleet.onboard(fleet.inventory("owned", "elsewhere", onboard_take_over=True))
    assert taken.outcomes == {"owned": "onboarded", "elsewhere": "onboarded"}, taken.output


@pytest.mark.slow
def test_address_files_are_where_the_role_says(make_fleet: FleetMaker, tmp_path: Path) -> None:
    """A folder of one's own, and out-of-process runs, which hand the address over in the file."""
    fleet = fleet_of(make_fleet, {"apart": {"kind": "prismasync"}}, printops_in_process=False)
    run = fleet.onboard(fleet.inventory(onboard_files=str(tmp_path / "files"), onboard_report=""))
    assert run.returncode == 0, run.output
    assert "1 onboarded" in run.output
    assert files_for_people(tmp_path / "files") == []
    assert not (tmp_path / "files" / "report.json").exists()
