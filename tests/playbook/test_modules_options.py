# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where options come from (task, module_defaults, variables, environment), which certificates are trusted."""

from __future__ import annotations

import ssl
from hashlib import sha256
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import IN_PROCESS_OR_NOT

GROUP = "group/printops.prisma."


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            {"name": "plain"},
            {"name": "done", "trouble": "already"},
            {"name": "stranger", "trouble": "untrusted_certificate"},
        ]
    )


def account(fleet: Fleet, name: str) -> dict[str, str]:
    found: dict[str, str] = fleet.simulation.printer(name)["accounts"]["administrator"]
    return found


def certificate_of(fleet: Fleet, name: str) -> str:
    """Return the fingerprint of the certificate that a printer shows, as openssl prints it."""
    printer = fleet.simulation.printer(name)
    pem = ssl.get_server_certificate((printer["host"], printer["port"]))
    digits = sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
    return ":".join(digits[at : at + 2] for at in range(0, 64, 2))


def test_a_pinned_certificate_is_trusted_and_any_other_is_not(fleet: Fleet) -> None:
    right = certificate_of(fleet, "stranger")
    wrong = certificate_of(fleet, "plain")
    watch = fleet.watch()
    refused, pinned_wrong, pinned, spelt, unverified = fleet.tasks(
        "stranger",
        {"device_info": {}},
        {"device_info": {"tls_fingerprint": [wrong]}},
        {"device_info": {"tls_fingerprint": [wrong, right]}},
        {"device_info": {"tls_fingerprint": f"sha256:{right.replace(':', '').lower()}"}},
        {"device_info": {"validate_certs": False}},
    )
    for result in (refused, pinned_wrong):
        assert result["outcome"] == "untrusted_certificate"
        assert right in result["msg"]
        assert result["details"]["fingerprint"] == right
    for result in (pinned, spelt, unverified):
        assert not result["failed"], result
        assert result["certificate"]["sha256"] == right
        assert str(result["certificate"]["not_after"]).endswith("Z")
    assert watch.count("sign_in_refused") == 0


def test_a_certificate_that_is_not_trusted_gets_no_request(fleet: Fleet) -> None:
    watch = fleet.watch()
    fleet.tasks("stranger", {"ors_status": {}}, {"device_info": {"tls_fingerprint": ["00" * 32]}})
    assert watch.requests() == 0


def test_module_defaults_of_both_groups_reach_their_modules(fleet: Fleet) -> None:
    printer = fleet.simulation.printer("done")
    tenant = fleet.tenant_options()
    ready = fleet.simulation.ready
    bare = dict.fromkeys(
        (
            *("printops_host", "printops_port", "printops_base_path", "printops_username", "printops_password"),
            *("printops_serial", "printops_ca_path", "printops_tenant_ca_path", "printops_tenant_url", *tenant),
        )
    )
    defaults = {
        f"{GROUP}controller": {
            **account(fleet, "done"),
            "host": printer["host"],
            "port": printer["port"],
            "base_path": printer["base_path"],
            "ca_path": ready["ca"],
        },
        f"{GROUP}tenant": {
            "url": ready["home"]["url"],
            "ca_path": ready["ca"],
            **{name.removeprefix("printops_").removeprefix("tenant_"): value for name, value in tenant.items()},
        },
    }
    results = fleet.tasks(
        "done",
        {"device_info": {}},
        {"ors_status": {}},
        {"device_proxy": {"state": "absent"}},
        {"printer_registration": {}},
        {"home_device_info": {}},
        {"home_device": {"serial": printer["serial"]}},
        {"sign_out": {}},
        variables=bare,
        play={"module_defaults": defaults},
    )
    for result in results:
        assert not result["failed"], result
    assert results[0]["device"]["serial"] == printer["serial"]
    assert results[-1]["signed_out"]


