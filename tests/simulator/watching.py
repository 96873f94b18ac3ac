# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts requests, injects faults, and commits after each request."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.faults import Faults
from simulator.senders import Senders, without_prefix
from simulator.state import Store


@dataclass
class Counters:
    """Requests by host (a printer's name, `home` or `ors`), method and path. They start at zero with each start."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    latest: deque[tuple[float, str, str, str, str]] = field(default_factory=lambda: deque(maxlen=5000))
    """The latest requests: time, host, account, method and path."""

    def add(self, host: str, account: str, method: str, path: str, moment: float) -> None:
        self.counts[host, method, path] += 1
        self.latest.append((moment, host, account, method, path))

    def shown(self) -> dict[str, object]:
        rows = [
            {"host": host, "method": method, "path": path, "count": count}
            for (host, method, path), count in sorted(self.counts.items())
        ]
        hosts: Counter[str] = Counter()
        for (host, _method, _path), count in self.counts.items():
            hosts[host] += count
        return {"total": sum(hosts.values()), "by_host": dict(hosts), "requests": rows}


@dataclass
class Watch:
    """Wraps an application: counts requests, injects faults, stores changes."""

    application: ASGIApp
    service: str
    counters: Counters
    faults: Faults
    store: Store
    senders: Senders

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        account, scope = without_prefix(scope) if self.service != "controllers" else ("", scope)
        host, path = self._place(scope["path"])
        # A registration address is a capability, so its code is not counted by name.
        capability = next((each for each in ("register/", "hand-over/") if path.startswith(each)), None)
        counted = f"{capability}*" if capability and self.service != "controllers" else path
        account = account or self.senders.account_of(host, scope)
        self.counters.add(host, account, scope["method"], counted, time.time())

        async def answer(message: Message) -> None:
            # Commit before the response, so that a change that a client has read survives a kill.
            if message["type"] == "http.response.start":
                self.store.commit()
                self.senders.cookies.learn(message, account)
            await send(message)

        try:
            await self.faults.through(self.application, host, account, path, scope, receive, answer)
        finally:
            self.store.commit()

    def _place(self, path: str) -> tuple[str, str]:
        if self.service != "controllers":
            return self.service, path.removeprefix("/")
        parts = path.split("/", 3)
        return (parts[2], parts[3]) if len(parts) == 4 else ("controllers", path)
