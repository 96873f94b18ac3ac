# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRISMA Home on loopback that another session changes at a moment of the test's choice.

It answers as the profile prisma-home-application expects; the simulator plays the rest.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task, execute
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.modules.home_device import TASK
from unit.prisma.printer_loopback import request_of
from unit.web.loopback import Answer, Asked, Loopback

SERIAL = "610000001"
SHOWN: dict[str, Any] = {
    "serialNumber": SERIAL,
    "deviceId": "d1",
    "enabled": True,
    "status": "connected",
    "applications": [],
}
APPLICATION = "<title>PRISMA Home</title><main id=application>Loading</main>"


@dataclass
class Home:
    """PRISMA Home as far as one printer is concerned. ``meanwhile`` is what another session does before a write."""

    has_printer: bool = False
    status: str = "connected"
    """Of a printer that is not connecting. A claim that is done makes it C(connected)."""
    reconnects: bool = True
    claim_status: int = 201
    instead: Answer | None = None
    """The answer to a claim that was done."""
    connects_in: float = 0
    """Seconds from the claim to connected."""
    meanwhile: dict[str, Any] = field(default_factory=dict)
    others: list[dict[str, Any]] = field(default_factory=list)
    """Further rows of the list."""
    grows: bool = False
    """Whether another printer is claimed each time that the list is asked for; then it has two pages."""
    asked: list[str] = field(default_factory=list)
    claimed_at: float = 0

    @property
    def shown(self) -> dict[str, Any]:
        connecting = time.monotonic() - self.claimed_at < self.connects_in
        return {**SHOWN, "status": "connecting" if connecting else self.status}

    def answer(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path).path
        self.asked.append(f"{asked.method} {path}")
        if path == "/application/":
            return Answer(200, {"Content-Type": "text/html"}, APPLICATION.encode())
        if path == "/oauth/token":
            return reply(200, access_token="made-up-token", token_type="bearer")
        if path == "/api/v1/me":
            return reply(200, tenant={"id": "alpha"}, role="Administrator")
        if path.endswith("/claims"):
            return self._claim()
        if asked.method == "DELETE":
            return self._delete()
        if "/devices/" in path:
            return self._device()
        if path.endswith("/devices"):
            rows = [*([self.shown] if self.has_printer else []), *self.others]
            if not self.grows:
                return reply(200, items=rows, total=len(rows), next=None)
            number = str(620000000 + len(self.others))
            self.others.append({**SHOWN, "serialNumber": number, "deviceId": f"d{number}"})
            rows = [*rows, self.others[-1]]
            first = "cursor" not in asked.path
            return reply(200, items=rows[:1] if first else rows[1:], total=len(rows), next="2" if first else None)
        return reply(200)

    def _claim(self) -> Answer:
        self._change()
        if self.claim_status == 201:
            self.has_printer, self.claimed_at = True, time.monotonic()
            self.status = "connected" if self.reconnects else self.status
        return self.instead or reply(self.claim_status, serialNumber=SERIAL, message="made up")

    def _delete(self) -> Answer:
        self._change()
        if not self.has_printer:
            return reply(404, code="unknown_device", message="No such device.")
        self.has_printer = False
        return reply(200)

    def _change(self) -> None:
        for name, value in self.meanwhile.items():
            setattr(self, name, value)

    def _device(self) -> Answer:
        if not self.has_printer:
            return reply(404, code="unknown_device")
        return reply(200, **self.shown)


def reply(http_status: int, /, **data: Any) -> Answer:
    return Answer(http_status, {"Content-Type": "application/json"}, json.dumps(data).encode())


@dataclass
class HomeBench:
    home: Home
    server: Loopback
    ca_path: str
    store: TaskStore | None = None
    """Shared by all tasks of a run, if there is one."""
    without: tuple[str, ...] = ()
    """Writes that the profile lacks."""
    profile_id: str = "prisma-home-application"

    def run(self, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        waiting = {"wait_timeout": 0.3, "wait_sleep": 0.05}
        return self.run_task(TASK, {"serial": SERIAL, **waiting, **options}, check_mode=check_mode)

    def run_task(self, task: Task, options: dict[str, Any], *, check_mode: bool = False) -> dict[str, Any]:
        given = {
            "url": self.server.url,
            "tenant": "alpha",
            "client_id": "automation",
            "client_secret": "made-up-secret",
            "ca_path": self.ca_path,
            "retries": 0,
            **options,
        }
        store = self.store or TaskStore()
        request = request_of(task, given, "prisma-home-application", store, check_mode=check_mode)
        writes = {name: write for name, write in request.profile.writes.items() if name not in self.without}
        request.profile = replace(request.profile, id=self.profile_id, writes=writes)
        return execute(task, request)
