# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns recorded requests into the steps of a profile: pages, rows of lists, forms, JSON, and the tokens they send.

A draft from a recording alone and one by pointing take the same steps; they differ in what they know of the inputs.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..sensitive import looks_random
from .builder import DECIDE, Choice, DraftBuilder
from .candidates import evaluate
from .changes import RecordedWrite
from .form_steps import names_row, submit_steps
from .history import BrowsingHistory, RecordedSubmission, Visit
from .input_names import placeholder_name
from .inputs import InputNames
from .lists import first_page
from .present_values import document_before, unchanged
from .row_keys import names_of_key
from .row_links import link_pick, path_parts
from .row_names import names_of_rows, same_in_rows
from .row_pages import in_whole_list, keys_in_address, row_of_page
from .rows import (
    ROW_ID,
    RecordedRow,
    RowList,
    row_leading_to,
    row_of_submission,
    row_of_values,
    way_from_row,
)
from .sent_places import scalars
from .submitted_fields import set_by_scripts
from .tokens import (
    address_tokens,
    body_tokens,
    may_be_key,
    own_headers,
    sent_tokens,
    sources_of,
    values_given,
    values_of_forms,
    version_before,
)


@dataclass
class StepDrafter:
    """Drafts the steps of one profile. ``headers``: those that the profile sends with every request.

    ``lists``: the lists in whose rows a person may have acted. ``lacking``: the headers of requests that were sent with
    a value whose source is not in the recording.
    """

    history: BrowsingHistory
    headers: Mapping[str, str] = field(default_factory=dict)
    lists: Sequence[RowList] = ()
    lacking: list[tuple[Visit, str]] = field(default_factory=list)

    def page(self, visit: Visit, names: InputNames | None = None) -> list[dict[str, t.Any]]:
        """Return the steps that fetch a page or a JSON document; a document may be asked for by POST."""
        before, headers = self.tokens(visit)
        if visit.writes:
            asked, body = self._asked(visit, names or InputNames())
            return [*before, *asked, {"send": visit.method, "path": visit.path, **headers, **body}]
        names = names or InputNames()
        tokens = {value for value in address_tokens(visit) if names.of_value(value) is None}
        followed = self._by_link(visit, names, tokens) if tokens else []
        if followed:
            return [*before, *followed[:-1], {**followed[-1], **headers}]
        step = {**visit.get, **headers, "get": names.path(visit.get["get"])}
        if "query" in step:
            step["query"] = {name: self._of_query(visit, name, value, names) for name, value in step["query"].items()}
        if any(token in step["get"] for token in tokens):
            step["get"] = DECIDE
        elif names.of_page & {*step["get"].split("/")}:
            step["get"] = names.doubted("get", step["get"])
        return [*before, step]

    def _asked(self, visit: Visit, names: InputNames) -> tuple[list[dict[str, t.Any]], dict[str, t.Any]]:
        """Return the steps to the tokens of a POST that only asks, and what it sends. A person is never a constant."""
        own = replace(names, kept={**names.kept}, of_rows=frozenset())
        steps = self.to_tokens(visit, visit.form, own)
        made: dict[str, t.Any] = {}
        for key, pairs in (("query", visit.query), ("form", visit.form if visit.sent_json is None else ())):
            if pairs:
                made[key] = {name: own.constant(name, value) for name, value in pairs}
        if visit.sent_json is not None:
            own.of_rows = frozenset()  # what looks random may be the hash of a query
            made["json"] = own.asked_json(visit.sent_json)
        return steps, {**made, "repeatable": True} if made else {}

    def _of_query(self, visit: Visit, name: str, value: t.Any, names: InputNames) -> t.Any:
        """Return a value in the address of a page: an open one if it is of one session or row, or was searched for."""
        found, of_session = names.value(value), str(value) in {*address_tokens(visit)}
        if found != value or of_session:
            return DECIDE if found == value else found
        searched = value != "" and self.history.searches(visit, name)
        if searched or str(value) in names.of_page:
            names.doubted(name, value)
            inputs = dict.fromkeys(names.by_value.values()) if searched else ()
            names.doubts[name][:0] = [Choice(f"${{{each}}}", "the whole value") for each in inputs]
            return DECIDE
        return value

    def _by_link(self, visit: Visit, names: InputNames, tokens: Collection[str]) -> list[dict[str, t.Any]]:
        """Return the steps to a page by the link that led to it, as its address has ``tokens``; none without a link."""
        before = (each for each in reversed(self.history.visits) if each.number < visit.number and each.own)
        source = next((each for each in before if not each.writes and visit.url in each.leads_to), None)
        pick = link_pick(source.links, visit.url, "") if source is not None else None
        if source is None or pick is None or any(token in pick for token in tokens):
            return []
        return [*self.page(source, names), {"follow": pick}]

    def list_page(self, visit: Visit, rows: str, names: InputNames | None = None) -> list[dict[str, t.Any]]:
        """Return the steps to a page with a list. They prove that it is there."""
        steps = self.page(visit, names)
        if visit.page.kind == "html" and rows.endswith(" | [0].rows"):
            steps[-1]["expect"] = f"length({rows.removesuffix(' | [0].rows')}) == `1`"
        return steps

    def row_of(self, write: RecordedWrite) -> RecordedRow | None:
        """Return the row of a list on which a write acts: by its form, its link, or its value in a request."""
        return self._rows_of(write, InputNames())[0]

    def _rows_of(self, write: RecordedWrite, names: InputNames) -> tuple[RecordedRow | None, frozenset[str]]:
        """Return the row on which a write acts, and the values and names that it sends which may mean other rows.

        ``names`` gets those in the address of the page with its form.
        """
        sent = write.last
        begin = write.submissions[0].visit if write.submissions else sent
        changes = [each.number for each in self.history.visits if each.writes]
        lists = [each.after(changes, begin, sent) if each.meant is None else each for each in self.lists]
        if write.submissions:
            first = write.submissions[0]
            page = self.history.fetched(first)
            named = frozenset().union(*(names_of_rows(lists, part) for part in write.submissions))
            found = row_of_submission(lists, first) or way_from_row(lists, self.history, page)
            if found is not None:
                return found, named
            if lists or names.typed is None:  # whoever pointed at no list has shown the page that is meant
                found, names.of_page = row_of_page(lists, self.history, page)
            if found is not None:
                return found, named
            values = [value for part in write.submissions for value in set_by_scripts(part).values()]
            names.same_in_rows = same_in_rows(first) if values else frozenset()
            hidden = {each["value"] for each in first.form["controls"] if each["type"] == "hidden"}
            # Several values mean several rows: then it is a form of the whole list.
            row, others = row_of_values(lists, first.visit, [first.source], values, hidden)
            return row, named | (others if len(others & hidden) == 1 else others - hidden)
        if not sent.writes and (linked := row_leading_to(lists, sent)) is not None:
            return linked, frozenset()
        body = sent.sent_json
        if sent.rpc_method:
            body = [each for each in body.values() if isinstance(each, (dict, list))]
        given = [*(value for _name, value in sent.form), *map(str, scalars(body))]
        headers = {*own_headers(sent, self.headers).items()} - self._usual_headers(sent)
        address = [*path_parts(sent.path), *(value for _name, value in (*sent.query, *headers))]
        shown = self._page_before(sent)
        row, others = row_of_values(lists, sent, self._shown_before(sent), address, given)
        # If no row has it, nobody knows what a number or a key means: in the path, or beside a person in what is sent.
        fetched = values_of_forms(shown, [*sent.form, *sent.query], InputNames().is_input) if shown is not None else {}
        fields = (value for name, value in (*sent.form, *sent.query) if name not in fetched)
        parts, data = path_parts(sent.path), [*map(str, scalars(body)), *fields] if self.lists else ()
        by_key = row is not None and row.wanted != row.value
        unknown = filter(looks_random, parts) if by_key else filter(may_be_key, [*parts, *data])
        return row, others | ({*unknown} - {row.wanted if row is not None else ""})

    def _usual_headers(self, sent: Visit) -> set[tuple[str, str]]:
        """Return the headers that the requests for whole lists had, too, such as that of a tenant: they mean no row."""
        pages = (each.first or next(filter(each.rows_on, each.before(sent)), None) for each in self.lists)
        return {pair for page in pages if page is not None for pair in own_headers(page, self.headers).items()}

    def _page_before(self, sent: Visit) -> Visit | None:
        """Return the page that was shown when a request was sent, None before the first one."""
        return next(iter(self._shown_before(sent)), None)

    def _shown_before(self, sent: Visit) -> list[Visit]:
        """Return what was shown when a request was sent: a page and the JSON that its scripts fetched, latest first."""
        pages = [each for each in self.history.visits if each.is_page and not each.writes and each.number < sent.number]
        at = max((at for at, each in enumerate(pages) if each.page.kind == "html"), default=0)
        return pages[at:][::-1]

    def write(self, write: RecordedWrite, names: InputNames) -> list[dict[str, t.Any]]:
        """Return the steps that make this change with other values."""
        row, names.of_rows = self._rows_of(write, names)
        row = in_whole_list(self.lists, row) if row is not None else None
        page = row.shown if row is not None else self._page_before(write.last)
        if row is not None and names.typed is None:  # whoever pointed at a list has shown the page that is meant
            names.of_page |= keys_in_address(self.lists, self.history, row.list.first or row.shown)
        if row is not None:
            names.by_value.setdefault(row.value.casefold(), row.list.input)
        if row is not None and row.wanted and names.of_value(row.wanted) is None:
            names.kept[row.wanted] = ROW_ID
            path, pairs = path_parts(write.last.path), (*write.last.query, *write.last.form)
            sent = [*path, *(value for _name, value in pairs), *map(str, scalars(write.last.sent_json))]
            if sent.count(row.wanted) > 1:
                names.key_names = names_of_key(row.wanted, row.picks, path, write.last.query)
        elif row is not None and row.wanted:
            row = None  # what is sent is itself the value by which a profile chooses the row
        if row is not None and any(step.get("follow") == DECIDE for step in row.steps):
            names.doubted("follow", row.link_by_place)
        if write.submissions:
            return self._by_forms(write.submissions, names, row)
        if row is not None and row.link is not None:  # a link that changes something at once
            (follow,) = row.steps
            return [*self._list_page(row, names), {**follow, "writes": True}]
        *before, step = self._by_request(write.last, names, row, page)
        said = str([value for name, value in step.items() if name != "headers"])
        if write.last.method == "DELETE" and "${" not in said and DECIDE not in said:
            step["path"] = names.doubted("path", step["path"])  # the same would be removed each time
        return [*before, step]

    def tokens(self, sent: Visit) -> tuple[list[dict[str, t.Any]], dict[str, t.Any]]:
        """Return the steps that fetch the tokens of a request, and its key ``headers``."""
        steps, headers, lacking = sent_tokens(self.history, sent, self.headers)
        self.lacking += [(sent, name) for name in lacking]
        return steps, {"headers": headers} if headers else {}

    def _first_page(self, visit: Visit, names: InputNames) -> list[dict[str, t.Any]]:
        """Return the steps that fetch a page: of a list the first one, wherever the person was when it was recorded."""
        for each in self.lists:
            visit = first_page(each.pages, visit, each.paging) if each.rows_on(visit) else visit
        return self.page(visit, names)

    def _list_page(self, row: RecordedRow, names: InputNames) -> list[dict[str, t.Any]]:
        # Some interfaces are asked for a list by POST.
        steps = self._first_page(row.list.first or row.shown, _before_row(names))
        return [each | ({"writes": False} if "send" in each else {}) for each in steps]

    def ask_for_sources(self, builder: DraftBuilder, place: str) -> None:
        """Ask where the headers come from that are ``lacking`` in the operation at ``place``."""
        for sent, name in self.lacking:
            question = f"{sent.name} sends the header {name}. Where does its value come from? It is not recorded."
            builder.ask(f"{place}.steps.0.headers", question, optional=True)
        self.lacking.clear()

    # --- forms ---

    def _by_forms(
        self, parts: Sequence[RecordedSubmission], names: InputNames, row: RecordedRow | None
    ) -> list[dict[str, t.Any]]:
        """Return the steps to the first form, from the row of the person if there is a way, and those that submit."""
        first = parts[0]
        page = self.history.fetched(first)
        of_list = row is not None and page in row.list.pages
        fetch = self._first_page(page, _before_row(names) if of_list else names) if row is None or row.wanted else []
        if row is None:
            return [*fetch, *submit_steps(parts, names, None)]
        steps = self._list_page(row, names)
        if row.wanted:
            fetch[-1]["row"] = _kept_row(row, first.visit, names)
            return [*steps, *fetch, *submit_steps(parts, names, None)]
        if row.link is not None:
            steps += row.steps
            steps[-1] = steps[-1] | names_row(row, first.source)
        return [*steps, *submit_steps(parts, names, row)]

    # --- requests of scripts ---

    def request(self, sent: Visit, names: InputNames) -> list[dict[str, t.Any]]:
        """Return the steps of a request that a script sent and that acts on nobody, such as a sign-out.

        What only one session has is fetched again, or a question.
        """
        page = self._page_before(sent)
        pairs = [*sent.form, *sent.query]
        fetched = values_of_forms(page, pairs, names.is_input) if page is not None else {}
        values = [*(value for name, value in pairs if name not in fetched), *map(str, scalars(sent.sent_json))]
        names.of_rows = frozenset(filter(looks_random, [*path_parts(sent.path), *values]))
        return self._by_request(sent, names, None, page)

    def _by_request(
        self, sent: Visit, names: InputNames, row: RecordedRow | None, page: Visit | None
    ) -> list[dict[str, t.Any]]:
        """Return the steps of a request that a script sent: to the page from which it took values, and the request."""
        own = [pair for pair in (*sent.form, *sent.query) if pair[1] not in names.of_rows | names.kept.keys()]
        tokens = values_of_forms(page, own, names.is_input) if page is not None else {}
        given = self._steps_that_give(sent, names)
        before, headers = self.tokens(sent)
        with_token = {name: text for name, text in headers.get("headers", {}).items() if text.startswith("${")}
        names.kept |= {sent.headers[name.lower()]: text[2:-1] for name, text in with_token.items()}
        before += [*self.to_tokens(sent, [pair for pair in own if pair[0] not in tokens], names), *given]
        step: dict[str, t.Any] = {}
        if row is not None:
            before += self._list_page(row, names)
            _keep_tokens(before, tokens)
            step["row"] = _kept_row(row, sent, names)
        path = names.sent_path(sent.path, "path" if sent.writes else "get")
        step |= {"send": sent.method, "path": path} if sent.writes else {"get": path, "writes": True}
        source, same = document_before(self.history, sent, names.of_value)
        of_row = source is not None and names.path(source.path) != source.path
        if row is not None and not of_row:
            source, same = None, unchanged(sent, row.row)[1]
        of_key = {row.list.column, *map(str, row.picks[: len(row.picks) == 1])} if row is not None else set()
        names.present = {at: f"present_{_kept(at)}" for at, place in same.items() if place not in of_key}
        for key, pairs in (("query", sent.query), ("form", sent.form if sent.sent_json is None else ())):
            if pairs:
                step[key] = names.sent_form([pair for pair in pairs if pair[0] not in tokens])
                step[key] |= {name: f"${{{_kept(name)}}}" for name, _value in pairs if name in tokens}
        if sent.sent_json is not None:
            step["json"] = names.sent_json(sent)
        if headers:
            usual = {name for name, _value in self._usual_headers(sent)}
            sent_along = headers["headers"].items()
            step["headers"] = {
                name: text if name.lower() in usual else names.constant(name, text) for name, text in sent_along
            }
        used = {*re.findall(r"\$\{(\w+)\}", str(step)), *(names.present.get(at) for at in names.doubts)}
        kept: dict[str, t.Any] = {name: same[at] for at, name in names.present.items() if name in used}
        if source is None and row is not None:
            step["row"]["keep"] |= kept
        tokens_before, fetches = self._documents(sent, names, step, source if kept else None, kept)
        if fetches and row is not None:
            fetches[0]["row"] = step.pop("row")  # a row is chosen on the page right before
        before = [*tokens_before, *before, *fetches]
        if row is None and tokens and page is not None:
            before += self.page(page, names)
            _keep_tokens(before, tokens)
        return [*before, step]

    def _documents(
        self, sent: Visit, names: InputNames, step: dict[str, t.Any], source: Visit | None, kept: dict[str, t.Any]
    ) -> tuple[list[dict[str, t.Any]], list[dict[str, t.Any]]]:
        """Return the steps that fetch what a request sends back and the version that it changes, and those before."""
        *before, fetch = self.page(source, names) if source is not None else [{}]
        if source is not None:
            absent = {name for name, pick in kept.items() if evaluate(pick, source.data) is None}
            fetch["keep"] = kept | {name: {"pick": kept[name], "required": False} for name in absent}
        if version_before(self.history, sent) is None or step["path"] == DECIDE:
            return before, [fetch] if source is not None else []
        step["headers"] = step.get("headers", {}) | {"If-Match": "${if_match}"}
        shown = {"get": step["path"], "keep_headers": {"if_match": "ETag"}}
        return before, [fetch | shown] if source is None or source.path == sent.path else [fetch, shown]

    def to_tokens(self, sent: Visit, pairs: Sequence[tuple[str, str]], names: InputNames) -> list[dict[str, t.Any]]:
        """Return the steps to the tokens in fields and JSON, which ``names`` knows from then on, or knows as open."""
        found = body_tokens(pairs, None if sent.rpc_method else sent.sent_json)
        free = {each: value for each, value in found.items() if value not in {*(names.typed or {}).values()}}
        free = {each: value for each, value in free.items() if names.of_value(value) is None}
        steps, kept = sources_of(self.history, sent, free)
        names.kept |= kept
        names.of_rows |= free.values() - kept.keys()
        return steps

    def _steps_that_give(self, sent: Visit, names: InputNames) -> list[dict[str, t.Any]]:
        """Return the steps to the JSON that gave values of a request, which ``names`` knows from then on."""
        steps: list[dict[str, t.Any]] = []
        typed = {*(names.typed or {}).values()}
        for source in reversed([each for each in self.history.visits if each.number < sent.number]):
            found = values_given(source, sent).items()
            given = {value: at for value, at in found if value not in typed and names.of_value(value) is None}
            if given:
                kept = {_kept(at): at for at in given.values()}
                names.kept |= {value: _kept(at) for value, at in given.items()}
                *before, step = self.page(source)
                step |= {"keep": kept, **({"writes": False} if source.writes else {})}
                steps = [*before, step, *steps]
        return steps


