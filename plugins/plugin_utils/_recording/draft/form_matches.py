# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds which form of a page a request may be the submission of, and which forms and buttons look the same."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable

from ....module_utils._web.page.address import split_address
from ..matching import selects_operation
from ..sensitive import kind_of_name

if t.TYPE_CHECKING:
    from .history import Visit

Form = t.Mapping[str, t.Any]


def has_doubles(one: Form, every: Iterable[Form], look: Callable[[Form], tuple[t.Any, t.Any]]) -> bool:
    """Whether others look like ``one`` and do something else. ``look``: what a person sees, what the interface sees."""
    shown, does = look(one)
    return any(look(each)[0] == shown and look(each)[1] != does for each in every)


def look_of_form(form: Form) -> tuple[t.Any, t.Any]:
    """Return what a person sees of a form and what selects its operation, and what only the interface sees."""
    hidden = [(each["name"], each["value"]) for each in form["controls"] if each["type"] == "hidden"]
    selected = [pair for pair in hidden if selects_operation(pair[0])]
    names = [each["name"] for each in form["controls"]]
    values = [pair for pair in hidden if kind_of_name(pair[0]) != "token"]
    return (names, selected, [each["label"] for each in form["buttons"]]), (values, form["action"])


def look_of_button(button: Form) -> tuple[t.Any, t.Any]:
    """Return what a person sees of a button, and what only the interface sees."""
    return (button["type"], button["label"]), (button["name"], button["value"], button["action"])


def names_sent_by(button: t.Mapping[str, t.Any]) -> tuple[str, ...]:
    """Return the names that a pressed button sends: a picture sends where on it the click was."""
    if button["type"] != "image":
        return (button["name"],)
    before = f"{button['name']}." if button["name"] else ""
    return f"{before}x", f"{before}y"


def actions_of(form: Form) -> set[str]:
    """Return the addresses to which a form may go."""
    return {form["action"], *(each["action"] for each in form["buttons"] if each["action"])}


def fits(form: Form, visit: Visit) -> bool:
    """Whether the submission of a form may be this request."""
    buttons = [each for each in form["buttons"] if each["action"]]
    actions = actions_of(form)
    if visit.method not in {form["method"].upper(), *(each["method"].upper() for each in buttons)}:
        return False
    own = {each["name"] for each in form["controls"]} | {
        name for each in form["buttons"] for name in names_sent_by(each)
    }
    if not visit.writes:
        same = any(split_address(each).path == split_address(visit.url).path for each in actions)
        always = {
            each["name"]
            for each in form["controls"]
            if each["type"] not in ("checkbox", "radio") and not isinstance(each["value"], list)
        }
        return same and always & form["fields"].keys() <= set(dict(visit.query)) <= own  # else it is a link
    target = (split_address(visit.url).path, sorted(split_address(visit.url).query.split("&")))
    same = any((split_address(each).path, sorted(split_address(each).query.split("&"))) == target for each in actions)
    boxes = [each for each in form["controls"] if each["type"] in ("checkbox", "radio")]
    chosen = {each["name"] for each in boxes}
    offered = {(each["name"], each["value"]) for each in form["controls"] if each in boxes or each["type"] == "hidden"}
    of_boxes = {pair for pair in visit.form if pair[0] in chosen}
    return same and {name for name, _value in visit.form} <= own and of_boxes <= offered


def difference(visit: Visit, form: Form) -> tuple[int, int, int]:
    """Return how much a form differs from a request. Hidden fields count first: they tell forms of one action apart."""
    sent = dict(visit.form or visit.query)
    hidden = {each["name"]: each["value"] for each in form["controls"] if each["type"] == "hidden" and each["name"]}
    wrong = sum(sent.get(name) != value for name, value in hidden.items())
    buttons = [(each["name"], each["value"]) for each in form["buttons"]]
    others = sum(pair not in buttons for pair in sent.items() if pair[0] in dict(buttons))
    return wrong, others, len(set(form["fields"]) ^ set(sent))
