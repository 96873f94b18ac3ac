# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""transmission-daemon with its web interface, on a free port behind TLS, without peers and torrents."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from foreign.servers import free_port, running
from foreign.tls_front import tls_front
from support.programs import path_of

USER = "operator"
PASSWORD = "another p/ss:wörd&+%"


@dataclass
class Transmission:
    """A running daemon. :meth:`restart` makes it forget all sessions."""

    root: Path
    command: list[str]
    port: int
    url: str = ""
    ca_path: str = ""
    _running: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self) -> None:
        self._running.enter_context(running(self.command, self.port, self.root / "log", {"HOME": str(self.root)}))

    def stop(self) -> None:
        self._running.close()

    def restart(self) -> None:
        self.stop()
        self.start()


@contextlib.contextmanager
def transmission(root: Path) -> Iterator[Transmission]:
    """Run the daemon until the block ends."""
    daemon = path_of("transmission-daemon")
    port = free_port()
    settings = {
        "rpc-enabled": True,
        "rpc-bind-address": "127.0.0.1",
        "rpc-port": port,
        "rpc-authentication-required": True,
        "rpc-username": USER,
        "rpc-password": PASSWORD,
        "rpc-whitelist": "127.0.0.1",
        "bind-address-ipv4": "127.0.0.1",
        "bind-address-ipv6": "::1",
        "peer-port": free_port(),
        "download-dir": str(root / "downloads"),
        "incomplete-dir": str(root / "incomplete"),
        **dict.fromkeys(("dht-enabled", "lpd-enabled", "pex-enabled", "utp-enabled", "port-forwarding-enabled"), False),
    }
    (root / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    ca = trustme.CA()
    ca.cert_pem.write_to_path(root / "ca.pem")
    one = Transmission(root, [daemon, "--foreground", "--config-dir", str(root)], port, ca_path=str(root / "ca.pem"))
    one.start()
    try:
        with tls_front(ca.issue_cert("localhost"), port) as front:
            one.url = f"https://localhost:{front}/"
            yield one
    finally:
        one.stop()
