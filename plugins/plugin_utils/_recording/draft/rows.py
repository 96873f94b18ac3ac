# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the row of a list on which a person acted: by its link, its form, its check box, or what a script sent of it.

Whoever pointed at a list says which row is meant. Otherwise any row may be, and only what is in that row alone counts.
"""

from __future__ import annotations

import sys
import typing as t
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ....module_utils._web.page.rows import whole_row
from ....module_utils._web.session.rows import matching
from .builder import DECIDE
from .candidates import evaluate, form_tests, quoted, read_value
from .history import BrowsingHistory, RecordedSubmission, Visit
from .row_keys import Keys, WholeRow, different, in_column, is_key, is_position, keys_of, mask, sent_by_position
from .row_links import link_address, link_pick, names_one_row, path_parts
from .tokens import leaves

MAX_ROWS = 500
"""Rows of a list that are looked at one by one."""
MOST_LINKS = 4
"""Links from the row to the page with the form."""
LEAST_KEY = 2
"""Characters of a value that alone may mean a row. Of a shorter one, such as 1, it may be a coincidence."""
ROW_ID = "row_id"
"""The name under which a profile keeps what a row is called in addresses."""
ROW_PART = "row_part"
"""The name under which a profile keeps what the button of a row is called."""
ROW_BOX = "row_box"
"""The name under which a profile keeps what the check box of a row is called."""


@dataclass(frozen=True)
class RowList:
    """A list in whose rows a person acts. ``rows``: the expression of its rows; ``pages``: the visits that may show it.

    A profile chooses the row by the value of ``column``, which is the input ``input``. ``onward``: how it goes on to
    the next page. ``paging``: the parameters of a query that tell the pages of the list apart. ``first``: the visit of
    the first page, None if any page of the list may be it. ``meant``: the value of the row that is meant, None if any
    row may be; ``gone``: values of rows that a change removed, so that one of them is meant.
    """

    rows: str
    pages: tuple[Visit, ...]
    column: str
    input: str
    onward: t.Any = None
    paging: frozenset[str] = frozenset()
    first: Visit | None = None
    meant: str | None = None
    gone: frozenset[str] = frozenset()
    _keys: dict[int, Keys] = field(default_factory=dict, repr=False, compare=False)
    _linked: dict[int, dict[str, list[Mapping[str, t.Any]]]] = field(default_factory=dict, repr=False, compare=False)
    _whole: dict[int, list[WholeRow]] = field(default_factory=dict, repr=False, compare=False)
    _values: dict[int, set[str]] = field(default_factory=dict, repr=False, compare=False)

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

    def whole_on(self, visit: Visit) -> list[tuple[Mapping[str, t.Any], t.Any]]:
        """Return all rows that a page shows, each with all that stands in it; those of one page are kept."""
        if visit.number not in self._whole:
            self._whole.clear()
            self._whole[visit.number] = [(row, whole_row(row)) for row in self.rows_on(visit)]
        return self._whole[visit.number]

    def linked_on(self, visit: Visit) -> Mapping[str, list[Mapping[str, t.Any]]]:
        """Return the rows of a page with a link to each address, of those that may be meant."""
        if visit.number not in self._linked:
            linked = self._linked[visit.number] = {}
            for row in self.meant_on(visit):
                for address in dict.fromkeys(map(link_address, parts_of(row, "links"))):
                    linked.setdefault(address, []).append(row)
        return self._linked[visit.number]

    def meant_on(self, visit: Visit) -> list[t.Any]:
        """Return the rows of a page that may be meant: of several with the value that is meant, none."""
        rows = self.rows_on(visit)
        if self.meant is None:
            return [row for row in rows[:MAX_ROWS] if not self.gone or in_column(row, self.column) in self.gone]
        found = matching(rows, {self.column: self.meant})
        return [rows[at] for at in found] if len(found) == 1 else []

    def keys_on(self, visit: Visit) -> Keys:
        """Return the rows of a page that each value may mean, as it tells a row from all others in its place."""
        if visit.number not in self._keys:
            self._keys[visit.number] = keys_of(self.whole_on(visit))
        return self._keys[visit.number]

    def after(self, changes: Sequence[int], first: Visit, last: Visit) -> RowList:
        """Return the list with the rows that were gone after a change, as far as that was shown.

        ``changes``: the numbers of all requests that change something; ``first``, ``last``: those of this change. Where
        a row is new, others may have moved to pages that nobody opened.
        """
        since = max((each for each in changes if each < first.number), default=-1)
        until = min((each for each in changes if each > last.number), default=sys.maxsize)
        known = self._values
        for each in () if known else self.pages:  # whichever change it is
            known[each.number] = {in_column(row, self.column) for row in self.rows_on(each)}
        was = {each.address: known[each.number] for each in self.pages if since <= each.number < first.number}
        now = {each.address: known[each.number] for each in self.pages if last.number <= each.number < until}
        gone = {value for at in was.keys() & now.keys() for value in was[at]}.difference(*now.values())
        earlier = [known[each.number] for each in self.pages if each.number < first.number]
        is_new = set().union(*(now[at] for at in was.keys() & now.keys())).difference(*earlier)
        return replace(self, gone=frozenset(() if is_new else gone), _linked={})

    def before(self, visit: Visit) -> list[Visit]:
        """Return the pages of the list that were shown before ``visit``, the latest first."""
        return [each for each in reversed(self.pages) if each.number < visit.number]


@dataclass(frozen=True)
class RecordedRow:
    """A row of a list on which a person acted, as the page ``shown`` showed it.

    ``part``: its link or form that was used, None for a request. ``box``: the name of the box that chooses the row in a
    form around the whole list; ``fills``: how a profile chooses it, with what it ``keeps`` of the row. ``steps``: those
    from the row to the page with the form. ``wanted`` and ``picks``: the part of a request that only this row has, and
    how a profile may pick it from the row.
    """

    list: RowList
    shown: Visit
    row: Mapping[str, t.Any]
    part: Mapping[str, t.Any] | None = None
    box: str | None = None
    fills: Mapping[str, t.Any] = field(default_factory=dict)
    keeps: Mapping[str, t.Any] = field(default_factory=dict)
    steps: tuple[dict[str, t.Any], ...] = ()
    wanted: str = ""
    picks: tuple[t.Any, ...] = ()

    @property
    def is_doubted(self) -> bool:
        """Whether nothing says which of ``picks`` is meant, or a number may be something else that this row has."""
        known = len(self.picks) == 1 and (is_key(self.picks[0]) or is_position(self.picks[0]))
        return (not known and (len(self.picks) > 1 or self.wanted.isdecimal())) or self._may_be_index

    @property
    def _may_be_index(self) -> bool:
        """Whether a number may be the index of another row, as nothing shows that this one was meant."""
        if not self.wanted.isdecimal() or self.list.meant is not None or self.list.gone or not self.shown.forms:
            return False
        rows = (row for page in self.list.pages for row in self.list.rows_on(page))
        return int(self.wanted) <= len({in_column(row, self.list.column) for row in rows})

    @property
    def value(self) -> str:
        """The value by which a profile chooses the row."""
        return in_column(self.row, self.list.column)

    @property
    def may_be_meant(self) -> bool:
        """Whether nothing speaks for another row of the list."""
        return not self.list.gone or self.value in self.list.gone

    @property
    def link(self) -> Mapping[str, t.Any] | None:
        """The link of the row that was used, None if it was something else."""
        return self.part if self.part is not None and "href" in self.part else None

    @property
    def link_texts(self) -> Sequence[str]:
        """What the link says that was used, or that gave a script what was sent; not if it is a value of the row."""
        calls = [each for each in parts_of(self.row, "links") if each["href"].lower().startswith("javascript:")]
        calls = [each for each in calls if self.wanted and self.wanted in each["href"]]
        used = [self.link] if self.link is not None else calls
        return [each[name] for each in used for name in ("text", "title") if each["text"] not in self.row.values()]

    @property
    def link_by_place(self) -> str:
        """An expression for the link by its place in the row, which may be that of another one in another row."""
        places = [at for at, link in enumerate(parts_of(self.row, "links")) if link == self.link]
        return f"links[{places[0]}].href" if places else ""

    @property
    def form_test(self) -> str:
        """A condition for the form of the row: by its box, or by what one form of every row has; "" without one."""
        if self.box is not None and self.box in self.fills:
            return f"controls[?name=={quoted(self.box)}]"
        for test in form_tests(self.part) if self.part is not None else ():
            alike = [evaluate(f"[?{test}]", forms) for forms in self._forms]
            if not names_one_row(test, self.value) and all(found and len(found) == 1 for found in alike):
                return test
        return "action" if all(len(forms) == 1 for forms in self._forms) else ""

    @property
    def _forms(self) -> Sequence[Sequence[Mapping[str, t.Any]]]:
        """The forms of each row that has one."""
        return [forms for row, whole in self.list.whole_on(self.shown) if (forms := parts_of(row, "forms", whole))]

    def button_pick(self, name: str) -> dict[str, t.Any] | None:
        """Return how a profile picks the name of a button that has another name in each row, None if not by its label.

        ``name``: the one in this row.
        """
        label = next((each["label"] for each in (self.part or {}).get("buttons", ()) if each["name"] == name), "")
        rows = (parts_of(row, "buttons", whole) for row, whole in self.list.whole_on(self.shown))
        alone = all(sum(each["label"] == label for each in buttons) <= 1 for buttons in rows)
        usable = label and alone and not names_one_row(label, self.value)
        return _only(f"buttons[?label=={quoted(label)}].name") if usable else None

    def press(self, pressed: str | dict[str, str]) -> str | dict[str, str] | None:
        """Return the button of the row as it is pressed in every row: by its value if the row has several of its name.

        None if that value is another one in each row.
        """
        if isinstance(pressed, str):
            return pressed
        buttons = [[button for form in forms for button in form["buttons"]] for forms in self._forms]
        own = [each for each in (self.part or {}).get("buttons", ()) if each["name"] == pressed["name"]]
        has = [any((each["name"], each["value"]) == (*pressed.values(),) for each in of_row) for of_row in buttons]
        return pressed["name"] if len(own) < 2 else pressed if all(has) else None


def row_of_submission(lists: Sequence[RowList], sent: RecordedSubmission) -> RecordedRow | None:
    """Return the row in which the submitted form, its pressed button or a checked box stands; None if none does.

    A form around the list stands in all rows, if neither a button nor a box says which one was meant.
    """
    for each in (one for one in lists if sent.source in one.pages):
        meant = {id(row) for row in each.meant_on(sent.source)}
        found = [
            RecordedRow(each, sent.source, row, part, **_chosen_box(whole, part, sent))
            for row, whole in (each.whole_on(sent.source) if meant else ())
            for part in parts_of(row, "forms", whole)
            if part["action"] == sent.form["action"]
        ]
        chosen = [one for one in found if one.box is not None and id(one.row) in meant]
        alone = [one for one in found if one.part is not None and _is_whole(one.part, sent)]
        if chosen or (len(alone) == 1 and id(alone[0].row) in meant):
            return (chosen or alone)[0]
    return None


def _chosen_box(whole: Mapping[str, t.Any], part: Mapping[str, t.Any], sent: RecordedSubmission) -> dict[str, t.Any]:
    """Return how a row was chosen by its box: a check box or radio button of which other rows have one too.

    Of one that was chosen before, nobody knows whether it is a choice or a setting.
    """
    boxes = [box for box in part["controls"] if box["type"] in ("checkbox", "radio") and not box["checked"]]
    boxes = [box for box in boxes if (box["name"], box["value"]) in sent.visit.form]
    for name, kind in ((box["name"], box["type"]) for box in boxes):
        if sum(name == each["name"] for each in sent.form["controls"]) > 1:
            keeps = {ROW_ID: _only(f"controls[?name=={quoted(name)}].value")} if kind == "radio" else {}
            return {"box": name, "fills": {name: f"${{{ROW_ID}}}" if keeps else True}, "keeps": keeps}
    own = [box["name"] for box in whole.get("controls", ()) if box["type"] == "checkbox"]
    if len(own) == 1 and mask(own[0]) != own[0] and any(own[0] == box["name"] for box in boxes):
        keeps = {ROW_BOX: _only("controls[?type=='checkbox'].name")}
        return {"box": own[0], "fills": {f"${{{ROW_BOX}}}": True}, "keeps": keeps}
    return {}


def _only(pick: str) -> dict[str, t.Any]:
    return {"pick": pick, "filters": ["only"]}


def _is_whole(part: Mapping[str, t.Any], sent: RecordedSubmission) -> bool:
    """Whether the submitted form stands in a row with all its controls, and with the button that was pressed."""
    of_row = {(each["name"], each["value"]) for each in part["buttons"]}
    whole = len(part["controls"]) == len(sent.form["controls"]) and part["fields"] == sent.form["fields"]
    return whole and all((each["name"], each["value"]) in of_row for each in sent.buttons)


def row_leading_to(lists: Sequence[RowList], page: Visit) -> RecordedRow | None:
    """Return the row whose link leads to ``page``, as it was last shown before; None if no row does.

    Of several rows, such as that of the person and those of whom this person manages, it is the one with a link that
    all rows have.
    """
    for each in lists:
        for shown in each.before(page):
            rows = each.linked_on(shown).get(page.url, ()) if page.url in shown.leads_to else ()
            found = [_by_link(each, shown, row, page.url) for row in rows]
            sure = [one for one in found if one.steps[0]["follow"] != DECIDE]
            if len(sure) > 1:
                return replace(sure[0], steps=({**sure[0].steps[0], "follow": DECIDE},))
            if found:
                return (sure or found)[0]
    return None


def _by_link(each: RowList, shown: Visit, row: Mapping[str, t.Any], url: str) -> RecordedRow:
    """Return a row with the step that follows its link to ``url``: an open one if it may be somebody else's link."""
    links = parts_of(row, "links")
    found = RecordedRow(each, shown, row, next(link for link in links if link_address(link) == url))
    whole = (parts_of(one, "links", whole) for one, whole in each.whole_on(shown) if one is not row)
    follow = link_pick(links, url, found.value, [of_row for of_row in whole if of_row]) or DECIDE
    return replace(found, steps=({"row": each.chosen_on(shown), "follow": follow},))


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


