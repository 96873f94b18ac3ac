# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client is made of: options, the purposes of requests, the deadline of a task. Knows no HTTP library."""

from __future__ import annotations

import math
import time
import typing as t
from dataclasses import dataclass, field
from enum import Enum

from .channels import ChannelPool

PURPOSE = "printops_purpose"
"""A request's extension that holds its :class:`Purpose`."""
REPEATABLE = "printops_repeatable"
"""A request's extension: true where sending it twice does no harm."""
SECRET = "printops_secret"
"""A request's extension: true where a password is in it."""
ARRIVED = "printops_may_have_arrived"
"""A request's extension: true once any attempt of it may have arrived, or a request before it: the one that redirected
to it, or one that changes something and has been answered."""


class Purpose(Enum):
    """What a request is for. Every request carries one in ``extensions[PURPOSE]``."""

    READ = "read"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    WRITE = "write"


class Deadline:
    """When a task's time is up. ``seconds=None``: never. Clock and sleep can be given, for tests."""

    def __init__(
        self,
        seconds: float | None,
        *,
        clock: t.Callable[[], float] = time.monotonic,
        sleep: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self.clock = clock
        self.sleep = sleep
        self._end = math.inf if seconds is None else clock() + seconds

    def left(self) -> float:
        """Seconds that are left; never negative, ``math.inf`` without an end."""
        return max(0.0, self._end - self.clock())

    def put_off(self, seconds: float) -> None:
        """Extend the deadline by time that the task spent waiting for something else."""
        self._end += seconds

    def leave(self, seconds: float) -> None:
        """Make sure that so many seconds are left, for what must still be done once the time is up."""
        self._end = max(self._end, self.clock() + seconds)

    @property
    def passed(self) -> bool:
        return self.left() <= 0


@dataclass(frozen=True)
class ClientOptions:
    """Everything that makes one client. Times are seconds.

    ``timeout`` is for one whole exchange, from connecting to the last byte of the body.
    """

    base_url: str
    """Scheme, host, port and, if need be, a path. The client talks to this origin and to no other."""
    ca_path: str | None = None
    tls_fingerprint: tuple[str, ...] = ()
    validate_certs: bool = True
    ciphers: tuple[str, ...] = ()
    """In OpenSSL's notation, for interfaces whose ciphers are too old for the system's defaults."""
    tls_minimum: str | None = None
    """The oldest version of TLS to accept: 1.0, 1.1, 1.2 or 1.3. None for the system's default."""
    timeout: float = 30.0
    retries: int = 3
    retry_backoff: float = 0.5
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    no_proxy: str | None = None
    use_environment_proxy: bool = False
    check_mode: bool = False
    deadline: Deadline = field(default_factory=lambda: Deadline(None))
    check_run: t.Callable[[Purpose], None] = lambda purpose: None
    """Called before every request and every second of a wait for an answer; raises once the run is over."""
    requests_per_second: float | None = None
    at_once: int | None = None
    """How many requests may be under way at the same time, over all clients that share a channel."""
    channels: ChannelPool | None = field(default=None, repr=False)
    """Keeps connections open for the next client; without it they are closed with this one."""
    cloud: str | None = None
    """``tenant`` or ``site``, of which messages name the variables. Its pages are asked for in English, because labels
    differ by language (domain.md, "The cloud service administration site")."""
    sign_in_hosts: frozenset[str] = frozenset()
    """Other hosts that a sign-in may lead to, over https: ``host`` (port 443) or ``host:port``. If there are any, a
    password is sent to them only."""
    user_agent: str = "printops.prisma"
    transport: t.Any = field(default=None, repr=False)
    """An ``httpx.BaseTransport`` in place of the network (a recording that answers). Guard, pace and retries stay."""
