# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of every dialect as they are read, and files that are none: what is said, and what they may cost."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import Exchange, Recording, form_of
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import Limits, read_har, write_har
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.recording.hars import BASE, document, entry, exchange, pairs, recording, write

FORM = "application/x-www-form-urlencoded"


def read(tmp_path: Path, *entries: Any, dialect: str = "chrome", limits: Limits | None = None) -> Recording:
    return read_har(write(tmp_path / "r.har", list(entries), dialect), limits=limits or Limits())


# --- dialects ---


@pytest.mark.parametrize("dialect", ["chrome", "firefox", "playwright", "mitmproxy"])
def test_the_program_that_wrote_the_file_is_known_by_its_name(tmp_path: Path, dialect: str) -> None:
    assert read(tmp_path, entry(), dialect=dialect).dialect == dialect


@pytest.mark.parametrize(
    ("dialect", "keys"), [("chrome", {"_initiator": {"type": "other"}}), ("firefox", {"_securityState": "secure"})]
)
def test_the_dialect_shows_in_the_entries_of_a_file_that_another_program_wrote(
    tmp_path: Path, dialect: str, keys: dict[str, Any]
) -> None:
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


def test_what_the_browser_decoded_is_utf_8_whatever_it_was_on_the_wire(tmp_path: Path) -> None:
    answered = {"content-type": "text/html; charset=ISO-8859-1"}
    (found,) = read(tmp_path, entry(text="é", answered=answered)).exchanges
    assert found.response_headers == (("content-type", "text/html; charset=utf-8"),)
    assert found.response_type == "text/html; charset=utf-8"
    raw = {"text": base64.b64encode("é".encode("latin-1")).decode(), "encoding": "base64"}
    (found,) = read(tmp_path, entry(text=None, answered=answered, content=raw)).exchanges
    assert (found.response_type, found.response_body) == ("text/html; charset=ISO-8859-1", b"\xe9")


def test_bodies_that_a_browser_could_not_read_are_noted(tmp_path: Path) -> None:
    assert any("could not read" in note for note in read(tmp_path, entry(text="caf\ufffd")).notes)


def test_pseudo_headers_are_none_and_doubled_headers_stay(tmp_path: Path) -> None:
    headers = [(":authority", "x"), (":method", "GET"), ("Accept", "a"), ("Accept", "b")]
    answered = [("set-cookie", "a=1; Path=/\nb=2"), ("set-cookie", "c=3"), ("X-Folded", "a\r\n b")]
    (found,) = read(tmp_path, entry(headers=headers, answered=answered)).exchanges
    assert found.request_headers == (("Accept", "a"), ("Accept", "b"))
    assert found.response_headers == (
        *(("set-cookie", "a=1; Path=/"), ("set-cookie", "b=2"), ("set-cookie", "c=3")),
        ("X-Folded", "a  b"),
    )


def test_forms_that_are_told_only_as_params(tmp_path: Path) -> None:
    def sent(dialect: str, params: list[dict[str, str]], kind: str = FORM) -> Exchange:
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


def test_older_firefox_writes_headers_before_the_body_of_a_form(tmp_path: Path) -> None:
    text = f"Content-Type: {FORM}\r\nContent-Length: 7\r\n\r\nop=save"
    found = read(tmp_path, entry(method="POST", post={"mimeType": FORM, "text": text}), dialect="firefox")
    assert found.exchanges[0].form == (("op", "save"),)


def test_a_redirect_and_a_deletion_have_no_body_and_lack_none(tmp_path: Path) -> None:
    empty: dict[str, Any] = {"text": None, "mime": "x-unknown"}
    found = read(tmp_path, entry(status=302, **empty), entry(status=204, **empty), entry()).exchanges
    assert [(each.status, each.has_body, each.response_body, each.response_type) for each in found[:2]] == [
        (302, True, b"", None),
        (204, True, b"", None),
    ]


