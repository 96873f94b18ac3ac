# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows a page as the engine reads it, evaluates an expression on it, and finds expressions for a text. Pure."""

from __future__ import annotations

import difflib
import json
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...module_utils._decide.text import counted
from ...module_utils._web.errors import BadInput
from ...module_utils._web.page.page import Page
from ...module_utils._web.profile.expression import Expression, ProfileProblem
from .._recording.draft.candidates import (
    Candidate,
    candidates,
    checked_pick,
    evaluate,
    form_pick,
    identifier,
    json_candidates,
    lists_of_objects,
    quoted,
)
from .._recording.exchange import RecordedExchange, Recording
from .element import PointedElement
from .lists import list_offers, list_picks
from .offers import Offer, by_row_candidates, json_offers, page_offers

MAX_ROWS = 3
"""Rows of a table that are shown."""
MAX_SHOWN = 40
"""Links, ids and fields of a page that are shown."""
MAX_VALUE = 80
ROW = "row"
"""The kind of an expression that picks the row of a list, or the list."""


def recorded_pages(recording: Recording) -> list[tuple[RecordedExchange, Page]]:
    """Return the pages and JSON documents of a recording."""
    pages = [(each, each.readable_page) for each in recording.exchanges if each.has_body and each.response_body]
    return [(each, page) for each, page in pages if page is not None and page.kind in ("html", "json") and page.data]


def find_recorded(recording: Recording, wanted: str) -> tuple[RecordedExchange, Page]:
    """Return the newest page whose path ends in ``wanted``, or the one with this number (0 for the first page).

    Raises :class:`BadInput` that lists the pages.
    """
    pages = recorded_pages(recording)
    if wanted.isdigit():
        found = [pair for pair in pages if pair[0].number == int(wanted)]
    else:
        found = [pair for pair in pages if address(pair[0].url).endswith(wanted)]
    if found:
        return found[-1]
    listed = [f"{each.number}: {each.method} {address(each.url)}" for each, _page in pages]
    raise BadInput(
        f"page: the recording has no page {wanted!r}",
        advice="Choose a path or a number from the list in details.",
        pages=listed[:100],
    )


