# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What make demo-access runs ends as it expects of itself, and shows no secret."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

DEMO = Path(__file__).resolve().parents[1] / "demo" / "access.py"


@pytest.mark.slow
def test_the_demo_of_declared_people(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(DEMO), "--keep", str(tmp_path)],
        cwd=tmp_path,
        env=dict(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
        check=False,
    )
    shown = done.stdout.decode(errors="replace")
    assert done.returncode == 0, shown
    assert "[Add] user" in shown
    assert shown.count("guardrail_refused") == 3
    session = json.loads((tmp_path / "site-session.json").read_text(encoding="utf-8"))
    hosts = yaml.safe_load((tmp_path / "inventory.yml").read_text(encoding="utf-8"))["all"]["hosts"]
    secrets = [cookie["value"] for cookie in session["cookies"]]
    secrets += [host["printops_site_password"] for host in hosts.values()]
    assert len(secrets) >= 2
    assert [secret for secret in secrets if secret in shown] == []


@pytest.mark.parametrize("demo", ["access.py", "run.py"])
def test_a_demo_does_not_begin_in_the_folder_of_an_earlier_one(tmp_path: Path, demo: str) -> None:
    """It would find everything done, and say that nothing is as expected."""
    (tmp_path / "kept" / "simulator").mkdir(parents=True)
    command = [sys.executable, str(DEMO.with_name(demo)), "--keep", "kept"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "kept holds an earlier demo: remove it (rm -r kept)" in done.stderr
