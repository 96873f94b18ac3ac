# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page as a tree of elements, as a browser builds it from the same bytes. The one file that knows the parser.

The parser implements the WHATWG HTML standard, which says what every wrong page means. What the standard cannot bound
is bounded here: a page is hostile until it was read.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator

from .. import libraries
from ..errors import UnexpectedPage
from .charset import decode, encoding_of

MOST_TAGS = 300_000
MOST_ATTRIBUTES = 1_000
"""Of one element."""
MOST_COPIES = 1_000_000
"""Elements that the standard lets a parser add: it opens ``<font>`` again in every paragraph after the one where it was
not closed, and mirrors a chosen option in each ``<selectedcontent>``."""
MOST_VISITS = 5_000_000
MOST_CHARACTERS = 16 * 1024 * 1024
"""Of all texts and addresses made of one page. Elements within elements repeat each other's text."""

_FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
_CONTROLS = ("input", "select", "textarea", "button")
_NO_ATTRIBUTES: t.Mapping[str, str | list[str]] = {}
_SOURCE_COUNTS = frozenset(("form", *_CONTROLS))


class Element:
    """An element in its tree. ``children`` are elements and texts; ``position`` is its place among its parent's.

    ``index`` counts elements in the order of the page; all inside it follow, up to ``last``.
    """

    __slots__ = ("attributes", "children", "index", "last", "parent", "position", "source", "tag", "tree")

    def __init__(self, tree: Tree, tag: str, parent: Element | None) -> None:
        self.tree = tree
        self.tag = tag
        self.parent = parent
        self.attributes: t.Mapping[str, str | list[str]] = _NO_ATTRIBUTES
        self.children: list[Element | str] = []
        self.position = 0
        self.index = self.last = len(tree.elements)
        self.source: tuple[int, int] = (0, 0)

    @t.overload
    def get(self, name: str) -> str | None:
        """Return the attribute; None if there is none."""

    @t.overload
    def get(self, name: str, default: str) -> str:
        """Return the attribute; ``default`` if there is none."""

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return an attribute; ``""`` where it has no value, ``default`` where it is missing."""
        value = self.attributes.get(name, default)
        return " ".join(value) if isinstance(value, list) else value

    def has(self, name: str) -> bool:
        """Return whether the element has an attribute."""
        return name in self.attributes

    def inside(self, *tags: str) -> Iterator[Element]:
        """Find the elements inside it that have one of these tags, in the order of the page."""
        self.tree.visit(self.last - self.index)
        return (each for each in self.tree.elements[self.index + 1 : self.last + 1] if each.tag in tags)

    def inside_all(self) -> list[Element]:
        """Return all elements inside it, in the order of the page."""
        self.tree.visit(self.last - self.index)
        return self.tree.elements[self.index + 1 : self.last + 1]

    def ancestor(self, *tags: str) -> Element | None:
        """Return the nearest element around it that has one of these tags."""
        steps, around = 1, self.parent
        while around is not None and around.tag not in tags:
            steps, around = steps + 1, around.parent
        self.tree.visit(steps)
        return around

    def has_inside(self, other: Element) -> bool:
        """Return whether ``other`` stands inside it."""
        return self.index < other.index <= self.last


class Tree:
    """All elements of a page in its order, but what is in a ``<template>``. ``encoding``: the standard's name."""

    def __init__(self, body: bytes, label: str | None) -> None:
        _check_size(body, label)
        parsed = libraries.turbohtml.parse(body, encoding=_known(label), scripting=True)
        self.encoding = str(parsed.encoding)
        self.elements: list[Element] = []
        self._body = body
        self._visits = MOST_VISITS
        self._characters = MOST_CHARACTERS
        self.root = self._copy(parsed.root)

    def all(self, *tags: str) -> Iterator[Element]:
        """Find the elements of these tags, in the order of the page."""
        return (each for each in self.elements if each.tag in tags)

    def first(self, tag: str) -> Element | None:
        """Return the first element of a tag."""
        return next(self.all(tag), None)

    def start_tags(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of all start tags of a name in the source, also of those that a browser ignores."""
        if f"<{tag}".encode() not in self._body.lower():
            return []
        tokens = libraries.turbohtml.tokenize(decode(self._body, self.encoding))
        return [
            dict(reversed(token.attrs or ()))
            for token in tokens
            if token.tag == tag and token.type == libraries.turbohtml.TokenType.START_TAG
        ]

    def visit(self, count: int) -> None:
        """Count elements that are visited; raise :class:`UnexpectedPage` beyond what a page may cost."""
        self._visits -= count
        if self._visits < 0:
            raise _costly(f"Reading it takes more than {MOST_VISITS:,} steps.")

    def write(self, text: str) -> str:
        """Count a text that is made of the page, and return it; raise :class:`UnexpectedPage` beyond the limit."""
        self._characters -= len(text)
        if self._characters < 0:
            raise _costly(f"Its elements repeat each other: their texts have more than {MOST_CHARACTERS:,} characters.")
        return text

    def _copy(self, root: t.Any) -> Element:
        """Copy the parser's tree: into objects that know their place, which the parser's have to search for."""
        element_type, text_type = libraries.turbohtml.Element, libraries.turbohtml.Text
        elements = self.elements
        pending = [(root, self._element(root, None))]
        while pending:
            node, element = pending.pop()
            element.index = element.last = len(elements)
            elements.append(element)
            if element.tag == "template":
                continue
            children, inside = element.children, []
            for child in node.children:
                kind = type(child)
                if kind is text_type:
                    children.append(child.data)
                elif kind is element_type:
                    copied = self._element(child, element)
                    copied.position = len(children)
                    children.append(copied)
                    inside.append((child, copied))
            inside.reverse()
            pending += inside
        for element in reversed(elements):
            parent = element.parent
            if parent is not None and element.last > parent.last:
                parent.last = element.last
        return elements[0]

    def _element(self, node: t.Any, parent: Element | None) -> Element:
        tag = node.tag
        if node.namespace is not libraries.turbohtml.Namespace.HTML:
            tag = f"foreign:{tag}"
        element = Element(self, tag, parent)
        attributes = node.attrs
        if attributes:
            if len(attributes) > MOST_ATTRIBUTES:
                raise _costly(f"An element <{tag[:20]}> has more than {MOST_ATTRIBUTES:,} attributes.")
            element.attributes = attributes.copy()
            if tag in _SOURCE_COUNTS:
                element.source = node.position
        return element

    def owners(self) -> dict[Element, Element]:
        """Return the form that each control belongs to, but for attributes ``form``.

        It is the form around the control, or the one that was open where the control stands in the source: pages open a
        form in one cell or ``<center>`` and close it in another, and a browser counts by the source.
        """
        controls = list(self.all(*_CONTROLS))
        forms = list(self.all("form"))
        around = {control: control.ancestor("form") for control in controls} if forms else {}
        owners = {control: form for control, form in around.items() if form is not None}
        if forms and (len(owners) < len(controls) or any(form.ancestor("form") for form in forms)):
            owners |= self._open_forms(forms, controls)
        return owners

    def _open_forms(self, forms: list[Element], controls: list[Element]) -> dict[Element, Element]:
        starts = sorted((*forms, *controls), key=lambda each: each.source)
        ends = iter(
            (token.line, token.col)
            for token in libraries.turbohtml.tokenize(decode(self._body, self.encoding), capture_attributes=False)
            if token.tag == "form" and token.type == libraries.turbohtml.TokenType.END_TAG
        )
        end = next(ends, None)
        opened: Element | None = None
        found: dict[Element, Element] = {}
        for each in starts:
            while end is not None and end < each.source:
                opened, end = None, next(ends, None)
            if each.tag == "form":
                opened = each
            elif opened is not None:
                found[each] = opened
        return found


def _known(label: str | None) -> str | None:
    return encoding_of(label) if label is not None else None


def _costly(what: str) -> UnexpectedPage:
    return UnexpectedPage(f"The page is not read, because it would cost too much time or memory. {what}")


_SELECTED_CONTENT = re.compile(rb"<selectedcontent", re.IGNORECASE)


def _check_size(body: bytes, label: str | None) -> None:
    """Raise :class:`UnexpectedPage` for a page that a parser could not read within bounds.

    A page of a thousand tags cannot cost much. Of larger ones the formatting elements are counted that are not closed
    where they were opened: each may be opened again, three times, by every tag that follows.
    """
    tags = body.count(b"<")
    if tags <= 1_000:
        return
    if tags > MOST_TAGS:
        raise _costly(f"It has more than {MOST_TAGS:,} tags.")
    unclosed = _unclosed_formats(decode(body, label)) + len(_SELECTED_CONTENT.findall(body))
    if 3 * unclosed * tags > MOST_COPIES:
        raise _costly(f"It has {unclosed:,} elements that are not closed, and would be repeated in {tags:,} others.")


def _unclosed_formats(text: str) -> int:
    """Count the different formatting elements that are not closed before any other element begins or ends."""
    unclosed: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    opened: list[t.Any] = []
    start = libraries.turbohtml.TokenType.START_TAG
    for token in libraries.turbohtml.tokenize(text):
        tag = token.tag
        if tag is None:
            continue
        if tag not in _FORMATTING:
            if opened and tag not in ("br", "img", "span", "input", "wbr"):
                unclosed.update(map(_format_of, opened))
                opened.clear()
        elif token.type == start:
            opened.append(token)
        elif opened and opened[-1].tag == tag:
            opened.pop()
        else:
            unclosed.update(map(_format_of, opened))
            opened.clear()
    unclosed.update(map(_format_of, opened))
    return len(unclosed)


def _format_of(token: t.Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What makes two formatting elements the same; of ``<a>`` only one can be open."""
    return (token.tag, () if token.tag == "a" else tuple(token.attrs or ()))
