# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds how a person came from one row of a list to a form: the row's link, and the links of pages after it. Pure."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from ...module_utils._web.page.rows import whole_row
from .drafting import BrowsingHistory, Visit, evaluate, identifier, quoted
from .lists import ListOffer

MAX_LINKS = 4
"""Links between the list and the form."""

Step = dict[str, t.Any]


def row_of(listed: ListOffer, person: str) -> Step:
    """Return the row of the person as a profile chooses it."""
    column = next((name for name in listed.columns if identifier(name) == listed.field), listed.field)
    return {"of": listed.rows, "where": {column: f"${{{person}}}"}}


def rows_with(listed: ListOffer, value: str, page: Visit) -> list[t.Any]:
    """Return the rows of a page that have this value in the column that was pointed at."""
    shown = evaluate(listed.rows, page.data)
    rows = shown if isinstance(shown, list) else []
    return [each for each in rows if str(evaluate(listed.field, each)).casefold() == value.casefold()]


def links_from_row(
    history: BrowsingHistory, listed: ListOffer, value: str, target: Visit
) -> tuple[Visit, list[Step]] | None:
    """Return the page of the list, and the steps by links from the row with ``value`` to ``target``; None without any.

    The first step still lacks its row.
    """
    steps: list[Step] = []
    at = history.entry(target)
    for _link in range(MAX_LINKS):
        before = [each for each in history.visits if each.number < at.number and each.is_page and _link_to(at, each)]
        if not before:
            return None
        for page in reversed(before):
            hits = rows_with(listed, value, page)
            row = whole_row(hits[0]) if len(hits) == 1 else None
            if isinstance(row, Mapping) and (link := _link_among(at, row["links"])) is not None:
                return page, [{"follow": _pick(link, row["links"])}, *steps]
        page = before[-1]
        link = _link_among(at, page.links)
        assert link is not None
        steps.insert(0, {"follow": _pick(link, page.links)})
        at = history.entry(page)
    return None


def _link_to(target: Visit, page: Visit) -> bool:
    return _link_among(target, page.links) is not None


def _link_among(target: Visit, links: Sequence[Mapping[str, t.Any]]) -> Mapping[str, t.Any] | None:
    wanted = target.url.partition("#")[0]
    return next((each for each in links if each["href"].partition("#")[0] == wanted), None)


def _pick(link: Mapping[str, t.Any], links: Sequence[Mapping[str, t.Any]]) -> str:
    """Return an expression for the address of a link: without words that only this row has, if it is the only link."""
    if len(links) == 1:
        return "links[0].href"
    last = urlsplit(link["href"]).path.rstrip("/").rsplit("/", 1)[-1]
    tests = [f"id=={quoted(link['id'])}"] if link["id"] else []
    if last and not re.search(r"\d", last):  # a number may be that of the person
        tests += [f"contains(href, {quoted(f'/{last}{end}')})" for end in ("/", "") if f"/{last}{end}" in link["href"]]
    tests += [f"{key}=={quoted(link[key])}" for key in ("text", "title") if link[key]]
    test = next((each for each in tests if evaluate(f"[?{each}].href", list(links)) == [link["href"]]), None)
    return f"links[?{test}] | [0].href" if test else f"links[{list(links).index(link)}].href"
