# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text a person reads in an element, normalised. Knows elements only."""

from __future__ import annotations

import codecs
import typing as t
from urllib.parse import urljoin

Element: t.TypeAlias = t.Any
"""An lxml element; its stubs do not cover what is needed here."""

INVISIBLE = frozenset({"script", "style", "template", "textarea", "select", "datalist"})
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

    Blocks and line breaks separate words, inline elements do not. Not recursive: pages may nest deeply.
    """
    if not len(element) and limit is None:  # most cells, labels and headings
        return normalised(element.text)
    pieces: list[str] = []
    length = 0
    pending: list[Element | str] = [element]
    while pending and (limit is None or length <= limit):
        node = pending.pop()
        if isinstance(node, str):
            pieces.append(node)
            length += len(node.strip())
            continue
        if node is not element and (node.tag in without or node in without_elements):
            continue
        separator = "" if is_inline(node) else " "
        pieces.append(separator)
        pending.append(separator)
        for child in reversed(node):
            if child.tail:
                pending.append(child.tail)
            pending.append(child)
        if node.text:
            pending.append(node.text)
    text = normalised("".join(pieces))
    return text if limit is None else text[:limit]


def without_colon(text: str) -> str:
    """A label without the colon it ends in (French sets a space before it)."""
    return normalised(text).rstrip("".join((*COLONS, " "))).rstrip()


def absolute(base: str, reference: str | None) -> str:
    """``reference`` resolved against ``base``; as it stands where it cannot be resolved."""
    reference = "".join((reference or "").split("\n")).strip()
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def text_codec(charset: str) -> str | None:
    """Python's name of a charset as browsers read it, None for what is none.

    They read ISO 8859-1 as cp1252 (WHATWG Encoding Standard): old pages mean its quotation marks.
    """
    name = charset.strip().strip("\"'").lower()
    name = "cp1252" if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else name
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return codec.name if codec._is_text_encoding else None
