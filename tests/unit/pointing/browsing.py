# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a small printer without a browser: exchanges as a browser records them, and clicks in the panel."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.capture import Capture
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.element import MARKER, PointedElement
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.guide import Guide
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange, form_of

URL = "https://press.example.com/"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
START = '<title>Site</title><a id="sign-in" href="login.htm">Sign in</a>'
OUT = '<a href="logout.cgi">Log out</a>'
LOGIN = (
    '<title>Press</title><form name="login" action="login.cgi" method="post">'
    '<input type="hidden" name="tok" value="t1">'
    'User: <input name="user">Password: <input type="password" name="pass"><input type="submit" value="Sign in"></form>'
)
DEVICE = f"<title>Press</title>{OUT}<table><tr><th>Serial number</th><td>730012345</td></tr></table>"
ORS = f'<title>Press</title>{OUT}<p id="state">connected</p><table><tr><th>Mode</th><td>enabled</td></tr></table>'


def proxy_page(host: str, port: str) -> str:
    """Return the page with the settings of the proxy."""
    return (
        f'<title>Press</title>{OUT}<form name="proxy" action="proxy.cgi" method="post">'
        f'<input type="hidden" name="tok" value="t2"><input type="checkbox" name="on" value="1">'
        f'Host: <input name="host" value="{host}">Port: <input name="port" value="{port}">'
        '<input type="submit" name="save" value="Save"></form>'
    )


def people(*addresses: str) -> str:
    """Return the page with a list of people, each with a form to remove the person."""
    rows = "".join(
        f'<tr><td>{each}</td><td><form class="remove" action="/people/remove" method="post"><input type="hidden" '
        f'name="csrf" value="c0ffee11"><input type="hidden" name="email" value="{each}"><button>Remove</button></form>'
        "</td></tr>"
        for each in addresses
    )
    return (
        '<title>Site</title><a href="logout.cgi">Log out</a><form id="add" action="/people/add" method="post">'
        '<input type="hidden" name="csrf" value="c0ffee11"><label>E-mail <input name="email"></label>'
        f'<button>Add</button></form><p id="count">There are {len(addresses)} users.</p><table id="people">'
        f"<tr><th>E-mail</th><th></th></tr>{rows}</table>"
    )


