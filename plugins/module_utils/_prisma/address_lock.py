# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock beside an address file, so that one run at a time asks a printer for a new address. Knows no printer.

The lock file is empty and is removed with the lock. One that a killed process has left behind is locked by nobody.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
import typing as t
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .._web.errors import Busy
from .address_files import as_bad_input, read_address, remove

LOCK_TIMEOUT = 180.0
"""Seconds to wait for another run: as long as a task may take by default (C(printops_deadline))."""
LOCK_POLL = 0.1
_HELD = (errno.EAGAIN, errno.EACCES)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""What a file system without locks answers. Two runs do not see each other there (docs/scale.md)."""


@contextmanager
def address_lock(path: str, check_run: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of the address file at ``path``, for which other runs and tasks wait.

    ``check_run`` is called while this waits, and raises if the run is to end. Raises :class:`Busy` after
    ``LOCK_TIMEOUT`` seconds, and :class:`BadInput` where the system refuses.
    """
    target = Path(path).absolute()
    lock = target.with_name(f".{target.name}.lock")
    with as_bad_input(str(lock)):
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = _wait_for(lock, check_run)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)  # while it is held: whoever waits for this file sees that it is another one
        held.close()


def remove_spent(address: str, path: str, *beside: str | None, check_run: Callable[[], None]) -> bool:
    """Remove the file at ``path`` and those ``beside`` it; return False, and leave them, if it has another address.

    Another run has got that one meanwhile.
    """
    with address_lock(path, check_run):
        if read_address(path) not in (None, address):
            return False
        remove(path, *beside)
    return True


def _wait_for(lock: Path, check_run: Callable[[], None]) -> t.BinaryIO:
    """Return the lock file, open and locked."""
    until = time.monotonic() + LOCK_TIMEOUT
    while True:
        held = _locked(lock)
        if held is not None:
            return held
        if time.monotonic() >= until:
            raise Busy(
                f"another run has been registering this printer for {LOCK_TIMEOUT:g} s: it holds {str(lock)!r}",
                advice="Wait until that run has ended, then run again. [Register] was not pressed.",
            )
        check_run()
        time.sleep(LOCK_POLL)


def _locked(lock: Path) -> t.BinaryIO | None:
    """Return the lock file, open and locked; None if another process or thread holds it."""
    file = os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b", buffering=0)
    if _flock(file.fileno()) and _is_at(lock, file.fileno()):
        return t.cast("t.BinaryIO", file)
    file.close()
    return None


def _flock(descriptor: int) -> bool:
    """Lock an open file; return False if that is not free."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno not in _NO_LOCKS:
            raise
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether an open file still is the one at ``path``, and not one that its last holder has removed."""
    try:
        return os.path.samestat(os.stat(path, follow_symlinks=False), os.fstat(descriptor))
    except FileNotFoundError:
        return False
