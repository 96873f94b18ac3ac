# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Settings Editor of a printer that hands over, on loopback: whatever has begun, it shows `unregistered`.

Its answers are those that the profile prismasync-settings-editor fits; the simulator plays the rest.
"""

from __future__ import annotations

import contextlib
import json
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import execute
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import SessionStore, TaskStore
from ansible_collections.printops.prisma.plugins.modules.printer_registration import TASK
from unit.prisma.printer_loopback import request_of
from unit.web.loopback import Answer, Asked, Loopback, serve

SERIAL = "730000001"
HOST = "home.example.com"
PRODUCT = {"product": "PRISMAsync Settings Editor", "token": "made-up-token"}


@dataclass
class Editor:
    """The printer. ``before`` is called with each path before it is answered."""

    registered: bool = False
    presses: int = 0
    before: Callable[[str], None] = lambda path: None
    asked: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path).path.removeprefix("/api/")
        self.asked.append(f"{asked.method} {path}")
        self.before(path)
        if path == "session":
            return reply({**PRODUCT, "signedIn": asked.method == "POST", "mustChangePassword": False})
        if path == "device":
            return reply({"items": [item("serialNumber", SERIAL), item("dateTime", "2026-11-26 12:00:00")]})
        if path == "remote-service":
            return reply({"items": [item("orsState", "Connected"), item("orsMode", "Enabled")]})
        if path.endswith("question"):
            return reply({"confirmation": "made-up"})
        if path.endswith("registration"):
            self.presses += 1
            return reply({"location": address(self.presses)})
        state = "Registered" if self.registered else "Not registered"
        applications = [{"id": "dashboard", "enabled": True}]
        return reply({"applications": applications, "registration": {"state": state, "service": "PRISMA Home"}})


def address(number: int) -> str:
    """Return the address that the button returns when it is pressed for that many times."""
    return f"https://{HOST}/hand-over/made-up-code-{number:02d}"


def item(name: str, value: str) -> dict[str, str]:
    return {"id": name, "value": value}


def reply(document: dict[str, Any]) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(document).encode())


@dataclass
class EditorBench:
    """A printer that answers, and tasks on it. Each has a memory of its own unless one is given, as runs have."""

    printer: Editor
    server: Loopback
    ca_path: str

    def run(self, *, store: SessionStore | None = None, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        """Run printer_registration and return its result."""
        given = {
            "host": "127.0.0.1",
            "port": self.server.port,
            "username": "automation",
            "password": "Right-password-1",
            "ca_path": self.ca_path,
            "retries": 0,
            "address_hosts": [HOST],
            **options,
        }
        request = request_of(TASK, given, "prismasync-settings-editor", store or TaskStore(), check_mode=check_mode)
        return execute(TASK, request)


@contextlib.contextmanager
def editor_bench(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[EditorBench]:
    """Serve a printer until the block ends."""
    printer = Editor()
    with serve(printer.answer, server_tls) as server:
        yield EditorBench(printer, server, ca_path)
