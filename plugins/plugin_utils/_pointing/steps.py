# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns recorded requests into the steps of a profile: pages, forms with what was typed, JSON. Pure.

Unlike a draft from a recording alone it knows which requests belong to which task, and what was typed where.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from .drafting import (
    LIST_SEPARATORS,
    BrowsingHistory,
    RecordedSubmission,
    RecordedWrite,
    Visit,
    form_pick,
    form_test,
    identifier,
    quoted,
)
from .rows import RowPlace, way_from_row
from .script_request import ROW_ID, hidden_values, row_of_request

AskInput = Callable[[str, str], str | None]
"""Asks what a person typed into a field (its key, its label); returns an input, or None for a constant."""


@dataclass
class InputNames:
    """What the values in requests are. ``by_control``: the input that a control fills, by the control's name.

    ``by_json``: the input by the JMESPath expression that reads the same value. ``by_value``: known values, such as the
    address of the test person. ``passwords``: those of the account. ``lists``: inputs that are lists.
    ``new_password``: the input for any other password that was typed. ``of_row``: values that a step keeps of a row.
    """

    by_control: Mapping[str, str]
    by_json: Mapping[str, str] = field(default_factory=dict)
    by_value: Mapping[str, str] = field(default_factory=dict)
    passwords: frozenset[str] = field(default_factory=frozenset, repr=False)
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    lists: frozenset[str] = frozenset({"exceptions"})
    new_password: str = "password"
    of_row: dict[str, str] = field(default_factory=dict)

    def of_value(self, value: t.Any) -> str | None:
        """Return the input that has this value, None without one."""
        text = str(value)
        if text in self.passwords:
            return "password"
        if text in self.of_row:
            return self.of_row[text]
        return self.by_value.get(text.casefold()) if text else None


def page_step(visit: Visit, names: InputNames | None = None) -> dict[str, t.Any]:
    """Return the step that fetches a page or a JSON document, with its query and, if it asks by POST, its body."""
    step: dict[str, t.Any]
    if visit.writes:
        step = {"send": visit.method, "path": visit.path}
        if visit.json_body is not None:
            step |= {"json": visit.json_body, "repeatable": True}
        return step
    step = {"get": with_placeholders(visit.path, names) if names else visit.path}
    if visit.query:
        step["query"] = {
            name: f"${{{found}}}" if names and (found := names.of_value(value)) else value
            for name, value in visit.query
        }
    return step


def with_placeholders(path: str, names: InputNames) -> str:
    """Return ``path`` with a placeholder for each part that is a known value."""
    parts = []
    for part in path.split("/"):
        found = names.of_value(unquote(part))
        parts.append(f"${{{found}}}" if found else part)
    return "/".join(parts)


def write_steps(
    history: BrowsingHistory,
    write: RecordedWrite,
    names: InputNames,
    ask: AskInput,
    place: RowPlace | None = None,
) -> tuple[list[dict[str, t.Any]], set[str]]:
    """Return the steps that make this change with other values, and the inputs that they use.

    ``place``: the row of a list from which the change may begin.
    """
    first = write.submissions[0] if write.submissions else None
    hidden = _row_value(first, names) if first is not None else None
    in_row = first is not None and place is not None and place.has_form(first.source, first.form)
    if first is not None and (hidden is not None or in_row):
        if place is None or not in_row:
            steps = _row_steps(history, write.submissions, names, hidden or "")
        else:
            test = form_test(first.form, [first.form])
            pick = f"forms[?{test}] | [0]" if test else "forms[0]"
            step: dict[str, t.Any] = {"row": dict(place.chosen), "submit": pick}
            step |= {"writes": False} if len(write.submissions) > 1 else {}
            steps = [page_step(_fetchable(history, first), names), step]
            steps += _submit_steps(write.submissions[1:], names, ask)
    elif write.submissions:
        page = _fetchable(history, write.submissions[0])
        way = way_from_row(history, page, place) if place is not None else None
        steps = [page_step(page, names)] if way is None else [page_step(way[0], names), *way[1]]
        steps += _submit_steps(write.submissions, names, ask)
    else:
        if write.request is None:
            raise AssertionError("a change without a form has a request")
        steps = _request_steps(history, write.request, names, ask, place)
    keeping = [part for step in steps for part in (step, step.get("row", {}))]
    kept = {name for part in keeping for name in part.get("keep", ())}
    return steps, set(re.findall(r"\$\{(\w+)\}", str(steps))) - kept


