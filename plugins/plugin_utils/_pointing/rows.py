# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row of the test person in a list that was pointed at, and the way from that row to a page. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...module_utils._web.page.rows import whole_row
from .drafting import BrowsingHistory, Visit, evaluate, quoted

MOST_LINKS = 4
"""Links from the row to the page with the form."""


@dataclass(frozen=True)
class RowPlace:
    """The row of a person. ``chosen``: as a profile chooses it; ``rows``, ``field``: expressions of list and column."""

    chosen: Mapping[str, t.Any]
    rows: str
    field: str
    person: str

    def on(self, visit: Visit) -> Mapping[str, t.Any] | None:
        """Return the row on this page with its links and forms; None unless exactly one row has the person."""
        if not visit.is_page:
            return None
        shown = evaluate(self.rows, visit.data)
        wanted = self.person.casefold()
        hits = [
            row
            for row in (shown if isinstance(shown, list) else ())
            if str(evaluate(self.field, row)).strip().casefold() == wanted
        ]
        if len(hits) != 1:
            return None
        whole = whole_row(hits[0])
        return whole if isinstance(whole, Mapping) else None

    def has_form(self, visit: Visit, form: Mapping[str, t.Any]) -> bool:
        """Whether ``form`` stands in the row of the person on this page."""
        row = self.on(visit)
        forms = (row or {}).get("forms", ())
        return any(each["action"] == form["action"] and each["fields"] == form["fields"] for each in forms)


def way_from_row(history: BrowsingHistory, page: Visit, place: RowPlace) -> tuple[Visit, list[dict[str, t.Any]]] | None:
    """Return the page with the list, and the steps from the person's row to ``page``; None if no row leads there.

    So no address that belongs to one person gets into a profile.
    """
    steps: list[dict[str, t.Any]] = []
    at = page
    for _link in range(MOST_LINKS):
        before = [each for each in reversed(history.visits) if each.number < at.number and each.page.kind == "html"]
        for each in before:
            row = place.on(each)
            pick = link_pick(list((row or {}).get("links", ())), at.url, place.person)
            if pick is not None:
                return each, [{"row": dict(place.chosen), "follow": pick}, *steps]
        found = ((each, link_pick(each.data["links"], at.url, place.person)) for each in before)
        following = next(((each, pick) for each, pick in found if pick is not None), None)
        if following is None:
            return None
        at = following[0]
        steps.insert(0, {"follow": following[1]})
    return None


def link_pick(links: Sequence[Mapping[str, t.Any]], url: str, person: str) -> str | None:
    """Return an expression for the link to ``url`` that does not depend on the person; None if there is none."""
    wanted = [link for link in links if link["href"].split("#")[0] == url.split("#")[0]]
    if not wanted:
        return None
    link = wanted[0]
    end = next((part for part in reversed(urlsplit(url).path.split("/")) if part and not part.isdigit()), "")
    path = urlsplit(url).path
    tests = [f"id=={quoted(link['id'])}"] if link["id"] else []
    if end and path.rstrip("/").endswith(f"/{end}"):
        tests.append(f"ends_with(href, {quoted(path[path.rindex('/' + end) :])})")
    tests.append(f"text=={quoted(link['text'])}")
    for test in tests:
        if person.casefold() in test.casefold() or any(part.isdigit() for part in test.split("'")[1].split("/")):
            continue
        found = evaluate(f"[?{test}].href", list(links))
        if isinstance(found, list) and set(found) == {link["href"]}:
            return f"links[?{test}] | [0].href"
    return "links[0].href" if len({each["href"] for each in links}) == 1 else None
