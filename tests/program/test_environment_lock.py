# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two make targets that are started at once, and need the same environment, which does not exist yet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = f"""#!/bin/sh
case "$*" in
  *version_info*) echo 3.13;;
  *ensurepip*) ;;
  tools/lock.py*) exec "{sys.executable}" "$@";;
  "-m venv --clear "*)
    echo begun >> log
    rm -rf "$4" && mkdir -p "$4/bin"
    for name in python uv; do printf '#!/bin/sh\\n' > "$4/bin/$name"; chmod +x "$4/bin/$name"; done
    while [ ! -e go ]; do sleep 0.05; done
    echo ended >> log;;
  *) echo "called otherwise: $*"; exit 9;;
esac
"""
"""A Python that makes an environment as soon as there is a file C(go), and notes when it begins and ends one."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with the Makefile and what it needs for an environment."""
    made = tmp_path / "a folder"
    (made / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", made)
    shutil.copy(ROOT / "tools" / "lock.py", made / "tools")
    (made / "requirements").mkdir()
    for name in ("bootstrap", "demo", "dev", "runtime"):
        (made / "requirements" / f"{name}.txt").touch()
    (made / "python").write_text(PYTHON, encoding="utf-8")
    (made / "python").chmod(0o755)
    return made


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start make as a person does: what a make above this test hands on (its level and flags) does not reach it."""
    of_make_above = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"}
    return subprocess.Popen(
        ["make", "PYTHON=./python", *arguments, "venv"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in of_make_above},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def log(folder: Path) -> list[str]:
    return (folder / "log").read_text(encoding="utf-8").split() if (folder / "log").exists() else []


def test_the_second_waits_says_so_and_finds_it_made(source: Path) -> None:
    first = started(source)
    end = time.monotonic() + 30
    while not log(source) and time.monotonic() < end:
        time.sleep(0.02)
    second = started(source, "-j2")
    assert second.stdout is not None
    assert second.stdout.readline() == "waiting: another process is making the environment .venv\n"
    (source / "go").touch()
    outputs = [each.communicate(timeout=60)[0] for each in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert log(source) == ["begun", "ended"], "one of them made it"
    assert "waiting" not in outputs[0]
    assert "warning" not in outputs[1]


def test_one_that_was_killed_leaves_no_lock_and_a_dry_run_makes_nothing(source: Path) -> None:
    (source / ".venv.lock").touch()
    (source / "go").touch()
    dry = started(source, "--dry-run")
    assert dry.communicate(timeout=60)[0] and dry.returncode == 0
    assert log(source) == []
    made = started(source)
    output = made.communicate(timeout=60)[0]
    assert (made.returncode, log(source)) == (0, ["begun", "ended"]), output
    assert "waiting" not in output
