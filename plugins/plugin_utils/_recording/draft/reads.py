# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the reads of a profile: which page serves which operation of the contract, or one read for each page."""

from __future__ import annotations

import re
import typing as t
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from ....module_utils._decide.text import counted
from ....module_utils._prisma.contract import CONTRACTS
from ....module_utils._web.page.page import Page
from ....module_utils._web.profile.profile import Operation
from ..hints import has_word, hints, word_score
from ..matching import selects_operation
from ..sensitive import looks_random
from .builder import Choice, DraftBuilder
from .candidates import candidates, evaluate
from .fields import GOOD, draft_field, draft_fields, rank_candidates
from .history import Visit
from .input_names import placeholder_name
from .inputs import InputNames
from .lists import RecordedList, find_lists, onward_of
from .row_pages import is_page_of_row
from .rows import RowList, row_leading_to
from .session import RecordedSession
from .steps import StepDrafter
from .tokens import may_be_key

ASK_COMPLETE = "What proves that all rows were read: a total, or a sign of the last page?"


class ReadDrafter:
    """Drafts the reads from the pages between sign-in and sign-out.

    ``visits``: these pages, by address. ``lists``: the lists on them. ``names``: recorded values that become
    placeholders, such as the tenant's id. ``read_of``: the name of the read that shows an address.
    """

    def __init__(self, builder: DraftBuilder, session: RecordedSession, steps: StepDrafter, interface: str) -> None:
        self.builder = builder
        self.steps = steps
        self.session = session
        self.interface = interface
        self.names = InputNames()
        self.taken: set[str] = set()
        self.read_of: dict[str, str] = {}
        self.visits: dict[str, list[Visit]] = {}
        shown = [each for each in session.pages if not (each.page.kind == "html" and each.data["frames"])]
        acting = {each.address for each in shown if _may_act(each) and is_page_of_row(steps.history, each)}
        shown = [each for each in shown if each.address not in acting]
        self.lists = find_lists(shown)
        listed = [self._row_list(each) for each in self.lists if each.columns]
        steps.lists = listed
        searched = self._searched()
        self.lists = [each for each in self.lists if each not in searched]
        shown = [each for each in shown if not any(each in one.pages for one in searched)]
        later = {page.address for each in self.lists for state in each.states for page in state[1:]}
        for each in shown:
            if each.address not in later and row_leading_to(listed, each) is None:
                self.visits.setdefault(each.address, []).append(each)

    def _searched(self) -> list[RecordedList]:
        """Return the results of searches in lists that were shown without one: no read needs them."""
        history = self.steps.history
        found = [
            each for each in self.lists if any(history.searches(each.first, *pair[:1]) for pair in each.first.query)
        ]
        whole = {(each.rows, each.first.path) for each in self.lists if each not in found}
        return [each for each in found if (each.rows, each.first.path) in whole]

    def pages(self, address: str) -> list[Page]:
        """Return the page at ``address`` as it was on each visit."""
        return [each.page for each in self.visits[address]]

    def _row_list(self, found: RecordedList) -> RowList:
        """Return a list as writes choose its rows: in a cloud by the serial number of a device, or by an address."""
        column = found.columns[0]
        name = placeholder_name(column) or "row"
        if self.interface in ("tenant", "site"):
            serial = InputNames(words={"serial": hints()["tenant"]["read"]["devices"]["fields"]["serial"]["words"]})
            serials = [(each, "serial") for each in found.columns if serial.of_words(each, each.rpartition(".")[2])]
            column, name = (serials or [(column, "address")])[0]
        whole = found.complete if found.paging is not None and "next" not in found.paging else None
        own, path = {each.address for each in found.pages}, found.first.path
        free = {each.address for one in self.lists for each in one.pages} - own
        every = (each for each in self.session.every_page if each.path == path and each.address not in free)
        pages = tuple(each for each in every if each.address in own or found.rows_of(each))  # also answers to changes
        return RowList(found.rows, pages, column, name, onward_of(found.paging, whole), first=found.first)

    def _page_steps(self, visit: Visit, place: str) -> list[dict[str, t.Any]]:
        """Return the steps that fetch the page of ``visit``."""
        steps = self.steps.page(visit, self.names)
        self.steps.ask_for_sources(self.builder, place)
        return steps

    def draft(self) -> None:
        """Draft every read of the contract that the recording shows, and ask about the others."""
        if self.interface == "other":
            self._draft_pages()
            return
        table = hints()[self.interface]["read"]
        for key, decided in self.builder.decisions.items():
            if key.startswith("read.") and isinstance(decided, Mapping):
                same = (each for each in self.visits.values() if _begins_at(decided.get("steps"), each[0]))
                self.read_of |= {each[0].address: key.removeprefix("read.") for each in same}
        chosen = self._choose_lists(table)
        for name, hint in table.items():
            decided = self.builder.decisions.get(f"read.{name}")
            if self.builder.is_decided(f"read.{name}") and not isinstance(decided, str):
                self.builder.ask(f"read.{name}", "")
                continue
            operation = (
                CONTRACTS[self.interface].reads[name].for_method(self.builder.decisions.get("registration_method"))
            )
            if decided is not None and decided in self.visits:
                self.builder.decision(f"read.{name}")
            else:
                decided = None
            if operation.rows:
                of_page = next((each for each in self.lists if each.first.address == decided), None)
                self._draft_list(name, hint, operation.gives, of_page or chosen.get(name))
            else:
                self._draft_page(name, hint, operation, decided)
        if self.interface == "site":
            self._draft_lists()

    def _draft_lists(self) -> None:
        """Draft which lists of people the site has: those of the manual, or those that were recorded."""
        contract = CONTRACTS[self.interface]
        found = [name for name in self.builder.profile.get("read", {}) if name in contract.lists]
        if not found or len(found) == len([name for name in contract.lists if name != "people"]):
            return
        if contract.always <= {*found}:
            self.builder.set_value("lists", found)
        choices = [Choice(found, "those in the recording"), Choice(None, "the six lists of the manual")]
        self.builder.ask("lists", "Which lists of people does the site have?", choices, optional=True)

    # --- a page with fields ---

    def _draft_page(self, name: str, hint: Mapping[str, t.Any], operation: Operation, decided: str | None) -> None:
        scores = {address: self._score(address, hint, operation.gives) for address in self.visits}
        best = decided or max(scores, key=lambda address: scores[address], default=None)
        if best is None or (decided is None and scores[best] < GOOD):
            shown = {address: each[-1].page.data for address, each in self.visits.items()}
            pages = [Choice(each, data.get("title", "")) for each, data in shown.items() if isinstance(data, dict)]
            self._ask_for_page(name, repr(name), pages)
            return
        place = f"read.{name}"
        steps = self._page_steps(self.visits[best][-1], place)
        self.builder.set_value(f"{place}.steps", steps, f"the page {best}")
        self.read_of[best] = name
        given = operation.gives | operation.may_give
        fields = {each: words for each, words in hint["fields"].items() if each in given}
        chosen = draft_fields(self.builder, place, fields, self.pages(best), operation.gives)
        if name == "whoami" and "tenant" in chosen:
            tenant = str(evaluate(chosen["tenant"].expression, self.pages(best)[-1].data))
            self.names.by_value[tenant.casefold()] = "tenant"

    def _score(self, address: str, hint: Mapping[str, t.Any], needed: frozenset[str]) -> int:
        fits = _fitting(self.pages(address), hint)
        total = sum(score * (2 if name in needed else 1) for name, score in fits.items())
        return total + 3 * page_score(self.visits[address][-1], hint["page"]) if total else 0

    def _ask_for_page(self, name: str, what: str, pages: list[Choice]) -> None:
        question = f"Which page shows {what}? None was found. Without it, tasks that need it end 'unsupported'."
        self.builder.ask(f"read.{name}", question, pages, optional=True)

    # --- a list ---

    def _choose_lists(self, table: Mapping[str, t.Any]) -> dict[str, RecordedList]:
        """Return the list that serves each read of rows: the one with its columns, and with words of its page.

        Where several reads have the same columns, as the lists of people of a site, the words decide.
        """
        contract = CONTRACTS[self.interface].reads
        alike = [hint["fields"].keys() for name, hint in table.items() if contract[name].rows]
        scored = []
        free = [each for each in self.lists if each.first.address not in self.read_of]
        for name, hint in table.items():
            for each in free if contract[name].rows and not self.builder.is_decided(f"read.{name}") else ():
                fits = _fitting(each.all_rows, hint)
                words = max(page_score(each.first, hint["page"]), _constant_score(each, hint["page"]))
                if contract[name].gives <= fits.keys() and (words or alike.count(hint["fields"].keys()) == 1):
                    scored.append((words, len(fits), name, each))
        chosen: dict[str, RecordedList] = {}
        # A list of all people is only what no other list is.
        for _words, _fits, name, each in sorted(
            scored, key=lambda item: (item[2] != "people", *item[:2]), reverse=True
        ):
            if name not in chosen and each not in chosen.values():
                chosen[name] = each
        return chosen

    def _draft_list(
        self, name: str, hint: Mapping[str, t.Any], needed: frozenset[str], found: RecordedList | None
    ) -> None:
        if found is None:
            lists = [Choice(each.first.address, _shown(each)) for each in self.lists]
            self._ask_for_page(name, f"the list {name!r}", lists)
            return
        self._set_list(name, found)
        for each, words in hint["fields"].items():
            place = f"read.{name}.fields.{each}"
            draft_field(self.builder, place, words, found.all_rows, needed=each in needed, name=each)

    def _set_list(self, name: str, found: RecordedList) -> None:
        place, paging = f"read.{name}", found.paging
        steps = self.steps.list_page(found.first, found.rows, self.names)
        self.steps.ask_for_sources(self.builder, place)
        self.builder.set_value(f"{place}.steps", steps, f"the list {found.rows} of {found.first.address}")
        self.builder.set_value(f"{place}.rows", found.rows)
        if paging is not None:
            self.builder.set_value(f"{place}.paging", paging, f"recorded: {counted(len(found.pages), 'page')}")
        complete = found.complete
        if complete:
            self.builder.set_value(f"{place}.complete", complete, f"on every page, {_shown(found)}")
        else:
            lacking = "" if found.whole_states else " The recording does not show the list to its last page."
            self.builder.ask(f"{place}.complete", f"{ASK_COMPLETE}{lacking}", found.proofs)
        self.read_of[found.first.address] = name

    # --- an interface without a contract ---

    def _draft_pages(self) -> None:
        """Draft a read for every list, and for every other page that shows a value."""
        listed = set()
        for each in self.lists:
            if each.first.address not in self.visits:
                continue
            listed.add(each.first.address)
            name = self.new_name(page_name(each.first))
            self._set_list(name, each)
            columns = dict(_named_candidates(each.all_rows[0])) if each.all_rows else {}
            self.builder.set_value(f"read.{name}.fields", _optional(columns))
        every = Counter(
            (each.expression, str(each.value)) for shown in self.visits.values() for each in candidates(shown[-1].page)
        )
        for address, shown in self.visits.items():
            fields = dict(_named_candidates(shown[-1].page)) if address not in listed else {}
            # What stands on other pages too is a part of all of them, such as a link to sign out.
            own = {name: pick for name, pick in fields.items() if every[pick, str(evaluate(pick, shown[-1].data))] == 1}
            fields = own if len(self.visits) > 1 else fields
            if any(evaluate(pick, shown[-1].data) not in (None, "") for pick in fields.values()):
                name = self.new_name(page_name(shown[-1]))
                read = {"steps": self._page_steps(shown[-1], f"read.{name}"), "fields": _optional(fields)}
                self.builder.set_value(f"read.{name}", read, f"the page {address}")
                self.read_of[address] = name

    def draft_query(self, visit: Visit, name: str) -> None:
        """Draft a read for a JSON request that only asks."""
        fields = dict(_named_candidates(visit.page))
        if visit.is_page and fields and name not in self.taken:
            read = {"steps": self._page_steps(visit, f"read.{name}"), "fields": _optional(fields)}
            self.builder.set_value(f"read.{self.new_name(name)}", read, f"{visit.name} asks {name!r}")

    def new_name(self, text: str) -> str:
        """Return a name for an operation, made of ``text``, that no other one has."""
        name = base = placeholder_name(text) or "page"
        number = 2
        while name in self.taken:
            name, number = f"{base}_{number}", number + 1
        self.taken.add(name)
        return name


