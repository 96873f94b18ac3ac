# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms as a browser would send them, labels as a person would read them, in the markup of old web interfaces."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from hypothesis import given
from hypothesis import strategies as st

URL = "https://printer.example.com/remote/proxy.html"


def html(markup: str) -> dict[str, Any]:
    data: dict[str, Any] = read_page(markup.encode(), "text/html; charset=utf-8", URL).data
    return data


def form(inside: str) -> dict[str, Any]:
    found: dict[str, Any] = html(f"<form>{inside}</form>")["forms"][0]
    return found


def test_a_form_is_described_whole() -> None:
    data = html(
        '<form id="f" name="proxy" action="save" method="POST" enctype="multipart/form-data"><fieldset><legend>Proxy'
        ' Client</legend><input type="hidden" name="token" value="abc"><label for="h">Host :</label>'
        '<input id="h" name="host" value="p" readonly><input type="submit" name="do" value="Enregistrer">'
        '<button name="do" value="test" disabled>Test</button><input type="image" name="i" alt="Go"></fieldset></form>'
    )
    (found,) = data["forms"]
    assert {key: found[key] for key in ("id", "name", "action", "method", "enctype", "legend")} == {
        "id": "f",
        "name": "proxy",
        "action": "https://printer.example.com/remote/save",
        "method": "post",
        "enctype": "multipart/form-data",
        "legend": "Proxy Client",
    }
    assert found["fields"] == {"token": "abc", "host": "p"}
    assert found["controls"][1] == {
        "id": "h",
        "name": "host",
        "type": "text",
        "value": "p",
        "checked": False,
        "disabled": False,
        "readonly": True,
        "label": "Host",
        "options": [],
    }
    assert [(b["type"], b["name"], b["value"], b["label"], b["disabled"]) for b in found["buttons"]] == [
        ("submit", "do", "Enregistrer", "Enregistrer", False),
        ("submit", "do", "test", "Test", True),
        ("image", "i", "", "Go", False),
    ]


@pytest.mark.parametrize(
    ("inside", "fields"),
    [
        ('<input name="a">', {"a": ""}),
        ('<input name="a" value="1"><input name="a" value="2">', {"a": ["1", "2"]}),
        ('<input value="no name">', {}),
        ('<input name="a" value="1" disabled>', {}),
        ('<fieldset disabled><legend><input name="a" value="1"></legend><input name="b"></fieldset>', {"a": "1"}),
        ('<input type="checkbox" name="a">', {}),
        ('<input type="checkbox" name="a" checked>', {"a": "on"}),
        ('<input type="radio" name="a" value="1"><input type="radio" name="a" value="2" checked>', {"a": "2"}),
        ('<input type="submit" name="a" value="1"><button name="b" value="2"></button>', {}),
        ('<input type="reset" name="a"><input type="file" name="b"><input type="image" name="c">', {}),
        ('<textarea name="a">\nline\n</textarea>', {"a": "line\n"}),
        ('<select name="a"><option value="1">x<option value="2" selected>y</select>', {"a": "2"}),
        ('<select name="a"><option disabled>x<option> y  z </select>', {"a": "y z"}),
        ('<select name="a"></select>', {}),
        ('<select name="a" size="3"><option>x</select>', {}),
        ('<select name="a" multiple><option>x<option selected>y<option selected>z</select>', {"a": ["y", "z"]}),
        ('<select name="a" multiple><option>x</select>', {}),
        ('<input type="password" name="a" value="pass-word">', {"a": ""}),
    ],
)
def test_fields_are_what_a_browser_sends_without_pressing_a_button(inside: str, fields: dict[str, Any]) -> None:
    assert form(inside)["fields"] == fields


def test_controls_elsewhere_count_to_the_form_that_they_name() -> None:
    data = html('<form id="a"></form><form id="b"></form><input form="a" name="x"><input form="none" name="y">')
    assert [each["fields"] for each in data["forms"]] == [{"x": ""}, {}]


