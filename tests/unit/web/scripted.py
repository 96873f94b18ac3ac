# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection on which bytes arrive by a script and a fake clock: minutes of a slow printer in no time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import Client, ClientOptions, make_client
from ansible_collections.printops.prisma.plugins.module_utils._web.http.network import BoundedBackend, NetworkTransport
from ansible_collections.printops.prisma.plugins.module_utils._web.http.options import Deadline
from ansible_collections.printops.prisma.plugins.module_utils._web.http.tls import ssl_context
from unit.web.loopback import FakeTime

Piece = tuple[float, bytes]
"""Seconds that pass, and what arrives then."""


class ScriptedStream(httpcore.NetworkStream):
    """Gives out the pieces of its script; at its end the other side closes."""

    def __init__(self, pieces: Iterable[Piece], time: FakeTime) -> None:
        self._pieces: Iterator[Piece] = iter(pieces)
        self._due: Piece | None = None
        self._time = time
        self.reads = 0
        self.sent = b""
        self.closed = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.reads += 1
        wait, data = self._due or next(self._pieces, (0.0, b""))
        if timeout is not None and wait > timeout:
            self._time.now += timeout
            self._due = (wait - timeout, data)
            raise httpcore.ReadTimeout
        self._time.now += wait
        self._due = (0.0, data[max_bytes:]) if data[max_bytes:] else None
        return data[:max_bytes]

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.sent += buffer

    def close(self) -> None:
        self.closed = True

    def get_extra_info(self, info: str) -> Any:
        return None


class ScriptedBackend(httpcore.NetworkBackend):
    """Connects to one scripted stream."""

    def __init__(self, stream: ScriptedStream) -> None:
        self._stream = stream

    def connect_tcp(self, *_args: Any, **_options: Any) -> httpcore.NetworkStream:
        return self._stream


class Scripted:
    """A client whose one connection follows ``pieces``."""

    def __init__(self, pieces: Iterable[Piece], *, deadline: float | None = None, **options: Any) -> None:
        self.time = FakeTime()
        self.stream = ScriptedStream(pieces, self.time)
        transport = NetworkTransport(ssl_context(), None, BoundedBackend(ScriptedBackend(self.stream)))
        self.client: Client = make_client(
            ClientOptions(
                "http://127.0.0.1/",
                transport=transport,
                deadline=Deadline(deadline, clock=self.time.clock, sleep=self.time.sleep),
                **{"retries": 0, **options},
            )
        )

    @property
    def elapsed(self) -> float:
        return self.time.now - 1000.0
