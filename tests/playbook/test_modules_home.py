# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices of a tenant as real runs: without a serial number, there twice, enabled as a whole, at a location.

domain.md, "PRISMA Home: devices".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fleet import SETTINGS, Fleet, FleetMaker
from support.home import person_of

PROFILES = Path(__file__).resolve().parents[2] / "plugins" / "profiles"
DASHBOARD, COLOR = "prismalytics-dashboard", "prismacolor-manager"


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    path: Path = tmp_path_factory.mktemp("devices") / "fleet.yml"
    printers = [
        {"name": "ours", "trouble": "already"},
        {"name": "both", "trouble": "already"},
        {"name": "double", "trouble": "already"},
        {"name": "waiting", "trouble": "awaiting_claim"},
        {"name": "registering"},
    ]
    devices = [
        {"name": "Finisher"},
        *({"name": f"{name} by proxy", "printer": name} for name in ("both", "double", "waiting", "registering")),
    ]
    subscriptions = [
        {"application": COLOR, "devices": 2, "permanent": True},
        {"application": DASHBOARD, "devices": 100},
    ]
    tenants = [
        {"id": "alpha", "name": "Print shop Alpha", "devices": devices, "subscriptions": subscriptions},
        {"id": "beta", "name": "Print shop Beta"},
    ]
    document = {"settings": SETTINGS, "printers": printers, "tenants": tenants}
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return make_fleet(path)


def serial(fleet: Fleet, name: str) -> str:
    found: str = fleet.simulation.printer(name)["serial"]
    return found


def test_rows_that_are_no_printer_s_are_returned_and_named_in_a_warning(fleet: Fleet) -> None:
    (result,) = fleet.tasks("ours", {"home_device_info": {}})
    shown = [(row["serial"] or None, row["communication_type"]) for row in result["devices"]]
    assert (None, "cloud_proxy") in shown
    assert shown.count((serial(fleet, "both"), "internal")) == shown.count((serial(fleet, "both"), "cloud_proxy")) == 1
    without, doubled = result["warnings"]
    assert "1 device of the tenant without a serial number" in without
    assert "Finisher" in without
    assert serial(fleet, "both") in doubled
    assert "internal connector" in doubled and "Cloud Proxy" in doubled
    assert result["role"] == "administrator"


def test_a_printer_that_is_there_twice_is_the_one_by_its_internal_connector(fleet: Fleet) -> None:
    options = {"serial": serial(fleet, "both"), "applications": {DASHBOARD: True}}
    keep, from_list = {"home_device": options}, {"home_device": {**options, "list_max_age": 60}}
    done, again, read, listed = fleet.tasks("both", keep, keep, {"home_device_info": {}}, from_list)
    assert done["changed"]
    assert not again["changed"]
    assert done["device"]["communication_type"] == "internal"
    assert (listed["device"]["communication_type"], listed["device"]["by_cloud_proxy"]) == ("internal", True)
    rows = [row for row in read["devices"] if row["serial"] == options["serial"]]
    on = {
        row["communication_type"]: {app["id"]: app["enabled"] for app in row["applications"]}[DASHBOARD] for row in rows
    }
    assert on == {"internal": True, "cloud_proxy": False}


@pytest.mark.slow
def test_of_a_printer_that_is_there_twice_only_its_own_device_is_deleted(fleet: Fleet) -> None:
    """Given one by Cloud Proxy beside it, then that one is left and named, also when it is the only one."""
    of_printer = serial(fleet, "double")
    gone = {"home_device": {"serial": of_printer, "state": "absent", "confirm_data_loss": True}}
    (planned,) = fleet.tasks("double", gone, check=True)
    done, again, read = fleet.tasks("double", gone, gone, {"home_device_info": {"serials": [of_printer]}})
    assert (planned["changed"], done["changed"], again["changed"]) == (True, True, False), done
    for result in (planned, done, again):
        assert [device["name"] for device in result["left"]] == ["double by proxy"]
        assert any("double by proxy" in line and "is left" in line for line in result["warnings"])
    assert [row["communication_type"] for row in read["devices"]] == ["cloud_proxy"]


@pytest.mark.slow
def test_a_profile_that_addresses_by_serial_number_alone_changes_no_device_that_is_there_twice(fleet: Fleet) -> None:
    profile: dict[str, Any] = yaml.safe_load((PROFILES / "prisma-home.yml").read_text(encoding="utf-8"))
    for name in ("set_location", "delete_device"):
        profile["write"][name]["steps"][0]["path"] = "devices/${serial}"
    own = {"serial": serial(fleet, "both"), "profile": {**profile, "id": "by-serial"}}
    watch = fleet.watch()
    for options in ({"location": "Hall 9"}, {"state": "absent", "confirm_data_loss": True}):
        (refused,) = fleet.tasks("both", {"home_device": {**own, **options}})
        assert refused["failed"]
        assert "several devices with the serial number" in refused["reason"]
        assert "${device_id}" in refused["advice"]
    assert watch.writes() == {}


@pytest.mark.slow
def test_a_device_by_cloud_proxy_is_no_registration(fleet: Fleet, tmp_path: Path) -> None:
    file = tmp_path / "waiting.address"
    file.write_text(f"{fleet.state('waiting')['address']}\n", encoding="utf-8")
    options = {"serial": serial(fleet, "waiting"), "address_file": str(file), "wait_timeout": 60, "wait_sleep": 0.2}
    (done,) = fleet.tasks("waiting", {"home_device": options})
    assert done["claimed"]
    assert done["device"]["communication_type"] == "internal"
    assert not file.exists()
    inventory = fleet.inventory("registering")
    planned = fleet.onboard(inventory, playbook="check_fleet")
    assert planned.outcomes == {"registering": "onboarded"}, planned.output
    run = fleet.onboard(inventory)
    assert run.outcomes == {"registering": "onboarded"}, run.output


