# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of tables that still know where they stand: their links, forms and controls, and not those of a neighbour."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.page.rows import whole_row
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.expression import Expression

URL = "https://site.example.com/users?page=2"

FORMS_IN_ROWS = """<table id="people"><tr><th>E-mail</th><th>Name</th><th></th></tr>
<tr id="r1" data-id="1"><td><a href="/users/1">bob@example.com</a></td><td>Bob</td>
<td><form action="/remove" method="post"><input type="hidden" name="id" value="1">
<button name="go">Remove</button></form>
<button class="x" data-key="k1" data-id="9">More</button></td></tr>
<tr id="r2" data-id="2"><td><a href="/users/2">ob@example.com</a></td><td>Ob</td>
<td><form action="/remove" method="post"><input type="hidden" name="id" value="2">
<button name="go">Remove</button></form>
</td></tr></table>"""

FORM_AROUND = """<form id="all" action="/act" method="post"><input type="hidden" name="csrf" value="c">
<select name="action"><option value="">-</option><option value="delete">Delete</option></select>
<table id="people"><tr><th></th><th>E-mail</th><th></th></tr>
<tr><td><input type="checkbox" name="sel" value="1" checked></td><td>bob@example.com</td>
<td><button name="del" value="1">x</button></td></tr>
<tr><td><input type="checkbox" name="sel" value="2"></td><td>ob@example.com</td>
<td><button name="del" value="2">x</button></td></tr></table><button name="apply">Go</button></form>"""


def rows_of(markup: str, part: str = "rows") -> list[Any]:
    data = read_page(markup.encode(), "text/html; charset=utf-8", URL).data
    found: list[Any] = data["tables"][0][part]
    return found


@pytest.mark.parametrize("part", ["rows", "cells"])
def test_a_row_brings_what_stands_in_it_and_nothing_else(part: str) -> None:
    row = whole_row(rows_of(FORMS_IN_ROWS, part)[-1])
    assert row["fields"] == {"E-mail": "ob@example.com", "Name": "Ob"}
    assert row["cells"] == ["ob@example.com", "Ob", ""]
    assert (row["text"], row["id"], row["data"]) == ("ob@example.com Ob", "r2", {"id": "2"})
    assert [link["href"] for link in row["links"]] == ["https://site.example.com/users/2"]
    assert [form["fields"] for form in row["forms"]] == [{"id": "2"}]
    assert [button["name"] for button in row["buttons"]] == ["go"]
    assert whole_row(rows_of(FORMS_IN_ROWS)[0])["data"] == {"id": "1", "key": "k1"}


def test_a_form_around_the_whole_table_shows_this_row_only_and_sends_all() -> None:
    row = whole_row(rows_of(FORM_AROUND)[1])
    (form,) = row["forms"]
    assert form["fields"] == {"csrf": "c", "action": "", "sel": "1"}
    assert [(each["name"], each["value"]) for each in form["controls"]] == [("csrf", "c"), ("action", ""), ("sel", "2")]
    assert [(each["name"], each["value"]) for each in form["buttons"]] == [("del", "2"), ("apply", "")]
    assert [each["name"] for each in row["controls"]] == ["sel"]


def test_a_form_that_begins_between_rows_belongs_to_its_row() -> None:
    markup = (
        "<table><tr><th>E-mail<th></tr><form action=/r method=post><tr><td>a@example.com<td><button name=go value=1>x"
        "</button></td></tr></form><form action=/r method=post><tr><td>b@example.com<td><button name=go value=2>x"
        "</button></td></tr></form></table>"
    )
    row = whole_row(rows_of(markup)[1])
    assert [button["value"] for form in row["forms"] for button in form["buttons"]] == ["2"]


@pytest.mark.parametrize("part", ["rows", "cells"])
def test_rows_are_plain_data_to_everybody_else(part: str) -> None:
    rows = rows_of(FORMS_IN_ROWS, part)
    plain = json.loads(json.dumps(rows))
    assert rows == plain
    for copied in (copy.deepcopy(rows), pickle.loads(pickle.dumps(rows))):
        assert copied == plain
        assert {type(row) for row in copied} == {type(plain[0])}
    for kind in ("type(@)", "length(@)"):
        made = [Expression.build(kind, ()).search(row) for row in rows]
        assert made == [Expression.build(kind, ()).search(row) for row in plain]


def test_anything_else_is_its_own_row() -> None:
    for row in ({"email": "ob@example.com"}, ["a"], "a", None):
        assert whole_row(row) == row


def test_meta_and_messages_of_success() -> None:
    data = read_page(
        b'<meta name="csrf-token" content="t"><meta property="og:x" content="y"><meta charset="utf-8">'
        b'<p class="success">Saved</p><div class="toast">Done</div>',
        "text/html",
        URL,
    ).data
    assert data["meta"] == {"csrf-token": "t", "og:x": "y"}
    assert data["messages"] == ["Saved", "Done"]
