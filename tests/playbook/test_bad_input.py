# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: each a clear error that names what to correct, before any request is sent, in-process and not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import IN_PROCESS_OR_NOT, MODES
from support.simulation import ROOT

SRA = (ROOT / "plugins" / "profiles" / "sra-remote-ui.yml").read_text(encoding="utf-8")
HOME = (ROOT / "plugins" / "profiles" / "prisma-home.yml").read_text(encoding="utf-8")

Case = tuple[dict[str, Any], tuple[str, ...]]


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": "plain"}])


def told_before_any_request(fleet: Fleet, cases: list[Case], **variables: Any) -> None:
    """Run a task for each case and demand that each fails with its texts, and that nothing was sent at all."""
    watch = fleet.watch()
    results = fleet.tasks("plain", *(task for task, _said in cases), variables=variables)
    for result, (task, said) in zip(results, cases, strict=True):
        assert result["failed"], task
        for text in said:
            assert text in result["msg"], (task, result["msg"])
        assert "Traceback" not in str(result), task
        assert "a defect of this collection" not in result["msg"], task
        assert not result.get("changed"), task
    assert watch.requests() == 0


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_options_that_cannot_be(fleet: Fleet, in_process: bool, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate", encoding="utf-8")
    cases: list[Case] = [
        ({"ors_status": {"prot": 1}}, ("prot", "unsupported parameters")),
        ({"device_proxy": {"state": "absent", "hosts": "x"}}, ("hosts", "unsupported parameters")),
        ({"home_device_info": {"serial": "1"}}, ("serial", "unsupported parameters")),
        ({"ors_status": {"port": 0}}, ("port 0 is not a port", "1 to 65535")),
        ({"ors_status": {"port": 65536}}, ("port 65536 is not a port",)),
        ({"ors_status": {"port": "https"}}, ("port is 'https', but must be a whole number",)),
        ({"ors_status": {"host": ""}}, ("host '' is not the name or address of a host",)),
        ({"ors_status": {"host": "two words"}}, ("host 'two words' is not",)),
        ({"ors_status": {"host": "https://printer.example.com/"}}, ("is not the name or address of a host",)),
        ({"ors_status": {"username": ""}}, ("username (printops_username) is empty",)),
        ({"ors_status": {"password": ""}}, ("password (printops_password) is empty",)),
        ({"ors_status": {"ca_path": "/does/not/exist.pem"}}, ("/does/not/exist.pem", "No such file")),
        ({"ors_status": {"ca_path": str(empty)}}, (str(empty), "it holds no certificate")),
        ({"ors_status": {"ca_path": str(tmp_path)}}, (str(tmp_path),)),
        ({"ors_status": {"tls_fingerprint": ["ab:cd"]}}, ("'ab:cd' is not a SHA-256 fingerprint",)),
        ({"ors_status": {"timeout": 0}}, ("timeout (printops_timeout) is 0",)),
        ({"ors_status": {"retries": -1}}, ("retries (printops_retries) is -1",)),
        ({"ors_status": {"ready": "perhaps"}}, ("ready is 'perhaps', but must be true or false",)),
        ({"home_device_info": {"url": "http://127.0.0.1/"}}, ("'http://127.0.0.1/' is not an https address",)),
        ({"home_device_info": {"url": ""}}, ("is not an https address",)),
        ({"home_device_info": {"tenant": ""}}, ("tenant (printops_tenant) is empty",)),
        ({"home_device_info": {"password": ""}}, ("username is given, but neither password nor password_file",)),
        ({"home_device": {"serial": " "}}, ("serial is empty",)),
        ({"home_device": {}}, ("missing required arguments: serial",)),
        ({"home_device": {"serial": "1", "address": "https://h/", "address_file": "f"}}, ("mutually exclusive",)),
    ]
    told_before_any_request(fleet, cases, printops_in_process=in_process)


def line_of(text: str, part: str) -> int:
    """Return the line of a text, from 1, on which ``part`` stands."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_profiles_that_cannot_be_name_file_line_and_key(fleet: Fleet, tmp_path: Path) -> None:
    changes = {  # the name of the file, what is replaced in the shipped profile, by what, and what the message names
        "expression": ("fields.Mode", "fields.[", "read.ors.fields.mode", "does not parse"),
        "placeholder": ("${password}", "${pasword}", "sign_in.steps.0.fill", "${pasword}"),
        "key": ("    verify: proxy\n", "    verifies: proxy\n", "write.set_proxy", "verifies"),
        "verify": ("verify: proxy", "verify: proxies", "write.set_proxy.verify", "'proxies'"),
        "type": ("requests_per_second: 50", "requests_per_second: many", "limits.requests_per_second", "many"),
        "pattern": (r"^(\S+)$", r"^(\S+", "read.identity.fields.serial", "does not parse"),
        "operation": ("  test_proxy:\n", "  try_proxy:\n", "write.try_proxy", "test_proxy"),
        "field": ("      hostname:\n", "      host_name:\n", "read.identity.fields.host_name", "hostname"),
        "double": ("  enough: 4\n", "  enough: 4\n  enough: 3\n", "enough", "occurs twice"),
    }
    cases: list[Case] = []
    for name, (old, new, key, said) in changes.items():
        assert SRA.count(old) >= 1, name
        text = SRA.replace(old, new, 1)
        path = tmp_path / f"{name}.yml"
        path.write_text(text, encoding="utf-8")
        cases.append(({"ors_status": {"profile": str(path)}}, (f"{path}:", key, said)))
    broken = tmp_path / "broken.yml"
    broken.write_text("schema: 1\nid: [x\ntitle: y\n", encoding="utf-8")
    cases.append(({"ors_status": {"profile": str(broken)}}, (f"{broken}:3", "not YAML")))
    told_before_any_request(fleet, cases)


def test_the_line_is_that_of_the_fault(fleet: Fleet, tmp_path: Path) -> None:
    text = SRA.replace("pick: fields.Mode", "pick: fields.[", 1)
    path = tmp_path / "site.yml"
    path.write_text(text, encoding="utf-8")
    line = line_of(text, "pick: fields.[")
    told_before_any_request(fleet, [({"ors_status": {"profile": str(path)}}, (f"{path}:{line}: ",))])


def test_profiles_that_are_not_there_or_of_the_wrong_kind(fleet: Fleet, tmp_path: Path) -> None:
    site = tmp_path / "home.yml"
    site.write_text(HOME, encoding="utf-8")
    cases: list[Case] = [
        ({"ors_status": {"profile": "sra-remote"}}, ("no profile 'sra-remote'", "sra-remote-ui", "prisma-home")),
        ({"ors_status": {"profile": "/no/such/profile.yml"}}, ("there is no profile at /no/such/profile.yml",)),
        ({"ors_status": {"profile": "prisma-home"}}, ("kind tenant", "controller is needed")),
        ({"ors_status": {"profile": str(site)}}, ("kind tenant", "controller is needed")),
        ({"home_device_info": {"profile": "sra-remote-ui"}}, ("kind controller", "tenant is needed")),
        ({"ors_status": {"profile": {"id": "mine"}}}, ("the profile given as data", "required")),
        ({"ors_status": {"profile": ""}}, ("profile is empty",)),
    ]
    told_before_any_request(fleet, cases)


@pytest.mark.slow
def test_a_role_option_that_cannot_be_stops_the_role_at_its_beginning(fleet: Fleet) -> None:
    watch = fleet.watch()
    for wrong in ({"onboard_fail_on": ["sometimes"]}, {"onboard_proxy": {"prot": 1}}, {"onboard_wait_sleep": "long"}):
        run = fleet.onboard(fleet.inventory(**wrong))
        assert run.returncode == 2, wrong
        assert next(iter(wrong)) in run.output
    assert watch.requests() == 0


@pytest.mark.parametrize("mode", MODES)
def test_an_application_that_does_not_exist_is_refused_before_the_first_request(fleet: Fleet, mode: str) -> None:
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory(onboard_applications={"prismalytic-dashboard": True}), mode=mode)
    printer = run.report["printers"]["plain"]
    assert printer["outcome"] == "failed", run.output
    assert "onboard_applications names 'prismalytic-dashboard'" in printer["reason"]
    assert "printops_connectors" in printer["advice"]
    assert watch.requests() == 0


@pytest.mark.parametrize("mode", MODES)
def test_a_variable_that_only_the_run_can_read_is_named_in_the_report(fleet: Fleet, mode: str) -> None:
    """check_inventory reads no lookup. The printer is the first one, and so a whole wave."""
    watch = fleet.watch()
    lookup = "{{ lookup('ansible.builtin.file', '/no/such/file') }}"
    for wrong, reason in ((lookup, "onboard_wait_sleep has no value"), ("{{ 'lo' ~ 'ng' }}", "onboard_wait_sleep")):
        run = fleet.onboard(fleet.inventory(onboard_wait_sleep=wrong), "-e", "onboard_inventory_check=warn", mode=mode)
        printer = run.report["printers"]["plain"]
        assert (run.returncode, printer["outcome"]) == (2, "failed"), run.output
        assert reason in printer["reason"]
        assert run.failed_tasks()["plain"][-1] == "Fail if the printer needs attention"
    assert watch.requests() == 0
