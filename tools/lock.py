# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds a lock, so that what several make targets need is made by one of them at a time.

It is a lock of the system (flock), on Linux and macOS: it ends with its process, however that ends, and the file that
is left means nothing. As a program: lock.py FILE WHAT COMMAND... runs a command while it holds the lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def locked(file: Path, what: str) -> Iterator[None]:
    """Hold the lock ``file``. If another process holds it, say on standard error that it makes ``what``, and wait."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting: another process is making {what}", file=sys.stderr, flush=True)
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Run the command and return its exit status."""
    file, what, *command = sys.argv[1:]
    try:
        with locked(Path(file), what):
            return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
