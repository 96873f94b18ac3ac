# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules of a controller on PRISMAsync printers: Settings Editor, hand-over, applications, in three languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker

ON = {"device_applications": {"applications": {"prismalytics-dashboard": True}}}
LANGUAGES = ("en", "fr", "de")


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    printers: list[dict[str, Any]] = [
        *({"name": f"twice-{language}", "language": language} for language in LANGUAGES),
        *({"name": name} for name in ("pressed", "lost", "none", "expired", "busy", "viewer", "wrong", "ordinary")),
        {"name": "cut-off", "network": "proxy_required", "proxy": "wrong"},
        {"name": "of-a-domain", "domain": "PRINT", "lists_names": True},
        {"name": "match", "hands_over_to": "site"},
        {"name": "new-account"},
        {"name": "proxied", "language": "de"},
    ]
    return make_fleet([{"kind": "prismasync", **printer} for printer in printers])


def registration(path: Path, **more: Any) -> dict[str, Any]:
    """Return a task that registers, with a file for the address."""
    return {"printer_registration": {"address_file": str(path), **more}}


@pytest.mark.slow
def test_applications_and_hand_over_in_each_language(fleet: Fleet, tmp_path: Path) -> None:
    """Given a printer, then check mode writes nothing and shows the run's diffs, and a second run changes nothing."""
    addresses = {f"twice-{language}": tmp_path / language for language in LANGUAGES}
    # As the role says it: in check mode nothing is switched on by the task before.
    tasks = {name: (ON, registration(address, assume_application_on=True)) for name, address in addresses.items()}
    watch = fleet.watch()
    checked = fleet.on_each(tasks, check=True)
    assert watch.writes() == {}
    assert not any(address.exists() for address in addresses.values())
    first, second = fleet.on_each(tasks), fleet.on_each(tasks)
    for name, address in addresses.items():
        assert [result["changed"] for result in first[name]] == [True, True]
        assert [result["diff"] for result in first[name]] == [result["diff"] for result in checked[name]]
        registered = first[name][1]["registration"]
        assert (registered["state"], registered["service"]) == ("awaiting_claim", "home")
        assert (address.stat().st_mode & 0o777, "/hand-over/" in address.read_text()) == (0o600, True)
        assert [result["changed"] for result in second[name]] == [False, False]
        assert watch.count("register_pressed", name) == 1


@pytest.mark.slow
def test_the_button_is_pressed_anew_only_when_the_file_is_gone(fleet: Fleet, tmp_path: Path) -> None:
    """Given an address that waits, then it is kept; without its file, which alone knows it, there is a new one."""
    address = tmp_path / "address"
    fleet.tasks("pressed", ON, registration(address))
    before = address.read_text()
    watch = fleet.watch()
    fleet.tasks("pressed", registration(address))
    assert (address.read_text(), watch.count("register_pressed")) == (before, 0)
    address.unlink()
    (again,) = fleet.tasks("pressed", registration(address))
    assert again["changed"]
    assert address.read_text() != before
    assert watch.count("register_pressed") == 1


def test_an_address_that_was_lost_with_its_answer_is_told(fleet: Fleet, tmp_path: Path) -> None:
    """Given a press whose answer was lost, then it is not pressed again in this run, and the advice says why."""
    fleet.fault("drop_after", target="lost", method="POST", path="registration$")
    watch = fleet.watch()
    _on, result = fleet.tasks("lost", ON, registration(tmp_path / "address"))
    assert (result["failed"], result["outcome"]) == (True, "unreachable")
    assert "Run again" in result["advice"]
    assert watch.count("register_pressed") == 1


def test_what_the_editor_refuses_is_told_in_its_own_words(fleet: Fleet, tmp_path: Path) -> None:
    """Given no application that is on, a printer without a way out, and an account without the right."""
    account = fleet.simulation.printer("viewer")["accounts"]["viewer"]
    refused = fleet.on_each(
        {
            "none": [registration(tmp_path / "a")],
            "cut-off": [ON, registration(tmp_path / "b")],
            "viewer": [{"device_applications": {**ON["device_applications"], **account}}],
        }
    )
    (none,), (_on, cut_off), (viewer,) = refused.values()
    assert (none["outcome"], "no cloud application is switched on" in none["reason"]) == ("failed", True)
    assert "onboard_applications" in none["advice"]
    assert cut_off["outcome"] == "ors_not_ready"
    assert (viewer["outcome"], "right" in viewer["reason"]) == ("failed", True)
    assert "[Full access to administration tasks]" in viewer["advice"]


def test_no_application_is_told_in_check_mode_unless_one_would_be_on(fleet: Fleet, tmp_path: Path) -> None:
    """Given no application that is on, then check mode fails as the run does; after a switch it does not."""
    tasks = (registration(tmp_path / "a"), registration(tmp_path / "a", assume_application_on=True))
    alone, after_a_switch = fleet.tasks("none", *tasks, check=True)
    assert (alone["failed"], "onboard_applications" in alone["advice"]) == (True, True)
    assert (after_a_switch["failed"], after_a_switch["changed"]) == (False, True)