def _may_act(visit: Visit) -> bool:
    """Whether the address of a page says what is to be done, so that it may be done each time that it is read."""
    removes = hints()["site"]["write"]["remove_people"]["press"]
    texts = [*visit.path.split("/"), *(value for _name, value in visit.query)]
    return any(selects_operation(name) for name, _value in visit.query) or any(
        has_word(each, removes) for each in texts
    )


def _begins_at(steps: t.Any, visit: Visit) -> bool:
    """Whether steps that somebody decided begin with the one to the page of a visit."""
    step, get = steps[0] if isinstance(steps, list) and steps else None, visit.get
    return isinstance(step, Mapping) and all(step.get(key) == get.get(key) for key in ("get", "query"))


def _fitting(pages: Sequence[Page], hint: Mapping[str, t.Any]) -> dict[str, int]:
    """Return the fields of an operation that ``pages`` show well enough, each with its score."""
    ranked = ((name, rank_candidates(pages, words)) for name, words in hint["fields"].items())
    return {name: found[0].score for name, found in ranked if found and found[0].score >= GOOD}


def page_name(visit: Visit) -> str:
    """Return what to call the page of a visit: the last part of its path that is no key, or what its query selects."""
    parts = [part for part in visit.path.split("/") if part]
    named = [part for part in parts if not (may_be_key(unquote(part)) or looks_random(part))] or parts
    last = re.sub(r"\.\w+$", "", named[-1] if named else "")
    return " ".join([last, *(value for _name, value in visit.query)]) or "start"


