# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows which pages of a list are still to be recorded. Knows no browser.

A person who points at the link to the next page does not visit all pages, and not again after each change. Without
them the recording has no whole list, so nothing that is proven by the list could be replayed.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .lists import ListOffer, following_page

if t.TYPE_CHECKING:
    from .capture import Capture
    from .guide import GuideResult

MAX_PAGES = 200
"""Pages of a list that are recorded."""


@dataclass
class WholeLists:
    """The lists of one recording session. ``results``: those of its tasks, as they are at any time."""

    recorded: Capture
    results: Mapping[str, GuideResult]
    _looked_at: tuple[int, int] = (0, 0)
    _first_pages: dict[str, int] = field(default_factory=dict)

    def unread_pages(self) -> Iterator[str]:
        """Yield the address of each further page of a list whose first page was opened since.

        Each must be recorded before the next one is asked for.
        """
        if self._state() == self._looked_at:
            return
        for key, following in list(self.results.items()):
            listed = self.results.get(key.removesuffix(".next"))
            if key.endswith(".next") and not following.skipped and listed is not None and listed.rows is not None:
                yield from self._pages_after_first(key, listed.rows, following.pick)
        self._looked_at = self._state()

    def _state(self) -> tuple[int, int]:
        """Return what changes when a page was opened, and when the way to the next page was shown.

        Only then are the other pages as they were before the person's next change.
        """
        return self.recorded.count(), sum(key.endswith(".next") for key in self.results)

    def _pages_after_first(self, key: str, rows: ListOffer, paging: Mapping[str, t.Any]) -> Iterator[str]:
        found = self.recorded.page_at(rows.page.url)
        if found is None or found[0] <= self._first_pages.get(key, -1):
            return
        self._first_pages[key] = found[0]
        seen = {rows.page.url}
        while found is not None and len(seen) <= MAX_PAGES:
            onward = following_page(found[1], rows, paging)
            if onward is None or onward in seen:
                return
            seen.add(onward)
            yield onward
            found = self.recorded.page_at(onward)
