# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaying a recording: what moves the position, and what a response is."""

from __future__ import annotations

import httpx
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    PURPOSE,
    ClientOptions,
    Purpose,
    make_client,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import (
    RecordedExchange,
    Recording,
    main_origin,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.replay import NotRecorded, ReplayTransport
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import scrub
from hypothesis import given
from hypothesis import strategies as st
from unit.recording.hars import BASE, exchange, recording
from unit.recording.replays import LOGIN, client, page, text, transport_of, write

# --- state ---


def test_a_page_changes_only_after_a_write() -> None:
    with client(page("old"), write("v=new"), page("new"), write("v=newer"), page("newer")) as played:
        assert [text(played.get("/value")) for _turn in range(3)] == ["old", "old", "old"]
        assert played.post("/set", data={"v": "new"}).text == "saved"
        assert [text(played.get("/value")) for _turn in range(2)] == ["new", "new"]
        played.post("/set", data={"v": "newer"})
        assert text(played.get("/value")) == "newer"


def test_a_page_that_changes_automatically_reaches_its_last_state() -> None:
    with client(page("wait"), page("wait"), page("done"), write("v=1")) as played:
        assert [text(played.get("/value")) for _turn in range(4)] == ["wait", "wait", "done", "done"]


def test_a_repeated_write_moves_back_to_where_it_was_recorded() -> None:
    with client(page("old"), write("v=new"), page("new"), write("w=1", path="/other"), page("late")) as played:
        played.post("/other", data={"w": "1"})
        assert text(played.get("/value")) == "late"
        played.post("/set", data={"v": "new"})
        assert text(played.get("/value")) == "new"


def test_pages_are_read_in_another_order_than_they_were_recorded() -> None:
    first = (page("a", "/a"), write("v=1"), page("b", "/b"), write("v=2"), page("c", "/c"))
    with client(*first) as played:
        assert [text(played.get(path)) for path in ("/c", "/b", "/a", "/b")] == ["c", "b", "a", "b"]
        played.post("/set", data={"v": "2"})
        assert [text(played.get(path)) for path in ("/c", "/a")] == ["c", "a"]


def test_pages_of_a_session_are_not_shown_before_the_sign_in() -> None:
    signed_in = (exchange(path="/login.htm", body=LOGIN), write("tok=t1&u=me&p=secret9", path="/login.cgi"))
    with client(page("login", "/home"), *signed_in, page("home", "/home"), page("secret", "/secret")) as played:
        assert text(played.get("/home")) == "login"
        with pytest.raises(NotRecorded, match="only in a session that begins later"):
            played.get("/secret")
        played.post("/login.cgi", data={"tok": "other", "u": "me", "p": "else"})
        assert text(played.get("/home")) == "home"
        assert text(played.get("/secret")) == "secret"


def test_a_second_sign_in_after_a_sign_out() -> None:
    with client(
        exchange(path="/login.htm", body=LOGIN),
        write("tok=t1&u=me&p=secret9", path="/login.cgi", answer="in"),
        page("home", "/home"),
        exchange(path="/logout.cgi", body="bye"),
        page("login", "/home"),
    ) as played:
        for _turn in range(2):
            assert played.get("/login.htm").status_code == 200
            assert played.post("/login.cgi", data={"tok": "t1", "u": "me", "p": "x"}).text == "in"
            assert text(played.get("/home")) == "home"
            assert played.get("/logout.cgi").text == "bye"
            assert text(played.get("/home")) == "login"


def test_a_redirect_leads_to_the_next_recorded_page() -> None:
    with client(
        page("first", "/home"),
        write("u=me&p=x1234567", path="/login.cgi", answer="", status=302, answered=(("Location", f"{BASE}/home"),)),
        page("second", "/home"),
    ) as played:
        response = played.post("/login.cgi", data={"u": "me", "p": "y"}, follow_redirects=True)
        assert text(response) == "second"
        assert response.url == f"{BASE}/home"


# --- the response ---


def test_the_response_is_as_recorded_except_for_transport_headers() -> None:
    answered = (
        *(("Content-Encoding", "gzip"), ("Content-Length", "9999"), ("Transfer-Encoding", "chunked")),
        *(("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; Path=/"), ("X-Kept", "yes")),
    )
    with client(exchange(body="é", answered=answered, status=404)) as played:
        response = played.get("/")
        assert (response.status_code, response.text) == (404, "é")
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["X-Kept"] == "yes"
        assert "content-encoding" not in response.headers
        assert dict(played.cookies) == {"a": "1", "b": "2"}


def test_a_recording_can_answer_at_another_address() -> None:
    here = "https://127.0.0.1:9443"
    with client(
        write("v=1", answer="", status=303, answered=(("Location", f"{BASE}/next"),)),
        exchange(path="/next", body=f'<a href="{BASE}/x">é</a> https://elsewhere.example.com/'),
        exchange(path="https://elsewhere.example.com/x.js", body="x"),
        base_url=here,
    ) as played:
        response = played.post("/set", data={"v": "1"}, follow_redirects=True)
        assert response.url == f"{here}/next"
        assert response.text == f'<a href="{here}/x">é</a> https://elsewhere.example.com/'
        assert [each.number for each in transport_of(played).exchanges] == [0, 1]


def test_the_main_origin_is_that_of_most_pages() -> None:
    other = exchange(path="https://cdn.example.com/x.js", body="x")
    made = recording(other, page("1"), page("2"))
    assert main_origin(made.exchanges) == f"{BASE}/"
    assert ReplayTransport(made).base_url == f"{BASE}/"
    default_port = recording(exchange(path="https://printer.example.com:443/x"))
    with httpx.Client(transport=ReplayTransport(default_port, "https://printer.example.com")) as played:
        assert played.get("https://printer.example.com/x").status_code == 200


def test_a_missing_body_is_reported_except_for_images() -> None:
    with client(
        exchange(path="/gone", body="", has_body=False),
        exchange(path="/x.png", body="", kind="image/png", has_body=False),
    ) as played:
        with pytest.raises(NotRecorded, match=r"\(exchange 0\) without the body of the response"):
            played.get("/gone")
        assert played.get("/x.png").content == b""


def test_our_clients_accept_it_as_transport() -> None:
    transport = ReplayTransport(recording(page("old"), write("v=1"), page("new")), BASE)
    with make_client(ClientOptions(BASE, transport=transport, retries=0)) as played:
        assert text(played.get("value", extensions={PURPOSE: Purpose.READ})) == "old"
        played.post("set", data={"v": "2"}, extensions={PURPOSE: Purpose.WRITE})
        assert text(played.get("value", extensions={PURPOSE: Purpose.READ})) == "new"
        with pytest.raises(NotRecorded):
            played.get("none", extensions={PURPOSE: Purpose.READ})


# --- property: every recording can be replayed ---

WORDS = st.sampled_from(["a", "b", "op", "tok", "save", "Zx81-99aQkLm32", "730012345", "me@corp.example.net"])
PAIRS = st.lists(st.tuples(WORDS, WORDS), max_size=3)


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    def one() -> RecordedExchange:
        path = draw(st.sampled_from(["/a", "/b", "/c"])) + "?" + "&".join(f"{n}={v}" for n, v in draw(PAIRS))
        sent = "&".join(f"{n}={v}" for n, v in draw(PAIRS))
        return exchange(path=path, body=draw(WORDS), method="POST" if sent else "GET", sent=sent)

    return recording(*(one() for _turn in range(draw(st.integers(1, 6)))))


@given(recordings())
def test_a_recording_replays_in_its_order_also_when_scrubbed(made: Recording) -> None:
    for played_recording in (made, scrub(made)[0]):
        with httpx.Client(transport=ReplayTransport(played_recording)) as played:
            for each in played_recording.exchanges:
                headers = dict(each.request_headers)
                response = played.request(each.method, each.url, content=each.request_body, headers=headers)
                assert response.status_code == each.status
                if each.method == "POST":
                    answers = [
                        other.response_body
                        for other in played_recording.exchanges
                        if (other.method, other.url, other.form) == (each.method, each.url, each.form)
                    ]
                    assert response.content in answers
