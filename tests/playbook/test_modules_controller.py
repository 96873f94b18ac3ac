# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that look at a controller, and sign out of it, as real runs: ors_status, device_info, sign_out."""

from __future__ import annotations

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import IN_PROCESS_OR_NOT


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            {"name": "plain"},
            {"name": "french", "language": "fr"},
            {"name": "waiting", "trouble": "awaiting_claim"},
            {"name": "down", "trouble": "ors_down"},
            {"name": "mode-off", "trouble": "ors_mode_off", "language": "fr"},
            {"name": "behind", "network": "proxy_required", "proxy": "wrong"},
            {"name": "per-user", "viewer_sees_ors": "not_connected"},
        ]
    )


@pytest.mark.parametrize("name", ["plain", pytest.param("french", marks=pytest.mark.slow)])
def test_reading_twice_is_no_change_and_needs_one_sign_in(fleet: Fleet, name: str) -> None:
    watch = fleet.watch()
    ors, again, info, info_again = fleet.tasks(
        name, {"ors_status": {}}, {"ors_status": {"ready": True}}, {"device_info": {}}, {"device_info": {}}
    )
    assert ors["ors"] == again["ors"]
    assert ors["ors"]["ready"]
    assert (ors["ors"]["state"], ors["ors"]["mode"]) == ("connected", "enabled")
    assert ors["ors"]["state_text"] == {"plain": "connected", "french": "connecté"}[name]
    assert not any(result["changed"] for result in (ors, again, info, info_again))
    assert not any("diff" in result for result in (ors, again, info, info_again))
    assert info["device"]["serial"] == fleet.simulation.printer(name)["serial"]
    assert info["device"] | {"clock": None} == info_again["device"] | {"clock": None}
    assert info["device"]["controller_kind"] == "SRA"
    assert info["registration"]["state"] == "unregistered"
    assert info["evidence"] == "simulated"
    assert info["profile"]["recognised"]
    assert watch.audit(name) == [(name, "sign_in"), (name, "sign_out")]


def test_reading_in_check_mode_reads_all_the_same(fleet: Fleet) -> None:
    watch = fleet.watch()
    ors, info, out = fleet.tasks("plain", {"ors_status": {}}, {"device_info": {}}, {"sign_out": {}}, check=True)
    assert ors["ors"]["ready"]
    assert info["device"]["serial"] == fleet.simulation.printer("plain")["serial"]
    assert out["signed_out"]
    assert watch.writes() == {}


def test_a_waiting_registration_address_is_told_by_its_fingerprint_only(fleet: Fleet) -> None:
    (info,) = fleet.tasks("waiting", {"device_info": {}})
    assert info["registration"]["state"] == "awaiting_claim"
    assert len(info["registration"]["address_fingerprint"]) == 12
    assert "/register/" not in str(info)


def test_ors_that_is_not_ready_is_shown_and_fails_only_where_ready_is_demanded(fleet: Fleet) -> None:
    shown, demanded = fleet.tasks("mode-off", {"ors_status": {}}, {"ors_status": {"ready": True, "wait_timeout": 60}})
    assert not shown["failed"]
    assert (shown["ors"]["state"], shown["ors"]["mode"]) == ("connected", "disabled")
    assert shown["ors"]["mode_text"] == "désactivé"
    assert demanded["failed"]
    assert demanded["outcome"] == "ors_not_ready"
    assert "Call the service technician" in demanded["msg"]


@pytest.mark.parametrize(
    "wait", [{"wait": False}, pytest.param({"wait_timeout": 1, "wait_sleep": 0.2}, marks=pytest.mark.slow)]
)
def test_ors_that_does_not_come_says_which_proxy_is_in_use(fleet: Fleet, wait: dict[str, object]) -> None:
    down, behind = (fleet.tasks(name, {"ors_status": {"ready": True, **wait}})[0] for name in ("down", "behind"))
    assert down["outcome"] == behind["outcome"] == "ors_not_ready"
    assert "its proxy client is off" in down["reason"]
    assert f":{behind['details']['proxy']['port']}" in behind["reason"]
    assert behind["details"]["proxy"]["enabled"]


def test_waiting_for_ors_ends_when_it_connects(fleet: Fleet) -> None:
    proxied, ready = fleet.tasks(
        "behind",
        {"device_proxy": {**fleet.proxy(), "test": "never"}},
        {"ors_status": {"ready": True, "wait_timeout": 60, "wait_sleep": 0.2}},
    )
    assert proxied["test"]["result"] == "not_tested"
    assert not ready["failed"], ready
    assert ready["ors"]["ready"]


def test_ors_can_differ_per_user(fleet: Fleet) -> None:
    viewer = fleet.simulation.printer("per-user")["accounts"]["viewer"]
    as_viewer, as_administrator = fleet.tasks("per-user", {"ors_status": dict(viewer)}, {"ors_status": {}})
    assert as_viewer["ors"]["state"] == "disconnected"
    assert as_administrator["ors"]["ready"]


def test_sign_out_ends_the_session_of_that_account_once(fleet: Fleet) -> None:
    watch = fleet.watch()
    _info, first, second = fleet.tasks("plain", {"device_info": {}}, {"sign_out": {}}, {"sign_out": {}})
    assert first["signed_out"]
    assert not second["signed_out"]
    assert not first["changed"]
    assert watch.audit() == [("plain", "sign_in"), ("plain", "sign_out")]
    assert fleet.simulation.open_sessions() == {}


def test_sign_out_signs_nobody_in(fleet: Fleet) -> None:
    watch = fleet.watch()
    (result,) = fleet.tasks("plain", {"sign_out": {}})
    assert not result["signed_out"]
    assert watch.requests() == 0


def test_another_serial_number_than_declared_is_no_printer_to_work_on(fleet: Fleet) -> None:
    watch = fleet.watch()
    for result in fleet.tasks(
        "plain",
        {"device_info": {}},
        {"ors_status": {"ready": True}},
        {"device_proxy": fleet.proxy()},
        {"printer_registration": {}},
        variables={"printops_serial": "999"},
    ):
        assert result["outcome"] == "wrong_device", result
        assert "declared is '999'" in result["msg"]
    assert watch.writes() == {}
    assert watch.count("sign_in") == 1


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_a_wrong_password_that_is_a_word_of_the_result_is_sent_once(fleet: Fleet, in_process: bool) -> None:
    words = ["auth", "auth_failed", "fail", "no"]
    accounts = [{"username": f"nobody-{word}", "password": word, "max_refused": 0} for word in words]
    tasks = [{"ors_status": account} for account in accounts for _time in range(2)]
    results = fleet.tasks("plain", *tasks, variables={"printops_in_process": in_process})
    assert [result["outcome"] for result in results] == ["auth_failed"] * len(tasks)
    assert ["tried only once" in result["reason"] for result in results] == [False, True] * len(words)
