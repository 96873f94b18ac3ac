# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet of rows, from CSV or XLSX: texts with their line, and the cells that cannot be read. Knows no printer."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import typing as t
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...module_utils._web.errors import BadInput

DELIMITERS = (";", ",", "\t", "|")
MOST_ROWS = 100_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NO_XLSX = (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError, SyntaxError)
"""What zip, XML and openpyxl raise for a file that is none of theirs."""
_SAMPLE = 20
"""Rows by which the delimiter is chosen."""
_FORMULA = re.compile(rb"<([a-z]{1,9}:)?f[ />]")
_AS_TEXT = re.compile(r'="(.*)"|\'(.*)')
"""How spreadsheets are told to keep a text of digits: ="0730012345" or '0730012345."""


@dataclass(frozen=True)
class SheetFault:
    """What is wrong with a cell, or with a whole line if ``column`` is empty. Line 0 is that of the whole file."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        at = [f"line {self.line}"] if self.line else []
        at += [f"column {self.column}"] if self.column else []
        return f"{', '.join(at)}: {self.what}" if at else self.what


@dataclass(frozen=True)
class SheetRow:
    """One line of a sheet, with as many texts as there are columns; outer spaces are removed."""

    line: int
    cells: tuple[str, ...]


@dataclass
class SheetTable:
    """The columns by their headings, the rows, and what cannot be read. ``delimiter`` is that of CSV."""

    columns: tuple[str, ...] = ()
    rows: list[SheetRow] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    delimiter: str = ""

    def fill(self, lines: Iterator[tuple[int, Sequence[str]]]) -> None:
        """Take the first line that is not empty as headings, and the others as rows."""
        for line, texts in lines:
            cells = [text.strip() for text in texts]
            if not any(cells):
                continue
            if not self.columns:
                self._set_columns(line, cells)
                continue
            if len(self.rows) >= MOST_ROWS:
                self.faults.append(SheetFault(line, "", f"there are more than {MOST_ROWS} rows"))
                return
            self._add(line, cells)

    def _set_columns(self, line: int, cells: list[str]) -> None:
        while cells and not cells[-1]:
            cells.pop()
        self.columns = tuple(cells)
        lower = [cell.lower() for cell in cells]
        for number, cell in enumerate(cells):
            if not cell:
                self.faults.append(SheetFault(line, str(number + 1), "it has no heading"))
            elif lower[number] in lower[:number]:
                self.faults.append(SheetFault(line, cell, "another column has the same heading"))

    def _add(self, line: int, cells: list[str]) -> None:
        extra = [cell for cell in cells[len(self.columns) :] if cell]
        if extra:
            self.faults.append(
                SheetFault(line, "", f"it has {len(cells)} cells, and there are {len(self.columns)} columns")
            )
        texts = [_as_text(cell) for cell in cells[: len(self.columns)]]
        texts += [""] * (len(self.columns) - len(texts))
        for number, text in enumerate(texts):
            if not text.isprintable():
                self.faults.append(
                    SheetFault(line, self.columns[number], "it has a line break or another control character")
                )
        self.rows.append(SheetRow(line, tuple(texts)))


def _as_text(cell: str) -> str:
    found = _AS_TEXT.fullmatch(cell)
    return (found[1] if found[1] is not None else found[2]).strip() if found else cell


def read_csv(content: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> SheetTable:
    """Return the sheet in a CSV file. Encoding and delimiter are detected unless they are given.

    A byte order mark says which Unicode it is. Otherwise it is UTF-8, or Windows-1252 if it cannot be UTF-8, as
    spreadsheets write one of these. The delimiter is the one by which most rows have as many cells as the headings.
    """
    table = SheetTable()
    text = _decoded(content, encoding, table)
    first, _newline, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # as Excel writes it
        delimiter, text, skipped = delimiter or first.strip()[4], rest, 1
    table.delimiter = delimiter or _delimiter(text)
    table.fill(_lines(text, table, skipped))
    return table


def _decoded(content: bytes, encoding: str | None, table: SheetTable) -> str:
    named = encoding or next((name for mark, name in _BOMS if content.startswith(mark)), None)
    if named is None:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            named = "cp1252"
    try:
        return content.decode(named)
    except UnicodeDecodeError:
        text = content.decode(named, errors="replace")
        for number, line in enumerate(text.split("\n"), 1):
            if "\ufffd" in line:
                table.faults.append(SheetFault(number, "", f"it has bytes that are no text in {named}: save as UTF-8"))
        return text
    except LookupError:
        raise BadInput(f"encoding {named!r} is not known", advice="Give a name such as utf-8 or cp1252.") from None


def _csv_lines(text: str) -> Iterator[str]:
    """Return the lines that end in CR, LF or both: other characters at which ``str.splitlines`` cuts are text."""
    return io.StringIO(text, newline="")


def _delimiter(text: str) -> str:
    def fit(delimiter: str) -> tuple[float, int]:
        sample = itertools.islice(csv.reader(_csv_lines(text), delimiter=delimiter), _SAMPLE + 1)
        try:
            rows = [row for row in sample if any(cell.strip() for cell in row)]
        except csv.Error:
            return 0.0, 0
        columns = len(rows[0]) if rows else 0
        same = sum(len(row) == columns for row in rows)
        return (same / len(rows), columns) if columns > 1 else (0.0, columns)

    best = max(DELIMITERS, key=fit)
    return best if fit(best)[1] > 1 else ","


def _lines(text: str, table: SheetTable, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line on which each row begins, and its cells."""
    reader = csv.reader(_csv_lines(text), delimiter=table.delimiter, strict=True)
    while True:
        line = reader.line_num + 1 + skipped
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            table.faults.append(SheetFault(line, "", f"its quotes are wrong ({error}); no later line was read"))
            return


