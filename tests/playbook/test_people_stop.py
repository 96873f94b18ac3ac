# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile whose [Remove] acts on another person: neither a loop, a retry nor another host repeats it in a run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.package import ROOT
from support.runs import run_playbook
from support.site import Sites, start_sites
from support.sshd import jump_host

pytestmark = pytest.mark.slow

PROFILE = "cloud-administration-site"
PEOPLE = [f"leaver.{number}@example.com" for number in range(1, 5)]
OTHERS = [f"other.{number}@example.com" for number in range(1, 7)]


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Sites]:
    made = start_sites(tmp_path, [{"id": "north", "users": [*PEOPLE, *OTHERS]}])
    yield made
    made.simulation.stop()


def faulty_profile(folder: Path) -> str:
    """Write the profile of the site with a [Remove] of the Dashboard that acts on the last row."""
    source: dict[str, Any] = yaml.safe_load((ROOT / f"plugins/profiles/{PROFILE}.yml").read_text("utf-8"))
    steps = source["write"]["remove_dashboard"]["steps"]
    person = "tables[?id=='people'] | [0].rows | [-1].\"E-mail\""
    form = {"csrf": "${csrf}", "email": "${neighbour}", "sought": "${address}"}
    steps[0] = {"get": steps[0]["get"], "keep": {"neighbour": {"pick": person}}}
    steps[1] = {"send": "POST", "path": "users/dashboard/remove", "form": form, "expect": steps[1]["expect"]}
    source["id"] = "faulty-site"
    path = folder / "faulty-site.yml"
    path.write_text(yaml.safe_dump(source), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("in_process", [True, False])
def test_one_wrong_person_is_removed_in_a_loop_and_named_to_the_end(sites: Sites, in_process: bool) -> None:
    """Given a loop, retries and a second host for one site, then one wrong removal is sent, and each names it."""
    before = sites.lists()["dashboard"]
    folder = sites.new_folder()
    variables = {"ansible_connection": "local", "printops_in_process": in_process, **sites.variables()}
    inventory = folder / "inventory.yml"
    inventory.touch(mode=0o600)
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"a": variables, "b": variables}}}), encoding="utf-8")
    absent = {"state": "absent", "applications": ["dashboard"], "max_removals": 1}
    faulty = {**absent, "profile": faulty_profile(folder)}
    tasks: list[dict[str, Any]] = [
        {
            "name": "Loop",
            "printops.prisma.cloud_user": {**faulty, "people": ["{{ item }}"]},
            "loop": PEOPLE[:3],
        },
        {
            "name": "Retry",
            "printops.prisma.cloud_user": {**faulty, "people": PEOPLE[:1]},
            "register": "result",
            "until": "result is success",
            "retries": 2,
            "delay": 0,
        },
        {"name": "Plan", "printops.prisma.cloud_user": {**faulty, "people": PEOPLE[:1]}, "check_mode": True},
        {"name": "Another profile", "printops.prisma.cloud_user": {**absent, "people": PEOPLE[3:]}},
    ]
    sites.begin()
    play = {
        "hosts": "all",
        "gather_facts": False,
        "serial": 1,
        "tasks": [{**task, "ignore_errors": True} for task in tasks],
    }
    run = run_playbook([play], inventory, folder, timeout=300)
    gone = sorted(before - sites.lists()["dashboard"] - {PEOPLE[3]})
    assert len(gone) == 1, run.output
    assert gone[0] not in PEOPLE
    assert sites.writes()["POST users/dashboard/remove"] == 2
    items = [item for each in run.results if each["task"] == "Loop" for item in each["result"]["results"]]
    assert [one["outcome"] for one in items] == ["unplanned_change", *["guardrail_refused"] * 5]
    retried = [each["result"] for each in run.results if each["task"] == "Retry"]
    assert [one["outcome"] for one in retried] == ["guardrail_refused"] * 2
    assert all(gone[0] in one["msg"] for one in (*items, *retried))
    assert [each["result"]["outcome"] for each in run.results if each["task"] == "Plan"] == ["drift"] * 2
    other = [each["result"]["outcome"] for each in run.results if each["task"] == "Another profile"]
    assert other == ["applied", "in_sync"]


