# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that a test can inject, and how each affects a request."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATE_FAULTS = ("expired_session", "lock", "session_limit", "second_writer")
AFTERWARDS = "list_changes"
HOLD = "hold"
CLOSE = "close"
FAULTS = (
    "latency",
    "status",
    "drop",
    "drop_after",
    CLOSE,
    "truncate",
    "label",
    "lost_page",
    "wrong_total",
    AFTERWARDS,
    HOLD,
    *STATE_FAULTS,
)
OPTIONS = {
    "latency": {"seconds"},
    "status": {"status", "retry_after", "retry_after_date"},
    "truncate": {"fraction"},
    "label": {"from", "to"},
    "lost_page": {"how"},
    "wrong_total": {"by"},
    "second_writer": {"printer", "account", "people"},
}
KEYS = {"target", "account", "path", "method", "fault", "after", "skip", "times", "options"}


class FaultError(ValueError):
    """A test requested an invalid fault. The text names the key."""


@dataclass
class Fault:
    """A fault for some requests.

    `target`: a printer's name, `home`, `ors` or `*`. `account`: the tenant or the site whose account sends the request,
    empty for any. `path`: a regular expression, searched in the path relative to the
    printer (or the host). `after`: another one, for the path of a request after which the fault begins; empty: at once.
    `skip`: how many matching requests pass first. `times`: how often the fault happens; 0 is
    always. `held`: how many requests were handled and are not answered.
    """

    id: int
    target: str
    account: str
    path: re.Pattern[str]
    method: str
    fault: str
    times: int
    options: dict[str, Any]
    skip: int = 0
    after: str = ""
    happened: int = 0
    held: int = 0

    def concerns(self, host: str, path: str, method: str, account: str) -> bool:
        """Whether the fault applies to this request. A request that passes is counted."""
        of_target = self.target in ("*", host)
        if self.after:
            if of_target and re.search(self.after, path):
                self.after = ""
            return False
        concerned = (
            of_target
            and self.account in ("", account)
            and self.method in ("*", method)
            and (self.times == 0 or self.happened < self.times)
            and self.path.search(path) is not None
        )
        if concerned and self.skip > 0:
            self.skip -= 1
            return False
        return concerned

    def shown(self) -> dict[str, Any]:
        return {**vars(self), "path": self.path.pattern}