class Person:
    """Does in the interface and in the panel what a test says."""

    def __init__(self, interface: str = "controller", url: str = URL) -> None:
        self.url = url
        self.capture = Capture(RuntimeError)
        self.guide = Guide(interface, self.capture, person="test-person@example.com")
        self.html: dict[str, str] = {}

    def get(self, path: str, html: str, status: int = 200, location: str = "") -> None:
        """Record a page."""
        self._add("GET", path, b"", html, status, location)

    def post(self, path: str, form: dict[str, str], html: str = "", status: int = 200, location: str = "") -> None:
        """Record a form that was submitted."""
        self._add("POST", path, urlencode(form).encode(), html, status, location)

    def send(self, path: str, data: Any, **headers: str) -> None:
        """Record JSON that a script sent, with ``headers`` of its own."""
        self._add("POST", path, json.dumps(data).encode(), "", 200, "")
        sent = (("content-type", JSON), *((name.replace("_", "-"), value) for name, value in headers.items()))
        self.capture.exchanges[-1] = replace(
            self.capture.complete()[-1], request_headers=sent, request_type=JSON, form=()
        )

    def get_json(self, path: str, data: Any) -> None:
        """Record JSON that a script fetched."""
        self._add("GET", path, b"", json.dumps(data), 200, "")
        self.capture.exchanges[-1] = replace(self.capture.complete()[-1], response_type=JSON)

    def _add(self, method: str, path: str, body: bytes, html: str, status: int, location: str) -> None:
        number = len(self.capture.exchanges)
        self.html[path] = html
        self.capture.exchanges.append(
            RecordedExchange(
                number=number,
                method=method,
                url=self.url + path,
                request_headers=(("content-type", FORM),) if body else (),
                request_type=FORM if body else None,
                request_body=body,
                form=form_of(FORM if body else None, body),
                status=status,
                response_headers=(("location", location),) if location else (),
                response_type="text/html; charset=utf-8",
                response_body=html.encode(),
                started=f"2026-11-27T00:00:{number:02}.000000+00:00",
                has_body=True,
            )
        )

    def type(self, name: str, value: str, kind: str = "text") -> None:
        """Type into a control."""
        self.capture.add_typed({"name": name, "label": name, "kind": kind, "value": value})

    def point(self, path: str, value: str, **told: Any) -> None:
        """Point at the text ``value`` of the page that was last recorded at ``path``."""
        if not self.guide.pointing:
            self.guide.press("point")
        html = self.html[path]
        marked = html.replace(f">{value}<", f">{MARKER}<", 1)
        element = {"kind": "text", "value": value, "marked": marked, **told}
        self.guide.point(PointedElement.of(element, self.url + path))

    def point_at_control(self, path: str, name: str) -> None:
        """Point at a text field or a check box."""
        html = self.html[path]
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
        assert tag
        if "checkbox" in tag[0]:
            told: dict[str, Any] = {"kind": "checkbox", "value": "checked" in tag[0]}
            marked = html.replace(tag[0], tag[0].replace(">", " checked>"))
        else:
            value = re.search(r'value="([^"]*)"', tag[0])
            told = {"kind": "control", "value": value[1] if value else ""}
            marked = html.replace(tag[0], re.sub(r'value="[^"]*"', f'value="{MARKER}"', tag[0]))
        if not self.guide.pointing:
            self.guide.press("point")
        self.guide.point(PointedElement.of({**told, "name": name, "marked": marked}, self.url + path))

    def done(self) -> None:
        """Press [Done]."""
        self.guide.press("done")

    def skip_to(self, key: str) -> None:
        """Skip the tasks before ``key``."""
        while self.guide.task is not None and self.guide.task.key != key:
            self.guide.press("skip")
        assert self.guide.task is not None, key

    def try_wrong_password(self) -> None:
        """Sign in with a wrong password: the form comes again, as the answer."""
        self.get("login.htm", LOGIN)
        self.type("user", "service")
        self.type("pass", "wrong-password", "password")
        refusal = LOGIN.replace("<form", '<p class="error">Wrong password.</p><form')
        self.post("login.cgi", {"tok": "t1", "user": "service", "pass": "wrong-password"}, refusal)

    def reach(self, task: str) -> None:
        """Show the start page, sign in with a wrong and then with the right password, and go on to ``task``."""
        self.get("", START)
        self.try_wrong_password()
        self.done()
        self.sign_in()
        self.done()
        self.skip_to(task)

    def sign_in(self) -> None:
        """Sign in: POST, 302, and the page to which it leads."""
        self.type("user", "service")
        self.type("pass", "right-password", "password")
        self.post(
            "login.cgi", {"tok": "t1", "user": "service", "pass": "right-password"}, status=302, location="device.htm"
        )
        self.get("device.htm", DEVICE)

    def record_printer(self, *, refused: bool = True) -> None:
        """Do all tasks up to the saved proxy, then sign out. ``refused``: with a wrong password first."""
        if refused:
            self.try_wrong_password()
            self.done()
            self.sign_in()
        else:
            self.get("login.htm", LOGIN)
            self.skip_to("sign_in")
            self.type("user", "service")
            self.type("pass", "right-password", "password")
            self.post("login.cgi", {"tok": "t1", "user": "service", "pass": "right-password"}, DEVICE)
            self.get("device.htm", DEVICE)
        self.done()
        removed = DEVICE.replace(OUT, "")
        self.point("device.htm", "Log out", removed=removed, href=f"{URL}logout.cgi")
        self.point("device.htm", "730012345")
        self.skip_to("read.ors.fields.state")
        self.get("ors.htm", ORS)
        self.point("ors.htm", "connected", ids=["state"])
        self.point("ors.htm", "enabled")
        self.get("proxy.htm", proxy_page("", ""))
        for name in ("on", "host", "port"):
            self.point_at_control("proxy.htm", name)
        self.skip_to("write.set_proxy")
        self.type("on", "true", "checkbox")
        self.type("host", "proxy.example.com")
        self.type("port", "3128")
        sent = {"tok": "t2", "on": "1", "host": "proxy.example.com", "port": "3128", "save": "Save"}
        self.post("proxy.cgi", sent, status=302, location="proxy.htm")
        saved = proxy_page("proxy.example.com", "3128").replace('value="1"', 'value="1" checked')
        self.get("proxy.htm", saved)
        self.done()
        self.skip_to("sign_out")
        self.get("logout.cgi", "<title>Press</title><p>Signed out.</p>")
        self.done()