@pytest.mark.needs_program("sshd", "ssh")
def test_a_connection_that_is_lost_while_the_module_runs_repeats_nothing(sites: Sites, tmp_path: Path) -> None:
    """Given modules on a jump host whose connection is lost at their end, then neither ssh nor the loop goes on."""
    before = sites.lists()["dashboard"]
    folder = sites.new_folder()
    loses = tmp_path / "ssh"
    module = 'case $* in *chmod*) ;; *AnsiballZ_cloud_user*) ssh "$@"; exit 255 ;; esac'
    loses.write_text(f'#!/bin/sh\n{module}\nexec ssh "$@"\n', encoding="utf-8")
    loses.chmod(0o755)
    faulty = {
        "state": "absent",
        "applications": ["dashboard"],
        "profile": faulty_profile(folder),
        "people": ["{{ item }}"],
    }
    task = {
        "printops.prisma.cloud_user": faulty,
        "loop": PEOPLE[:3],
        "delegate_to": "jump",
        "ignore_errors": True,
        "ignore_unreachable": True,
    }
    with jump_host(tmp_path / "sshd") as variables:
        jump = {
            **variables,
            "ansible_python_interpreter": sys.executable,
            "ansible_ssh_executable": str(loses),
            "ansible_ssh_retries": 2,
        }
        inventory = folder / "inventory.yml"
        inventory.touch(mode=0o600)
        hosts = {"north": {"ansible_connection": "local", **sites.variables()}, "jump": jump}
        inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
        sites.begin()
        play = {"hosts": "north", "gather_facts": False, "tasks": [task]}
        run = run_playbook([play], inventory, folder, timeout=300)
    assert len(before - sites.lists()["dashboard"]) == 1, run.output
    assert sites.writes() == {"POST users/dashboard/remove": 1}
    items = run.results_of("cloud_user")[0]["results"]
    assert [one["outcome"] for one in items] == ["partly_applied", *["guardrail_refused"] * 2]
    assert "the connection to jump was lost" in items[0]["msg"]


@pytest.mark.parametrize("in_process", [True, False])
def test_hosts_side_by_side_change_people_one_after_the_other(sites: Sites, in_process: bool) -> None:
    """Given four hosts at once for one site, then one wrong removal is sent, and a right profile does all four."""
    before = sites.lists()["dashboard"]
    folder = sites.new_folder()
    variables = {"ansible_connection": "local", "printops_in_process": in_process, **sites.variables()}
    hosts = {f"h{number}": {**variables, "leaver": person} for number, person in enumerate(PEOPLE)}
    inventory = folder / "inventory.yml"
    inventory.touch(mode=0o600)
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    absent = {"state": "absent", "applications": ["dashboard"], "people": ["{{ leaver }}"]}
    tasks: list[dict[str, Any]] = [
        {"name": "Faulty", "printops.prisma.cloud_user": {**absent, "profile": faulty_profile(folder)}},
        {"name": "Right", "printops.prisma.cloud_user": absent},
    ]
    play = {
        "hosts": "all",
        "gather_facts": False,
        "strategy": "free",
        "tasks": [{**task, "ignore_errors": True} for task in tasks],
    }
    run = run_playbook([play], inventory, folder, timeout=300)
    ends = {name: [each["result"] for each in run.results if each["task"] == name] for name in ("Faulty", "Right")}
    assert sorted(one["outcome"] for one in ends["Faulty"]) == [*["guardrail_refused"] * 3, "unplanned_change"]
    stopped = [one for one in ends["Faulty"] if one["outcome"] == "guardrail_refused"]
    assert all([each["name"] for each in one["guardrails"] if each["refused"]] == ["earlier_task"] for one in stopped)
    assert [one["outcome"] for one in ends["Right"]] == ["applied"] * 4, run.output
    assert len(before - sites.lists()["dashboard"] - {*PEOPLE}) == 1
