# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""web_read and web_write as tasks of one play, on the web interface of transmission-daemon and by its profile alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from foreign.driven import PROFILES
from foreign.transmission import PASSWORD, USER, transmission
from support.playbook import Run, run_playbook

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("transmission-daemon")]

LIMIT = {"write": "set_limit", "inputs": {"limited": True, "limit": 4321}}
ENCRYPTION = {"write": "set_encryption", "inputs": {"encryption": "strict"}, "expect": {"encryption": "required"}}


def task(name: str, module: str, options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, f"printops.prisma.{module}": options, **more}


TASKS = [
    task("read", "web_read", {"read": "settings"}),
    task("planned", "web_write", LIMIT, check_mode=True),
    task("done", "web_write", LIMIT),
    task("again", "web_write", LIMIT),
    task("as a module", "web_write", ENCRYPTION, vars={"printops_in_process": False}),
    task("as a module again", "web_write", ENCRYPTION, vars={"printops_in_process": False}),
    task("expected", "web_read", {"read": "settings", "expect": {"limit": 4321, "encryption": "required"}}),
    task("not expected", "web_read", {"read": "settings", "expect": {"limit": 1}}, ignore_errors=True),
    task("list", "web_read", {"read": "torrents", "expect": {"name": "a.iso"}, "state": "absent"}),
    task("no such input", "web_write", {"write": "set_limit", "inputs": {"limit": 1}}, ignore_errors=True),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("web")
    with transmission(tmp_path_factory.mktemp("transmission")) as server:
        variables = {
            "ansible_connection": "local",
            "printops_web_url": server.url,
            "printops_web_profile": str(PROFILES / "transmission.yml"),
            "printops_web_username": USER,
            "printops_web_password": PASSWORD,
            "printops_ca_path": server.ca_path,
        }
        inventory = folder / "inventory.yml"
        inventory.write_text(yaml.safe_dump({"all": {"hosts": {"transmission": variables}}}), encoding="utf-8")
        play = {"hosts": "all", "gather_facts": False, "tasks": TASKS}
        return run_playbook([play], Path(inventory), folder / "run", "--diff", "-vvvv")


@pytest.fixture(scope="module")
def results(run: Run) -> dict[str, dict[str, Any]]:
    assert run.returncode == 0, run.output
    return {item["task"]: item["result"] for item in run.results}


def test_a_setting_is_changed_once_and_proven(results: dict[str, dict[str, Any]]) -> None:
    assert results["read"]["fields"]["encryption"] == "preferred"
    assert results["planned"]["diff"] == results["done"]["diff"]
    assert results["done"]["diff"]["after"] == {"limit": 4321, "limited": True}
    assert [results[name]["changed"] for name in ("planned", "done", "again")] == [True, True, False]
    assert results["again"]["fields"]["limit"] == 4321
    assert [results[name]["changed"] for name in ("as a module", "as a module again")] == [True, False]


def test_expected_values_hold_or_the_task_fails(results: dict[str, dict[str, Any]]) -> None:
    assert results["expected"]["evidence"] == "verified"
    assert results["not expected"]["reason"] == "settings is not as expected: limit is 4321 and not 1"
    assert (results["list"]["rows"], results["list"].get("failed", False)) == ([], False)
    assert "inputs of the write set_limit: limited is missing" in results["no such input"]["msg"]


def test_no_secret_is_printed(run: Run) -> None:
    assert PASSWORD not in run.output
