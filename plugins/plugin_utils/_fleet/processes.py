# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spreads the printers of a batch over processes, each with threads of its own, and collects the results.

Python runs one thread at a time, so that one process uses one core. Knows no workflow and no step.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
import typing as t
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

from .._inprocess import sessions
from .._inprocess.run import GRACE
from .bulk import Fleet, Progress

PRINTERS_PER_PROCESS = 50
"""A smaller batch is not worth a further process: each has connections of its own to the clouds."""

CGROUPS = Path("/sys/fs/cgroup")
"""Where a container finds its own limits."""
_QUOTA = (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"))
"""Files that have quota and period of the processor time, in version 2 of cgroups and in version 1."""

Relay = Callable[[str, tuple[t.Any, ...]], None]
RunPart = Callable[[Sequence[str], Relay], Fleet]
"""Runs some printers in a process of their own, passes on what is kept of them, and returns their fleet."""


def process_count(wanted: int, printers: int, at_once: int) -> int:
    """Return how many processes a batch gets: ``wanted``, or one for each core that may be used if that is 0.

    None is left without a printer that it may talk to, of the ``at_once`` of all of them.
    """
    return max(1, min(wanted or _usable_cores(), -(-printers // PRINTERS_PER_PROCESS), at_once))


def _usable_cores() -> int:
    """Return how many cores this process may use: those of the machine, but no more than its container is limited to.

    A container sees all cores of its node. Python asks no cgroup.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for names in _QUOTA:
        with contextlib.suppress(OSError, ValueError):  # another version, or no limit: the quota is "max"
            quota, period = map(int, " ".join((CGROUPS / name).read_text(encoding="ascii") for name in names).split())
            if quota > 0 and period > 0:
                return min(cores, -(-quota // period))
    return cores


def run_in_processes(fleet: Fleet, hosts: Sequence[str], run_part: RunPart) -> None:
    """Run the printers of ``hosts`` in as many processes as the options of ``fleet`` say, and keep the results there.

    A process that dies takes no other one along: its printers are kept as not tried.
    """
    number = fleet.options.processes
    context = multiprocessing.get_context("fork")
    under_way: dict[Connection, t.Any] = {}
    progress = Progress(fleet, len(hosts))
    try:
        for first in range(number):
            ours, theirs = context.Pipe(duplex=False)
            listening = [*under_way, ours]
            process = context.Process(target=_run_part, args=(theirs, listening, hosts[first::number], run_part))
            process.start()
            theirs.close()
            under_way[ours] = process
        _collect(fleet, under_way, progress)
    except BaseException:  # the end of a task's timeout, or a process that could not be started
        fleet.shutdown.request()
        _end(under_way)
        fleet.note_stopped()
        raise
    progress.clear()
    _note_lost(fleet, hosts)
    if fleet.shutdown.parent_died:  # it could not sign out, so this process does
        sessions.sign_out_all()


def _collect(fleet: Fleet, under_way: dict[Connection, t.Any], progress: Progress) -> None:
    kill_at: float | None = None
    while under_way:
        if fleet.shutdown.requested:
            kill_at = time.monotonic() + 2 * GRACE if kill_at is None else kill_at
            # Again and again: one that was only just forked has no handler of its own yet, and loses a signal.
            _each(under_way.values(), "terminate" if time.monotonic() < kill_at else "kill")
        for connection in wait(list(under_way), timeout=0.2):
            _receive(fleet, t.cast("Connection", connection), under_way)
        progress.show()


def _end(under_way: dict[Connection, t.Any]) -> None:
    """End the processes without listening: what ended this one may have cut a message."""
    kill_at = time.monotonic() + 2 * GRACE
    for connection in under_way:
        connection.close()
    while any(process.is_alive() for process in under_way.values()):
        _each(under_way.values(), "terminate" if time.monotonic() < kill_at else "kill")
        time.sleep(0.2)


def _run_part(send: Connection, listening: Sequence[Connection], part: Sequence[str], run_part: RunPart) -> None:
    """Run in the new process. Its threads share the connection.

    ``listening``: the ends of the process that started it. Left open here, a pipe that nobody reads would fill up and
    hold this process for ever once that one has died.
    """
    for connection in listening:
        connection.close()
    lock = threading.Lock()

    def relay(what: str, given: tuple[t.Any, ...]) -> None:
        with lock, contextlib.suppress(OSError):  # nobody listens any more: the process is about to end as well
            send.send((what, given))

    try:
        fleet = run_part(part, relay)
    except Exception as error:  # noqa: BLE001 - its text may hold a secret, and multiprocessing would print it
        relay("keep_part", ((), (), [f"a process of the wave ended by a defect: {type(error).__name__}"]))
        return
    warnings = [*fleet.warnings, *([fleet.journal.trouble] if fleet.journal.trouble else [])]
    relay("keep_part", (fleet.run_as_tasks, fleet.left_out, warnings))


def _receive(fleet: Fleet, connection: Connection, under_way: dict[Connection, t.Any]) -> None:
    try:
        what, given = connection.recv()
    except (EOFError, OSError):  # it has ended
        under_way.pop(connection).join()
        connection.close()
        return
    getattr(fleet, what)(*given)


def _each(processes: t.Iterable[t.Any], what: str) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            getattr(process, what)()


def _note_lost(fleet: Fleet, hosts: Sequence[str]) -> None:
    """Keep of the printers without a result why they have none. After a stop those that were not begun have none."""
    if fleet.shutdown.requested:
        fleet.note_stopped()
        return
    known = {*fleet.results, *fleet.run_as_tasks, *fleet.left_out}
    for name in [name for name in hosts if name not in known]:
        reason = "the process that onboarded it ended before it was done; run again"
        fleet.keep_not_tried(name, reason, "its process ended")
