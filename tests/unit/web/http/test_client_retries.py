# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is repeated, how long is waited, and what is known of a request that failed: whether it may have arrived."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    Busy,
    ForbiddenRedirect,
    PrismaError,
    RunEnded,
    TimedOut,
    TlsHandshakeFailed,
    UnexpectedPage,
    Unreachable,
    UntrustedCertificate,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    REPEATABLE,
    ClientOptions,
    Deadline,
    Purpose,
    make_client,
)
from unit.web.loopback import Answer, Asked, Behaviour, FakeTime, serve

READ: dict[str, Any] = {PURPOSE: Purpose.READ}
WRITE: dict[str, Any] = {PURPOSE: Purpose.WRITE}
OK = Answer(body=b"fine")


def in_turn(*answers: Answer) -> Behaviour:
    """The first answer to the first request, and so on; the last one to all others."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def timed(url: str, fake: FakeTime, seconds: float | None = 100, **more: Any) -> ClientOptions:
    return ClientOptions(url, deadline=Deadline(seconds, clock=fake.clock, sleep=fake.sleep), **more)


@pytest.mark.parametrize("first", [Answer(429), Answer(502), Answer(503), Answer(504), Answer(drop=True)])
def test_reading_is_repeated(first: Answer) -> None:
    fake = FakeTime()
    with serve(in_turn(first, OK)) as server, make_client(timed(server.url, fake)) as client:
        assert client.get("", extensions=READ).text == "fine"
        assert len(server.asked) == 2


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 500])
def test_other_answers_are_answers(status: int) -> None:
    with serve(in_turn(Answer(status))) as server, make_client(timed(server.url, FakeTime())) as client:
        assert client.get("", extensions=READ).status_code == status
        assert len(server.asked) == 1


def test_a_connection_lost_inside_the_answer_is_repeated_for_reading_only() -> None:
    cut = Answer(body=b"<html>", announced_length=1000)
    with serve(in_turn(cut, OK)) as server, make_client(timed(server.url, FakeTime())) as client:
        assert client.get("", extensions=READ).text == "fine"
    with serve(in_turn(cut, OK)) as server, make_client(timed(server.url, FakeTime())) as client:
        with pytest.raises(Unreachable) as caught:
            client.post("", extensions=WRITE)
        assert caught.value.may_have_arrived
        assert len(server.asked) == 1


def test_pauses_grow_with_full_jitter() -> None:
    fake = FakeTime()
    with (
        serve(in_turn(Answer(502))) as server,
        make_client(timed(server.url, fake, retries=4, retry_backoff=1.0)) as client,
    ):
        assert client.get("", extensions=READ).status_code == 502
        assert len(server.asked) == 5
    assert len(fake.slept) == 4
    assert all(0 <= pause <= 2**at for at, pause in enumerate(fake.slept))


def test_retry_after_in_seconds_is_waited_for() -> None:
    fake = FakeTime()
    with (
        serve(in_turn(Answer(429, {"Retry-After": "7"}), OK)) as server,
        make_client(timed(server.url, fake)) as client,
    ):
        assert client.get("", extensions=READ).text == "fine"
    assert fake.slept == [7.0]


def test_retry_after_as_a_date_is_waited_for() -> None:
    fake = FakeTime()
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    with (
        serve(in_turn(Answer(503, {"Retry-After": date}), OK)) as server,
        make_client(timed(server.url, fake)) as client,
    ):
        assert client.get("", extensions=READ).text == "fine"
    assert 25 < fake.slept[0] <= 30


def test_retry_after_that_is_nonsense_is_as_if_absent() -> None:
    fake = FakeTime()
    with (
        serve(in_turn(Answer(429, {"Retry-After": "soon"}), OK)) as server,
        make_client(timed(server.url, fake, retry_backoff=1.0)) as client,
    ):
        assert client.get("", extensions=READ).text == "fine"
    assert fake.slept[0] <= 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_beyond_the_deadline_is_busy_at_once(status: int) -> None:
    fake = FakeTime()
    with (
        serve(in_turn(Answer(status, {"Retry-After": "3600"}))) as server,
        make_client(timed(server.url, fake, seconds=60)) as client,
    ):
        with pytest.raises(Busy) as caught:
            client.get("", extensions=READ)
        assert len(server.asked) == 1
    assert fake.slept == []
    assert "3600 s" in caught.value.advice
    assert caught.value.details == {"status": status, "retry_after": "3600"}


@pytest.mark.parametrize(
    ("retry_after", "told"),
    [
        ("120", "for 120 s"),
        ("Sat, 21 Nov 2026 08:00:00 GMT", "until 2026-11-21 08:00:00 UTC"),
        ("soon", "Run again later"),
        ("99999999999999999999", "Run again later"),
    ],
)
def test_the_advice_of_a_write_that_is_limited_says_when_to_come_back(retry_after: str, told: str) -> None:
    with (
        serve(in_turn(Answer(429, {"Retry-After": retry_after}))) as server,
        make_client(timed(server.url, FakeTime())) as client,
        pytest.raises(Busy) as caught,
    ):
        client.post("register", extensions=WRITE)
    assert told in caught.value.advice


def test_a_client_without_a_deadline_does_not_wait_for_hours_either() -> None:
    fake = FakeTime()
    with (
        serve(in_turn(Answer(429, {"Retry-After": "86400"}))) as server,
        make_client(timed(server.url, fake, seconds=None)) as client,
        pytest.raises(Busy),
    ):
        client.get("", extensions=READ)
    assert fake.slept == []


def test_what_stays_busy_is_busy() -> None:
    fake = FakeTime()
    with (
        serve(in_turn(Answer(429, {"Retry-After": "1"}))) as server,
        make_client(timed(server.url, fake, retries=2)) as client,
    ):
        with pytest.raises(Busy, match="429") as caught:
            client.get("", extensions=READ)
        assert len(server.asked) == 3
        assert not caught.value.may_have_arrived


def test_a_gateway_that_fails_until_the_time_is_up_is_a_timeout() -> None:
    fake = FakeTime()
    with (
        serve(in_turn(Answer(504, {"Retry-After": "30"}))) as server,
        make_client(timed(server.url, fake, seconds=50)) as client,
    ):
        with pytest.raises(TimedOut, match="504"):
            client.get("", extensions=READ)
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "error", "may_have_arrived"),
    [
        (Answer(503), Busy, True),
        (Answer(429), Busy, False),
        (Answer(drop=True), Unreachable, True),
    ],
)
def test_a_write_is_never_repeated(answer: Answer, error: type[Busy | Unreachable], may_have_arrived: bool) -> None:
    with serve(in_turn(answer, OK)) as server, make_client(timed(server.url, FakeTime())) as client:
        with pytest.raises(error) as caught:
            client.post("register", extensions=WRITE)
        assert caught.value.may_have_arrived is may_have_arrived
        assert len(server.asked) == 1


def test_a_write_is_repeated_where_the_profile_says_that_it_is_safe() -> None:
    with (
        serve(in_turn(Answer(503), Answer(drop=True), OK)) as server,
        make_client(timed(server.url, FakeTime())) as client,
    ):
        answer = client.put("proxy", content=b"on", extensions={**WRITE, REPEATABLE: True})
        assert answer.text == "fine"
        assert [each.body for each in server.asked] == [b"on"] * 3


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("answer", [Answer(503), Answer(429, {"Retry-After": "1"}), Answer(drop=True)])
def test_a_sign_in_is_never_repeated_whatever_the_profile_says(method: str, answer: Answer) -> None:
    """domain.md, "Accounts, sessions, locks on the controller": an account is disabled after too many failures."""
    with serve(in_turn(answer, OK)) as server, make_client(timed(server.url, FakeTime())) as client:
        with pytest.raises((Busy, Unreachable)):
            client.request(method, "sign_in", extensions={PURPOSE: Purpose.SIGN_IN, REPEATABLE: True})
        assert len(server.asked) == 1


def test_a_read_by_post_is_repeated_only_when_marked() -> None:
    with serve(in_turn(Answer(drop=True), OK)) as server, make_client(timed(server.url, FakeTime())) as client:
        with pytest.raises(Unreachable):
            client.post("search", extensions=READ)
        assert len(server.asked) == 1


def test_a_write_whose_redirect_fails_has_arrived_and_is_not_posted_again() -> None:
    def behaviour(asked: Asked) -> Answer:
        return Answer(303, {"Location": "/done", "Connection": "close"}) if asked.method == "POST" else Answer(429)

    with serve(behaviour) as server, make_client(timed(server.url, FakeTime())) as client:
        with pytest.raises(Busy) as caught:
            client.post("register", extensions=WRITE)
        assert caught.value.may_have_arrived
        assert server.paths == ["/register", "/done"]


def certificate_is_another_one(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused") from ssl.SSLCertVerificationError("self-signed certificate")


def handshake_fails(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused") from ssl.SSLError(1, "[SSL] unsupported protocol (_ssl.c:1000)")


def is_there(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200)


@pytest.mark.parametrize("redirected", [True, False])
@pytest.mark.parametrize(
    ("place", "second", "error"),
    [
        ("https://elsewhere.example.net/", is_there, ForbiddenRedirect),
        ("/done", certificate_is_another_one, UntrustedCertificate),
        ("/done", handshake_fails, TlsHandshakeFailed),
        ("/done", is_there, RunEnded),
        ("/" + "long" * 5000, is_there, UnexpectedPage),
    ],
)
def test_whatever_fails_after_a_write_was_redirected_has_arrived(
    redirected: bool,
    place: str,
    second: Callable[[httpx.Request], httpx.Response],
    error: type[PrismaError],
) -> None:
    """The same error of the first request proves that nothing was sent."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(303, headers={"Location": place}) if request.method == "POST" else second(request)

    def check_run(purpose: Purpose) -> None:
        if error is RunEnded and (asked or not redirected):
            raise RunEnded("the run was killed")

    options = ClientOptions("https://printer.example.com/", transport=httpx.MockTransport(answer), check_run=check_run)
    with make_client(options) as client, pytest.raises(error) as caught:
        client.request("POST" if redirected else "PUT", "register" if redirected else place, extensions=WRITE)
    assert caught.value.may_have_arrived is redirected


def test_a_repeatable_write_that_arrived_once_has_arrived_even_if_nobody_is_there_later() -> None:
    with serve(in_turn(Answer(drop=True))) as server:
        options = ClientOptions(server.url, retries=1, deadline=Deadline(60, sleep=lambda _: server.stop()))
        with make_client(options) as client, pytest.raises(Unreachable, match="refused") as caught:
            client.put("proxy", extensions={**WRITE, REPEATABLE: True})
    assert caught.value.may_have_arrived
    assert len(server.asked) == 1
