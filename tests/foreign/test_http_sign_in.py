# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorder with Chromium at an interface that asks by HTTP authentication, a wrong password first."""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme
import yaml
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.record import RecorderOptions, record_profile
from foreign import driven
from support.person import find_chromium
from unit.web.loopback import Answer, Asked, Loopback, serve

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]
USER, PASSWORD = "service", "correct horse 7391"
NONCE = "5ccc069c403ebaf9f0171e9517f40e41"
CHALLENGES = {"basic": 'Basic realm="Press"', "digest": f'Digest realm="Press", qop="auth", nonce="{NONCE}"'}
CLICKS: list[dict[str, Any]] = [
    {"credentials": {"username": USER, "password": "wrong-password"}},
    {"press": "done"},
    {"credentials": {"username": USER, "password": PASSWORD}},
    {"see": "#name"},
    {"press": "done"},
    {"point": "a#edit"},
    {"point": "#name"},
    {"press": "skip"},
    {"click": "a#edit"},
    {"fill": {"input[name=name]": "South"}},
    {"click": "button"},
    {"see": "#name"},
    {"press": "done"},
    {"press": "skip"},
    {"press": "skip"},
    {"press": "skip"},
    {"press": "finish"},
]


class Press:
    """A printer whose name can be changed by whoever has the password. ``refused``: how often a password was wrong."""

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme
        self.name = "North"
        self.refused = 0

    def __call__(self, asked: Asked) -> Answer:
        given = asked.headers.get("authorization", "")
        if not self._is_right(given, asked):
            self.refused += bool(given)
            return page("<title>401</title><p>Unauthorized</p>", 401, {"WWW-Authenticate": CHALLENGES[self.scheme]})
        if asked.method == "POST":
            self.name = parse_qs(asked.body.decode())["name"][0]
            return Answer(303, {"Location": "/"}, b"")
        if asked.path == "/edit":
            field = f'<input name="name" value="{self.name}"><button>Save</button>'
            return page(f'<title>Edit</title><form id="edit" method="post" action="/edit">{field}</form>')
        if asked.path == "/":
            return page(f'<title>Press</title><p id="name">{self.name}</p><a id="edit" href="/edit">Edit</a>')
        return page("<title>404</title>", 404)

    def _is_right(self, given: str, asked: Asked) -> bool:
        if self.scheme == "basic":
            return given == "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        sent = {name: value.strip('"') for name, value in re.findall(r'(\w+)=("[^"]*"|[^,\s]+)', given)}
        if not given.startswith("Digest ") or sent.get("uri") != asked.path:
            return False
        account, request = md5(f"{USER}:Press:{PASSWORD}"), md5(f"{asked.method}:{asked.path}")
        return bool(sent["response"] == md5(f"{account}:{NONCE}:{sent['nc']}:{sent['cnonce']}:{sent['qop']}:{request}"))


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def page(html: str, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, {"Content-Type": "text/html; charset=utf-8", **(headers or {})}, html.encode())


@contextmanager
def running(press: Press, folder: Path) -> Iterator[tuple[Loopback, str]]:
    """Serve the printer over TLS. Yield the server and the file of its authority."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    with serve(press, context) as server:
        yield server, str(folder / "ca.pem")


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_a_profile_is_recorded_proven_and_used(scheme: str, tmp_path: Path) -> None:
    press = Press(scheme)
    with running(press, tmp_path) as (server, ca_path):
        (tmp_path / "clicks.yml").write_text(yaml.safe_dump(CLICKS), encoding="utf-8")
        result = record_profile(
            RecorderOptions(
                server.url,
                "other",
                "pointed",
                str(tmp_path / "profile.yml"),
                fixture=str(tmp_path / "fixture.har"),
                evidence={"kind": "simulated", "note": "Recorded by a test."},
                browser=find_chromium(),
                clicks=str(tmp_path / "clicks.yml"),
                connection={"browser_validate_certs": False, "ca_path": ca_path},
            )
        )
        (tmp_path / "clicks.yml").unlink()
        said = result["replay"] + result["live"]
        assert (result["proven"], result["open"], result["left_out"]) == (True, [], []), said
        assert press.refused == 1, "the wrong password was sent more than once"
        profile = yaml.safe_load((tmp_path / "profile.yml").read_text(encoding="utf-8"))
        assert profile["sign_in"]["method"] == scheme
        with driven.session(
            str(tmp_path / "profile.yml"), server.url, ca_path, username=USER, password=PASSWORD
        ) as one:
            one.write("set_value", driven.shows(value="East"), value="East")
        assert press.name == "East"
    encoded = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    for name in ("profile.yml", "fixture.har"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert [each for each in (PASSWORD, "wrong-password", encoded) if each in text] == [], name
