# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which text is the label of a control: by reference, around it, or before it as old pages have it. Knows HTML only."""

from __future__ import annotations

from .text import NOT_TEXT, is_inline, normalised, text_of, without_colon
from .tree import Element, Tree

_CONTROL_TAGS = ("input", "select", "textarea", "button")
_CELLS = ("td", "th", "dt", "dd")
_LABEL_WITHOUT = NOT_TEXT | {"table"}
_LONGEST_LABEL = 200


class Labels:
    """The labels of a page's controls."""

    def __init__(self, tree: Tree) -> None:
        self._by_reference: dict[str, str] = {}
        self._before_cell: dict[Element, str] = {}
        for each in tree.all("label"):
            name = each.get("for")
            if name:
                self._by_reference.setdefault(name, _label_text(each))

    def of(self, control: Element) -> str:
        """The label without its colon, or ``""``.

        In this order: ``<label for>``, a label around it, aria-label, the text beside it (after it for a check box or
        a radio button, before it for all else), the cell or term before its own.
        """
        kind = control.get("type", "").strip().lower() if control.tag == "input" else ""
        if kind == "hidden":
            return ""
        referenced = self._by_reference.get(control.get("id", ""), "") if control.get("id") else ""
        found = referenced or _around(control) or normalised(control.get("aria-label"))
        if not found and kind in ("checkbox", "radio"):
            found = _after(control)
        return found or _before(control) or self._cell_before(control)

    def _cell_before(self, control: Element) -> str:
        cell = control.ancestor("td", "th", "dd")
        if cell is None:
            return ""
        if cell not in self._before_cell:
            self._before_cell[cell] = _text_before_cell(cell)
        return self._before_cell[cell]


def _label_text(element: Element) -> str:
    return without_colon(text_of(element, _LABEL_WITHOUT, limit=_LONGEST_LABEL))


def _around(control: Element) -> str:
    label = control.ancestor("label")
    return _label_text(label) if label is not None and not label.get("for") else ""


def _before(control: Element) -> str:
    """The text between the control and whatever stands before it in the same block."""
    pieces: list[str] = []
    node = control
    while node.parent is not None:
        siblings = node.parent.children
        for at in range(node.position - 1, -1, -1):
            if not _add_inline(siblings[at], pieces):
                return _joined(reversed_pieces=pieces)
        if not is_inline(node.parent):
            break
        node = node.parent
    return _joined(reversed_pieces=pieces)


def _joined(*, reversed_pieces: list[str]) -> str:
    return without_colon("".join(reversed(reversed_pieces)))[:_LONGEST_LABEL]


def _after(control: Element) -> str:
    pieces: list[str] = []
    parent = control.parent
    if parent is not None:
        for at in range(control.position + 1, len(parent.children)):
            if not _add_inline(parent.children[at], pieces):
                break
    return without_colon("".join(pieces))[:_LONGEST_LABEL]


def _add_inline(node: Element | str, pieces: list[str]) -> bool:
    """Add the text of what stands beside a control; False for a block or another control, where its label ends."""
    if isinstance(node, str):
        pieces.append(node)
        return True
    if not is_inline(node) or _holds_control(node):
        return False
    pieces.append(text_of(node, _LABEL_WITHOUT, limit=_LONGEST_LABEL))
    return True


def _text_before_cell(cell: Element) -> str:
    """The text of the nearest cell before this one that has any, unless a control stands in between."""
    siblings = cell.parent.children[: cell.position] if cell.parent is not None else []
    for before in reversed(siblings):
        if isinstance(before, str):
            continue
        if before.tag not in _CELLS or _holds_control(before):
            return ""
        text = _label_text(before)
        if text:
            return text
    return ""


def _holds_control(element: Element) -> bool:
    return element.tag in _CONTROL_TAGS or next(element.inside(*_CONTROL_TAGS), None) is not None