@pytest.mark.parametrize(
    "markup",
    [
        "<form><table><tr><td><input name=a><td><input name=b></table></form>",
        "<table><form><tr><td><input name=a></td></tr><tr><td><input name=b></td></tr></form></table>",
        "<table><tr><form><td><input name=a></td><td><input name=b></td></form></tr></table>",
        "<table><tr><td><form><input name=a></td><td><input name=b></form></td></tr></table>",
        "<table><tr><form><td><input name=a></td></tr><tr><td><input name=b></td></form></tr></table>",
    ],
)
def test_forms_that_are_interleaved_with_a_table_keep_their_controls(markup: str) -> None:
    assert html(markup)["forms"][0]["fields"] == {"a": "", "b": ""}


def test_forms_that_share_an_action_are_told_apart_by_a_hidden_field() -> None:
    data = html(
        "<table><tr><td><form action=go><input type=hidden name=do value=save></form></td>"
        "<td><form action=go><input type=hidden name=do value=test></form></td></tr></table>"
    )
    assert [each["fields"]["do"] for each in data["forms"]] == ["save", "test"]


@pytest.mark.parametrize(
    ("markup", "label"),
    [
        ('<label for="c">Host:</label><br><input id="c">', "Host"),
        ("<label>Host <input></label>", "Host"),
        ("<label><span>Host</span> : <select><option>x</select></label>", "Host"),
        ('<input aria-label="Host">', "Host"),
        ("<p>Host: <input></p>", "Host"),
        ("<p><b>Ho</b>st <input></p>", "Host"),
        ("Other <input><br>Host <input class=this>", "Host"),
        ("<table><tr><td>Host :</td><td><input></td></tr></table>", "Host"),
        ("<table><tr><th>Host</th><td>: <input></td></tr></table>", "Host"),
        ("<table><tr><td>Host</td><td></td><td><input></td></tr></table>", "Host"),
        ("<table><tr><td>Other</td><td><input></td><td>Host</td><td><input class=this></td></tr></table>", "Host"),
        ("<table><tr><td>Other</td><td><input></td><td><input class=this></td></tr></table>", ""),
        ("<dl><dt>Host<dd><input></dl>", "Host"),
        ("<p><input type=checkbox> Use <i>proxy</i><br></p>", "Use proxy"),
        ("<table><tr><td>Use proxy</td><td><input type=checkbox></td></tr></table>", "Use proxy"),
        ("<input>", ""),
    ],
)
def test_labels_are_found_where_a_person_sees_them(markup: str, label: str) -> None:
    controls = html(f"<form>{markup}</form>")["forms"][0]["controls"]
    assert controls[-1]["label"] == label


def test_labelled_controls_are_fields_as_a_person_reads_them() -> None:
    data = html(
        "<form><label>Host <input name=h value=proxy></label><label><input type=checkbox checked> Use proxy</label>"
        "<label>Language <select><option value=fr selected>Français<option>English</select></label>"
        "<label>Secret <input type=password value=x></label><label><input type=radio name=r> Off</label>"
        "<label><input type=radio name=r value=1 checked> On</label><input type=hidden name=t value=1>"
        "<label>Exceptions <textarea>a, b</textarea></label></form>"
    )
    assert data["fields"] == {
        "Host": "proxy",
        "Use proxy": True,
        "Language": "Français",
        "Secret": "",
        "On": "1",
        "Exceptions": "a, b",
    }


VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7f"), max_size=12)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_.]{0,8}", fullmatch=True), VALUES, max_size=8))
def test_hidden_fields_travel_unchanged(fields: dict[str, str]) -> None:
    fields = {name: value for name, value in fields.items() if not any(0x7F <= ord(c) < 0xA0 for c in value)}
    inside = "".join(f'<input type="hidden" name="{n}" value="{escaped(v)}">' for n, v in fields.items())
    assert form(inside)["fields"] == fields
