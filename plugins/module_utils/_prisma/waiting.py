# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polls a condition until it holds or time is up. Knows nothing of what is read."""

from __future__ import annotations

import time
import typing as t
from collections.abc import Callable

Seen = t.TypeVar("Seen")


class StillWaiting(Exception):
    """The condition does not hold yet. Not a failure: the caller runs the same task again later."""


def poll(
    read: Callable[[], Seen],
    until: Callable[[Seen], bool],
    *,
    timeout: float,
    sleep: float,
    first: Seen | None = None,
    started_at: float | None = None,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Seen:
    """Call ``read`` until ``until`` holds for its result and return it; after ``timeout`` seconds return the last one.

    The last read is made after the timeout, so that a change during the last pause is not missed. ``first``: what the
    caller has read just now, which is read again only if time is up. With ``started_at``, the monotonic time at which
    the caller began to wait, it reads once and raises :class:`StillWaiting` if the condition does not hold and time is
    left.
    """
    end = (clock() if started_at is None else started_at) + timeout
    while True:
        late = clock() >= end
        seen, first = (read() if first is None or late else first), None
        if until(seen) or late:
            return seen
        if started_at is not None:
            raise StillWaiting
        pause(min(sleep, max(0.0, end - clock())))
