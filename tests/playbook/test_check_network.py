# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_network as real runs: through the simulator's proxy, to a closed port, an unknown name and a printer's JMF."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import IN_PROCESS_OR_NOT
from unit.web.loopback import Answer, Loopback, serve


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": "behind", "network": "proxy_required", "proxy": "wrong"}])


@pytest.fixture
def jmf() -> Iterator[Loopback]:
    """A printer's JMF port."""
    with serve(lambda asked: Answer(200, {"Content-Type": "application/vnd.cip4-jmf+xml"}, b"<JMF/>")) as server:
        yield server


def hosts(fleet: Fleet) -> list[dict[str, Any]]:
    """Return rows: ORS of the simulator, which answers, a port that refuses, and a name that does not exist."""
    ors = urlsplit(fleet.simulation.ready["ors"]["url"])
    dead = fleet.simulation.ready["dead_proxy"]
    return [
        {"host": ors.hostname, "port": ors.port, "purpose": "ORS", "source": "the simulator"},
        {"host": dead["host"], "port": dead["port"]},
        {"host": "no-such-host.invalid"},
    ]


def options(fleet: Fleet, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a task that checks these hosts through the working proxy of the fleet."""
    return {
        "check_network": {
            "cloud_hosts": list(rows),
            "default_hosts": False,
            "ca_path": fleet.simulation.ready["ca"],
            **fleet.proxy(),
            **more,
        }
    }


def found(result: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(each["port"], each["route"], each["outcome"]) for each in result["checks"]]


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_each_host_and_way_has_its_own_outcome(fleet: Fleet, in_process: bool) -> None:
    ors, dead, nameless = hosts(fleet)
    variables = {"printops_in_process": in_process, "printops_tenant_url": None}
    good, whole = fleet.tasks("behind", options(fleet, ors), options(fleet, ors, dead, nameless), variables=variables)
    assert (good["failed"], good["changed"], good["outcome"]) == (False, False, "reachable"), good
    assert found(good) == [(ors["port"], "direct", "reachable"), (ors["port"], "proxy", "reachable")]
    assert {each["source"] for each in good["checks"]} == {"the simulator"}
    assert all("Simulated print network" in each["issuer"] for each in good["checks"])
    assert (whole["failed"], whole["outcome"]) == (True, "proxy_refuses"), whole
    assert found(whole)[2:] == [
        (dead["port"], "direct", "blocked"),
        (dead["port"], "proxy", "proxy_refuses"),
        (443, "direct", "unknown_name"),
        (443, "proxy", "proxy_refuses"),
    ]
    assert "technician" not in str(whole)


def test_the_proxy_is_told_from_the_way_behind_it(fleet: Fleet) -> None:
    """Given a wrong password, and a proxy that is not there, then each says so, and no output has the password."""
    ors, dead, _nameless = hosts(fleet)
    # In variables, as Ansible itself quotes the lines of a task that fails.
    words = {"wrong": "wrong-password-of-the-proxy", "right": fleet.proxy()["proxy_password"]}
    tasks = (
        options(fleet, ors, proxy_password="{{ wrong }}"),
        options(fleet, ors, proxy_password="{{ right }}", proxy_host=dead["host"], proxy_port=dead["port"]),
    )
    run = fleet.play("behind", *tasks, variables={"printops_tenant_url": None, **words}, arguments=("-vvvv",))
    login, gone = run.results_of("check_network")
    assert (login["outcome"], gone["outcome"]) == ("proxy_login_refused", "proxy_unreachable"), run.output
    assert "onboard_proxy.password" in login["advice"]
    assert [word for word in words.values() if word in run.output] == []


def test_check_mode_is_the_same_and_nothing_reaches_a_printer(fleet: Fleet) -> None:
    ors, *_others = hosts(fleet)
    watch = fleet.watch()
    (checked,) = fleet.tasks("behind", options(fleet, ors), check=True, variables={"printops_tenant_url": None})
    assert (checked["failed"], found(checked)[1][2]) == (False, "reachable")
    assert watch.requests() == 0


def test_jmf_tells_a_printer_that_is_on(fleet: Fleet, jmf: Loopback) -> None:
    dead = fleet.simulation.ready["dead_proxy"]["port"]
    tasks = [
        {"check_network": {"default_hosts": False, "jmf": True, "jmf_port": port, "timeout": 5}}
        for port in (jmf.port, dead)
    ]
    alive, silent = fleet.tasks("behind", *tasks, variables={"printops_tenant_url": None})
    assert [each["outcome"] for each in alive["checks"]] == ["alive"]
    assert b"KnownDevices" in jmf.asked[0].body
    assert (silent["failed"], silent["outcome"]) == (True, "no_answer")
    assert "printops_jmf" in silent["advice"]


def test_a_cloud_is_judged_by_the_ca_of_its_own_variable(fleet: Fleet) -> None:
    """Given a tenant whose CA is declared for its modules, then it is not said to be intercepted; other hosts are."""
    ors, *_others = hosts(fleet)
    own = {"check_network": {"cloud_hosts": [], "default_hosts": False}}
    with_ors = {"check_network": {**own["check_network"], "cloud_hosts": [ors]}}
    tenant, strange = fleet.tasks("behind", own, with_ors)
    assert [each["outcome"] for each in tenant["checks"]] == ["reachable"], tenant
    assert [each["outcome"] for each in strange["checks"]] == ["reachable", "intercepted"], strange
    assert "printops_tenant_ca_path" in strange["advice"]


def test_the_playbook_shows_each_check_and_fails_printers_that_cannot_get_out(fleet: Fleet, tmp_path: Path) -> None:
    ors, dead, _nameless = hosts(fleet)
    proxy = {name: fleet.simulation.ready["proxy"][name] for name in ("host", "port", "user", "password")}
    extra = {"network_default_hosts": False}
    ors, dead = ({**row, "ca_path": fleet.simulation.ready["ca"]} for row in (ors, dead))
    inventory = fleet.inventory("behind", onboard_proxy=proxy, printops_cloud_hosts=[ors])
    run = fleet.onboard(inventory, "-e", json.dumps(extra), playbook="check_network", waves=True)
    assert run.returncode == 0, run.output
    assert run.output.count("through the proxy: reachable") == 2, "tenant and ORS"
    assert proxy["password"] not in run.output
    inventory = fleet.inventory("behind", onboard_proxy=proxy, printops_cloud_hosts=[ors, dead])
    run = fleet.onboard(inventory, "-e", json.dumps(extra), playbook="check_network", waves=True)
    assert run.failed == {"behind"}, run.output
    assert "through the proxy: proxy_refuses" in run.output


def test_a_check_that_could_not_run_is_no_success(fleet: Fleet) -> None:
    """Given a jump host without the Python that it is said to have, then the playbook fails all the same."""
    jump = {"ansible_python_interpreter": "/nowhere/python", "printops_in_process": False}
    extra = json.dumps({"network_from": "localhost", **jump})
    run = fleet.onboard(fleet.inventory("behind"), "-e", extra, playbook="check_network", waves=True)
    assert run.failed == {"behind"}, run.output


def test_ors_that_is_not_connected_names_a_proxy_that_is_not_declared(fleet: Fleet) -> None:
    """Given a proxy client that is on, wrong and not declared, then the advice says how to change that."""
    dead = fleet.simulation.ready["dead_proxy"]
    run = fleet.onboard(fleet.inventory("behind", own={"behind": {"onboard_proxy": None}}))
    outcome = run.report["printers"]["behind"]
    assert outcome["outcome"] == "ors_not_ready", run.output
    advice = outcome["advice"]
    assert advice.startswith(f"The printer's proxy client is on ({dead['host']}:{dead['port']}) and not declared")
    assert "switch it off (onboard_proxy: {state: absent})" in advice
    assert "ors_not_ready: 1 printer, for you" in run.output
