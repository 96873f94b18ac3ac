# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cookies are sent back where Chromium sends them back (tests/fixtures/browser/cookies.yml), and nowhere else."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    ClientOptions,
    Purpose,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.cookies import (
    MAX_COOKIE,
    MAX_COOKIES,
    Cookie,
    CookieJar,
    parsed,
)
from hypothesis import given
from hypothesis import strategies as st
from unit.web.loopback import Answer, Asked, FakeTime, serve

FIXTURES = Path(__file__).parents[3] / "fixtures" / "browser"
READ: dict[str, Any] = {PURPOSE: Purpose.READ}
CASES = {case["name"]: case for case in yaml.safe_load((FIXTURES / "cookies.yml").read_text("utf-8"))}
URL = httpx.URL("https://press-01.example.com/cgi-bin/first")


def sent(header: str, *, host: str = "press-01.example.com", to: str = "/cgi-bin/next", scheme: str = "https") -> Any:
    """The Cookie header of a request to ``to`` after ``header`` came from /cgi-bin/first."""
    jar = CookieJar()
    jar.store(httpx.URL(f"{scheme}://{host}/cgi-bin/first"), [header.encode("latin-1")])
    found = jar.header_for(httpx.URL(f"{scheme}://{host}{to}"))
    return None if found is None else found.decode("latin-1")


@pytest.mark.parametrize("name", CASES)
def test_as_chromium(name: str) -> None:
    case = CASES[name]
    assert sent(case["header"], host=case["host"]) == case["browser"]


@pytest.mark.parametrize(
    ("header", "cookie"),
    [
        ("sid=a; Max-Age=-1", None),
        ("sid=a; Max-Age=+5", "sid=a"),
        ("sid=a; Max-Age=1e3", "sid=a"),
        ("sid=a; Max-Age=99999999999999999999", "sid=a"),
        ("sid=a; expires=Sun, 06 Nov 1994 08:49:37 GMT", None),
        ("sid=a; expires=Sunday, 06-Nov-94 08:49:37 GMT", None),
        ("sid=a; Expires=Thu, 01-Jan-69 00:00:00 GMT", "sid=a"),  # 2069
        ("sid=a; Expires=32 Foo 2000 99:99:99", "sid=a"),
        ("sid=a; Expires=Thu, 30 Feb 2000 00:00:00 GMT", "sid=a"),
        ("sid=a; domain=.example.com", "sid=a"),
        ("sid=a; Domain=example.com; Domain=", "sid=a"),
        ("sid=a; Domain=ample.com", None),
        ("sid=a; path=/CGI-BIN", None),
        ("sid=a; Path=/; Path=nothing", "sid=a"),
        ("sid=a;;;  ; =; HttpOnly", "sid=a"),
        ("=a", "a"),
        ("", None),
        ("=", None),
        ("sid=a\x01b", None),
        ("sid=\xe9", "sid=\xe9"),
        (f"sid={'x' * MAX_COOKIE}", None),
    ],
)
def test_odd_headers(header: str, cookie: str | None) -> None:
    assert sent(header) == cookie


@pytest.mark.parametrize("host", ["192.0.2.1", "[2001:db8::1]", "localhost", "press-01"])
def test_a_host_without_a_domain_may_name_itself_only(host: str) -> None:
    bare = host.strip("[]")
    assert sent(f"sid=a; Domain={bare}", host=host) == "sid=a"
    assert sent("sid=a; Domain=2.1", host="192.0.2.1") is None


def test_a_secure_cookie_is_not_sent_in_the_clear() -> None:
    assert sent("sid=a; Secure") == "sid=a"
    assert sent("sid=a; Secure", scheme="http") is None


def test_longer_paths_come_first_and_a_later_value_replaces_an_earlier_one() -> None:
    jar = CookieJar()
    jar.store(URL, [b"a=1; Path=/", b"b=2; Path=/cgi-bin", b"a=3; Path=/"])
    assert jar.header_for(URL) == b"b=2; a=3"


def test_a_cookie_ends_when_it_says() -> None:
    fake = FakeTime()
    jar = CookieJar(clock=fake.clock)
    jar.store(URL, [b"a=1; Max-Age=60", b"b=2"])
    fake.now += 59
    assert jar.header_for(URL) == b"a=1; b=2"
    fake.now += 1
    assert jar.header_for(URL) == b"b=2"
    assert [cookie.name for cookie in jar] == ["b"]


def test_a_deleted_cookie_is_gone() -> None:
    jar = CookieJar()
    jar.store(URL, [b"old=x; Path=/", b"old=deleted; Path=/; Expires=Thu, 01-Jan-70 00:00:00 GMT"])
    assert jar.header_for(URL) is None


def test_cookies_without_end_do_not_fill_the_memory() -> None:
    jar = CookieJar()
    jar.store(URL, [f"c{number}=x".encode() for number in range(10_000)])
    assert [cookie.name for cookie in jar][-1] == "c9999"
    assert len(list(jar)) == MAX_COOKIES


def test_a_cookie_of_another_host_in_a_session_file_is_not_sent() -> None:
    jar = CookieJar()
    jar.add(Cookie("a", "1", "other.example.com"))
    jar.add(Cookie("b", "2", ".example.com"))
    jar.add(Cookie("c", "3", "press-01.example.com", path="/cgi"))
    assert jar.header_for(URL) == b"b=2"


@given(st.text(max_size=60), st.sampled_from([URL, httpx.URL("https://localhost/"), httpx.URL("https://[::1]/a")]))
def test_no_header_is_a_defect_and_none_is_for_another_host(header: str, url: httpx.URL) -> None:
    cookie = parsed(header, url, 0.0)
    if cookie is not None:
        assert cookie.is_of(url.host)
        assert not cookie.is_of("elsewhere.example.org")


def test_the_client_sends_them_through_redirects_and_keeps_bytes(server_tls: ssl.SSLContext, ca_path: str) -> None:
    def behaviour(asked: Asked) -> Answer:
        if asked.path == "/login":
            return Answer(302, {"Location": "/home", "Set-Cookie": "sid=a\xe9; Path=/"})
        return Answer()

    with serve(behaviour, server_tls) as server, make_client(ClientOptions(server.url, ca_path=ca_path)) as client:
        changed = [client.jar.changed]
        client.get("login", extensions=READ)
        changed.append(client.jar.changed)
        assert changed == [False, True]
        client.get("again", extensions=READ)
        assert [each.headers.get("cookie") for each in server.asked] == [None, "sid=a\xe9", "sid=a\xe9"]
        client.jar.clear()
        client.get("last", extensions=READ)
        assert "cookie" not in server.asked[-1].headers
