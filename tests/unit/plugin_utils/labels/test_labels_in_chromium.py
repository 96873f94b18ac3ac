# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of labels in a browser: axe-core finds no fault, and paper has the labels alone, on as many pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._labels.html import as_html
from ansible_collections.printops.prisma.plugins.plugin_utils._labels.labels import Label, Sheet
from playwright.sync_api import Browser
from support.axe import faults_of, fetched
from support.person import chromium

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]

LABELS = [
    Label(
        name=f"press-{number:02}.basel.example.com",
        serial=f"07300{number:05}",
        model="imagePRESS V1000",
        place="Hall 3, beside the window",
        # one whose address is too long for a code has a link instead
        address=f"https://home.example.com/register/{'a' * (4000 if number == 3 else 40)}",
    )
    for number in range(10)
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.needs_program("npm")
def test_axe_finds_no_fault(browser: Browser, tmp_path: Path) -> None:
    axe = fetched(tmp_path)
    for grid, width in (("2x4", 1280), ("3x8", 390)):
        file = tmp_path / f"{grid}.html"
        file.write_bytes(as_html(LABELS, Sheet("A4", grid)))
        assert faults_of(browser, file, axe, color_scheme="light", width=width) == []


def test_paper_has_nothing_but_labels(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "labels.html"
    file.write_bytes(as_html(LABELS, Sheet("A4", "2x4")))
    page = browser.new_page()
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    assert not page.get_by_role("heading", level=1).is_visible()
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert printed.count(b"/Type /Page\n") == 2, "eight labels and then two"
