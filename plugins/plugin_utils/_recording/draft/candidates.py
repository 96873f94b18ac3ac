# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists the values that a profile could read from a page, each with its JMESPath expression. Knows no meaning of any.

Expressions by structure come before expressions by label. Each is evaluated on its page, and is a candidate only if it
returns the value there.
"""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass
from functools import lru_cache

from ....module_utils._web.page.address import split_address
from ....module_utils._web.page.text import without_colon
from ....module_utils._web.profile.expression import Expression, Pick, ProfileProblem, Unfiltered

if t.TYPE_CHECKING:
    from ....module_utils._web.page.page import Page

MAX_VALUE_LENGTH = 300
"""Characters. A longer text is a part of the page, not a value."""
MAX_CANDIDATES = 2_000
"""Candidates per page."""
_MAX_DEPTH = 12
_NAMING_KEYS = ("id", "key", "code", "name", "type", "label")
"""Keys that tell the entries of a list in JSON apart, the most reliable first."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@dataclass(frozen=True)
class Candidate:
    """A value on a page. ``label`` is the text beside it, ``name`` the id, field name or JSON key in the page's source.

    ``kind``: text, checkbox, number, address, image or message. ``goes_by``: its id, field, row, label, address,
    message or json.
    """

    expression: str
    value: t.Any
    label: str = ""
    name: str = ""
    kind: str = "text"
    proof: str = ""
    """A condition that the page is the expected one, the same one each time; "" without one."""
    goes_by: str = "label"

    @property
    def by(self) -> str:
        """The id, label or key by which it is found."""
        return self.name if self.goes_by in ("id", "field", "json") else self.label or self.name


def identifier(name: str) -> str:
    """Return ``name`` as a JMESPath identifier, quoted if necessary."""
    return name if _WORD.match(name) else json.dumps(name, ensure_ascii=False)


