# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaying a recording: which response a request gets, what moves the position, and what cannot be answered."""

from __future__ import annotations

import base64
import json
from typing import Any

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
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.replay import (
    NotRecorded,
    ReplayTransport,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import scrub
from hypothesis import given
from hypothesis import strategies as st
from unit.recording.hars import BASE, exchange, recording

JSON = "application/json"
LOGIN = '<form><input type="hidden" name="tok" value="t1"><input name="u"><input type="password" name="p"></form>'


def page(text: str, path: str = "/value") -> RecordedExchange:
    return exchange(path=path, body=f"<p>{text}</p>")


def write(sent: str, answer: str = "saved", path: str = "/set", **more: Any) -> RecordedExchange:
    return exchange(path=path, body=answer, method="POST", sent=sent, **more)


def client(*exchanges: RecordedExchange, base_url: str = BASE) -> httpx.Client:
    return httpx.Client(transport=ReplayTransport(recording(*exchanges), base_url), base_url=base_url)


def text(response: httpx.Response) -> str:
    return response.text.removeprefix("<p>").removesuffix("</p>")


def transport_of(of: httpx.Client) -> ReplayTransport:
    transport = of._transport
    assert isinstance(transport, ReplayTransport)
    return transport


# --- state ---


def test_a_page_changes_only_after_a_write() -> None:
    with client(page("old"), write("v=new"), page("new"), write("v=newer"), page("newer")) as played:
        assert [text(played.get("/value")) for _turn in range(3)] == ["old", "old", "old"]
        assert played.post("/set", data={"v": "new"}).text == "saved"
        assert [text(played.get("/value")) for _turn in range(2)] == ["new", "new"]
        played.post("/set", data={"v": "newer"})
        assert text(played.get("/value")) == "newer"
        assert [each.exchange for each in transport_of(played).answered] == [0, 0, 0, 1, 2, 2, 3, 4]


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


def test_json_calls_to_one_address_are_distinguished() -> None:
    """Calls of transmission-daemon: one path, all by POST. Reads are marked by their purpose."""

    def call(method: str, answer: Any, **arguments: Any) -> RecordedExchange:
        sent = json.dumps({"method": method, "arguments": arguments})
        return exchange(path="/rpc", body=json.dumps(answer), method="POST", sent=sent, sent_type=JSON, kind=JSON)

    read = {PURPOSE: Purpose.READ}
    with client(call("get", {"v": 1}), call("set", {}, v=2), call("get", {"v": 2}), call("stats", [])) as played:
        get = {"method": "get", "arguments": {}}
        assert [played.post("/rpc", json=get, extensions=read).json()["v"] for _turn in range(3)] == [1, 1, 1]
        played.post("/rpc", json={"method": "set", "arguments": {"v": 7}}, extensions={PURPOSE: Purpose.WRITE})
        assert [played.post("/rpc", json=get, extensions=read).json()["v"] for _turn in range(2)] == [2, 2]
        with pytest.raises(NotRecorded):
            played.post("/rpc", json={"method": "reset", "arguments": {}})
        with pytest.raises(NotRecorded):
            played.post("/rpc", json={"method": "set", "arguments": {"v": 7, "w": 8}})


# --- which request is which ---


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({"tok": "t1", "op": "save", "host": "a"}, "saved"),
        ({"tok": "t9", "op": "save", "host": "b"}, "saved"),
        ({"tok": "t9", "op": "test", "host": ""}, "tested"),
        ({"tok": "t1", "op": "drop", "host": "a"}, None),
        ({"tok": "t1", "op": "save"}, None),
        ({"tok": "t1", "op": "save", "host": "a", "port": "1"}, None),
        ({}, None),
    ],
)
def test_names_must_be_equal_and_values_that_select_an_operation(sent: dict[str, str], answer: str | None) -> None:
    decoded_forms = "".join(
        f'<input type=hidden name=op value="{op}"><input type=hidden name=tok value=t1>' for op in ("save", "test")
    )
    with client(
        exchange(body=decoded_forms), write("tok=t1&op=save&host=x"), write("tok=t1&op=test&host=x", answer="tested")
    ) as played:
        if answer is None:
            with pytest.raises(NotRecorded):
                played.post("/set", data=sent)
        else:
            assert played.post("/set", data=sent).text == answer


def test_constants_of_the_page_distinguish_requests() -> None:
    given_by_page = '<input type="hidden" name="what" value="remove"><input type="hidden" name="what" value="keep">'
    with client(exchange(body=given_by_page), write("what=keep&n=1")) as played:
        with pytest.raises(NotRecorded):
            played.post("/set", data={"what": "remove", "n": "1"})
        assert played.post("/set", data={"what": "keep", "n": "2"}).text == "saved"


def test_the_exchange_with_most_equal_values_answers() -> None:
    with client(write("u=anna&p=x", answer="anna"), write("u=bert&p=x", answer="bert")) as played:
        assert [played.post("/set", data={"u": name, "p": "y"}).text for name in ("bert", "anna", "bert")] == [
            *("bert", "anna", "bert"),
        ]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("id=1", "one"),
        ("id=2", "two"),
        ("id=3", "any"),
        ("", None),
        ("id=1&x=", None),
        ("id=3&_=1700000000123", "any"),
        ("_=1600000000999&id=3", "any"),
        ("id=4&_=1700000000123", None),
        ("token=anything-at-all&id=5", "with token"),
    ],
)
def test_a_different_query_is_another_page_unless_it_is_a_cache_buster(query: str, answer: str | None) -> None:
    with client(
        page("one", "/p?id=1"),
        page("two", "/p?id=2"),
        page("any", "/p?id=3&_=1699999999000"),
        page("with token", "/p?id=5&token=cbb75f1cd9a0aa3f"),
    ) as played:
        if answer is None:
            with pytest.raises(NotRecorded):
                played.get(f"/p?{query}")
        else:
            assert text(played.get(f"/p?{query}")) == answer


