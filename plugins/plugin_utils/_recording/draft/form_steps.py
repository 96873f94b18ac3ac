# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts the steps that submit forms: which form of the page, what is filled in, and which button is pressed."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Sequence

from ....module_utils._web.page.address import split_address
from .candidates import form_pick, form_test, identifier, quoted
from .history import RecordedSubmission, Visit
from .inputs import InputNames
from .row_links import path_parts
from .rows import ROW_PART, RecordedRow, parts_of
from .submitted_fields import set_by_scripts


def submit_steps(
    parts: Sequence[RecordedSubmission], names: InputNames, row: RecordedRow | None
) -> list[dict[str, t.Any]]:
    """Return the steps that submit forms, the first one in ``row`` if it stands there. Only the last one writes."""
    steps: list[dict[str, t.Any]] = []
    for index, part in enumerate(parts):
        pick = _form_pick(part, names, of_row=False) if row is None else _form_pick(part, InputNames(), of_row=True)
        alone = row is None and part.source.writes and _in_a_list(part)  # such as the only one that a search found
        tells_row = (part.has_doubles or alone) and "${" not in pick and re.search(r"\d|fields\.", pick)
        step: dict[str, t.Any] = {"submit": names.doubted("submit", pick) if tells_row else pick}
        pressed, box = part.pressed, {}
        keep: dict[str, t.Any] = {}
        if row is not None and row.link is None and not index:
            test, meant = row.form_test, row.press(pressed) if pressed is not None else None
            pick = f"forms[?{test}]" if test else names.doubted("submit", pick)
            step = {"row": row.list.chosen_on(row.shown), "submit": pick}
            pressed = names.doubted("press", pressed) if meant is None and pressed is not None else meant
            if str(pressed) in names.of_rows and (named := row.button_pick(str(pressed))) is not None:
                keep, pressed = {ROW_PART: named}, f"${{{ROW_PART}}}"
            if row.box is not None:
                part, box, keep = part.without(row.box), dict(row.fills), keep | dict(row.keeps)
            step["row"] |= {"keep": keep} if keep else {}
        fill = names.fill(part) | box
        if fill:
            step["fill"] = fill
        if pressed is not None:
            doubled = str(pressed) in names.of_rows if "row" in step else part.pressed_has_doubles
            step["press"] = names.doubted("press", pressed) if doubled else pressed
        if index < len(parts) - 1:
            step["writes"] = False
            step |= names_row(row, parts[index + 1].source) if row is not None else {}
        steps.append(step)
    return steps


def _in_a_list(part: RecordedSubmission) -> bool:
    """Whether the submitted form stands in a row of a table with headings."""
    tables = [each for each in part.source.data["tables"] if each["headers"]]
    forms = [form for table in tables for row in table["rows"] for form in parts_of(row, "forms")]
    return any((each["action"], each["fields"]) == (part.form["action"], part.form["fields"]) for each in forms)


def names_row(row: RecordedRow, page: Visit) -> dict[str, str]:
    """Return the proof that a page which asks for confirmation asks about this row, if it names the row."""
    named = page.page.kind == "html" and row.value and row.value in page.data["text"]
    return {"expect": f"contains(text, '${{{row.list.input}}}')"} if named else {}


def _form_pick(part: RecordedSubmission, names: InputNames, *, of_row: bool) -> str:
    """Return an expression for a submitted form: by a hidden field if its value is an input, such as a person.

    Then it is never a position on the page, and never the first hit of a search: the value itself says who is meant.
    Any other one that may be the key of a person tells no form, as on the page of a row, ``of_row``.
    """
    path, varying = names.path(split_address(part.form["action"]).path), names.of_rows | set_by_scripts(part).keys()
    for control in (each for each in part.form["controls"] if each["name"] not in varying):
        found = names.of_value(control["value"]) if control["type"] == "hidden" and control["name"] else None
        if found is not None and found != "password":
            same = f"ends_with(action, {quoted(path)}) && fields.{identifier(control['name'])}=='${{{found}}}'"
            alike = [each for each in part.source.forms if each["action"] == part.form["action"]]
            alike = [each for each in alike if each["fields"].get(control["name"]) == control["value"]]
            test = form_test(part.form, alike, varying) if len(alike) > 1 else None
            return f"forms[?{same} && {test}]" if test else f"forms[?{same}]"
    address = {*path_parts(part.source.path), *(value for _name, value in part.source.query)}
    hidden = [(each["name"], str(each["value"])) for each in part.form["controls"] if each["type"] == "hidden"]
    if of_row:
        varying |= {name for name, value in hidden if value in address or any(map(str.isdigit, value))}
    varying |= {name for name, value in hidden if value in names.of_page}
    return form_pick(part.form, part.source.forms, varying)