def test_not_modified_is_the_page_that_came_before(tmp_path: Path) -> None:
    unknown = entry("/other", None, status=304, mime="x-unknown")
    found = read(tmp_path, entry("/p", "<p>1</p>"), entry("/p", None, status=304, mime="x-unknown"), unknown)
    assert [(each.status, each.response_body, each.has_body) for each in found.exchanges] == [
        (200, b"<p>1</p>", True),
        (200, b"<p>1</p>", True),
        (304, b"", False),
    ]
    assert any("304" in note for note in found.notes)


def test_entries_are_put_into_the_order_in_which_they_were_started(tmp_path: Path) -> None:
    def at(path: str, second: str) -> dict[str, Any]:
        return entry(path, started=f"2026-11-20T{second}")

    late, early = at("/late", "10:00:02.5Z"), at("/early", "11:00:02.1+01:00")
    found = read(tmp_path, late, early)
    assert [(each.number, each.url) for each in found.exchanges] == [(0, BASE + "/early"), (1, BASE + "/late")]
    found = read(tmp_path, late, at("/odd", "later"))
    assert [each.url for each in found.exchanges] == [BASE + "/late", BASE + "/odd"]


def test_what_is_no_page_of_an_interface_is_left_out_and_noted(tmp_path: Path) -> None:
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
    for said in ("data:", "chrome-extension:", "blob:", "wss:", "websockets", "image/png", "font/woff2", "other files"):
        assert said in text
    assert "AAAA" not in text


def test_chrome_says_when_it_has_left_the_cookies_out(tmp_path: Path) -> None:
    assert any("cookies" in note for note in read(tmp_path, entry()).notes)
    with_cookie = read(tmp_path, entry(headers={"Cookie": "a=b"}))
    assert not any("cookies" in note for note in with_cookie.notes)


def test_a_byte_order_mark_and_utf_16_are_read(tmp_path: Path) -> None:
    text = json.dumps(document([entry(text="é€")]), ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / "r.har"
        path.write_bytes(text.encode(encoding))
        assert read_har(path).exchanges[0].response_body == "é€".encode()


# --- files that are no recording ---

WHOLE = json.dumps(document([entry(), entry("/two", "b" * 500)])).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is cut: it ends after byte 3"),
        (b"[]", "it holds a list"),
        (b"7", "what it holds is number"),
        (b"{}", "it has no log"),
        (b'{"log": []}', "log is a list"),
        (b'{"log": null}', "log is null"),
        (b'{"log": {}}', "it has no log.entries"),
        (b'{"log": {"entries": {}}}', "log.entries is an object"),
        (b'{"log": {"entries": []}}', "log.entries is empty"),
        (b'{"log": {"entries": [[]]}}', r"log.entries\[0\] is not an object"),
        (b'{"log": {"entries": [{}]}}', r"log.entries\[0\].request is missing"),
        (WHOLE[:-40], r"is cut: it ends after byte \d+, within log.entries\[1\]"),
        (WHOLE + b"}", rf"is not JSON in UTF-8: what stands at byte {len(WHOLE)} "),
        (WHOLE.replace(b"bbb", b"b\xe9b", 1), r"is not JSON in UTF-8: what stands at byte \d+ .*log.entries\[1\]"),
        (b"<html>", "at byte 0 "),
        (b"\x1f\x8b\x08\x00", "is compressed"),
        (b"\x00" * 5000, "at byte 0 "),
        (b'{"log": {"entries": [{"a": ' + b"[" * 5000, r"log.entries\[0\] is nested deeper than 50 levels"),
        (b"[" * 200_000, "it holds a list"),
        (b'{"x": ' + b'{"x": ' * 5000, "nested deeper"),
        (b'{"log": {"entries": [{"a": ' + b"9" * 5000 + b"}]}}", "is not JSON"),
    ],
)
def test_a_file_that_is_no_recording_is_told_where(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "r.har"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=said) as caught:
        read_har(path)
    assert str(path) in str(caught.value)


