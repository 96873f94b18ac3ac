# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds where a script took the values of a request from: from the row of a list, or from hidden fields. Pure."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from ...module_utils._web.page.rows import whole_row
from .drafting import BrowsingHistory, Visit, evaluate, form_pick, identifier, quoted
from .lists import ListOffer
from .row_path import rows_with

ROW_ID = "row_id"
"""The name under which a profile keeps what a row is called in addresses."""


def page_with_row(history: BrowsingHistory, listed: ListOffer, value: str, sent: Visit) -> Visit | None:
    """Return the page on which the script ran: the newest one that has one row with this value."""
    shown = [each for each in history.visits if each.number < sent.number and each.is_page and not each.writes]
    return next((each for each in reversed(shown) if len(rows_with(listed, value, each)) == 1), None)


def row_id(listed: ListOffer, value: str, page: Visit, sent: Visit) -> tuple[str, t.Any] | None:
    """Return a part of the request that only the row with ``value`` has, and how a profile keeps it of the row."""
    row = whole_row(rows_with(listed, value, page)[0])
    others = [whole_row(each) for each in evaluate(listed.rows, page.data)]
    asked = [*_parts(sent.path), *(text for _name, text in sent.form)]
    for wanted in dict.fromkeys(each for each in asked if each):
        for pick in _picks(row, wanted):
            if [_read(pick, each) for each in others].count(wanted) == 1:
                return wanted, pick
    return None


def _parts(address: str) -> list[str]:
    return [unquote(part) for part in urlsplit(address).path.split("/") if part]


def _picks(row: t.Any, wanted: str) -> Iterator[t.Any]:
    """Yield picks that read ``wanted`` from a whole row."""
    if not isinstance(row, Mapping):
        return
    if "links" not in row or "cells" not in row:  # an object in JSON
        yield from (identifier(str(key)) for key, value in row.items() if str(value) == wanted)
        return
    if row["id"] == wanted:
        yield "id"
    yield from (f"data.{identifier(name)}" for name, value in row["data"].items() if value == wanted)
    for each in row["controls"]:
        if each["name"] and str(each["value"]) == wanted:
            yield f"controls[?name=={quoted(each['name'])}] | [0].value"
    for link in row["links"]:
        before, found, _after = urlsplit(link["href"]).path.partition(f"/{wanted}")
        if before and found and wanted in _parts(link["href"]):
            pick = f"links[?contains(href, {quoted(before + '/')})] | [0].href"
            yield {"pick": pick, "filters": [{"regex": f"{re.escape(before)}/([^/?#]+)"}]}


def _read(pick: t.Any, row: t.Any) -> str | None:
    expression = pick["pick"] if isinstance(pick, dict) else pick
    value = evaluate(expression, row)
    if value is None or not isinstance(pick, dict):
        return None if value is None else str(value)
    found = re.search(pick["filters"][0]["regex"], str(value))
    return found[1] if found else None


def hidden_values(page: Visit, form: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return an expression for each field of a request whose value a hidden field of the page had, such as a token."""
    found: dict[str, str] = {}
    for name, value in form:
        for each in page.forms if value else ():
            if any(control["type"] == "hidden" and control["name"] == name for control in each["controls"]):
                pick = f"{form_pick(each, page.forms)}.fields.{identifier(name)}"
                if evaluate(pick, page.data) == value:
                    found.setdefault(name, pick)
    return found