def test_location_and_enabled_are_planned_set_once_and_left_alone(fleet: Fleet) -> None:
    options = {"serial": serial(fleet, "ours"), "enabled": False, "location": "Hall 3"}
    (planned,) = fleet.tasks("ours", {"home_device": options}, check=True)
    watch = fleet.watch()
    done, again = fleet.tasks("ours", {"home_device": options}, {"home_device": options})
    assert done["diff"] == planned["diff"]
    assert done["diff"]["after"] == {"tenant": "present", "enabled": False, "location": "Hall 3", "applications": {}}
    assert not again["changed"]
    assert watch.count("device_changed") == 2
    left_alone, enabled, cleared = fleet.tasks(
        "ours",
        {"home_device": {"serial": options["serial"]}},
        {"home_device": {"serial": options["serial"], "enabled": True}},
        {"home_device": {"serial": options["serial"], "location": ""}},
    )
    assert not left_alone["changed"]
    assert [item["finding"] for item in left_alone["findings"]] == ["device_disabled"]
    assert (enabled["device"]["enabled"], enabled["findings"]) == (True, [])
    assert not cleared["device"]["location"]


@pytest.mark.slow
def test_a_licence_for_good_needs_consent_and_one_that_is_left(fleet: Fleet) -> None:
    options = {"serial": serial(fleet, "ours"), "applications": {COLOR: True}}
    watch = fleet.watch()
    refused, done, again, off, on = fleet.tasks(
        "ours",
        {"home_device": options},
        {"home_device": {**options, "assign_licence": True}},
        {"home_device": options},
        {"home_device": {**options, "applications": {COLOR: False}}},
        {"home_device": options},
    )
    assert (refused["failed"], refused["changed"]) == (True, False)
    assert f"enabling {COLOR} uses 1 of 2 left, for good" in refused["reason"]
    assert "assign_licence: true" in refused["advice"]
    assert done["plan"]["after"]["licences"] == {COLOR: "uses 1 of 2 left, for good"}
    assert not again["changed"]
    assert off["changed"]
    assert on["changed"], "its licence is still its own"
    assert watch.count("application_changed") == 3

    (last,) = fleet.tasks("both", {"home_device": {**options, "serial": serial(fleet, "both"), "assign_licence": True}})
    assert last["plan"]["after"]["licences"] == {COLOR: "uses 1 of 1 left, for good"}
    other = {**options, "serial": serial(fleet, "waiting"), "assign_licence": True}
    (exhausted,) = fleet.tasks("waiting", {"home_device": other})
    assert exhausted["failed"]
    assert "no licence left" in exhausted["reason"]
    assert "service organisation" in exhausted["advice"]


def test_an_employee_reads_and_is_told_before_the_first_write(fleet: Fleet) -> None:
    person = person_of(fleet.simulation.ready, role="Employee")
    own = {"username": person["email"], "password": person["password"]}
    keep = {"serial": serial(fleet, "ours"), **own}
    watch = fleet.watch()
    read, left_alone, subscriptions, refused = fleet.tasks(
        "ours",
        {"home_device_info": own},
        {"home_device": keep},
        {"home_subscription_info": own},
        {"home_device": {**keep, "location": "Hall 7"}},
    )
    assert (read["role"], subscriptions["role"]) == ("employee", "employee"), read
    assert not left_alone["failed"]
    assert (refused["failed"], refused["changed"]) == (True, False)
    assert "is an Employee of the tenant 'alpha': it may read" in refused["reason"]
    assert "Administrator" in refused["advice"]
    (planned,) = fleet.tasks("ours", {"home_device": {**keep, "location": "Hall 7"}}, check=True)
    assert "is an Employee" in planned["reason"], "check mode predicts it"
    assert watch.writes() == {}


@pytest.mark.slow
def test_a_profile_without_these_operations_refuses_what_it_cannot_keep(fleet: Fleet) -> None:
    profile: dict[str, Any] = yaml.safe_load((PROFILES / "prisma-home.yml").read_text(encoding="utf-8"))
    profile["read"].pop("subscriptions")
    for name in ("set_location", "enable_device"):
        profile["write"].pop(name)
    own = {"profile": {**profile, "id": "older"}}
    keep = {"serial": serial(fleet, "ours"), **own}
    watch = fleet.watch()
    location, enabled, subscriptions = fleet.tasks(
        "ours",
        {"home_device": {**keep, "location": "Hall 7"}},
        {"home_device": {**keep, "enabled": True}},
        {"home_subscription_info": own},
    )
    assert "location cannot be kept as declared: the profile older lacks write.set_location" in location["reason"]
    assert "enabled cannot be kept as declared: the profile older lacks write.enable_device" in enabled["reason"]
    assert {location["outcome"], enabled["outcome"], subscriptions["outcome"]} == {"unsupported"}
    assert watch.requests() == 0
    (unknown,) = fleet.tasks(
        "waiting", {"home_device": {**keep, "serial": serial(fleet, "waiting"), "applications": {COLOR: True}}}
    )
    assert f"enabling {COLOR} uses 1, for good" in unknown["reason"]


def test_subscriptions_are_read_with_the_days_that_are_left(fleet: Fleet) -> None:
    (result,) = fleet.tasks("ours", {"home_subscription_info": {}})
    color, dashboard = result["subscriptions"]
    assert (color["application"], color["permanent"]) == (COLOR, True)
    assert (dashboard["used"] > 0, dashboard["permanent"]) == (True, False)
    assert dashboard["days_left"] > 1000
