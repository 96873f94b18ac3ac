# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs out of the sessions that a run has left open, when the parent process ends, also by Ctrl-C, SIGTERM or SIGHUP.

After ``kill -9`` of the parent, a worker that is still running does it (see ``run.py``). Without such a worker the
sessions end by their own timers.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
import time
import typing as t

from ...module_utils._decide.text import printable
from ...module_utils._prisma.connection import reopen_session
from ...module_utils._web.errors import PrismaError
from ...module_utils._web.profile.profile import Profile
from ...module_utils._web.redaction import redacted
from ...module_utils._web.session.store import SEVERAL_RUNS, SessionState, SessionStore
from .._profiles import find_profile
from .shared_store import STORE


class SignOutStore(SessionStore, t.Protocol):
    """A store that can list its states."""

    def items(self) -> list[tuple[str, dict[str, t.Any]]]:
        """Return all keys and their states."""


AT_END: list[t.Callable[[], None]] = []
"""What else the main process does at the end of the run, after the sign-outs."""
AT_ONCE = 16
MAX_FAILURE = 1000
"""Characters of the text about a sign-out that failed. It may be an interface's."""
LAST_SIGN_IN = 10.0
"""Seconds that workers have to finish a sign-in; Ansible itself waits as long on Ctrl-C."""


def sign_out_all(store: SignOutStore = STORE) -> list[str]:
    """Sign out of every interface that this run is signed in to; return the failures, by address."""
    open_ones = [
        (key, SessionState.of(data))
        for key, data in store.items()
        if "status" in data and data["status"] in ("signing_in", "signed_in")
    ]
    failures: list[str] = []
    waiting = list(reversed(open_ones))

    def work() -> None:
        while waiting:
            try:
                key, state = waiting.pop()
            except IndexError:
                return
            secrets: set[str] = set()
            try:
                session = reopen_session(key, state, _profile(state), store)
                secrets = session.secrets()
                session.sign_out()
            except Exception as error:  # noqa: BLE001 - whatever one interface answers, the others are signed out too
                what = str(error) if isinstance(error, PrismaError) else f"a defect of this collection: {error!r}"
                failures.append(f"{key.split('|')[0]}: {printable(redacted(what, secrets), MAX_FAILURE)}")

    threads = [threading.Thread(target=work, daemon=True) for _number in range(min(AT_ONCE, len(waiting)) - 1)]
    started = []
    for thread in threads:
        try:
            thread.start()
            started.append(thread)
        except RuntimeError:  # a Python that starts no threads this late: one after the other then
            break
    work()
    for thread in started:
        thread.join()
    return failures


def _profile(state: SessionState) -> Profile:
    given: t.Any = state.sign_out_with["profile"]
    return find_profile(given["profile"], given["interface"], *given["folders"])


_WAS_FULL = (
    "The memory that the tasks of this run share was full, so later tasks signed in and out each for itself, and "
    f"accounts whose refusals could not be counted were not tried. {SEVERAL_RUNS}"
)


def _at_exit() -> None:
    warnings = [_WAS_FULL] if STORE.owned and STORE.was_full else []
    if STORE.owned:
        warnings += [f"printops.prisma could not sign out of {line}" for line in sign_out_all()]
    if warnings:
        from ansible.utils.display import Display

        for text in warnings:
            Display().warning(text)
    for each in AT_END:
        each()


def _sign_out_on(number: signal.Signals) -> None:
    """Sign out before the handler of a signal runs that ends the process.

    Build servers and systemd end a run by SIGTERM, a terminal that is closed by SIGHUP. Ansible's handler ends the
    process at once, without its atexit functions. Before ansible-core 2.19 it has none, and the system does the same.
    """
    before = signal.getsignal(number)
    if before in (None, signal.SIG_IGN) or threading.current_thread() is not threading.main_thread():
        return

    def terminated(number: int, _frame: t.Any) -> None:
        # A second one ends the run at once. A worker that was only just forked has not set its own handlers yet, and
        # Ansible's for the parent would fail in it.
        signal.signal(number, before if STORE.owned else signal.SIG_DFL)
        if STORE.owned:
            workers = multiprocessing.active_children()
            for worker in workers:
                worker.terminate()
            until = time.monotonic() + LAST_SIGN_IN
            for worker in workers:
                worker.join(max(0.0, until - time.monotonic()))
            for line in sign_out_all():
                os.write(2, f"printops.prisma could not sign out of {line}\n".encode(errors="backslashreplace"))
            for each in AT_END:
                each()
        os.kill(os.getpid(), number)

    signal.signal(number, terminated)


atexit.register(_at_exit)
for each_signal in (signal.SIGTERM, signal.SIGHUP):
    _sign_out_on(each_signal)
