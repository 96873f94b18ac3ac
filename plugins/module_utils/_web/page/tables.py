# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as data: cells with spans expanded, rows by header, and headers that stand in the rows. Knows no controls.

A cell's text leaves out the text of tables inside it: these are tables of their own in the list. Pages that are laid
out with tables would otherwise repeat all their text in the outermost cell.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .rows import Contents, with_origin
from .text import COLONS, NOT_TEXT, normalised, text_of, without_colon
from .tree import Element, Tree

_WIDEST_SPAN = 100
_MOST_SPANNED_CELLS = 100_000
"""Per table. Spans beyond it count as one: a few bytes of markup must not become a million cells."""

_CELL_WITHOUT = NOT_TEXT | {"table"}

_NOT_FILLED_IN = frozenset(("button", "checkbox", "hidden", "image", "radio", "reset", "submit"))
"""Types of what a header may have beside its text."""


@dataclass
class TableRow:
    """One row. ``part`` is thead, tbody or tfoot."""

    element: Element
    part: str
    cells: list[Element] = field(default_factory=list)

    @property
    def all_headers(self) -> bool:
        return bool(self.cells) and all(cell.tag == "th" for cell in self.cells)


def cell_text(cell: Element) -> str:
    """A cell's own text, without that of nested tables and of controls."""
    return text_of(cell, _CELL_WITHOUT)


class Tables:
    """All tables of a page, each with its rows as a browser shows them: heads first, feet last."""

    def __init__(self, tree: Tree) -> None:
        self._rows = {table: list(_rows_of(table)) for table in tree.all("table")}

    def read(self, contents: Contents) -> list[dict[str, t.Any]]:
        """``[{id, class, caption, headers, rows, columns, by_row, cells}]`` in the order of the page.

        ``cells: [[text]]`` has spans expanded. ``headers`` is the last row with a text, and without fields to search
        in, of those that lead the table and are all ``<th>`` or in ``<thead>``; ``[]`` where headers stand in the rows.
        ``rows: [{header: text}]`` then has a dict per row that follows, without ``<tfoot>`` and without rows that are
        one cell across ("No entries").
        ``by_row: {row header: {header: text}}`` of rows that begin with a ``<th>`` in such a table.
        ``columns: [{row header: text}]`` has a dict per column where headers stand in the rows instead.
        ``contents`` reads what stands in a row, for :func:`.rows.whole_row` of an item of ``rows`` or ``cells``.
        """
        return [self._table(table, rows, contents) for table, rows in self._rows.items()]

    def labelled_rows(self) -> t.Iterator[tuple[str, Element]]:
        """Label and cell of rows whose header stands in the row: th+td, or td+td where the first ends in a colon.

        Also several such pairs in one row. Header rows of ordinary tables never have this form.
        """
        for rows in self._rows.values():
            for row in rows:
                labels, values = row.cells[::2], row.cells[1::2]
                if not labels or len(labels) != len(values):
                    continue
                texts = [cell_text(cell) for cell in labels]
                if all(map(_is_row_header, labels, texts)) and all(cell.tag == "td" for cell in values):
                    yield from zip(map(without_colon, texts), values, strict=True)

    def _table(self, table: Element, rows: list[TableRow], contents: Contents) -> dict[str, t.Any]:
        grid = _expanded(rows)
        header_rows = _count_header_rows(rows)
        headers = _headers(rows, grid, header_rows)
        by_header: list[dict[str, str]] = []
        in_order: list[list[str]] = []
        for at, (row, texts) in enumerate(zip(rows, grid, strict=True)):
            named = _by_header(headers, texts) if headers and at >= header_rows else {}
            item, listed = with_origin(row.element, contents, named, texts)
            if texts:
                in_order.append(listed)
            is_item = row.cells and row.part != "tfoot" and (len(row.cells) > 1 or len(headers) == 1)
            if headers and at >= header_rows and is_item:
                by_header.append(item)
        caption = next(_children(table, "caption"), None)
        return {
            "id": table.get("id", ""),
            "class": normalised(table.get("class")),
            "caption": text_of(caption) if caption is not None else "",
            "headers": headers,
            "rows": by_header,
            "columns": [] if headers else _by_column(rows, grid),
            "by_row": _by_row(headers, rows[header_rows:], grid[header_rows:]) if headers else {},
            "cells": in_order,
        }


