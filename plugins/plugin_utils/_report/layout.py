# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in the columns of a terminal: how wide it is, wrapped and aligned, and its colour. Pure; knows no printer."""

from __future__ import annotations

import os
import sys
import typing as t
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from shutil import get_terminal_size

NARROWEST, WIDEST, USUAL = 40, 160, 80
"""Columns: of less a text cannot be read, and wider lines are hard to follow."""
_LEAST = 20
"""Columns beside a label that a text needs at least."""
_COLOURS = {"bold": "1", "red": "31", "green": "32", "yellow": "33"}


@dataclass(frozen=True)
class Screen:
    """Where a text is shown: its columns, and whether it shows colours."""

    columns: int = USUAL
    colours: bool = False

    @classmethod
    def of(cls, stream: t.Any = None, environ: Mapping[str, str] | None = None) -> Screen:
        """Return the screen of ``stream``, by default the standard output.

        Only a terminal has colours, and not with C(NO_COLOR) or C(ANSIBLE_NOCOLOR). C(COLUMNS) sets its width.
        """
        known = os.environ if environ is None else environ
        plain = known.get("NO_COLOR") or known.get("ANSIBLE_NOCOLOR") or known.get("TERM") == "dumb"
        columns = get_terminal_size((USUAL, 24)).columns
        colours = is_terminal(stream) and not plain
        return cls(max(NARROWEST, min(columns, WIDEST)), colours)

    def coloured(self, text: str, colour: str) -> str:
        """Return ``text`` in a colour, or in bold, if the screen has colours."""
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.colours and text else text


def is_terminal(stream: t.Any = None) -> bool:
    """Return whether a person looks at ``stream``, by default the standard output."""
    try:
        shown_on: t.Any = sys.__stdout__ if stream is None else stream
        return shown_on is not None and bool(shown_on.isatty())
    except ValueError:  # closed
        return False


def width_of(text: str) -> int:
    """Return how many columns ``text`` takes: two for each wide character, none for one that combines with others."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    if character < "\x7f":
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, width: int) -> str:
    """Return ``text`` with spaces up to ``width`` columns."""
    return text + " " * (width - width_of(text))


def wrapped(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` columns. Nothing is cut: a longer word goes on in the next line."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(lines[-1]) + 1 + width_of(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines += _parts(word, width)
    return lines or [""]


def _parts(word: str, width: int) -> Iterator[str]:
    part, used = "", 0
    for character in word:
        more = _width(character)
        if part and used + more > width:
            yield part
            part, used = "", 0
        part, used = part + character, used + more
    yield part


def indented(text: str, indent: int, columns: int) -> str:
    """Return ``text`` wrapped to ``columns``, with each line moved by ``indent`` columns."""
    return "\n".join(" " * indent + line for line in wrapped(text, columns - indent))


def labelled(label: str, text: str, indent: int, label_width: int, columns: int) -> str:
    """Return ``text`` wrapped to the right of ``label``; a label that is too wide has a line of its own."""
    start = indent + label_width + 2
    beside = columns - start >= _LEAST
    if not beside:
        start = indent + 2
    lines = wrapped(text, columns - start)
    if not beside or width_of(label) > label_width:
        return "\n".join([indented(label, indent, columns), *_moved(lines, start)])
    first = f"{' ' * indent}{padded(label, label_width)}  {lines[0]}".rstrip()
    return "\n".join([first, *_moved(lines[1:], start)])


def _moved(lines: list[str], by: int) -> list[str]:
    return [f"{' ' * by}{line}".rstrip() for line in lines]
