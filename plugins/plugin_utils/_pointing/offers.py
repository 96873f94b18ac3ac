# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds expressions that read the element a person pointed at. Pure; knows no browser and no task.

An expression is offered only if it is proven: on the page that the interface sent it returns the value of the element,
and on a copy of the page in which only this element has another value it returns that one. So it reads this element and
no other, whatever else on the page has the same text. JSON cannot be marked, so there a person chooses among equals.
"""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...module_utils._web.page.page import Page
from .._recording.draft.candidates import (
    Candidate,
    candidates,
    evaluate,
    identifier,
    is_true,
    json_candidates,
    quoted,
)
from .._recording.draft.signs import page_signs
from .element import PointedElement

MAX_OFFERS = 6


@dataclass(frozen=True, kw_only=True)
class Offer(Candidate):
    """A candidate that reads what was meant on ``page``."""

    page: Page


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
            offers[each.expression] = Offer(**vars(each), page=page)
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
                yield Candidate(expression, value, f"{row}, {column}", goes_by="row")


def switch_pick(offer: Offer, on: bool) -> str:
    """Return how a profile reads yes or no from a text, of which ``on`` says whether it means yes: by comparing it.

    A text that is missing is neither.
    """
    place, value = f"({offer.expression})", offer.value
    text = quoted(value) if isinstance(value, str) else f"`{json.dumps(value)}`"
    differs = f"{place} && {place} != {text}" if value else f"{place} != {text}"
    return f"{place} == {text}" if on else differs


# --- signs ---


def sign_offers(page: Page, element: PointedElement, elsewhere: Sequence[Page]) -> list[Offer]:
    """Return conditions that hold on ``page`` because of ``element``, and on no page of ``elsewhere``.

    So they prove, for example, that somebody is signed in, if ``elsewhere`` are the pages before the sign-in. Each is
    false on the copy of the page without the element.
    """
    if page.kind != "html" or not element.removed:
        return []
    meant = {element.value, element.link, *element.ids} - {""}
    offers: dict[str, Offer] = {}
    for each in page_signs(page):
        if (
            each.value in meant
            and is_true(each.expression, page.data)
            and not is_true(each.expression, element.removed_page.data)
            and not any(is_true(each.expression, other.data) for other in elsewhere)
        ):
            offers.setdefault(each.expression, Offer(**{**vars(each), "value": element.value}, page=page))
    return list(offers.values())[:MAX_OFFERS]


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
            offer = Offer(**vars(each), page=page)
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
