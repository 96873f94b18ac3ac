# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading recordings of every dialect."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har
from unit.recording.hars import BASE, FORM, document, entry, pairs, read


@pytest.mark.parametrize("dialect", ["chrome", "firefox", "playwright", "mitmproxy"])
def test_the_dialect_is_recognised_by_the_creator(tmp_path: Path, dialect: str) -> None:
    assert read(tmp_path, entry(), dialect=dialect).dialect == dialect


@pytest.mark.parametrize(
    ("dialect", "keys"), [("chrome", {"_initiator": {"type": "other"}}), ("firefox", {"_securityState": "secure"})]
)
def test_the_dialect_is_recognised_by_the_entries(tmp_path: Path, dialect: str, keys: dict[str, Any]) -> None:
    assert read(tmp_path, entry(**keys), dialect="some exporter").dialect == dialect


def test_an_entry_becomes_an_exchange(tmp_path: Path) -> None:
    post = {"mimeType": FORM, "text": "op=save&host=a%26b&host=", "params": pairs([("op", "save")])}
    (found,) = read(
        tmp_path,
        entry("/x.cgi?a=1#top", "<p>é</p>", method="post", headers={"X-A": "1", "Content-Type": FORM}, post=post),
    ).exchanges
    assert (found.number, found.method, found.url, found.status) == (0, "POST", BASE + "/x.cgi?a=1", 200)
    assert found.form == (("op", "save"), ("host", "a&b"), ("host", ""))
    assert (found.request_type, found.request_body) == (FORM, b"op=save&host=a%26b&host=")
    assert (found.response_type, found.response_body) == ("text/html; charset=utf-8", "<p>é</p>".encode())
    assert found.has_body
    assert found.started == "2026-11-20T10:00:00.000Z"


def test_a_decoded_body_is_utf_8_whatever_the_response_had(tmp_path: Path) -> None:
    answered = {"content-type": "text/html; charset=ISO-8859-1"}
    (found,) = read(tmp_path, entry(text="é", answered=answered)).exchanges
    assert found.response_headers == (("content-type", "text/html; charset=utf-8"),)
    assert found.response_type == "text/html; charset=utf-8"
    raw = {"text": base64.b64encode("é".encode("latin-1")).decode(), "encoding": "base64"}
    (found,) = read(tmp_path, entry(text=None, answered=answered, content=raw)).exchanges
    assert (found.response_type, found.response_body) == ("text/html; charset=ISO-8859-1", b"\xe9")


def test_undecodable_characters_are_noted(tmp_path: Path) -> None:
    assert any("could not decode" in note for note in read(tmp_path, entry(text="caf\ufffd")).notes)


def test_pseudo_headers_are_dropped_and_repeated_headers_kept(tmp_path: Path) -> None:
    headers = [(":authority", "x"), (":method", "GET"), ("Accept", "a"), ("Accept", "b")]
    answered = [("set-cookie", "a=1; Path=/\nb=2"), ("set-cookie", "c=3"), ("X-Folded", "a\r\n b")]
    (found,) = read(tmp_path, entry(headers=headers, answered=answered)).exchanges
    assert found.request_headers == (("Accept", "a"), ("Accept", "b"))
    assert found.response_headers == (
        *(("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2"), ("set-cookie", "c=3")),
        ("X-Folded", "a  b"),
    )


def test_forms_that_have_only_params(tmp_path: Path) -> None:
    def sent(dialect: str, params: list[dict[str, str]], kind: str = FORM) -> RecordedExchange:
        post = {"mimeType": kind, "params": params}
        return read(tmp_path, entry(method="POST", post=post), dialect=dialect).exchanges[0]

    assert sent("firefox", pairs([("a+b", "1%"), ("c", "é")])).form == (("a+b", "1%"), ("c", "é"))
    assert sent("chrome", pairs([("a", "x%26y+z")])).form == (("a", "x&y z"),)
    assert sent("firefox", pairs([("a", "b c")])).request_body == b"a=b+c"
    parts = [{"name": 'q"', "value": "1"}, {"name": "f", "fileName": "key.bin", "contentType": "a/b"}]
    found = sent("firefox", parts, "multipart/form-data")
    assert found.form == (('q"', "1"), ("f", "key.bin"))
    assert found.request_type == "multipart/form-data; boundary=----recorded"


def test_multipart_bodies_are_forms(tmp_path: Path) -> None:
    kind = "multipart/form-data; boundary=----X"
    body = (
        '------X\r\nContent-Disposition: form-data; name="op"\r\n\r\nsave\r\n'
        '------X\r\nContent-Disposition: form-data; name="é"; filename="a.txt"\r\nContent-Type: a/b\r\n\r\nhi\r\n'
        "------X--\r\n"
    )
    (found,) = read(tmp_path, entry(method="POST", post={"mimeType": kind, "text": body})).exchanges
    assert found.form == (("op", "save"), ("é", "a.txt"))


