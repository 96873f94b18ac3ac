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
from .drafting import Visit, evaluate, form_pick, identifier, quoted
from .rows import RowPlace

ROW_ID = "row_id"
"""The name under which a profile keeps what a row is called in addresses."""


def row_of_request(pages: Sequence[Visit], place: RowPlace, sent: Visit) -> tuple[Visit, str, t.Any] | None:
    """Return the page whose script sent a request for the row, the part of the request that only this row has, and
    how a profile picks it from the row; None if the request has no such part.
    """
    page = next((each for each in reversed(pages) if place.on(each) is not None), None)
    row = place.on(page) if page is not None else None
    if page is None or row is None:
        return None
    others = [whole_row(each) for each in evaluate(place.rows, page.data)]
    asked = [*_parts(sent.path), *(text for _name, text in sent.form)]
    for wanted in dict.fromkeys(each for each in asked if each):
        for pick in _picks(row, wanted):
            if [_read(pick, each) for each in others].count(wanted) == 1:
                return page, wanted, pick
    return None


def _parts(address: str) -> list[str]:
    return [unquote(part) for part in urlsplit(address).path.split("/") if part]


def _picks(row: Mapping[str, t.Any], wanted: str) -> Iterator[t.Any]:
    """Yield picks that read ``wanted`` from a whole row."""
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
