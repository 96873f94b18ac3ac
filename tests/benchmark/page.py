# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes docs/performance.md of the figures that make bench has stored. Measures nothing, and rounds only."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from benchmark.figures import Figure, Goal, goals, least_of_rounds

STORED = ROOT / "docs" / "performance.json"
PAGE = ROOT / "docs" / "performance.md"
HEAD = """<!--
SPDX-FileCopyrightText: 2026 printops.prisma contributors
SPDX-License-Identifier: GPL-3.0-or-later
-->

# Performance

Made by `make bench` from docs/performance.json; change the program (`tests/benchmark`), not this page.
"""


def page(data: dict[str, Any]) -> str:
    """Return the page for stored figures."""
    figures = [Figure(**each) for each in data["figures"]]
    machine = data["machine"]
    on = f"{machine['cores']} cores, Python {machine['python']}, ansible-core {machine['ansible_core']}"
    parts = [
        HEAD,
        f"Measured on {machine['date']}: {on}. On another machine the seconds differ; the ratios should not by much.\n",
        _text("intro.md").format(**machine),
        "\n## What came of the goals\n",
        _goals(goals(figures)),
    ]
    for printers in sorted({each.printers for each in figures}):
        for latency in sorted({each.latency for each in figures if each.printers == printers}):
            same = [each for each in least_of_rounds(figures) if (each.printers, each.latency) == (printers, latency)]
            parts.append(f"\n## {printers:,} printers, {latency * 1000:.0f} ms of latency\n")
            parts.append(_table(same))
    return "\n".join([*parts, "", _text("notes.md")])


def _text(name: str) -> str:
    """Return a text that people wrote, without the comment at its top."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return text.partition("-->")[2].lstrip()


def _goals(found: list[Goal]) -> str:
    rows = ["| goal | measured | |", "|---|---|---|"]
    for goal in found:
        rows.append(f"| {goal.what} | {goal.measured} | {'met' if goal.met else '**missed**'} |")
    return "\n".join(rows)


def _table(figures: list[Figure]) -> str:
    rows = [
        "| | run | wall s | CPU s | CPU ms each | peak MiB | requests | sign-ins | connections | left open |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for each in figures:
        run = "second" if each.second else "first"
        if each.scaled_from:
            run += f", scaled from {each.scaled_from}"
        rows.append(
            f"| {each.way} | {run} | {each.wall:,.1f} | {each.cpu:,.1f} | {each.cpu_per_printer * 1000:.1f} "
            f"| {each.peak_memory / 2**20:.0f} | {each.requests:,.0f} | {each.sign_ins:,.0f} | {each.connections:,.0f} "
            f"| {each.sessions_left_open} |"
        )
    return "\n".join(rows)


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(json.loads(STORED.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    write()
