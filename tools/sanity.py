# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-test sanity on a copy of the working tree. Knows its traps; knows nothing of what it tests.

Its environments are kept in this project's .cache, not in the home folder. A test that it skips, which it merely warns
of, is a failure where CI=true. Arguments are passed on: tools/sanity.py --test pylint plugins/modules/x.py
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pip_bootstrap
from collection_tree import ROOT, copy_collection

SKIPPED = re.compile(r'Skipping sanity test|Required program "\S+" not found')


def environment(home: Path) -> dict[str, str]:
    """This process's environment with another home, but pip's configuration and cache still those of the person."""
    real = Path.home()
    environ = dict(os.environ)
    environ.setdefault("XDG_CONFIG_HOME", str(real / ".config"))
    environ.setdefault("XDG_CACHE_HOME", str(real / ".cache"))
    for name in (".netrc", ".pip"):
        link = home / name
        if (real / name).exists() and not link.is_symlink():
            link.symlink_to(real / name)
    environ["HOME"] = str(home)
    return environ


def run(arguments: list[str]) -> int:
    """Run ansible-test sanity, showing its output as it comes, and return the exit code that its result deserves."""
    home = ROOT / ".cache" / "ansible-test"
    home.mkdir(parents=True, exist_ok=True)
    pip_bootstrap.prime(home)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [str(Path(sys.executable).with_name("ansible-test")), "sanity", "--color", "no", "--python", python]
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="sanity-", dir=build) as collections:  # a second run beside this one has its own
        code, skipped = _watched([*command, *arguments], copy_collection(Path(collections)), environment(home))
    if code:
        return code
    if skipped and os.environ.get("CI") == "true":
        print("ansible-test skipped something, which is a failure where CI=true:", *dict.fromkeys(skipped), sep="\n  ")
        return 1
    print(f"sanity: passed on Python {python}" + (", with skips as said above" if skipped else ""))
    return 0


def _watched(command: list[str], folder: Path, environ: dict[str, str]) -> tuple[int, list[str]]:
    """Run the command, repeat its output, and return its exit code and the lines that tell of a skip."""
    skipped: list[str] = []
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if SKIPPED.search(line):
            skipped.append(line.strip())
    return process.wait(), skipped


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
