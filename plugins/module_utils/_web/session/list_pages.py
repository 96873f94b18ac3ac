# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a list, one after the other, with the proof that all were read. Knows no session and no meaning."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterator, Mapping

from ..._decide.outcomes import Outcome
from ..errors import UnexpectedPage
from ..profile.expression import Expression, Pick
from ..profile.profile import Complete, Paging
from .rows import MAX_PAGES
from .submission import NO_WEB_ADDRESS

if t.TYPE_CHECKING:
    from .navigator import Navigator


_CHANGES = (
    "The list seems to be changed each time that it is read: run again when less is going on. If it remains so, "
    "correct its rows, paging or complete in the profile."
)


class ListChanged(UnexpectedPage):
    """The pages of a list contradict one another, as they do if it changes while it is read. It may be read again."""

    outcome = Outcome.BUSY


class ListPages:
    """The pages of a list from the navigator's page on, and what they say about the whole list.

    Iterating yields the rows of each page while it is the navigator's page. A page that contradicts an earlier one is
    an error, and so is an end without the proof of ``complete``. ``where`` names the step, for messages.
    Source: docs/profiles.md, "Read a list completely".
    """

    def __init__(
        self, navigator: Navigator, rows: Expression, paging: Paging | None, complete: Complete, where: str = ""
    ) -> None:
        self.navigator = navigator
        self._rows = rows
        self._paging = paging
        self._complete = complete
        self._where = f"{where}: " if where else ""
        self._seen: set[str] = set()
        self._shown: set[int] = set()
        self._count = 0
        self.pages = 0
        self.total: int | None = None
        self._of_pages: int | None = None

    def __iter__(self) -> Iterator[list[t.Any]]:
        """Yield the rows of each page. Raises without the proof that all rows were read."""
        while True:
            if self.navigator.page is None:
                raise self.navigator.unexpected(f"{self._where}there is no page with the list", self._rows)
            data = self.navigator.page.data
            found = self.navigator.search(self._rows, data)
            if not isinstance(found, list):
                raise self.navigator.unexpected(f"{self._where}there is no list of rows", self._rows)
            self.pages += 1
            self._count += len(found)
            yield found
            self._check(found, data)
            onward = self._onward(found, data) if self._paging is not None else None
            if onward is None or self._paging is None:
                break
            self._note(onward)
            self.navigator.next_page(self._paging, onward)
        self._require(data)

    def _onward(self, found: list[t.Any], data: t.Any) -> t.Any:
        """Return the next page: what the page itself names, or the next number until the proof is complete."""
        paging = self._paging
        if paging is None:
            raise AssertionError("a list of one page has no next one")
        if paging.next is not None:
            onward = self.navigator.search(paging.next, data)
            usable = isinstance(onward, (str, int, Mapping)) and not isinstance(onward, bool)
            if onward and (not usable or (paging.parameter is None and NO_WEB_ADDRESS.match(str(onward)))):
                what = "the next page is neither an address nor a form nor a number"
                raise self.navigator.unexpected(f"{self._where}{what}", paging.next)
            return onward or None
        if not found or self._is_complete(data):
            return None
        return paging.first + (self._count if paging.by is None else paging.by * self.pages)

    def _note(self, onward: t.Any) -> None:
        """Note the address of the next page. It must be a new one."""
        key = onward if isinstance(onward, str) else json.dumps(onward, sort_keys=True, default=str)
        if key in self._seen or self.pages >= MAX_PAGES:
            what = f"{self._where}page {self.pages} leads back to a page that was read before"
            raise self.navigator.unexpected(what, self._paging.next if self._paging is not None else None)
        self._seen.add(key)

    # --- the proof ---

    def _check(self, found: list[t.Any], data: t.Any) -> None:
        """Check a page against the earlier ones. One with the rows of an earlier one is not the one requested."""
        self.total = self._same("total", self._complete.total, self.total, data)
        self._of_pages = self._same("number of pages", self._complete.pages, self._of_pages, data)
        shown = hash(json.dumps(found, sort_keys=True, default=str))
        if found and shown in self._shown:
            raise self._contradiction(f"page {self.pages} shows the rows of a page that was read before", self._rows)
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
        error = self.navigator.unexpected(f"{self._where}{what}", expression)
        return ListChanged(str(error), advice=_CHANGES, details=error.details) if self.pages > 1 else error

    def _is_complete(self, data: t.Any) -> bool:
        """Whether every proof that the profile names is given."""
        return (
            (self.total is None or self._count >= self.total)
            and (self._of_pages is None or self.pages >= self._of_pages)
            and (self._complete.last_page is None or self.navigator.holds(self._complete.last_page, data))
        )

    def _require(self, data: t.Any) -> None:
        """Raise unless all rows were read."""
        if self.total is not None and self.total != self._count:
            raise self._contradiction(
                f"{self._count} rows were read over {self.pages} pages, but the total is {self.total}", None
            )
        if self._of_pages is not None and max(self._of_pages, 1) != self.pages:
            raise self._contradiction(f"{self.pages} pages were read, but there are {self._of_pages}", None)
        last_page = self._complete.last_page
        if last_page is not None and not self.navigator.holds(last_page, data):
            what = f"{self._where}page {self.pages} is not marked as the last one"
            raise self.navigator.unexpected(what, last_page)