def test_mitmproxy_decodes_multipart_bodies_as_latin_1(tmp_path: Path) -> None:
    kind = "multipart/form-data; boundary=X"
    body = '--X\r\nContent-Disposition: form-data; name="a"\r\n\r\né\r\n--X--\r\n'.encode().decode("latin-1")
    post = {"mimeType": kind, "text": body}
    (found,) = read(tmp_path, entry(method="POST", post=post), dialect="mitmproxy").exchanges
    assert found.form == (("a", "é"),)


def test_headers_before_the_body_of_a_form_are_removed_for_old_firefox(tmp_path: Path) -> None:
    text = f"Content-Type: {FORM}\r\nContent-Length: 7\r\n\r\nop=save"
    found = read(tmp_path, entry(method="POST", post={"mimeType": FORM, "text": text}), dialect="firefox")
    assert found.exchanges[0].form == (("op", "save"),)


def test_a_redirect_and_a_deletion_need_no_body(tmp_path: Path) -> None:
    empty: dict[str, Any] = {"text": None, "mime": "x-unknown"}
    found = read(tmp_path, entry(status=302, **empty), entry(status=204, **empty), entry()).exchanges
    assert [(each.status, each.has_body, each.response_body, each.response_type) for each in found[:2]] == [
        (302, True, b"", None),
        (204, True, b"", None),
    ]


def test_not_modified_is_replaced_by_the_earlier_page(tmp_path: Path) -> None:
    unknown = entry("/other", None, status=304, mime="x-unknown")
    found = read(tmp_path, entry("/p", "<p>1</p>"), entry("/p", None, status=304, mime="x-unknown"), unknown)
    assert [(each.status, each.response_body, each.has_body) for each in found.exchanges] == [
        (200, b"<p>1</p>", True),
        (200, b"<p>1</p>", True),
        (304, b"", False),
    ]
    assert any("304" in note for note in found.notes)


def test_entries_are_sorted_by_start_time(tmp_path: Path) -> None:
    def at(path: str, second: str) -> dict[str, Any]:
        return entry(path, started=f"2026-11-20T{second}")

    late, early = at("/late", "10:00:02.5Z"), at("/early", "11:00:02.1+01:00")
    found = read(tmp_path, late, early)
    assert [(each.number, each.url) for each in found.exchanges] == [(0, BASE + "/early"), (1, BASE + "/late")]
    found = read(tmp_path, late, at("/odd", "later"))
    assert [each.url for each in found.exchanges] == [BASE + "/late", BASE + "/odd"]


def test_entries_of_no_web_interface_are_left_out_and_noted(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        entry("data:image/png;base64,AAAA"),
        entry("chrome-extension://abc/x.js"),
        entry("blob:https://press-01/1"),
        entry("wss://press-01/socket", status=101),
        entry("/socket", status=101),
        entry("/polled", _resourceType="websocket"),
        entry("/cancelled", status=0),
        entry("/failed", status=-1),
        entry("/page"),
        entry("/logo.png", None, mime="image/png", content={"text": "iVBORw0KGgo=", "encoding": "base64"}),
        entry("/font", None, mime="font/woff2"),
        entry("/gone", None),
        entry("/attached", None, content={"_file": "abc.html"}),
    )
    assert [each.url.removeprefix(BASE) for each in found.exchanges] == [
        *("/page", "/logo.png", "/font", "/gone", "/attached"),
    ]
    assert [each.has_body for each in found.exchanges] == [True, False, False, False, False]
    text = "\n".join(found.notes)
    for part in (
        "data:",
        "chrome-extension:",
        "blob:",
        "wss:",
        "websockets",
        "image/png",
        "font/woff2",
        "separate files",
    ):
        assert part in text
    assert "AAAA" not in text


def test_missing_cookies_of_chrome_are_noted(tmp_path: Path) -> None:
    assert any("cookies" in note for note in read(tmp_path, entry()).notes)
    with_cookie = read(tmp_path, entry(headers={"Cookie": "a=b"}))
    assert not any("cookies" in note for note in with_cookie.notes)


def test_a_byte_order_mark_and_utf_16_are_read(tmp_path: Path) -> None:
    text = json.dumps(document([entry(text="é€")]), ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / "r.har"
        path.write_bytes(text.encode(encoding))
        assert read_har(path).exchanges[0].response_body == "é€".encode()