def row_of_values(
    lists: Sequence[RowList], sent: Visit, pages: Sequence[Visit], address: Collection[str], body: Collection[str]
) -> tuple[RecordedRow | None, frozenset[str]]:
    """Return the row that a request means by a value which only this row has, and the values that may mean other rows.

    ``address``: the values in its path, its query and fields that a script has set; ``body``: all others. A row that
    nobody pointed at is meant by a part of the path behind that of the list (``users/17``), or, if no such value means
    another row, by any value of the address that the latest of ``pages`` has. If it was gone afterwards, any of them.
    """
    found = [row for each in lists for row in rows_with(each, sent, [*address, *body])]
    shown = [sent.headers.get("referer"), *(page.url for page in pages)]
    here = [each for each in found if each.shown.url in (shown if each.list.gone else shown[:2])]
    here = [each for each in here if len(each.wanted) >= LEAST_KEY]
    free = [each for each in found if each.list.meant is None and each.may_be_meant]
    free = [each for each in free if each.wanted in address or (each.list.gone and each in here)]
    free = [each for each in free if each.list.gone] or free
    alone = free if len({each.value for each in free}) == 1 else []
    chosen = next((each for each in found if each.list.meant and each.row in each.list.meant_on(each.shown)), None)
    below = [each for each in free if each.wanted in path_parts(path_behind(each.list, sent))]
    chosen = chosen or next((each for each in below if _means_one(each, below)), None)
    chosen = chosen or next((each for each in alone if each in here and _means_one(each, alone)), None)
    beside = {each.wanted for each in found if each.list.meant and each.wanted.isdecimal() and len(each.wanted) > 1}
    doubted = (each for each in found if each in here or each.wanted in {*address, *beside})
    others = {each.wanted for each in doubted if chosen is None or each.wanted != chosen.wanted}
    usual = {part for each in lists if each.first is not None for part in path_parts(each.first.path)}
    others -= usual - {each.wanted for each in found if each.wanted in path_parts(path_behind(each.list, sent))}
    return chosen, frozenset(others)


