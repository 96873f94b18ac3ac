# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns of a terminal: nothing is cut, nothing is wider than it may be, and wide characters count twice."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._report.layout import (
    Screen,
    continued,
    indented,
    labelled,
    padded,
    width_of,
    wrapped,
)
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(st.sampled_from("ab éß,-印刷機\uff57\u0301"), max_size=60)


class Stream:
    """A stream that is a terminal or not."""

    def __init__(self, *, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("é", 1), ("印刷", 4), ("\uff57", 2), ("e\u0301", 1), ("", 0)])
def test_the_width_is_that_of_a_terminal(text: str, width: int) -> None:
    assert width_of(text) == width
    assert width_of(padded(text, 9)) == 9


@given(TEXTS, st.integers(2, 30))
def test_lines_are_never_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert lines


@given(TEXTS, TEXTS, st.integers(40, 90))
def test_a_label_stands_left_of_its_text(label: str, text: str, columns: int) -> None:
    shown = labelled(label.strip(), text, 2, 12, columns)
    assert all(width_of(line) <= columns for line in shown.split("\n"))
    assert "".join(shown.split()) == "".join((label + text).split())


def test_text_is_wrapped_below_its_own_row() -> None:
    assert labelled("印刷", "one two three four five six", 2, 6, 32).split("\n") == [
        "  印刷    one two three four",
        "          five six",
    ]
    assert labelled("a-label-that-is-long", "text", 2, 6, 40).split("\n") == [
        "  a-label-that-is-long",
        "          text",
    ]
    assert indented("one two", 2, 7) == "  one\n  two"


def test_a_path_is_divided_after_a_slash_and_only_if_no_line_is_long_enough() -> None:
    path = "/srv/printers/inventories/production/onboarding/report.{csv,html,json}"
    assert wrapped(path, 40) == ["/srv/printers/inventories/production/", "onboarding/report.{csv,html,json}"]
    assert wrapped(f"see {path}", 70) == ["see", path]
    assert labelled("report", path, 2, 10, 80).split("\n") == ["  report", f"    {path}"], "whole, below its label"
    assert labelled("report", path, 2, 10, 100) == f"  report      {path}"
    assert wrapped("press-01.basel.example.com", 20) == ["press-01.basel.", "example.com"]
    assert wrapped("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


COMMAND = "ansible-playbook printops.prisma.onboard_fleet -i '/srv/my printers/hosts.yml' --check --limit @a.txt"


def test_a_command_goes_on_after_a_backslash_and_no_word_is_divided() -> None:
    assert continued(COMMAND, 200) == [COMMAND]
    assert continued(COMMAND, 78) == [
        "ansible-playbook printops.prisma.onboard_fleet \\",
        "  -i '/srv/my printers/hosts.yml' --check --limit @a.txt",
    ]


@given(st.lists(st.text("ab -'/", min_size=1, max_size=20), min_size=1, max_size=8), st.integers(20, 60))
def test_a_command_in_lines_is_the_same_command(words: list[str], columns: int) -> None:
    whole = shlex.join(words)
    lines = continued(whole, columns)
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert shlex.split("\n".join(lines).replace(" \\\n", " ")) == words


@pytest.mark.parametrize(
    ("terminal", "environ", "colours"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"ANSIBLE_NOCOLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": ""}, True),
    ],
)
def test_only_a_terminal_has_colours(terminal: bool, environ: dict[str, str], colours: bool) -> None:
    stream: Any = Stream(terminal=terminal)
    screen = Screen.of(stream, environ)
    assert screen.colours is colours
    assert (screen.coloured("x", "red") != "x") is colours
    assert screen.coloured("", "red") == ""


def test_the_width_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, width in (("10", 40), ("120", 120), ("400", 160)):
        monkeypatch.setenv("COLUMNS", columns)
        assert Screen.of(Stream(terminal=False)).columns == width
