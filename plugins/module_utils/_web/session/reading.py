# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a profile's read: fields, or rows over pages with the proof that all were read. Knows no session."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from ..errors import UnexpectedPage
from ..profile.expression import Expression, Pick
from ..profile.profile import Paging, Read
from .navigator import Navigator
from .rows import MAX_PAGES, place_of


class ListChanged(UnexpectedPage):
    """The pages of a list contradict one another, as they do if it changes while it is read. It may be read again."""


@dataclass(frozen=True)
class Reading:
    """The result of a read: ``values``, or ``rows``; ``raw`` holds the texts behind value maps; and the proof."""

    values: Mapping[str, t.Any] = field(default_factory=dict)
    raw: Mapping[str, t.Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, t.Any], ...] = ()
    pages: int = 1
    total: int | None = None


def make_reading(navigator: Navigator, operation: Read) -> Reading:
    """Pick the fields or rows of ``operation`` from the navigator's page, and from the pages that follow."""
    if operation.rows is not None:
        return _rows(navigator, operation)
    if navigator.page is None:
        raise AssertionError("a read begins on a page")
    raw: dict[str, t.Any] = {}
    values = {name: navigator.pick(name, pick, navigator.page.data, raw) for name, pick in operation.fields.items()}
    return Reading(values, raw)


def _rows(navigator: Navigator, operation: Read) -> Reading:
    """Read all pages. Raises without the proof that all rows were read.

    Source: docs/profiles.md, "Read a list completely".
    """
    if operation.rows is None or navigator.page is None:
        raise AssertionError("a read of rows begins on a page")
    proof = _Proof(navigator, operation)
    rows: list[Mapping[str, t.Any]] = []
    while True:
        data = navigator.page.data
        found = navigator.search(operation.rows, data)
        if not isinstance(found, list):
            raise navigator.unexpected("there is no list of rows", operation.rows)
        for at, row in enumerate(found):
            place = partial(place_of, found, at, proof.pages + 1)
            rows.append({name: navigator.pick(name, pick, row, place=place) for name, pick in operation.fields.items()})
        proof.add(found, data)
        onward = _onward(operation.paging, proof, len(rows), found, data) if operation.paging is not None else None
        if onward is None or operation.paging is None:
            break
        proof.add_onward(onward, operation.paging)
        navigator.next_page(operation.paging, onward)
    proof.require(len(rows), data)
    return Reading(rows=tuple(rows), pages=proof.pages, total=proof.total)


def _onward(paging: Paging, proof: _Proof, rows: int, found: list[t.Any], data: t.Any) -> t.Any:
    """Return the next page: what the page itself names, or the next number until the proof is complete."""
    if paging.next is not None:
        onward = proof.navigator.search(paging.next, data)
        if onward and (isinstance(onward, bool) or not isinstance(onward, (str, int, Mapping))):
            raise proof.navigator.unexpected("the next page is neither an address nor a form nor a number", paging.next)
        return onward or None
    if not found or proof.is_complete(rows, data):
        return None
    return paging.first + (rows if paging.by is None else paging.by * proof.pages)


class _Proof:
    """What the pages say about the whole list. A page that contradicts an earlier one is an error."""

    def __init__(self, navigator: Navigator, operation: Read) -> None:
        self.navigator = navigator
        self._operation = operation
        self._seen: set[str] = set()
        self._shown: set[int] = set()
        self.pages = 0
        self.total: int | None = None
        self._of_pages: int | None = None

    def add(self, found: list[t.Any], data: t.Any) -> None:
        """Add a page. A page with the rows of an earlier one is not the page that was requested."""
        self.pages += 1
        self.total = self._same("total", self._operation.complete.total, self.total, data)
        self._of_pages = self._same("number of pages", self._operation.complete.pages, self._of_pages, data)
        shown = hash(json.dumps(found, sort_keys=True, default=str))
        if found and shown in self._shown:
            raise self._contradiction(
                f"page {self.pages} shows the rows of a page that was read before", self._operation.rows
            )
        self._shown.add(shown)

    def _same(self, name: str, pick: Pick | None, before: int | None, data: t.Any) -> int | None:
        if pick is None:
            return None
        number = self.navigator.pick(name, pick, data)
        if isinstance(number, bool) or not isinstance(number, int) or (before is not None and number != before):
            raise self._contradiction(f"the {name} is {number!r} on page {self.pages} and was {before!r}", None)
        return number

    def _contradiction(self, what: str, expression: Expression | None) -> UnexpectedPage:
        """Return the error of pages that do not fit together: somebody may have changed the list meanwhile."""
        error = self.navigator.unexpected(what, expression)
        return ListChanged(str(error), advice=error.advice, details=error.details) if self.pages > 1 else error

    def add_onward(self, onward: t.Any, paging: Paging) -> None:
        """Add the address of the next page. It must be a new one."""
        key = onward if isinstance(onward, str) else json.dumps(onward, sort_keys=True, default=str)
        if key in self._seen or self.pages >= MAX_PAGES:
            raise self.navigator.unexpected(f"page {self.pages} leads back to a page that was read before", paging.next)
        self._seen.add(key)

    def is_complete(self, rows: int, data: t.Any) -> bool:
        """Whether every proof that the profile names is given."""
        complete = self._operation.complete
        return (
            (self.total is None or rows >= self.total)
            and (self._of_pages is None or self.pages >= self._of_pages)
            and (complete.last_page is None or self.navigator.holds(complete.last_page, data))
        )

    def require(self, rows: int, data: t.Any) -> None:
        """Raise unless all rows were read."""
        complete = self._operation.complete
        if self.total is not None and self.total != rows:
            raise self._contradiction(
                f"{rows} rows were read over {self.pages} pages, but the total is {self.total}", None
            )
        if self._of_pages is not None and max(self._of_pages, 1) != self.pages:
            raise self._contradiction(f"{self.pages} pages were read, but there are {self._of_pages}", None)
        if complete.last_page is not None and not self.navigator.holds(complete.last_page, data):
            raise self.navigator.unexpected(f"page {self.pages} is not marked as the last one", complete.last_page)
