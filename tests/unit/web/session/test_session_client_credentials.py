# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in with OAuth 2.0 client credentials: one token, one attempt. Against a tiny real interface."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    PrismaError,
    SignInRefused,
    UnexpectedPage,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from unit.web.loopback import Answer, Asked
from unit.web.tiny import PASSWORD, Bench, as_json, bench, html, profile_source

HOME: dict[str, Any] = {
    "sign_in": {"method": "client_credentials", "token": "token", "scope": "devices"},
    "headers": {"Authorization": "Bearer ${access_token}"},
    "session_ended": {"status": 401},
}


@pytest.fixture
def tiny(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def oauth_source() -> dict[str, Any]:
    source = {**profile_source(), **HOME}
    del source["sign_out"]
    return source


def oauth_session(tiny: Bench, answer: Answer) -> Any:
    def behaviour(asked: Asked) -> Answer | None:
        if asked.path == "/token":
            return answer
        return html('<p id="value">of a token</p>') if asked.path == "/value" else None

    tiny.device.override = behaviour
    session = tiny.session(oauth_source())
    session._variables.update(client_id="robot", client_secret=PASSWORD)
    return session


def test_a_token_is_fetched_once_and_carried(tiny: Bench) -> None:
    session = oauth_session(tiny, as_json({"access_token": "t-0123456789", "token_type": "Bearer", "expires_in": 60}))
    session.read("value")
    session.read("value")
    assert tiny.asked == ["GET /", "POST /token", "GET /value", "GET /value"]
    assert tiny.server.asked[1].body == b"grant_type=client_credentials&scope=devices"
    assert tiny.server.asked[1].headers["authorization"].startswith("Basic ")
    assert tiny.server.asked[2].headers["authorization"] == "Bearer t-0123456789"
    assert session.secrets() == {"t-0123456789"}


@pytest.mark.parametrize("code", ["invalid_client", "unauthorized_client"])
def test_refused_client_credentials_are_not_sent_again(tiny: Bench, code: str) -> None:
    session = oauth_session(tiny, as_json({"error": code}, 401))
    for _attempt in range(2):
        with pytest.raises(SignInRefused, match="client admin"):
            session.open()
    assert tiny.asked.count("POST /token") == 1


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_token_endpoint_that_redirects_gets_the_secret_once(tiny: Bench, status: int) -> None:
    session = oauth_session(tiny, Answer(status, {"Location": "/token"}))
    for _task in range(2):
        with pytest.raises(PrismaError, match=f"gave client admin no token: missing_token .status {status}"):
            session.open()
    assert tiny.asked.count("POST /token") == 1


def test_a_refused_secret_is_kept_whatever_came_with_it(tiny: Bench) -> None:
    tiny.store = SharedStore(slots=4)
    answer = as_json({"error": "invalid_client", "error_description": "z" * 100_000}, 401)
    answer.headers["Set-Cookie"] = "c=" + "v" * 4000
    for _task in range(3):
        session = oauth_session(tiny, answer)
        with pytest.raises(SignInRefused):
            session.open()
    assert tiny.asked.count("POST /token") == 1


@pytest.mark.parametrize(
    "answer",
    [
        html("<h1>Bad gateway</h1>", status=500),
        html("<h1>Welcome</h1>"),
        html("", status=404),
        as_json([1]),
        as_json("text"),
        as_json(None),
        as_json({}),
        as_json({"token_type": "Bearer"}),
        as_json({"error": "server_error"}, 500),
        as_json({"access_token": "t", "expires_in": "soon"}),
        Answer(200, {"Content-Type": "application/json"}, b"{"),
    ],
)
def test_an_endpoint_that_is_broken_is_no_refusal(tiny: Bench, answer: Answer) -> None:
    session = oauth_session(tiny, answer)
    with pytest.raises(UnexpectedPage) as caught:
        session.open()
    assert PASSWORD not in str(caught.value)
