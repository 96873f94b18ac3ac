# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Printers behind a jump host, over real ssh: where work and files are, and what is left behind."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from support.fleet import Fleet, FleetMaker, address_in
from support.playbook import Run
from support.qr import read_svg
from support.sshd import jump_host

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("sshd", "ssh")]
WAIT = {"wait_timeout": 60, "wait_sleep": 0.2}


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [{"name": "files"}, {"name": "whole"}, {"name": "plain"}, {"name": "editor", "kind": "prismasync"}]
    )


@pytest.fixture(scope="module")
def jump(tmp_path_factory: pytest.TempPathFactory) -> Generator[dict[str, Any]]:
    with jump_host(tmp_path_factory.mktemp("jump") / "sshd") as variables:
        yield {**variables, "ansible_python_interpreter": sys.executable}


def over(
    fleet: Fleet,
    jump: dict[str, Any],
    host: str,
    *tasks: dict[str, Any],
    arguments: tuple[str, ...] = (),
    folder: Path | None = None,
) -> Run:
    """Run tasks on one printer, delegated to the jump host."""
    folder = folder or fleet.new_folder()
    (folder / "jump.yml").write_text(yaml.safe_dump({"jumps": {"hosts": {"jump": jump}}}), encoding="utf-8")
    delegated = [{**task, "delegate_to": "jump"} for task in tasks]
    return fleet.play(host, *delegated, folder=folder, arguments=("-i", str(folder / "jump.yml"), *arguments))


def left(jump: dict[str, Any]) -> list[Path]:
    """Return the files that a run left on the jump host."""
    return [path for path in Path(jump["ansible_remote_tmp"]).rglob("*") if path.is_file()]


@pytest.mark.needs_program("libzbar")
def test_address_files_lie_here_and_nothing_stays_there(fleet: Fleet, jump: dict[str, Any]) -> None:
    # The jump host is this machine too. Relative paths tell whose they are: ansible-playbook runs in the folder of
    # the run, a module there in the home folder of ssh's user.
    folder = fleet.new_folder()
    files = {"address_file": "here/a.address", "qr_path": "here/a.svg"}
    here = {name: folder / path for name, path in files.items()}
    task = {"printer_registration": {**WAIT, **files}}
    watch = fleet.watch()
    planned = over(fleet, jump, "files", task, arguments=("--check",), folder=folder)
    assert planned.results_of("printer_registration")[0]["changed"], planned.output
    assert watch.writes() == {}
    assert not (folder / "here").exists()

    run = over(fleet, jump, "files", task, task, arguments=("-vvvv",), folder=folder)
    done, again = run.results_of("printer_registration")
    assert (done["changed"], again["changed"]) == (True, False), run.output
    assert {name: done["registration"][name] for name in files} == files
    address = fleet.state("files")["address"]
    assert address_in(here["address_file"]) == address
    assert read_svg(here["qr_path"]) == address
    assert {stat.S_IMODE(path.stat().st_mode) for path in here.values()} == {0o600}
    assert left(jump) == []
    assert not (Path.home() / "here").exists()
    assert address not in run.output

    claim = {"home_device": {**WAIT, "serial": "{{ printops_serial }}", "address_file": files["address_file"]}}
    claimed = over(fleet, jump, "files", claim, arguments=("-vvvv",), folder=folder)
    assert claimed.results_of("home_device")[0]["claimed"], claimed.output
    assert not here["address_file"].exists()
    assert address not in claimed.output
    assert left(jump) == []


