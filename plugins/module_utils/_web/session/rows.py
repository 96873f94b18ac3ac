# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which row of a list has given values: exactly one, or none is chosen. Pure; knows no page and no request.

A search finds every row that contains a text, so the first row that it finds may be a neighbour's. Values are therefore
compared whole, and a choice that is not unique is no choice.
"""

from __future__ import annotations

import string
import typing as t
from collections.abc import Mapping, Sequence

from ..page.rows import whole_row
from ..page.summary import readable

MAX_PAGES = 10_000
"""Pages of one list."""
MOST_SHOWN = 3
"""Rows that a message shows."""
LONGEST_ROW = 200
"""Characters of a row that a message shows."""

_MISSING = object()
_A_TO_Z = {ord(letter): letter.lower() for letter in string.ascii_uppercase}


def matching(rows: Sequence[t.Any], where: Mapping[str, t.Any]) -> list[int]:
    """Return the positions of the rows that have the values of ``where``.

    Texts are compared whole, without regard to how they are spaced. If no row is equal, A to Z count as a to z, as in
    an e-mail address. No other letters are taken for each other: strasse and straße are two people.
    """
    wanted = {column: _as_text(value) for column, value in where.items()}
    for fold in (str, _lower):
        found = [
            at
            for at, row in enumerate(rows)
            if all(
                (value := value_of(row, column)) is not _MISSING and fold(_as_text(value)) == fold(text)
                for column, text in wanted.items()
            )
        ]
        if found:
            return found
    return []


def value_of(row: t.Any, column: str) -> t.Any:
    """Return what a row has in a column, a marker if there is no such column.

    In an object the column is a key, in a list a position, counted from 0; dots lead further in; @ is the row itself. A
    row of a table that has no such column is asked for what stands in it, such as ``forms.0.fields.email``.
    """
    found = _inside(row, column)
    return _inside(whole_row(row), column) if found is _MISSING else found


def _inside(value: t.Any, path: str) -> t.Any:
    if path == "@":
        return value
    if isinstance(value, Mapping) and path in value:
        return value[path]
    first, dot, rest = path.partition(".")
    if isinstance(value, Mapping):
        return _inside(value[first], rest) if dot and first in value else _MISSING
    if isinstance(value, (list, tuple)) and first.isdecimal() and int(first) < len(value):
        return _inside(value[int(first)], rest) if dot else value[int(first)]
    return _MISSING


def lacking_columns(rows: Sequence[t.Any], where: Mapping[str, t.Any]) -> list[str]:
    """Return the columns of ``where`` that no row has."""
    return [column for column in where if rows and all(value_of(row, column) is _MISSING for row in rows)]


def columns_of(rows: Sequence[t.Any]) -> list[str]:
    """Return the columns that the rows have."""
    found: dict[str, None] = {}
    for row in rows:
        if isinstance(row, (Mapping, list, tuple)):
            found.update(dict.fromkeys(map(str, row if isinstance(row, Mapping) else range(len(row)))))
    return list(found)


def nearest(rows: Sequence[t.Any], where: Mapping[str, t.Any], *, whole: bool) -> list[str]:
    """Return a few rows for a message: those that contain one of the values or are contained in it, or the first.

    Unless ``whole``, only the columns of ``where``.
    """
    wanted = [text.casefold() for value in where.values() if (text := _as_text(value))]

    def is_near(row: t.Any) -> bool:
        values = (_as_text(value_of(row, column)).casefold() for column in where)
        return any(text in value or (value and value in text) for value in values for text in wanted)

    near = [row for row in rows if is_near(row)] or rows
    parts = near if whole else [{column: value_of(row, column) for column in where} for row in near]
    return [shown(row) for row in parts[:MOST_SHOWN]]


def shown(row: t.Any) -> str:
    """Return a row for a message: its columns with their texts, cut, and without what may be a code."""
    if isinstance(row, Mapping):
        items = {str(name): value for name, value in row.items() if isinstance(value, (str, int))}
        parts = [f"{name}: {text}" for name, value in items.items() if (text := readable(_as_text(value)))]
    else:
        parts = [readable(_as_text(value)) for value in (row if isinstance(row, (list, tuple)) else [row])]
    text = ", ".join(part for part in parts if part)
    return text if len(text) <= LONGEST_ROW else f"{text[:LONGEST_ROW]}…"


def place_of(rows: Sequence[t.Any], at: int, page: int, *, whole: bool) -> str:
    """Return in words where a row stands: its page, its number there and, if ``whole``, what it and the next have."""
    if not whole:
        return f"row {at + 1} on page {page}"
    around = [
        f"the row {word} it: {shown(rows[near])}"
        for word, near in (("before", at - 1), ("after", at + 1))
        if 0 <= near < len(rows)
    ]
    return f"row {at + 1} on page {page} ({'; '.join([shown(rows[at]) or 'empty', *around])})"


def _lower(text: str) -> str:
    return text.translate(_A_TO_Z)


def _as_text(value: t.Any) -> str:
    """Return a value as a page would show it: white space does not matter, and true is a word."""
    if value is _MISSING or value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
