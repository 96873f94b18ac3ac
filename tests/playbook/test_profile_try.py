# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of a recording is shown as a profile sees it, and the recorder opens no browser in check mode."""

from __future__ import annotations

from pathlib import Path

from support.playbook import run_playbook

HAR = Path(__file__).resolve().parents[1] / "fixtures" / "recordings" / "sra-remote-ui" / "sra-remote-ui-fr.har"


def test_a_page_its_expressions_and_a_page_that_is_not_there(tmp_path: Path) -> None:
    inventory = tmp_path / "inventory.yml"
    inventory.write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n", encoding="utf-8")
    shown = {"recording": str(HAR), "page": "ors.htm", "expression": "ids.orsState", "text": "non connecté"}
    missing = {"recording": str(HAR), "page": "nowhere.htm"}
    unused = {"url": "https://press.example.com/", "id": "own", "profile": str(tmp_path / "own.yml")}
    tasks = [
        {"printops.prisma.profile_try": shown},
        {"printops.prisma.profile_try": missing, "ignore_errors": True},
        {"printops.prisma.profile_record": unused, "check_mode": True},
    ]
    run = run_playbook([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}], inventory, tmp_path)
    assert run.returncode == 0, run.output
    found, absent = run.results_of("profile_try")
    assert found["result"] == "non connecté"
    assert "ids.orsState: non connecté" in found["page"]
    assert found["found"][0]["expression"] == "ids.orsState"
    assert any("ors.htm" in line for line in absent["details"]["pages"])
    (planned,) = run.results_of("profile_record")
    assert (planned["changed"], planned["profile_file"]) == (True, str(tmp_path / "own.yml"))
    assert not (tmp_path / "own.yml").exists()
