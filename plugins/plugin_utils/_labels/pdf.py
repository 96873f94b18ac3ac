# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels as PDF, drawn with reportlab. Knows no printer."""

from __future__ import annotations

import io
import typing as t
from collections.abc import Sequence
from pathlib import Path

from ...module_utils._web.libraries import on_demand
from .labels import PADDING, PAPERS, QUIET, Label, Sheet, matrix_of, strokes

MILLIMETRE = 72 / 25.4
_GAP = 2.0
_FONTS = (
    *("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf"),
    *("/usr/share/fonts/TTF/DejaVuSans.ttf", "/Library/Fonts/Arial Unicode.ttf"),
)
"""Where a font with more letters than those of Western Europe is found on usual systems."""


def as_pdf(labels: Sequence[Label], sheet: Sheet) -> bytes:
    """Return the labels as PDF. The same labels are the same bytes.

    Raises ``MissingLibrary`` without reportlab or segno.
    """
    canvas_module, segno = on_demand("reportlab.pdfgen.canvas"), on_demand("segno")
    content = io.BytesIO()
    width, height = (side * MILLIMETRE for side in PAPERS[sheet.paper])
    canvas = canvas_module.Canvas(content, pagesize=(width, height), invariant=1)
    canvas.setTitle("Printers that wait to be claimed")
    pen = _Pen(canvas, height, _font_for(labels))
    for page in sheet.pages(labels):
        for left, top, label in page:
            pen.draw(label, left, top, sheet, matrix_of(label.address, segno))
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def _font_for(labels: Sequence[Label]) -> str:
    """Return the name of a font that has all letters of the labels, as far as there is one."""
    texts = [text for label in labels for text in (label.title(), *(value for _heading, value in label.lines()))]
    try:
        "".join(texts).encode("cp1252")
    except UnicodeEncodeError:
        path = next((path for path in _FONTS if Path(path).is_file()), None)
        if path is not None:
            fonts = on_demand("reportlab.pdfbase.pdfmetrics")
            fonts.registerFont(on_demand("reportlab.pdfbase.ttfonts").TTFont("labels", path))
            return "labels"
    return "Helvetica"


class _Pen:
    """Draws labels on a page. Distances are millimetres from the left and from the top."""

    def __init__(self, canvas: t.Any, height: float, font: str) -> None:
        self._canvas = canvas
        self._height = height
        self._font = font

    def draw(
        self, label: Label, left: float, top: float, sheet: Sheet, matrix: Sequence[Sequence[bool]] | None
    ) -> None:
        """Draw one label: the code on the left, and what it is of on the right."""
        width, height = sheet.size
        side = min(height - 2 * PADDING, (width - 2 * PADDING) / 2)
        if matrix is not None:
            self._code(matrix, left + PADDING, top + (height - side) / 2, side)
        text_left = left + PADDING + side + _GAP
        room = left + width - PADDING - text_left
        large = 11.0 if height > 50 else 8.0
        y = top + (height - side) / 2 + side * QUIET / (len(matrix) if matrix is not None else 1) / 2
        for line in self._wrapped(label.title(), large, room, bold=True)[:2]:
            y += 1.1 * large / MILLIMETRE
            self._write(line, text_left, y, large, bold=True)
        small = large * 0.75
        y += 0.3 * small / MILLIMETRE
        for heading, text in label.lines():
            for line in self._wrapped(f"{heading}: {text}", small, room)[:2]:
                y += 1.2 * small / MILLIMETRE
                if y < top + height - PADDING / 2:
                    self._write(line, text_left, y, small)
        if matrix is None:
            for number, line in enumerate(self._wrapped("The address is too long for a code.", small, side)):
                self._write(line, left + PADDING, top + height / 2 + number * 1.2 * small / MILLIMETRE, small)

    def _code(self, matrix: Sequence[Sequence[bool]], left: float, top: float, side: float) -> None:
        module = side / len(matrix)
        path = self._canvas.beginPath()
        for x, y, length in strokes(matrix):
            path.rect(
                (left + x * module) * MILLIMETRE,
                self._height - (top + (y + 1) * module) * MILLIMETRE,
                length * module * MILLIMETRE,
                module * MILLIMETRE,
            )
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _wrapped(self, text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
        """Return ``text`` in lines that fit, broken after a space, dot or hyphen where there is one."""
        font, lines, line = self._font_of(bold), [], ""
        for character in text:
            if line and self._canvas.stringWidth(self._shown(line + character), font, size) > room * MILLIMETRE:
                end = max(line.rfind(mark) for mark in " .-") + 1 or len(line)
                lines.append(line[:end])
                line = line[end:]
            line += character
        return [*lines, line]

    def _font_of(self, bold: bool) -> str:
        return "Helvetica-Bold" if bold and self._font == "Helvetica" else self._font

    def _shown(self, text: str) -> str:
        """Return ``text`` with a question mark for each letter that the font lacks."""
        return text if self._font != "Helvetica" else text.encode("cp1252", "replace").decode("cp1252")

    def _write(self, text: str, left: float, top: float, size: float, *, bold: bool = False) -> None:
        self._canvas.setFont(self._font_of(bold), size)
        self._canvas.drawString(left * MILLIMETRE, self._height - top * MILLIMETRE, self._shown(text.strip()))
