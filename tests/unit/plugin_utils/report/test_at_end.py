# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What workers note for the summary at the end of a run, where the disk of temporary files is full."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._report.at_end import RunNotes, summaries
from ansible_collections.printops.prisma.plugins.plugin_utils._report.files import ReportFiles
from ansible_collections.printops.prisma.plugins.plugin_utils._report.layout import Screen
from ansible_collections.printops.prisma.plugins.plugin_utils._report.summary import Ending
from unit.plugin_utils.report.reports import result, run


@contextmanager
def full(notes: RunNotes, room: int = 30) -> Iterator[None]:
    """Let the file of the notes grow by so many bytes only, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.fstat(notes._file).st_size + room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def play(request: pytest.FixtureRequest) -> str:
    """The id of a play, of which the memory of this process knows nothing yet."""
    return f"play of {request.node.nodeid}"


def shown(notes: RunNotes) -> str:
    return "\n".join(summaries(notes, Screen(100)))


def test_results_that_cannot_be_noted_stop_nothing_and_write_no_wrong_report(tmp_path: Path, play: str) -> None:
    """Given a disk that fills up during a wave, then its report is as the task has written it, and not rewritten."""
    notes, files = RunNotes(), ReportFiles(str(tmp_path / "report.json"))
    notes.begin(play, ["a"], files, check_mode=False)
    with full(notes):
        notes.results(play, {"a": result()})
    assert "(File too large)" in (notes.trouble or "")
    report, ending = files.write(run("a"))
    with full(notes):
        notes.report(play, report, files, ending)
    assert shown(notes) == ""
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (written["counts"], written["stopped"]) == ({"onboarded": 1}, False)


def test_a_report_that_cannot_be_noted_leaves_what_was_noted_before(play: str) -> None:
    notes, files = RunNotes(), ReportFiles(None)
    notes.report("another play", run("before", x="busy"), files, Ending())
    notes.begin(play, ["a"], files, check_mode=False)
    lines = notes._lines()
    with full(notes):
        notes.report(play, run(*(f"press-{number}" for number in range(100))), files, Ending())
    assert notes._lines() == lines
    assert "x" in shown(notes)


def test_once_there_is_room_a_report_makes_the_notes_whole_again(play: str) -> None:
    notes, files = RunNotes(), ReportFiles(None)
    with full(notes):
        notes.begin(play, ["a", "b"], files, check_mode=False)
        notes.results(play, {"a": result()})
    notes.report(play, run("a", b="busy"), files, Ending())
    assert notes.trouble is None
    text = shown(notes)
    assert "1 of 2 printers needs attention" in text
    assert "stopped" not in text


def test_a_report_that_is_shorter_than_the_one_before_needs_no_room(play: str) -> None:
    notes, files = RunNotes(), ReportFiles(None)
    notes.report(play, run(*(f"press-{number}" for number in range(100))), files, Ending())
    with full(notes, room=0):
        notes.report(play, run(a="busy"), files, Ending())
    assert notes.trouble is None
    (line,) = notes._lines()
    assert list(json.loads(line)["report"]["printers"]) == ["a"]
