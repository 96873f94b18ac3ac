# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the row of a list on which a person acted: by its link, its form, its check box, or what a script sent of it.

Whoever pointed at a list says which row is meant. Otherwise any row may be, and only what is in that row alone counts.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import unquote, urlsplit

from ....module_utils._web.page.rows import whole_row
from ..exchange import without_default_port
from .candidates import evaluate, form_tests, identifier, quoted, read_value
from .history import BrowsingHistory, RecordedSubmission, Visit
from .tokens import leaves

MAX_ROWS = 500
"""Rows of a list that are looked at one by one."""
MOST_LINKS = 4
"""Links from the row to the page with the form."""
MOST_PAGES = 3
"""Pages of a list, the latest first, whose rows are compared with a request."""
ROW_ID = "row_id"
"""The name under which a profile keeps what a row is called in addresses."""


@dataclass(frozen=True)
class RowList:
    """A list in whose rows a person acts. ``rows``: the expression of its rows; ``pages``: the visits that may show it.

    A profile chooses the row by the value of ``column``, which is the input ``input``. ``onward``: how it goes on to
    the next page. ``paging``: the parameters of a query that tell the pages of the list apart. ``first``: the visit of
    the first page, None if any page of the list may be it. ``meant``: the value of the row that is meant, None if any
    row may be.
    """

    rows: str
    pages: tuple[Visit, ...]
    column: str
    input: str
    onward: t.Any = None
    paging: frozenset[str] = frozenset()
    first: Visit | None = None
    meant: str | None = None

    def chosen_on(self, visit: Visit) -> dict[str, t.Any]:
        """Return how a profile chooses the row from this page on: on one page if it does not say how many there are.

        The result of a search may say "1 user" where the whole list says "238 users".
        """
        chosen: dict[str, t.Any] = {"of": self.rows, "where": {self.column: f"${{{self.input}}}"}}
        proofs = self.onward["complete"].values() if isinstance(self.onward, Mapping) else ()
        if self.onward is not None and all(isinstance(read_value(pick, visit.data), int) for pick in proofs):
            chosen["next"] = self.onward
        return chosen

    def rows_on(self, visit: Visit) -> list[t.Any]:
        """Return all rows that a page shows."""
        shown = evaluate(self.rows, visit.data) if visit.is_page else None
        return [row for row in shown if isinstance(row, Mapping)] if isinstance(shown, list) else []

    def meant_on(self, visit: Visit) -> list[t.Any]:
        """Return the rows of a page that may be meant: of several with the value that is meant, none."""
        rows = self.rows_on(visit)
        if self.meant is None:
            return rows[:MAX_ROWS]
        wanted = self.meant.casefold()
        hits = [row for row in rows if str(row.get(self.column)).strip().casefold() == wanted]
        return hits if len(hits) == 1 else []

    def before(self, visit: Visit) -> list[Visit]:
        """Return the pages of the list that were shown before ``visit``, the latest first."""
        return [each for each in reversed(self.pages) if each.number < visit.number]


@dataclass(frozen=True)
class RecordedRow:
    """A row of a list on which a person acted, as the page ``shown`` showed it.

    ``part``: its link or form that was used, None for a request. ``box``: the name of the check box that chooses the
    row in a form around the whole list. ``steps``: those from the row to the page with the form. ``wanted`` and
    ``pick``: the part of a request that only this row has, and how a profile picks it from the row.
    """

    list: RowList
    shown: Visit
    row: Mapping[str, t.Any]
    part: Mapping[str, t.Any] | None = None
    box: str | None = None
    steps: tuple[dict[str, t.Any], ...] = ()
    wanted: str = ""
    pick: t.Any = None

    @property
    def value(self) -> str:
        """The value by which a profile chooses the row."""
        return str(self.row.get(self.list.column, ""))

    @property
    def link(self) -> Mapping[str, t.Any] | None:
        """The link of the row that was used, None if it was something else."""
        return self.part if self.part is not None and "href" in self.part else None

    @property
    def form_test(self) -> str:
        """A condition for the form of the row: by its check box, or by what the form of every row has."""
        if self.box is not None:
            return f"controls[?name=={quoted(self.box)}]"
        every = [forms for row in self.list.rows_on(self.shown) if (forms := _parts(row, "forms"))]
        for test in form_tests(self.part) if self.part is not None else ():
            if not _is_of_row(test, self.value) and all(evaluate(f"[?{test}]", forms) for forms in every):
                return test
        return "action"


