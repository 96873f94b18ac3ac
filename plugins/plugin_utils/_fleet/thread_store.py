# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that the threads of one process share: the same contract as that of the workers. Knows no meaning.

The locks of ``shared_store.py`` are the process's own, so they keep no thread from another. What the rest of the run
has to know is kept there as well: open sessions, which are signed out at its end also if this process is killed;
refused sign-ins and what each password came to, as the next wave is another process.
"""

from __future__ import annotations

import threading
import typing as t
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from .._inprocess.shared_store import SharedStore

_OPEN = ("signing_in", "signed_in")


def _outlives_process(state: dict[str, t.Any]) -> bool:
    """Whether the rest of the run has to know ``state``: an open or refused session, or what a password came to."""
    return state.get("status") in (*_OPEN, "refused") or "accepted" in state


class ThreadStore:
    """States by key. ``shared`` outlives this process: what earlier tasks kept there is found, too."""

    outlives_task = True

    def __init__(self, shared: SharedStore) -> None:
        self._shared = shared
        self._states: dict[str, dict[str, t.Any]] = {}
        self._in_shared: set[str] = set()
        self._mutex = threading.Lock()
        self._locks: dict[str, _CountedLock] = {}

    def load(self, key: str) -> dict[str, t.Any] | None:
        """Return what was saved under ``key``, or None."""
        with self._mutex:
            if key not in self._states and (kept := self._shared.load(key)) is not None:
                self._states[key] = kept
                self._in_shared.add(key)
            known = self._states.get(key)
            return None if known is None else dict(known)

    def save(self, key: str, state: dict[str, t.Any]) -> bool:
        """Keep ``state`` under ``key``; return whether somebody will sign out of it, should it be open at the end."""
        with self._mutex:
            self._states[key] = state
            if _outlives_process(state):
                self._in_shared.add(key)
                return self._shared.save(key, state)
            if key in self._in_shared:
                self._in_shared.discard(key)
                self._shared.forget(key)
        return True

    def items(self) -> list[tuple[str, dict[str, t.Any]]]:
        """Return all keys and values that were asked for or saved here."""
        with self._mutex:
            return list(self._states.items())

    def forget(self, those: Callable[[str], bool]) -> None:
        """Keep nothing more under the keys that are ``those``; but what is open stays, to be signed out of."""
        with self._mutex:
            for key in [key for key in self._states if those(key) and not self._is_open(key)]:
                del self._states[key]

    def _is_open(self, key: str) -> bool:
        return self._states[key].get("status") in _OPEN

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
