# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that the threads of one process share: the same contract as that of the workers. Knows no meaning.

The locks of ``_store.py`` are the process's own, so they keep no thread from another. Open sessions are noted there as
well: should this process be killed, the one that started it signs them out.
"""

from __future__ import annotations

import threading
import typing as t
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from .._inprocess.shared_store import SharedStore

_OPEN = ("signing_in", "signed_in")


class ThreadStore:
    """States by key. ``shared`` outlives this process; what is open is kept there too."""

    outlives_task = True

    def __init__(self, shared: SharedStore) -> None:
        self._shared = shared
        self._states: dict[str, dict[str, t.Any]] = {}
        self._noted: set[str] = set()
        self._mutex = threading.Lock()
        self._locks: dict[str, _CountedLock] = {}

    def load(self, key: str) -> dict[str, t.Any] | None:
        """Return what was saved under ``key``, or None."""
        with self._mutex:
            known = self._states.get(key)
            return None if known is None else dict(known)

    def save(self, key: str, state: dict[str, t.Any]) -> bool:
        """Keep ``state`` under ``key``; return whether somebody will sign out of it, should it be open at the end."""
        with self._mutex:
            self._states[key] = state
            if state.get("status") in _OPEN:
                self._noted.add(key)
                return self._shared.save(key, state)
            if key in self._noted:
                self._noted.discard(key)
                self._shared.forget(key)
        return True

    def items(self) -> list[tuple[str, dict[str, t.Any]]]:
        """Return all keys and values."""
        with self._mutex:
            return list(self._states.items())

    def forget(self, those: Callable[[str], bool]) -> None:
        """Keep nothing more under the keys that are ``those``; but what is open stays, to be signed out of."""
        with self._mutex:
            for key in [key for key in self._states if those(key) and key not in self._noted]:
                del self._states[key]

    @contextmanager
    def lock(self, name: str, places: int = 1) -> Iterator[None]:
        """Hold the lock ``name``: at most ``places`` threads do at the same time."""
        with self._mutex:
            shares = self._locks.setdefault(name, _CountedLock(places))
            shares.users += 1
        try:
            with shares.free:
                yield
        finally:
            with self._mutex:
                shares.users -= 1
                if not shares.users:
                    del self._locks[name]

    def deferring_signals(self) -> nullcontext[None]:
        """Do nothing: signals come to the main thread, and it waits for the others (``_bulk.py``)."""
        return nullcontext()


class _CountedLock:
    """One lock: its free places, and how many threads hold or want one."""

    def __init__(self, places: int) -> None:
        self.free: t.ContextManager[t.Any] = threading.Lock() if places == 1 else threading.Semaphore(places)
        self.users = 0
