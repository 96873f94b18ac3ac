# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs many jobs that can be resumed, by a number of threads. Knows no printer and no request.

A job that waits for something gives its thread to another one. At most ``window`` jobs are begun and not ended, so
that memory depends on that and not on the fleet.
"""

from __future__ import annotations

import heapq
import threading
import time
import typing as t
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


class Resumable(t.Protocol):
    """One job: each call goes on with it and returns the seconds until the next call; None at the end."""

    def __call__(self) -> float | None:
        """Go on, and return the seconds until the next call."""


@dataclass(order=True)
class _Due:
    at: float
    order: int
    job: Resumable = field(compare=False)


class Scheduler:
    """Runs jobs. ``jobs`` yields them one after the other, in this thread, as there is room for them."""

    def __init__(self, jobs: Iterator[Resumable], *, at_once: int, window: int, stopping: Callable[[], bool]) -> None:
        self._jobs = jobs
        self._at_once = at_once
        self._window = max(window, at_once)
        self._stopping = stopping
        self._ready: deque[Resumable] = deque()
        self._due: list[_Due] = []
        lock = threading.Lock()
        self._work_to_do = threading.Condition(lock)
        self._room = threading.Condition(lock)
        self._resumed = 0
        self._open = 0
        self._at_work = 0
        self._all_begun = False
        self._error: BaseException | None = None

    def run(self, meanwhile: Callable[[], None], every: float = 0.2) -> None:
        """Run all jobs to their ends, or until ``stopping``; this thread calls ``meanwhile`` now and then.

        What a job raises ends the run and is raised here.
        """
        threads = [threading.Thread(target=self._work, daemon=True) for _number in range(self._at_once)]
        try:
            for thread in threads:
                thread.start()
            while not self._is_over():
                if not self._begin_one():
                    with self._room:
                        self._room.wait(every)
                meanwhile()
        except BaseException as error:
            self._error = error  # so that no thread begins anything more
            raise
        finally:
            with self._work_to_do:
                self._work_to_do.notify_all()
        if self._error is not None:
            raise self._error

    def wait(self, seconds: float) -> bool:
        """Wait until no thread is at work any more; return whether that came within so many seconds."""
        with self._room:
            return self._room.wait_for(lambda: self._at_work == 0, seconds)

    def _is_over(self) -> bool:
        return self._stopping() or self._error is not None or (self._all_begun and self._open == 0)

    def _begin_one(self) -> bool:
        """Make one more job ready if there is room for it; return whether there was."""
        with self._room:
            if self._all_begun or self._open >= self._window or len(self._ready) >= self._at_once:
                return False
        job = next(self._jobs, None)
        with self._work_to_do:
            if job is None:
                self._all_begun = True
                self._work_to_do.notify_all()
                return False
            self._open += 1
            self._ready.append(job)
            self._work_to_do.notify()
        return True

    def _work(self) -> None:
        while (job := self._next()) is not None:
            wait: float | None = None
            try:
                wait = job()
            except BaseException as error:  # noqa: BLE001 - raised again, by the thread that runs the scheduler
                self._error = error
            with self._work_to_do:
                self._at_work -= 1
                if wait is None:
                    self._open -= 1
                else:
                    self._resumed += 1
                    heapq.heappush(self._due, _Due(time.monotonic() + wait, self._resumed, job))
                    self._work_to_do.notify()
                self._room.notify()

    def _next(self) -> Resumable | None:
        """Return the job that is next: one that has begun before one that has not."""
        with self._work_to_do:
            while True:
                if self._is_over():
                    self._work_to_do.notify_all()
                    return None
                now = time.monotonic()
                found: Resumable | None = None
                if self._due and self._due[0].at <= now:
                    found = heapq.heappop(self._due).job
                elif self._ready:
                    found = self._ready.popleft()
                    self._room.notify()
                if found is not None:
                    self._at_work += 1
                    return found
                self._work_to_do.wait(min(0.5, self._due[0].at - now) if self._due else 0.5)