def _row_value(part: RecordedSubmission, names: InputNames) -> str | None:
    """Return the hidden field that names the row of a list to which the form belongs, None without one."""
    sent = dict(part.visit.form)
    for control in part.form["controls"]:
        name = control["name"]
        if control["type"] == "hidden" and name in sent and names.of_value(sent[name]):
            return str(name)
    return None


def _row_steps(
    history: BrowsingHistory, submissions: Sequence[RecordedSubmission], names: InputNames, row: str
) -> list[dict[str, t.Any]]:
    """Return the steps that act on the row of one person: what the row's form sends, with that person's value.

    Never a position in the list, and never the first hit of a search: the value itself says who is meant.
    """
    first = submissions[0]
    page = page_step(_fetchable(history, first), names)
    others = [
        each["name"] for each in first.form["controls"] if each["type"] == "hidden" and each["name"] not in ("", row)
    ]
    last = submissions[-1]
    sent = dict(last.visit.form)
    action = urlsplit(first.form["action"]).path
    pick = f"forms[?ends_with(action, {quoted(action)})] | [0].fields"
    if others:
        page["keep"] = {_kept(name): f"{pick}.{identifier(name)}" for name in others}
    form = {
        name: f"${{{_kept(name)}}}"
        if name in others
        else f"${{{found}}}"
        if (found := names.of_value(value))
        else value
        for name, value in sent.items()
    }
    path = urlsplit(last.visit.url).path.removeprefix(history.base)
    return [page, {"send": last.visit.method, "path": with_placeholders(path, names), "form": form}]


