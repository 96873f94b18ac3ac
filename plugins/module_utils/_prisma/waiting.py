# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks again and again until something is so, or time is up. Knows nothing of what it looks at."""

from __future__ import annotations

import time
import typing as t
from collections.abc import Callable

Seen = t.TypeVar("Seen")


class StillWaiting(Exception):
    """It is not so yet, and whoever asked does something else meanwhile. No failure: the same task is taken again."""


def look_until(
    look: Callable[[], Seen],
    so: Callable[[Seen], bool],
    *,
    timeout: float,
    sleep: float,
    since: float | None = None,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Seen:
    """Return what ``look`` gives once it is ``so``; after ``timeout`` seconds the last look, so or not.

    There is always one look at the very end, so that what came true during the last pause is not missed. With
    ``since``, the moment at which somebody else began to wait, it looks once and raises :class:`StillWaiting`.
    """
    end = (clock() if since is None else since) + timeout
    while True:
        late = clock() >= end
        seen = look()
        if so(seen) or late:
            return seen
        if since is not None:
            raise StillWaiting
        pause(min(sleep, max(0.0, end - clock())))
