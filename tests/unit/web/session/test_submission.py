# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a browser would send for a form: fields, options, boxes, buttons, charsets. Forms as pages have them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import Press
from ansible_collections.printops.prisma.plugins.module_utils._web.session.submission import (
    Submission,
    Unsendable,
    submission,
    with_parameters,
)
from hypothesis import given
from hypothesis import strategies as st

FORM = """<form action="save?old=1" method="post"><input type="hidden" name="csrf" value="t">
<select name="mode"><option value="0" selected>Automatic</option><option value="1">Manual</option><option>PAC</select>
<input type="radio" name="wire" value="a" id="a" checked><label for="a">Cable</label>
<input type="radio" name="wire" value="b" id="b"><label for="b">Wireless</label>
<select name="apps" multiple><option value="x" selected>X<option value="y">Y<option value="z">Z</select>
<input type="checkbox" name="on" value="yes"><label>Box one <input type="checkbox" name="box" value="1" checked></label>
<label>Box two <input type="checkbox" name="box" value="2"></label><input name="host" value="h">
<button name="do" value="save">Save</button><button name="do" value="delete" formaction="/gone">Delete</button>
<button name="off" disabled>Off</button><input type="image" name="pic" src="p.png">
<button name="find" formmethod="get" formaction="/find">Find</button></form>"""


def form(text: str = FORM, content_type: str = "text/html; charset=utf-8") -> dict[str, Any]:
    body = text.encode(content_type.split("charset=")[1])
    page: dict[str, Any] = read_page(body, content_type, "https://p.example.com/ui/page").data
    one: dict[str, Any] = page["forms"][0]
    return one


def sent(values: dict[str, Any], press: Press | None = None) -> list[tuple[str, str]]:
    body = submission(form(), values, press).body["content"].decode()
    return parse_qsl(body, keep_blank_values=True)


UNTOUCHED = [("csrf", "t"), ("mode", "0"), ("wire", "a"), ("apps", "x"), ("box", "1"), ("host", "h")]


def but(**changed: Any) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in [*UNTOUCHED, *((name, "") for name in changed if name not in dict(UNTOUCHED))]:
        now = changed.get(name, value)
        pairs += [(name, text) for text in (now if isinstance(now, list) else [now])]
    return pairs


def test_what_is_not_filled_travels_along() -> None:
    assert sent({}) == UNTOUCHED
    assert sent({"host": None, "on": None, "mode": None}) == UNTOUCHED


@pytest.mark.parametrize(
    ("values", "changed"),
    [
        ({"mode": "1"}, {"mode": "1"}),
        ({"mode": "Manual"}, {"mode": "1"}),
        ({"mode": "PAC"}, {"mode": "PAC"}),
        ({"mode": 1}, {"mode": "1"}),
        ({"wire": "b"}, {"wire": "b"}),
        ({"wire": "Wireless"}, {"wire": "b"}),
        ({"apps": ["y", "Z"]}, {"apps": ["y", "z"]}),
        ({"apps": []}, {"apps": []}),
        ({"on": True}, {"on": "yes"}),
        ({"on": False}, {}),
        ({"on": "yes"}, {"on": "yes"}),
        ({"box": ["1", "2"]}, {"box": ["1", "2"]}),
        ({"box": ["Box two"]}, {"box": "2"}),
        ({"box": False}, {"box": []}),
        ({"host": "a b"}, {"host": "a b"}),
        ({"host": 5}, {"host": "5"}),
        ({"apps": {"add": "y"}}, {"apps": ["x", "y"]}),
        ({"apps": {"add": ["Z", "x"]}}, {"apps": ["x", "z"]}),
        ({"apps": {"remove": "x"}}, {"apps": []}),
        ({"apps": {"add": "z", "remove": ["x", "y"]}}, {"apps": ["z"]}),
        ({"apps": {"add": None}}, {}),
        ({"box": {"add": "Box two"}}, {"box": ["1", "2"]}),
        ({"box": {"remove": 1}}, {"box": []}),
    ],
)
def test_fields_are_filled_as_a_person_would(values: dict[str, Any], changed: dict[str, Any]) -> None:
    assert sent(values) == but(**changed)


