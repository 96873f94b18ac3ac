# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands beside which label on a page, wherever it stands: controls, definition lists, rows. Knows no profile."""

from __future__ import annotations

import typing as t

from .controls import Controls
from .tables import Tables, cell_text
from .text import NOT_TEXT, text_of, without_colon
from .tree import Element, Tree

_TERM_WITHOUT = NOT_TEXT | {"dt", "dd"}  # those of a list inside it have labels of their own


def labelled_fields(tree: Tree, controls: Controls, tables: Tables) -> dict[str, t.Any]:
    """``{label: what a person reads beside it}``; the first of a label wins.

    First controls with a label (a check box: true or false; a radio button: only the chosen one, by its own label; a
    list: the label of the entry chosen; a password: ``""``), then definition lists, then rows whose header stands in
    the row. Labels are without their colon.
    """
    fields: dict[str, t.Any] = {}
    for source in (_of_controls(controls), _of_definitions(tree), _of_rows(tables)):
        for label, value in source:
            if label:
                fields.setdefault(label, value)
    return fields


def _of_controls(controls: Controls) -> t.Iterator[tuple[str, t.Any]]:
    for each in controls.all:
        kind = controls.type_of(each)
        if (
            controls.is_button(each)
            or kind in ("hidden", "file")
            or (kind == "radio" and not controls.is_checked(each))
        ):
            continue
        yield controls.labels.of(each), _shown(each, kind, controls)


def _shown(control: Element, kind: str, controls: Controls) -> t.Any:
    if kind == "checkbox":
        return controls.is_checked(control)
    if kind == "select":
        return ", ".join(option["label"] for option in controls.options(control) if option["selected"])
    return controls.value_text(control)


def _of_definitions(tree: Tree) -> t.Iterator[tuple[str, str]]:
    terms: list[str] = []
    previous = ""
    for each in tree.all("dt", "dd"):
        if each.tag == "dt":
            text = text_of(each, _TERM_WITHOUT)
            terms = [*terms, text] if previous == "dt" else [text]
        elif previous == "dt" and not _only_holds(each):
            yield from ((without_colon(term), text_of(each, _TERM_WITHOUT)) for term in terms)
        previous = each.tag


def _of_rows(tables: Tables) -> t.Iterator[tuple[str, str]]:
    for label, cell in tables.labelled_rows():
        if not _only_holds(cell):
            yield label, cell_text(cell)


def _only_holds(cell: Element) -> bool:
    """Whether the cell has no text of its own but a table or controls, which are read as what they are."""
    return not cell_text(cell) and next(cell.inside("table", "input", "select", "textarea"), None) is not None
