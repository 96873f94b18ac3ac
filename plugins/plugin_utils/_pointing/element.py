# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An element that a person pointed at, as the browser describes it. Knows no browser and no profile."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...module_utils._web.errors import BadInput
from ...module_utils._web.page.page import MAX_BODY, Page, read_page
from ...module_utils._web.page.text import normalised

MARKER = "printops-marker-7391"
"""The text that replaces that of the element in the marked copy of its page."""
MARKER_ADDRESS = "https://printops-marker.example/7391"
"""The address that replaces that of a link or an image in the marked copy."""
LONGEST_TEXT = 2_000

KINDS = ("text", "control", "checkbox", "address", "image")


@dataclass(frozen=True)
class PointedElement:
    """What a person pointed at, in the frame with the address ``url``.

    ``kind``: one of :data:`KINDS`. ``value``: the text that is shown (of a check box: whether it is on; of a link or an
    image: its address). ``marked`` and ``removed`` are copies of the page as HTML: one in which the element has
    :data:`MARKER` as its value, and one without the element. ``ids``: the ids of the element and of what it lies in,
    from the inside out. ``link``: the address of the link that it is, or lies in.
    """

    url: str
    kind: str
    value: str | bool
    tag: str = ""
    name: str = ""
    label: str = ""
    link: str = ""
    ids: tuple[str, ...] = ()
    marked: str = field(default="", repr=False)
    removed: str = field(default="", repr=False)

    @classmethod
    def of(cls, told: Mapping[str, t.Any], url: str) -> PointedElement:
        """Return the element that the script in the page describes. Raise :class:`BadInput` for what is none.

        The script shares its page with scripts of the interface, so nothing of it is trusted.
        """
        kind, value = told.get("kind"), told.get("value")
        if kind not in KINDS or not isinstance(value, bool if kind == "checkbox" else str):
            raise BadInput("the page described an element that is none")
        pages = {name: str(told.get(name) or "") for name in ("marked", "removed")}
        if any(len(text) > MAX_BODY for text in pages.values()):
            raise BadInput("the page is too large to point at something in it")
        ids = told.get("ids")
        return cls(
            url=url,
            kind=str(kind),
            value=value if isinstance(value, bool) else normalised(value)[:LONGEST_TEXT],
            tag=str(told.get("tag") or "")[:50],
            name=str(told.get("name") or "")[:200],
            label=normalised(str(told.get("label") or ""))[:200],
            link=str(told.get("href") or "")[:LONGEST_TEXT],
            ids=tuple(str(each)[:200] for each in ids[:20]) if isinstance(ids, list) else (),
            **pages,
        )

    @property
    def marker(self) -> str | bool:
        """Return the value that the element has in the marked copy."""
        if isinstance(self.value, bool):
            return not self.value
        return MARKER_ADDRESS if self.kind in ("address", "image") else MARKER

    @cached_property
    def marked_page(self) -> Page:
        """Return the marked copy as the engine reads it."""
        return read_page(self.marked.encode(), "text/html; charset=utf-8", self.url)

    @cached_property
    def removed_page(self) -> Page:
        """Return the copy without the element as the engine reads it."""
        return read_page(self.removed.encode(), "text/html; charset=utf-8", self.url)
