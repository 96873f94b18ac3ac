# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No answer holds a task longer than one exchange may take, however its bytes arrive; a killed run stops a wait."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    NotHttp,
    RunEnded,
    TimedOut,
    TransportError,
    Unreachable,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import PURPOSE, Purpose
from unit.web.scripted import Piece, Scripted

READ: dict[str, Any] = {PURPOSE: Purpose.READ}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def dripping(first: bytes, again: bytes, pause: float = 1.0) -> Iterator[Piece]:
    """``first`` at once, then ``again`` for ever."""
    if first:
        yield 0.0, first
    yield from itertools.repeat((pause, again))


ENDLESS = {
    "a header": dripping(b"HTTP/1.1 200 OK\r\n", b"X"),
    "the status line": iter([*((1.0, bytes([byte])) for byte in b"HTTP/1.1 200 OK"), (1e9, b"")]),
    "blank lines before the status line": dripping(b"\r\n", b"\r\n"),
    "the size of a chunk": dripping(CHUNKED, b"0"),
    "the extension of a chunk": dripping(CHUNKED + b"1;", b"e"),
    "chunks of one byte": dripping(CHUNKED, b"1\r\nx\r\n"),
    "a trailer": dripping(CHUNKED + b"1\r\nx\r\n0\r\n", b"X"),
    "a body": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", b"x"),
    "a body without length": dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "interim responses, slowly": dripping(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 2.0),
    "100, slowly": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 2.0),
    "nothing at all": iter([(1e9, b"late")]),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_that_does_not_end_ends_with_the_time_of_one_request(kind: str) -> None:
    scripted = Scripted(ENDLESS[kind], timeout=30.0)
    with pytest.raises(TimedOut, match="did not answer in time") as caught:
        scripted.client.get("", extensions=READ)
    assert 29 <= scripted.elapsed <= 31
    assert caught.value.may_have_arrived
    assert scripted.stream.closed


@pytest.mark.parametrize("deadline", [3.0, 12.0])
def test_the_deadline_of_the_task_is_kept_as_well(deadline: float) -> None:
    scripted = Scripted(dripping(b"HTTP/1.1 200 OK\r\n", b"X"), timeout=30.0, deadline=deadline)
    with pytest.raises(TimedOut):
        scripted.client.get("", extensions=READ)
    assert deadline <= scripted.elapsed <= deadline + 1


def test_a_slow_answer_within_the_time_is_read() -> None:
    scripted = Scripted([(0.5, OK[at : at + 1]) for at in range(len(OK))], timeout=30.0)
    assert scripted.client.get("", extensions=READ).text == "fine"
    assert scripted.elapsed == pytest.approx(len(OK) / 2)


@pytest.mark.parametrize("status", [b"103 Early Hints", b"100 Continue", b"102 Processing"])
def test_a_flood_of_interim_responses_is_no_http(status: bytes) -> None:
    """Fast enough to never wait: counted instead of timed."""
    scripted = Scripted(dripping(b"", b"HTTP/1.1 " + status + b"\r\nLink: </a>\r\n\r\n", 0.0))
    with pytest.raises(NotHttp, match="interim responses"):
        scripted.client.get("", extensions=READ)
    assert scripted.stream.reads < 100


def test_a_head_without_end_is_no_http() -> None:
    scripted = Scripted(dripping(b"HTTP/1.1 200 OK\r\n", b"X-Much: " + b"y" * 1000 + b"\r\n", 0.0))
    with pytest.raises(NotHttp, match="header is larger than"):
        scripted.client.get("", extensions=READ)
    assert scripted.stream.reads < 200


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\n", CHUNKED + b"5\r\nab"])
def test_a_wait_ends_when_the_run_is_over(begun: bytes) -> None:
    """Given a worker whose parent was killed while it waits for a byte, then it does not wait until its time is up."""
    checks: list[Purpose] = []

    def check_run(purpose: Purpose) -> None:
        checks.append(purpose)
        if len(checks) > 3:
            raise RunEnded("the run was killed", advice="Run again.")

    scripted = Scripted([(0.0, begun), (1e9, b"")] if begun else [(1e9, b"")], timeout=3600.0, check_run=check_run)
    with pytest.raises(TransportError, match="the run was killed") as caught:
        scripted.client.get("", extensions=READ)
    assert caught.value.may_have_arrived
    assert caught.value.advice == "Run again."
    assert scripted.elapsed <= 4
    assert set(checks) == {Purpose.READ}


@pytest.mark.parametrize(
    "cut", [b"", b"HTTP/1.1 2", OK[:-1], CHUNKED + b"5\r\nab", CHUNKED + b"2\r\nab\r\n", CHUNKED + b"5"]
)
def test_an_answer_that_is_cut_off_is_a_lost_connection(cut: bytes) -> None:
    scripted = Scripted([(0.0, cut)] if cut else [])
    with pytest.raises(Unreachable, match="closed the connection before its answer was complete") as caught:
        scripted.client.get("", extensions=READ)
    assert caught.value.may_have_arrived
    assert "check power" not in caught.value.advice.lower()


@pytest.mark.parametrize(
    "surplus",
    [
        OK + b"\r\n",
        OK + b" and more",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine0\r\n\r\n",
        CHUNKED + b"4\r\nfine\r\n0\r\n\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\n\r\nfine",
    ],
)
@pytest.mark.parametrize("cuts", [0, 1])
def test_a_connection_with_bytes_after_its_answer_is_not_used_again(surplus: bytes, cuts: int) -> None:
    """As of a server that announces too few bytes, or ends its pages by an empty line of its own."""
    pieces = [(0.1, surplus[: len(surplus) - cuts * 12]), (0.1, surplus[len(surplus) - cuts * 12 :])]
    scripted = Scripted([*(pieces if cuts else [(0.1, surplus)]), (0.1, OK)])
    scripted.client.get("", extensions=READ)
    assert scripted.client.get("", extensions=READ).text == "fine"
    assert scripted.stream.closed


@pytest.mark.parametrize("clean", [OK, CHUNKED + b"4\r\nfine\r\n0\r\n\r\n", b"HTTP/1.1 204 None\r\n\r\n"])
def test_a_connection_is_used_again(clean: bytes) -> None:
    scripted = Scripted([(0.1, clean[:-9]), (0.1, clean[-9:]), (0.1, OK)])
    scripted.client.get("", extensions=READ)
    assert scripted.client.get("", extensions=READ).text == "fine"
    assert not scripted.stream.closed


def test_two_answers_on_one_connection_are_both_read() -> None:
    scripted = Scripted([(0.1, OK), (0.1, b"HTTP/1.1 100 Continue\r\n\r\n" + OK)])
    assert [scripted.client.get("", extensions=READ).text for _time in range(2)] == ["fine", "fine"]
    assert scripted.stream.sent.count(b"GET / HTTP/1.1") == 2
