# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies the working tree to where ansible-test accepts a collection. Knows git; knows nothing of tests.

ansible-test goes by the real path, so a symlink will not do, and it asks the nearest git repository which files there
are, so the copy is one of its own: under this project's folder it would ask this one, which ignores it.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def source_files(root: Path = ROOT) -> list[Path]:
    """The files of the working tree, relative, uncommitted ones included and ignored ones not."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted({Path(name) for name in listing.split("\0") if name})


def copy_collection(collections: Path) -> Path:
    """Copy the tree to ansible_collections/printops/prisma in that empty folder, and return where it is."""
    target = collections / "ansible_collections" / "printops" / "prisma"
    for name in source_files():
        source, copy = ROOT / name, target / name
        if not source.is_symlink() and not source.exists():
            continue  # deleted, and the deletion is not committed yet
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy, follow_symlinks=False)
    subprocess.run(["git", "init", "--quiet", str(target)], check=True)
    return target