def _kept(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_").lower() or "kept"


def _submit_steps(
    submissions: Sequence[RecordedSubmission], names: InputNames, ask: AskInput
) -> list[dict[str, t.Any]]:
    steps: list[dict[str, t.Any]] = []
    for index, part in enumerate(submissions):
        step: dict[str, t.Any] = {"submit": form_pick(part.form, part.source.forms)}
        fill = form_fill(part, names, ask)
        if fill:
            step["fill"] = fill
        pressed = pressed_button(part)
        if pressed:
            step["press"] = pressed
        if index < len(submissions) - 1:
            step["writes"] = False
        steps.append(step)
    return steps


def _fetchable(history: BrowsingHistory, part: RecordedSubmission) -> Visit:
    """Return the visit that shows the form and is no answer to a change."""
    if not part.source.writes:
        return part.source
    return max(
        (
            each
            for each in history.visits
            if not each.writes and each.is_page and any(_like(form, part.form) for form in each.forms)
        ),
        key=lambda each: (each.number < part.visit.number, each.number),
        default=part.source,
    )


def _like(one: Mapping[str, t.Any], other: Mapping[str, t.Any]) -> bool:
    return bool(one["action"] == other["action"] and one["fields"].keys() == other["fields"].keys())


def pressed_button(part: RecordedSubmission) -> t.Any:
    """Return the button that was pressed as a profile names it, None if its name was not sent."""
    sent = dict(part.visit.form or part.visit.query)
    named = [each for each in part.form["buttons"] if each["name"] and each["name"] in sent]
    if not named:
        return None
    name = named[0]["name"]
    if sum(each["name"] == name for each in part.form["buttons"]) == 1:
        return name
    return {"name": name, "value": sent[name]}


def form_fill(part: RecordedSubmission, names: InputNames, ask: AskInput) -> dict[str, t.Any]:
    """Return the fields that a step fills in: passwords, known values, and what the person changed."""
    fill: dict[str, t.Any] = {}
    sent = dict(part.visit.form or part.visit.query)
    for control in part.form["controls"]:
        name, kind = control["name"], control["type"]
        if not name or kind in ("file", "submit") or name in fill:
            continue
        value = sent.get(name)
        if kind == "hidden":
            found = names.of_value(value) if value is not None else None
            if found and value != part.form["fields"].get(name):
                fill[name] = f"${{{found}}}"
            continue
        if kind == "password":
            given = "password" if value in names.passwords else names.new_password
            fill[name] = f"${{{given}}}" if value else None
            continue
        found = names.of_value(value) or names.by_control.get(name)
        changed = value != part.form["fields"].get(name)
        if found is None and changed:
            found = ask(name, control["label"] or name)
        if found is not None:
            fill[name] = _filled(found, str(value or ""), names)
        elif changed and value is not None:
            fill[name] = value
    return {name: value for name, value in fill.items() if value is not None}


def _filled(name: str, value: str, names: InputNames) -> t.Any:
    if name not in names.lists:
        return f"${{{name}}}"
    separator = next((each for each in LIST_SEPARATORS if each in value.strip()), ";")
    return {"join": separator, "of": f"${{{name}}}"}


def _request_steps(
    history: BrowsingHistory, sent: Visit, names: InputNames, ask: AskInput, place: RowPlace | None
) -> list[dict[str, t.Any]]:
    """Return the steps of a request that a script sent: to the page from which it took values, and the request."""
    pages = [each for each in history.visits if each.number < sent.number and each.is_page and not each.writes]
    found = row_of_request(pages, place, sent) if place is not None else None
    page = found[0] if found is not None else pages[-1] if pages else None
    tokens = hidden_values(page, sent.form) if page is not None else {}
    row: dict[str, t.Any] = {}
    if place is not None and found is not None:
        names.of_row[found[1]] = ROW_ID
        row = {"row": {**place.chosen, "keep": {ROW_ID: found[2]}}}
    step = {**row, **_send_step(sent, names, ask)}
    if page is None or not (row or tokens):
        return [step]
    first = page_step(page, names)
    if tokens:
        step["form"] |= {name: f"${{{_kept(name)}}}" for name in tokens}
        first["keep"] = {_kept(name): pick for name, pick in tokens.items()}
    return [first, step]


def _send_step(visit: Visit, names: InputNames, ask: AskInput) -> dict[str, t.Any]:
    step: dict[str, t.Any] = {"send": visit.method, "path": with_placeholders(visit.path, names)}
    if visit.json_body is not None:
        step["json"] = json_template(visit.json_body, names, ask)
    elif visit.form:
        step["form"] = {
            name: f"${{{found}}}" if (found := names.of_value(value) or names.by_control.get(name)) else value
            for name, value in visit.form
        }
    return step


def json_template(body: t.Any, names: InputNames, ask: AskInput, at: str = "") -> t.Any:
    """Return ``body`` with placeholders: for values that a read picks at the same place, and for known values."""
    if at in names.by_json:
        return f"${{{names.by_json[at]}}}"
    if isinstance(body, Mapping):
        return {
            key: json_template(value, names, ask, f"{at}.{identifier(str(key))}" if at else identifier(str(key)))
            for key, value in body.items()
        }
    if isinstance(body, list):
        return body
    found = names.of_value(body) if body is not None and not isinstance(body, bool) else None
    if found is None and isinstance(body, str) and body:
        controls = [control for control, value in names.typed.items() if value == body]
        found = next((names.by_control[control] for control in controls if control in names.by_control), None)
        if found is None and controls:
            found = ask(controls[0], controls[0])
    return f"${{{found}}}" if found is not None else body
