# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of the OpenID Connect provider. It is another process: orders are in a file, and events tell the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.faults import Fault, Faults
from simulator.senders import CookieOwners

TARGET = "oidc"


def write_orders(faults: Faults, path: Path) -> None:
    """Write the faults of the provider for its process."""
    orders = [
        {**fault.shown(), "path": fault.path.pattern, "options": {}}
        for fault in faults.faults
        if fault.target == TARGET
    ]
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(orders), encoding="utf-8")
    fresh.replace(path)


@dataclass
class FaultyProvider:
    """Wraps the provider's application. ``note`` writes an event; ``end_session`` ends the session of a cookie.

    The state of a sign-in says for which site it is.
    """

    application: ASGIApp
    orders: Path
    note: Callable[..., None]
    end_session: Callable[[str], object]
    cookies: CookieOwners
    _faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self._faults.change_state = self._change_state
        self._faults.on_happened = lambda fault: self.note(
            "fault", id=fault.id, happened=fault.happened, held=fault.held
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._read_orders()
            path = scope["path"].removeprefix("/")
            state = parse_qs(scope["query_string"].decode()).get("state", [""])[0]
            account = state.rpartition(".")[0] or self.cookies.of(scope)

            async def answer(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self.cookies.learn(message, account)
                await send(message)

            scope = {**scope, "state": {**scope.get("state", {}), "account": account}}
            await self._faults.through(self.application, TARGET, account, path, scope, receive, answer)
        else:
            await self.application(scope, receive, send)

    def _change_state(self, host: str, fault: Fault, path: str) -> None:
        if fault.fault == "expired_session":
            self.cookies.drop(fault.account, self.end_session)

    def _read_orders(self) -> None:
        orders: list[dict[str, Any]] = json.loads(self.orders.read_text()) if self.orders.exists() else []
        wanted = {order["id"] for order in orders}
        self._faults.faults = [fault for fault in self._faults.faults if fault.id in wanted]
        known = {fault.id for fault in self._faults.faults}
        for order in orders:
            if order["id"] not in known:
                fault = self._faults.add(
                    {key: order[key] for key in ("account", "path", "method", "fault", "after", "skip", "times")}
                )
                fault.id, fault.target = order["id"], TARGET
