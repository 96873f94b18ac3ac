# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine that offers little: no environment, no home that can be written to, a folder with a space in its name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from collection_tree import source_files
from support.simulation import FLEETS

ROOT = Path(__file__).resolve().parents[2]
NO_HOME = "/dev/null"
"""A home that nobody can write to, not even root."""


@pytest.fixture
def bare() -> dict[str, str]:
    """The environment of a fresh shell."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": NO_HOME, "LANG": "C.UTF-8"}


def test_the_simulator_needs_no_home(tmp_path: Path, bare: dict[str, str]) -> None:
    """proxy.py makes a folder there unless it is kept from it."""
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-m", "simulator", "serve", "--fleet", str(FLEETS / "small.yml")]
    process = subprocess.Popen(
        [*command, "--state", str(tmp_path / "state"), "--ready", str(ready)],
        env={**bare, "PYTHONPATH": str(ROOT / "tests")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if ready.exists():
                break
        assert ready.exists(), "".join(lines)
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_demo_runs_in_a_folder_with_a_space_from_an_empty_environment(tmp_path: Path, bare: dict[str, str]) -> None:
    """The environment with the tools is this one: that it can be made is shown by every other machine."""
    folder = tmp_path / "a folder"
    for name in source_files():
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
    programs = Path(sys.executable).parent
    (folder / ".venv").symlink_to(programs.parent)
    ready = folder / ".venv" / f".ready-{sys.version_info.major}.{sys.version_info.minor}"
    if not ready.exists():
        pytest.skip(f"{programs.parent} was not made by make venv")
    done = subprocess.run(
        ["make", f"PYTHON={sys.executable}", f"--assume-old={os.path.relpath(ready, folder)}", "demo"],
        cwd=folder,
        env=bare,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1100,
        check=False,
    )
    assert done.returncode == 0, done.stdout
