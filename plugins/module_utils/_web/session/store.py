# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where sessions are kept between the tasks of one play, and what is kept. Knows no HTTP and no meaning."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import typing as t
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass, field

_SALT = os.urandom(16)
"""Made in the parent process before it forks: the same in every worker of a run, unknown afterwards."""


@dataclass
class SessionState:
    """The state of one account on one interface in this run.

    ``status``: new, signing_in, signed_in or refused. The state of a session that was signed out of is forgotten.
    ``refusal``: outcome and text of a refused sign-in, which is never repeated. ``facts``: what was proven once per
    session (the serial number read, the match score). ``external``: the session was there before this run, and is not
    signed out at its end. ``signed_in_at``: when, by the monotonic clock: what was read before is of another session.
    """

    status: str = "new"
    cookies: list[dict[str, t.Any]] = field(default_factory=list)
    kept: dict[str, t.Any] = field(default_factory=dict)
    facts: dict[str, t.Any] = field(default_factory=dict)
    refusal: dict[str, str] = field(default_factory=dict)
    sign_out_with: dict[str, t.Any] = field(default_factory=dict)
    external: bool = False
    signed_in_at: float = 0.0

    def as_dict(self) -> dict[str, t.Any]:
        """Return plain data, copied one level deep: nothing is changed inside a list or dictionary of a state."""
        return {name: copy(value) for name, value in vars(self).items()}

    @classmethod
    def of(cls, data: Mapping[str, t.Any] | None) -> SessionState:
        """Return the state that ``data`` (from :meth:`as_dict`) stands for; a new one for None."""
        return cls(**data) if data else cls()


class SessionStore(t.Protocol):
    """Keeps states by key. ``outlives_task``: later tasks find them, so sessions may stay open between tasks."""

    @property
    def outlives_task(self) -> bool:
        """Whether later tasks find what is kept."""

    def load(self, key: str) -> dict[str, t.Any] | None:
        """Return the state of ``key``, None if there is none."""

    def save(self, key: str, state: dict[str, t.Any]) -> bool:
        """Keep a state; return whether it was kept."""

    def forget(self, key: str) -> None:
        """Keep nothing under ``key`` any more: the memory of a run has room for so many keys."""

    def lock(self, name: str, slots: int = 1) -> AbstractContextManager[None]:
        """Hold the lock ``name``, which at most ``slots`` may hold at the same time."""

    def used(self, name: str, *, alone: bool) -> AbstractContextManager[None]:
        """Use what ``name`` stands for together with others, or ``alone``. See :func:`.turns.turn`."""

    def deferring_signals(self) -> AbstractContextManager[None]:
        """Defer the signals that stop a task until the end of the block."""


class TaskStore:
    """Keeps states for one task: the store of ordinary modules, which sign out at their end."""

    outlives_task = False

    def __init__(self) -> None:
        self._states: dict[str, dict[str, t.Any]] = {}

    def load(self, key: str) -> dict[str, t.Any] | None:
        """Return what was saved under ``key``, or None."""
        return self._states.get(key)

    def save(self, key: str, state: dict[str, t.Any]) -> bool:
        """Keep ``state`` under ``key``."""
        self._states[key] = state
        return True

    def forget(self, key: str) -> None:
        """Keep nothing under ``key`` any more."""
        self._states.pop(key, None)

    @contextmanager
    def lock(self, name: str, slots: int = 1) -> Iterator[None]:
        """Do nothing: this store has a single user."""
        yield

    def used(self, name: str, *, alone: bool) -> AbstractContextManager[None]:
        """Do nothing: this store has a single user."""
        return self.lock(name)

    def deferring_signals(self) -> AbstractContextManager[None]:
        """Defer the signals that stop a task, so that a session which was just opened is also signed out."""
        return deferring_signals()


_DEFERRED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM)
"""What stops a run or a task. Ansible ends a task that has a ``timeout`` by SIGALRM."""


@contextmanager
def deferring_signals() -> Iterator[None]:
    """Let the signals that stop a task wait until the block has ended.

    A mask holds for one thread; where the process has others, one of them takes the signal and Python runs the handler
    in the main thread all the same. So the handlers wait too.
    """
    waiting: list[int] = []
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _DEFERRED)
    try:
        with _handled_by(lambda number, _frame: waiting.append(number)):
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number in dict.fromkeys(waiting):
            signal.raise_signal(number)


@contextmanager
def _handled_by(handler: t.Callable[[int, t.Any], None]) -> Iterator[None]:
    """Let ``handler`` take the signals that are not ignored. Only the main thread has handlers to change."""
    with ExitStack() as restored:
        for number in _DEFERRED if threading.current_thread() is threading.main_thread() else ():
            own = signal.getsignal(number)
            if own not in (None, signal.SIG_IGN):  # None: set by something that is not Python
                restored.callback(signal.signal, number, own)
                signal.signal(number, handler)
        yield


FOR_RUN = "for_run"
"""Is true in a state that any later task of the run must find, whichever printer of the inventory it is for."""

EXPENDABLE = "expendable"
"""Is true in a state that may be forgotten where there is no room for another one."""

SEVERAL_RUNS = (
    "Divide so many printers among several runs (--limit, onboard_slices). Bulk mode needs less memory than "
    "onboard_mode: tasks."
)
"""What to do if the memory of a run is full."""

_CREDENTIAL = "credential|"


def credential_key(account: str, secret: str) -> str:
    """Return the key of a user name with its password, wherever they are used. The password is in it as a digest."""
    return f"{_CREDENTIAL}{account}|{_digest(secret)}"


def is_credential(key: str) -> bool:
    """Whether :func:`credential_key` made ``key``."""
    return key.startswith(_CREDENTIAL)


def session_key(base_url: str, profile_id: str, account: str, secret: str, tenant: str = "") -> str:
    """Return the key of one account on one interface, at one tenant where it has several.

    The key holds a keyed digest of the secret, so that a corrected password in a later task is a new sign-in.
    """
    return "|".join((base_url, profile_id, str(account).replace("|", "_"), _digest(secret), str(tenant)))


def _digest(secret: str) -> str:
    return hashlib.blake2b(str(secret).encode(), key=_SALT, digest_size=12).hexdigest()
