# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Onboarding with a browser's session whose token lies in web storage: used, never shown, and checked beforehand."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.home import application_session_file, person_of
from support.playbook import IN_PROCESS_OR_NOT, command, environment

PERSON = "administrator@alpha.example.com"
PRINTERS: list[dict[str, Any]] = [{"name": name} for name in ("first", "second", "expired", "ended", "module")]


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(PRINTERS)


def new_token(fleet: Fleet) -> str:
    """Sign the person in at the provider; return the access token."""
    found: str = fleet.simulation.post("oidc/tokens", {"email": PERSON})["access_token"]
    return found


def session(fleet: Fleet, path: Path, token: str, *, lasts: float = 3600) -> dict[str, Any]:
    """Write the session file of the application; return the variables that use it."""
    application_session_file(fleet.simulation.ready, path, token, time.time() + lasts)
    others = ("username", "password", "sign_in_hosts", "client_id", "client_secret")
    return {
        **{f"printops_tenant_{name}": None for name in others},
        "printops_tenant_profile": "prisma-home-application",
        "printops_tenant_session_file": str(path),
    }


def shown(folder: Path, output: str) -> str:
    """Return everything that a run has printed, reported and left in files, without what was given to it."""
    given = ("inventory.yml", "session.json")
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in given]
    return output + "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def test_printers_are_onboarded_and_the_token_is_not_shown(fleet: Fleet, tmp_path: Path) -> None:
    token = new_token(fleet)
    variables = session(fleet, tmp_path / "session.json", token, lasts=350)
    watch = fleet.watch()
    inventory = fleet.inventory("first", "second", **variables)
    run = fleet.onboard(inventory, "-vvvv", "--diff", "-e", "onboard_at_once=1")
    assert run.outcomes == {"first": "onboarded", "second": "onboarded"}, run.output
    assert fleet.simulation.audit(since=watch.since, what="claim")[-1]["actor"] == PERSON
    text = " ".join(re.sub(r"\[WARNING\]:", "", run.output).split())
    warned = re.findall(r"the session ends in [345] minutes, and 2 printers need about 6 minutes", text)
    assert len(warned) == 1, run.output
    assert token not in shown(run.folder, run.output)
    assert token[-20:] not in shown(run.folder, run.output)


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
def test_modules_use_the_session_and_leave_it_open(fleet: Fleet, tmp_path: Path, in_process: bool) -> None:
    token = new_token(fleet)
    variables = session(fleet, tmp_path / "session.json", token) | {"printops_in_process": in_process}
    serial = fleet.simulation.printer("module")["serial"]
    run = fleet.play(
        "module",
        {"home_device_info": {"serials": [serial]}},
        {"home_device": {"serial": serial, "state": "absent", "confirm_data_loss": True}},
        variables=variables,
        arguments=("-vvvv",),
    )
    read, absent = [item["result"] for item in run.results]
    assert (read["sign_in"], read["missing"]) == ("session_file", [serial.upper()]), run.output
    assert read["session_ends"]
    assert not absent["changed"]
    assert token not in shown(run.folder, run.output)


@pytest.mark.parametrize(
    ("name", "mode"), [("expired", "bulk"), pytest.param("ended", "tasks", marks=pytest.mark.slow)]
)
def test_a_session_that_has_ended_presses_no_printer(fleet: Fleet, tmp_path: Path, name: str, mode: str) -> None:
    """Either the session file says so, and the tenant is not asked; or the tenant does."""
    token = new_token(fleet)
    variables = session(fleet, tmp_path / "session.json", token, lasts=-1 if name == "expired" else 3600)
    if name == "ended":
        (used,) = fleet.tasks("module", {"home_device_info": {}}, variables=variables)
        assert not used["failed"], used
        fleet.simulation.post("home/expire_sessions")
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory(name, **variables), mode=mode)
    assert run.outcomes == {name: "auth_failed"}, run.output
    assert watch.count("register_pressed", name) == 0
    assert "printops.prisma.sign_in -e cloud=tenant" in run.output
    assert watch.writes() == {}


@pytest.mark.slow
@pytest.mark.needs_program("chromium")
def test_a_person_signs_in_to_the_application_with_a_browser_and_a_run_uses_its_web_storage(
    fleet: Fleet, tmp_path: Path
) -> None:
    """The playbook waits for the token in web storage: no page of an application proves a sign-in by its address."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = tmp_path / "session.json"
    given = {
        "cloud": "tenant",
        "printops_tenant_url": f"{fleet.simulation.ready['tenants'][0]['url']}/application/",
        "printops_tenant_profile": "prisma-home-application",
        "printops_tenant_session_file": str(file),
        "printops_tenant_validate_certs": False,  # the browser knows the system's CAs only
        "headless": True,
        "browser_arguments": [f"--remote-debugging-port={port}"],
        "wait_timeout": 120,
    }
    (tmp_path / "hosts.yml").write_text("all: {hosts: {}}\n", encoding="utf-8")
    line = command("printops.prisma.sign_in", tmp_path / "hosts.yml", tmp_path, "-vvvv", "-e", json.dumps(given))
    run = subprocess.Popen(
        line, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        with sync_api.sync_playwright() as running:
            _sign_in(running, sync_api.Error, f"http://127.0.0.1:{port}", person_of(fleet.simulation.ready))
        output, _error = run.communicate(timeout=120)
    finally:
        run.kill()
    assert run.returncode == 0, output
    assert file.stat().st_mode & 0o777 == 0o600
    (origin,) = json.loads(file.read_text(encoding="utf-8"))["origins"]
    (entry,) = [each for each in origin["localStorage"] if each["name"] == "prismaHome.session"]
    assert json.loads(entry["value"])["accessToken"] not in output
    assert "and ends at 20" in output
    others = ("username", "password", "sign_in_hosts")
    variables = {
        **{f"printops_tenant_{name}": None for name in others},
        "printops_tenant_profile": "prisma-home-application",
        "printops_tenant_session_file": str(file),
    }
    (read,) = fleet.tasks("module", {"home_device_info": {}}, variables=variables)
    assert not read["failed"], read
    assert read["sign_in"] == "session_file"


def _sign_in(running: Any, failed: type[Exception], address: str, person: dict[str, Any]) -> None:
    for _attempt in range(120):
        try:
            page = running.chromium.connect_over_cdp(address).contexts[-1].pages[0]
            break
        except (failed, IndexError):
            time.sleep(0.5)
    else:
        raise AssertionError("the browser did not open")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("E-mail address").fill(person["email"])
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Password").fill(person["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="No", exact=True).click()
