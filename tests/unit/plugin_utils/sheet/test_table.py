# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sheets as spreadsheets write them: encodings, delimiters, leading zeros, and what cannot be read."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._sheet.table import SheetTable, read_csv, read_xlsx
from hypothesis import given
from hypothesis import strategies as st

TEXT = "name;serial;place\npress-01;0730012345;Büro\npress-02;0730012346;Halle 3\n"


def cells(table: SheetTable) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_detected(encoding: str, delimiter: str) -> None:
    table = read_csv(TEXT.replace(";", delimiter).encode(encoding))
    assert table.columns == ("name", "serial", "place")
    assert cells(table) == [("press-01", "0730012345", "Büro"), ("press-02", "0730012346", "Halle 3")]
    assert [row.line for row in table.rows] == [2, 3]
    assert (table.faults, table.delimiter) == ([], delimiter)


def test_a_comma_within_texts_does_not_win() -> None:
    table = read_csv(b"name;serial;place\na;1;Basel, Hall 3, left\nb;2;Basel, Hall 4, right\n")
    assert table.columns == ("name", "serial", "place")


def test_the_line_that_names_the_delimiter_is_no_heading() -> None:
    table = read_csv(b"sep=,\r\nname,serial\r\na;b,1\r\n")
    assert (table.columns, cells(table), table.rows[0].line) == (("name", "serial"), [("a;b", "1")], 3)


def test_a_text_that_spreadsheets_keep_as_a_text_is_that_text() -> None:
    table = read_csv(b'name,serial\na,"=""0730012345"""\nb,\'0730012346\n')
    assert cells(table) == [("a", "0730012345"), ("b", "0730012346")]


@pytest.mark.parametrize("character", "\u2028\u2029\x85\v\f\x1c\x1d\x1e")
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_line_ends_end_a_row(character: str, end: str) -> None:
    text = end.join(["name;serial", f"press{character}01;1", "press-02;2", ""])
    table = read_csv(text.encode())
    assert cells(table) == [(f"press{character}01", "1"), ("press-02", "2")]
    assert [(fault.line, fault.column) for fault in table.faults] == [(2, "name")]
    assert [row.line for row in table.rows] == [2, 3]


def test_a_row_of_several_lines_counts_from_its_first() -> None:
    table = read_csv(b'name,serial\n"a\nb",1\n\nc,2\n')
    assert [row.line for row in table.rows] == [2, 5]
    assert [str(fault) for fault in table.faults] == [
        "line 2, column name: it has a line break or another control character"
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,serial\na,1,2,3\n", "line 2: it has 4 cells, and there are 2 columns"),
        (b"name,name\na,b\n", "line 1, column name: another column has the same heading"),
        (b"name,,serial\na,b,1\n", "line 1, column 2: it has no heading"),
        (b'name,serial\na,1\n"b,2\n', "line 3: its quotes are wrong"),
        (b"name,serial\na,\x81\n", "line 2: it has bytes that are no text in cp1252"),
    ],
)
def test_what_cannot_be_read(content: bytes, said: str) -> None:
    assert any(said in str(fault) for fault in read_csv(content).faults)


def test_rows_that_are_shorter_are_filled_and_empty_ones_left_out() -> None:
    assert cells(read_csv(b"name,serial\n,\na\n")) == [("a", "")]


def test_an_encoding_that_does_not_exist() -> None:
    with pytest.raises(BadInput, match="encoding 'klingon' is not known"):
        read_csv(b"a", encoding="klingon")


@given(st.lists(st.lists(st.text("aü0,;|'\" ", min_size=1).map(str.strip), min_size=3, max_size=3), min_size=1))
def test_whatever_is_written_comes_back(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([["one", "two", "three"], *rows])
    table = read_csv(text.getvalue().encode(), delimiter=";")
    wanted = [tuple(row) for row in rows if any(row)]
    unmarked = [tuple(cell.removeprefix("'").strip() for cell in row) for row in wanted]
    assert cells(table) == unmarked


def xlsx(*rows: list[Any], formats: dict[str, str] | None = None) -> io.BytesIO:
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, form in (formats or {}).items():
        book.active[place].number_format = form
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content


def test_cells_of_xlsx_are_what_they_show() -> None:
    rows = (["name", "serial", "port"], ["a", "0730012345", 8443], ["b", 730012346, 443.0], [None] * 3, ["c", 7, True])
    table = read_xlsx(xlsx(*rows, formats={"B3": "0000000000"}), openpyxl)
    assert cells(table) == [("a", "0730012345", "8443"), ("b", "0730012346", "443"), ("c", "7", "true")]
    assert [row.line for row in table.rows] == [2, 3, 5]
    assert table.delimiter == ""


def test_cells_of_xlsx_that_show_no_text() -> None:
    book = xlsx(["name", "serial"], ["a", date(2026, 11, 26)], ["b", 7300123450000001], ["c", "#N/A"])
    faults = [str(fault) for fault in read_xlsx(book, openpyxl).faults]
    assert faults == [
        "line 2, column serial: it is a date or time (2026-11-26 00:00:00): format it as text",
        "line 3, column serial: it has more than 15 digits, which a spreadsheet does not keep: format it as text",
        "line 4, column serial: the formula yields #N/A",
    ]


def test_a_formula_whose_result_is_not_in_the_file_is_no_blank_cell() -> None:
    """Given a sheet that a program wrote: a printer without its serial number would be taken as it is."""
    book = xlsx(["name", "serial"], ["a", '="SN"&1'], ["b", None], ["c", '=IF(TRUE,"","SN3")'])
    calculated = io.BytesIO()
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(calculated, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name.startswith("xl/worksheets/"):
                text, found = re.subn(rb'<c r="B4"><f>(.*?)</f><v ?/>', rb'<c r="B4" t="str"><f>\1</f><v></v>', text)
                assert found == 1
            after.writestr(name, text)
    table = read_xlsx(calculated, openpyxl)
    assert [str(fault) for fault in table.faults] == [
        "line 2, column serial: its formula has no result in the file: save it with a spreadsheet program"
    ]
    assert cells(table) == [("a", ""), ("b", ""), ("c", "")]


def test_a_worksheet_that_is_not_there_and_a_file_that_is_none() -> None:
    with pytest.raises(BadInput, match="no worksheet 'Printers'"):
        read_xlsx(xlsx(["name"]), openpyxl, "Printers")
    with pytest.raises(BadInput, match="no XLSX file"):
        read_xlsx(io.BytesIO(b"PK\x03\x04 nothing"), openpyxl)
