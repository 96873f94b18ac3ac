# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that share connections, a pace or places: a request of each, and threads that all send one. Tests nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from ansible_collections.printops.prisma.plugins.module_utils._web.http.channels import Channel
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    ClientOptions,
    Purpose,
    make_client,
)
from unit.web.loopback import Answer, Asked

READ: dict[str, Any] = {PURPOSE: Purpose.READ}


class Noted(httpx.BaseTransport):
    """A transport that answers at once and notes how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="ok")

    def close(self) -> None:
        self.closed += 1


def channel(**limits: Any) -> Channel:
    return Channel(Noted(), **limits)


def ok(_asked: Asked) -> Answer:
    return Answer()


@contextmanager
def all_of(*threads: threading.Thread) -> Iterator[None]:
    """Start ``threads``, and wait for their ends after the block."""
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def read(options: ClientOptions) -> None:
    with make_client(options) as client:
        assert client.get("", extensions=READ).text == "ok"
