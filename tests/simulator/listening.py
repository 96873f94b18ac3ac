# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports and sockets, and how uvicorn serves several applications in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any, ClassVar

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HOST = "127.0.0.1"
PATIENCE = 10.0


def host_of_its_own(address: str) -> str:
    """Return ``address`` if this machine has it, as Linux has all of 127.0.0.0/8; otherwise HOST.

    On macOS, HOST is the only one, and ports alone tell the clouds apart. SIMULATOR_ONE_ADDRESS=1 does the same.
    """
    if os.environ.get("SIMULATOR_ONE_ADDRESS"):
        return HOST
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return HOST
    return address


SITE_HOST = host_of_its_own("127.0.0.2")
"""Administration sites have a host of their own, so that requests for PRISMA Home must not go there."""
OIDC_HOST = host_of_its_own("127.0.0.3")
"""The identity provider of all clouds is another host, as with Microsoft and Google."""
HOME_HOSTS = {"eu": HOST, "us": host_of_its_own("127.0.0.4")}
"""PRISMA Home has a host in each region (domain.md, "Interfaces")."""
HOSTS = {"site": SITE_HOST, "oidc": OIDC_HOST, "home_us": HOME_HOSTS["us"]}
PORT_NAMES = (
    "controllers",
    "untrusted",
    "home",
    "ors",
    "control",
    "proxy",
    "unreachable",
    "dead_proxy",
    "site",
    "oidc",
    "home_us",
)


class PortTaken(OSError):
    """A port of an earlier start, or of --port-base, is in use."""


class TransportProtocol(H11Protocol):
    """Passes the transport to the application, so that a fault can close the connection, and counts connections."""

    made: ClassVar[Counter[int]] = Counter()
    """Number of connections by port."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.made[transport.get_extra_info("sockname")[1]] += 1
        self.app_state = {**self.app_state, "transport": transport}

    def shutdown(self) -> None:
        # A regular end of TLS waits for the peer, and an idle browser does not answer while it is open.
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()
        else:
            super().shutdown()


class QuietServer(uvicorn.Server):
    """Does not handle signals, because several servers run in one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def bind_ports(kept: dict[str, int] | None, port_base: int) -> dict[str, socket.socket]:
    """Return one bound socket for each name.

    Those that never listen (`unreachable`, `dead_proxy`) refuse connections.
    """
    sockets: dict[str, socket.socket] = {}
    for index, name in enumerate(PORT_NAMES):
        port = port_base + index if port_base else (kept or {}).get(name, 0)
        # asyncio sets TCP_NODELAY only if the protocol is named. Without it a response can wait 40 ms for an ACK.
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(bound, port, name)
        sockets[name] = bound
    return sockets


def _bind(bound: socket.socket, port: int, name: str) -> None:
    """Bind a port. Wait for it shortly, because the proxy of a killed simulator needs a moment to end."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            bound.bind((HOSTS.get(name, HOST), port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise PortTaken(f"port {port} ({name}) is not free: {error.strerror}") from error
            time.sleep(0.1)
        else:
            return


def server_of(application: ASGIApp, chain: Path | None) -> QuietServer:
    options: dict[str, Any] = {"ssl_certfile": str(chain)} if chain else {}
    config = uvicorn.Config(
        application,
        http=TransportProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=2048,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
        **options,
    )
    return QuietServer(config)
