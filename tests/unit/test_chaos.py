# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chaos matrix itself: what differs from its page is found, and so is a secret in what was printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import chaos
from support.chaos import CUT_AFTERWARDS, FAULTS, KILLED, REQUEST_LOST, Cell, Request, cells_of, leaked

HEADING = "Forty changes"
REQUESTS = [Request("site", "GET", "users", 1), Request("site", "POST", "users/add", 1)]
CELLS = cells_of("access", REQUESTS)


def written(page: Path, **entries: str) -> dict[Cell, str]:
    """Write the page as it is where each cell is "applied", but those of a fault as given; return what it says."""
    shown = {cell: entries.get(cell.fault.replace(" ", "_"), "applied") for cell in CELLS}
    page.write_text(f"# Page\n\n## {HEADING}\n\n## Next\n", encoding="utf-8")
    chaos.write_section(HEADING, chaos.table(CELLS, shown))
    return shown


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(chaos, "PAGE", tmp_path / "chaos.md")
    return tmp_path / "chaos.md"


def test_what_was_written_is_documented(page: Path) -> None:
    shown = written(page, killed="killed, applied")
    assert chaos.undocumented(HEADING, CELLS, shown) == {}
    assert "## Next" in page.read_text(encoding="utf-8")


def test_what_was_not_measured_yet_cannot_differ(page: Path) -> None:
    shown = written(page)
    chaos.write_section(HEADING, chaos.NOT_MEASURED)
    assert chaos.undocumented(HEADING, CELLS, shown) == {}


def test_a_cell_that_differs_is_found(page: Path) -> None:
    shown = written(page)
    (cell, *_others) = [cell for cell in CELLS if cell.fault == KILLED]
    found = chaos.undocumented(HEADING, CELLS, {**shown, cell: "lost"})
    assert found == {"1 site: GET /users: killed": "lost (documented: applied)"}


def test_a_request_that_is_new_or_gone_is_found(page: Path) -> None:
    shown = written(page)
    assert len(chaos.undocumented(HEADING, CELLS[: len(FAULTS)], shown)) == len(FAULTS)
    more = cells_of("access", [*REQUESTS, Request("site", "GET", "users", 2)])
    assert len(chaos.undocumented(HEADING, more, {**dict.fromkeys(more, "applied"), **shown})) == len(FAULTS)


def test_only_a_connection_cut_afterwards_may_lose_the_next_request_instead(page: Path) -> None:
    shown = written(page, request_lost="partly")
    for fault, differing in ((CUT_AFTERWARDS, 0), (KILLED, 2), (REQUEST_LOST, 0)):
        changed = {cell: "partly" if cell.fault == fault else entry for cell, entry in shown.items()}
        assert len(chaos.undocumented(HEADING, CELLS, changed)) == differing


@pytest.mark.parametrize("text", ["xx{}", "{}xx", "a{}b", "\n{}\n"])
def test_a_secret_is_found_wherever_it_stands(text: str) -> None:
    secrets = [{"kind": "cookie", "value": "abcdefgh-12345"}, {"kind": "code", "value": "abcdefgh9"}]
    assert leaked(["nothing", text.format("abcdefgh-12345")], secrets) == ["cookie"]
    assert leaked(["abcdefgh-1234 abcdefgh"], secrets) == []
