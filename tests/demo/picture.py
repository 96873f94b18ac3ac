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

_FONT_FACES = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)


def draw(text: str, path: Path, *, title: str, width: int = 100) -> None:
    """Write ``text`` to ``path`` as SVG, with the heads of groups in colour. It refers to nothing outside itself."""
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    for line in text.rstrip().splitlines():
        console.print(_coloured(line), no_wrap=True, overflow="ellipsis")
    path.parent.mkdir(parents=True, exist_ok=True)
    svg = console.export_svg(title=title, code_format=_FONT_FACES.sub("", CONSOLE_SVG_FORMAT), unique_id="demo")
    path.write_text(svg, encoding="utf-8")


def _coloured(line: str) -> Text:
    found = Text(line)
    group = re.match(r"^(\w+): \d+ printers?, for ", line)
    if group:
        found.stylize("yellow" if group[1] == "awaiting_claim" else "red")
    elif re.match(r"^[A-Z][\w ]+(:|$)", line):
        found.stylize("bold")
    return found
