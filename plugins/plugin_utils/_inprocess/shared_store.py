# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that the workers of one run share: sessions and locks, in no file. Knows bytes, not their meaning.

Made when the parent process imports it, before it forks; an anonymous mapping, so nothing outlives the run. Locks are
POSIX record locks on an unlinked empty file: the kernel releases them when a worker dies.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import mmap
import multiprocessing
import os
import struct
import tempfile
import threading
import time
import typing as t
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from ...module_utils._web.session.store import EXPENDABLE, deferring_signals

_DIGEST = 16
_ENTRY = struct.Struct(f"<{_DIGEST}sI")  # digest of a key, number of its slot plus one
_HEADER = struct.Struct("<I")  # before each payload: its length, 0 where there is none
_HEAD = struct.Struct("<II")  # how many slots were ever taken; the first of those that are free again plus one
_FULL = struct.Struct("<I")  # 1 once there was no slot for a new key

_STORE_LOCK = 0
_AFTER_DEADLOCK = 0.01
_NAMED_LOCKS = 1 << 20


class SharedStore:
    """A table of keys and JSON values in shared memory. ``slots`` values of up to ``slot_size`` bytes each.

    Untouched pages cost no memory, so the defaults are generous. With one task for each step, a printer takes one slot
    for each session that is open, then one for what was written about it at its tenant.
    """

    def __init__(self, slots: int = 16_384, slot_size: int = 16_384) -> None:
        self._slots = slots
        self._slot_size = slot_size
        self._entries = slots * 2
        self._table = _HEAD.size + _FULL.size
        self._payloads = self._table + self._entries * _ENTRY.size
        self._memory = mmap.mmap(-1, self._payloads + slots * slot_size)
        self._locks, name = tempfile.mkstemp(prefix="printops-")  # open as long as the process
        os.unlink(name)
        # Record locks do not separate the threads of one process, such as those that sign out at the end of a run.
        # Reentrant: the handler of a signal uses the store too, in the thread that it interrupts.
        self.separate_threads()
        # Imported only in a worker, as when a strategy loads actions late, it dies with the task.
        self._shared = multiprocessing.parent_process() is None
        self._owner = os.getpid()

    def separate_threads(self) -> None:
        """Make the lock of the threads, also anew in a fork: whichever thread held it is not there."""
        self._threads = threading.RLock()

    @property
    def outlives_task(self) -> bool:
        """Whether later tasks see what is saved here."""
        return self._shared

    @property
    def owned(self) -> bool:
        """Whether this is the process that made the store, not a fork of it."""
        return os.getpid() == self._owner

    @property
    def was_full(self) -> bool:
        """Whether there was no slot for a new key, so that something was not kept."""
        return bool(_FULL.unpack_from(self._memory, _HEAD.size)[0])

    def load(self, key: str) -> dict[str, t.Any] | None:
        """Return what was saved under ``key``, or None."""
        with self._threads, self._locked(_STORE_LOCK):
            _entry, slot = self._find(key)
            return None if slot is None else self._payload(slot)[1]

    def save(self, key: str, state: dict[str, t.Any]) -> bool:
        """Keep ``state`` under ``key``; return False when it does not fit, and then nothing is kept.

        If no slot is free, the states that may be forgotten (:data:`EXPENDABLE`) make room.
        """
        data = json.dumps([key, state], ensure_ascii=False).encode(errors="surrogatepass")
        fits = len(data) + _HEADER.size <= self._slot_size
        with self._threads, self._locked(_STORE_LOCK):
            entry, slot = self._find(key)
            if not fits:
                if slot is not None:
                    self._free_slot(entry, slot)
                return False
            if slot is None:
                slot = self._take_slot()
                if slot is None and self._free_expendable():
                    entry, slot = self._find(key)[0], self._take_slot()
                if slot is None:
                    _FULL.pack_into(self._memory, _HEAD.size, 1)
                    return False
                _ENTRY.pack_into(self._memory, self._table + entry * _ENTRY.size, _digest(key), slot + 1)
            start = self._payloads + slot * self._slot_size
            _HEADER.pack_into(self._memory, start, len(data))
            self._memory[start + _HEADER.size : start + _HEADER.size + len(data)] = data
        return True

    def items(self) -> list[tuple[str, dict[str, t.Any]]]:
        """Return all keys and values, in the order in which they were first saved until one is forgotten."""
        with self._threads, self._locked(_STORE_LOCK):
            taken, _free = _HEAD.unpack_from(self._memory, 0)
            return [(key, state) for key, state in map(self._payload, range(taken)) if state is not None]

    def forget(self, key: str) -> None:
        """Remove ``key`` and free its slot."""
        with self._threads, self._locked(_STORE_LOCK):
            entry, slot = self._find(key)
            if slot is not None:
                self._free_slot(entry, slot)

    @contextmanager
    def lock(self, name: str, slots: int = 1) -> Iterator[None]:
        """Hold the lock ``name``, which at most ``slots`` processes of this run hold at the same time."""
        with self._locked(_place_of(name) + os.getpid() % slots):
            yield

    def used(self, name: str, *, alone: bool) -> AbstractContextManager[None]:
        """Use what ``name`` stands for together with other processes, or ``alone``."""
        return self._locked(_place_of(name), fcntl.LOCK_EX if alone else fcntl.LOCK_SH)

    def deferring_signals(self) -> AbstractContextManager[None]:
        """Defer the signals that stop a task, so that a session which was just opened is also saved."""
        return deferring_signals()

    @contextmanager
    def _locked(self, offset: int, how: int = fcntl.LOCK_EX) -> Iterator[None]:
        while True:
            try:
                fcntl.lockf(self._locks, how, 1, offset)
                break
            except OSError as error:
                # Two processes, of which each waits in one thread for what a thread of the other holds, are taken
                # for a deadlock by the kernel (fcntl(2), BUGS).
                if error.errno != errno.EDEADLK:
                    raise
                time.sleep(_AFTER_DEADLOCK)
        try:
            yield
        finally:
            fcntl.lockf(self._locks, fcntl.LOCK_UN, 1, offset)

    def _find(self, key: str) -> tuple[int, int | None]:
        """Return the entry for ``key`` and its slot, or the free entry where it belongs and None."""
        digest = _digest(key)
        entry = int.from_bytes(digest[:8], "big") % self._entries
        while True:
            found, slot = _ENTRY.unpack_from(self._memory, self._table + entry * _ENTRY.size)
            if slot == 0:
                return entry, None
            if found == digest:
                return entry, slot - 1
            entry = (entry + 1) % self._entries

    def _take_slot(self) -> int | None:
        """Return a free slot, the one that was freed last if there is one; None if there is none."""
        taken, free = _HEAD.unpack_from(self._memory, 0)
        if free:
            _length, following = _HEAD.unpack_from(self._memory, self._payloads + (free - 1) * self._slot_size)
            _HEAD.pack_into(self._memory, 0, taken, following)
            return int(free) - 1
        if taken >= self._slots:
            return None
        _HEAD.pack_into(self._memory, 0, taken + 1, 0)
        return int(taken)

    def _free_slot(self, entry: int, slot: int) -> None:
        self._close_gap(entry)
        taken, free = _HEAD.unpack_from(self._memory, 0)
        _HEAD.pack_into(self._memory, self._payloads + slot * self._slot_size, 0, free)
        _HEAD.pack_into(self._memory, 0, taken, slot + 1)

    def _free_expendable(self) -> bool:
        """Free the slots of all states that may be forgotten; return whether there were any."""
        taken, _free = _HEAD.unpack_from(self._memory, 0)
        found = [key for key, state in map(self._payload, range(taken)) if state is not None and state.get(EXPENDABLE)]
        for key in found:
            entry, slot = self._find(key)
            if slot is not None:
                self._free_slot(entry, slot)
        return bool(found)

    def _close_gap(self, gap: int) -> None:
        """Remove an entry, and move up those behind it that are not at their home position."""
        at = gap
        while True:
            at = (at + 1) % self._entries
            digest, slot = _ENTRY.unpack_from(self._memory, self._table + at * _ENTRY.size)
            if slot == 0:
                break
            home = int.from_bytes(digest[:8], "big") % self._entries
            if (at - home) % self._entries >= (at - gap) % self._entries:
                _ENTRY.pack_into(self._memory, self._table + gap * _ENTRY.size, digest, slot)
                gap = at
        _ENTRY.pack_into(self._memory, self._table + gap * _ENTRY.size, bytes(_DIGEST), 0)

    def _payload(self, slot: int) -> tuple[str, dict[str, t.Any] | None]:
        start = self._payloads + slot * self._slot_size
        length = _HEADER.unpack_from(self._memory, start)[0]
        if length == 0:
            return "", None
        data = self._memory[start + _HEADER.size : start + _HEADER.size + length]
        key, state = json.loads(data.decode(errors="surrogatepass"))
        return key, state


def _place_of(lock: str) -> int:
    """Return the byte of the file of locks that stands for this one."""
    return _NAMED_LOCKS + int.from_bytes(_digest(lock)[:5], "big")


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=_DIGEST).digest()


STORE = SharedStore()
os.register_at_fork(after_in_child=STORE.separate_threads)
