# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controls of a page: type, state, value, and the form that each belongs to. Knows HTML's rules, no profile."""

from __future__ import annotations

import math
import re
import typing as t
from dataclasses import dataclass

from .labels import Labels
from .text import normalised
from .tree import Element, Tree

BUTTON_TYPES = frozenset({"submit", "button", "reset", "image"})

_CONTROL_TAGS = ("input", "select", "textarea", "button")
_SPACES = re.compile(r"[\t\n\f\r ]+")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
_ONE_LINE = frozenset({"text", "search", "tel", "password", "url", "email"})
_FORMATS = {
    "date": re.compile(r"\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "month": re.compile(r"\d{4,}-(?:0[1-9]|1[0-2])"),
    "time": re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?"),
    "week": re.compile(r"\d{4,}-W(?:0[1-9]|[1-4]\d|5[0-3])"),
}
_TYPES = frozenset(
    (
        *("button", "checkbox", "color", "date", "datetime-local", "email", "file", "hidden", "image", "month"),
        *("number", "password", "radio", "range", "reset", "search", "submit", "tel", "text", "time", "url", "week"),
    )
)


@dataclass(frozen=True)
class ControlOption:
    """An entry of a list."""

    value: str
    label: str
    selected: bool
    disabled: bool


class Controls:
    """All controls of a page in its order."""

    def __init__(self, tree: Tree) -> None:
        self.labels = Labels(tree)
        self.all: list[Element] = list(tree.all(*_CONTROL_TAGS))
        self.of_form: dict[Element, list[Element]] = {form: [] for form in tree.all("form")}
        self._disabled = _disabled(tree)
        self._choices: dict[Element, list[ControlOption]] = {}
        by_id: dict[str, Element] = {}
        for form in self.of_form:
            if form.get("id"):
                by_id.setdefault(form.get("id", ""), form)
        owners = tree.owners()
        chosen: dict[tuple[Element | None, str], Element] = {}
        for each in self.all:
            owner = by_id.get(each.get("form", "")) if each.has("form") else owners.get(each)
            if owner is not None:
                self.of_form[owner].append(each)
            if each.has("checked") and each.get("name") and self.type_of(each) == "radio":
                chosen[owner, each.get("name", "")] = each
        self._chosen = set(chosen.values())

    def is_control(self, element: Element) -> bool:
        return element.tag in ("input", "select", "textarea")

    def type_of(self, control: Element) -> str:
        """``text``, ``hidden``, ``checkbox``, …, ``select``, ``textarea``, or one of BUTTON_TYPES."""
        if control.tag == "button":
            kind = control.get("type", "submit").strip().lower()
            return kind if kind in BUTTON_TYPES else "submit"
        if control.tag == "input":
            kind = control.get("type", "text").strip().lower()
            return kind if kind in _TYPES else "text"
        return control.tag

    def is_button(self, control: Element) -> bool:
        return self.type_of(control) in BUTTON_TYPES

    def is_disabled(self, control: Element) -> bool:
        return control.has("disabled") or control in self._disabled

    def is_checked(self, control: Element) -> bool:
        """Whether a check box or radio button is on. Of radio buttons with one name the last that is checked is on."""
        if not control.has("checked"):
            return False
        return control in self._chosen or not control.get("name") or self.type_of(control) != "radio"

    def value(self, control: Element) -> str | list[str]:
        """What the control holds: a list for a multiple select; ``""`` for a password, always."""
        kind = self.type_of(control)
        if kind == "password":
            return ""
        if kind == "select":
            chosen = [choice.value for choice in self.choices(control) if choice.selected]
            return chosen if control.has("multiple") else (chosen[-1] if chosen else "")
        if kind == "textarea":
            return "".join(each for each in control.children if isinstance(each, str))
        return _sanitised(control, kind)

    def value_text(self, control: Element) -> str:
        """The value as one string."""
        value = self.value(control)
        return value if isinstance(value, str) else ", ".join(value)

    def choices(self, select: Element) -> list[ControlOption]:
        """The entries of a list; as in a browser, a drop-down list without a choice shows its first usable entry."""
        if select not in self._choices:
            self._choices[select] = _choices(select) if select.tag == "select" else []
        return self._choices[select]

    def options(self, select: Element) -> list[dict[str, t.Any]]:
        """``[{value, label, selected}]`` of a list; nothing for other controls."""
        return [{"value": each.value, "label": each.label, "selected": each.selected} for each in self.choices(select)]

    def sent(self, control: Element) -> list[str]:
        """The values that a browser sends for it when no button is pressed: none, one, or several."""
        kind = self.type_of(control)
        if kind in BUTTON_TYPES or kind == "file" or not control.get("name") or self.is_disabled(control):
            return []
        if kind in ("checkbox", "radio"):
            return [self.value_text(control)] if self.is_checked(control) else []
        if kind == "select":
            return [choice.value for choice in self.choices(control) if choice.selected and not choice.disabled]
        return [self.value_text(control)]


def _choices(select: Element) -> list[ControlOption]:
    options = list(select.inside("option"))
    disabled = [each.has("disabled") or _in_disabled_group(each) for each in options]
    selected = [at for at, each in enumerate(options) if each.has("selected")]
    if not select.has("multiple"):
        if not selected and select.get("size", "1").strip() in ("", "0", "1"):
            selected = [at for at, off in enumerate(disabled) if not off][:1]
        selected = selected[-1:]
    chosen = set(selected)
    choices = []
    for at, each in enumerate(options):
        text = _option_text(each)
        label = each.get("label") or normalised(text)
        choices.append(ControlOption(each.get("value", text), label, at in chosen, disabled[at]))
    return choices


def _disabled(tree: Tree) -> set[Element]:
    """Controls in a disabled ``<fieldset>``, but for those in its legend."""
    found = set()
    for fieldset in tree.all("fieldset"):
        if fieldset.has("disabled"):
            legend = next(
                (each for each in fieldset.children if isinstance(each, Element) and each.tag == "legend"), None
            )
            found |= {each for each in fieldset.inside(*_CONTROL_TAGS) if legend is None or not legend.has_inside(each)}
    return found


def _in_disabled_group(option: Element) -> bool:
    group = option.parent
    return group is not None and group.tag == "optgroup" and group.has("disabled")


def _option_text(option: Element) -> str:
    """The text that is sent where an option has no value: of white space, no-break spaces are kept."""
    pieces: list[str] = []
    pending: list[Element | str] = [option]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            pieces.append(node)
        elif node.tag != "script":
            pending += reversed(node.children)
    return " ".join(filter(None, _SPACES.split("".join(pieces))))


def _sanitised(control: Element, kind: str) -> str:
    """The value as a browser keeps it: what does not fit the type of the control is dropped."""
    if kind in ("checkbox", "radio"):
        return control.get("value", "on")
    value = control.get("value", "")
    if kind in _ONE_LINE:
        value = value.replace("\r", "").replace("\n", "")
        return value.strip("\t\n\f\r ") if kind in ("url", "email") else value
    if kind == "number":
        return value if _NUMBER.fullmatch(value) else ""
    if kind == "range":
        return _in_range(control, value)
    if kind == "color":
        return value.lower() if re.fullmatch(r"#[0-9A-Fa-f]{6}", value) else "#000000"
    if kind == "datetime-local":
        date, _separator, time = value.replace(" ", "T", 1).partition("T")
        return f"{date}T{time}" if _FORMATS["date"].fullmatch(date) and _FORMATS["time"].fullmatch(time) else ""
    if kind in _FORMATS:
        return value if _FORMATS[kind].fullmatch(value) else ""
    return value


def _in_range(control: Element, value: str) -> str:
    least = _number(control.get("min", ""), 0.0)
    most = _number(control.get("max", ""), 100.0)
    step = _number(control.get("step", ""), 1.0)
    number = _number(value, least + (most - least) / 2 if most >= least else least)
    number = max(min(number, most), least)
    if control.get("step", "").strip().lower() != "any" and step > 0:
        number = min(least + math.floor((number - least) / step + 0.5) * step, most)
    return f"{number:.15g}"


def _number(text: str, otherwise: float) -> float:
    return float(text) if _NUMBER.fullmatch(text) else otherwise
