# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator as a child process, and its control interface. Knows nothing of Ansible."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
FLEETS = ROOT / "tests" / "simulator" / "fleets"
STARTS_WITHIN = 300
"""Seconds. It takes two or three, unless the machine is busy."""


class Simulation:
    """A running simulator. ``ready`` is the content of its ready file (see tests/simulator/README.md)."""

    def __init__(self, process: subprocess.Popen[bytes], ready: dict[str, Any], state: Path) -> None:
        self.process = process
        self.ready = ready
        self.state = state
        self._control = httpx.Client(
            headers={"Authorization": f"Bearer {ready['control']['token']}"}, timeout=60, trust_env=False
        )
        self._url = ready["control"]["url"].rstrip("/")

    def printer(self, name: str) -> dict[str, Any]:
        """Return the entry of one printer in the ready file."""
        found: dict[str, Any] = next(item for item in self.ready["printers"] if item["name"] == name)
        return found

    def get(self, path: str, **query: Any) -> Any:
        """Return a response of the control interface."""
        answer = self._control.get(f"{self._url}/{path}", params=query)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, data: Any = None) -> Any:
        """Change something through the control interface."""
        return self.request("POST", path, data)

    def request(self, method: str, path: str, data: Any = None) -> Any:
        """Send any request to the control interface."""
        answer = self._control.request(method, f"{self._url}/{path}", json=data)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def audit(self, *, since: int = 0, subject: str | None = None, what: str | None = None) -> list[dict[str, Any]]:
        """Return the state changes after the entry with the id ``since``, optionally of one printer or kind."""
        query = {name: value for name, value in (("subject", subject), ("what", what)) if value is not None}
        found: list[dict[str, Any]] = self.get("audit", after=since, **query)["lines"]
        return found

    def last_audit_id(self) -> int:
        """Return the id of the newest entry, 0 if there is none."""
        found: int = self.get("audit")["last"]
        return found

    def counters(self) -> dict[str, Any]:
        """Return the counters of requests."""
        found: dict[str, Any] = self.get("counters")
        return found

    def open_sessions(self) -> dict[str, Any]:
        """Return the open sessions by printer, and the tokens of PRISMA Home; empty if there are none."""
        found = self.get("sessions")
        return {name: value for name, value in found.items() if value}

    def stop(self) -> None:
        """End the simulator and wait for it."""
        self._control.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)


def start(fleet: Path, state: Path, *, extra: tuple[str, ...] = ()) -> Simulation:
    """Start a simulator in the folder ``state`` and wait until it is ready. Raise RuntimeError with its log."""
    state.mkdir(parents=True, exist_ok=True)
    ready_file, log = state / "ready.json", state / "simulator.log"
    ready_file.unlink(missing_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "simulator", "serve"),
                *("--fleet", str(fleet), "--state", str(state), "--ready", str(ready_file)),
                *extra,
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        )
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if ready_file.exists():
            return Simulation(process, json.loads(ready_file.read_text(encoding="utf-8")), state)
        if process.poll() is not None:
            break
        time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"the simulator did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


@contextlib.contextmanager
def running(fleet: Path, state: Path, *, extra: tuple[str, ...] = ()) -> Iterator[Simulation]:
    """Run a simulator for a ``with`` block."""
    simulation = start(fleet, state, extra=extra)
    try:
        yield simulation
    finally:
        simulation.stop()