def first_page(visits: Sequence[Visit], visit: Visit, paging: Collection[str]) -> Visit:
    """Return the visit of the first page of the list of which ``visit`` shows a page, as far as it was recorded.

    Its address has none of the parameters ``paging``, or the smallest number there.
    """

    def order(each: Visit) -> tuple[int, list[int]]:
        given = [value for name, value in each.query if name in paging]
        return len(given), [int(value) if value.isdecimal() else 0 for value in given]

    def others(each: Visit) -> list[tuple[str, str]]:
        return [pair for pair in each.query if pair[0] not in paging]

    pages = (each for each in visits if each.is_page and each.path == visit.path and not each.writes)
    return min((each for each in pages if others(each) == others(visit)), key=order, default=visit)


def onward_of(paging: Mapping[str, t.Any] | None, complete: Mapping[str, t.Any] | None) -> t.Any:
    """Return how a profile goes on to the next page of a list until it has found a row; None if it cannot."""
    if paging is None:
        return None
    if "next" in paging:
        return None if "parameter" in paging else paging["next"]
    return {**paging, "complete": complete} if complete else None


def row_of_submission(lists: Sequence[RowList], sent: RecordedSubmission) -> RecordedRow | None:
    """Return the row in which the submitted form, its pressed button or a checked box stands; None if none does."""
    for each in lists:
        for row in each.meant_on(sent.source) if sent.source in each.pages else ():
            for part in _parts(row, "forms"):
                box = _checked_box(part, sent)
                if part["action"] == sent.form["action"] and (box is not None or _is_whole(part, sent)):
                    return RecordedRow(each, sent.source, row, part, box)
    return None


def _checked_box(part: Mapping[str, t.Any], sent: RecordedSubmission) -> str | None:
    """Return the name of the check box of a row that was checked, where other rows have one of this name too."""
    boxes = (box for box in part["controls"] if box["type"] == "checkbox" and not box["checked"])
    of_rows = (box for box in boxes if sum(box["name"] == one["name"] for one in sent.form["controls"]) > 1)
    return next((box["name"] for box in of_rows if (box["name"], box["value"]) in sent.visit.form), None)


def _is_whole(part: Mapping[str, t.Any], sent: RecordedSubmission) -> bool:
    """Whether the submitted form stands in a row with all its controls, and with the button that was pressed."""
    pressed = {(each["name"], each["value"]) for each in sent.form["buttons"]} & set(sent.visit.form)
    whole = len(part["controls"]) == len(sent.form["controls"]) and part["fields"] == sent.form["fields"]
    return whole and pressed <= {(button["name"], button["value"]) for button in part["buttons"]}


def row_leading_to(lists: Sequence[RowList], page: Visit) -> RecordedRow | None:
    """Return the row whose link leads to ``page``, as it was last shown before; None if no row does."""
    for each in lists:
        for shown in each.before(page):
            for row in each.meant_on(shown) if page.url in shown.leads_to else ():
                links = _parts(row, "links")
                link = next((link for link in links if _address(link) == page.url), None)
                if link is not None:
                    found = RecordedRow(each, shown, row, link)
                    pick = link_pick(links, page.url, found.value) or "links[0].href"
                    return replace(found, steps=({"row": each.chosen_on(shown), "follow": pick},))
    return None


def way_from_row(lists: Sequence[RowList], history: BrowsingHistory, page: Visit) -> RecordedRow | None:
    """Return the row from which links lead to ``page``, None if no row does.

    So no address that belongs to one person gets into a profile. From a row that nobody pointed at, only its own link
    is sure to belong to it.
    """
    steps: list[dict[str, t.Any]] = []
    at = history.entry(page)
    for _link in range(MOST_LINKS):
        found = row_leading_to(lists, at)
        if found is not None:
            return replace(found, steps=(*found.steps, *steps))
        lists = [each for each in lists if each.meant is not None]
        before = (each for each in reversed(history.visits) if each.number < at.number and at.url in each.leads_to)
        picks = ((each, link_pick(each.links, at.url, lists[0].meant or "")) for each in before if lists)
        following = next(((each, pick) for each, pick in picks if pick is not None), None)
        if following is None:
            return None
        at = following[0]
        steps.insert(0, {"follow": following[1]})
    return None