def address(url: str) -> str:
    """Return path and query of an address."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def evaluate_expression(page: Page, expression: str) -> t.Any:
    """Return what ``expression`` picks. Raise :class:`BadInput` for one that does not parse."""
    try:
        return Expression.build(expression, ()).search(page.data)
    except ProfileProblem as error:
        raise BadInput(f"expression: {error}") from error


# --- the page in words ---


@dataclass(frozen=True)
class PageLine:
    """One part of a page in words, and the expression that picks it; empty for a heading of several parts."""

    text: str
    expression: str = ""


def describe(page: Page) -> list[str]:
    """Return the page as lines for people: what a profile can use of it, each with its expression."""
    return [line.text for line in page_lines(page)]


def page_lines(page: Page) -> list[PageLine]:
    """Return the parts of a page that a profile can use."""
    if page.kind == "json":
        return list(_json_lines(page.data))
    if page.kind != "html":
        return [PageLine(f"text: {_short(page.data['text'])}", "text")]
    return [*_head(page), *_forms(page), *_tables(page), *_parts(page)]


def _line(expression: str, value: t.Any) -> PageLine:
    return PageLine(f"{expression}: {_short(value)}", expression)


def _head(page: Page) -> Iterator[PageLine]:
    yield _line("title", page.data["title"])
    for name in ("headings", "messages"):
        for index, text in enumerate(page.data[name][:5]):
            yield _line(f"{name}[{index}]", text)


def _forms(page: Page) -> Iterator[PageLine]:
    for form in page.data["forms"]:
        pick = form_pick(form, page.data["forms"])
        yield PageLine(f"{pick}   ({form['method']} {address(form['action'])})", pick)
        seen: set[str] = set()
        for control in form["controls"]:
            if control["name"] and control["name"] not in seen:
                seen.add(control["name"])
                label = f" {control['label']!r}" if control["label"] else ""
                value = "" if control["type"] == "password" else f" = {_short(_shown(control))}"
                text = f"    {control['name']} ({control['type']}{label}){value}"
                yield PageLine(text, f"{pick}.{_control_pick(control, form)}" if value else "")
        for button in form["buttons"]:
            named = f" {button['name']}={button['value']}" if button["name"] else ""
            yield PageLine(f"    [{button['label']}]{named}")


def _control_pick(control: Mapping[str, t.Any], form: Mapping[str, t.Any]) -> str:
    if control["type"] in ("checkbox", "radio"):
        return checked_pick(control, form)
    return f"fields.{identifier(control['name'])}"


def _shown(control: Mapping[str, t.Any]) -> t.Any:
    return control["checked"] if control["type"] in ("checkbox", "radio") else control["value"]


def _tables(page: Page) -> Iterator[PageLine]:
    for index, table in enumerate(page.data["tables"]):
        pick, *_others = list_picks(page, index, table)
        if table["headers"]:
            headers = ", ".join(filter(None, table["headers"]))
            yield PageLine(f"{pick}.rows: {counted(len(table['rows']), 'row')}, by {headers}", f"{pick}.rows")
            rows: Sequence[t.Any] = table["rows"]
        else:
            rows = table["cells"]
            if rows:
                yield PageLine(f"{pick}.cells: {counted(len(rows), 'row')}", f"{pick}.cells")
        part = "rows" if table["headers"] else "cells"
        for at, row in enumerate(rows[:MAX_ROWS]):
            yield PageLine(f"    {_short(json.dumps(row, ensure_ascii=False))}", f"{pick}.{part}[{at}]")


def _parts(page: Page) -> Iterator[PageLine]:
    for part in ("ids", "fields"):
        for name, value in list(page.data[part].items())[:MAX_SHOWN]:
            if value or part == "fields":
                yield _line(f"{part}.{identifier(name)}", value)
    for link in page.data["links"][:MAX_SHOWN]:
        key = "id" if link["id"] else "text"
        text = f"link {_short(link['text'])} -> {address(link['href'])}" + (f" (id {link['id']})" if link["id"] else "")
        yield PageLine(text, f"links[?{key}=={quoted(link[key])}] | [0].href")
    for frame in page.data["frames"]:
        yield PageLine(f"frame {frame['name']} -> {address(frame['src'])}")


def _json_lines(data: t.Any) -> Iterator[PageLine]:
    for at, rows in lists_of_objects(data):
        yield PageLine(f"{at}: {counted(len(rows), 'row')}, by {', '.join(map(str, rows[0]))}", at)
    for count, each in enumerate(json_candidates(data)):
        if count == 4 * MAX_SHOWN:
            yield PageLine("…")
            return
        yield _line(each.expression, each.value)


def _short(value: t.Any) -> str:
    text = str(value)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}…"


# --- expressions for a text ---


def find_text(page: Page, text: str) -> list[Offer]:
    """Return expressions that read exactly ``text``, and those of the rows of lists that have it in a cell."""
    every = json_candidates(page.data) if page.kind == "json" else [*candidates(page), *by_row_candidates(page)]
    read = [each for each in every if str(each.value) == text and evaluate(each.expression, page.data) == each.value]
    for index, table in enumerate(page.data["tables"] if page.kind == "html" else ()):
        for header in filter(None, table["headers"]):
            matching = [row for row in table["rows"] if row.get(header) == text]
            if len(matching) == 1:
                pick, *_others = list_picks(page, index, table)
                row = row_expression(f"{pick}.rows", identifier(header), text)
                read.append(Candidate(row, matching[0], kind=ROW))
    found: dict[str, Offer] = {}
    for each in read:
        found.setdefault(each.expression, Offer(**vars(each), page=page))
    return list(found.values())


def row_expression(rows: str, column: str, text: str) -> str:
    """Return the expression for the row of a list that has ``text`` in a column. All three are expressions or text."""
    return f"{rows}[?{column}=={quoted(text)}] | [0]"


# --- what was not found ---


def unmatched(page: Page, expression: str | None, text: str | None) -> list[str]:
    """Return one sentence for an expression that picks nothing, and one for a text that no expression reads.

    Each names what resembles it on the page: a misspelt expression, or a text of which the searched one is a part.
    """
    lines = page_lines(page)
    sentences = []
    if expression and evaluate_expression(page, expression) is None:
        known = [line.expression for line in lines if line.expression]
        alike = difflib.get_close_matches(expression, known, n=3, cutoff=0.75)
        hint = f"Similar: {', '.join(alike)}." if alike else "Check its spelling, and the page (-e page=PATH)."
        sentences.append(f"The expression {expression} picks nothing on {address(page.url)}. {hint}")
    if text and not find_text(page, text):
        around = [line.text.strip() for line in lines if text.casefold() in line.text.casefold()][:3]
        hint = (
            f"It is part of: {'; '.join(around)}. Give the whole text."
            if around
            else "Check the page (-e page=PATH) and the language of the interface."
        )
        sentences.append(f"Nothing on {address(page.url)} reads exactly {text!r}. {hint}")
    return sentences


# --- expressions for what was pointed at ---


def find_element(page: Page, element: PointedElement, documents: Sequence[Page]) -> list[Offer]:
    """Return expressions for what a person pointed at: the value, its row, and the whole list.

    ``page`` is what the interface sent, ``documents`` is the JSON that it loads. What is proven to read this element
    comes first; if nothing is, expressions that read the same text.
    """
    found = page_offers(page, element) or json_offers(documents, element)
    for each in list_offers(page, element, documents)[:1]:
        for expression in (row_expression(each.rows, each.field, str(element.value)), each.rows):
            value = evaluate(expression, each.page.data)
            if value is not None:
                found.append(Offer(expression, value, kind=ROW, page=each.page))
    return found or find_text(page, str(element.value))