def test_a_picture_without_a_name_sends_where_the_click_was() -> None:
    made = form('<form method="post"><button>No</button><input type="image" src="p.png"></form>')
    body = submission(made, {}, Press("")).body["content"].decode()
    assert body == "x=0&y=0"


TWIN = '<input type="hidden" name="on" value="0">'


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("value", "filled"),
    [(True, ["1"]), (False, []), ("1", ["1"]), ("0", []), (["0", "1"], ["1"]), ({"add": "1"}, ["1"])],
)
def test_a_box_is_ticked_beside_its_hidden_twin(value: Any, filled: list[str], before: bool) -> None:
    """PHP, Rails and ASP.NET MVC write the twin, so that a box that is off is sent too. Browsers always send it."""
    box = '<input type="checkbox" name="on" value="1">'
    made = form(f'<form method="post">{TWIN + box if before else box + TWIN}</form>')
    body = submission(made, {"on": value}, None).body["content"].decode()
    assert [text for _name, text in parse_qsl(body)] == (["0", *filled] if before else [*filled, "0"])


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"mode": "2"}, "chooses '2' for the field 'mode', which offers 'Automatic', 'Manual', 'PAC'"),
        ({"mode": "Manua"}, "which offers"),
        ({"mode": True}, "which is no check box, with true; use 'map' to give its text"),
        ({"wire": "c"}, "chooses 'c' for the field 'wire', which offers 'Cable', 'Wireless'"),
        ({"apps": ["x", "w"]}, "chooses 'w' for the field 'apps'"),
        ({"box": True}, "ticks 'box', of which there are 2 boxes; say which"),
        ({"box": "3"}, "chooses '3' for the field 'box', which offers 'Box one', 'Box two'"),
        ({"on": "no"}, "chooses 'no' for the field 'on'"),
        ({"host": ["a", "b"]}, "takes one text, with several"),
        ({"apps": {"add": "w"}}, "chooses 'w' for the field 'apps'"),
        ({"apps": {"remove": "w"}}, "chooses 'w' for the field 'apps'"),
        ({"mode": {"add": "1"}}, "the field 'mode', which does not take several values"),
        ({"host": {"remove": "h"}}, "the field 'host', which does not take several values"),
        ({"host": False}, "which is no check box, with false"),
        ({"hots": "x"}, "fills a field 'hots' that the form does not have"),
    ],
)
def test_what_the_form_does_not_offer_is_told(values: dict[str, Any], what: str) -> None:
    with pytest.raises(Unsendable) as caught:
        sent(values)
    assert what in str(caught.value)


@pytest.mark.parametrize("kind", ["option", "radio"])
def test_of_two_choices_that_are_called_the_same_none_is_sent(kind: str) -> None:
    """Two people of one name: the first of them need not be the one who is meant."""
    people = ((11, "Ann Lee"), (12, "Bob Ray"), (15, "Ann Lee"))
    each = "<option value={}>{}</option>" if kind == "option" else "<input type=radio name=who value={}>{}<br>"
    choices = "".join(each.format(*one) for one in people)
    page = f"<form>{f'<select name=who>{choices}</select>' if kind == 'option' else choices}</form>"
    form = read_page(page.encode(), "text/html", "https://x.example.com/").data["forms"][0]
    assert submission(form, {"who": "Bob Ray"}, None).url.endswith("?who=12")
    assert submission(form, {"who": "15"}, None).url.endswith("?who=15")
    with pytest.raises(Unsendable, match="chooses 'Ann Lee' for the field 'who', in which 2 options are called so"):
        submission(form, {"who": "Ann Lee"}, None)


