# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text a person reads in an element, normalised. Knows elements only."""

from __future__ import annotations

import typing as t

from .tree import Element

INVISIBLE = frozenset(
    (
        *("script", "style", "template", "noscript", "iframe", "noembed", "noframes"),
        *("textarea", "select", "datalist"),
    )
)
"""No text of the page: either never shown, or the values of controls."""

NOT_TEXT = INVISIBLE | {"button"}
"""What a cell's or a label's text leaves out, so that ``connected [Test]`` reads ``connected``."""

_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd"),
        *("label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u"),
        *("var", "wbr"),
    )
)


COLONS = (":", "\uff1a")
"""What ends a label; the second is the full-width one of East Asian pages."""


def normalised(text: str | None) -> str:
    """Without white space at the ends, and one space for every run of it (no-break spaces included)."""
    return " ".join((text or "").split())


def is_inline(element: Element) -> bool:
    return element.tag in _INLINE


def text_of(
    element: Element,
    without: frozenset[str] = NOT_TEXT,
    *,
    without_elements: t.Collection[Element] = (),
    limit: int | None = None,
) -> str:
    """The text inside ``element``, without what lies in the given tags or elements, at most ``limit`` characters.

    Blocks and line breaks separate words, inline elements do not.
    """
    if element.index == element.last:  # most cells, labels and headings
        text = normalised("".join(t.cast("list[str]", element.children)))
        return element.tree.write(text if limit is None else text[:limit])
    pieces: list[str] = []
    length = visits = 0
    pending: list[Element | str] = [element]
    while pending and (limit is None or length <= limit):
        node = pending.pop()
        visits += 1
        if isinstance(node, str):
            pieces.append(node)
            length += len(node.strip())
            continue
        if node is not element and (node.tag in without or node in without_elements):
            continue
        children = node.children
        if node.tag in _INLINE:
            pending += reversed(children)
        else:
            pieces.append(" ")
            pending.append(" ")
            pending += reversed(children)
        visits += len(children)
    element.tree.visit(visits)
    text = normalised("".join(pieces))
    return element.tree.write(text if limit is None else text[:limit])


def without_colon(text: str) -> str:
    """A label without the colon it ends in (French sets a space before it)."""
    return normalised(text).rstrip("".join((*COLONS, " "))).rstrip()
