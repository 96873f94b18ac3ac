# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms and their controls: what a browser would show and what it would send. Knows HTML's rules, no profile."""

from __future__ import annotations

import typing as t

from .labels import Labels
from .text import Element, absolute, normalised, text_codec, text_of

BUTTON_TYPES = frozenset({"submit", "button", "reset", "image"})
FORM_TEXT_LIMIT = 2_000

_CONTROL_TAGS = ("input", "select", "textarea", "button")
_TABLE_TAGS = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "table"})


class Controls:
    """All controls of a document in its order: type, value, state, label, and the form that each belongs to."""

    def __init__(self, root: Element) -> None:
        self.labels = Labels(root)
        self.of_form: dict[Element, list[Element]] = {form: [] for form in root.iter("form")}
        self.all: list[Element] = []
        by_id: dict[str, Element] = {}
        for form in self.of_form:
            by_id.setdefault(form.get("id", ""), form)
        latest: Element | None = None
        for each in root.iter("form", *_CONTROL_TAGS):
            if each.tag == "form":
                latest = each
                continue
            self.all.append(each)
            owner = by_id.get(each.get("form", "")) if each.get("form") else self._owner(each, latest)
            if owner is not None:
                self.of_form[owner].append(each)

    @staticmethod
    def _owner(control: Element, latest: Element | None) -> Element | None:
        """The form around a control, or the one that old pages open in one cell and close in another.

        The parser ends such a form with its cell, while a browser counts the controls in the following cells to it:
        so a control outside any form belongs to the last form before it, if that stands inside the same table's
        structure.
        """
        around = next(control.iterancestors("form"), None)
        if around is not None or latest is None or latest.getparent().tag not in _TABLE_TAGS:
            return around
        table = next(latest.iterancestors("table"), None)
        return latest if table is not None and table in control.iterancestors("table") else None

    def is_control(self, element: Element) -> bool:
        return element.tag in ("input", "select", "textarea")

    def type_of(self, control: Element) -> str:
        """``text``, ``hidden``, ``checkbox``, …, ``select``, ``textarea``, or one of BUTTON_TYPES."""
        if control.tag == "button":
            kind = control.get("type", "submit").strip().lower()
            return kind if kind in BUTTON_TYPES else "submit"
        if control.tag == "input":
            return control.get("type", "text").strip().lower() or "text"
        return str(control.tag)

    def is_button(self, control: Element) -> bool:
        return self.type_of(control) in BUTTON_TYPES

    def is_disabled(self, control: Element) -> bool:
        if control.get("disabled") is not None:
            return True
        for fieldset in control.iterancestors("fieldset"):
            if fieldset.get("disabled") is not None:
                legend = next((each for each in fieldset if each.tag == "legend"), None)
                if legend is None or legend not in control.iterancestors("legend"):
                    return True
        return False

    def value(self, control: Element) -> str | list[str]:
        """What the control holds: a list for a multiple select; ``""`` for a password, always."""
        kind = self.type_of(control)
        if kind == "password":
            return ""
        if kind == "select":
            chosen = [option["value"] for option in self.options(control) if option["selected"]]
            return chosen if control.get("multiple") is not None else (chosen[-1] if chosen else "")
        if kind == "textarea":
            text = "".join(control.itertext())
            return text.removeprefix("\r").removeprefix("\n")
        return str(control.get("value", "on" if kind in ("checkbox", "radio") else ""))

    def value_text(self, control: Element) -> str:
        """The value as one string."""
        value = self.value(control)
        return value if isinstance(value, str) else ", ".join(value)

    def options(self, select: Element) -> list[dict[str, t.Any]]:
        """``[{value, label, selected}]``; as in a browser, a drop-down list without a choice shows its first entry."""
        if select.tag != "select":
            return []
        elements = list(select.iter("option"))
        selected = [each.get("selected") is not None for each in elements]
        if (
            elements
            and select.get("multiple") is None
            and not any(selected)
            and select.get("size", "1") in ("", "0", "1")
        ):
            first = next((at for at, each in enumerate(elements) if each.get("disabled") is None), None)
            if first is not None:
                selected[first] = True
        return [
            {"value": each.get("value", text), "label": each.get("label") or text, "selected": chosen}
            for each, chosen in zip(elements, selected, strict=True)
            for text in [normalised("".join(each.itertext()))]
        ]

    def sent(self, control: Element) -> list[str]:
        """The values that a browser sends for it when no button is pressed: none, one, or several."""
        kind = self.type_of(control)
        if kind in BUTTON_TYPES or kind == "file" or not control.get("name") or self.is_disabled(control):
            return []
        if kind in ("checkbox", "radio") and control.get("checked") is None:
            return []
        value = self.value(control)
        if isinstance(value, list):
            return value
        if kind == "select" and not any(option["selected"] for option in self.options(control)):
            return []
        return [value]


