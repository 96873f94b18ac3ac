# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns of the tasks that use one session at the same time: nobody asks between the requests of a change or a list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ..http.client import Client
from ..profile.profile import Profile
from .store import SessionStore


@contextmanager
def turn(client: Client, profile: Profile, store: SessionStore, key: str, *, alone: bool) -> Iterator[None]:
    """Use the session ``key`` together with others, or ``alone`` for several requests; who waits for that comes first.

    An interface may take what is pressed for a part of the page that it showed last to anybody in the session, or show
    what was chosen or searched for last in it, unless its profile allows several requests at once
    (``limits.concurrency``).
    """
    with ExitStack() as held:
        if (profile.concurrency or 1) == 1:
            with client.paused_deadline(), ExitStack() as entering:
                (held if alone else entering).enter_context(store.lock(f"{key}|page|turn"))
                held.enter_context(store.used(f"{key}|page", alone=alone))
        yield
