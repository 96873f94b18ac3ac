# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same folder of results wherever a run is started, and whatever $PWD says. The printer does not exist."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from support.playbook import command, environment, run_playbook

PRINTER = {"ansible_host": "127.0.0.1", "printops_port": 1, "printops_username": "u", "printops_password": "a-password"}


@pytest.mark.parametrize("mode", [pytest.param("tasks", marks=pytest.mark.slow), "bulk"])
@pytest.mark.parametrize(
    "whole_folder",
    [pytest.param(False, id="inventory file", marks=pytest.mark.slow), pytest.param(True, id="inventory folder")],
)
def test_results_lie_beside_the_inventory(tmp_path: Path, mode: str, whole_folder: bool) -> None:
    """Started from the root, and by a wrapper that changes the folder but not $PWD."""
    elsewhere, site = tmp_path / "elsewhere", tmp_path / "site"
    inventory = site / "production" / "hosts.yml"
    for folder in (elsewhere, inventory.parent):
        folder.mkdir(parents=True)
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"press-01": PRINTER}}}), encoding="utf-8")
    source = inventory.parent if whole_folder else inventory
    for folder in (Path("/"), elsewhere):
        done = subprocess.run(
            command("printops.prisma.onboard_fleet", source, tmp_path, "-e", f"onboard_mode={mode}"),
            cwd=folder,
            env=environment(tmp_path, PWD=str(tmp_path / "not here")),
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 2, done.stdout.decode()
    results = inventory.parent / (".onboarding" if whole_folder else "onboarding")
    assert (results / "report.json").exists()
    assert list(elsewhere.iterdir()) == []
    assert list(site.rglob("*onboarding")) == [results]


@pytest.mark.slow
def test_results_that_ansible_has_read_as_inventory_stop_a_run_before_anything_is_sent(tmp_path: Path) -> None:
    """An earlier run with the file has left them; then the whole folder is given."""
    site = tmp_path / "site"
    (site / "onboarding").mkdir(parents=True)
    (site / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"press-01": PRINTER}}}), encoding="utf-8")
    run = run_playbook("printops.prisma.onboard_fleet", site, tmp_path)
    assert run.returncode == 2, run.output
    assert f"mv {site}/onboarding {site}/.onboarding" in run.output
    assert not (site / ".onboarding").exists()
    assert run.results_of("onboard_batch") == []