def without(key: str, **more: Any) -> dict[str, Any]:
    """An entry that lacks ``key`` (``a.b``), or has another value there."""
    changed = entry(method="POST", post={"mimeType": FORM, "text": "a=1"})
    *way, last = key.split(".")
    place = changed
    for step in way:
        place = place[step]
    if more:
        place[last] = more["to"]
    else:
        del place[last]
    return changed


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (without("request"), "request is missing"),
        (without("request", to=[]), "request is not an object"),
        (without("request.url"), "request.url is missing"),
        (without("request.url", to=5), "request.url is not a text"),
        (without("request.method", to="GET /x"), "request.method is not a method"),
        (without("request.headers", to={}), "request.headers is not a list"),
        (without("request.headers", to=[1]), "request.headers holds something that is not an object"),
        (without("request.headers", to=[{"value": "s3cret"}]), r"request.headers\[\].name is missing"),
        (without("request.postData", to="s3cret"), "request.postData is not an object"),
        (without("request.postData.text", to=["s3cret"]), "request.postData.text is not a text"),
        (
            without("request.postData", to={"mimeType": FORM, "params": "s3cret"}),
            "request.postData.params is not a list",
        ),
        (
            without("request.postData", to={"text": "s3cre", "encoding": "base64"}),
            "request.postData.text is not base64",
        ),
        (without("response", to="s3cret"), "response is not an object"),
        (without("response.status"), "response.status is missing"),
        (without("response.status", to="s3cret"), "response.status is not a number"),
        (without("response.status", to=10**6), "response.status is not a status"),
        (without("response.headers", to=[{"name": "a", "value": 1}]), r"response.headers\[\].value is not a text"),
        (without("response.content", to=1), "response.content is not an object"),
        (without("response.content.text", to=1), "response.content.text is not a text"),
        (without("response.content.encoding", to="base64"), "response.content.text is not base64"),
        (without("response.content.encoding", to="rot13"), "response.content.encoding is neither base64"),
    ],
)
def test_a_bad_entry_is_told_with_its_key_and_without_its_value(tmp_path: Path, bad: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=rf"log\.entries\[1\]\.{said}") as caught:
        read(tmp_path, entry(), bad)
    assert "s3cret" not in str(caught.value)


def test_an_entry_without_an_answer_is_no_fault(tmp_path: Path) -> None:
    assert len(read(tmp_path, entry(), without("response")).exchanges) == 1


def test_a_recording_without_bodies_is_refused(tmp_path: Path) -> None:
    no_bodies = [
        entry("/a", None),
        entry("/b", None, status=302, mime="x-unknown"),
        entry("/c", None, mime="image/png"),
    ]
    with pytest.raises(BadInput, match="the bodies of the answers were not exported") as caught:
        read(tmp_path, *no_bodies)
    assert "Record again" in caught.value.advice
    with pytest.raises(BadInput, match="none of its 1 entries is a request"):
        read(tmp_path, entry("data:,x"))


def test_files_that_are_not_there_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.har", tmp_path):
        with pytest.raises(BadInput, match=str(path)):
            read_har(path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(BadInput, match="is not a file"):
        read_har(pipe)


# --- limits ---


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(file=100), "too large"),
        (Limits(entry=70_000), r"log.entries\[2\] is larger than 70000 bytes"),
        (Limits(entries=2), "more than 2 entries"),
        (Limits(bodies=1000), r"the bodies up to log.entries\[2\] are larger than 1000 bytes"),
        (Limits(values=5), r"log.entries\[0\] has more than 5 values"),
        (Limits(depth=4), r"log.entries\[0\] is nested deeper than 4 levels"),
        (Limits(seconds=-1), "takes too long to read"),
    ],
)
def test_each_limit_is_told(tmp_path: Path, limits: Limits, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(tmp_path, entry(_x=[[[[1]]]]), entry(), entry(text="x" * 1_000_000), limits=limits)


def test_a_large_body_is_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, entry(), entry("/large", "x" * 101), limits=Limits(body=100))
    assert [each.has_body for each in found.exchanges] == [True, False]
    assert "left out: bodies larger than 100 bytes: 1" in found.notes