def test_a_hand_over_that_waits_is_found_in_the_file_here(fleet: Fleet, jump: dict[str, Any]) -> None:
    """Given a file of an earlier run, then the button is not pressed again, and the claim removes file and QR code."""
    folder = fleet.new_folder()
    file, code = folder / "editor.address", folder / "editor.svg"
    on = {"device_applications": {"applications": {"prismalytics-dashboard": True}}}
    press = {"printer_registration": {**WAIT, "address_file": str(file)}}
    watch = fleet.watch()
    first = over(fleet, jump, "editor", on, press, folder=folder)
    (pressed,) = first.results_of("printer_registration")
    assert pressed["pressed"], first.output
    kept = file.read_text(encoding="utf-8")
    later = over(fleet, jump, "editor", press, arguments=("-vvvv",), folder=folder)
    (found,) = later.results_of("printer_registration")
    assert (found["pressed"], found["registration"]["state"]) == (False, "awaiting_claim"), later.output
    assert (file.read_text(encoding="utf-8"), watch.count("register_pressed")) == (kept, 1)
    assert kept.strip() not in later.output
    code.write_text("<svg/>", encoding="utf-8")
    options = {**WAIT, "registration_method": "hand_over", "display_name": "Editor", "serial": "{{ printops_serial }}"}
    claim = {"home_device": {**options, "address_file": str(file), "qr_path": str(code)}}
    run = over(fleet, jump, "editor", {**claim, "check_mode": True}, claim, folder=folder)
    planned, done = run.results_of("home_device")
    assert ("address_spent" in planned, done["claimed"], done["address_spent"]) == (False, True, True), run.output
    assert not file.exists()
    assert not code.exists()
    file.write_text("https://elsewhere.example.com/hand-over/made-up-42\n", encoding="utf-8")
    registered = {"home_device": {**claim["home_device"], "printer_registered": True}}
    (already,) = over(fleet, jump, "editor", registered, folder=folder).results_of("home_device")
    assert (already.get("failed", False), already["address_spent"], file.exists()) == (False, True, False), already
    assert left(jump) == []


def test_the_whole_role_runs_through_a_jump_host(fleet: Fleet, jump: dict[str, Any]) -> None:
    role = {
        "ansible.builtin.include_role": {"name": "printops.prisma.onboard", "apply": {"delegate_to": "jump"}},
        "vars": {"printops_in_process": False},
    }
    folder = fleet.new_folder()
    (folder / "jump.yml").write_text(yaml.safe_dump({"jumps": {"hosts": {"jump": jump}}}), encoding="utf-8")
    run = fleet.play("whole", role, folder=folder, arguments=("-i", str(folder / "jump.yml")))
    assert run.returncode == 0, run.output
    assert run.outcomes == {"whole": "onboarded"}, run.output
    ran = [run.results_of(module) for module in ("device_info", "printer_registration", "home_device")]
    assert all(results for results in ran)
    connections = {each["_ansible_delegated_vars"]["ansible_connection"] for results in ran for each in results}
    assert connections == {"ssh"}
    assert not list((folder / "onboarding").glob("*.address"))
    assert left(jump) == []


def test_the_network_is_checked_from_the_jump_host(fleet: Fleet, jump: dict[str, Any]) -> None:
    """Given a jump host, which has no table of hosts, then the rows travel with the task, and the password unseen."""
    ors = urlsplit(fleet.simulation.ready["ors"]["url"])
    proxy = {**fleet.proxy(), "proxy_password": "{{ hostvars['jump']['proxy_word'] }}"}
    rows = [{"host": ors.hostname, "port": ors.port}, {"host": "remotecontrol.cpp.canon", "port": 1, "purpose": "mine"}]
    options = {"cloud_hosts": rows, "ca_path": fleet.simulation.ready["ca"], "timeout": 5, **proxy}
    word = fleet.proxy()["proxy_password"]
    run = over(fleet, {**jump, "proxy_word": word}, "plain", {"check_network": options}, arguments=("-vvvv",))
    (result,) = run.results_of("check_network")
    checks = {(each["host"], each["port"], each["route"]): each for each in result["checks"]}
    assert checks[ors.hostname, ors.port, "proxy"]["outcome"] == "reachable", run.output
    assert checks["remotecontrol.cpp.canon", 443, "direct"]["purpose"] == "administration site"
    assert result["_ansible_delegated_vars"]["ansible_connection"] == "ssh"
    assert word not in run.output
    assert left(jump) == []


def test_libraries_that_the_jump_host_lacks_are_named_with_the_line_for_pip(
    fleet: Fleet, jump: dict[str, Any], tmp_path: Path
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    python = str(tmp_path / "bare" / "bin" / "python")
    run = over(fleet, {**jump, "ansible_python_interpreter": python}, "plain", {"ors_status": {}})
    (result,) = run.results_of("ors_status")
    assert "Python libraries are missing" in result["msg"], run.output
    assert f"{python} -m pip install 'httpx>=" in result["advice"]


def test_files_cannot_come_back_from_a_task_in_the_background(
    fleet: Fleet, jump: dict[str, Any], tmp_path: Path
) -> None:
    task = {"printer_registration": {"address_file": str(tmp_path / "a")}, "async": 60, "poll": 1}
    (result,) = over(fleet, jump, "plain", task).results_of("printer_registration")
    assert "async" in result["msg"]
