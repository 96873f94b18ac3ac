# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A label for each printer that waits to be claimed: what stands on it, and where on the paper. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...module_utils._decide.address import host_of
from ...module_utils._decide.text import printable

PAPERS: Mapping[str, tuple[float, float]] = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
"""Width and height in millimetres."""
GRIDS: Mapping[str, tuple[int, int]] = {"2x4": (2, 4), "3x8": (3, 8)}
"""Columns and rows."""
PADDING = 5.0
"""Millimetres that stay empty within a label, which is more than printers cannot print on at the edge of paper."""
QUIET = 4
"""Modules around a QR code that stay light (ISO/IEC 18004)."""
_LONGEST = 120
FILES = ("labels.pdf", "labels.html", "waiting.csv")
"""Where labels lie in the folder of a run. Each holds the addresses that they lead to."""
COLUMNS = ("name", "serial", "model", "place", "host", "address")
"""The columns of C(waiting.csv)."""


@dataclass(frozen=True)
class Label:
    """One printer that waits: who it is, and the address that its code leads to."""

    name: str
    serial: str
    model: str
    place: str
    address: str

    @property
    def host(self) -> str:
        """The host of the address, so that a person knows where the code leads."""
        return host_of(self.address)

    def lines(self) -> list[tuple[str, str]]:
        """Return what is written on the label below the name, each text with its heading."""
        texts = (("Serial", self.serial), ("Model", self.model), ("Place", self.place), ("Opens", self.host))
        return [(heading, printable(text, _LONGEST)) for heading, text in texts if text]

    def title(self) -> str:
        """Return the name as it is written on the label."""
        return printable(self.name, _LONGEST)


@dataclass(frozen=True)
class Sheet:
    """The labels of a paper: columns and rows that fill it, as on usual sheets of stickers without margins."""

    paper: str = "A4"
    grid: str = "2x4"

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of a label in millimetres."""
        (width, height), (columns, rows) = PAPERS[self.paper], GRIDS[self.grid]
        return width / columns, height / rows

    def pages(self, labels: Sequence[Label]) -> Iterator[list[tuple[float, float, Label]]]:
        """Yield each page: its labels with the distance of each from the left and from the top, in millimetres."""
        columns, rows = GRIDS[self.grid]
        width, height = self.size
        for begin in range(0, len(labels), columns * rows):
            page = labels[begin : begin + columns * rows]
            yield [(number % columns * width, number // columns * height, label) for number, label in enumerate(page)]


def matrix_of(address: str, segno: t.Any) -> list[list[bool]] | None:
    """Return the QR code of an address with its quiet zone, row by row; None if it is too long for one."""
    try:
        code = segno.make(address, error="m", micro=False)
    except segno.DataOverflowError:
        return None
    return [[bool(module) for module in row] for row in code.matrix_iter(border=QUIET)]


def strokes(matrix: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int, int]]:
    """Yield each run of dark modules: column, row, and how many there are."""
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                yield x, y, length
            x += length or 1
