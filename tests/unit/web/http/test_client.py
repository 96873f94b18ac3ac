# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client sends, and what it never sends: origin, purpose, check mode, deadline, pace, bodies."""

from __future__ import annotations

import gzip
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import UNKNOWN_HOST_ADVICE, Outcome
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    BadInput,
    CheckModeViolation,
    ForbiddenRedirect,
    PrismaError,
    TimedOut,
    TlsHandshakeFailed,
    UnexpectedPage,
    UnknownHost,
    Unreachable,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    ClientOptions,
    Deadline,
    Purpose,
    make_client,
)
from unit.web.loopback import Answer, Asked, FakeTime, serve

READ: dict[str, Any] = {PURPOSE: Purpose.READ}
WRITE: dict[str, Any] = {PURPOSE: Purpose.WRITE}
SIGN_IN: dict[str, Any] = {PURPOSE: Purpose.SIGN_IN}


def ok(_asked: Asked) -> Answer:
    return Answer()


def test_redirects_are_followed_on_the_same_host(server_tls: ssl.SSLContext, ca_path: str) -> None:
    def behaviour(asked: Asked) -> Answer:
        return Answer(302, {"Location": "/there"}) if asked.path == "/here" else Answer(body=b"arrived")

    with (
        serve(behaviour, server_tls) as server,
        make_client(ClientOptions(server.url, ca_path=ca_path)) as client,
    ):
        assert client.get("here", extensions=READ).text == "arrived"
        assert server.paths == ["/here", "/there"]


def test_neither_credentials_nor_cookies_follow_to_another_host(server_tls: ssl.SSLContext, ca_path: str) -> None:
    with serve(ok, server_tls) as other:

        def behaviour(asked: Asked) -> Answer:
            if asked.path == "/":
                return Answer(headers={"Set-Cookie": "session=abc; Path=/"})
            return Answer(307, {"Location": f"{other.url}steal?token=secret"})

        with (
            serve(behaviour, server_tls) as server,
            make_client(ClientOptions(server.url, ca_path=ca_path)) as client,
        ):
            client.get("", extensions=READ)
            with pytest.raises(ForbiddenRedirect) as caught:
                client.post("sign_in", auth=("admin", "pass-word"), data={"p": "pass-word"}, extensions=SIGN_IN)
        assert server.asked[1].headers["cookie"] == "session=abc"
        assert other.asked == []
        assert other.connections == 0
        assert f"https://127.0.0.1:{other.port}" in str(caught.value)
        assert "secret" not in str(caught.value)


def test_a_redirect_to_another_scheme_or_port_is_another_host() -> None:
    with (
        serve(lambda asked: Answer(301, {"Location": "https://127.0.0.1/"})) as server,
        make_client(ClientOptions(server.url)) as client,
        pytest.raises(ForbiddenRedirect, match=r"https://127\.0\.0\.1"),
    ):
        client.get("", extensions=READ)


def test_redirects_in_a_circle_and_redirects_to_nonsense_are_unexpected_pages() -> None:
    def behaviour(asked: Asked) -> Answer:
        return Answer(302, {"Location": "/circle" if asked.path == "/circle" else "http://127.0.0.1:port/"})

    with serve(behaviour) as server, make_client(ClientOptions(server.url)) as client:
        with pytest.raises(UnexpectedPage, match="circle"):
            client.get("circle", extensions=READ)
        with pytest.raises(UnexpectedPage):
            client.get("nonsense", extensions=READ)


def test_a_request_without_a_purpose_is_not_sent() -> None:
    with serve(ok) as server, make_client(ClientOptions(server.url)) as client:
        with pytest.raises(PrismaError, match="without a purpose"):
            client.get("")
        assert server.asked == []


def test_check_mode_sends_no_write_but_reads_and_signs_in() -> None:
    with serve(ok) as server, make_client(ClientOptions(server.url, check_mode=True)) as client:
        client.get("page", extensions=READ)
        client.post("sign_in", extensions=SIGN_IN)
        client.post("sign_out", extensions={PURPOSE: Purpose.SIGN_OUT})
        with pytest.raises(CheckModeViolation):
            client.post("register", extensions=WRITE)
        assert server.paths == ["/page", "/sign_in", "/sign_out"]


