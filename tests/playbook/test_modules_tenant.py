# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules of the tenant's side as real runs: home_device and home_device_info."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fleet import Fleet, FleetMaker

WAIT = {"wait_timeout": 60, "wait_sleep": 0.2}
DASHBOARD, ACCOUNTING = "prismalytics-dashboard", "prismalytics-accounting"


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            {"count": 4, "name": "ours-{}", "trouble": "already"},
            {"name": "waiting", "trouble": "awaiting_claim"},
            {"name": "in-run"},
            {"name": "taken", "trouble": "owned_by_other"},
            {"name": "taken-registered", "trouble": "owned_by_other_registered", "language": "fr"},
            {"name": "gone", "trouble": "already"},
            {"name": "input", "trouble": "awaiting_claim"},
        ],
        settings={"page_size": 2},
    )


def serial(fleet: Fleet, name: str) -> str:
    found: str = fleet.simulation.printer(name)["serial"]
    return found


def written(fleet: Fleet, name: str, folder: Path) -> str:
    """Write the address that waits at a printer into a file and return its path."""
    path = folder / f"{name}.address"
    path.write_text(f"{fleet.state(name)['address']}\n", encoding="utf-8")
    return str(path)


def test_devices_are_read_whole_with_the_proof_of_it(fleet: Fleet) -> None:
    watch = fleet.watch()
    everything, some = fleet.tasks(
        "ours-1",
        {"home_device_info": {}},
        {"home_device_info": {"serials": [serial(fleet, "ours-2"), "nobody-has-it"]}},
    )
    known = {device["serial"] for device in everything["devices"]}
    assert {serial(fleet, f"ours-{number}") for number in range(1, 5)} <= known
    assert serial(fleet, "taken") not in known
    assert everything["proof"]["total"] == everything["proof"]["rows"] == len(everything["devices"])
    assert [device["serial"] for device in some["devices"]] == [serial(fleet, "ours-2")]
    assert some["missing"] == ["NOBODY-HAS-IT"]
    assert not everything["changed"]
    assert watch.writes() == {}
    assert watch.count("sign_in", "alpha") == 1
    assert fleet.simulation.open_sessions() == {}


def test_a_claim_is_told_in_check_mode_and_done_once(fleet: Fleet, tmp_path: Path) -> None:
    address = fleet.state("waiting")["address"]
    file = written(fleet, "waiting", tmp_path)
    options = {**WAIT, "serial": serial(fleet, "waiting"), "address_file": file, "applications": {DASHBOARD: True}}
    watch = fleet.watch()
    (planned,) = fleet.tasks("waiting", {"home_device": options}, check=True)
    assert planned["changed"]
    assert not planned["claimed"]
    assert watch.writes() == {}
    assert Path(file).exists()

    done, again = fleet.tasks("waiting", {"home_device": options}, {"home_device": options})
    assert done["diff"] == planned["diff"]
    assert done["diff"]["before"] == {"tenant": "absent", "applications": {DASHBOARD: False}}
    assert done["diff"]["after"] == {"tenant": "present", "applications": {DASHBOARD: True}}
    assert done["claimed"]
    assert done["device"]["status"] == "connected"
    assert not again["changed"]
    assert not again["claimed"]
    assert watch.count("claim", "alpha") == 1
    assert not Path(file).exists()
    assert address not in str([planned, done, again])


def test_the_address_of_an_earlier_task_needs_no_file(fleet: Fleet) -> None:
    asked, claimed = fleet.tasks(
        "in-run", {"printer_registration": WAIT}, {"home_device": {**WAIT, "serial": serial(fleet, "in-run")}}
    )
    assert asked["pressed"]
    assert claimed["claimed"]
    assert fleet.state("in-run")["registration_state"] == "registered"


def test_without_an_address_there_is_nothing_to_claim(fleet: Fleet, tmp_path: Path) -> None:
    watch = fleet.watch()
    options = {"serial": serial(fleet, "input"), "address_file": str(tmp_path / "none.address")}
    real, planned = fleet.tasks("input", {"home_device": options}, {"home_device": options, "check_mode": True})
    assert "there is no registration address" in real["msg"]
    assert "Run printer_registration first" in real["msg"]
    assert not real["changed"]
    assert not planned["failed"]
    assert watch.writes() == {}


def test_applications_are_switched_as_declared_and_others_left_alone(fleet: Fleet) -> None:
    name = "ours-3"
    on = {"serial": serial(fleet, name), "applications": {DASHBOARD: True, ACCOUNTING: False}}
    off = {"serial": serial(fleet, name), "applications": {DASHBOARD: False}}
    watch = fleet.watch()
    (planned,) = fleet.tasks(name, {"home_device": on}, check=True)
    assert watch.writes() == {}
    done, again, undone = fleet.tasks(name, {"home_device": on}, {"home_device": on}, {"home_device": off})
    assert done["diff"] == planned["diff"]
    assert done["diff"]["before"]["applications"] == {DASHBOARD: False, ACCOUNTING: False}
    assert done["diff"]["after"]["applications"] == {DASHBOARD: True, ACCOUNTING: False}
    assert {item["id"] for item in done["device"]["applications"] if item["enabled"]} == {DASHBOARD}
    assert not again["changed"]
    assert undone["changed"]
    assert watch.count("application_changed", "alpha") == 2


def test_an_application_that_the_tenant_does_not_know_is_told(fleet: Fleet) -> None:
    watch = fleet.watch()
    (result,) = fleet.tasks(
        "ours-1", {"home_device": {"serial": serial(fleet, "ours-1"), "applications": {"dashboard": True}}}
    )
    assert "no application 'dashboard'" in result["msg"]
    assert DASHBOARD in result["msg"]
    assert watch.writes() == {}