@dataclass
class Faults:
    """All faults. `change_state` changes a printer, a tenant or the sites, by host, fault and path."""

    change_state: Callable[[str, Fault, str], None] = lambda host, fault, path: None
    faults: list[Fault] = field(default_factory=list)
    on_order: Callable[[], None] = lambda: None
    """Called when faults were added or removed."""
    on_request: Callable[[], None] = lambda: None
    """Called before a request is handled while there are faults."""
    on_happened: Callable[[Fault], None] = lambda fault: None
    """Called when a fault has happened, and when it holds a request."""
    _last: int = 0

    def add(self, order: dict[str, Any]) -> Fault:
        for key in order:
            if key not in KEYS:
                raise FaultError(f"unknown key {key!r} (known: {', '.join(sorted(KEYS))})")
        name = order.get("fault")
        if name not in FAULTS:
            raise FaultError(f"fault: {name!r} is none of {', '.join(FAULTS)}")
        options = dict(order.get("options") or {})
        for key in options:
            if key not in OPTIONS.get(name, set()):
                raise FaultError(f"options: {name} knows no {key!r}")
        after = str(order.get("after", ""))
        try:
            path = re.compile(order.get("path", ""))
            re.compile(after)
        except re.error as error:
            raise FaultError(f"path: {error}") from error
        self._last += 1
        method = str(order.get("method", "*")).upper()
        times = int(order.get("times", 1))
        target, skip = str(order.get("target", "*")), int(order.get("skip", 0))
        account = str(order.get("account", ""))
        fault = Fault(self._last, target, account, path, method, name, times, options, skip, after)
        self.faults.append(fault)
        self.on_order()
        return fault

    def remove(self, id: int | None = None) -> None:
        self.faults = [fault for fault in self.faults if id is not None and fault.id != id]
        self.on_order()

    async def through(
        self, application: ASGIApp, host: str, account: str, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Handle a request with every fault that applies to it, in the order in which they were injected."""
        if not self.faults:
            await application(scope, receive, send)
            return
        self.on_request()
        answer = _BufferedResponse(send)
        for fault in [item for item in self.faults if item.concerns(host, path, scope["method"], account)]:
            fault.happened += 1
            self.on_happened(fault)
            if fault.fault == "latency":
                await asyncio.sleep(float(fault.options.get("seconds", 1.0)))
            elif fault.fault in STATE_FAULTS:
                self.change_state(host, fault, path)
            elif fault.fault == "drop":
                await drop(scope, receive)
                return
            elif fault.fault == "status":
                await _refuse(fault.options, send)
                return
            else:
                answer.changes.append(fault)
        if not answer.changes:
            await application(scope, receive, send)
            return
        await application(scope, receive, answer.take)
        for fault in answer.changes:
            if fault.fault == AFTERWARDS:
                self.change_state(host, fault, path)
            elif fault.fault == HOLD:
                fault.held += 1
                self.on_happened(fault)
                await _disconnect(receive)
                return
        if any(fault.fault == "drop_after" for fault in answer.changes):
            await drop(scope, receive)
            return
        await answer.give()
        answer.close(scope)


async def drop(scope: Scope, receive: Receive) -> None:
    """Close the connection without sending a byte of the response (`TransportProtocol` provides the transport)."""
    scope["state"]["transport"].abort()
    await _disconnect(receive)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(options: dict[str, Any], send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if "retry_after" in options:
        headers.append((b"retry-after", str(options["retry_after"]).encode()))
    elif "retry_after_date" in options:
        # Seconds from now, sent as a date.
        moment = formatdate(time.time() + float(options["retry_after_date"]), usegmt=True)
        headers.append((b"retry-after", moment.encode()))
    body = b"Simulated fault"
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": int(options.get("status", 503)), "headers": headers})
    await send({"type": "http.response.body", "body": body})


@dataclass
class _BufferedResponse:
    """Holds a response back until it is complete, changes it, and sends it."""

    send: Send
    changes: list[Fault] = field(default_factory=list)
    start: Message | None = None
    body: bytes = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def give(self) -> None:
        assert self.start is not None
        for fault in self.changes:
            self.body = _changed(fault, self.body)
        headers = [item for item in self.start["headers"] if item[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(self.body)).encode()))
        await self.send({**self.start, "headers": headers})
        await self.send({"type": "http.response.body", "body": self.body})

    def close(self, scope: Scope) -> None:
        """Close the connection after the response, if a fault says so."""
        if any(fault.fault == CLOSE for fault in self.changes):
            scope["state"]["transport"].close()


def _changed(fault: Fault, body: bytes) -> bytes:
    if fault.fault == "truncate":
        return body[: int(len(body) * float(fault.options.get("fraction", 0.5)))]
    if fault.fault == "label":
        return body.replace(str(fault.options.get("from", "")).encode(), str(fault.options.get("to", "")).encode())
    if fault.fault in (AFTERWARDS, CLOSE):
        return body
    if fault.fault == "wrong_total" or b"</html>" in body:
        return _changed_list(fault, body)
    # lost_page: the list ends too early, but its total is unchanged.
    try:
        document = json.loads(body)
    except ValueError:
        return body
    if isinstance(document, dict) and "items" in document:
        if fault.options.get("how") == "empty":
            document["items"] = []
        document["next"] = None
        return json.dumps(document).encode()
    return body


def _changed_list(fault: Fault, body: bytes) -> bytes:
    """Return a list of an administration site with a wrong count, or without the link to the next page."""
    if fault.fault == "wrong_total":
        by = int(fault.options.get("by", 1))
        return re.sub(rb"(This list has )(\d+)", lambda found: found[1] + str(int(found[2]) + by).encode(), body)
    if fault.options.get("how") == "empty":
        body = re.sub(rb"<tbody>.*?</tbody>", b"<tbody></tbody>", body, flags=re.DOTALL)
    return re.sub(rb'<a id="next".*?</a>', b"", body)