@pytest.mark.slow
@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_an_option_wins_over_a_variable_and_that_over_the_environment(fleet: Fleet, in_process: bool) -> None:
    right = account(fleet, "plain")["password"]
    task: dict[str, Any] = {"ors_status": {}}
    given: dict[str, Any] = {"ors_status": {"password": right}}
    where = {"printops_in_process": in_process}

    def outcome(task: dict[str, Any], variable: str | None, **env: str) -> str:
        fleet.change("plain", unlock=True)
        (result,) = fleet.tasks("plain", task, variables={**where, "printops_password": variable}, env=env)
        return f"{result['outcome']}: {result['msg']}" if result["failed"] else "good"

    assert outcome(task, None, PRINTOPS_PASSWORD=right) == "good"
    assert outcome(task, right, PRINTOPS_PASSWORD="not-the-password") == "good"
    assert outcome(task, "not-the-password", PRINTOPS_PASSWORD=right).startswith("auth_failed: ")
    assert outcome(given, "not-the-password", PRINTOPS_PASSWORD="not-the-password") == "good"
    assert "missing required arguments: password" in outcome(task, None)


def test_environment_and_variables_have_the_types_of_the_options(fleet: Fleet) -> None:
    printer = fleet.simulation.printer("plain")
    (result,) = fleet.tasks(
        "plain",
        {"device_info": {}},
        variables={
            "printops_port": None,
            "printops_base_path": None,
            "printops_serial": int(printer["serial"]),
            "printops_host": "{{ printer_address }}",
            "printer_address": printer["host"],
            "printops_validate_certs": "yes",
        },
        env={"PRINTOPS_PORT": str(printer["port"]), "PRINTOPS_BASE_PATH": printer["base_path"].strip("/")},
    )
    assert not result["failed"], result
    assert result["device"]["serial"] == printer["serial"]


def test_delegated_to_localhost_it_stays_in_process(fleet: Fleet) -> None:
    watch = fleet.watch()
    results = fleet.tasks(
        "plain",
        {"ors_status": {}, "delegate_to": "localhost"},
        {"device_info": {}, "delegate_to": "localhost"},
        {"device_info": {}},
    )
    assert not any(result["failed"] for result in results), results
    assert watch.audit() == [("plain", "sign_in"), ("plain", "sign_out")]


@pytest.mark.slow
def test_async_is_handed_to_the_ordinary_module(fleet: Fleet) -> None:
    watch = fleet.watch()
    early, _first, info, ors, again = fleet.tasks(
        "plain",
        {"device_info": {}, "async": 120, "poll": 1, "delegate_to": "localhost", "ignore_errors": True},
        {"ors_status": {}},
        {"device_info": {}, "async": 120, "poll": 1, "delegate_to": "localhost"},
        {"ors_status": {"ready": True}, "async": 120, "poll": 1, "delegate_to": "localhost"},
        {"ors_status": {}},
    )
    assert "not accepted in this run" in early["msg"]
    assert not info["failed"], info
    assert info["finished"]
    assert info["device"]["serial"] == fleet.simulation.printer("plain")["serial"]
    assert ors["ors"]["ready"]
    assert again["ors"]["ready"]
    assert watch.count("sign_in") == watch.count("sign_out") == 3


def test_async_over_a_connection_that_a_printer_does_not_have_says_what_to_do(fleet: Fleet) -> None:
    watch = fleet.watch()
    (result,) = fleet.tasks("plain", {"device_info": {}, "async": 120, "poll": 1})
    assert result["failed"]
    assert "delegate_to: localhost" in result["msg"]
    assert watch.requests() == 0


@pytest.mark.slow
def test_ordinary_modules_sign_in_and_out_by_themselves_and_tell_the_same(fleet: Fleet) -> None:
    tasks: list[dict[str, Any]] = [
        {"device_info": {}},
        {"device_proxy": {"state": "absent"}},
        {"printer_registration": {}},
        {"home_device": {"serial": fleet.simulation.printer("done")["serial"]}},
        {"home_device_info": {}},
    ]
    here = fleet.tasks("done", *tasks)
    watch = fleet.watch()
    there = fleet.tasks("done", *tasks, variables={"printops_in_process": False})
    assert watch.count("sign_in", "done") == watch.count("sign_out", "done") == 3
    assert watch.count("sign_in", "alpha") == watch.count("sign_out", "alpha") == 2
    for one, other in zip(here, there, strict=True):
        assert "invocation" not in one
        shared = {name: value for name, value in one.items() if not name.startswith("_")}
        shared.pop("device", None)  # it has the clock
        shared.pop("clock", None)  # and how far that is off
        for devices in (shared.get("devices", ()), other.get("devices", ())):
            for device in devices:
                device.pop("last_data")  # a moment that goes on
        assert {name: other[name] for name in shared} == shared