def test_an_account_of_a_domain(fleet: Fleet) -> None:
    """Given a printer whose sign-in asks for the domain, then printops_domain opens it, and without it nothing does."""
    (info,) = fleet.tasks("of-a-domain", {"device_info": {}})
    assert info["device"]["serial"] == fleet.simulation.printer("of-a-domain")["serial"]
    (without,) = fleet.tasks("of-a-domain", {"device_info": {}}, variables={"printops_domain": None})
    assert without["outcome"] == "auth_failed"
    assert "printops_domain" in without["advice"]


def test_an_account_that_an_administrator_has_just_made(fleet: Fleet) -> None:
    """Given an account whose user never signed in, then nothing is filled in, and the advice is to do so by hand."""
    made = {"username": "robot", "password": "of-the-administrator", "role": "administrator"}
    fleet.simulation.request("PATCH", "printers/new-account", {"accounts": {"robot": made}})
    account = {"username": "robot", "password": "of-the-administrator"}
    (first,) = fleet.tasks("new-account", {"device_info": account})
    assert (first["outcome"], "by hand once before the first run" in first["advice"]) == ("password_change", True)
    assert fleet.state("new-account")["accounts"]["robot"]["must_change"] is True


def test_remote_match_at_a_site_needs_full_access(fleet: Fleet) -> None:
    (result,) = fleet.tasks("match", {"device_applications": {"applications": {"remote-match": True}}})
    assert (result["outcome"], "[Full access to administration tasks]" in result["reason"]) == ("failed", True)
    assert "[Full access to administration tasks]" in result["advice"]


def test_an_ended_session_is_opened_anew_and_a_second_writer_is_busy(fleet: Fleet) -> None:
    """Given a session that ended, answered with the page and status 200, then the task signs in again and goes on."""
    fleet.fault("expired_session", target="expired", method="GET", path="cloud-service$")
    fleet.fault("second_writer", target="busy", method="GET", path="cloud-service$")
    (expired,), (busy,) = fleet.on_each({"expired": [ON], "busy": [ON]}).values()
    assert expired["changed"], expired
    assert (busy["failed"], busy["outcome"]) == (True, "busy")


def test_an_application_that_the_controller_lacks(fleet: Fleet) -> None:
    """Given an application of the cloud alone, then nothing is written, and the text names what the controller has."""
    watch = fleet.watch()
    task = {"device_applications": {"applications": {"prismacolor-manager": True, "remote-match": True}}}
    (result,) = fleet.tasks("none", task)
    assert "it has premote-monitoring, prismalytics-dashboard, remote-match" in result["reason"]
    assert watch.requests() == 0, "the profile names all that there are"


def test_another_printer_is_not_touched(fleet: Fleet) -> None:
    """Given another serial number than the declared one, then nothing is written."""
    watch = fleet.watch()
    (result,) = fleet.tasks("wrong", ON, variables={"printops_serial": "999"})
    assert result["outcome"] == "wrong_device"
    assert (watch.writes(), watch.changes("wrong")) == ({}, [])


def test_the_proxy_client_keeps_what_is_not_declared(fleet: Fleet) -> None:
    """Given exceptions that are set, then declaring another port, or switching off, leaves them alone."""
    whole = {"device_proxy": {**fleet.proxy(), "proxy_exceptions": ["localhost", "intranet"], "test": "never"}}
    port = {"device_proxy": {"proxy_host": fleet.proxy()["proxy_host"], "proxy_port": 3999, "test": "never"}}
    off = {"device_proxy": {"state": "absent"}}
    results = fleet.tasks("proxied", whole, whole, port, off, off)
    assert [result["changed"] for result in results] == [True, False, True, True, False]
    proxy = fleet.state("proxied")["proxy"]
    assert (proxy["use"], proxy["port"], sorted(proxy["exceptions"].split(";"))) == (
        False,
        "3999",
        ["intranet", "localhost"],
    )


@pytest.mark.slow
def test_ordinary_modules_do_the_same(fleet: Fleet, tmp_path: Path) -> None:
    """Given modules in processes of their own, then they register once, and no secret is in what -vvvv prints."""
    address = tmp_path / "address"
    tasks: tuple[dict[str, Any], ...] = ({"device_info": {}}, ON, registration(address), registration(address))
    run = fleet.play("ordinary", *tasks, variables={"printops_in_process": False}, arguments=("-vvvv",))
    assert [item["result"]["changed"] for item in run.results] == [False, True, True, False], run.output
    secrets = [item["value"] for item in fleet.simulation.get("secrets") if len(item["value"]) > 3]
    assert [value for value in secrets if value in run.output] == []
    assert fleet.simulation.open_sessions().get("printers", {}).keys() <= {"busy"}
