# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The link of a controller to ORS does not depend on how fast the machine is: a slow answer is no loss."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from simulator_checks.conftest import Simulator

SLOW = 4.0
"""Seconds that a proxy takes for one connection."""


@dataclass
class FlakyProxy:
    """A proxy server that drops the first connections, and takes its time with the next one."""

    drops: int
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    connections: int = 0

    @property
    def port(self) -> int:
        found: int = self.listener.getsockname()[1]
        return found

    def serve(self) -> None:
        """Accept connections until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                self.connections += 1
                if self.connections <= self.drops:
                    client.close()
                else:
                    threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        if self.connections == self.drops + 1:
            time.sleep(SLOW)
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        host, _colon, port = head.split()[1].decode().rpartition(":")
        server = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        there = threading.Thread(target=_pump, args=(client, server), daemon=True)
        there.start()
        _pump(server, client)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy() -> Iterator[FlakyProxy]:
    made = FlakyProxy(drops=2)
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.listener.shutdown(socket.SHUT_RDWR)
        made.listener.close()
        thread.join(5)


def test_a_link_that_breaks_is_made_again_and_a_slow_answer_is_no_loss(simulator: Simulator, proxy: FlakyProxy) -> None:
    """Given a proxy that drops two connections and is slow with the third, then the first test of it passes."""
    browser = simulator.browser("plain-7")
    browser.sign_in()
    browser.save_proxy({"host": "127.0.0.1", "port": proxy.port, "user": "", "password": ""})
    browser.client.timeout = 60
    assert ">passed<" in browser.post("proxy.htm", "connectivity.cgi", op="test")
    assert proxy.connections >= proxy.drops + 1
    assert browser.value("ors.htm", "orsState") == "connected"


def test_a_proxy_that_is_not_there_is_a_loss(simulator: Simulator) -> None:
    browser = simulator.browser("plain-7")
    browser.sign_in()
    dead = simulator.ready["dead_proxy"]
    browser.save_proxy({"host": dead["host"], "port": dead["port"], "user": "", "password": ""})
    assert ">failed<" in browser.post("proxy.htm", "connectivity.cgi", op="test")
    assert browser.value("ors.htm", "orsState") == "not connected"
