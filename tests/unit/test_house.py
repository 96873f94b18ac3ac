# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the files that describe the collection against each other. Knows no behaviour."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


def test_the_package_leaves_out_whatever_git_ignores() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    assert {line for line in ignored if line and not line.startswith("#")} <= set(galaxy["build_ignore"])


def test_action_groups_name_modules_that_exist() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    grouped = {name for group in runtime["action_groups"].values() for name in group}
    assert grouped <= {file.stem for file in (ROOT / "plugins" / "modules").glob("*.py")}


def test_there_is_no_sanity_ignore_file() -> None:
    assert not list((ROOT / "tests").glob("sanity/ignore*"))


@pytest.mark.parametrize(
    ("ci", "summary"), [("true", "1 failed, 1 xfailed, 1 error in"), ("", "2 skipped, 1 xfailed in")]
)
def test_a_skip_is_a_failure_in_ci_and_only_there(tmp_path: Path, ci: str, summary: str) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tests)
    (tests / "test_one.py").write_text("import pytest\n\ndef test_one():\n    pytest.skip('no squid')\n")
    (tests / "test_file.py").write_text("import pytest\n\npytest.skip('no chromium', allow_module_level=True)\n")
    (tests / "test_known.py").write_text("import pytest\n\n@pytest.mark.xfail\ndef test_known():\n    raise OSError\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-rs",
        "--continue-on-collection-errors",
        "tests",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "CI": ci}, capture_output=True, text=True, check=False
    )
    assert summary in done.stdout
    assert "no squid" in done.stdout
    assert "no chromium" in done.stdout