def link_pick(links: Sequence[Mapping[str, t.Any]], url: str, person: str) -> str | None:
    """Return an expression for the link to ``url`` that does not depend on the person; None if there is none."""
    link = next((link for link in links if _address(link) == url), None)
    if link is None:
        return None
    path = urlsplit(url).path
    end = next((part for part in reversed(path.split("/")) if part and not part.isdigit()), "")
    tests = [f"id=={quoted(link['id'])}"] if link["id"] else []
    if end and path.rstrip("/").endswith(f"/{end}"):
        tests.append(f"ends_with(href, {quoted(path[path.rindex('/' + end) :])})")
    if end and urlsplit(url).query:
        tests.append(f"contains(href, {quoted(path[path.rindex('/' + end) :] + '?')})")
    tests += [f"{name}=={quoted(link[name])}" for name in ("text", "title") if link[name]]
    for test in tests:
        found = evaluate(f"[?{test}].href", list(links)) if not _is_of_row(test, person) else None
        if isinstance(found, list) and set(found) == {link["href"]}:
            return f"links[?{test}] | [0].href"
    return "links[0].href" if len({each["href"] for each in links}) == 1 else None


def row_of_request(lists: Sequence[RowList], sent: Visit) -> RecordedRow | None:
    """Return the row for which a script sent a request, by the part of the request that only this row has.

    Of a row that nobody pointed at it is a part of the path behind that of the list (``users/17``).
    """
    for each in lists:
        behind = sent.path.removeprefix(each.first.path.rstrip("/") + "/") if each.first is not None else ""
        asked = [*_path_parts(sent.path), *(text for _name, text in sent.form)]
        named = {at.rpartition(".")[2]: str(value) for at, value in leaves(sent.json_body, "")}
        if each.meant is None:
            asked, named = (_path_parts(behind) if behind != sent.path else []), {}
        pages = (page for page in each.before(sent) if each.meant_on(page)) if asked else iter(())
        for shown in islice(pages, MOST_PAGES):
            found = _row_with(each, shown, asked, named)
            if found is not None:
                return found
    return None


def _row_with(each: RowList, shown: Visit, asked: Sequence[str], named: Mapping[str, str]) -> RecordedRow | None:
    """Return the row of a page that alone has one of ``asked``, or under its own name one of ``named``."""
    every = [whole_row(row) for row in each.rows_on(shown)]
    rows = [(row, whole_row(row)) for row in each.meant_on(shown)]
    pairs = [(wanted, *both) for wanted in filter(None, dict.fromkeys(asked)) for both in rows]
    pairs += [(value, *both) for both in rows for name, value in named.items() if str(both[0].get(name)) == value]
    for wanted, row, whole in pairs:
        for pick in _picks(whole, wanted):
            if [str(read_value(pick, one)) for one in every].count(wanted) == 1:
                return RecordedRow(each, shown, row, wanted=wanted, pick=pick)
    return None


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
        if before and found and wanted in _path_parts(link["href"]):
            pick = f"links[?contains(href, {quoted(before + '/')})] | [0].href"
            yield {"pick": pick, "filters": [{"regex": f"{re.escape(before)}/([^/?#]+)"}]}


def _is_of_row(test: str, value: str) -> bool:
    """Whether a condition may be true of one row alone: it has a number, or the value that tells the row."""
    return any(map(str.isdigit, test)) or (bool(value) and value.casefold() in test.casefold())


def _path_parts(address: str) -> list[str]:
    return [unquote(part) for part in urlsplit(address).path.split("/") if part]


def _address(link: Mapping[str, t.Any]) -> str:
    return without_default_port(link["href"].partition("#")[0])


def _parts(row: t.Any, name: str) -> list[dict[str, t.Any]]:
    whole = whole_row(row)
    return whole.get(name, []) if whole is not row else []
