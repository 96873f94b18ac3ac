# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows a page as the engine reads it, evaluates an expression on it, and finds expressions for a text. Pure."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...module_utils._web.errors import BadInput
from ...module_utils._web.page.page import Page
from ...module_utils._web.profile.expression import Expression, ProfileProblem
from .._recording.exchange import RecordedExchange, Recording
from .capture import page_of
from .drafting import candidates, form_pick, identifier
from .lists import list_picks
from .offers import by_row_candidates, json_candidates

MAX_ROWS = 3
"""Rows of a table that are shown."""
MAX_SHOWN = 40
"""Links, ids and fields of a page that are shown."""
MAX_VALUE = 80


@dataclass(frozen=True)
class FoundExpression:
    """An expression that reads the text that was searched for. ``rows``: it picks the row of a list."""

    expression: str
    value: t.Any
    rows: bool = False

    def as_dict(self) -> dict[str, t.Any]:
        """Return it as a module returns it."""
        return {"expression": self.expression, "value": self.value, "row": self.rows}


def recorded_pages(recording: Recording) -> list[tuple[RecordedExchange, Page]]:
    """Return the pages and JSON documents of a recording."""
    pages = [(each, page_of(each)) for each in recording.exchanges if each.has_body and each.response_body]
    return [(each, page) for each, page in pages if page.kind in ("html", "json") and page.data]


def find_recorded(recording: Recording, wanted: str) -> tuple[RecordedExchange, Page]:
    """Return the newest page whose path ends in ``wanted``, or the one with this number (0 for the first page).

    Raises :class:`BadInput` that lists the pages.
    """
    pages = recorded_pages(recording)
    if wanted.isdigit():
        found = [pair for pair in pages if pair[0].number == int(wanted)]
    else:
        found = [pair for pair in pages if _address(pair[0].url).endswith(wanted)]
    if found:
        return found[-1]
    listed = [f"{each.number}: {each.method} {_address(each.url)}" for each, _page in pages]
    raise BadInput(
        f"page: the recording has no page {wanted!r}",
        advice="Choose a path or a number from the list in details.",
        pages=listed[:100],
    )


def _address(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def evaluate_expression(page: Page, expression: str) -> t.Any:
    """Return what ``expression`` picks. Raise :class:`BadInput` for one that does not parse."""
    try:
        return Expression.build(expression, ()).search(page.data)
    except ProfileProblem as error:
        raise BadInput(f"expression: {error}") from error


# --- the page in words ---


def describe(page: Page) -> list[str]:
    """Return the page as lines for people: what a profile can use of it, each with its expression."""
    if page.kind == "json":
        return list(_json_lines(page.data))
    if page.kind != "html":
        return [f"text: {_short(page.data['text'])}"]
    return [*_head(page), *_forms(page), *_tables(page), *_parts(page)]


def _head(page: Page) -> Iterator[str]:
    yield f"title: {_short(page.data['title'])}"
    for index, heading in enumerate(page.data["headings"][:5]):
        yield f"headings[{index}]: {_short(heading)}"
    for index, message in enumerate(page.data["messages"][:5]):
        yield f"messages[{index}]: {_short(message)}"


def _forms(page: Page) -> Iterator[str]:
    for form in page.data["forms"]:
        yield f"{form_pick(form, page.data['forms'])}   ({form['method']} {_address(form['action'])})"
        seen: set[str] = set()
        for control in form["controls"]:
            if control["name"] and control["name"] not in seen:
                seen.add(control["name"])
                label = f" {control['label']!r}" if control["label"] else ""
                value = "" if control["type"] == "password" else f" = {_short(_shown(control))}"
                yield f"    {control['name']} ({control['type']}{label}){value}"
        for button in form["buttons"]:
            yield f"    [{button['label']}]" + (f" {button['name']}={button['value']}" if button["name"] else "")


def _shown(control: Mapping[str, t.Any]) -> t.Any:
    return control["checked"] if control["type"] in ("checkbox", "radio") else control["value"]


def _tables(page: Page) -> Iterator[str]:
    for index, table in enumerate(page.data["tables"]):
        pick, *_others = list_picks(page, index, table)
        if table["headers"]:
            yield f"{pick}.rows: {len(table['rows'])} rows, by {', '.join(filter(None, table['headers']))}"
            for row in table["rows"][:MAX_ROWS]:
                yield f"    {_short(json.dumps(row, ensure_ascii=False))}"
        elif table["cells"]:
            yield f"{pick}.cells: {len(table['cells'])} rows"
            for cells in table["cells"][:MAX_ROWS]:
                yield f"    {_short(json.dumps(cells, ensure_ascii=False))}"


def _parts(page: Page) -> Iterator[str]:
    for name, value in list(page.data["ids"].items())[:MAX_SHOWN]:
        if value:
            yield f"ids.{identifier(name)}: {_short(value)}"
    for label, value in list(page.data["fields"].items())[:MAX_SHOWN]:
        yield f"fields.{identifier(label)}: {_short(value)}"
    for link in page.data["links"][:MAX_SHOWN]:
        yield f"link {_short(link['text'])} -> {_address(link['href'])}" + (f" (id {link['id']})" if link["id"] else "")
    for frame in page.data["frames"]:
        yield f"frame {frame['name']} -> {_address(frame['src'])}"


def _json_lines(data: t.Any) -> Iterator[str]:
    for count, each in enumerate(json_candidates(data)):
        if count == 4 * MAX_SHOWN:
            yield "…"
            return
        yield f"{each.expression}: {_short(each.value)}"


def _short(value: t.Any) -> str:
    text = str(value)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}…"


# --- expressions for a text ---


def find_text(page: Page, text: str) -> list[FoundExpression]:
    """Return expressions that read exactly ``text``, and those of the rows of lists that have it in a cell."""
    found: dict[str, FoundExpression] = {}
    every = json_candidates(page.data) if page.kind == "json" else [*candidates(page), *by_row_candidates(page)]
    for each in every:
        if str(each.value) == text and Expression.build(each.expression, ()).search(page.data) == each.value:
            found.setdefault(each.expression, FoundExpression(each.expression, each.value))
    if page.kind == "html":
        for index, table in enumerate(page.data["tables"]):
            for expression, row in _rows_with(page, index, table, text):
                found.setdefault(expression, FoundExpression(expression, row, rows=True))
    return list(found.values())


def _rows_with(
    page: Page, index: int, table: Mapping[str, t.Any], text: str
) -> Iterator[tuple[str, Mapping[str, str]]]:
    rows: Sequence[Mapping[str, str]] = table["rows"]
    for header in table["headers"]:
        matching = [row for row in rows if header and row.get(header) == text]
        if len(matching) == 1:
            pick, *_others = list_picks(page, index, table)
            raw = text.replace("\\", "\\\\").replace("'", "\\'")
            yield f"{pick}.rows[?{identifier(header)}=='{raw}'] | [0]", matching[0]
