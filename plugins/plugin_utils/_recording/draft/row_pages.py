# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the row of a list that a page is about whose address has the key of this row, such as ``edit?id=17``."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ....module_utils._web.page.address import split_address
from ....module_utils._web.page.rows import whole_row
from ..matching import query_of
from ..sensitive import EMAIL, name_words
from .history import BrowsingHistory, Visit
from .row_keys import in_column
from .row_links import link_address, path_parts
from .rows import LEAST_KEY, MAX_ROWS, RecordedRow, RowList, path_behind, row_leading_to, rows_with
from .tokens import may_be_key

_OF_MENUS = frozenset({"page", "tab", "menu", "section", "view", "panel", "screen", "lang", "language"})
"""Names of parameters that mean no row."""


def row_of_page(
    lists: Sequence[RowList], history: BrowsingHistory, page: Visit
) -> tuple[RecordedRow | None, frozenset[str]]:
    """Return the row whose key in a link is in the address of ``page``, to which the page of this row leads.

    Without one, return the values of the address that stand in links of rows: it is not sure which row they mean.
    """
    named = {value: name for name, value in page.query if name_words(name) not in _OF_MENUS and value}
    values = [*named, *filter(may_be_key, path_parts(page.path)[1:])]
    lists = [each for each in lists if values and page not in each.pages]
    before = [each for each in history.visits if each.number < page.number] if values else []
    found = [
        replace(row, picks=picks)
        for each in lists
        for row in rows_with(each, page, values)
        if (picks := tuple(pick for pick in row.picks if _is_of_link(pick, named.get(row.wanted)))) and row.may_be_meant
    ]
    ways = [row_leading_to(lists, each) for each in before if found and history.entry(page).url in each.leads_to]
    if {each.value for each in found} == {each.value for each in ways if each is not None} and len(found) == 1:
        return found[0], frozenset()
    return None, frozenset(
        value for value in values if any(_in_a_row(each, named.get(value), value) for each in before)
    )


def keys_in_address(lists: Sequence[RowList], history: BrowsingHistory, page: Visit) -> frozenset[str]:
    """Return the values in the address of ``page`` that mean a row of another list, such as the person it is about."""
    found = set(row_of_page((), history, page)[1])
    named = {value for name, value in page.query if name_words(name) not in _OF_MENUS and len(value) >= LEAST_KEY}
    for each in (one for one in lists if page not in one.pages):
        values = {*named, *path_parts(path_behind(each, page))}
        found |= {row.wanted for row in rows_with(each, page, values)}
    return frozenset(found)


def in_whole_list(lists: Sequence[RowList], row: RecordedRow) -> RecordedRow:
    """Return a row whose form was used as one of the list that was not searched or sorted, if it was shown there."""
    first = row.list.first
    if first is None or row.part is None or row.link is not None:
        return row
    alike = [
        each for each in lists if each.first is not None and (each.rows, each.first.path) == (row.list.rows, first.path)
    ]
    wider = [(each, each.first) for each in alike if each.first is not None and {*each.first.query} < {*first.query}]
    found = (
        replace(row.list, first=begin, onward=each.onward)
        for each, begin in sorted(wider, key=lambda pair: len(pair[1].query))
        if any(row.value == in_column(one, each.column) for page in each.pages for one in each.rows_on(page))
    )
    return replace(row, list=next(found, row.list))


def is_page_of_row(history: BrowsingHistory, page: Visit) -> bool:
    """Whether a page is that of a row, or does something to it: a link in the row leads there, or one behind it."""
    return bool(row_of_page((), history, page)[1])


def _is_of_link(pick: t.Any, name: str | None) -> bool:
    """Whether a value is picked from a link of a row: of the parameter ``name`` of its query, or of its path."""
    pattern = pick["filters"][0]["regex"] if isinstance(pick, Mapping) and pick["pick"].startswith("links") else ""
    return bool(pattern) and ("[?&]" not in pattern if name is None else f"[?&]{re.escape(name)}=" in pattern)


def _in_a_row(visit: Visit, name: str | None, value: str) -> bool:
    """Whether a link in a row of a table has this value, where those of other rows have another one in its place.

    So it may be if there is no other row, but a person in this one. ``name``: that of the value in the query, None for
    a part of the path. A menu may be a table as well: its rows have nothing but their links.
    """

    def places(address: str) -> list[tuple[str, str]]:
        if name is not None:
            return [(split_address(address).path, each) for at, each in query_of(address) if at == name]
        parts = path_parts(address)
        return [("/".join([*parts[:at], "", *parts[at + 1 :]]), each) for at, each in enumerate(parts)]

    texts = {link["text"] for link in visit.links_with.get(value, ())}
    for table in visit.data["tables"] if texts else ():
        rows = [row for row in table["cells"][:MAX_ROWS] if sum(map(bool, row)) > 1 and row != table["headers"]]
        if not any(text in cell for row in rows for cell in row for text in texts):
            continue  # what is quickly seen
        linked = [
            (row, {place for link in whole_row(row)["links"] for place in places(link_address(link))}) for row in rows
        ]
        linked = [(row, found) for row, found in linked if found]
        for row, found in linked:
            own = {place for place, each in found if each == value}
            rest = ((place, each) for other, more in linked if other is not row for place, each in more)
            if own and (any(place in own and each != value for place, each in rest) or _is_alone(row, linked)):
                return True
    return False


def _is_alone(row: Sequence[str], linked: Sequence[t.Any]) -> bool:
    """Whether a row is the only one of a list of people."""
    return len(linked) == 1 and any(map(EMAIL.search, row))
