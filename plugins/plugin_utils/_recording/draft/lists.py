# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the lists in a recording: tables with headers and JSON lists, their pages, totals, and the links of their rows.

A sign or a number is only used if it fits every page of the list that was recorded.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

from ....module_utils._web.page.page import Page
from ....module_utils._web.session.rows import value_of
from ..exchange import without_default_port
from ..hints import EXACT, has_word, hints, word_score
from ..sensitive import EMAIL
from .builder import MAX_CHOICES, Choice
from .candidates import evaluate, identifier, lists_of_objects, quoted, read_value, table_pick
from .history import Visit, is_number
from .row_keys import column_names, sent_by_position
from .rows import MAX_ROWS
from .tokens import leaves

MAX_NUMBERS = 40
"""Places of a number on a page that are tried."""
_OF = ("of", "von", "de", "sur", "di", "/", "total", "gesamt")
"""Words before the number of all."""
_NEXT_SIGNS = ("»", ">", "\u203a", "→")


@dataclass(frozen=True)
class RecordedList:
    """A list: ``rows`` picks its rows on each page. ``states``: its pages, for each time that it was read."""

    rows: str
    states: tuple[tuple[Visit, ...], ...]

    @property
    def first(self) -> Visit:
        """The visit of its first page."""
        return self.states[0][0]

    @property
    def pages(self) -> list[Visit]:
        """All visits of its pages."""
        return [page for state in self.states for page in state]

    def rows_of(self, page: Visit) -> list[dict[str, t.Any]]:
        """Return the rows that a page shows."""
        return [row for row in evaluate(self.rows, page.data) or () if isinstance(row, dict)]

    @property
    def all_rows(self) -> list[Page]:
        """Return recorded rows as pages of their own, from which fields are drafted; the replay reads all of them."""
        rows = (row for page in self.pages for row in self.rows_of(page))
        return [Page("json", row, self.first.url) for row in islice(rows, MAX_ROWS)]

    @cached_property
    def columns(self) -> list[str]:
        """The columns that tell the rows apart, that of e-mail addresses first; all with a text if none does.

        A position in the list does not: later it is that of another row. None if several columns of addresses do, and
        their names do not say which one is that of the person.
        """
        states = ([row for page in state for row in self.rows_of(page)] for state in self.states)
        rows = next(filter(None, states), [])
        values = {name: [value_of(row, name) for row in rows] for name in (column_names(rows[0]) if rows else ())}
        following = hints()["paging"]["next"]  # a cursor is a position, which the next row has when this one is gone
        texts = [name for name, each in values.items() if all(map(_is_text, each))]
        texts = [name for name in texts if _score(name, following)[1] < EXACT - 3]
        counted = {
            name for name in texts if sent_by_position(name) and all(each.strip().isdecimal() for each in values[name])
        }
        named = [name for name in texts if name not in counted] or texts
        unique = [name for name in named if len({*values[name]}) == len(rows)] or named
        words = hints()["tenant"]["read"]["people"]["fields"]["address"]["words"]
        every = (name for name in texts if all(EMAIL.fullmatch(each.strip()) for each in values[name]))
        found = {name: _score(name, words) for name in every}
        best = [name for name, score in found.items() if score == max(found.values())]
        if len(best) > 1 or (best and best[0] not in unique and not any(found[best[0]])):
            return []  # such as who was invited, and by whom
        return [*best, *(name for name in unique if name not in best)]

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters of a query in which its pages differ."""
        given = [pair for page in self.pages for pair in set(page.query)]
        return frozenset(name for name, value in given if given.count((name, value)) < len(self.pages))

    @cached_property
    def paging(self) -> dict[str, t.Any] | None:
        """Return how the next page is found; None if no further page was recorded or announced."""
        steps = [pair for state in self.states for pair in pairwise(state)]
        for pick in self._links_onward():
            leads = [_same_address(evaluate(pick, page.data), then.url) for page, then in steps]
            ends = [(evaluate(pick, state[-1].data), state) for state in self.states]
            back = any(_same_address(end, page.url) for end, state in ends for page in state)
            if all(leads) and (steps or any(end for end, _state in ends)) and not back:
                return {"next": pick}
        return self._cursor(steps) or self._numbered(steps)

    def _cursor(self, steps: Sequence[tuple[Visit, Visit]]) -> dict[str, t.Any] | None:
        """Return the key of a JSON response that names the next page, or what to ask for it with."""
        for place, _value in leaves(self.first.data, "") if self.first.page.kind == "json" else ():
            read = {page.number: evaluate(place, page.data) for step in steps for page in step}
            if any(read[page.number] == read[then.number] for page, then in steps):  # such as a limit, or the total
                continue
            onward = [(str(read[page.number] or ""), then) for page, then in steps]
            given = {next((key for key, value in then.query if value == cursor), None) for cursor, then in onward}
            if len(given) == 1 and (parameter := given.pop()) is not None:
                return {"next": self._while_more(place), "parameter": parameter}
            if onward and all(_same_address(cursor, then.url) for cursor, then in onward):
                return {"next": self._while_more(place)}
        return None

    def _while_more(self, place: str) -> str:
        """Return the place of a cursor; if the last page has one as well, with the sign that there are more pages."""
        if not any(evaluate(place, state[-1].data) for state in self.states):
            return place
        signs = (at for at, value in leaves(self.first.data, "") if value is True)
        more = (at for at in signs if not any(evaluate(at, state[-1].data) for state in self.states))
        return next((f"{at} && {place}" for at in more), place)

    def _links_onward(self) -> Iterator[str]:
        for link in self.first.links:
            shown = any(_same_address(link["href"], page.url) for page in self.pages)
            for text, pick in link_picks(link):
                if shown or text in _NEXT_SIGNS or word_score(text, hints()["paging"]["next"]) >= 3:
                    yield pick

    @staticmethod
    def _numbered(steps: Sequence[tuple[Visit, Visit]]) -> dict[str, t.Any] | None:
        """Return the parameter that counts the pages."""
        changed = [set(then.query) - set(page.query) for page, then in steps]
        names = {name for each in changed for name, value in each if is_number(value)}
        if not steps or len(names) != 1 or any(len(each) != 1 for each in changed):
            return None
        name = names.pop()
        numbers = [int(dict(then.query)[name]) for _page, then in steps]
        first = dict(steps[0][0].query).get(name, "")
        begin = int(first) if is_number(first) else 1 if numbers[0] == 2 else 0
        if numbers[0] - begin == 1:
            return {"parameter": name, "count_up": {"first": begin}}
        return {"parameter": name, "count_up": {"first": begin, "by": numbers[0] - begin}}

    @property
    def whole_states(self) -> list[tuple[Visit, ...]]:
        """The states that were recorded to their last page."""
        onward = (self.paging or {}).get("next")
        return [state for state in self.states if not onward or not evaluate(onward, state[-1].data)]

    @property
    def complete(self) -> dict[str, t.Any]:
        """Return what proves that all rows were read: a total, a number of pages; {} without a proof."""
        whole = self.whole_states
        rows = [sum(len(self.rows_of(page)) for page in state) for state in whole]
        wanted = [(page, count) for state, count in zip(whole, rows, strict=True) for page in state]
        total = number_on(wanted)
        pages = number_on([(page, len(state)) for state in whole for page in state]) if self.paging else None
        found = {"total": total, "pages": pages if pages != total else None}
        return {name: pick for name, pick in found.items() if pick is not None}

    @property
    def proofs(self) -> list[Choice]:
        """Return possible proofs that all rows were read, for a question."""
        onward = (self.paging or {}).get("next", "")
        found = [Choice({"last_page": f"!({onward.removesuffix(' | [0].href')})"}, "no link onward")] if onward else []
        numbers = (Choice({"total": pick}, text) for pick, text in islice(number_picks(self.first.page), MAX_CHOICES))
        return [*found, Choice({"last_page": "`true`"}, "the list has one page"), *numbers]


def first_page(visits: Sequence[Visit], visit: Visit, paging: Collection[str]) -> Visit:
    """Return the visit of the first page of the list of which ``visit`` shows a page, as far as it was recorded.

    Its address has none of the parameters ``paging``, or the smallest number there.
    """

    def order(each: Visit) -> tuple[int, list[int]]:
        given = [value for name, value in each.query if name in paging]
        return len(given), [int(value) if is_number(value) else 0 for value in given]

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


def find_lists(pages: Sequence[Visit]) -> list[RecordedList]:
    """Return the lists that ``pages`` show, in their order. A page to which another one leads onward is part of it."""
    states: dict[tuple[str, str], list[list[Visit]]] = {}
    shown: dict[tuple[str, str], set[str]] = {}  # the rows and addresses of the last state of each list
    for page in pages:
        for rows in _row_picks(page):
            read = states.setdefault((page.path, rows), [])
            before = shown.setdefault((page.path, rows), set())
            own = {page.address, *(repr(row) for row in evaluate(rows, page.data) or [])}
            # With rows of that state it is the same list in another order, or filtered.
            if read and before.isdisjoint(own) and _leads_onward(read[-1], page):
                read[-1].append(page)
            else:
                read.append([page])
                before.clear()
            before |= own
    found: dict[tuple[str, str], list[tuple[Visit, ...]]] = {}
    for (_path, rows), read in states.items():
        later = {page.address for state in read for page in state[1:]}
        for state in read:
            if state[0].address not in later:
                found.setdefault((state[0].address, rows), []).append(tuple(state))
    return [RecordedList(rows, tuple(each)) for (_address, rows), each in found.items()]


def _row_picks(page: Visit) -> Iterator[str]:
    """Yield an expression for each list of a page."""
    if page.page.kind == "json":
        yield from (at for at, _rows in lists_of_objects(page.data))
        return
    for table in page.data["tables"] if page.page.kind == "html" else ():
        pick = table_pick(table, page.data["tables"]) if table["headers"] and table["rows"] else None
        if pick is not None:
            yield f"{pick}.rows"


def _leads_onward(state: Sequence[Visit], page: Visit) -> bool:
    """Whether the last page of ``state`` leads to ``page``, which is a new one of the same list."""
    before = state[-1]
    if {name for name, _value in before.query} - dict(page.query).keys():
        return False
    if page.url in before.leads_to:
        return True
    changed = set(page.query) - set(before.query)
    if page.page.kind != "json" or len(changed) != 1:
        return False
    value = changed.pop()[1]
    shown = [str(each) for _place, each in leaves(before.data, "")]
    return value.isdecimal() or value in shown


def link_picks(link: Mapping[str, t.Any]) -> Iterator[tuple[str, str]]:
    """Yield what may name a link on every page, and an expression for its address by it."""
    named = ((name, link[name]) for name in ("id", "rel", "text", "title") if link[name])
    yield from ((text, f"links[?{name}=={quoted(text)}] | [0].href") for name, text in named)


def _score(column: str, words: Sequence[str]) -> tuple[int, int]:
    """Return how well the name of a column matches ``words``: the whole one, and what it is called in its object."""
    return word_score(column, words), word_score(column.rpartition(".")[2] or column, words)


def _is_text(value: t.Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _same_address(one: t.Any, other: str) -> bool:
    if not isinstance(one, str) or not one:
        return False
    return without_default_port(one.partition("#")[0]) == other or ("://" not in one and other.endswith(one))


def number_on(wanted: Sequence[tuple[Visit, int]]) -> dict[str, t.Any] | None:
    """Return a pick that gives the wanted number on each page; None if none fits all of them."""
    if not wanted:
        return None
    fitting = (
        pick
        for pick, _text in islice(number_picks(wanted[0][0].page, wanted[0][1]), MAX_NUMBERS)
        if all(read_value(pick, page.data) == number for page, number in wanted)
    )
    return next(fitting, None)


def number_picks(
    page: Page, number: int | None = None, places: Mapping[str, str] | None = None
) -> Iterator[tuple[t.Any, str]]:
    """Yield picks for the numbers on a page, or for ``number`` alone, each with the text around it.

    ``places``: expressions and their texts that are tried first, by default those of elements with an id.
    """
    wanted = str(number) if number is not None else r"\d+"
    around = rf"(?<![A-Za-z\d.,]){wanted}(?![A-Za-z]|[\d.,]*\d)"  # not in a word, such as fail2ban
    if page.kind == "json" and isinstance(page.data, dict):
        yield from (
            (place, str(value))
            for place, value in leaves(page.data, "")
            if isinstance(value, int) and not isinstance(value, bool) and number in (None, value)
            if not has_word(place.rpartition(".")[2], hints()["paging"]["size"])  # as the rows of a full page
        )
    if page.kind != "html":
        return
    if places is None:
        hidden = {each["id"] for form in page.data["forms"] for each in form["controls"] if each["type"] == "hidden"}
        shown = ((name, text) for name, text in page.data["ids"].items() if name not in hidden and len(text) <= 80)
        places = {f"ids.{identifier(name)}": text for name, text in shown}
    for place, text in places.items():
        for found in reversed(list(re.finditer(around, text))):  # in "20 of 20" it is the last one
            pattern = f"^{_pattern(text[: found.start()])}(\\d+){_pattern(text[found.end() :])}$"
            yield _number_pick(place, pattern), text
    text = page.data["text"]
    for found in re.finditer(around, text):
        before = (re.search(r"(?:\S+\s+){0,2}\Z", text[max(0, found.start() - 80) : found.start()]) or [""])[0]
        after = (re.match(r"\s+[^\W\d]+", text[found.end() : found.end() + 80]) or [""])[0]
        patterns = [rf"(\d+){_pattern(after)}"] if after else []
        if before:  # "1 of 120" names the number before it, "120 people" behind it
            named = before.split()[-1].lower().strip("()") in _OF or before.rstrip().endswith(":")
            patterns.insert(0 if named else 1, rf"{_pattern(before)}(\d+)")
        yield from ((_number_pick("text", pattern), f"{before}{found[0]}{after}") for pattern in patterns)


def _number_pick(place: str, pattern: str) -> dict[str, t.Any]:
    return {"pick": place, "filters": [{"regex": pattern}, "integer"]}


def _pattern(text: str) -> str:
    """Return a pattern for a text with any numbers and any spaces in it."""
    parts = (
        re.escape(part) if part.strip() and not part.isdecimal() else part for part in re.split(r"(\d+|\s+)", text)
    )
    return "".join(r"\d+" if part.isdecimal() else r"\s+" if part.isspace() else part for part in parts)
