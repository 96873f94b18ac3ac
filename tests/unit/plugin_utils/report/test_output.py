# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text on the standard output of a run: whole and at once; a pipe that nobody reads any more is no error."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from unittest.mock import MagicMock, call

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._report import output
from ansible_collections.printops.prisma.plugins.plugin_utils._report.output import show


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Return the reading end of a pipe that is the standard output of the run."""
    reading, writing = os.pipe()
    monkeypatch.setattr(output, "_STDOUT", writing)
    yield reading
    for end in (reading, writing):
        with contextlib.suppress(OSError):  # the test has closed it
            os.close(end)


def test_a_text_is_written_at_once_and_logged_but_not_displayed(pipe: int) -> None:
    display = MagicMock()
    show(display, "drückér\ntwo")
    assert os.read(pipe, 100) == "drückér\ntwo\n".encode()
    assert display.mock_calls == [call.display("drückér\ntwo", log_only=True)]


def test_a_pipe_that_nobody_reads_any_more_is_no_error(pipe: int) -> None:
    os.close(pipe)
    display, long = MagicMock(), "lost " * 100_000
    show(display, "lost")
    show(display, long)
    assert [each.args for each in display.mock_calls] == [("lost",), (long,)]  # the log has it all the same


def test_a_text_longer_than_a_pipe_holds_arrives_whole(pipe: int) -> None:
    text, read = "x" * 300_000, bytearray()

    def reader() -> None:
        while len(read) <= len(text):
            read.extend(os.read(pipe, 65_536))

    thread = threading.Thread(target=reader, daemon=True)
    thread.start()
    show(MagicMock(), text)
    thread.join(20)
    assert bytes(read) == text.encode() + b"\n"


def test_without_a_standard_output_of_its_own_ansible_displays_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_STDOUT", None)
    display = MagicMock()
    show(display, "a line")
    assert display.mock_calls == [call.display("a line")]
