# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers as embedded web servers write them: read where a browser reads them, otherwise said, and never quoted."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import NotHttp, PrismaError, UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    ClientOptions,
    Purpose,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.head import HeadFilter, MalformedHead, corrected
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from hypothesis import given
from hypothesis import strategies as st

FIXTURES = Path(__file__).parents[3] / "fixtures" / "browser"
READ: dict[str, Any] = {PURPOSE: Purpose.READ}
CASES = {case["name"]: case for case in yaml.safe_load((FIXTURES / "answers.yml").read_text("utf-8"))}
REFUSED = {
    "chunked, LF only": "chunks do not end in CRLF",
    "gzip cut off": "cut off",
}
"""What Chromium shows and this collection refuses, because a part may be missing; and what it says."""


@contextmanager
def raw(answer: bytes) -> Iterator[str]:
    """Answer one request with these bytes, and close."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    thread.join(10)


def fetch(answer: bytes) -> str:
    """The title of the page that ``answer`` is read as."""
    with raw(answer) as url, make_client(ClientOptions(url, retries=0, timeout=10)) as client:
        response = client.get("", extensions=READ)
    page = read_page(response.content, response.headers.get("content-type"), url)
    return str(page.data["title"])


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["browser"] and name not in REFUSED])
def test_what_a_browser_shows_is_read(name: str) -> None:
    assert fetch(CASES[name]["raw"].encode("latin-1")) == CASES[name]["browser"]["title"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case["browser"] or name in REFUSED])
def test_what_no_browser_shows_is_an_error_that_is_no_defect(name: str) -> None:
    with pytest.raises(PrismaError, match=REFUSED.get(name)) as caught:
        fetch(CASES[name]["raw"].encode("latin-1"))
    if CASES[name]["browser"]:
        assert caught.value.outcome != "unreachable"


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"\x15\x03\x03\x00\x02\x02\x28", "does not begin with a status line"),
        (b"SSH-2.0-dropbear\r\n", "does not begin with a status line"),
        (b"HTTP/1.1 OK\r\n\r\n", "status line is malformed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok", "Content-Length is malformed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", "two different lengths"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n\r\n", "size of a chunk is malformed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n", "chunk is longer than its size"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "Transfer-Encoding is unknown"),
    ],
)
def test_something_else_that_answers_is_said_to_answer(answer: bytes, what: str) -> None:
    with pytest.raises(NotHttp, match=rf"answers, but not as HTTP: .*{what}") as caught:
        fetch(answer)
    assert "Check the port" in caught.value.advice
    assert caught.value.may_have_arrived


SECRETS = (b"made-up-session-0123456789", b"made-up-register-code-42")


@pytest.mark.parametrize(
    "line",
    [
        b"Set-Cookie : sid=made-up-session-0123456789",
        b"Set Cookie: sid=made-up-session-0123456789",
        b"Set-Cookie sid=made-up-session-0123456789",
        b"Set-Cookie: a=b\x00; sid=made-up-session-0123456789",
        b"Location : https://home.example.com/register/made-up-register-code-42",
        b"Location https://home.example.com/register/made-up-register-code-42",
        b"Content-Length: made-up-register-code-42",
        b"Transfer-Encoding: made-up-register-code-42",
        b"Content-Encoding: br, made-up-register-code-42",
    ],
)
@pytest.mark.parametrize(
    "status", [b"HTTP/1.1 200 OK", b"HTTP/1.1 302 Found", b"HTTP/1.1 2OO made-up-session-0123456789"]
)
def test_no_byte_of_a_malformed_answer_is_quoted(status: bytes, line: bytes) -> None:
    with (
        raw(status + b"\r\n" + line + b"\r\nContent-Type: text/html\r\n\r\n") as url,
        make_client(ClientOptions(url, retries=0, timeout=10)) as client,
    ):
        said = ""
        try:
            client.get("", extensions=READ, follow_redirects=False)
        except PrismaError as error:
            said = f"{error} {error.advice} {error.details}"
    assert not any(secret.decode() in said for secret in SECRETS)


def test_an_address_that_is_none_is_not_quoted() -> None:
    location = b"Location: http://127.0.0.1:made-up-register-code-42/"
    with (
        raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n" + location + b"\r\n\r\n") as url,
        make_client(ClientOptions(url, retries=0, timeout=10)) as client,
        pytest.raises(UnexpectedPage, match="redirects to something that is not an address") as caught,
    ):
        client.get("", extensions=READ)
    assert "made-up" not in str(caught.value)


def test_a_blank_before_the_colon_does_not_lose_the_cookie() -> None:
    with (
        raw(b"HTTP/1.1 200 OK\r\nSet-Cookie : sid=abc\r\nContent-Length: 0\r\n\r\n") as url,
        make_client(ClientOptions(url, retries=0)) as client,
    ):
        client.get("", extensions=READ)
        assert [(cookie.name, cookie.value) for cookie in client.jar] == [("sid", "abc")]


TOKEN = st.from_regex(rb"[A-Za-z][A-Za-z0-9-]{0,10}", fullmatch=True)
VALUE = st.from_regex(rb"[!-~]([ -~]{0,20}[!-~])?", fullmatch=True)


@given(st.lists(st.tuples(TOKEN, VALUE).filter(lambda pair: pair[0].lower() != b"transfer-encoding"), max_size=8))
def test_a_head_that_is_right_stays_as_it_is(headers: list[tuple[bytes, bytes]]) -> None:
    head = b"\r\n".join([b"HTTP/1.1 404 Not Found", *(name + b": " + value for name, value in headers)])
    assert corrected(head) == (head + b"\r\n\r\n", 404)


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), min_size=1, max_size=40))
def test_where_the_bytes_are_cut_makes_no_difference(body: bytes, sizes: list[int]) -> None:
    head = b"HTTP/1.1 100 Continue\r\n\r\nhttp/1.1 200 OK\nA : b\nContent-Length: 9\n\n"

    def fed(pieces: list[bytes]) -> bytes:
        reading = HeadFilter()
        reading.expect()
        return b"".join(reading.feed(piece) for piece in pieces)

    whole, pieces, at = head + body, [], 0
    for size in sizes:
        pieces.append(whole[at : at + size])
        at += size
    pieces.append(whole[at:])
    expected = b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 9\r\n\r\n" + body
    assert fed([whole]) == expected
    assert fed([piece for piece in pieces if piece]) == expected


@given(st.binary(min_size=1, max_size=200))
def test_no_bytes_are_a_defect(data: bytes) -> None:
    reading = HeadFilter()
    reading.expect()
    with contextlib.suppress(MalformedHead):
        reading.feed(data)
        reading.feed(b"")
