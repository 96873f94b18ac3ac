# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels as one HTML page that needs no network, and as CSV. Knows no printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from html import escape

from ...module_utils._web.libraries import on_demand
from .._sheet.attention import as_csv, inert
from .._sheet.table import read_csv
from .labels import COLUMNS, GRIDS, PAPERS, Label, Sheet, matrix_of, strokes

_STYLE = """
@page { size: %(paper)s portrait; margin: 0 }
* { box-sizing: border-box }
body { margin: 0; font: %(points).1fpt/1.25 system-ui, sans-serif; color: #000; background: #fff }
main { display: grid; grid-template-columns: repeat(%(columns)d, %(width).3fmm); grid-auto-rows: %(height).3fmm }
article { display: flex; gap: 2mm; padding: 5mm; overflow: hidden; break-inside: avoid }
svg { flex: none; width: %(side).3fmm; height: %(side).3fmm }
h2 { margin: 0 0 .5mm; font-size: 1.25em; line-height: 1.1; overflow-wrap: anywhere }
dl { margin: 0 } dt, dd { display: inline; margin: 0 } dt::after { content: ": " }
dd { overflow-wrap: anywhere } a { color: inherit }
h1 { margin: 0; padding: 1em; font-size: 14pt; text-align: center }
@media print { h1 { display: none } }
@media screen { body { background: #ddd } main { width: %(paper_width).3fmm; margin: 1em auto; background: #fff } }
"""


def as_html(labels: Sequence[Label], sheet: Sheet) -> bytes:
    """Return the labels as a page to print, or to open on a telephone. Each code is also a link.

    Raises ``MissingLibrary`` without segno.
    """
    segno = on_demand("segno")
    width, height = sheet.size
    style = _STYLE % {
        "paper": sheet.paper,
        "paper_width": PAPERS[sheet.paper][0],
        "columns": GRIDS[sheet.grid][0],
        "width": width,
        "height": height,
        "points": 8.5 if height > 50 else 5.8,
        "side": min(height - 10, (width - 10) / 2),
    }
    articles = "\n".join(_article(label, matrix_of(label.address, segno)) for label in labels)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Printers that wait to be claimed</title>
<style>{style}</style>
</head>
<body>
<header><h1>Printers that wait to be claimed</h1></header>
<main>
{articles}
</main>
</body>
</html>
""".encode()


def _article(label: Label, matrix: Sequence[Sequence[bool]] | None) -> str:
    title, link = escape(label.title()), escape(label.address, quote=True)
    texts = "".join(f"<div><dt>{heading}</dt><dd>{escape(text)}</dd></div>" for heading, text in label.lines())
    code = ""
    if matrix is not None:
        moves = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in strokes(matrix))
        name = escape(f"QR code of the registration address of {label.title()}", quote=True)
        code = (
            f'<a href="{link}" rel="noreferrer"><svg role="img" aria-label="{name}" '
            f'viewBox="0 0 {len(matrix)} {len(matrix)}" shape-rendering="crispEdges"><path d="{moves}"/></svg></a>'
        )
    else:
        code = f'<a href="{link}" rel="noreferrer">registration address</a>'
    return f"<article>{code}<div><h2>{title}</h2><dl>{texts}</dl></div></article>"


def as_waiting_csv(labels: Sequence[Label]) -> bytes:
    """Return the labels as CSV, one line for each printer, with its address."""
    rows = [[inert(str(getattr(label, column))) for column in COLUMNS] for label in labels]
    return as_csv([COLUMNS, *rows], ",")


def labels_of_csv(content: bytes) -> list[Label]:
    """Return the labels that :func:`as_waiting_csv` has made ``content`` of; none of any other table."""
    table = read_csv(content, delimiter=",")
    if table.columns != COLUMNS:
        return []
    rows = (dict(zip(COLUMNS, row.cells, strict=True)) for row in table.rows)
    return [Label(**{each.name: row[each.name] for each in fields(Label)}) for row in rows]
