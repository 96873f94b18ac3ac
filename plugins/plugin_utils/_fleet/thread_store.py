# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that the threads of one process share, with the interface of the workers' shared memory. Knows no meaning.

Record locks belong to a process, so they cannot separate its threads. What must outlive the process is saved in the
shared memory as well: open sessions, which the parent signs out if this process is killed, and refusals, canaries and
addresses of hand-overs, which hold for the next wave too.
"""

from __future__ import annotations

import threading
import typing as t
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

from ...module_utils._web.session.store import FOR_RUN, is_credential
from .._inprocess.shared_store import SharedStore

_OPEN = ("signing_in", "signed_in")
_SHARED = (*_OPEN, "refused")
"""Statuses of sessions that other processes of the run must know."""


def _is_for_run(key: str, state: t.Mapping[str, t.Any]) -> bool:
    """Whether other processes of the run, and printers after this one, must find ``state``."""
    return state.get("status") in _SHARED or is_credential(key) or bool(state.get(FOR_RUN))


class ThreadStore:
    """States by key. ``shared`` outlives this process; see the module's docstring for what is saved there as well.

    ``processes``: how many run parts of one batch, each with such a store. Then locks hold for all of them, and what is
    in the shared memory may have been changed by another one.
    """

    outlives_task = True

    def __init__(self, shared: SharedStore, processes: int = 1) -> None:
        self._shared = shared
        self._processes = processes
        self._states: dict[str, dict[str, t.Any]] = {}
        self._also_shared: set[str] = set()
        self._left_to_tasks: set[str] = set()
        """Keys of open sessions that did not fit into the shared memory: their tasks sign out of them."""
        self._mutex = threading.Lock()
        self._locks: dict[str, _CountedLock] = {}
        self._uses: dict[str, _Use] = {}
        self._left = threading.Condition(self._mutex)

    def load(self, key: str) -> dict[str, t.Any] | None:
        """Return what was saved under ``key`` by this process, or by an earlier one of this run; or None.

        None also for a session that its task will end, however many threads could use it until then.
        """
        with self._mutex:
            known = None if key in self._left_to_tasks else self._states.get(key)
            if known is None or self._processes > 1:
                shared = self._shared.load(key)
                if shared is not None:
                    known = self._states[key] = shared
                    self._also_shared.add(key)
                    self._left_to_tasks.discard(key)
                elif key in self._also_shared:
                    known = None
            return None if known is None else dict(known)

    def save(self, key: str, state: dict[str, t.Any]) -> bool:
        """Keep ``state`` under ``key``; return False if it must be shared and does not fit into the shared memory."""
        with self._mutex:
            self._states[key] = state
            self._left_to_tasks.discard(key)
            if _is_for_run(key, state):
                return self._share(key, state)
            if key in self._also_shared or self._processes > 1:  # where load() would prefer what is shared
                self._also_shared.discard(key)
                self._shared.forget(key)
        return True

    def _share(self, key: str, state: dict[str, t.Any]) -> bool:
        if self._shared.save(key, state):
            self._also_shared.add(key)
            return True
        self._also_shared.discard(key)
        if state.get("status") in _OPEN:
            self._left_to_tasks.add(key)
        return False

    def items(self) -> list[tuple[str, dict[str, t.Any]]]:
        """Return all keys and values."""
        with self._mutex:
            return list(self._states.items())

    def forget(self, key: str) -> None:
        """Keep nothing under ``key`` any more, here and in the shared memory."""
        with self._mutex:
            self._states.pop(key, None)
            self._also_shared.discard(key)
            self._left_to_tasks.discard(key)
            self._shared.forget(key)

    def show_all_sessions(self) -> None:
        """Let :meth:`load` return also what is left to tasks: they are stopped, and whoever stops them signs out."""
        with self._mutex:
            self._left_to_tasks.clear()

    def forget_own(self, those: Callable[[str], bool]) -> None:
        """Forget the keys for which ``those`` is true, except what the run must know until its end."""
        with self._mutex:
            for key in [key for key, state in self._states.items() if those(key) and not _is_for_run(key, state)]:
                del self._states[key]

    @contextmanager
    def lock(self, name: str, slots: int = 1) -> Iterator[None]:
        """Hold the lock ``name``, which at most ``slots`` threads hold at the same time."""
        own_slots = max(1, slots // self._processes)
        with self._mutex:
            counted = self._locks.setdefault(name, _CountedLock(own_slots))
            counted.users += 1
        try:
            with counted.free, self._lock_of_processes(name, slots):
                yield
        finally:
            with self._mutex:
                counted.users -= 1
                if not counted.users:
                    del self._locks[name]

    @contextmanager
    def used(self, name: str, *, alone: bool) -> Iterator[None]:
        """Use what ``name`` stands for together with other threads, or ``alone``."""
        among_processes = self._shared.used(name, alone=alone) if self._processes > 1 else nullcontext()
        if alone:
            with self._left:
                self._left.wait_for(lambda: name not in self._uses)
            with among_processes:
                yield
            return
        with self._mutex:
            use = self._uses.setdefault(name, _Use())
            use.threads += 1
            is_first = use.threads == 1
        try:
            if is_first:
                use.held.enter_context(among_processes)
            yield
        finally:
            with self._mutex:
                use.threads -= 1
                if not use.threads:
                    use.held.close()
                    del self._uses[name]
                    self._left.notify_all()

    def _lock_of_processes(self, name: str, slots: int) -> AbstractContextManager[None]:
        """Return the lock that holds for all processes. Each has slots of its own if there are enough."""
        return nullcontext() if slots >= self._processes else self._shared.lock(name, slots)

    def deferring_signals(self) -> nullcontext[None]:
        """Do nothing: signals reach the main thread, which waits for the others (``bulk.py``)."""
        return nullcontext()


class _Use:
    """How many threads use something together, and what this process holds meanwhile."""

    def __init__(self) -> None:
        self.threads = 0
        self.held = ExitStack()


class _CountedLock:
    """A lock, and how many threads hold it or wait for it."""

    def __init__(self, slots: int) -> None:
        self.free: t.ContextManager[t.Any] = threading.Lock() if slots == 1 else threading.Semaphore(slots)
        self.users = 0
