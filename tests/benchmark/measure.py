# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program costs: wall and CPU time and peak memory of its whole process tree. Knows nothing of printers."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_LOOK_EVERY = 0.2


@dataclass(frozen=True)
class Cost:
    """Seconds, and bytes. CPU is user and system time of the program and of all its children that have ended."""

    wall: float
    cpu: float
    peak_memory: int
    returncode: int


class _Memory(threading.Thread):
    """Looks at the proportional set size of a process tree: shared pages of forks count once."""

    def __init__(self, top: int) -> None:
        super().__init__(daemon=True)
        self._top = top
        self._ended = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self._ended.wait(_LOOK_EVERY):
            self.peak = max(self.peak, sum(_proportional(process) for process in _tree(self._top)))

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
        self.join()


def _tree(top: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [top]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def _proportional(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return 0


def run_measured(command: list[str], *, folder: Path, env: Mapping[str, str], log: Path, timeout: float) -> Cost:
    """Run ``command`` to its end and return what it cost. Its output goes to ``log``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        memory = _Memory(process.pid)
        memory.start()
        try:
            returncode = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            memory.end()
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, memory.peak, returncode)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))