def test_paths_are_the_same_however_they_are_encoded() -> None:
    with client(page("é", "/caf%C3%A9/a%20b")) as played:
        assert text(played.get("/café/a b")) == "é"
        with pytest.raises(NotRecorded):
            played.get("/cafe/a b")
        with pytest.raises(NotRecorded):
            played.head("/café/a b")


def test_credentials_select_between_refusal_and_page() -> None:
    basic = (("Authorization", "Basic " + base64.b64encode(b"me:x").decode()),)
    refused = exchange(body="no", status=401, answered=(("WWW-Authenticate", "Basic realm=x"),))
    for sent in (basic, ()):  # Chrome omits the header in an export
        with client(refused, exchange(body="yes", headers=sent)) as played:
            assert played.get("/", auth=("me", "y")).text == "yes"
            assert played.get("/", auth=("me", "y")).text == "yes"
            if sent:
                assert played.get("/").status_code == 401


def test_a_required_header_selects_between_conflict_and_response() -> None:
    session = (("X-Transmission-Session-Id", "zB81kd93kdlaAA"),)
    with client(
        exchange(path="/rpc", body="", method="POST", sent="{}", sent_type=JSON, status=409, answered=session),
        exchange(path="/rpc", body='{"a": 1}', method="POST", sent="{}", sent_type=JSON, headers=session, kind=JSON),
    ) as played:
        conflict = played.post("/rpc", json={})
        assert (conflict.status_code, conflict.headers["X-Transmission-Session-Id"]) == (409, "zB81kd93kdlaAA")
        headers = {"X-Transmission-Session-Id": "another"}
        assert [played.post("/rpc", json={}, headers=headers).json() for _turn in range(2)] == [{"a": 1}, {"a": 1}]


def test_multipart_forms_are_compared_by_field() -> None:
    body = '--X\r\nContent-Disposition: form-data; name="op"\r\n\r\nsave\r\n--X--\r\n'
    with client(write(body, sent_type="multipart/form-data; boundary=X")) as played:
        assert played.post("/set", files={"op": (None, "save")}).text == "saved"
        with pytest.raises(NotRecorded):
            played.post("/set", files={"op": (None, "drop")})


def test_xml_is_compared_by_element() -> None:
    def soap(body: str) -> dict[str, Any]:
        return {"content": body, "headers": {"Content-Type": "text/xml"}}

    with client(write("<a><b>1</b></a>", sent_type="text/xml")) as played:
        assert played.post("/set", **soap("<a><b>2</b></a>")).text == "saved"
        with pytest.raises(NotRecorded):
            played.post("/set", **soap("<a><c>2</c></a>"))


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


def test_an_unrecorded_request_is_refused_with_the_most_similar_one() -> None:
    made = (page("1"), write("tok=1&op=save&host=x", path="/connectivity.cgi"))
    with client(*made) as played:
        with pytest.raises(NotRecorded) as caught:
            played.post("/connectivity.cgi", data={"op": "save", "secret": "s3cret"})
        assert str(caught.value) == (
            "the recording has no POST /connectivity.cgi with the fields op, secret; "
            "it has POST /connectivity.cgi without secret, with host, with tok (exchange 1)"
        )
        assert caught.value.details["exchange"] == 1
        with pytest.raises(NotRecorded, match=r"no GET /none; the most similar request is GET /value \(exchange 0\)"):
            played.get("/none")
        with pytest.raises(NotRecorded, match="another host"):
            played.get("https://elsewhere.example.com/")
    with httpx.Client(transport=ReplayTransport(recording())) as played, pytest.raises(NotRecorded):
        played.get("https://recording/")


@pytest.mark.parametrize(
    ("sent", "difference"),
    [
        ({"op": "save", "host": "x", "port": "1"}, "it has POST /set without port (exchange 1)"),
        ({"op": "save"}, "it has POST /set with host (exchange 1)"),
        ({"op": "drop", "host": "x"}, "it has POST /set with another value of op (exchange 1)"),
    ],
)
def test_what_the_recording_lacks_is_said_exactly(sent: dict[str, str], difference: str) -> None:
    with client(page("1", "/p?id=1"), write("op=save&host=x")) as played:
        with pytest.raises(NotRecorded) as caught:
            played.post("/set", data=sent)
        assert str(caught.value).endswith(difference)
        with pytest.raises(NotRecorded, match=r"it has GET /p with another value of id in the query \(exchange 0\)"):
            played.get("/p?id=2")


def test_a_password_that_is_a_setting_signs_nobody_in() -> None:
    with client(
        exchange(path="/login.htm", body=LOGIN),
        write("tok=t1&u=me&p=secret9", path="/login.cgi"),
        page("before", "/proxy"),
        write("host=x&password=proxy-secret", path="/proxy"),
        page("late", "/late"),
    ) as played:
        played.post("/login.cgi", data={"tok": "t1", "u": "me", "p": "secret9"})
        assert text(played.get("/late")) == "late"


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
