# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The printers that need attention as a sheet: the columns that they came from, then outcome, message and advice. Pure.

It can be corrected and read again by the inventory plugin sheet.
"""

from __future__ import annotations

import csv
import io
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...module_utils._decide.text import inert_cell
from .printers import OWN_COLUMNS

Row = Sequence[str]


@dataclass(frozen=True)
class Origin:
    """The sheet that a fleet came from: its headings, and the delimiter of its CSV; empty for XLSX."""

    columns: tuple[str, ...] = ("name", "serial")
    delimiter: str = ","

    @property
    def suffix(self) -> str:
        """The ending of a file of the same kind."""
        return ".csv" if self.delimiter else ".xlsx"


def attention_rows(
    results: Mapping[str, Mapping[str, t.Any]], cells: Mapping[str, Mapping[str, str]], origin: Origin
) -> list[list[str]]:
    """Return headings and rows. ``results`` has C(outcome), C(message) and C(advice) of each printer, in order.

    ``cells`` are the texts of the printer's row by heading; without them, its name and C(serial) stand there.
    """
    columns = [column for column in origin.columns if column.lower() not in OWN_COLUMNS]
    rows = [[*columns, *OWN_COLUMNS]]
    for name, result in results.items():
        own = cells.get(name) or {"name": inert(name), "serial": inert(str(result.get("serial") or ""))}
        texts = [str(result.get(column) or "") for column in OWN_COLUMNS]
        rows.append([*(own.get(column, "") for column in columns), *(inert(text) for text in texts)])
    return rows


def inert(text: str) -> str:
    """Return ``text``, part of which an interface sent, so that no spreadsheet takes it for a formula."""
    return inert_cell(" ".join(text.split()))


def as_csv(rows: Sequence[Row], delimiter: str) -> bytes:
    """Return ``rows`` as CSV in UTF-8, with the mark by which spreadsheets know that."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig", errors="replace")


def as_xlsx(rows: Sequence[Row], openpyxl: t.Any) -> bytes:
    """Return ``rows`` as XLSX, every cell a text, so that leading zeros stay. ``openpyxl`` is that library."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type = "s"  # also for a text that begins with =
            cell.number_format = "@"
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
