# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds a list from one cell that a person pointed at: its rows, the column, its total and its next page. Pure."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...module_utils._web.page.page import Page
from .drafting import GOOD, evaluate, identifier, lists_of_objects, quoted, table_pick, word_score
from .element import MARKER, PointedElement
from .offers import page_offers

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*")


@dataclass(frozen=True)
class ListOffer:
    """A list: the expression of its rows, that of the value in a row, and the rows on the page that was seen."""

    rows: str
    field: str
    page: Page
    count: int
    columns: tuple[str, ...]


def list_offers(page: Page, element: PointedElement, json_pages: Sequence[Page] = ()) -> list[ListOffer]:
    """Return the lists of which ``element`` is a cell or a heading, the most reliable expression first.

    In HTML each is proven on the marked copy: one row has the marker, in that column.
    """
    found = [offer for offer in _of_tables(page, element) if _is_list(offer, page, element)]
    found += _of_headings(page, element)
    if found:
        return found
    return [offer for each in reversed(json_pages) for offer in _of_json(each, element)]


def _of_tables(page: Page, element: PointedElement) -> Iterator[ListOffer]:
    if page.kind != "html" or not element.marked:
        return
    for index, table in enumerate(page.data["tables"]):
        names = [name for row in table["rows"] for name, value in row.items() if value == element.value]
        for name in dict.fromkeys(names):
            for pick in list_picks(page, index, table):
                yield ListOffer(
                    f"{pick}.rows", identifier(name), page, len(table["rows"]), tuple(filter(None, table["headers"]))
                )


def list_picks(page: Page, index: int, table: Mapping[str, t.Any]) -> Iterator[str]:
    """Yield expressions that pick the table at ``index`` of the page, the most reliable first."""
    pick = table_pick(table, page.data["tables"])
    if pick is not None:
        yield pick
    yield f"tables[{index}]"


def _of_headings(page: Page, element: PointedElement) -> Iterator[ListOffer]:
    """Yield the list of which a heading was pointed at, as a list without entries has no other cell."""
    if page.kind != "html" or not element.marked:
        return
    marked = element.marked_page.data["tables"]
    for index, table in enumerate(page.data["tables"]):
        for at, header in enumerate(table["headers"]):
            if header == element.value and index < len(marked) and marked[index]["headers"][at : at + 1] == [MARKER]:
                pick = next(list_picks(page, index, table))
                columns = tuple(filter(None, table["headers"]))
                yield ListOffer(f"{pick}.rows", identifier(header), page, len(table["rows"]), columns)


def _is_list(offer: ListOffer, page: Page, element: PointedElement) -> bool:
    rows = evaluate(offer.rows, page.data)
    marked = evaluate(offer.rows, element.marked_page.data)
    if not isinstance(rows, list) or not isinstance(marked, list) or len(rows) != len(marked):
        return False
    hits = [at for at, row in enumerate(marked) if evaluate(offer.field, row) == element.marker]
    return len(hits) == 1 and evaluate(offer.field, rows[hits[0]]) == element.value


def _of_json(page: Page, element: PointedElement) -> Iterator[ListOffer]:
    if page.kind != "json":
        return
    for at, rows in lists_of_objects(page.data):
        for name in rows[0]:
            if [str(row.get(name)) for row in rows].count(str(element.value)) == 1:
                yield ListOffer(at, identifier(str(name)), page, len(rows), tuple(map(str, rows[0])))


def other_columns(offer: ListOffer, wanted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return an expression for each of the ``wanted`` columns that the list has: by name, with words of its heading."""
    found: dict[str, str] = {}
    for name, words in wanted.items():
        scored = {each: word_score(each, words) for each in offer.columns if identifier(each) != offer.field}
        best = max(scored, key=lambda each: scored[each], default="")
        if best and scored[best] >= GOOD and identifier(best) not in found.values():
            found[name] = identifier(best)
    return found


def total_offer(page: Page, element: PointedElement, rows: int) -> dict[str, t.Any] | None:
    """Return the value of a profile that reads the total of a list from ``element``, None if it shows none.

    Of several numbers in the text the largest counts; a total is never smaller than ``rows``, those on one page.
    """
    if page.kind != "html" or not isinstance(element.value, str):
        return None
    offers = page_offers(page, element)
    text = str(offers[0].value) if offers else element.value
    numbers = list(_NUMBER.finditer(text))
    fitting = [each for each in numbers if (_digits(each[0]) or 0) >= rows]
    if not fitting:
        return None
    chosen = max(fitting, key=lambda each: _digits(each[0]) or 0)
    if chosen[0] != re.sub(r"\D", "", chosen[0]):
        return None  # a number with separators does not convert
    pattern, at = "", 0
    for each in numbers:
        pattern += _fixed(text[at : each.start()]) + (r"(\d+)" if each is chosen else r"\d+")
        at = each.end()
    pattern += _fixed(text[at:])
    if offers:
        return {"pick": offers[0].expression, "filters": [{"regex": f"^{pattern}$"}, "integer"]}
    # Nothing leads to the element alone, but its words stand once in the text of the page.
    pattern = rf"\b{pattern}\b" if text[-1:].isalnum() else rf"\b{pattern}"
    once = len(re.findall(pattern, page.data["text"])) == 1
    words = any(len(word) > 2 and word.isalpha() for word in text.split())
    if not once or not words or re.search(pattern, element.marked_page.data["text"]):
        return None
    return {"pick": "text", "filters": [{"regex": pattern}, "integer"]}


def _digits(text: str) -> int | None:
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else None


def _fixed(text: str) -> str:
    """Return a pattern for the words around the total. The last word may be another, such as user for users."""
    words = text.split(" ")
    return r"\ ".join(re.escape(word) for word in words).replace(r"\ ", " ")


def next_offers(page: Page, element: PointedElement) -> list[str]:
    """Return expressions for the address of the next page, by the link that a person pointed at."""
    if page.kind != "html" or not element.link:
        return []
    found = []
    for link in page.data["links"]:
        if link["href"] != element.link:
            continue
        tests = [f"{key}=={quoted(link[key])}" for key in ("id", "rel", "text", "title") if link[key]]
        for test in tests:
            pick = f"links[?{test}] | [0].href"
            removed = evaluate(pick, element.removed_page.data) if element.removed else None
            if evaluate(pick, page.data) == element.link and removed != element.link:
                found.append(pick)
    return list(dict.fromkeys(found))
