# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A channel to one interface: its connections, its pace, and how many requests may be under way. Knows no request.

A client lives for one task; a channel may live longer, so that the next task finds the connection open and keeps the
pace of the one before.
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
    """``transport`` sends requests, ``proxy`` is what they pass through. May be used by several threads.

    ``interval``: seconds between the starts of two requests. ``at_once``: how many may be under way, None for any.
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
        self._slots = threading.BoundedSemaphore(at_once) if at_once else None

    def wait_for_turn(self, now: float, timeout: float) -> float | None:
        """Take the next turn and return the seconds until it; take none and return None if it is after ``timeout``."""
        with self._pacing:
            wait = max(0.0, self._next_at - now)
            if wait and wait >= timeout:
                return None
            self._next_at = now + wait + self._interval
            return wait

    @contextmanager
    def slot(self, timeout: float) -> Iterator[bool]:
        """Hold one of the slots as soon as one is free; False if none was free within ``timeout`` seconds."""
        if self._slots is None:
            yield True
            return
        held = self._slots.acquire(timeout=None if timeout == math.inf else timeout)
        try:
            yield held
        finally:
            if held:
                self._slots.release()

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()


class ChannelPool:
    """Pools channels by origin, TLS settings, proxy and limits.

    ``processes``: how many have such a pool, and so a part of what an interface allows.
    """

    def __init__(self, processes: int = 1) -> None:
        self.processes = processes
        self._channels: dict[Hashable, Channel] = {}
        self._making = threading.Lock()

    def get(self, pool_key: Hashable, make: Callable[[], Channel]) -> Channel:
        """Return the channel of this key; ``make`` it if there is none yet."""
        with self._making:
            if pool_key not in self._channels:
                self._channels[pool_key] = make()
            return self._channels[pool_key]

    def close(self) -> None:
        """Close all connections."""
        with self._making:
            for channel in self._channels.values():
                channel.close()
            self._channels.clear()
