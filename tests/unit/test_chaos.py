# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chaos matrix itself: which cells a part has, what its page says, and that a secret in what was printed is found.

The runs are in tests/playbook/test_chaos.py and test_chaos_access.py.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from support import chaos
from support.chaos import FAULTS, Request, cells_of, leaked, part_of

HEADING = "Forty changes"
REQUESTS = [Request("site", "GET", "users", 1), Request("site", "POST", "users/add", 1)]
CELLS = cells_of("access", REQUESTS)
MANY = cells_of("access", [Request("site", "GET", "users", number) for number in range(1, 49)])


@pytest.mark.parametrize("each", [6, 24])
def test_so_many_parts_have_every_cell_once(each: int) -> None:
    parts = [part_of(MANY, each, part) for part in range(100, 100 + each)]
    assert Counter(cell for part in parts for cell in part) == Counter(MANY)
    for part in parts:
        assert Counter(cell.fault for cell in part) == dict.fromkeys(FAULTS, 48 // each)


def test_the_page_has_each_cell_and_how_often_each_entry_occurs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "chaos.md"
    monkeypatch.setattr(chaos, "PAGE", page)
    page.write_text(f"# Page\n\n## {HEADING}\n\nold\n\n## Next\n", encoding="utf-8")
    shown = {cell: "busy, applied" if cell == CELLS[0] else "applied, in_sync" for cell in CELLS}
    chaos.write_section(HEADING, chaos.table(CELLS, shown))
    text = page.read_text(encoding="utf-8")
    assert "| 1 | site: GET /users | busy, applied | applied, in_sync |" in text
    assert "12 cells." in text
    assert "| applied, in_sync | 1 | 2 | 2 | 2 | 2 | 2 |" in text
    assert "old" not in text
    assert text.endswith("\n\n## Next\n")


def test_every_cell_of_the_page_ended_well() -> None:
    page = chaos.PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| .+? \| (.+) \|$", page, re.MULTILINE)
    entries = [entry for row in rows for entry in row.split(" | ")]
    assert rows
    assert len(entries) == len(rows) * len(FAULTS)
    assert {re.sub(r", 2 presses$", "", entry).rpartition(", ")[2] for entry in entries} <= {
        "already",
        "applied",
        "in_sync",
        "onboarded",
    }


@pytest.mark.parametrize("text", ["xx{}", "{}xx", "a{}b", "\n{}\n"])
def test_a_secret_is_found_wherever_it_stands(text: str) -> None:
    secrets = [{"kind": "cookie", "value": "abcdefgh-12345"}, {"kind": "code", "value": "abcdefgh9"}]
    assert leaked(["nothing", text.format("abcdefgh-12345")], secrets) == ["cookie"]
    assert leaked(["abcdefgh-1234 abcdefgh"], secrets) == []