def test_after_the_deadline_nothing_is_sent() -> None:
    fake = FakeTime()
    deadline = Deadline(10, clock=fake.clock, sleep=fake.sleep)
    with serve(ok) as server, make_client(ClientOptions(server.url, deadline=deadline)) as client:
        client.get("", extensions=READ)
        fake.now += 10
        with pytest.raises(TimedOut) as caught:
            client.get("", extensions=READ)
        assert not caught.value.may_have_arrived
        assert len(server.asked) == 1


def test_a_request_gets_no_more_time_than_is_left() -> None:
    with (
        serve(lambda asked: Answer(delay=60)) as server,
        make_client(ClientOptions(server.url, timeout=30, deadline=Deadline(0.3))) as client,
    ):
        began = time.monotonic()
        with pytest.raises(TimedOut) as caught:
            client.post("", extensions=WRITE)
        assert time.monotonic() - began < 25  # without the deadline it is 30 or more
        assert caught.value.may_have_arrived


def test_an_answer_that_drips_is_given_up_at_the_deadline() -> None:
    with (
        serve(lambda asked: Answer(body=b"x" * 600, pieces=600, pause=0.1)) as server,
        make_client(ClientOptions(server.url, timeout=30, deadline=Deadline(0.5))) as client,
    ):
        began = time.monotonic()
        with pytest.raises(TimedOut):
            client.get("", extensions=READ)
        assert time.monotonic() - began < 25  # without the deadline it is 30 or more


def test_a_deadline_counts_down_and_never_below_nothing() -> None:
    fake = FakeTime()
    deadline = Deadline(5, clock=fake.clock, sleep=fake.sleep)
    assert deadline.left() == 5
    fake.sleep(3)
    assert deadline.left() == 2
    fake.sleep(3)
    assert deadline.left() == 0
    assert deadline.passed
    assert Deadline(None).left() == float("inf")


def test_the_pace_is_kept() -> None:
    fake = FakeTime()
    deadline = Deadline(100, clock=fake.clock, sleep=fake.sleep)
    with (
        serve(ok) as server,
        make_client(ClientOptions(server.url, requests_per_second=4, deadline=deadline)) as client,
    ):
        for _attempt in range(3):
            client.get("", extensions=READ)
    assert fake.slept == [0.25, 0.25]


def test_a_compressed_body_is_read_and_a_broken_one_is_an_unexpected_page() -> None:
    def behaviour(asked: Asked) -> Answer:
        body = gzip.compress(b"text")
        return Answer(headers={"Content-Encoding": "gzip"}, body=body if asked.path == "/good" else b"no gzip")

    with serve(behaviour) as server, make_client(ClientOptions(server.url)) as client:
        assert client.get("good", extensions=READ).text == "text"
        with pytest.raises(UnexpectedPage):
            client.get("bad", extensions=READ)


def test_a_body_beyond_all_measure_is_refused_also_when_it_is_small_on_the_wire() -> None:
    bomb = gzip.compress(b"\0" * (9 * 1024 * 1024))
    with (
        serve(lambda asked: Answer(headers={"Content-Encoding": "gzip"}, body=bomb)) as server,
        make_client(ClientOptions(server.url)) as client,
        pytest.raises(UnexpectedPage, match="8 MiB"),
    ):
        client.get("", extensions=READ)


def test_several_cookies_and_the_status_survive_the_transports() -> None:
    with (
        serve(lambda asked: Answer(404, {"Set-Cookie": "a=1", "X-Kept": "yes"})) as server,
        make_client(ClientOptions(server.url)) as client,
    ):
        answer = client.get("", extensions=READ)
        assert (answer.status_code, answer.headers["X-Kept"], next(iter(client.jar)).value) == (404, "yes", "1")


def test_nobody_at_home_is_unreachable_and_nothing_has_arrived() -> None:
    with serve(ok) as server:
        url = server.url
    with make_client(ClientOptions(url, retries=0)) as client, pytest.raises(Unreachable, match="refused") as caught:
        client.post("", extensions=WRITE)
    assert not caught.value.may_have_arrived