def test_buttons_are_pressed_by_name_and_value() -> None:
    assert sent({}, Press("do")) == [*UNTOUCHED, ("do", "save")]
    assert sent({}, Press("do", "delete"))[-1] == ("do", "delete")
    assert submission(form(), {}, Press("do")).url == "https://p.example.com/ui/save?old=1"
    assert submission(form(), {}, Press("do", "delete")).url == "https://p.example.com/gone"
    assert sent({}, Press("pic"))[-2:] == [("pic.x", "0"), ("pic.y", "0")]
    found = submission(form(), {}, Press("find"))
    assert (found.method, urlsplit(found.url).path, found.body) == ("GET", "/find", {})
    assert parse_qs(urlsplit(found.url).query)["host"] == ["h"]
    for press, what in (
        (Press("gone"), "a button 'gone' that does not exist"),
        (Press("do", "x"), "a button 'do' of the value 'x' that does not exist"),
        (Press("off"), "a button 'off' that is switched off"),
    ):
        with pytest.raises(Unsendable, match=what):
            sent({}, press)


def content(made: Submission) -> bytes:
    return bytes(made.body["content"])


@pytest.mark.parametrize(
    ("charset", "text", "expected"),
    [
        ("utf-8", "Büro €", b"name=B%C3%BCro+%E2%82%AC"),
        ("iso-8859-1", "Büro €", b"name=B%FCro+%80"),  # which browsers read and write as cp1252
        ("iso-8859-2", "Büro €", b"name=B%FCro+%26%238364%3B"),
        ("shift_jis", "印刷", b"name=%88%F3%8D%FC"),
        ("utf-16le", "ü", b"name=%C3%BC"),
    ],
)
def test_values_are_sent_in_the_charset_of_the_page(charset: str, text: str, expected: bytes) -> None:
    page = form('<form method="post"><input name="name"></form>', f"text/html; charset={charset}")
    assert content(submission(page, {"name": text}, None)) == expected


def test_or_in_the_one_that_the_form_asks_for() -> None:
    page = form('<form method="post" accept-charset="nonsense iso-8859-1"><input name="name"></form>')
    assert content(submission(page, {"name": "ü"}, None)) == b"name=%FC"
    get = form('<form accept-charset="iso-8859-1"><input name="name"></form>')
    assert submission(get, {"name": "ü"}, None).url.endswith("?name=%FC")


def test_lines_are_ended_as_forms_end_them() -> None:
    page = form('<form method="post"><textarea name="a">\nx\ny</textarea><input name="b"></form>')
    assert content(submission(page, {"b": "1\r2"}, None)) == b"a=x%0D%0Ay&b=1%0D%0A2"


def test_parts_are_written_as_browsers_write_them() -> None:
    fields = """<input name='a "b"' value="ü"><textarea name="t">x
y</textarea><input type="file" name="f"><input type="file" name="off" disabled>"""
    made = submission(form(f'<form method="post" enctype="multipart/form-data">{fields}</form>'), {}, None)
    boundary = made.body["headers"]["Content-Type"].removeprefix("multipart/form-data; boundary=")
    head = f"--{boundary}\r\nContent-Disposition: form-data; name="
    assert content(made).decode() == (
        f'{head}"a %22b%22"\r\n\r\nü\r\n{head}"t"\r\n\r\nx\r\ny\r\n'
        f'{head}"f"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--{boundary}--\r\n'
    )
    assert content(submission(form(f'<form method="post">{fields}</form>'), {}, None)).endswith(b"&f=")


def test_other_encodings_of_forms() -> None:
    plain = form('<form method="post" enctype="text/plain"><input name="a" value="1"></form>')
    made = submission(plain, {}, None)
    assert (content(made), made.body["headers"]) == (b"a=1\r\n", {"Content-Type": "text/plain"})


def test_parameters_take_the_place_of_those_of_the_same_name() -> None:
    assert with_parameters("https://p/a?x=1&y=&page=1#z", [("page", "2")]) == "https://p/a?x=1&y=&page=2#z"


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(st.characters(codec="utf-8"), max_size=20)))
def test_what_is_filled_arrives_as_it_was(values: dict[str, str]) -> None:
    page = form('<form method="post"><input name="a"><input name="b"><input name="c"></form>')
    arrived = parse_qs(content(submission(page, values, None)).decode(), keep_blank_values=True)
    for name in ("a", "b", "c"):
        text = values.get(name, "").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
        assert arrived[name] == [text]
