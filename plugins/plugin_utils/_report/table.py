# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of an onboarding as tables for people. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence

from ...module_utils._decide.findings import ADVICE, Finding
from ...module_utils._decide.text import printable

Printers = Mapping[str, Mapping[str, t.Any]]
_CELL = 90
_NAME = 60
_SERIAL = 24
"""Characters of a cell, name and serial number."""
_NAMED = 5
"""Printers with the same finding in the same words that have a row each; of more, one row names the first."""
_ADVICE_TEXT = 400
_ADVICE_TEXTS = 3


def table(printers: Printers) -> str:
    """Return the results by printer as tables: outcomes, then findings, each advice once below its table."""
    rows = []
    for name, result in sorted(printers.items(), key=lambda item: (item[1]["good"], item[1]["outcome"], item[0])):
        serial = printable(str(result["serial"] or "-"), _SERIAL)
        rows.append((printable(name, _NAME), result["outcome"], serial, _short(_details(result) or "-")))
    parts = [_columns(("PRINTER", "OUTCOME", "SERIAL", "DETAILS"), rows), _advice(printers)]
    found = _findings(printers)
    if found:
        kinds = sorted({finding for _name, finding, _what in found})
        parts.append(_columns(("PRINTER", "FINDING", "DETAILS"), sorted(found, key=lambda row: (row[1], row[0]))))
        parts.append("\n".join(f"{kind}: {ADVICE[Finding(kind)]}" for kind in kinds))
    notes = [note for result in printers.values() for note in result.get("notes") or ()]
    parts += [f"{notes.count(note)} of {len(printers)} printers: {note}" for note in dict.fromkeys(notes)]
    return "\n\n".join(part for part in parts if part)


def _findings(printers: Printers) -> list[tuple[str, str, str]]:
    """Return the rows of the findings: one for each printer, or one for all that share a finding of the tenant."""
    names: dict[tuple[str, str], list[str]] = {}
    for name, result in printers.items():
        for item in result.get("findings") or ():
            names.setdefault((item["finding"], _short(item["what"])), []).append(printable(name, _NAME))
    rows = []
    for (finding, what), shared in names.items():
        if len(shared) > _NAMED:
            shared = [f"{min(shared)} and {len(shared) - 1} more"]
        rows += [(name, finding, what) for name in shared]
    return rows


def _details(result: Mapping[str, t.Any]) -> str:
    if not result["good"]:
        return str(result["reason"])
    host = result.get("address_host") if result["outcome"] == "awaiting_claim" else None
    return "; ".join([*([f"open the address at {host}"] if host else []), *result["changes"]])


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads) - 1)]
    ruled = [heads, [*("-" * width for width in widths), "-" * len(heads[-1])], *rows]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in ruled
    )


def _advice(printers: Printers) -> str:
    """Return what is to be done, once per outcome; where the advice differs, the most frequent texts."""
    by_outcome: dict[str, list[str]] = {}
    for result in printers.values():
        if result["outcome"] not in ("already", "onboarded"):
            by_outcome.setdefault(result["outcome"], []).append(result["advice"])
    lines = []
    for outcome, texts in sorted(by_outcome.items()):
        different = sorted(dict.fromkeys(texts), key=lambda text: -texts.count(text))
        lines += [f"{outcome}: {_short(text, _ADVICE_TEXT)}" for text in different[:_ADVICE_TEXTS]]
        if len(different) > _ADVICE_TEXTS:
            lines.append(f"{outcome}: {len(different) - _ADVICE_TEXTS} more are in the report")
    return "\n".join(lines)


def _short(text: str, width: int = _CELL) -> str:
    return printable(" ".join(text.split()), width)


def count(printers: Printers) -> dict[str, int]:
    """Return how many printers ended with each outcome, most first."""
    return _counted(result["outcome"] for result in printers.values())


def count_findings(printers: Printers) -> dict[str, int]:
    """Return on how many printers each finding was made, most first."""
    return _counted(
        finding
        for result in printers.values()
        for finding in {item["finding"] for item in result.get("findings") or ()}
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for word in words:
        counted[word] = counted.get(word, 0) + 1
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