@pytest.mark.parametrize("proxy", [None, "http://no-such-proxy.invalid:3128"])
def test_an_unknown_name_is_unreachable_and_says_whose_name_it_is(proxy: str | None) -> None:
    with (
        make_client(ClientOptions("https://printer.invalid/", retries=0, proxy=proxy)) as client,
        pytest.raises(UnknownHost, match=r"cannot be found: .* host name") as caught,
    ):
        client.get("", extensions=READ)
    assert str(caught.value).startswith(f"the proxy {proxy}, through" if proxy else "https://printer.invalid ")
    assert (caught.value.outcome, caught.value.advice) == (Outcome.UNREACHABLE, UNKNOWN_HOST_ADVICE)


def test_https_to_a_port_that_speaks_http_is_said_plainly() -> None:
    with (
        serve(ok) as server,
        make_client(ClientOptions(f"https://127.0.0.1:{server.port}/", retries=0)) as client,
        pytest.raises(TlsHandshakeFailed, match="answers, but no TLS connection") as caught,
    ):
        client.get("", extensions=READ)
    assert "Check the port" in caught.value.advice
    assert not caught.value.may_have_arrived


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": ""},
        {"base_url": "printer.example.com"},
        {"base_url": "ftp://printer.example.com"},
        {"base_url": "https://"},
        {"base_url": "https://printer.example.com:port/"},
        {"base_url": "https://admin:pass-word@printer.example.com/"},
        {"base_url": "https://printer.example.com", "proxy": "http://user:pass-word@proxy.example.com:port"},
        {"base_url": "https://printer.example.com", "proxy": "socks5://user:pass-word@proxy.example.com"},
        {"base_url": "https://printer.example.com", "proxy": "http://"},
        {"base_url": "https://printer.example.com", "ca_path": "/does/not/exist.pem"},
        {"base_url": "https://printer.example.com", "tls_fingerprint": ("12:34",)},
    ],
)
def test_bad_input_is_refused_before_anything_is_sent_and_without_repeating_secrets(options: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught:
        make_client(ClientOptions(**options))
    assert "pass-word" not in str(caught.value) + str(caught.value.details) + str(caught.value.__cause__)


def test_options_do_not_show_the_password_of_the_proxy() -> None:
    assert "pass-word" not in repr(ClientOptions("https://h", proxy="http://u:pass-word@proxy.example.com"))


def test_importing_the_client_imports_what_a_first_request_would_and_a_missing_library_does_not_stop_it() -> None:
    collections = next(p for p in sys.path if (Path(p) / "ansible_collections" / "printops").is_dir())
    module = "ansible_collections.printops.prisma.plugins.module_utils._web.http.client"
    code = f"""
import sys
sys.path.insert(0, {collections!r})
import {module}
assert {{"httpcore", "h11", "anyio", "ssl"}} <= set(sys.modules)
for name in [each for each in sys.modules if each.startswith(("ansible_collections", "httpx"))]:
    del sys.modules[name]
sys.modules["httpx"] = None
from {module} import ClientOptions, make_client
try:
    make_client(ClientOptions("https://printer.example.com"))
except Exception as error:
    assert type(error).__name__ == "MissingLibrary", error
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# --- another transport in place of the wire ---


def test_a_transport_in_place_of_the_wire_is_guarded_and_retried_as_the_wire_is() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(503 if len(asked) == 1 else 200, text="played back")

    options = ClientOptions(
        "https://printer.example.com/",
        transport=httpx.MockTransport(answer),
        check_mode=True,
        retry_backoff=0.01,
        proxy="http://proxy.example.com:3128",
        ca_path="/nowhere",
    )
    with make_client(options) as client:
        assert client.get("a", extensions={PURPOSE: Purpose.READ}).text == "played back"
        assert asked == ["GET /a", "GET /a"]
        with pytest.raises(CheckModeViolation):
            client.post("a", extensions={PURPOSE: Purpose.WRITE})
        with pytest.raises(ForbiddenRedirect):
            client.get("https://elsewhere.example.net/", extensions={PURPOSE: Purpose.READ})
    assert len(asked) == 2


def test_a_pause_never_outlasts_the_time_of_the_task() -> None:
    fake = FakeTime()
    deadline = Deadline(10, clock=fake.clock, sleep=fake.sleep)
    with make_client(ClientOptions("https://printer.example.com/", deadline=deadline)) as client:
        client.pause(4)
        with pytest.raises(TimedOut):
            client.pause(6)
    assert fake.slept == [4]
