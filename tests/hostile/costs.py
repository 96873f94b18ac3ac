# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page with the costs of hostile answers and pages. Measures nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hostile.answers import ANSWERS, TIMEOUT
from hostile.answers import LIMITS as ANSWER_LIMITS
from hostile.measured import Limits, Measured, table
from hostile.pages import LIMITS as PAGE_LIMITS
from hostile.pages import PAGES

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER.parents[1] / "docs" / "hostile.md"

_HEAD = f"""\
<!--
SPDX-FileCopyrightText: 2026 printops.prisma contributors
SPDX-License-Identifier: GPL-3.0-or-later
-->

# What a hostile answer costs

An interface may send anything. Each line is an answer or a page that was made to be costly, read in a process of its
own: memory at its peak (the interpreter and the libraries take about 30 MiB of it), processor time, and the time until
it ended, which is longer where the machine has other work. `make hostile` measures all of them and writes this page.

`tests/unit/web/http/test_answers_hostile.py` and `tests/unit/web/page/test_page_hostile.py` run the same programs and
fail if a limit is exceeded. Answers have {TIMEOUT:g} seconds here (`printops_timeout`).
"""


@dataclass(frozen=True)
class Part:
    """A section of the page: a program, what it measures, and the limits of each."""

    heading: str
    what: str
    program: str
    limits: Limits
    names: Collection[str] = field(hash=False, compare=False)


PARTS = (
    Part("Answers", "answer", "answers.py", ANSWER_LIMITS, ANSWERS),
    Part("Pages", "page", "pages.py", PAGE_LIMITS, PAGES),
)


def page(measured: Mapping[Part, Mapping[str, Measured]]) -> str:
    """Return the page as Markdown."""
    parts = [_HEAD]
    for part, found in measured.items():
        limits = f"Limits of each: {part.limits.peak} MiB, {part.limits.seconds:g} seconds of processor time."
        parts.append(f"\n## {part.heading}\n\n{limits}\n\n{table(part.what, found)}\n")
    return "".join(parts)


def rows(part: Part, text: str) -> dict[str, Measured]:
    """Return what the page says of a part."""
    _before, _heading, rest = text.partition(f"\n## {part.heading}\n")
    found = re.findall(r"^\| (.+?) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| ", rest.partition("\n## ")[0], re.MULTILINE)
    return {name: {"peak": int(peak), "seconds": float(seconds)} for name, peak, seconds, _waited in found}
