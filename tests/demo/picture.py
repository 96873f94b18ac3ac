# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws what the demo prints as a picture for the README. Knows text only."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

GOOD = ("already", "onboarded", "awaiting_claim")
_FONT_FACES = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)


def draw(text: str, path: Path, *, title: str, width: int = 150) -> None:
    """Write ``text`` to ``path`` as SVG, outcomes in green and yellow. It refers to nothing outside itself."""
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    for line in text.rstrip().splitlines():
        console.print(_coloured(line), no_wrap=True, overflow="ellipsis")
    path.parent.mkdir(parents=True, exist_ok=True)
    svg = console.export_svg(title=title, code_format=_FONT_FACES.sub("", CONSOLE_SVG_FORMAT), unique_id="demo")
    path.write_text(svg, encoding="utf-8")


def _coloured(line: str) -> Text:
    found = Text(line)
    row = re.match(r"^(\S+)\s{2,}(\w+)\s{2,}", line)
    if row and row[2].islower():
        found.stylize("green" if row[2] in GOOD else "yellow", row.start(2), row.end(2))
    elif line.isupper() or line.startswith("PRINTER"):
        found.stylize("bold")
    return found
