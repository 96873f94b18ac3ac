# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the input and meta elements in the text of a page, with the position of each value."""

from __future__ import annotations

import html
import re
import typing as t
from collections.abc import Iterator

_TAG = re.compile(r"<(input|meta)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]{1,80})\s{0,20}=\s{0,20}(?:\"([^\"]{0,2000000})\"|'([^']{0,2000000})'|([^\s\"'>]{1,20000}))"
)
_LONGEST_TAG = 2_000_000


class InputElement(t.NamedTuple):
    """An ``input`` or ``meta`` element. ``start`` and ``end`` are those of its value (``content`` of ``meta``)."""

    tag: str
    type: str
    name: str
    """The id of an element without a name."""
    value: str
    start: int
    end: int


def elements(text: str) -> Iterator[InputElement]:
    """Yield each ``input`` and ``meta`` element of a page."""
    at = 0
    for tag in _TAG.finditer(text):
        if tag.start() < at:
            continue
        attributes: dict[str, tuple[str, int, int]] = {}
        at = tag.end()
        limit = min(len(text), at + _LONGEST_TAG)
        while at < limit and text[at] != ">" and text[at] != "<":
            found = _ATTRIBUTE.match(text, at)
            if found is None:
                at += 1
                continue
            group = found.lastindex or 0
            attributes.setdefault(found[1].lower(), (html.unescape(found[group]), found.start(group), found.end(group)))
            at = found.end()
        kind, name = (attributes.get(each, ("", 0, 0))[0] for each in ("type", "name"))
        value = attributes.get("content" if tag[1].lower() == "meta" else "value", ("", 0, 0))
        yield InputElement(tag[1].lower(), kind.lower() or "text", name or attributes.get("id", ("", 0, 0))[0], *value)
