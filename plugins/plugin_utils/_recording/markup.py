# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the named values of a page or an XML document, with their positions: of controls, meta and XML elements."""

from __future__ import annotations

import html
import re
import typing as t
from collections.abc import Iterator

_TAG = re.compile(r"<(input|meta|textarea|select|option)\b", re.IGNORECASE)
_CONTENT = re.compile(r">(?:<!\[CDATA\[)?([^<]{0,20000})")
_XML = re.compile(
    r"<([A-Za-z_][\w:.-]{0,80})((?:\s[^<>]{0,2000})?)>"
    r"(?:<!\[CDATA\[((?:(?!\]\]>).){0,20000})\]\]>|([^<>]{1,20000}))</\1\s{0,9}>",
    re.DOTALL,
)
_NAME = re.compile(r"\s(?:name|key)\s{0,9}=\s{0,9}[\"']([^\"']{1,80})")
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]{1,80})\s{0,20}=\s{0,20}(?:\"([^\"]{0,2000000})\"|'([^']{0,2000000})'|([^\s\"'>]{1,20000}))"
)
_LONGEST_TAG = 2_000_000


class InputElement(t.NamedTuple):
    """An element with a value. ``start`` and ``end`` are those of the value: an attribute, or the text of the element.

    ``name``: an option has that of its list, an XML element that of its tag. ``type`` of a tag without one: ``text``.
    """

    tag: str
    type: str
    name: str
    """The id of an element without a name."""
    value: str
    start: int
    end: int


def elements(text: str) -> Iterator[InputElement]:
    """Yield each control, option and ``meta`` element of a page."""
    at, of_list = 0, ""
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
        tag_name, nothing = tag[1].lower(), ("", 0, 0)
        kind, name = (attributes.get(each, nothing)[0] for each in ("type", "name"))
        name = of_list if tag_name == "option" else name or attributes.get("id", nothing)[0]
        of_list = name if tag_name == "select" else of_list
        value = attributes.get("content" if tag_name == "meta" else "value", nothing)
        if tag_name in ("textarea", "option") and value == nothing and (inner := _CONTENT.match(text, at)):
            value = html.unescape(inner[1]), *inner.span(1)
        yield InputElement(tag_name, kind.lower() or "text", name, *value)


def xml_values(text: str) -> Iterator[InputElement]:
    """Yield each XML element that contains only a text: by the name before it or in an attribute, or by its tag."""
    before = ""
    for found in _XML.finditer(text):
        tag, content = found[1].rpartition(":")[2], 3 if found[3] is not None else 4
        named = _NAME.search(found[2]) if tag.lower() not in ("a", "button", "output") else None
        name = before or (named[1] if named else tag)
        yield InputElement("element", "text", name, html.unescape(found[content]), *found.span(content))
        before = found[content] if tag in ("name", "key") else ""
