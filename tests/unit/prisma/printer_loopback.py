# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A printer's Remote UI on loopback that another session changes at a moment of the test's choice.

Its pages are those that the profile sra-remote-ui fits; the simulator plays the rest.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import CONTRACTS
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request, Task, execute
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_profile
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import SessionStore, TaskStore
from unit.web.loopback import Answer, Asked, Loopback, serve

PROFILES = Path(__file__).parents[3] / "plugins" / "profiles"
ADDRESS = "https://home.example.com/register/made-up-code-42"
SHOWN = {
    "unregistered": "not registered",
    "requested": "registering, please wait",
    "awaiting_claim": "waiting for sign-in at the registration address",
    "registered": "registered",
    "failed": "error",
}
LOGIN = (
    "<title>Remote UI</title><form name=frmLogin method=post action=login.cgi>"
    "<input type=hidden name=sectok value=t0ken><input name=uname><input type=password name=upass></form>"
)


@dataclass
class Printer:
    """The printer. ``meanwhile`` is called with the button's name before a POST is judged."""

    serial: str = "610000001"
    model: str = "ProStream"
    state: str = "unregistered"
    address: str = ADDRESS
    message: str = ""
    link: bool = False
    """Whether a link is shown in every state, and not only where it waits."""
    qr: bool = True
    tenant: str = ""
    proxy: dict[str, str] = field(default_factory=lambda: {"useProxy": "", "pxHost": "", "pxPort": "", "pxUser": ""})
    button: str = "<form method=post action=register.cgi><input type=hidden name=op value=register></form>"
    pressed_state: str = "awaiting_claim"
    busy: bool = False
    instead: Answer | None = None
    """The answer to a write that was done."""
    ended: bool = False
    """Whether the session has ended, so that somebody has to sign in again."""
    presses: int = 0
    saves: int = 0
    reads: dict[str, int] = field(default_factory=dict)
    after_read: dict[tuple[str, int], Callable[[], None]] = field(default_factory=dict)
    """What another session does after a page was read so many times."""
    meanwhile: Callable[[str], None] = lambda op: None
    asked: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path).path.lstrip("/")
        form = {name: values[0] for name, values in parse_qs(asked.body.decode(), keep_blank_values=True).items()}
        self.asked.append(f"{asked.method} {path}")
        if path == "login.cgi":
            self.ended = False
            return page("<frameset><frame name=top src=top.htm></frameset>", {"Set-Cookie": "sid=made-up; Path=/"})
        if path == "login.htm" or self.ended or "sid=made-up" not in asked.headers.get("cookie", ""):
            return page(LOGIN)
        if asked.method == "POST":
            return self._write(path, form)
        made = getattr(self, f"_{path.split('.')[0]}")()
        self.reads[path] = self.reads.get(path, 0) + 1
        self.after_read.get((path, self.reads[path]), lambda: None)()
        return page(made)

    def _write(self, path: str, form: Mapping[str, str]) -> Answer:
        self.meanwhile(form.get("op", ""))
        if self.busy:
            return page("<p class=message id=msg-busy>Another administrator is changing the settings.</p>")
        if form.get("op") == "register":
            if self.state not in ("unregistered", "failed"):
                return page("<h1>Not possible</h1>")
            self.presses += 1
            self.state, self.message = self.pressed_state, ""
        elif form.get("op") == "save":
            self.saves += 1
            self.proxy = {name: form.get(name, "") for name in self.proxy}
        if self.instead is not None:
            return self.instead
        if path == "register.cgi":
            return page(self._register())
        return page("<p class=message>The settings have been saved.</p>" + self._proxy())

    def _top(self) -> str:
        return '<span id=user>x</span><a href="logout.cgi">Log out</a>'

    def _logout(self) -> str:
        return "<p id=msg-logged-out>Signed out.</p>"

    def _device(self) -> str:
        rows = {"Product name": self.model, "Serial number": self.serial, "Date and time": "2026-11-26 12:00:00"}
        cells = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in rows.items())
        return f"<table id=tblDevice>{cells}</table>"

    def _ors(self) -> str:
        return (
            "<table><tr><th>ORS state</th><td id=orsState>connected</td></tr><tr><th>Mode</th><td>enabled</td></tr>"
            "</table>"
        )

    def _proxy(self) -> str:
        fields = "".join(
            f'<input name={name} value="{value}">' for name, value in self.proxy.items() if name != "useProxy"
        )
        checked = " checked" if self.proxy["useProxy"] else ""
        return (
            "<form method=post action=connectivity.cgi><input type=hidden name=op value=save>"
            f"<input type=checkbox name=useProxy value=1{checked}>{fields}<input type=password name=pxPass>"
            "<input name=pxExcept></form><span id=pxPassState>not set</span>"
        )

    def _register(self) -> str:
        waits = self.link or self.state == "awaiting_claim"
        qr = '<img src="registration/qr.png">' if self.qr else ""
        link = f'<a href="{self.address}">{self.address}</a>{qr}' if waits else ""
        tenant = f"<tr><th>Registered with</th><td>{self.tenant}</td></tr>" if self.tenant else ""
        message = f"<p class=message>{self.message}</p>" if self.message else ""
        return (
            f"<table><tr><th>Registration</th><td id=regState>{SHOWN[self.state]}</td></tr>{tenant}</table>{message}"
            + link
            + (self.button if self.state in ("unregistered", "failed") else "")
        )


def page(body: str, headers: Mapping[str, str] | None = None) -> Answer:
    head = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
    return Answer(200, head, f"<html><head><title>Remote UI</title></head><body>{body}</body></html>".encode())


def request_of(
    task: Task,
    given: Mapping[str, Any],
    profile: str,
    store: SessionStore,
    *,
    check_mode: bool = False,
    changed: Mapping[str, Any] | None = None,
) -> Request:
    """Return the request of a task with the options ``given``, for the printer p1 and a shipped profile.

    ``changed`` takes the place of parts of the profile; one that is None is left out.
    """
    checked = ModuleArgumentSpecValidator(task.argument_spec(), **task.rules).validate(dict(given))
    assert not checked.error_messages, checked.error_messages
    source = {**yaml.safe_load((PROFILES / f"{profile}.yml").read_text(encoding="utf-8")), **(changed or {})}
    source = {name: part for name, part in source.items() if part is not None}
    return Request(
        options=checked.validated_parameters,
        profile=build_profile(source, CONTRACTS[task.interface]),
        printer="p1",
        store=store,
        check_mode=check_mode,
    )


@dataclass
class Bench:
    """A printer that answers, and the memory of the run whose tasks are executed on it."""

    printer: Printer
    server: Loopback
    ca_path: str
    store: SessionStore = field(default_factory=TaskStore)
    secrets: set[str] = field(default_factory=set)
    """What no output of the last task may show."""

    def run(self, task: Task, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        """Execute a task on the printer and return its result."""
        given = {
            "host": "127.0.0.1",
            "port": self.server.port,
            "username": "automation",
            "password": "Right-password-1",
            "ca_path": self.ca_path,
            "timeout": 10,
            "retries": 0,
            **options,
        }
        request = request_of(task, given, "sra-remote-ui", self.store, check_mode=check_mode)
        try:
            return execute(task, request)
        finally:
            self.secrets = request.secrets()


@contextlib.contextmanager
def bench(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    printer = Printer()
    with serve(printer.answer, server_tls) as server:
        yield Bench(printer, server, ca_path)
