# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing recordings: private, atomic, and read back without a difference."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange, form_of
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.har import as_read, read_har, write_har
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.recording.hars import BASE, FORM, exchange, recording


def test_a_written_recording_is_private_and_complete(tmp_path: Path) -> None:
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
        write_har(made, path / "below-a-file.har")


TYPES = ["text/html; charset=utf-8", "text/html;charset=UTF-8", "text/html", "application/json", "text/plain", None]
HEADER = st.tuples(st.from_regex(r"X-[A-Za-z]{1,8}", fullmatch=True), st.text("abc é€;=", max_size=9).map(str.strip))


@st.composite
def exchanges(draw: st.DrawFn) -> RecordedExchange:
    kind = draw(st.sampled_from(TYPES))
    body = draw(
        st.one_of(st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=40))
    )
    if kind is None:
        body = body.replace(b"\0", b"0")
    sent_type = draw(st.sampled_from([FORM, "application/json", "multipart/form-data; boundary=X"]))
    sent = draw(st.one_of(st.just(b""), st.binary(min_size=1, max_size=30)))
    answered = tuple(draw(st.lists(HEADER, max_size=3)))
    return RecordedExchange(
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
def test_a_written_recording_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, made: list[RecordedExchange]
) -> None:
    given_recording = recording(exchange(), *made)
    path = tmp_path_factory.mktemp("har") / "r.har"
    write_har(given_recording, path)
    assert read_har(path).exchanges == given_recording.exchanges
    assert as_read(given_recording).exchanges == given_recording.exchanges


def test_what_no_scrubbing_reads_is_left_out_without_a_file_too() -> None:
    """A person opened a document while a browser was recorded."""
    made = recording(exchange(body="<p>a</p>"), exchange(body="%PDF", kind="application/pdf"))
    made.notes.append("a note")
    read = as_read(made)
    assert [each.response_body for each in read.exchanges] == [b"<p>a</p>", b""]
    assert read.notes == ["a note", "left out: bodies of binary kinds (application/pdf): 1"]
