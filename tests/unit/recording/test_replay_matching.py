# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which recorded exchange answers a request, and what is said if none does."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import PURPOSE, Purpose
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.replay import NotRecorded, ReplayTransport
from unit.recording.hars import exchange, recording
from unit.recording.replays import JSON, client, page, text, write


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


def test_an_unrecorded_request_is_refused_with_the_most_similar_one() -> None:
    made = (page("1"), write("tok=1&op=save&host=x", path="/connectivity.cgi"))
    with client(*made) as played:
        with pytest.raises(NotRecorded) as caught:
            played.post("/connectivity.cgi", data={"op": "save", "secret": "s3cret"})
        assert str(caught.value) == (
            "the recording has no POST /connectivity.cgi with the fields op, secret; "
            "it has POST /connectivity.cgi without secret, with host, with tok (exchange 1)"
        )
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


def test_where_a_sign_in_goes_on_differs_each_time_by_the_token_in_it() -> None:
    shown = exchange(body='<input type=hidden name=continue value="client=portal&amp;state=kX83jdU29dkQ0aLw">')
    with client(shown, write("continue=client%3Dportal%26state%3D9dkQ0aLwkX83jdU2")) as played:
        given = {"continue": "client=portal&state=kX83jdU29dkQ0aLw"}
        assert played.post("/set", data=given).text == "saved"
