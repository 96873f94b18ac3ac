# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms as data: what a browser would show and what it would send. Knows HTML's rules, no profile."""

from __future__ import annotations

import typing as t
from collections import Counter
from itertools import islice

from .address import Addresses
from .charset import codec_to_send, encoding_of, sent_in
from .controls import Controls
from .text import normalised, text_of
from .tree import Element

FORM_TEXT_LIMIT = 2_000
_FIRST_ROWS = 20
"""Rows of a list that show how many cells its rows have."""


def read_forms(controls: Controls, addresses: Addresses, encoding: str) -> list[dict[str, t.Any]]:
    """``[{id, name, action, method, enctype, charset, legend, text, fields, controls, buttons}]``, in the page's order.

    ``action`` is absolute; a form without one goes to the page's own address. ``fields: {name: value}`` is what a
    browser would send without pressing a button, hidden fields included; a name that occurs twice has a list.
    ``controls: [{id, name, type, value, checked, disabled, readonly, label, options}]``;
    ``buttons: [{id, name, value, label, disabled, type, action, method}]``, the last two where it has its own.
    ``charset`` is Python's name of what a browser would encode the values in: the page's encoding, unless the form asks
    for another.
    """
    return [_form(form, members, controls, addresses, encoding) for form, members in controls.of_form.items()]


def forms_of_row(row: Element, controls: Controls, addresses: Addresses, encoding: str) -> list[dict[str, t.Any]]:
    """Return the forms that stand in a row of a list, and those that have a control or button there, in page order.

    As in :func:`read_forms`, but where the row has controls or buttons of a name, only these are in ``controls`` and
    ``buttons``, and none of the rows beside it: a form around a whole list has one of the name in every row.
    ``fields`` stays all that would be sent. ``ticked_beside`` names the check boxes in it that stand in other rows of
    the table, ``chosen_beside`` the radio buttons by which another row is chosen, ``buttons_of_row`` the buttons that
    stand in this one.
    """
    table = row.ancestor("table")
    usual = _usual_numbers(row)
    found = []
    for form, members in controls.of_form.items():
        in_row = [each for each in members if row.has_inside(each)]
        if not (in_row or row.has_inside(form)):
            continue
        own = {each.get("name", "") for each in in_row}
        rows = {id(each): _row_around(each, row, table) for each in members}
        elsewhere = {key: other for key, other in rows.items() if other is not None and other is not row}
        beside = {key for key, other in elsewhere.items() if _number_of_cells(other) in usual}
        shown = [
            each
            for each in members
            if row.has_inside(each) or (id(each) not in beside and each.get("name", "") not in own)
        ]
        made = _form(form, members, controls, addresses, encoding, shown)
        ticked = (each for each in members if id(each) in elsewhere and controls.type_of(each) == "checkbox")
        made["ticked_beside"] = sorted({each.get("name", "") for each in ticked if controls.sent(each)})
        made["chosen_beside"] = sorted(
            {
                each.get("name", "")
                for each in members
                if controls.type_of(each) == "radio"
                and id(each) in elsewhere
                and (id(each) in beside or each.get("name", "") in own)
                and controls.sent(each)
            }
        )
        made["buttons_of_row"] = sorted({each.get("name", "") for each in in_row if controls.is_button(each)})
        found.append(made)
    return found


def _row_around(control: Element, row: Element, table: Element | None) -> Element | None:
    """Return the row of the table that ``control`` stands in, also if it is in a table inside that row."""
    around = control.ancestor("tr")
    while around is not None and around.parent is not row.parent and around.ancestor("table") is not table:
        around = around.ancestor("tr")
    return around


def _usual_numbers(row: Element) -> set[int]:
    """Return how many cells rows of the list have: this one, and most of the first; who was removed may have fewer."""
    siblings = [] if row.parent is None else row.parent.children
    rows = islice((each for each in siblings if isinstance(each, Element) and each.tag == "tr"), _FIRST_ROWS)
    counts = Counter(count for count in map(_number_of_cells, rows) if count > 1)
    return {_number_of_cells(row), *(count for count, times in counts.items() if times == max(counts.values()))}


def _number_of_cells(row: Element) -> int:
    return sum(isinstance(each, Element) and each.tag in ("td", "th") for each in row.children)


def controls_of_row(row: Element, controls: Controls, addresses: Addresses) -> dict[str, list[dict[str, t.Any]]]:
    """Return ``controls`` and ``buttons`` that stand in a row, whatever form they belong to."""
    inside = [each for each in controls.all if row.has_inside(each)]
    return {
        "controls": [_control(each, controls) for each in inside if not controls.is_button(each)],
        "buttons": [_button(each, controls, addresses) for each in inside if controls.is_button(each)],
    }


def _form(
    form: Element,
    members: list[Element],
    controls: Controls,
    addresses: Addresses,
    encoding: str,
    shown: list[Element] | None = None,
) -> dict[str, t.Any]:
    shown = members if shown is None else shown
    legend = next(form.inside("legend"), None)
    encoding = sent_in(_asked_for(form) or encoding)
    method = form.get("method", "get").strip().lower()
    action = form.get("action", "").strip()
    return {
        "id": form.get("id", ""),
        "name": form.get("name", ""),
        "action": addresses.absolute(action) if action else addresses.url,
        "method": method if method in ("get", "post", "dialog") else "get",
        "enctype": form.get("enctype", "").strip().lower() or "application/x-www-form-urlencoded",
        "charset": codec_to_send(encoding),
        "legend": text_of(legend) if legend is not None else "",
        "text": text_of(form, limit=FORM_TEXT_LIMIT),
        "fields": _fields(members, controls, encoding),
        "controls": [_control(each, controls) for each in shown if not controls.is_button(each)],
        "buttons": [_button(each, controls, addresses) for each in shown if controls.is_button(each)],
    }


def _fields(members: list[Element], controls: Controls, encoding: str) -> dict[str, t.Any]:
    values: dict[str, list[str]] = {}
    for each in members:
        sent = controls.sent(each)
        if sent and each.get("name", "").lower() == "_charset_" and controls.type_of(each) == "hidden":
            sent = [encoding]
        if sent:
            values.setdefault(each.get("name", ""), []).extend(sent)
    return {name: sent[0] if len(sent) == 1 else sent for name, sent in values.items()}


def _control(control: Element, controls: Controls) -> dict[str, t.Any]:
    return {
        "id": control.get("id", ""),
        "name": control.get("name", ""),
        "type": controls.type_of(control),
        "value": controls.value(control),
        "checked": controls.is_checked(control),
        "disabled": controls.is_disabled(control),
        "readonly": control.has("readonly"),
        "label": controls.labels.of(control),
        "options": controls.options(control),
    }


def _button(button: Element, controls: Controls, addresses: Addresses) -> dict[str, t.Any]:
    value = button.get("value", "")
    label = text_of(button) if button.tag == "button" else value or button.get("alt", "")
    return {
        "id": button.get("id", ""),
        "name": button.get("name", ""),
        "value": value,
        "label": normalised(label) or normalised(button.get("aria-label") or button.get("title")),
        "disabled": controls.is_disabled(button),
        "type": controls.type_of(button),
        "action": addresses.absolute(button.get("formaction")) if button.get("formaction") else "",
        "method": button.get("formmethod", "").strip().lower(),
    }


def _asked_for(form: Element) -> str | None:
    """The encoding that the form asks for, instead of the page's."""
    labels = form.get("accept-charset", "").replace(",", " ").split()
    return next(filter(None, map(encoding_of, labels)), None)