def test_a_printer_of_another_tenant_is_taken_over_only_on_demand(fleet: Fleet, tmp_path: Path) -> None:
    name = "taken"
    fleet.tasks(name, {"printer_registration": WAIT})
    options = {**WAIT, "serial": serial(fleet, name), "address_file": written(fleet, name, tmp_path)}
    watch = fleet.watch()
    refused, taken, again = fleet.tasks(
        name,
        {"home_device": options},
        {"home_device": {**options, "take_over": True}},
        {"home_device": {**options, "take_over": True}},
    )
    assert refused["outcome"] == "owned_by_other"
    assert not refused.get("claimed")
    assert taken["claimed"]
    assert not again["changed"]
    assert [what for _who, what in watch.changes()].count("take_over") == 1
    assert fleet.state(name)["owner"] == "alpha"


def test_deleting_demands_a_confirmation(fleet: Fleet) -> None:
    watch = fleet.watch()
    (result,) = fleet.tasks("gone", {"home_device": {"serial": serial(fleet, "gone"), "state": "absent"}})
    assert "confirm_data_loss: true" in result["msg"]
    assert "accounting data are lost" in result["msg"]
    assert watch.requests() == 0


def test_deleting_is_told_in_check_mode_and_done_once(fleet: Fleet) -> None:
    task = {"home_device": {"serial": serial(fleet, "gone"), "state": "absent", "confirm_data_loss": True}}
    watch = fleet.watch()
    (planned,) = fleet.tasks("gone", task, check=True)
    assert watch.writes() == {}
    done, again = fleet.tasks("gone", task, task)
    assert done["diff"] == planned["diff"]
    assert (done["diff"]["before"], done["diff"]["after"]) == ({"tenant": "present"}, {"tenant": "absent"})
    assert not again["changed"]
    assert watch.count("device_deleted", "alpha") == 1
    assert fleet.state("gone")["registration_state"] == "unregistered"


def test_the_tenant_tests_the_connection_on_demand(fleet: Fleet) -> None:
    number = serial(fleet, "ours-4")
    task = {"home_device": {"serial": number, "test": True}}
    silent, passed = fleet.tasks("ours-4", {"home_device": {"serial": number}}, task)
    assert "test" not in silent
    assert passed["test"]["result"] == "passed"
    assert not passed["changed"]
    fleet.change("ours-4", trouble="ors_down")
    (failed,) = fleet.tasks("ours-4", task)
    assert failed["failed"]
    assert "did not pass" in failed["msg"]


def test_credentials_of_another_tenant_change_nothing(fleet: Fleet) -> None:
    watch = fleet.watch()
    task = {"home_device": {"serial": serial(fleet, "ours-1"), "applications": {DASHBOARD: True}}}
    variables = {**fleet.tenant_options("beta"), "printops_tenant": "alpha"}
    (result,) = fleet.tasks("ours-1", task, variables=variables)
    assert "belongs to the tenant 'beta', declared is 'alpha'" in result["msg"]
    assert watch.writes() == {}


def test_a_page_of_the_list_that_is_lost_is_no_empty_list(fleet: Fleet) -> None:
    fleet.fault("lost_page", target="home", times=0, options={"how": "empty"})
    try:
        watch = fleet.watch()
        number = serial(fleet, "ours-1")
        info, device = fleet.tasks(
            "ours-1",
            {"home_device_info": {}},
            {"home_device": {"serial": number, "list_max_age": 60, "address": "https://127.0.0.1/register/x1x2"}},
        )
    finally:
        fleet.control("DELETE", "faults")
    for result in (info, device):
        assert result["failed"]
        assert "the total is" in result["msg"]
        assert "devices" not in result
    assert watch.writes() == {}


ELSEWHERE = [
    ("https://elsewhere.example.com/register/x1x2", "not on the list of hosts of the cloud"),
    ("http://127.0.0.1/register/x1x2", "does not begin with https://"),
    ("https://someone@127.0.0.1/register/x1x2", "carries a user name"),
]


@pytest.mark.parametrize("check", [False, True])
def test_an_address_that_leads_elsewhere_is_refused_before_anything_is_sent(
    fleet: Fleet, tmp_path: Path, check: bool
) -> None:
    number = serial(fleet, "input")
    tasks: list[dict[str, dict[str, str]]] = []
    for index, (address, _said) in enumerate(ELSEWHERE):
        file = tmp_path / f"{index}.address"
        file.write_text(address, encoding="utf-8")
        tasks.append({"home_device": {"serial": number, "address": address}})
        tasks.append({"home_device": {"serial": number, "address_file": str(file)}})
    watch = fleet.watch()
    results = fleet.tasks("input", *tasks, check=check)
    for result, said in zip(results, [said for _address, said in ELSEWHERE for _twice in range(2)], strict=True):
        assert said in result["msg"]
        assert "x1x2" not in str(result)
    assert watch.requests() == 0


def test_a_host_of_ones_own_may_be_allowed(fleet: Fleet) -> None:
    number = serial(fleet, "input")
    address = "https://elsewhere.example.com/register/x1x2"
    watch = fleet.watch()
    (result,) = fleet.tasks(
        "input",
        {"home_device": {"serial": number, "address": address, "address_hosts": ["Elsewhere.example.com"]}},
        check=True,
    )
    assert not result["failed"], result
    assert watch.writes() == {}