def _kept_row(row: RecordedRow, sent: Visit, names: InputNames) -> dict[str, t.Any]:
    """Return how a profile chooses a row and keeps what a request has of it: of a page, a number in JSON is no text.

    ``names`` gets the places to choose from, if the value stands in several of which nothing says which is meant.
    """
    picks = list(row.picks)
    if row.shown.page.kind == "html" and any(
        isinstance(each, int) and str(each) == row.wanted for each in scalars(sent.sent_json)
    ):
        picks = [each if isinstance(each, Mapping) else {"pick": each} for each in picks]
        picks = [{**each, "filters": [*each.get("filters", ()), "integer"]} for each in picks]
    if row.is_doubted:
        names.doubts[ROW_ID] = [Choice(each, "of its row") for each in picks]
    return {**row.list.chosen_on(row.shown), "keep": {ROW_ID: DECIDE if row.is_doubted else picks[0]}}


def _before_row(names: InputNames) -> InputNames:
    """Return what values are before a row is chosen: the key of the row is a number of something else there."""
    return replace(names, kept={value: name for value, name in names.kept.items() if name != ROW_ID})


def _keep_tokens(steps: Sequence[dict[str, t.Any]], tokens: Mapping[str, str]) -> None:
    """Keep the tokens of a form on the page that the last step fetches."""
    if tokens:
        steps[-1]["keep"] = steps[-1].get("keep", {}) | {_kept(name): pick for name, pick in tokens.items()}


def _kept(name: str) -> str:
    """Return the name under which a step keeps the value of a field."""
    return placeholder_name(name) or "kept"