def rows_with(each: RowList, sent: Visit, values: Iterable[str]) -> Iterator[RecordedRow]:
    """Yield the rows of each value that tells a row from all others of its page.

    Each page of the list counts as it was shown last, as the person may be on any of them.
    """
    asked = dict.fromkeys(filter(None, values))
    latest: dict[str, Visit] = {}
    for visit in each.before(sent) if asked else ():
        if visit.address not in latest and each.meant_on(visit):
            latest[visit.address] = visit
    shown = list(latest.values())
    pairs = [*sent.form, *sent.query, *leaves(sent.sent_json, "")]
    by_position = {str(value) for name, value in pairs if sent_by_position(name.rpartition(".")[2])}
    for value in asked:
        for page, (row, picks) in ((on, one) for on in shown for one in each.keys_on(on).get(value, ())):
            every = [whole for one in (shown if len(picks) > 1 else ()) for _row, whole in each.whole_on(one)]
            found = different(picks, every, value in by_position)
            yield RecordedRow(each, page, row, wanted=value, picks=found)


def _means_one(row: RecordedRow, rows: Iterable[RecordedRow]) -> bool:
    """Whether no other one of ``rows`` has the same value: elsewhere, or in another list of its page."""
    same = [each for each in rows if each.wanted == row.wanted]
    return all(each.value == row.value and (each.shown is not row.shown or each.list is row.list) for each in same)


def path_behind(each: RowList, sent: Visit) -> str:
    """Return the path of a request behind that of a list, "" if it is not below it."""
    before = each.first.path.rstrip("/") + "/" if each.first is not None else "/"
    return sent.path.removeprefix(before) if sent.path.startswith(before) else ""


def parts_of(row: t.Any, name: str, whole: t.Any = None) -> list[dict[str, t.Any]]:
    """Return the parts of a row of this name, such as its links; none of an object in JSON."""
    whole = whole_row(row) if whole is None else whole
    return whole.get(name, []) if whole is not row else []
