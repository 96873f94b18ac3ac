# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to one interface: its connections, its pace, and how many requests may be under way. Knows no request.

A client lives for one task; a wire may live longer, so that the next task finds the connection open and keeps the pace
of the one before.
"""

from __future__ import annotations

import math
import threading
import typing as t
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

if t.TYPE_CHECKING:
    from ..libraries import httpx

KEPT_OPEN = 4.0
"""Seconds that an idle connection is used again. Many servers close after five: a request must not meet that."""


class Channel:
    """``transport`` carries requests, ``proxy`` is what they pass through. May be used by several threads.

    ``interval``: seconds between the beginnings of two requests. ``at_once``: how many may be under way, None for any.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport,
        proxy: httpx.URL | None = None,
        *,
        interval: float = 0.0,
        at_once: int | None = None,
    ) -> None:
        self.transport = transport
        self.proxy = proxy
        self._interval = interval
        self._next_at = -math.inf
        self._pacing = threading.Lock()
        self._places = threading.BoundedSemaphore(at_once) if at_once else None

    def wait_for_turn(self, now: float, at_most: float) -> float | None:
        """Take the next turn and return the seconds until it comes; None, and no turn, where that is too late."""
        with self._pacing:
            wait = max(0.0, self._next_at - now)
            if wait and wait >= at_most:
                return None
            self._next_at = now + wait + self._interval
            return wait

    @contextmanager
    def place(self, at_most: float) -> Iterator[bool]:
        """Hold one of the places, as soon as one is free; False where that took more than ``at_most`` seconds."""
        if self._places is None:
            yield True
            return
        held = self._places.acquire(timeout=None if at_most == math.inf else at_most)
        try:
            yield held
        finally:
            if held:
                self._places.release()

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()


class ChannelPool:
    """Keeps wires by what they are made of: origin, certificates, proxy, limits."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Channel] = {}
        self._making = threading.Lock()

    def get(self, made_of: Hashable, make: Callable[[], Channel]) -> Channel:
        """Return the wire that is made of this; ``make`` it where there is none yet."""
        with self._making:
            if made_of not in self._kept:
                self._kept[made_of] = make()
            return self._kept[made_of]

    def close(self) -> None:
        """Close all connections."""
        with self._making:
            for channel in self._kept.values():
                channel.close()
            self._kept.clear()
