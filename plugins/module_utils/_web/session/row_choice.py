# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the one row of a list that a step of a profile acts on, over all pages of the list. Knows no meaning."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from urllib.parse import urljoin

from ..errors import BadInput, NoSuchRow
from ..page.page import Page
from ..page.rows import whole_row
from ..profile.profile import ProfileStep, RowChoice
from .rows import MAX_PAGES, columns_of, lacking_columns, matching, nearest
from .submission import NO_WEB_ADDRESS

if t.TYPE_CHECKING:
    from .navigator import Navigator


def choose_row(navigator: Navigator, step: ProfileStep, choice: RowChoice) -> t.Any:
    """Return the one row that ``choice`` means, with all that stands in it; its page is the navigator's page then.

    Keeps what the profile keeps of the row. Raises :class:`NoSuchRow` unless there is exactly one, and
    :class:`BadInput` for an empty value: nobody means a row by that.
    """
    where = {column: navigator.fill_in(value, step.where) for column, value in choice.where.items()}
    for column, value in where.items():
        if value is None or not str(value).strip():
            raise BadInput(f"{step.where}: the value by which a row is chosen is empty: {column}")
    rows, pages = _rows_of_all_pages(navigator, step, choice)
    found = matching(rows, where)
    if len(found) != 1:
        raise _no_such_row(navigator, step, choice, where, rows, len(found))
    navigator.page = pages[found[0]]
    row = whole_row(rows[found[0]])
    navigator.keep({name: navigator.pick(name, pick, row) for name, pick in choice.keep.items()})
    return row


def _rows_of_all_pages(navigator: Navigator, step: ProfileStep, choice: RowChoice) -> tuple[list[t.Any], list[Page]]:
    """Return all rows of a list, and the page that each of them is on."""
    rows: list[t.Any] = []
    pages: list[Page] = []
    seen: set[str] = set()
    page = navigator.page
    while page is not None:
        found = navigator.search(choice.of, page.data)
        if not isinstance(found, list):
            raise navigator.unexpected(f"{step.where}: there is no list of rows", choice.of)
        rows += found
        pages += [page] * len(found)
        onward = navigator.search(choice.next, page.data) if choice.next is not None else None
        if not onward:
            return rows, pages
        if not isinstance(onward, str) or NO_WEB_ADDRESS.match(onward):
            raise navigator.unexpected(f"{step.where}: the next page of the list is no address", choice.next)
        address = urljoin(page.url, onward)
        if address in seen or len(seen) >= MAX_PAGES:
            raise navigator.unexpected(f"{step.where}: the list leads back to a page that was read before", choice.next)
        seen.add(address)
        page = navigator.get_page(address)
    raise navigator.unexpected(f"{step.where} has no page before it", choice.of)


def _no_such_row(
    navigator: Navigator,
    step: ProfileStep,
    choice: RowChoice,
    where: Mapping[str, t.Any],
    rows: list[t.Any],
    count: int,
) -> NoSuchRow:
    asked = " and ".join(f"{column} {str(value)!r}" for column, value in where.items())
    found = f"{count} rows of {len(rows)} have" if count else f"no row of {len(rows)} has"
    what = f"{step.where} needs exactly one row, and {found} {asked}"
    if lacking := lacking_columns(rows, where):
        columns = ", ".join(columns_of(rows)) or "none"
        what += f"; no row has a column {', '.join(map(repr, lacking))}, the columns are {columns}"
    elif rows:
        near = nearest(rows, where, whole=not navigator.hides_rows)
        what += f"; {'these are' if count else 'the nearest are'} {' | '.join(near)}"
    error = navigator.unexpected(f"{what}. Nothing was sent", choice.of)
    return NoSuchRow(str(error), advice=error.advice, details=error.details)
