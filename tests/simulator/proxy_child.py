# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows how to run the real proxy server (proxy.py) as a child that ends with its parent; not who uses it.

Run as `python -m simulator.proxy_child`: reads one line of JSON (port, user, password, log), serves until its standard
input is closed. So the child ends also when the simulator is killed and cannot say goodbye.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

from simulator.world import ProxyAddress

START_TIMEOUT = 20.0


class ProxyDidNotStart(RuntimeError):
    """The child ended, or nothing listened on its port in time."""


class ProxyChild:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def stop(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except TimeoutError:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


async def start_proxy(address: ProxyAddress, log: Path) -> ProxyChild:
    """Start the child and return when its port accepts connections."""
    order = {"port": address.port, "user": address.user, "password": address.password, "log": str(log)}
    log.touch(mode=0o600)
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "simulator.proxy_child",
            stdin=asyncio.subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode() + b"\n")
    await process.stdin.drain()
    deadline = asyncio.get_running_loop().time() + START_TIMEOUT
    while asyncio.get_running_loop().time() < deadline:
        if process.returncode is not None:
            raise ProxyDidNotStart(f"the proxy server ended with {process.returncode}; see {log}")
        try:
            _, writer = await asyncio.open_connection(address.host, address.port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return ProxyChild(process)
    await ProxyChild(process).stop()
    raise ProxyDidNotStart(f"nothing listens on port {address.port}; see {log}")


def _serve() -> None:
    import ipaddress

    import proxy

    order = json.loads(sys.stdin.readline())
    # Ctrl-C reaches every process of a terminal; this one is ended by its parent, after the controllers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    socket.setdefaulttimeout(10)
    with proxy.Proxy(
        hostname=ipaddress.ip_address("127.0.0.1"),
        port=order["port"],
        num_workers=1,
        num_acceptors=1,
        basic_auth=f"{order['user']}:{order['password']}",
        log_file=order["log"],
        data_dir=f"{order['log']}.d",
    ):
        sys.stdin.read()


if __name__ == "__main__":
    _serve()
