# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as data: header rows, headers in the rows, spans, tables inside tables."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from hypothesis import given
from hypothesis import strategies as st


def html(markup: str) -> dict[str, Any]:
    data: dict[str, Any] = read_page(markup.encode(), "text/html; charset=utf-8", "https://h/").data
    return data


def table(markup: str) -> dict[str, Any]:
    found: dict[str, Any] = html(f"<table>{markup}</table>")["tables"][0]
    return found


def test_a_table_with_a_header_row_has_rows_by_header() -> None:
    found = html(
        '<table id="d" class="list wide"><caption>Devices</caption><thead><tr><th>Name<th>Serial</thead>'
        "<tbody><tr><td>a<td>1<tr><td>b<td>2</tbody><tfoot><tr><td>Total<td>2</tfoot></table>"
    )["tables"][0]
    assert found == {
        "id": "d",
        "class": "list wide",
        "caption": "Devices",
        "headers": ["Name", "Serial"],
        "rows": [{"Name": "a", "Serial": "1"}, {"Name": "b", "Serial": "2"}],
        "columns": [],
        "by_row": {},
        "cells": [["Name", "Serial"], ["a", "1"], ["b", "2"], ["Total", "2"]],
    }


def test_a_title_over_the_headers_is_none_of_them_whatever_cells_they_are() -> None:
    found = table("<thead><tr><th colspan=2>Printers<tr><td>Name<td>Serial</thead><tr><td>a<td>1")
    assert found["headers"] == ["Name", "Serial"]
    assert found["rows"] == [{"Name": "a", "Serial": "1"}]


@pytest.mark.parametrize(
    "search",
    [
        "<td><td><input>",
        "<th><th><input>",
        "<td><button>Search</button><td>",
        "<td>Filter:<td><select><option>all</select>",
        "<th>Search<th><input type=search>",
    ],
)
def test_a_row_with_fields_to_search_in_below_the_headers_is_none_of_them(search: str) -> None:
    found = table(f"<thead><tr><th>Name<th>Serial<tr>{search}</thead><tr><td>a<td>1")
    assert (found["headers"], found["rows"]) == (["Name", "Serial"], [{"Name": "a", "Serial": "1"}])
    without_th = table(f"<thead><tr><td>Name<td>Serial<tr>{search}</thead><tr><td>a<td>1")
    assert without_th["rows"] == found["rows"]


@pytest.mark.parametrize("title", ["", "<tr><th colspan=2>Printers"])
def test_headers_may_have_a_box_for_all_rows_or_be_searched_themselves(title: str) -> None:
    for box in ("<input type=checkbox>", "<input type=submit value=Sort>"):
        found = table(f"<thead>{title}<tr><th>{box} Name<th>Serial</thead><tr><td>a<td>1")
        assert found["headers"] == ["Name", "Serial"]
    assert table("<thead><tr><th>Name <input><th>Serial</thead><tr><td>a<td>1")["headers"] == ["Name", "Serial"]


def test_headers_in_the_rows_are_no_header_row_but_fields() -> None:
    data = html(
        "<table><tr><th colspan=2>Appareil</th></tr><tr><th>Numéro de série :</th><td>ABC 1</td></tr>"
        "<tr><td>État :</td><td>connecté <button>Test</button></td></tr><tr><td>no colon</td><td>x</td></tr>"
        "<tr><th>Hôte</th><td></td></tr><tr><th>a</th><td>1</td><th>b</th><td>2</td></tr></table>"
    )
    assert data["tables"][0]["headers"] == []
    assert data["tables"][0]["rows"] == []
    assert data["fields"] == {"Numéro de série": "ABC 1", "État": "connecté", "Hôte": "", "a": "1", "b": "2"}


def test_the_first_of_a_label_wins_controls_before_lists_before_rows() -> None:
    data = html(
        "<table><tr><th>a</th><td>row</td></tr><tr><th>b</th><td>first</td></tr><tr><th>b</th><td>second</td></tr>"
        "</table><dl><dt>a</dt><dd>list</dd><dt>c<dt>d:<dd>both</dl><label>e <input value=control></label>"
        "<dl><dt>e<dd>x</dl>"
    )
    assert data["fields"] == {"e": "control", "a": "list", "c": "both", "d": "both", "b": "first"}