def read_forms(controls: Controls, base: str, url: str, charset: str) -> list[dict[str, t.Any]]:
    """``[{id, name, action, method, enctype, charset, legend, text, fields, controls, buttons}]``, in the page's order.

    ``action`` is absolute; a form without one goes to the page's own address. ``fields: {name: value}`` is what a
    browser would send without pressing a button, hidden fields included; a name that occurs twice has a list.
    ``controls: [{id, name, type, value, checked, disabled, readonly, label, options}]``;
    ``buttons: [{id, name, value, label, disabled, type, action, method}]``, the last two where it has its own.
    ``charset`` is what a browser would encode the values in: the page's, unless the form asks for another.
    """
    return [_form(form, members, controls, base, url, charset) for form, members in controls.of_form.items()]


def _form(
    form: Element, members: list[Element], controls: Controls, base: str, url: str, charset: str
) -> dict[str, t.Any]:
    legend = next(form.iter("legend"), None)
    method = form.get("method", "get").strip().lower()
    action = form.get("action", "").strip()
    return {
        "id": form.get("id", ""),
        "name": form.get("name", ""),
        "action": absolute(base, action) if action else url,
        "method": method if method in ("get", "post", "dialog") else "get",
        "enctype": form.get("enctype", "").strip().lower() or "application/x-www-form-urlencoded",
        "charset": _charset(form.get("accept-charset", ""), charset),
        "legend": text_of(legend) if legend is not None else "",
        "text": text_of(form, limit=FORM_TEXT_LIMIT),
        "fields": _fields(members, controls),
        "controls": [_control(each, controls) for each in members if not controls.is_button(each)],
        "buttons": [_button(each, controls, base) for each in members if controls.is_button(each)],
    }


def _fields(members: list[Element], controls: Controls) -> dict[str, t.Any]:
    values: dict[str, list[str]] = {}
    for each in members:
        sent = controls.sent(each)
        if sent:
            values.setdefault(each.get("name"), []).extend(sent)
    return {name: sent[0] if len(sent) == 1 else sent for name, sent in values.items()}


def _control(control: Element, controls: Controls) -> dict[str, t.Any]:
    return {
        "id": control.get("id", ""),
        "name": control.get("name", ""),
        "type": controls.type_of(control),
        "value": controls.value(control),
        "checked": control.get("checked") is not None,
        "disabled": controls.is_disabled(control),
        "readonly": control.get("readonly") is not None,
        "label": controls.labels.of(control),
        "options": controls.options(control),
    }


def _button(button: Element, controls: Controls, base: str) -> dict[str, t.Any]:
    value = button.get("value", "")
    label = text_of(button) if button.tag == "button" else value or button.get("alt", "")
    return {
        "id": button.get("id", ""),
        "name": button.get("name", ""),
        "value": value,
        "label": normalised(label) or normalised(button.get("aria-label") or button.get("title")),
        "disabled": controls.is_disabled(button),
        "type": controls.type_of(button),
        "action": absolute(base, button.get("formaction")) if button.get("formaction") else "",
        "method": button.get("formmethod", "").strip().lower(),
    }


def _charset(asked_for: str, of_page: str) -> str:
    for name in (*asked_for.replace(",", " ").split(), of_page):
        codec = text_codec(name)
        if codec is not None:
            return "utf-8" if codec.startswith("utf-16") else codec
    return "utf-8"
