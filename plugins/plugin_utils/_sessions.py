# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs out what a run has left open: at the end of the parent process, whatever ended it but a kill."""

from __future__ import annotations

import atexit
import threading
import typing as t

from ..module_utils._prisma.connection import reopen_session
from ..module_utils._web.errors import PrismaError
from ..module_utils._web.profile import Profile
from ..module_utils._web.store import SessionState
from ._profiles import find_profile
from ._store import STORE

AT_ONCE = 16


def sign_out_all() -> list[str]:
    """Sign out of every interface that this run is signed in to; return what went wrong, by address."""
    open_ones = [
        (key, SessionState.of(data))
        for key, data in STORE.items()
        if "status" in data and data["status"] in ("signing_in", "signed_in")
    ]
    trouble: list[str] = []
    waiting = list(reversed(open_ones))

    def work() -> None:
        while waiting:
            try:
                key, state = waiting.pop()
            except IndexError:
                return
            try:
                reopen_session(key, state, _profile(state), STORE).sign_out()
            except PrismaError as error:
                trouble.append(f"{key.split('|')[0]}: {error}")

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(AT_ONCE, len(waiting)) - 1)]
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
    return trouble


def _profile(state: SessionState) -> Profile:
    given: t.Any = state.sign_out_with["profile"]
    return find_profile(given["profile"], given["interface"], given["folder"])


def _at_exit() -> None:
    if not STORE.owned:
        return
    from ansible.utils.display import Display

    for line in sign_out_all():
        Display().warning(f"printops.prisma could not sign out of {line}")


atexit.register(_at_exit)
