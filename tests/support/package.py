# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's tarball, and the README's line that installs it. Asserts only that commands end well."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LITTER = (
    ".ansible/collections/x.py",
    ".cache/collections/x.py",
    ".coverage",
    ".git/config",
    ".hypothesis/x",
    ".mypy_cache/x.json",
    ".nox/x",
    ".pytest_cache/x",
    ".ruff_cache/x",
    ".venv/bin/python",
    ".venv-3.13/bin/python",
    "build/dist/x.txt",
    "changelogs/.plugin-cache.yaml",
    "collections/x.py",
    "plugins/modules/__pycache__/ors_status.cpython-311.pyc",
    "printops-prisma-0.0.1.tar.gz",
    "roles/onboard/x.retry",
    "tests/integration/inventory",
    "tests/output/x.txt",
    "tests/unit/__pycache__/x.pyc",
)
"""What a checkout gathers: one file of each kind."""


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None, timeout: float = 300) -> str:
    """Run a command and return what it printed; fail with that if it did."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


def tracked_files() -> list[str]:
    """Return the files that git knows and that are there."""
    listing = run("git", "ls-files", "-z", cwd=ROOT)
    return [name for name in listing.split("\0") if name and (ROOT / name).exists()]


def without_ansible_settings() -> dict[str, str]:
    """Return the environment without what steers Ansible, this collection or Python."""
    unwanted = ("ANSIBLE_", "PRINTOPS_", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


def build_tarball(folder: Path) -> Path:
    """Build the collection from a copy of the tracked files, in which everything lies that a checkout gathers."""
    source = folder / "source"
    for name in tracked_files():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name, follow_symlinks=False)
    for name in LITTER:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("litter", encoding="utf-8")
    program = Path(sys.executable).with_name("ansible-galaxy")
    env = {**without_ansible_settings(), "ANSIBLE_HOME": str(folder / "home")}
    run(program, "collection", "build", "--output-path", folder, cwd=source, env=env)
    (built,) = folder.glob("*.tar.gz")
    return built


def install_line() -> str:
    """Return the one line by which the README installs the collection and what it needs."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^(python3 -m pip install .* && ansible-galaxy collection install .*)$", readme, re.MULTILINE)
    return str(line)