def test_the_last_of_several_header_rows_names_the_columns() -> None:
    found = table("<tr><th rowspan=2>Name<th colspan=2>State<tr><th>now<th>before<tr><td>a<td>1<td>2")
    assert found["headers"] == ["Name", "now", "before"]
    assert found["rows"] == [{"Name": "a", "now": "1", "before": "2"}]


@pytest.mark.parametrize("body", ["<tr><td colspan=2>No entries</td></tr>", "", "<tr></tr>"])
def test_a_list_without_entries_has_no_rows(body: str) -> None:
    found = table(f"<tr><th>Name<th>Serial</tr>{body}")
    assert found["headers"] == ["Name", "Serial"]
    assert found["rows"] == []


def test_a_table_of_one_column_has_rows_too() -> None:
    assert table("<tr><th>User<tr><td>a<tr><td>b")["rows"] == [{"User": "a"}, {"User": "b"}]


def test_spans_are_expanded_so_that_columns_line_up() -> None:
    found = table("<tr><td rowspan=3>a<td colspan=2>b<tr><td>c<td rowspan=2>d<tr><td>e")
    assert found["cells"] == [["a", "b", "b"], ["a", "c", "d"], ["a", "e", "d"]]


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999999999999999999", "²"])
def test_nonsense_in_spans_does_no_harm(span: str) -> None:
    found = table(f"<tr><td rowspan='{span}'>a<td>b<tr><td>c")
    assert found["cells"][0] == ["a", "b"]
    assert "c" in found["cells"][1]


def test_a_table_inside_a_cell_is_a_table_of_its_own_and_no_text_of_the_cell() -> None:
    data = html(
        "<table id=layout><tr><td>Menu:</td><td>outer <table id=inner><tr><td>x</td><td>y</td></tr></table> text</td>"
        "</tr></table>"
    )
    assert [(each["id"], each["cells"]) for each in data["tables"]] == [
        ("layout", [["Menu:", "outer text"]]),
        ("inner", [["x", "y"]]),
    ]


def test_a_layout_cell_is_no_field() -> None:
    assert html("<table><tr><td>Menu:</td><td><table><tr><td>x</td></tr></table></td></tr></table>")["fields"] == {}


WORDS = st.text("abcxyzéü019", min_size=1, max_size=5)


@st.composite
def grids(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 5))
    return draw(st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=1, max_size=6))


@given(grids(), st.booleans())
def test_a_plain_table_is_read_as_it_was_written(grid: list[list[str]], closed: bool) -> None:
    end = "</td>" if closed else ""
    markup = "".join("<tr>" + "".join(f"<td> {word}{end}" for word in row) for row in grid)
    assert table(markup)["cells"] == grid


@given(grids())
def test_rows_by_header_hold_the_cells_below_it(grid: list[list[str]]) -> None:
    headers = [f"{at} {word}" for at, word in enumerate(grid[0])]
    markup = "<tr>" + "".join(f"<th>{each}" for each in headers)
    markup += "".join("<tr>" + "".join(f"<td>{word}" for word in row) for row in grid)
    assert [list(row.values()) for row in table(markup)["rows"]] == grid


@given(
    st.lists(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=4), min_size=1, max_size=5)
)
def test_every_cell_covers_as_many_places_as_its_spans_leave_room_for(spans: list[list[tuple[int, int]]]) -> None:
    markup = "".join(
        "<tr>" + "".join(f"<td colspan={c} rowspan={r}>{y}.{x}" for x, (c, r) in enumerate(row))
        for y, row in enumerate(spans)
    )
    cells = table(markup)["cells"]
    assert len(cells) == len(spans)
    for y, row in enumerate(spans):
        for x, (columns, _rows) in enumerate(row):
            assert cells[y].count(f"{y}.{x}") == columns
