# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page in words, expressions that read a text, and the page of a recording that was meant."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import Page, read_page
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.try_page import (
    ROW,
    describe,
    evaluate_expression,
    find_recorded,
    find_text,
    unmatched,
)

from .browsing import URL, Person, people

JSON = Page("json", {"items": [{"id": "a", "value": "on"}, {"id": "b", "value": "off"}]}, URL)


def html(text: str) -> Page:
    return read_page(text.encode(), "text/html; charset=utf-8", URL)


def test_a_page_is_shown_with_its_expressions_and_without_passwords() -> None:
    lines = describe(
        html(
            '<title>T</title><form name="f"><input type="password" name="p" value="secret1">'
            '<input name="h" value="x">[<button>Save</button>]</form><p id="s">on</p>'
        )
    )
    assert "title: T" in lines
    assert "forms[?name=='f'] | [0]   (get /)" in lines
    assert "    h (text) = x" in lines
    assert "    p (password)" in lines
    assert "ids.s: on" in lines
    assert "secret1" not in str(lines)


def test_the_first_rows_of_a_list_are_shown() -> None:
    lines = describe(html(people(*(f"p{number}@example.com" for number in range(9)))))
    assert "tables[?id=='people'] | [0].rows: 9 rows, by E-mail" in lines
    assert sum("@example.com" in line and line.startswith("    {") for line in lines) == 3


def test_an_expression_for_a_text_and_the_row_that_has_it() -> None:
    page = html(people("bob@example.com", "ob@example.com"))
    found = {each.expression: each for each in find_text(page, "ob@example.com")}
    row = found["tables[?id=='people'] | [0].rows[?\"E-mail\"=='ob@example.com'] | [0]"]
    assert row.kind == ROW
    assert row.value["E-mail"] == "ob@example.com"
    assert [each.expression for each in find_text(JSON, "off")] == ["items[?id=='b'] | [0].value"]


def test_an_expression_that_does_not_parse_says_so() -> None:
    assert evaluate_expression(JSON, "items[0].value") == "on"
    with pytest.raises(BadInput, match="expression: the JMESPath expression"):
        evaluate_expression(JSON, "items[")


def test_what_is_not_found_is_said_with_what_resembles_it() -> None:
    page = html('<p id="orsState">not connected</p><p id="other">x</p>')
    assert unmatched(page, "ids.orsState", "not connected") == []
    assert unmatched(page, None, None) == []
    (misspelt,) = unmatched(page, "ids.orsStaet", None)
    assert misspelt == "The expression ids.orsStaet picks nothing on /. Similar: ids.orsState."
    (part,) = unmatched(page, None, "connected")
    assert part.startswith("Nothing on / reads exactly 'connected'. It is part of: ids.orsState: not connected.")
    (absent,) = unmatched(page, None, "verbunden")
    assert "-e page=PATH" in absent
    assert len(unmatched(JSON, "items[9].value", "none")) == 2


def test_an_expression_that_picks_an_empty_text_or_false_has_picked_something() -> None:
    page = html('<form name="f"><input type="checkbox" name="c"><input name="e" value=""></form>')
    assert unmatched(page, "forms[0].fields.e", None) == []
    assert unmatched(page, "forms[0].controls[0].checked", None) == []


def test_a_page_of_a_recording_by_path_and_by_number() -> None:
    person = Person()
    person.record_printer()
    recording = person.capture.recording()
    assert find_recorded(recording, "ors.htm")[1].url == f"{URL}ors.htm"
    assert find_recorded(recording, "0")[1].url == f"{URL}login.htm"
    with pytest.raises(BadInput) as caught:
        find_recorded(recording, "nowhere.htm")
    assert any("ors.htm" in line for line in caught.value.details["pages"])
