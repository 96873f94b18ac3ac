# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A password or secret is sent once, to the place it is meant for: no redirect sends it again."""

from __future__ import annotations

import ssl
from typing import Any

import httpx
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import ForbiddenRedirect, UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    MAX_URL,
    PURPOSE,
    REPEATABLE,
    SECRET,
    ClientOptions,
    Purpose,
    make_client,
)
from unit.web.loopback import Answer, Asked, serve

SIGN_IN: dict[str, Any] = {PURPOSE: Purpose.SIGN_IN, REPEATABLE: False, SECRET: True}
READ: dict[str, Any] = {PURPOSE: Purpose.READ}
WRITE: dict[str, Any] = {PURPOSE: Purpose.WRITE, REPEATABLE: True, SECRET: True}


@pytest.mark.parametrize("auth", [None, httpx.BasicAuth("admin", "other")])
@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize("extensions", [SIGN_IN, WRITE])
def test_a_redirect_that_repeats_the_post_is_not_followed(
    status: int, extensions: dict[str, Any], auth: httpx.Auth | None
) -> None:
    def behaviour(asked: Asked) -> Answer:
        return Answer(status, {"Location": f"{asked.path}x"})

    with serve(behaviour) as server, make_client(ClientOptions(server.url)) as client:
        with pytest.raises(UnexpectedPage, match="would send the password once more") as caught:
            client.exchange("POST", "login", auth=auth, content=b"p=pass-word", extensions={**extensions})
        assert server.paths == ["/login"]
    assert "the step's own in the profile" in caught.value.advice
    assert "pass-word" not in f"{caught.value}{caught.value.details}"


STALE = 'Digest realm="r", nonce="{}", qop="auth", algorithm=SHA-256, stale=true'


def test_a_write_with_a_password_is_signed_anew_for_a_stale_nonce() -> None:
    """Digest, RFC 7616, 3.3: the server has refused the request itself, and did nothing."""

    def behaviour(asked: Asked) -> Answer:
        stale = "fresh" not in asked.headers.get("authorization", "")
        return Answer(401, {"WWW-Authenticate": STALE.format("fresh")}) if stale else Answer(body=asked.body)

    with serve(behaviour) as server, make_client(ClientOptions(server.url)) as client:
        auth = httpx.DigestAuth("admin", "other")
        assert client.exchange("POST", "proxy", auth=auth, content=b"p=1", extensions={**WRITE}).text == "p=1"
        assert [each.body for each in server.asked] == [b"p=1", b"p=1"]


@pytest.mark.parametrize("status", [401, 307])
def test_a_sign_in_is_not_sent_again_to_the_same_address(status: int) -> None:
    def behaviour(asked: Asked) -> Answer:
        return Answer(status, {"WWW-Authenticate": STALE.format("n"), "Location": asked.path})

    with serve(behaviour) as server, make_client(ClientOptions(server.url)) as client:
        auth = httpx.DigestAuth("admin", "other")
        with pytest.raises(UnexpectedPage):
            client.exchange("POST", "login", auth=auth, content=b"p", extensions={**SIGN_IN})
        assert server.paths == ["/login"]


def test_a_write_with_a_password_follows_no_redirect_to_its_own_address() -> None:
    with (
        serve(lambda asked: Answer(307, {"Location": asked.path})) as server,
        make_client(ClientOptions(server.url)) as client,
    ):
        with pytest.raises(UnexpectedPage, match="would send the password once more"):
            client.exchange("POST", "proxy", auth=None, content=b"p", extensions={**WRITE})
        assert server.paths == ["/proxy"]


@pytest.mark.parametrize("redirected", [False, True])
def test_another_host_is_told_no_path_of_the_page_before(
    redirected: bool, server_tls: ssl.SSLContext, ca_path: str
) -> None:
    """The page before may be the registration's; browsers send its origin (strict-origin-when-cross-origin)."""
    with (
        serve(lambda asked: Answer(), server_tls) as provider,
        serve(lambda asked: Answer(302, {"Location": f"{provider.url}in"}), server_tls) as cloud,
        make_client(
            ClientOptions(cloud.url, ca_path=ca_path, sign_in_hosts=frozenset({f"127.0.0.1:{provider.port}"}))
        ) as client,
    ):
        page = f"{cloud.url}register/made-up-code"
        url = cloud.url if redirected else provider.url
        without_secret = {**SIGN_IN, SECRET: False}
        client.exchange("GET", url, auth=None, headers={"Referer": page}, extensions=without_secret)
        assert [each.headers["referer"] for each in cloud.asked] == [page] * redirected
        assert [each.headers["referer"] for each in provider.asked] == [cloud.url]


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_to_a_page_is_followed_without_the_password(status: int) -> None:
    def behaviour(asked: Asked) -> Answer:
        return Answer(status, {"Location": "/home"}) if asked.method == "POST" else Answer(body=b"home")

    with serve(behaviour) as server, make_client(ClientOptions(server.url)) as client:
        answer = client.exchange("POST", "login", auth=None, content=b"p=pass-word", extensions={**SIGN_IN})
        assert answer.text == "home"
        assert [(each.method, each.body) for each in server.asked] == [("POST", b"p=pass-word"), ("GET", b"")]


