# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads pages that were made to be costly, each in a process of its own with limits, and prints what each took.

make venv && .venv/bin/python tests/hostile/pages.py [--json]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".cache" / "collections"), str(ROOT / "tests")]

from ansible_collections.printops.prisma.plugins.module_utils._web.errors import UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import MAX_BODY, read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.page.summary import summary
from hostile.measured import Limits, measure, show

LIMITS = Limits(peak=700, seconds=15)


def filled(unit: str, before: str = "", after: str = "", size: int = MAX_BODY) -> str:
    """A page of at most ``size`` bytes that repeats one text."""
    return before + unit * ((size - len(before) - len(after)) // len(unit)) + after


def around(start: str, depth: int, inner: str, size: int = MAX_BODY) -> str:
    """Elements within each other around many others."""
    return filled(inner, "".join(start % number for number in range(depth)), size=size)


def numbered(start: str, count: int) -> str:
    return "".join(start % number for number in range(count))


MOST_READ = 1_000_000
"""Bytes of short elements, of which a page may have as many."""

PAGES: dict[str, Callable[[], str]] = {
    "links below a long base": lambda: f"<base href='/{'a/' * 50_000}'>" + "<a href=x>" * 100_000,
    "links below a base of the greatest length": lambda: f"<base href='/{'a/' * 4_000}'>" + "<a href=x>" * 100_000,
    "attributes of one tag": lambda: "<input " + numbered("a%d=1 ", 700_000) + ">",
    "ids around many elements": lambda: around("<div id=a%d>", 240, "<b></b>"),
    "ids around as many as are read": lambda: around("<div id=a%d>", 240, "<b></b>", MOST_READ),
    "headings around as many as are read": lambda: around("<span><h1 title=%d>", 120, "<b></b>", MOST_READ),
    "ids around one text": lambda: numbered("<span id=a%d>", 90_000) + "x" * 10_000,
    "formatting that is opened again": lambda: "<p>" + numbered("<font a=%d>", 400) + "<p>x" * 100_000,
    "formatting in a small page": lambda: "<p>" + numbered("<font a=%d>", 500) + "<p>x" * 499,
    "options mirrored": lambda: (
        "<select><button>" + "<selectedcontent>" * 2_000 + "</button><option>" + "<b>x</b>" * 9_000
    ),
    "many forms": lambda: filled("<form><input name=a></form>"),
    "elements without end": lambda: filled("<div>"),
    "definitions without end": lambda: "<ul><dd>" * 50_000,
    "controls behind empty cells": lambda: "<table><tr>" + "<td></td>" * 30_000 + "<td>" + "<input>" * 30_000,
    "disabled groups within each other": lambda: "<fieldset disabled>" * 500 + "<input>" * 90_000,
    "spans of cells": lambda: "<table>" + "<tr><td colspan=1000 rowspan=65534>x" * 3_000,
    "tables within tables": lambda: "<table><tr><td>" * 30_000,
    "options of one list": lambda: "<form><select name=a multiple>" + "<option selected>x" * 60_000,
    "an unclosed comment": lambda: "<!-- -" * 250_000,
    "references": lambda: filled("&notin;"),
    "one long text": lambda: filled("x y "),
}


def read(make: Callable[[], str]) -> str:
    """Make a page and read every part of it; return how that ended."""
    try:
        found = read_page(make().encode(), "text/html; charset=utf-8", "https://printer.example.com/ui/page.htm")
        summary(found)
        size = sum(len(str(value)) for value in found.data.values())
    except UnexpectedPage as error:
        return f"refused: {error}"
    return f"read: {size:,} characters"


def main() -> None:
    """Measure all pages."""
    show("page", {name: measure(partial(read, make)) for name, make in PAGES.items()})


if __name__ == "__main__":
    main()