def read_xlsx(stream: t.BinaryIO, openpyxl: t.Any, worksheet: str | None = None) -> SheetTable:
    """Return a worksheet of an XLSX file (default: the first one). ``openpyxl`` is that library.

    Raises :class:`BadInput` for a file that is none, and for a worksheet that is not there.
    """
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        as_entered = openpyxl.load_workbook(stream, read_only=True) if _has_formulas(stream) else None
    except _NO_XLSX as error:
        raise BadInput(f"it is no XLSX file: {error}", advice="Save it as .xlsx or .csv.") from error
    names = list(book.sheetnames)
    if worksheet is not None and worksheet not in names:
        raise BadInput(f"it has no worksheet {worksheet!r}", advice=f"There are {', '.join(map(repr, names))}.")
    table, name = SheetTable(), worksheet or names[0]
    entered: t.Iterable[t.Any] = itertools.repeat(()) if as_entered is None else as_entered[name].iter_rows()
    table.fill(_xlsx_lines(zip(book[name].iter_rows(), entered, strict=False), table))
    return table


def _has_formulas(stream: t.BinaryIO) -> bool:
    """Return whether any worksheet of an XLSX file has a formula: its cells then have to be read twice."""
    with zipfile.ZipFile(stream) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/"):
                with parts.open(name) as part:
                    before = b""
                    while piece := part.read(1 << 20):
                        if _FORMULA.search(before + piece):
                            return True
                        before = piece[-12:]
    return False


def _xlsx_lines(rows: t.Iterable[tuple[t.Any, t.Any]], table: SheetTable) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines. With each row comes the same one as it was entered, with its formulas, if there are any."""
    for line, (row, entered) in enumerate(rows, 1):
        texts = []
        for number, cell in enumerate(row):
            try:
                if number < len(entered) and entered[number].data_type == "f" and _is_unknown(cell):
                    raise ValueError("its formula has no result in the file: save it with a spreadsheet program")
                texts.append(_xlsx_text(cell))
            except ValueError as error:
                column = table.columns[number] if number < len(table.columns) else str(number + 1)
                table.faults.append(SheetFault(line, column, str(error)))
                texts.append("")
        yield line, texts


def _is_unknown(cell: t.Any) -> bool:
    """Whether the result of a formula was never stored. One that yields an empty text has the type of a text."""
    return cell.value is None and cell.data_type == "n"


def _xlsx_text(cell: t.Any) -> str:
    """Return what a cell shows. Raises ValueError for one that is no text and cannot be shown as one."""
    value = cell.value
    if value is None or isinstance(value, str):
        if cell.value is not None and cell.data_type == "e":
            raise ValueError(f"the formula yields {value}")
        return value or ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)) and float(value).is_integer():
        if abs(value) >= 10**15:
            raise ValueError("it has more than 15 digits, which a spreadsheet does not keep: format it as text")
        zeros = re.fullmatch("0+", str(cell.number_format or ""))
        return str(int(value)).zfill(len(zeros[0]) if zeros else 0)
    if isinstance(value, float):
        return repr(value)
    raise ValueError(f"it is a date or time ({value}): format it as text")
