# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Printers that need attention as a sheet: the columns they came from, read again as they were written."""

from __future__ import annotations

import io

import openpyxl
import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._sheet.attention import (
    Origin,
    as_csv,
    as_xlsx,
    attention_rows,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._sheet.printers import SheetPrinters
from ansible_collections.printops.prisma.plugins.plugin_utils._sheet.table import SheetTable, read_csv, read_xlsx

CELLS = {"press-01": {"Name": "press-01", "Serial": "0730012345", "Room": "12; left"}}
RESULTS = {
    "press-01": {"outcome": "wrong_device", "message": '=HYPERLINK("https://example.com")\n2', "advice": "Correct it."}
}
ORIGIN = Origin(("Name", "Serial", "Room", "outcome"), ";")


def again(kind: str) -> SheetTable:
    rows = attention_rows(RESULTS, CELLS, ORIGIN)
    if kind == "csv":
        return read_csv(as_csv(rows, ORIGIN.delimiter))
    return read_xlsx(io.BytesIO(as_xlsx(rows, openpyxl)), openpyxl)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_same_columns_come_back_with_outcome_message_and_advice(kind: str) -> None:
    table = again(kind)
    assert table.columns == ("Name", "Serial", "Room", "outcome", "message", "advice")
    (row,) = table.rows
    assert row.cells == (
        *("press-01", "0730012345", "12; left"),
        *("wrong_device", '=HYPERLINK("https://example.com") 2', "Correct it."),
    )
    read = SheetPrinters(table, {}, lambda value, interface: None)
    (printer,) = read.read()
    assert read.faults == []
    assert printer.variables == {"printops_serial": "0730012345", "sheet_room": "12; left"}


def test_no_text_of_an_interface_is_a_formula() -> None:
    rows = attention_rows(RESULTS, CELLS, ORIGIN)
    assert rows[1][4].startswith("'=")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([["=1+1"]], openpyxl)))
    assert book.worksheets[0]["A1"].data_type != "f"


def test_a_printer_of_another_inventory_has_name_and_serial_number() -> None:
    rows = attention_rows({"a": {"outcome": "failed", "serial": "0001"}}, {}, Origin())
    assert rows == [["name", "serial", "outcome", "message", "advice"], ["a", "0001", "failed", "", ""]]
    assert (Origin().suffix, Origin(delimiter="").suffix) == (".csv", ".xlsx")
