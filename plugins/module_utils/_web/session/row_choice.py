# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the one row of a list that a step of a profile acts on, over all pages of the list. Knows no meaning."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence

from ..errors import BadInput, NoSuchRow
from ..page.page import Page
from ..page.rows import whole_row
from ..profile.fill import names_in
from ..profile.profile import ProfileStep, RowChoice
from .list_pages import ListPages
from .rows import columns_of, lacking_columns, matching, nearest

if t.TYPE_CHECKING:
    from .navigator import Navigator


def choose_row(navigator: Navigator, step: ProfileStep, choice: RowChoice) -> t.Any:
    """Return the one row that ``choice`` means, with all that stands in it; its page is the navigator's page then.

    Keeps what the profile keeps of the row. Raises :class:`NoSuchRow` unless there is exactly one, and
    :class:`BadInput` for an empty value: nobody means a row by that.
    """
    where = _where(navigator, step, choice)
    rows: list[t.Any] = []
    pages: list[tuple[Page | None, str]] = []
    page_of: list[int] = []
    for number, shown in enumerate(ListPages(navigator, choice.of, choice.paging, choice.complete, step.where)):
        rows += shown
        pages.append((navigator.page, "" if navigator.response is None else navigator.response.request.method))
        page_of += [number] * len(shown)
    at = _place(navigator, step, choice, where, rows)
    number, row = page_of[at], rows[at]
    navigator.page = pages[number][0]
    if number + 1 < len(pages) and step.kind != "get":
        _show_again(navigator, step, choice, pages, number)
        anew = _rows_shown(navigator, choice)
        row = anew[_place(navigator, step, choice, where, anew)]
    return _kept(navigator, choice, row)


def keep_as_shown(navigator: Navigator, step: ProfileStep, choice: RowChoice) -> None:
    """Keep of the row what the navigator's page has of it, if that shows the list again: a later step acts there.

    On it the row may have another box, or another number. Raises :class:`NoSuchRow` unless it is there exactly once.
    What a page was asked for by what is kept of the row shows that row, whatever else stands on it.
    """
    rows, where = _rows_shown(navigator, choice), _where(navigator, step, choice)
    asked_for = not step.kept_of_row.isdisjoint(names_in([step.target, step.query, step.headers]))
    if rows and not asked_for and not lacking_columns(rows, where):
        _kept(navigator, choice, rows[_place(navigator, step, choice, where, rows)])


def check_says_whom(navigator: Navigator, step: ProfileStep) -> None:
    """Raise if a request names a row by nothing but what was kept of it, and that is empty: of who has no id yet.

    What is pressed in the row says it by where it stands.
    """
    used = names_in([text for key, text in step.texts.items() if key != "row"])
    used |= step.pick.names if step.pick is not None else frozenset()
    values = [navigator.kept_of_row[name] for name in used & navigator.kept_of_row.keys()]
    says = (step.row is not None and step.pick is not None) or not used.isdisjoint(navigator.names_of_row)
    if not says and values and all(value is None or not str(value).strip() for value in values):
        names = ", ".join(sorted(used & navigator.kept_of_row.keys()))
        what = f"{step.where} says whom it means by {names} alone, which is empty in the row"
        raise navigator.unexpected(f"{what}. It was not sent", step.pick)


def _where(navigator: Navigator, step: ProfileStep, choice: RowChoice) -> dict[str, t.Any]:
    """Return the values that the row must have. Raises :class:`BadInput` for an empty one."""
    where = {column: navigator.fill_in(value, step.where) for column, value in choice.where.items()}
    for column, value in where.items():
        if value is None or not str(value).strip():
            raise BadInput(f"{step.where}: the value by which a row is chosen is empty: {column}")
    return where


def _rows_shown(navigator: Navigator, choice: RowChoice) -> list[t.Any]:
    """Return the rows of the page that is shown, none if it does not have the list."""
    shown = navigator.search(choice.of, navigator.page.data) if navigator.page is not None else None
    return shown if isinstance(shown, list) else []


def _place(
    navigator: Navigator, step: ProfileStep, choice: RowChoice, where: Mapping[str, t.Any], rows: list[t.Any]
) -> int:
    """Return the place of the one row that has the values; raise :class:`NoSuchRow` unless there is exactly one."""
    found = matching(rows, where)
    if len(found) != 1:
        raise _no_such_row(navigator, step, choice, where, rows, len(found))
    return found[0]


def _kept(navigator: Navigator, choice: RowChoice, row: t.Any) -> t.Any:
    """Return a row with all that stands in it, and keep what the profile keeps of it."""
    row = whole_row(row)
    kept = {name: navigator.pick(name, pick, row) for name, pick in choice.keep.items()}
    navigator.kept_of_row |= kept
    navigator.names_of_row |= names_in(list(choice.where.values()))
    navigator.keep(kept)
    return row


def _show_again(
    navigator: Navigator, step: ProfileStep, choice: RowChoice, pages: Sequence[tuple[Page | None, str]], number: int
) -> None:
    """Have the interface show a page of the list again, after later ones. Raises if that is not possible.

    What acts may do so on the page that it showed last, by the number of a row there. A page that a form leads to is
    shown by going there again from the first one, or the last one if there are fewer by now.
    """
    (page, method), (first, first_method) = pages[number], pages[0]
    if page is not None and method == "GET":
        navigator.get_page(page.url)
        return
    if first is None or first_method != "GET":
        what = f"{step.where}: the row is on page {number + 1} of {len(pages)}, and no address shows that again"
        raise navigator.unexpected(
            f"{what}: search for less, so that the list is one page. Nothing was sent", choice.of
        )
    navigator.get_page(first.url)
    onward = ListPages(navigator, choice.of, choice.paging, choice.complete, step.where)
    any(at == number for at, _shown in enumerate(onward))  # and goes no further; a list that has lost pages ends before


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
