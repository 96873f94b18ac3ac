# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds expressions that read the element a person pointed at. Pure; knows no browser and no task.

An expression is offered only if it is proven: on the page that the interface sent it returns the value of the element,
and on a copy of the page in which only this element has another value it returns that one. So it reads this element and
no other, whatever else on the page has the same text. JSON cannot be marked, so there a person chooses among equals.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...module_utils._web.page.page import Page
from .._recording.draft.candidates import (
    Candidate,
    candidates,
    evaluate,
    form_test,
    identifier,
    is_true,
    json_candidates,
    quoted,
)
from .element import PointedElement

MAX_OFFERS = 6
MAX_QUERY = 40
"""Characters of a query by which a link is recognised. A longer one, or one with digits, may be of one session."""


@dataclass(frozen=True)
class Offer:
    """An expression that reads what was meant. ``goes_by``: id, field, row, label, address, message or json.

    ``by`` is the id, label or key itself, for people. ``page`` is the page that it reads, ``at`` its exchange.
    """

    expression: str
    value: t.Any
    goes_by: str
    by: str
    page: Page
    candidate: Candidate


def page_offers(page: Page, element: PointedElement, *, typed: bool = False) -> list[Offer]:
    """Return the expressions that read ``element`` on ``page``, the most reliable first.

    ``page`` is what the interface sent. ``typed``: a person has changed the value of the element since.
    """
    if page.kind != "html" or not element.marked:
        return []
    offers: dict[str, Offer] = {}
    for each in [*candidates(page), *by_row_candidates(page)]:
        if each.expression in offers or not (_same(each.value, element) or (typed and element.kind == "control")):
            continue
        if _is_proven(each.expression, page, element, each.value):
            offers[each.expression] = Offer(each.expression, each.value, *_goes_by(each), page, each)
    found = list(offers.values())
    if element.kind == "address":  # in the place of an address a cell may show a text
        found.sort(key=lambda offer: offer.goes_by != "address")
    return found[:MAX_OFFERS]


def _same(value: t.Any, element: PointedElement) -> bool:
    if isinstance(element.value, bool) or isinstance(value, bool):
        return value is element.value
    return " ".join(str(value).split()) == element.value


def _is_proven(expression: str, page: Page, element: PointedElement, value: t.Any) -> bool:
    if evaluate(expression, page.data) != value:
        return False
    read = evaluate(expression, element.marked_page.data)
    if read == element.marker:
        return True
    # An image or a link that is found by its own address is not found any more. Another one with it would be.
    return element.kind in ("image", "address") and read != value


def by_row_candidates(page: Page) -> Iterator[Candidate]:
    """Yield the cells of tables with headings in both directions, by row and column."""
    for table in page.data["tables"]:
        for row, cells in table["by_row"].items():
            for column, value in cells.items():
                expression = f"tables[].by_row.{identifier(row)}.{identifier(column)} | [0]"
                yield Candidate(expression, value, f"{row}, {column}")


def _goes_by(candidate: Candidate) -> tuple[str, str]:
    start = candidate.expression.split(".")[0].split("[")[0]
    if start == "ids":
        return "id", candidate.name
    if start == "forms":
        return "field", candidate.name
    if start == "tables":
        return "row", candidate.label
    if start in ("links", "images"):
        return "address", candidate.label or candidate.name
    return ("message", "") if start == "messages" else ("label", candidate.label)


# --- signs ---


def sign_offers(page: Page, element: PointedElement, elsewhere: Sequence[Page]) -> list[Offer]:
    """Return conditions that hold on ``page`` because of ``element``, and on no page of ``elsewhere``.

    So they prove, for example, that somebody is signed in, if ``elsewhere`` are the pages before the sign-in. Each is
    false on the copy of the page without the element.
    """
    if page.kind != "html" or not element.removed:
        return []
    offers = []
    for expression, goes_by, by in _signs(page, element):
        if (
            is_true(expression, page.data)
            and not is_true(expression, element.removed_page.data)
            and not any(is_true(expression, each.data) for each in elsewhere)
        ):
            offers.append(Offer(expression, element.value, goes_by, by, page, Candidate(expression, element.value, by)))
    return offers[:MAX_OFFERS]


def _signs(page: Page, element: PointedElement) -> Iterator[tuple[str, str, str]]:
    text = str(element.value)
    for link in page.data["links"]:
        path, query = urlsplit(link["href"]).path, urlsplit(link["href"]).query
        if link["href"] == element.link and query and len(query) < MAX_QUERY and not any(map(str.isdigit, query)):
            yield f"links[?ends_with(href, {quoted('?' + query)})]", "address", f"?{query}"
        if path.strip("/") and link["href"] == element.link:
            end = "/" + path.rstrip("/").rsplit("/", 1)[-1] + ("/" if link["href"].endswith("/") else "")
            yield f"links[?ends_with(href, {quoted(end)})]", "address", end
    for form in page.data["forms"]:
        test = form_test(form, page.data["forms"])
        if test and any(text in (each["label"], each["value"]) for each in form["buttons"]):
            yield f"forms[?{test}]", "field", form["id"] or form["name"]
    for each in element.ids:
        yield f"ids.{identifier(each)}", "id", each
        yield f"links[?id=={quoted(each)}]", "id", each
    for label, value in page.data["fields"].items():
        if value == element.value:
            yield f"fields.{identifier(label)}", "label", label
    yield f"links[?text=={quoted(text)}]", "label", text
    yield f"forms[].buttons[] | [?label=={quoted(text)}]", "label", text
    yield f"contains(headings, {quoted(text)})", "label", text
    yield f"contains(messages, {quoted(text)})", "message", text


# --- JSON ---


def json_offers(pages: Sequence[Page], element: PointedElement) -> list[Offer]:
    """Return expressions that read the value of ``element`` from the JSON ``pages``, newest page last.

    An entry whose key or name is that of the element comes first. An empty field is found by its name alone. If no
    value is equal, those are offered of which the text that is shown consists.
    """
    offers: dict[tuple[str, str], Offer] = {}
    parts: dict[tuple[str, str], Offer] = {}
    names = {_plain(each) for each in (*element.ids[:1], element.name) if each}
    for page in reversed(pages):
        if page.kind != "json":
            continue
        for each in json_candidates(page.data):
            key = (page.url, each.expression)
            offer = Offer(each.expression, each.value, "json", each.name, page, each)
            empty = element.value == "" and each.value in ("", None) and _is_named(offer, names)
            if key not in offers and (empty or _same_json(each.value, element)):
                offers[key] = offer
            elif isinstance(each.value, str) and len(each.value) > 2 and each.value in str(element.value):
                parts.setdefault(key, offer)
    found = list((offers or parts).values())
    return sorted(found, key=lambda each: not _is_named(each, names))[:MAX_OFFERS]


def is_certain(offers: Sequence[Offer], element: PointedElement) -> bool:
    """Whether the first of ``offers`` needs no question: it is proven, or alone, or the only one with that name."""
    if not offers:
        return False
    if offers[0].goes_by != "json":
        return True
    if len(offers) == 1:
        return offers[0].value in ("", None) or _same_json(offers[0].value, element)
    names = {_plain(each) for each in (*element.ids[:1], element.name) if each}
    return _is_named(offers[0], names) and not _is_named(offers[1], names)


def _is_named(offer: Offer, names: set[str]) -> bool:
    return any(_plain(part) in names for part in offer.by.split("."))


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _same_json(value: t.Any, element: PointedElement) -> bool:
    if isinstance(value, bool) or isinstance(element.value, bool):
        return value is element.value
    return str(value) != "" and " ".join(str(value).split()) == element.value
