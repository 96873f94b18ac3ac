# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP's own sign-in, tokens, echoed headers and cookies, marks of an answer. Against a tiny real interface."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    AccountLocked,
    BadInput,
    SignInRefused,
    UnexpectedPage,
    Unsupported,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import needed_to_sign_out
from unit.web.loopback import Answer, Asked
from unit.web.tiny import PASSWORD, Bench, as_json, bench, build, html, profile_source

Behaviour = Callable[[Asked], Answer | None]

VALUE = '<title>Tiny</title><p id="value">old</p>'


@pytest.fixture
def tiny(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def source(method: str, **sign_in: Any) -> dict[str, Any]:
    made = profile_source()
    del made["sign_out"]
    made["sign_in"] = {
        "method": method,
        "steps": [{"get": "value"}],
        "signed_in": "ids.value",
        "refused": {"status": 401},
        **sign_in,
    }
    made["session_ended"] = {"status": 401}
    return made


# --- basic ---


def basic(asked: Asked) -> Answer | None:
    expected = "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    if asked.path == "/":
        return html("<title>Tiny</title>")
    if asked.headers.get("authorization") == expected:
        return html(VALUE)
    return html("<h1>401</h1>", {"WWW-Authenticate": 'Basic realm="tiny"'}, 401)


def test_basic_goes_with_every_request_but_not_to_what_is_not_recognised_yet(tiny: Bench) -> None:
    tiny.device.override = basic
    session = tiny.session(source("basic"))
    assert session.read("value").values["value"] == "old"
    assert tiny.asked == ["GET /", "GET /value", "GET /value"]
    assert "authorization" not in tiny.server.asked[0].headers


def test_a_later_task_needs_no_sign_in_for_it(tiny: Bench) -> None:
    tiny.device.override = basic
    tiny.session(source("basic")).read("value")
    tiny.session(source("basic")).read("value")
    assert tiny.asked == ["GET /", "GET /value", "GET /value", "GET /value"]


def test_a_wrong_password_is_told_by_the_status_and_sent_once(tiny: Bench) -> None:
    tiny.device.override = basic
    steps = [{"get": "value"}, {"get": "value", "query": {"again": 1}}]
    session = tiny.session(source("basic", steps=steps), password="wrong")
    for _again in range(2):
        with pytest.raises(SignInRefused, match="account admin"):
            session.read("value")
    assert tiny.asked == ["GET /", "GET /value"]


def test_an_account_that_is_locked_is_told_apart_by_the_page(tiny: Bench) -> None:
    def locked(asked: Asked) -> Answer | None:
        return html("<p>Account locked</p>", status=401) if asked.path == "/value" else basic(asked)

    tiny.device.override = locked
    locked_sign = {"status": 401, "when": "contains(text, 'locked')"}
    with pytest.raises(AccountLocked):
        tiny.session(source("basic", locked=locked_sign)).read("value")


def test_a_password_that_was_changed_meanwhile_is_refused(tiny: Bench) -> None:
    tiny.device.override = basic
    session = tiny.session(source("basic"))
    session.read("value")
    tiny.device.override = lambda asked: html("<title>Tiny</title>", status=200 if asked.path == "/" else 401)
    with pytest.raises(SignInRefused):
        session.read("value")


def test_what_a_sign_out_needs_is_known(tiny: Bench) -> None:
    made = source("basic")
    assert needed_to_sign_out(build(made)) == set()
    made["sign_out"] = {"steps": [{"get": "logout"}]}
    assert needed_to_sign_out(build(made)) == {"username", "password"}
    form = profile_source()
    form["headers"] = {"X-User": "${username}"}
    assert needed_to_sign_out(build(form)) == {"username"}


def test_an_interface_may_be_recognised_by_what_it_asks_for(tiny: Bench) -> None:
    def all_closed(asked: Asked) -> Answer | None:
        return basic(Asked(asked.method, "/value", asked.headers, asked.body))

    tiny.device.override = all_closed
    made = source("basic")
    sign: dict[str, Any] = {"status": 401, "headers": {"www-authenticate": 'realm="tiny"'}, "points": 1}
    made["match"] = {"steps": [{"get": "", "ok": [401]}], "signs": [sign], "enough": 1}
    assert tiny.session(made).read("value").values["value"] == "old"
    for other in ({"www-authenticate": 'realm="huge"'}, {"X-Other": "."}):
        sign["headers"] = other
        with pytest.raises(Unsupported, match="no credentials were sent"):
            tiny.session(made, password="other").read("value")


# --- digest ---


class Digest:
    """A server of RFC 7616 that looks at every field; each nonce is good for ``uses`` requests."""

    def __init__(self, uses: int = 100) -> None:
        self.uses = uses
        self.left: dict[str, int] = {}
        self.attempts = 0
        self.redirect = False

    def __call__(self, asked: Asked) -> Answer | None:
        if asked.path == "/":
            return html("<title>Tiny</title>")
        found = dict(re.findall(r'(\w+)="?([^",]+)"?', asked.headers.get("authorization", "")))
        if found:
            self.attempts += 1
        if not found or found["nonce"] not in self.left or self.left[found["nonce"]] <= 0:
            return self._challenge(stale=bool(found))
        ha1 = self._hash(f"admin:tiny:{PASSWORD}")
        ha2 = self._hash(f"{asked.method}:{found['uri']}")
        middle = f"{found['nonce']}:{found['nc']}:{found['cnonce']}:{found['qop']}"
        if found["uri"] != asked.path or found["response"] != self._hash(f"{ha1}:{middle}:{ha2}"):
            return self._challenge()
        self.left[found["nonce"]] -= 1
        if self.redirect and asked.path == "/value":
            return Answer(302, {"Location": "/value?there"})
        return html(VALUE)

    @staticmethod
    def _hash(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    def _challenge(self, *, stale: bool = False) -> Answer:
        nonce = f"nonce{len(self.left)}"
        self.left[nonce] = self.uses
        header = f'Digest realm="tiny", qop="auth", algorithm=SHA-256, nonce="{nonce}", stale={str(stale).lower()}'
        return html("<h1>401</h1>", {"WWW-Authenticate": header}, 401)


def test_digest_signs_every_request_and_asks_once_for_the_nonce(tiny: Bench) -> None:
    server = tiny.device.override = Digest()
    session = tiny.session(source("digest"))
    session.read("value")
    session.read("value")
    assert tiny.asked == ["GET /", "GET /value", "GET /value", "GET /value", "GET /value"]
    assert server.attempts == 3


def test_digest_renews_a_stale_nonce(tiny: Bench) -> None:
    tiny.device.override = Digest(uses=1)
    session = tiny.session(source("digest"))
    for _again in range(3):
        assert session.read("value").values["value"] == "old"


def test_digest_signs_each_address_that_it_is_redirected_to(tiny: Bench) -> None:
    server = tiny.device.override = Digest()
    server.redirect = True
    assert tiny.session(source("digest")).read("value").values["value"] == "old"


def test_a_wrong_password_is_sent_once_by_digest(tiny: Bench) -> None:
    server = tiny.device.override = Digest()
    with pytest.raises(SignInRefused):
        tiny.session(source("digest"), password="wrong").read("value")
    assert server.attempts == 1


# --- tokens in JSON ---


def token_source() -> dict[str, Any]:
    step = {
        "send": "POST",
        "path": "api/login",
        "json": {"user": "${username}", "password": "${password}"},
        "keep": {"token": "data.token"},
    }
    made = source("token", steps=[step], signed_in="data.token", locked={"status": 423})
    made["headers"] = {"Authorization": "Bearer ${token}"}
    made["sign_out"] = {"steps": [{"send": "DELETE", "path": "api/login"}]}
    return made


def tokens(asked: Asked) -> Answer | None:
    if asked.path == "/api/login" and asked.method == "POST":
        right = json.loads(asked.body) == {"user": "admin", "password": PASSWORD}
        return as_json({"data": {"token": "secret-token"}}) if right else as_json({"error": "bad"}, 401)
    if asked.path == "/":
        return html("<title>Tiny</title>")
    return html(VALUE) if asked.headers.get("authorization") == "Bearer secret-token" else html("", status=401)


def test_a_token_is_asked_for_in_json_and_carried(tiny: Bench) -> None:
    tiny.device.override = tokens
    session = tiny.session(token_source())
    assert session.read("value").values["value"] == "old"
    assert tiny.asked == ["GET /", "POST /api/login", "GET /value"]
    assert session.secrets() == {"secret-token"}


def test_a_refused_token_is_told_by_its_status(tiny: Bench) -> None:
    tiny.device.override = tokens
    with pytest.raises(SignInRefused):
        tiny.session(token_source(), password="wrong").read("value")
    tiny.device.override = lambda asked: as_json({}, 423) if "login" in asked.path else tokens(asked)
    with pytest.raises(AccountLocked):
        tiny.session(token_source(), password="other").read("value")


def test_a_token_that_is_missing_is_no_sign_in(tiny: Bench) -> None:
    tiny.device.override = lambda asked: as_json({"data": {}}) if "login" in asked.path else tokens(asked)
    with pytest.raises(UnexpectedPage, match="the field 'token' is missing"):
        tiny.session(token_source()).read("value")


# --- nobody signs in ---


def test_an_interface_without_sign_in_is_read_once_it_is_recognised(tiny: Bench) -> None:
    tiny.device.override = lambda asked: html(VALUE)
    made = source("none")
    assert tiny.session(made).read("value").values["value"] == "old"
    assert tiny.asked == ["GET /", "GET /value"]
    tiny.device.override = lambda asked: html("<title>Router</title>")
    with pytest.raises(Unsupported):
        tiny.session(made, password="x").read("value")


# --- what is echoed ---


def echoing(asked: Asked) -> Answer | None:
    """Wants its header echoed, else 409 with it; and its cookie in another header."""
    if asked.path == "/":
        return html("<title>Tiny</title>", {"Set-Cookie": "xsrf=c00kie; Path=/"})
    if asked.headers.get("x-session") != "s-12345":
        return html("<h1>409</h1>", {"X-Session": "s-12345"}, 409)
    return html(VALUE) if asked.headers.get("x-xsrf") == "c00kie" else html("no", status=403)


def echo_source() -> dict[str, Any]:
    first = {"get": "value", "ok": [409], "keep_headers": {"session_id": "x-session"}}
    second = {"get": "value", "headers": {"X-Session": "${session_id}", "X-Xsrf": "${xsrf}"}}
    made = source("form", steps=[first, second])
    made["match"]["steps"] = [{"get": "", "keep_cookies": {"xsrf": "xsrf"}}]
    made["headers"] = {"X-Session": "${session_id}", "X-Xsrf": "${xsrf}"}
    made["session_ended"] = [{"status": 409, "headers": {"X-Session": "."}}, "forms[?name=='login']"]
    return made


def test_a_header_and_a_cookie_are_echoed(tiny: Bench) -> None:
    tiny.device.override = echoing
    session = tiny.session(echo_source())
    assert session.read("value").values["value"] == "old"
    assert session.state.kept == {"xsrf": "c00kie", "session_id": "s-12345"}
    assert session.secrets() == {"c00kie", "s-12345"}


def test_a_session_that_was_forgotten_is_opened_again_by_any_of_its_signs(tiny: Bench) -> None:
    tiny.device.override = echoing
    session = tiny.session(echo_source())
    session.read("value")
    asked: list[Asked] = []

    def forgetful(one: Asked) -> Answer | None:
        asked.append(one)
        return html("<h1>409</h1>", {"X-Session": "s-12345"}, 409) if len(asked) == 1 else echoing(one)

    tiny.device.override = forgetful
    assert session.read("value").values["value"] == "old"
    assert len(asked) == 5


@pytest.mark.parametrize(
    ("key", "what"), [("keep_headers", "has no header 'x-nosuch'"), ("keep_cookies", "there is no cookie 'x-nosuch'")]
)
def test_what_there_is_not_cannot_be_kept(tiny: Bench, key: str, what: str) -> None:
    tiny.device.override = lambda asked: html(VALUE)
    with pytest.raises(UnexpectedPage, match=what):
        tiny.session(source("form", steps=[{"get": "value", key: {"it": "x-nosuch"}}])).read("value")


def test_a_step_that_was_left_out_keeps_nothing_and_that_is_told(tiny: Bench) -> None:
    tiny.device.override = lambda asked: html(VALUE)
    made = source("none")
    made["read"]["value"]["steps"] = [
        {"get": "value"},
        {"get": "more", "when": "ids.never", "keep": {"it": "ids.value"}},
        {"get": "value", "query": {"it": "${it}"}},
    ]
    with pytest.raises(BadInput, match=r"read\.value of profile tiny: read\.value\.steps\.2: nothing was .* \$\{it\}"):
        tiny.session(made).read("value")