def page_score(visit: Visit, words: list[str]) -> int:
    """Return how well the title, headings or address of a page match ``words``."""
    texts = [re.sub(r"\.\w+$", "", visit.path.rsplit("/", 1)[-1]), *(value for _name, value in visit.query)]
    if visit.page.kind == "html":
        texts += [*visit.data["headings"][:3], visit.data["title"]]
    return max(word_score(text, words) for text in texts)


def _constant_score(found: RecordedList, words: list[str]) -> int:
    """Return how well a column with one value in all rows matches ``words``: it may name the list."""
    rows = [row.data for row in found.all_rows]
    columns = [{str(row.get(name)) for row in rows} for name in (rows[0] if rows else ())]
    return max((word_score(values.pop(), words) for values in columns if len(values) == 1), default=0)


def _shown(found: RecordedList) -> str:
    pages = f" over {len(found.states[0])} pages" if len(found.states[0]) > 1 else ""
    return f"{sum(len(found.rows_of(page)) for page in found.states[0])} rows{pages}"


def _optional(fields: Mapping[str, str]) -> dict[str, t.Any]:
    return {name: {"pick": pick, "required": False} for name, pick in fields.items()}


def _named_candidates(page: Page) -> Iterator[tuple[str, str]]:
    """Yield a name and an expression for every value of ``page``, for interfaces without a contract."""
    seen: set[str] = set()
    for each in candidates(page):
        name = placeholder_name((each.name if each.kind != "image" else "") or each.label)
        shown = f"{each.label}={each.value}"
        if name and name not in seen and not (each.label and shown in seen):
            seen |= {name, shown}
            yield name, each.expression
