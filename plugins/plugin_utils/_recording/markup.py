# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the input and meta elements in the text of a page, with the position of each attribute."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TAG = re.compile(r"<(input|meta)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]{1,80})\s{0,20}=\s{0,20}(?:\"([^\"]{0,2000000})\"|'([^']{0,2000000})'|([^\s\"'>]{1,20000}))"
)
_LONGEST_TAG = 2_000_000


def tags(text: str) -> Iterator[tuple[str, dict[str, tuple[str, int, int]]]]:
    """Yield each ``input`` and ``meta`` element: its name, and per attribute the raw value, its start and end."""
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
            attributes.setdefault(found[1].lower(), (found[group], found.start(group), found.end(group)))
            at = found.end()
        yield tag[1].lower(), attributes
