# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds a list from one cell that a person pointed at: its rows, the column, its total and its next page. Pure."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from ...module_utils._web.page.page import Page
from .._recording.draft.candidates import evaluate, identifier, lists_of_objects, table_pick
from .._recording.draft.fields import GOOD
from .._recording.draft.history import is_number
from .._recording.draft.lists import link_picks, number_picks
from .._recording.hints import normalised, word_score
from .element import MARKER, PointedElement
from .offers import page_offers
from .tasks import recorder_data

_NUMBER = re.compile(r"(?<![\d.,])\d{1,18}(?![\d.,]*\d)")
"""A number without separators, which would not convert."""


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
            yield from (_offer(pick, name, page, table) for pick in list_picks(page, index, table))


def _offer(pick: str, column: str, page: Page, table: Mapping[str, t.Any]) -> ListOffer:
    columns = tuple(filter(None, table["headers"]))
    return ListOffer(f"{pick}.rows", identifier(column), page, len(table["rows"]), columns)


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
                best, *_others = list_picks(page, index, table)
                yield _offer(best, header, page, table)


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


def complete_offer(page: Page, element: PointedElement, rows: int) -> dict[str, t.Any] | None:
    """Return what proves that a list was read completely, by what was pointed at: its total, or its number of pages.

    A number of pages follows a word for a page, or is smaller than ``rows``, those on one page: "Page 1 of 12".
    """
    text = str(element.value)
    of_pages = normalised(text).startswith(tuple(map(normalised, recorder_data()["page_words"])))
    total = None if of_pages else total_offer(page, element, rows)
    if total is not None:
        return {"total": total}
    pages = total_offer(page, element, 0) if of_pages or len(_NUMBER.findall(text)) > 1 else None
    return {"pages": pages} if pages is not None else None


def paging_parameters(page: Page, element: PointedElement | None) -> frozenset[str]:
    """Return the parameters in which the link to another page of the list differs from ``page``."""
    link = element.link if element is not None else ""
    here, there = (dict(parse_qsl(urlsplit(url).query)) for url in (page.url, link))
    return frozenset(name for name, value in there.items() if here.get(name) != value)


def total_offer(page: Page, element: PointedElement, rows: int) -> t.Any:
    """Return the value of a profile that reads the total of a list from ``element``, None if it shows none.

    Of several numbers in the text the largest counts; a total is never smaller than ``rows``, those on one page. Where
    only the words around it tell it from other numbers, the page may say it in several places. Of an element without a
    number it is the one beside it, as a person clicks on its label as well.
    """
    if page.kind == "json":
        number = max(map(int, _NUMBER.findall(str(element.value))), default=-1)
        return next((pick for pick, _text in number_picks(page, number) if number >= rows), None)
    if page.kind != "html" or not isinstance(element.value, str) or not element.value:
        return None
    offers = page_offers(page, element)[:1]
    text = str(offers[0].value) if offers else element.value
    total = max(map(int, _NUMBER.findall(text)), default=None)
    places = {each.expression: text for each in offers}
    picks: Iterator[tuple[dict[str, t.Any], str]] = number_picks(page, total, places)
    for pick, around in picks if total is None or total >= rows else ():
        pattern = pick["filters"][0]["regex"]
        shown = set(re.findall(pattern, str(evaluate(pick["pick"], page.data))))
        is_meant = text in around if total is None else pick["pick"] in places or re.search(pattern, text)
        if is_meant and len(shown) == 1 and int(shown.pop()) >= rows:
            return pick
    return None


def total_picks(rows: ListOffer) -> Iterator[t.Any]:
    """Yield what may read the number of all entries of a list in JSON: no other list says it by itself."""
    yield from (pick for pick, _text in number_picks(rows.page, rows.count) if rows.page.kind == "json")


def paging_offer(page: Page, element: PointedElement, rows: int = 0) -> dict[str, t.Any] | None:
    """Return the paging of a list by the link that a person pointed at: to the next page, or to one with a number.

    ``rows``: the number of rows on a page.
    """
    counted = _counted(page, element, rows)
    if counted is not None:
        return counted
    found = next_offers(page, element)
    return {"next": found[0]} if found else None


def _counted(page: Page, element: PointedElement, rows: int) -> dict[str, t.Any] | None:
    """Return the paging of a link whose text is the number of its page, or that has no text, by its parameter."""
    text, changed = str(element.value), [*paging_parameters(page, element)]
    value = dict(parse_qsl(urlsplit(element.link).query))[changed[0]] if len(changed) == 1 else ""
    if not is_number(value) or not (is_number(text) or not text):
        return None
    given, number = int(value), int(text or 2)
    if given - number in (-1, 0):
        return {"parameter": changed[0], "count_up": {"first": given - number + 1}}
    if rows and given == rows * (number - 1):
        return {"parameter": changed[0], "count_up": {"first": 0, "by": "rows"}}
    return None


def following_page(page: Page, offer: ListOffer, paging: Mapping[str, t.Any]) -> str | None:
    """Return the address of the page of the list after ``page``, None after the last one."""
    if "next" in paging:
        onward = evaluate(paging["next"], page.data)
        return urljoin(page.url, onward) if isinstance(onward, str) and onward else None
    rows = evaluate(offer.rows, page.data)
    if not isinstance(rows, list) or len(rows) < offer.count:
        return None
    query = parse_qsl(urlsplit(page.url).query)
    number = dict(query).get(paging["parameter"], "")
    by = len(rows) if paging["count_up"].get("by") == "rows" else 1
    onward = (int(number) if is_number(number) else paging["count_up"]["first"]) + by
    others = [pair for pair in query if pair[0] != paging["parameter"]]
    return urlsplit(page.url)._replace(query=urlencode([*others, (paging["parameter"], onward)])).geturl()


def next_offers(page: Page, element: PointedElement) -> list[str]:
    """Return expressions for the address of the next page, by the link that a person pointed at."""
    if page.kind != "html" or not element.link:
        return []
    found = []
    for text, pick in (
        each for link in page.data["links"] if link["href"] == element.link for each in link_picks(link)
    ):
        removed = evaluate(pick, element.removed_page.data) if element.removed else None
        # The link with the number of the next page is another one on every page.
        if not text.isdecimal() and evaluate(pick, page.data) == element.link and removed != element.link:
            found.append(pick)
    return list(dict.fromkeys(found))
