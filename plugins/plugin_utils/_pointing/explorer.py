# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel shows beside a page: its parts as data, the value of an expression, and expressions for an element.

Knows no browser. Like the recorder's guide it gets what the person did and returns :meth:`PageExplorer.view`.
"""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from ...module_utils._web.errors import BadInput
from ...module_utils._web.page.page import Page
from .element import PointedElement
from .offers import Offer
from .tasks import panel_text
from .try_page import PageLine, address, evaluate_expression, find_element, page_lines

if t.TYPE_CHECKING:
    from .capture import Capture
    from .guide import GuideResult

MAX_VALUE = 4_000
"""Characters of a value that the panel shows."""


@dataclass
class PageExplorer:
    """The state of the panel while a person tries expressions. ``addresses``: those of the pages and frames shown."""

    recorded: Capture
    language: str
    addresses: Callable[[], Sequence[str]]
    pointing: bool = False
    closed: bool = False
    note: str = ""
    expression: str = ""
    kept: list[dict[str, t.Any]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    results: Mapping[str, GuideResult] = field(default_factory=dict)
    _chosen: str = ""
    _newest: int = -1
    _described: tuple[Page | None, list[PageLine]] = (None, [])

    def begin(self) -> None:
        """The first page is shown."""

    # --- what the person does ---

    def press(self, name: str, key: str = "") -> None:
        """Handle a button of the panel: ``key`` is the expression, or the address of a document."""
        self.note = ""
        if name == "point":
            self.pointing = not self.pointing
        elif name == "try":
            self.expression = key
        elif name == "take":
            self._take(int(key))
        elif name == "document":
            self._chosen = key
        elif name == "keep" and (value := self.value) is not None:
            self.kept.append({"path": address(self.page.url), "expression": self.expression, "value": value})
        elif name == "close":
            self.closed = True

    def answer(self, number: int) -> None:
        """The explorer asks nothing."""

    def point(self, element: PointedElement) -> None:
        """Offer expressions for what was pointed at, and show the value of the first one."""
        if not self.pointing:
            return
        found = self.recorded.page_at(element.url)
        page = found[1] if found is not None else Page("text", {"text": ""}, element.url)
        documents = [each for each in self.documents().values() if each.kind == "json"]
        self.offers = find_element(page, element, documents)
        self.note = "" if self.offers else panel_text("unreadable", self.language)
        self.pointing = not self.offers
        if self.offers:
            self._take(0)

    def _take(self, number: int) -> None:
        if 0 <= number < len(self.offers):
            found = self.offers[number]
            self._chosen, self.expression = found.page.url, found.expression

    # --- what is shown ---

    def documents(self) -> dict[str, Page]:
        """Return the pages that are shown, and the JSON that was loaded since, by address."""
        shown = [urldefrag(each).url for each in self.addresses()]
        found = [pair for each in shown if (pair := self.recorded.page_at(each)) is not None]
        numbers = [number for number, _page in found]
        loaded = [
            (number, page)
            for number, page in self.recorded.json_since(min(numbers, default=0))
            if found or page.url in shown
        ]
        newest = max([*numbers, *(number for number, _page in loaded if not found)], default=-1)
        if newest != self._newest:  # another page was opened
            self._newest = newest
            self._chosen = next((page.url for number, page in [*found, *loaded] if number == newest), "")
        return {page.url: page for _number, page in [*found, *loaded]}

    @property
    def page(self) -> Page:
        """Return the document that is described."""
        documents = self.documents()
        empty = Page("text", {"text": ""}, self._chosen)
        return documents.get(self._chosen) or next(iter(documents.values()), empty)

    @property
    def value(self) -> t.Any:
        """Return what the expression picks. A mistake in it becomes the note."""
        try:
            return evaluate_expression(self.page, self.expression) if self.expression.strip() else None
        except BadInput as error:
            self.note = str(error)
            return None

    def lines(self) -> list[PageLine]:
        """Return the parts of the document."""
        page = self.page
        if self._described[0] is not page:
            self._described = (page, page_lines(page))
        return self._described[1]

    def view(self) -> dict[str, t.Any]:
        """Return what the panel shows, as data for its page."""
        documents, page, value = self.documents(), self.page, self.value
        names = ("expression", "value", "offers", "kept", "page_as_data")
        buttons = ["point", *(["keep"] if value is not None else []), "close"]
        return {
            "language": self.language,
            "title": panel_text("try_title", self.language),
            "start": panel_text("try_start", self.language),
            "tasks": [],
            "question": None,
            "pointing": self.pointing,
            "note": self.note or (panel_text("pointing", self.language) if self.pointing else ""),
            "buttons": [{"name": each, "text": panel_text(each, self.language)} for each in buttons],
            "report": [],
            "explorer": {
                "texts": {each: panel_text(each, self.language) for each in names},
                "documents": [{"url": url, "text": address(url), "chosen": url == page.url} for url in documents],
                "lines": [{"text": line.text, "expression": line.expression} for line in self.lines()],
                "expression": self.expression,
                "value": shown_value(value),
                "offers": [{"expression": each.expression, "value": shown_value(each.value)} for each in self.offers],
                "kept": [each["expression"] for each in self.kept],
            },
        }


def shown_value(value: t.Any) -> str:
    """Return a value as the panel shows it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}…"
