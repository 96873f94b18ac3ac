# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts servers of other projects from Debian packages, each in a folder and on a port of its own.

They need no service manager and no special rights, and do not touch the configuration of the system. A missing package
skips the test and is named in the reason. Knows no profile and no page.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

START_SECONDS = 30.0


def program(name: str, package: str) -> str:
    """Return the path of a server's program. Skip the test if it is missing."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed (Debian package {package})")
    return found


def library(pattern: str, package: str) -> Path:
    """Return the path of a file below /usr/lib. Skip the test if it is missing."""
    found = next(iter(sorted(Path("/usr/lib").glob(pattern))), None)
    if found is None:
        pytest.skip(f"/usr/lib/{pattern} is missing (Debian package {package})")
    return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], port: int, log: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Run a server in the foreground of a child process until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={**os.environ, **environment}
        )
    try:
        _wait_until_open(process, port, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait_until_open(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} did not start: {log.read_text(errors='replace')[-2000:]}")
