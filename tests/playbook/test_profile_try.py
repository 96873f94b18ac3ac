# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of a recording is shown as a profile sees it, and the recorder opens no browser in check mode."""

from __future__ import annotations

import shutil
from pathlib import Path

from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import SHIPPED
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
    assert found["not_found"] == []
    assert "ids.orsState: non connecté" in found["page"]
    assert found["found"][0]["expression"] == "ids.orsState"
    assert any("ors.htm" in line for line in absent["details"]["pages"])
    (planned,) = run.results_of("profile_record")
    assert (planned["changed"], planned["profile_file"]) == (True, str(tmp_path / "own.yml"))
    assert not (tmp_path / "own.yml").exists()


def test_the_files_of_the_command_line_lie_where_the_command_was_run(tmp_path: Path) -> None:
    """The folder has a space, and the inventory lies elsewhere, with a profile of its own beside it."""
    site, folder = tmp_path / "site", tmp_path / "print shop"
    (site / "profiles").mkdir(parents=True)
    folder.mkdir()
    inventory = site / "inventory.yml"
    inventory.write_text("all: {hosts: {press: {ansible_connection: local}}}\n", encoding="utf-8")
    own = (SHIPPED / "sra-remote-ui.yml").read_text(encoding="utf-8").replace("id: sra-remote-ui", "id: our-sra")
    (site / "profiles" / "our-sra.yml").write_text(own, encoding="utf-8")
    shutil.copy(HAR, folder / "our.har")
    given = ("-e", "recording=our.har", "-e", "profile=our-sra", "-e", "profile_hosts=press")
    run = run_playbook("printops.prisma.profile_check", inventory, folder, *given)
    assert run.returncode == 0, run.output
    (checked,) = run.results_of("profile_check")
    assert (checked["profile"], checked["checked_against"]) == ("our-sra", "recording")
