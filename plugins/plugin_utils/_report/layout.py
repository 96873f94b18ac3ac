# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in the columns of a terminal: how wide it is, wrapped and aligned, and its colour. Pure; knows no printer."""

from __future__ import annotations

import os
import shlex
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
_DIVIDING = ("/", "\\", ",", "-", ".", "_", "=", "&", ":")
"""Characters after which a long word is divided, the best first: a path or an address is read part by part."""
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
    """Return ``text`` in lines of at most ``width`` columns. Nothing is cut.

    A word that is longer than a line is divided, a path after a slash.
    """
    lines: list[str] = []
    for word in text.split():
        if lines and width_of(lines[-1]) + 1 + width_of(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines += _parts(word, width)
    return lines or [""]


def _parts(word: str, width: int) -> Iterator[str]:
    while len(word) > 1 and width_of(word) > width:
        end = _fitting(word, width)
        places = (word.rfind(mark, 0, end) + 1 for mark in _DIVIDING)
        at = next((place for place in places if place > end // 3), end)  # no line of a few characters
        yield word[:at]
        word = word[at:]
    yield word


def _fitting(word: str, width: int) -> int:
    """Return how many characters of ``word`` fit, at least one."""
    used = 0
    for number, character in enumerate(word):
        used += _width(character)
        if number and used > width:
            return number
    return len(word)


def indented(text: str, indent: int, columns: int) -> str:
    """Return ``text`` wrapped to ``columns``, with each line moved by ``indent`` columns."""
    return "\n".join(" " * indent + line for line in wrapped(text, columns - indent))


def continued(command: str, columns: int) -> list[str]:
    """Return a command of a shell in lines of at most ``columns``, all but the last one with a backslash at the end.

    No word is divided, and an option stays beside its value, so a line may be wider.
    """
    if width_of(command) <= columns:
        return [command]
    parts: list[str] = []
    for word in map(shlex.quote, shlex.split(command)):
        option = parts[-1] if parts else ""
        if option.startswith("-") and " " not in option and not word.startswith("-"):
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    lines = parts[:1]
    for part in parts[1:]:
        if width_of(f"{lines[-1]} {part} \\") <= columns:
            lines[-1] += f" {part}"
        else:
            lines[-1] += " \\"
            lines.append(f"  {part}")
    return lines


def labelled(label: str, text: str, indent: int, label_width: int, columns: int) -> str:
    """Return ``text`` wrapped to the right of ``label``; a label that is too wide has a line of its own.

    So has one whose text has a word, such as a path, that is whole only below it.
    """
    start = indent + label_width + 2
    longest = max(map(width_of, text.split()), default=0)
    beside = columns - start >= _LEAST and not columns - start < longest <= columns - indent - 2
    if not beside:
        start = indent + 2
    lines = wrapped(text, columns - start)
    if not beside or width_of(label) > label_width:
        return "\n".join([indented(label, indent, columns), *_moved(lines, start)])
    first = f"{' ' * indent}{padded(label, label_width)}  {lines[0]}".rstrip()
    return "\n".join([first, *_moved(lines[1:], start)])


def _moved(lines: list[str], by: int) -> list[str]:
    return [f"{' ' * by}{line}".rstrip() for line in lines]