def _rows_of(table: Element) -> t.Iterator[TableRow]:
    for parts in (("thead",), ("tbody", "tr"), ("tfoot",)):
        for part in _children(table, *parts):
            for row in (part,) if part.tag == "tr" else _children(part, "tr"):
                yield TableRow(row, part.tag, list(_children(row, "td", "th")))


def _children(element: Element, *tags: str) -> t.Iterator[Element]:
    return (each for each in element.children if isinstance(each, Element) and each.tag in tags)


def _is_row_header(cell: Element, text: str) -> bool:
    return bool(without_colon(text)) and (cell.tag == "th" or text.endswith(COLONS))


def _count_header_rows(rows: list[TableRow]) -> int:
    count = 0
    for row in rows:
        if row.part != "thead" and not (row.all_headers and not _is_title(row, rows)):
            break
        count += 1
    return count


def _is_title(row: TableRow, rows: list[TableRow]) -> bool:
    """Whether it stands over the table: one cell alone does, except in a table of one column."""
    return len(row.cells) == 1 and any(len(each.cells) > 1 for each in rows)


def _headers(rows: list[TableRow], grid: list[list[str]], count: int) -> list[str]:
    """The texts of the header row; below it may be one with fields to search in, with or without a text."""
    shown = [at for at in range(count) if any(grid[at])]
    named = [at for at in shown if not _is_filled_in(rows[at])] or shown
    return grid[named[-1] if named else count - 1] if count else []


def _is_filled_in(row: TableRow) -> bool:
    """Whether a row has something to type or to choose: not only buttons that sort, or a box for all rows."""
    fields = row.element.inside("input", "select", "textarea")
    return any(each.tag != "input" or each.get("type", "text").lower() not in _NOT_FILLED_IN for each in fields)


def _by_header(headers: list[str], texts: list[str]) -> dict[str, str]:
    by_header: dict[str, str] = {}
    for header, text in zip(headers, texts, strict=False):
        by_header.setdefault(header, text)
    by_header.pop("", None)
    return by_header


def _by_row(headers: list[str], rows: list[TableRow], grid: list[list[str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row, texts in zip(rows, grid, strict=True):
        if len(row.cells) > 1 and row.cells[0].tag == "th" and without_colon(texts[0]) and row.part != "tfoot":
            found.setdefault(without_colon(texts[0]), _by_header(headers[1:], texts[1:]))
    return found


def _by_column(rows: list[TableRow], grid: list[list[str]]) -> list[dict[str, str]]:
    """Things that stand side by side, one column each, with the names of their properties at the beginning of rows."""
    named = [
        texts for row, texts in zip(rows, grid, strict=True) if row.cells and _is_row_header(row.cells[0], texts[0])
    ]
    if not named or len(named) != sum(bool(row.cells) for row in rows):
        return []
    width = max(map(len, named))
    if width > _WIDEST_SPAN:
        return []
    labels = [without_colon(texts[0]) for texts in named]
    return [_by_header(labels, [texts[at] if at < len(texts) else "" for texts in named]) for at in range(1, width)]


def _expanded(rows: list[TableRow]) -> list[list[str]]:
    """The texts of all cells with colspan and rowspan expanded, so that columns line up."""
    budget = _MOST_SPANNED_CELLS
    hanging: dict[int, tuple[int, str]] = {}  # column -> rows that a cell from above still fills, its text
    grid = []
    for row in rows:
        filled = {column: text for column, (_left, text) in hanging.items()}
        hanging = {column: (left - 1, text) for column, (left, text) in hanging.items() if left > 1}
        column = 0
        for cell in row.cells:
            while column in filled:
                column += 1
            text = cell_text(cell)
            columns, following = _span(cell, "colspan", _WIDEST_SPAN), _span(cell, "rowspan", len(rows)) - 1
            if columns > 1 or following > 0:
                budget -= columns * (following + 1)
                columns, following = (columns, following) if budget > 0 else (1, 0)
            for at in range(column, column + columns):
                filled[at] = text
                if following > 0:
                    hanging[at] = (following, text)
            column += columns
        grid.append([filled.get(at, "") for at in range(max(filled, default=-1) + 1)])
    return grid


def _span(cell: Element, name: str, most: int) -> int:
    value = cell.get(name, "").strip()
    if not (value.isascii() and value.isdigit()):
        return 1
    if len(value) > 6:
        return most
    return min(int(value) or most if name == "rowspan" else max(int(value), 1), most)
