# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiny web interface on loopback, with the profile for it: what sessions and walks are tested against."""

from __future__ import annotations

import contextlib
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import ClientOptions, make_client
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import (
    Contract,
    Operation,
    Profile,
    build_profile,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import (
    SessionStore,
    TaskStore,
    session_key,
)
from unit.web.loopback import Answer, Asked, Loopback, serve

PASSWORD = "correct horse battery"

CONTRACT = Contract(
    variables=frozenset({"username", "password", "client_id", "client_secret"}),
    signed_in_variables=frozenset({"access_token"}),
    reads={
        "value": Operation(gives=frozenset({"value"}), may_give=frozenset({"state"})),
        "list": Operation(gives=frozenset({"name"}), may_give=frozenset({"number"}), rows=True),
    },
    writes={"set": Operation(inputs=frozenset({"value", "on"}), may_give=frozenset({"said"})), "ring": Operation()},
)

LOGIN = """<title>Tiny</title><form name="login" action="/login" method="post">
<input type="hidden" name="token" value="t0ken"><input name="user"><input type="password" name="pass"></form>"""

PAGES = {
    "refused": LOGIN + '<p id="refused">No.</p>',
    "locked": '<p id="locked">Locked.</p>',
    "change": '<form name="change"><input type="password" name="new"></form>',
    "busy": '<p id="full">Too many sessions.</p>',
    "unknown": "<h1>Maintenance</h1>",
}


def profile_source() -> dict[str, Any]:
    """The profile of the tiny interface, to be changed by a test."""
    return {
        "schema": 1,
        "id": "tiny",
        "interface": "controller",
        "title": "Tiny",
        "evidence": {"kind": "simulated", "note": "a test"},
        "match": {"steps": [{"get": ""}], "signs": [{"when": "title == 'Tiny'", "points": 2}], "enough": 2},
        "sign_in": {
            "method": "form",
            "steps": [
                {"submit": "forms[?name=='login'] | [0]", "fill": {"user": "${username}", "pass": "${password}"}}
            ],
            "signed_in": "links[?ends_with(href, '/logout')]",
            "refused": "ids.refused",
            "locked": "ids.locked",
            "change_password": "forms[?name=='change']",
            "busy": "ids.full",
        },
        "sign_out": {"steps": [{"get": "logout"}]},
        "session_ended": {"when": "forms[?name=='login']"},
        "problems": [{"status": 409, "outcome": "busy", "text": "ids.busy"}],
        "read": {
            "value": {
                "steps": [{"get": "value", "expect": "ids.value"}],
                "fields": {
                    "value": "ids.value",
                    "state": {"pick": "ids.state", "required": False, "values": {"on": ["switched on"]}},
                },
            },
            "list": {
                "steps": [{"get": "list", "query": {"limit": 2}}],
                "rows": "items",
                "fields": {"name": "name", "number": {"pick": "number", "required": False, "filters": ["integer"]}},
                "paging": {"next": "next", "parameter": "cursor"},
                "complete": {"total": "total"},
            },
        },
        "write": {
            "set": {
                "steps": [
                    {"get": "value"},
                    {"submit": "forms[?name=='set'] | [0]", "fill": {"value": "${value}", "on": "${on}"}},
                ],
                "verify": "value",
            },
            "ring": {"steps": [{"send": "POST", "path": "ring", "json": {}}]},
        },
    }


def build(source: Mapping[str, Any] | None = None) -> Profile:
    return build_profile(source or profile_source(), CONTRACT)


@dataclass
class Device:
    """What the interface is like. ``sign_in``: ok, or the key of a page. ``override`` may answer in its place."""

    sign_in: str = "ok"
    value: str = "old"
    heeds: bool = True
    lost: int = 0
    expires_after_write: bool = False
    sessions: set[str] = field(default_factory=set)
    pages: list[dict[str, Any]] = field(default_factory=list)
    attempts: list[dict[str, list[str]]] = field(default_factory=list)
    writes: list[dict[str, list[str]]] = field(default_factory=list)
    override: Callable[[Asked], Answer | None] = lambda asked: None
    _given: int = 0

    def expire(self) -> None:
        self.sessions.clear()

    def answer(self, asked: Asked) -> Answer:
        path, form = urlsplit(asked.path).path, parse_qs(asked.body.decode(), keep_blank_values=True)
        taken_over = self.override(asked)
        if taken_over is not None:
            return taken_over
        if path == "/":
            return html(LOGIN)
        if path == "/login":
            return self._login(form)
        cookie = asked.headers.get("cookie", "").removeprefix("sid=")
        if cookie not in self.sessions:
            return html(LOGIN)
        if path == "/logout":
            self.sessions.discard(cookie)
            return html("<p>Bye.</p>")
        if path == "/list":
            at = int(parse_qs(urlsplit(asked.path).query).get("cursor", ["0"])[0])
            return as_json(self.pages[at])
        if path == "/value" and asked.method == "POST":
            return self._write(form)
        if path == "/ring":
            self.writes.append(form)
            return as_json({})
        return html(self._page())

    def _page(self) -> str:
        return (
            f'<a href="/logout">x</a><p id="value">{self.value}</p><p id="state">switched on</p>'
            '<form name="set" action="/value" method="post"><input name="value" value="shown">'
            '<input name="kept" value="k"><input type="checkbox" name="on" value="yes" checked></form>'
        )

    def _login(self, form: dict[str, list[str]]) -> Answer:
        self.attempts.append(form)
        headers = {}
        if self.sign_in in ("ok", "change", "unknown"):
            self._given += 1
            self.sessions.add(f"session-{self._given}")
            headers = {"Set-Cookie": f"sid=session-{self._given}; Path=/; HttpOnly"}
        return html(PAGES.get(self.sign_in) or self._page(), headers)

    def _write(self, form: dict[str, list[str]]) -> Answer:
        self.writes.append(form)
        if self.heeds:
            self.value = form["value"][0]
        if self.expires_after_write:
            self.expire()
            return html(LOGIN)
        if self.lost:
            self.lost -= 1
            return Answer(drop=True)
        return html(self._page())


def html(text: str, headers: Mapping[str, str] | None = None, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "text/html; charset=utf-8", **(headers or {})}, text.encode())


def as_json(data: Any, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(data).encode())


@dataclass
class Bench:
    """A device that answers, and sessions with it that share one store."""

    device: Device
    server: Loopback
    ca_path: str
    store: SessionStore = field(default_factory=TaskStore)
    clients: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def session(
        self,
        source: Mapping[str, Any] | None = None,
        *,
        password: str = PASSWORD,
        check_mode: bool = False,
        allow_unverified: bool = False,
    ) -> Session:
        options = ClientOptions(self.server.url, ca_path=self.ca_path, retries=0, timeout=20, check_mode=check_mode)
        profile = build(source)
        return Session(
            self.clients.enter_context(make_client(options)),
            profile,
            key=session_key(self.server.url, profile.id, "admin", password),
            account="admin",
            variables={"username": "admin", "password": password},
            store=self.store,
            allow_unverified=allow_unverified,
        )

    @property
    def asked(self) -> list[str]:
        """Methods and paths in order, without queries."""
        return [f"{each.method} {urlsplit(each.path).path}" for each in self.server.asked]


@contextlib.contextmanager
def bench(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    device = Device()
    with serve(device.answer, server_tls) as server:
        made = Bench(device, server, ca_path)
        with made.clients:
            yield made
