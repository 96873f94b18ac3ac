# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts and stops the proxy server as a child process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from simulator.world import ProxyAddress

START_TIMEOUT = 20.0
LAST_LINES = 20


class ProxyDidNotStart(RuntimeError):
    """The child has ended, or does not listen on its port in time."""


@dataclass
class ProxyChild:
    process: asyncio.subprocess.Process
    address: ProxyAddress
    log: Path

    async def listening(self) -> None:
        """Return when the port accepts connections."""
        deadline = asyncio.get_running_loop().time() + START_TIMEOUT
        while asyncio.get_running_loop().time() < deadline:
            if self.process.returncode is not None:
                raise ProxyDidNotStart(f"the proxy server ended with {self.process.returncode}{self._last_words()}")
            try:
                _reader, writer = await asyncio.open_connection(self.address.host, self.address.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        raise ProxyDidNotStart(f"nothing listens on port {self.address.port}{self._last_words()}")

    def _last_words(self) -> str:
        """The end of its log, which may be gone when somebody reads the message."""
        with contextlib.suppress(OSError):
            if lines := self.log.read_text(encoding="utf-8", errors="replace").splitlines():
                return ":\n" + "\n".join(lines[-LAST_LINES:])
        return f"; {self.log} is empty"

    async def stop(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), 5)
        except TimeoutError:
            os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()


async def launch_proxy(address: ProxyAddress, log: Path) -> ProxyChild:
    """Start the child. It listens after about a second; the caller can prepare the rest meanwhile."""
    order = {"port": address.port, "user": address.user, "password": address.password, "log": str(log)}
    log.touch(mode=0o600)
    home = log.with_suffix(".home")  # proxy.py makes a folder in the home of the user, who may have none to write to
    home.mkdir(mode=0o700, exist_ok=True)
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "simulator.proxy_program",
            stdin=asyncio.subprocess.PIPE,
            stdout=output,
            stderr=output,
            env={**os.environ, "HOME": str(home)},
            start_new_session=True,
        )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode() + b"\n")
    await process.stdin.drain()
    return ProxyChild(process, address, log)