def test_gigabytes_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "large.har"
    with path.open("wb") as file:
        file.write(b'{"log": {"entries": [{"x": "')
        file.truncate(6 * 1024**3)
    began = time.monotonic()
    with pytest.raises(BadInput, match="too large: 6442450944 bytes"):
        read_har(path)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "beginning", [b'{"log": {"entries": [{"x": "', b'{"log": {"entries": [' + b"[" * 20, b'{"y": "', b""]
)
def test_a_long_value_costs_no_more_than_the_limits(tmp_path: Path, beginning: bytes) -> None:
    """In a process whose memory is limited: 300 MiB of one text, or of nothing."""
    path = tmp_path / "long.har"
    with path.open("wb") as file:
        file.write(beginning)
        for _mebibyte in range(300):
            file.write(b"x" * 1024 * 1024)
    program = (
        "import resource, sys, time\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from pathlib import Path\n"
        "from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput\n"
        "from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import Limits, read_har\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({1024**3}, {1024**3}))\n"
        "try:\n"
        f"    read_har(Path({str(path)!r}), limits=Limits(file=2**40))\n"
        "except BadInput as error:\n"
        "    print(error)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    said, megabytes = done.stdout.splitlines()
    assert "long.har" in said
    assert int(megabytes) < 450


# --- writing ---


def test_what_is_written_is_private_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.har"
    path.write_text("old")
    path.chmod(0o644)
    made = recording(exchange(body="é"))
    made.stand_ins = frozenset({"x"})
    write_har(made, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["r.har"]
    again = read_har(path)
    assert (again.exchanges, again.stand_ins, again.dialect) == (made.exchanges, made.stand_ins, "unknown")
    with pytest.raises(BadInput, match="cannot be written"):
        write_har(made, tmp_path / "none" / "r.har")


TYPES = ["text/html; charset=utf-8", "text/html;charset=UTF-8", "text/html", "application/json", "text/plain", None]
HEADER = st.tuples(st.from_regex(r"X-[A-Za-z]{1,8}", fullmatch=True), st.text("abc é€;=", max_size=9).map(str.strip))


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    kind = draw(st.sampled_from(TYPES))
    body = draw(
        st.one_of(st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=40))
    )
    if kind is None:
        body = body.replace(b"\0", b"0")
    sent_type = draw(st.sampled_from([FORM, "application/json", "multipart/form-data; boundary=X"]))
    sent = draw(st.one_of(st.just(b""), st.binary(min_size=1, max_size=30)))
    answered = tuple(draw(st.lists(HEADER, max_size=3)))
    return Exchange(
        number=0,
        method=draw(st.sampled_from(["GET", "POST", "PATCH"])),
        url=BASE + draw(st.sampled_from(["/", "/a?b=c", "/%C3%A9"])),
        request_headers=tuple(draw(st.lists(HEADER, max_size=3))) + ((("Content-Type", sent_type),) if sent else ()),
        request_type=sent_type if sent else None,
        request_body=sent,
        form=form_of(sent_type, sent) if sent else (),
        status=draw(st.sampled_from([200, 404, 500])),
        response_headers=answered + ((("content-type", kind),) if kind else ()),
        response_type=kind,
        response_body=body,
        started="2026-11-20T10:00:00.000Z",
        has_body=True,
    )


@settings(max_examples=60)
@given(st.lists(exchanges(), max_size=4))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, made: list[Exchange]) -> None:
    given_recording = recording(exchange(), *made)
    path = tmp_path_factory.mktemp("har") / "r.har"
    write_har(given_recording, path)
    assert read_har(path).exchanges == given_recording.exchanges


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6), st.integers(0, 6))
def test_damage_anywhere_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, at: int, put: bytes, less: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.har"
    path.write_bytes(WHOLE[:at] + put + WHOLE[at + less :])
    try:
        found = read_har(path)
    except BadInput:
        return
    assert found.exchanges