def quoted(text: str) -> str:
    """Return ``text`` as a JMESPath raw string."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


@lru_cache(maxsize=4096)
def _built(expression: str) -> Expression | None:
    try:
        return Expression.build(expression, ())
    except ProfileProblem:
        return None


def evaluate(expression: str, data: t.Any) -> t.Any:
    """Return the value of ``expression`` on ``data``; None if it is not valid."""
    built = _built(expression)
    return built.search(data) if built is not None else None


def is_true(expression: str, data: t.Any) -> bool:
    """Whether ``expression`` is true on ``data``; false if it is not valid."""
    built = _built(expression)
    return built is not None and built.holds(data)


def read_value(pick: t.Any, data: t.Any) -> t.Any:
    """Return what a profile reads from ``data`` with ``pick``, filters included; None if it reads nothing."""
    try:
        return Pick.build(pick, ()).value(data)[0]
    except (Unfiltered, ProfileProblem):
        return None


def candidates(page: Page) -> list[Candidate]:
    """Return the candidates of ``page``, the most reliable expression of each value first."""
    return [each for each in shown_values(page) if evaluate(each.expression, page.data) == each.value]


def shown_values(page: Page) -> list[Candidate]:
    """Return the values that ``page`` shows, with expressions that are not proven yet."""
    if page.kind == "json":
        every = json_candidates(page.data, labelled=True)
        found = [each for each in every if _short(each.value) or isinstance(each.value, (bool, int, float))]
    elif page.kind == "html":
        found = [*_of_ids(page.data), *_of_forms(page.data), *_of_tables(page.data), *_of_links(page.data)]
        found += [*_of_images(page.data), *_of_labels(page.data), *_of_messages(page.data)]
    else:
        found = []
    return found[:MAX_CANDIDATES]


def form_tests(form: t.Mapping[str, t.Any], varying: t.Collection[str] = ()) -> t.Iterator[str]:
    """Yield conditions that are true of ``form``, the most reliable first: name, id, hidden value, action, field.

    ``varying``: names that tell nothing, as scripts change the value, or only one row of a list has them.
    """
    yield from (f"{each}=={quoted(form[each])}" for each in ("name", "id") if form[each])
    for each in form["controls"]:
        fixed = each["type"] == "hidden" and each["name"] and isinstance(each["value"], str)
        if fixed and each["name"] not in varying and _is_constant(each["value"]):
            yield f"fields.{identifier(each['name'])}=={quoted(each['value'])}"
    action = split_address(form["action"]).path.rsplit("/", 1)[-1]
    if action:  # after the hidden values: another visit may show a second form with the same action
        yield f"ends_with(action, {quoted('/' + action)})"
    for part in ("controls", "buttons"):
        names = (each["name"] for each in form[part] if each["name"] and each["name"] not in varying)
        yield from (f"{part}[?name=={quoted(name)}]" for name in names)
    yield from (f"buttons[?label=={quoted(each['label'])}]" for each in form["buttons"] if each["label"])


def form_test(
    form: t.Mapping[str, t.Any], forms: t.Sequence[t.Mapping[str, t.Any]], varying: t.Collection[str] = ()
) -> str | None:
    """Return a condition that is true of ``form`` only, None without one."""
    return next((test for test in form_tests(form, varying) if evaluate(f"[?{test}]", list(forms)) == [form]), None)


def form_pick(
    form: t.Mapping[str, t.Any], forms: t.Sequence[t.Mapping[str, t.Any]], varying: t.Collection[str] = ()
) -> str:
    """Return an expression that picks ``form`` from its page."""
    test = form_test(form, forms, varying)
    if test is not None:
        return f"forms[?{test}] | [0]"
    return f"forms[{list(forms).index(form)}]"


def checked_pick(control: t.Mapping[str, t.Any], form: t.Mapping[str, t.Any]) -> str:
    """Return an expression for whether a check box or radio button of ``form`` is on: by its value if there are more.

    The type tells it from a hidden twin of its name.
    """
    tests = [f"name=={quoted(control['name'])}", f"type=={quoted(control['type'])}"]
    same = [each for each in form["controls"] if (each["name"], each["type"]) == (control["name"], control["type"])]
    tests += [f"value=={quoted(control['value'])}"] if len(same) > 1 else []
    return f"controls[?{' && '.join(tests)}] | [0].checked"


def _is_constant(value: str) -> bool:
    """Whether a hidden value looks like a constant of the interface, and not like a token."""
    return 0 < len(value) <= 24 and re.fullmatch(r"[A-Za-z][A-Za-z_.-]*|\d{1,3}", value) is not None


def _short(value: t.Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_VALUE_LENGTH


def _of_ids(data: t.Mapping[str, t.Any]) -> t.Iterator[Candidate]:
    beside: dict[str, list[str]] = {}
    for label, value in _rows(data):
        beside.setdefault(value, []).append(label)
    parts = [*data["forms"], *data["tables"]]  # their texts are no values
    controls = {each["id"] for form in data["forms"] for each in (*form["controls"], *form["buttons"])}
    controls |= {each["id"] for each in parts}
    for name, value in data["ids"].items():
        if _short(value) and name not in controls:
            labels = beside.get(value, [])
            label, place = labels[0] if len(labels) == 1 else "", f"ids.{identifier(name)}"
            proof = f"{place} && {place} == fields.{identifier(label)}" if label else place
            yield Candidate(place, value, label, name, proof=proof, goes_by="id")


def _rows(data: t.Mapping[str, t.Any]) -> t.Iterator[tuple[str, str]]:
    """Yield the labels with their values. That of a radio button is there only while it is chosen."""
    of_choices = {each["label"] for form in data["forms"] for each in form["controls"] if each["type"] == "radio"}
    for label, value in data["fields"].items():
        if _short(value) and label not in of_choices:
            yield label, value


def _of_forms(data: t.Mapping[str, t.Any]) -> t.Iterator[Candidate]:
    for form in data["forms"]:
        pick = form_pick(form, data["forms"])
        proof = f"length({pick.removesuffix(' | [0]')}) == `1`" if pick.endswith(" | [0]") else pick
        seen: set[str] = set()
        for each in form["controls"]:
            name, kind = each["name"], each["type"]
            if not name or kind in ("hidden", "password", "file") or each["disabled"]:
                continue
            label = each["label"] if kind != "radio" else ""  # of a radio button it is that of one choice
            if kind == "checkbox":
                place = f"{pick}.{checked_pick(each, form)}"
                called = name if "value==" not in place else f"{name} {each['value']}"
                yield Candidate(place, each["checked"], label, called, "checkbox", proof, "field")
            elif name not in seen and isinstance(form["fields"].get(name), str):
                seen.add(name)
                place, value = f"{pick}.fields.{identifier(name)}", form["fields"][name]
                yield Candidate(place, value, label, name, proof=proof, goes_by="field")


def table_pick(table: t.Mapping[str, t.Any], tables: t.Sequence[t.Mapping[str, t.Any]]) -> str | None:
    """Return an expression that picks ``table`` and no other: by its id, caption, or headers; None without one."""
    tests = [f"{each}=={quoted(table[each])}" for each in ("id", "caption") if table[each]]
    tests += [f"headers==`{json.dumps(table['headers'], ensure_ascii=False)}`"] if table["headers"] else []
    found = (test for test in tests if evaluate(f"length([?{test}])", list(tables)) == 1)
    return next((f"tables[?{test}] | [0]" for test in found if "`" not in str(table["headers"])), None)


def _of_tables(data: t.Mapping[str, t.Any]) -> t.Iterator[Candidate]:
    """Yield the values beside labels in tables of two columns, of all tables without an id together."""
    rows = [cells for table in data["tables"] for cells in table["cells"]]
    for table in data["tables"]:
        if table["headers"]:
            continue
        pick = table_pick(table, data["tables"]) if table["id"] else None
        among, where = (table["cells"], f"({pick}).cells") if pick else (rows, "tables[].cells[] | ")
        labels = [cells[0] for cells in among if cells]
        for cells in table["cells"]:
            if len(cells) != 2 or not _short(cells[1]) or not cells[0] or labels.count(cells[0]) > 1:
                continue
            # By the row's label: with a position, an added row would make it read another row's value.
            row = f"[?[0]=={quoted(cells[0])}]"
            proof = f"length({where}{row}) == `1`"
            if pick:
                proof, where = f"length({pick.removesuffix(' | [0]')}) == `1` && {proof}", f"{pick}.cells"
            yield Candidate(f"{where}{row} | [0][1]", cells[1], without_colon(cells[0]), proof=proof, goes_by="row")


def _of_links(data: t.Mapping[str, t.Any]) -> t.Iterator[Candidate]:
    labels = {value: label for label, value in _rows(data)}
    whole = [link for link in data["links"] if link["href"] and link["text"] == link["href"]]
    if len(whole) == 1:
        href = whole[0]["href"]
        yield _address("links[?text == href] | [0].href", href, labels.get(href, ""), whole[0]["id"])
    for link in data["links"]:
        if link["id"] and link["href"]:
            yield _address(f"links[?id=={quoted(link['id'])}] | [0].href", link["href"], link["text"], link["id"])


def _of_images(data: t.Mapping[str, t.Any]) -> t.Iterator[Candidate]:
    for image in data["images"]:
        src = image["src"]
        end = "/" + "/".join(split_address(src).path.split("/")[-2:]).lstrip("/")
        inline = src.startswith("data:")
        test = "starts_with(src, 'data:')" if inline else f"ends_with(src, {quoted(end)})"
        name = image["id"] or ("" if inline else end)
        yield _address(f"images[?{test}] | [0].src", src, image["alt"], name, "image")


def _address(expression: str, address: str, label: str, name: str, kind: str = "address") -> Candidate:
    return Candidate(expression, address, label, name, kind, goes_by="address")


def _of_labels(data: t.Mapping[str, t.Any]) -> t.Iterator[Candidate]:
    for label, value in _rows(data):
        yield Candidate(f"fields.{identifier(label)}", value, label, proof=f"fields.{identifier(label)}")


def _of_messages(data: t.Mapping[str, t.Any]) -> t.Iterator[Candidate]:
    if data["messages"]:
        yield Candidate("messages[0]", data["messages"][0], kind="message", goes_by="message")


def json_candidates(
    data: t.Any, at: str = "", name: str = "", depth: int = 0, *, labelled: bool = False
) -> t.Iterator[Candidate]:
    """Yield every value of a JSON document with its expression. The entries of a list go by a key of theirs.

    ``labelled``: of lists only the values of ``[{id, label, value}]``, each by what names it.
    """
    if depth > _MAX_DEPTH:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            step = f"{at}.{identifier(str(key))}" if at else identifier(str(key))
            yield from json_candidates(value, step, f"{name}.{key}" if name else str(key), depth + 1, labelled=labelled)
    elif isinstance(data, list):
        yield from _of_entries(data, at, name, depth, labelled)
        if not labelled and at and all(isinstance(each, str) for each in data):
            for separator in ("; ", ", ", ";", ",", " ")[: 1 if len(data) < 2 else None]:
                yield Candidate(f"join({quoted(separator)}, {at})", separator.join(data), name, name, goes_by="json")
    elif at:
        yield Candidate(at, data, name.rsplit(".", 1)[-1], name, _json_kind(data), f"type({at}) != 'null'", "json")


def _of_entries(data: list[t.Any], at: str, name: str, depth: int, labelled: bool) -> t.Iterator[Candidate]:
    if not data or not all(isinstance(each, dict) and (not labelled or "value" in each) for each in data):
        return
    key = naming_key(data)
    for each in data if key is not None else ():
        row = f"{at}[?{key}=={quoted(each[key])}]"
        for other, value in each.items():
            if labelled and other == "value":
                label = str(each.get("label") or each[key])
                yield Candidate(f"{row} | [0].value", value, label, each[key], _json_kind(value), row, "json")
            elif not labelled and other != key:
                pick = f"{row} | [0].{identifier(str(other))}"
                yield from json_candidates(value, pick, f"{name}.{each[key]}.{other}", depth + 1)


def naming_key(entries: list[dict[str, t.Any]]) -> str | None:
    """Return the key whose text tells the entries of a list apart, None without one."""
    return next((each for each in _NAMING_KEYS if entries and _tells_apart(entries, each)), None)


def _tells_apart(entries: list[dict[str, t.Any]], key: str) -> bool:
    values = [each.get(key) for each in entries]
    return all(isinstance(each, str) and each for each in values) and len({*values}) == len(values)


def _json_kind(value: t.Any) -> str:
    return "checkbox" if isinstance(value, bool) else "number" if isinstance(value, (int, float)) else "text"


def lists_of_objects(data: t.Any, at: str = "") -> list[tuple[str, list[dict[str, t.Any]]]]:
    """Return the lists of objects in a JSON response, each with its JMESPath expression."""
    if isinstance(data, list) and data and all(isinstance(each, dict) for each in data):
        return [(at or "@", data)]
    found = []
    if isinstance(data, dict):
        for each, value in data.items():
            found += lists_of_objects(value, f"{at}.{identifier(each)}" if at else identifier(each))
    return found
