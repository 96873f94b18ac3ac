# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that an interface sent, made safe to print: it can neither steer a terminal nor flood it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_FORMULA = re.compile(r"^(?=[=+\-@\t\r])|(?<=[;,\t|])(?=\s*[=+\-@])")
"""Where a spreadsheet may begin to read a formula: also behind what it takes for the end of a cell, by its language."""
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CUT = "…"
"""Stands at the end of a text that was cut."""
MOST_NAMED = 5
"""Things of one kind that a message names."""


_TO_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def ascii_lower(text: str) -> str:
    """Return ``text`` with A to Z in lower case. Whatever else Unicode would fold makes two names one."""
    return text.lower() if text.isascii() else text.translate(_TO_LOWER)


def same_name(one: str, other: str) -> bool:
    """Whether two texts name the same site or tenant: the case of A to Z does not matter, nor do spaces around them.

    It proves whose people these are, so two names that may be of two sites are never the same: "Groß" is not "GROSS".
    """
    return ascii_lower(one.strip()) == ascii_lower(other.strip())


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Return a number with its noun, such as "1 question" or "2 questions".

    ``noun`` is the singular, ``nouns`` the plural where that is not made by an s.
    """
    return f"{number} {noun}" if number == 1 else f"{number} {nouns or f'{noun}s'}"


def first_of(names: Sequence[str], between: str = ", ") -> str:
    """Return names for a message: the first of them, and how many more there are."""
    more = len(names) - MOST_NAMED
    return between.join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def printable(text: str, limit: int) -> str:
    r"""Return ``text`` in at most ``limit`` characters, with everything escaped that could steer a terminal.

    Control characters (of which escape sequences are made), line breaks, format characters (which turn the direction
    of writing, or are not seen at all), and code points that are no characters stand as ``\x1b`` or ``\u202e``. Letters
    and signs of every script, and spaces of every width, stay as they are.
    """
    if len(text) <= limit and text.isprintable():
        return text
    shown: list[str] = []
    room = limit
    for character in text[: limit + 1]:
        escaped = _escaped(character)
        room -= len(escaped)
        if room < 0:
            return _cut(shown, limit)
        shown.append(escaped)
    return "".join(shown)


def printable_lines(text: str, limit: int) -> str:
    """Return ``text`` with each of its lines as :func:`printable` returns it."""
    if len(text) <= limit and text.isprintable():
        return text
    return "\n".join(printable(line, limit) for line in text.split("\n"))


def inert_cell(text: str) -> str:
    """Return ``text``, part of which an interface sent, with an apostrophe where a spreadsheet would read a formula."""
    return _FORMULA.sub("'", text)


def xml_text(text: object) -> str:
    """Return text without the characters that XML 1.0 has no way to write."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", str(text))


def _escaped(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return (
        character.encode("ascii", "backslashreplace").decode("ascii") if character > "\x7f" else repr(character)[1:-1]
    )


def _cut(shown: list[str], limit: int) -> str:
    """Return as much as there is room for, with no escape cut in two, and the sign that there was more."""
    length = sum(map(len, shown))
    while shown and length > limit - len(CUT):
        length -= len(shown.pop())
    return "".join(shown) + CUT