def test_after_a_page_the_password_is_not_sent_again_by_a_later_redirect() -> None:
    """303 to a page that answers 307: that is a GET by then, which carries no password."""

    def behaviour(asked: Asked) -> Answer:
        if asked.path == "/end":
            return Answer(body=b"end")
        return Answer(
            303 if asked.method == "POST" else 307, {"Location": "/mid" if asked.method == "POST" else "/end"}
        )

    with serve(behaviour) as server, make_client(ClientOptions(server.url)) as client:
        assert client.exchange("POST", "login", auth=None, content=b"p", extensions={**SIGN_IN}).text == "end"
        assert [each.body for each in server.asked] == [b"p", b"", b""]


@pytest.mark.parametrize("status", [307, 308])
def test_a_post_without_a_secret_is_redirected_as_ever(status: int) -> None:
    def behaviour(asked: Asked) -> Answer:
        return Answer(status, {"Location": "/there"}) if asked.path == "/search" else Answer(body=asked.body)

    with serve(behaviour) as server, make_client(ClientOptions(server.url)) as client:
        assert client.post("search", content=b"q=1", extensions=READ).text == "q=1"


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_password_goes_to_the_sign_in_host_only(status: int, server_tls: ssl.SSLContext, ca_path: str) -> None:
    """Given a provider that asks for the password, and redirects it back to the site: it is not sent there."""
    with serve(lambda asked: Answer(), server_tls) as site:

        def behaviour(asked: Asked) -> Answer:
            return Answer(status, {"Location": f"{site.url}callback"})

        with serve(behaviour, server_tls) as provider:
            hosts = frozenset({f"127.0.0.1:{provider.port}"})
            with make_client(ClientOptions(site.url, ca_path=ca_path, sign_in_hosts=hosts)) as client:
                with pytest.raises(ForbiddenRedirect, match="asks for the password itself"):
                    client.exchange("POST", "login", auth=None, content=b"p", extensions={**SIGN_IN})
                assert site.asked == []
                if status == 302:
                    client.exchange("POST", f"{provider.url}in", auth=None, content=b"p", extensions={**SIGN_IN})
                else:
                    with pytest.raises(UnexpectedPage):
                        client.exchange("POST", f"{provider.url}in", auth=None, content=b"p", extensions={**SIGN_IN})
            assert [each.body for each in provider.asked] == [b"p"]
            assert all(each.body == b"" for each in site.asked)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_token_endpoint_redirects_nobody(status: int) -> None:
    """RFC 6749 knows no redirect there, and one by GET would carry the secret in its Authorization header."""
    with (
        serve(lambda asked: Answer(status, {"Location": "/other"})) as server,
        make_client(ClientOptions(server.url)) as client,
    ):
        auth = httpx.BasicAuth("robot", "secret")
        answer = client.exchange_once("POST", "token", auth=auth, content=b"", extensions={**SIGN_IN})
        assert (answer.status_code, server.paths) == (status, ["/token"])


@pytest.mark.parametrize("length", [MAX_URL, MAX_URL + 1])
def test_an_address_beyond_all_measure_is_not_requested(length: int) -> None:
    with (
        serve(lambda asked: Answer(body=b"ok")) as server,
        make_client(ClientOptions(server.url)) as client,
    ):
        path = "a" * (length - 1)
        if length > MAX_URL:
            with pytest.raises(UnexpectedPage, match=f"an address of {length} characters"):
                client.get(path, extensions=READ)
        else:
            client.get(path, extensions=READ)
        assert len(server.asked) == (length <= MAX_URL)


def test_a_redirect_to_such_an_address_is_not_followed_and_not_quoted() -> None:
    with (
        serve(lambda asked: Answer(302, {"Location": "/" + "z" * 30_000})) as server,
        make_client(ClientOptions(server.url)) as client,
        pytest.raises(UnexpectedPage) as caught,
    ):
        client.get("", extensions=READ)
    assert len(server.asked) == 1
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("base_url", ["https://user:pass-word@p1.example.com/", "https://user:pass-word@p1:port/"])
def test_a_base_url_that_holds_a_password_is_not_quoted(base_url: str) -> None:
    with pytest.raises(Exception, match="The base URL") as caught:
        make_client(ClientOptions(base_url))
    assert "pass-word" not in f"{caught.value}{vars(caught.value)}"


def test_a_header_that_cannot_be_sent_is_not_quoted() -> None:
    with (
        serve(lambda asked: Answer()) as server,
        make_client(ClientOptions(server.url, retries=0)) as client,
        pytest.raises(Exception, match="a header of the request has characters") as caught,
    ):
        client.get("", headers={"Authorization": "Bearer pass-word\n"}, extensions=READ)
    assert "pass-word" not in str(caught.value)
