# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which text is the label of a control: by reference, around it, or before it as old pages have it. Knows HTML only."""

from __future__ import annotations

from .text import NOT_TEXT, Element, is_inline, normalised, text_of, without_colon

_CONTROL_TAGS = frozenset({"input", "select", "textarea", "button"})
_LABEL_WITHOUT = NOT_TEXT | {"table"}
_LONGEST_LABEL = 200


class Labels:
    """The labels of a document's controls."""

    def __init__(self, root: Element) -> None:
        self._by_reference: dict[str, str] = {}
        for each in root.iter("label"):
            if each.get("for"):
                self._by_reference.setdefault(each.get("for"), _label_text(each))

    def of(self, control: Element) -> str:
        """The label without its colon, or ``""``.

        In this order: ``<label for>``, a label around it, aria-label, the text beside it (after it for a check box or
        a radio button, before it for all else), the cell or term before its own.
        """
        if control.tag == "input" and control.get("type", "").strip().lower() == "hidden":
            return ""
        referenced = self._by_reference.get(control.get("id", ""), "") if control.get("id") else ""
        return referenced or _around(control) or normalised(control.get("aria-label")) or _beside(control)


def _label_text(element: Element) -> str:
    return without_colon(text_of(element, _LABEL_WITHOUT, limit=_LONGEST_LABEL))


def _around(control: Element) -> str:
    label = next(control.iterancestors("label"), None)
    return _label_text(label) if label is not None and not label.get("for") else ""


def _beside(control: Element) -> str:
    if control.tag == "input" and control.get("type", "").strip().lower() in ("checkbox", "radio"):
        return _after(control) or _before(control) or _cell_before(control)
    return _before(control) or _cell_before(control)


def _before(control: Element) -> str:
    """The text between the control and whatever stands before it in the same block."""
    pieces: list[str] = []
    node = control
    while True:
        before = node.getprevious()
        if before is not None:
            pieces.append(before.tail or "")
            if not is_inline(before) or _holds_control(before):
                break
            pieces.append(text_of(before, _LABEL_WITHOUT, limit=_LONGEST_LABEL))
            node = before
            continue
        parent = node.getparent()
        if parent is None:
            break
        pieces.append(parent.text or "")
        if not is_inline(parent):
            break
        node = parent
    return without_colon("".join(reversed(pieces)))[:_LONGEST_LABEL]


def _after(control: Element) -> str:
    pieces = [control.tail or ""]
    node = control.getnext()
    while node is not None and is_inline(node) and not _holds_control(node):
        pieces.append(text_of(node, _LABEL_WITHOUT, limit=_LONGEST_LABEL))
        pieces.append(node.tail or "")
        node = node.getnext()
    return without_colon("".join(pieces))[:_LONGEST_LABEL]


def _cell_before(control: Element) -> str:
    cell = next(control.iterancestors("td", "th", "dd"), None)
    before = cell.getprevious() if cell is not None else None
    while before is not None and before.tag in ("td", "th", "dt", "dd"):
        if _holds_control(before):
            return ""
        text = _label_text(before)
        if text:
            return text
        before = before.getprevious()
    return ""


def _holds_control(element: Element) -> bool:
    return element.tag in _CONTROL_TAGS or next(element.iter(*_CONTROL_TAGS), None) is not None
