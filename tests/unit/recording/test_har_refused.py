# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are no recordings, and damaged ones: errors name the place and never a value."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import read_har
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.recording.hars import FORM, document, entry, read

WHOLE = json.dumps(document([entry(), entry("/two", "b" * 500)])).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n", "is truncated: it ends after byte 3"),
        (b"[]", "its content is a list"),
        (b"7", "its content is number"),
        (b"{}", "it has no log"),
        (b'{"log": []}', "log is a list"),
        (b'{"log": null}', "log is null"),
        (b'{"log": {}}', "it has no log.entries"),
        (b'{"log": {"entries": {}}}', "log.entries is an object"),
        (b'{"log": {"entries": []}}', "log.entries is empty"),
        (b'{"log": {"entries": [[]]}}', r"log.entries\[0\] is a list, not an object"),
        (b'{"log": {"entries": [{}]}}', r"none of its 1 entries is a request .* \(malformed: request is missing\)"),
        (WHOLE[:-40], r"is truncated: it ends after byte \d+, within log.entries\[1\]"),
        (WHOLE + b"}", "is not JSON in UTF-8, within its content"),
        (WHOLE.replace(b"bbb", b"b\xe9b", 1), r"is not JSON in UTF-8, within log.entries\[1\]"),
        (b"<html>", "is not JSON in UTF-8, within its content"),
        (b"\x1f\x8b\x08\x00", "is compressed"),
        (b"\x00" * 5000, "is not JSON in UTF-8, within its content"),
        (b'{"log": {"entries": [{"a": ' + b"[" * 5000, r"log.entries\[0\] is nested deeper than 50 levels"),
        (b"[" * 200_000, "its content is a list"),
        (b'{"x": ' + b'{"x": ' * 5000, "nested deeper"),
        (b'{"log": {"entries": [{"a": ' + b"9" * 5000 + b"}]}}", "is not JSON"),
    ],
)
def test_an_invalid_file_is_refused_with_the_place(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "r.har"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message) as caught:
        read_har(path)
    assert str(path) in str(caught.value)


def without(key: str, **more: Any) -> dict[str, Any]:
    """Return an entry without ``key`` (``a.b``), or with another value there."""
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
    ("bad", "message"),
    [
        (without("request"), "request is missing"),
        (without("request", to=[]), "request is not an object"),
        (without("request.url"), "request.url is missing"),
        (without("request.url", to=5), "request.url is not a text"),
        (without("request.method", to="GET /x"), "request.method is not an HTTP method"),
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
        (without("response.status", to=10**6), "response.status is not an HTTP status"),
        (without("response.headers", to=[{"name": "a", "value": 1}]), r"response.headers\[\].value is not a text"),
        (without("response.content", to=1), "response.content is not an object"),
        (without("response.content.text", to=1), "response.content.text is not a text"),
        (without("response.content.encoding", to="base64"), "response.content.text is not base64"),
        (without("response.content.encoding", to="rot13"), "response.content.encoding is present but not base64"),
    ],
)
def test_an_invalid_entry_is_left_out_with_a_note_of_its_key_and_without_its_value(
    tmp_path: Path, bad: dict[str, Any], message: str
) -> None:
    found = read(tmp_path, entry(), bad, entry("/two"))
    assert [each.number for each in found.exchanges] == [0, 1]
    assert any(re.match(f"left out: malformed: {message}.*: 1", each) for each in found.notes)
    assert "s3cret" not in str(found.notes)


def test_an_entry_without_a_response_is_accepted(tmp_path: Path) -> None:
    assert len(read(tmp_path, entry(), without("response")).exchanges) == 1


def test_a_recording_without_bodies_is_refused(tmp_path: Path) -> None:
    no_bodies = [
        entry("/a", None),
        entry("/b", None, status=302, mime="x-unknown"),
        entry("/c", None, mime="image/png"),
    ]
    with pytest.raises(BadInput, match="exported without the response bodies") as caught:
        read(tmp_path, *no_bodies)
    assert "Record again" in caught.value.advice
    with pytest.raises(BadInput, match="none of its 1 entries is a request"):
        read(tmp_path, entry("data:,x"))


def test_missing_files_are_reported(tmp_path: Path) -> None:
    for path in (tmp_path / "none.har", tmp_path):
        with pytest.raises(BadInput, match=str(path)):
            read_har(path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(BadInput, match="is not a file"):
        read_har(pipe)


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6), st.integers(0, 6))
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, put: bytes, less: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.har"
    path.write_bytes(WHOLE[:at] + put + WHOLE[at + less :])
    try:
        found = read_har(path)
    except BadInput:
        return
    assert found.exchanges
