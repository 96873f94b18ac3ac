# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels: where they stand on the paper, what is on them, and that every code leads to its address."""

from __future__ import annotations

import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._labels.html import as_html, as_waiting_csv
from ansible_collections.printops.prisma.plugins.plugin_utils._labels.labels import (
    GRIDS,
    PAPERS,
    Label,
    Sheet,
    matrix_of,
    strokes,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._labels.pdf import as_pdf
from ansible_collections.printops.prisma.plugins.plugin_utils._sheet.table import read_csv
from PIL import Image
from support import qr


def _dots(millimetres: float) -> int:
    return round(millimetres * 300 / 25.4)


def label(number: int, **more: Any) -> Label:
    return Label(
        **{
            "name": f"press-{number:02}.basel.example.com",
            "serial": f"07300{number:05}",
            "model": "imagePRESS V1000",
            "place": "Hall 3, beside the window",
            "address": f"https://home.example.com/register/{number:03}{'abcdef0123456789' * 6}?tenant=print-shop-1",
            **more,
        }
    )


SHEETS = [Sheet(paper, grid) for paper in PAPERS for grid in GRIDS]
EACH_SHEET = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: f"{sheet.paper}-{sheet.grid}")


@EACH_SHEET
@pytest.mark.parametrize("number", [0, 1, 8, 9, 50])
def test_labels_fill_pages_and_stay_on_the_paper(sheet: Sheet, number: int) -> None:
    labels = [label(each) for each in range(number)]
    pages = list(sheet.pages(labels))
    assert [placed for page in pages for _left, _top, placed in page] == labels
    (width, height), (paper_width, paper_height) = sheet.size, PAPERS[sheet.paper]
    for page in pages:
        places = {(left, top) for left, top, _label in page}
        assert len(places) == len(page)
        assert all(left + width < paper_width + 0.01 and top + height < paper_height + 0.01 for left, top in places)


def test_strokes_are_the_dark_modules() -> None:
    segno: Any = pytest.importorskip("segno")
    matrix = matrix_of("https://home.example.com/", segno)
    assert matrix is not None
    dark = {(x + step, y) for x, y, length in strokes(matrix) for step in range(length)}
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert matrix_of("https://home.example.com/" + "a" * 4000, segno) is None


def test_a_name_in_another_encoding_keeps_no_label_from_being_made() -> None:
    """Given an inventory in Latin-1, then Ansible has its bytes as lone surrogates, which are no UTF-8."""
    odd = [label(1, name="b\udcfcro-3")]
    assert as_html(odd, SHEETS[0]).decode().count(r"<h2>b\udcfcro-3</h2>") == 1
    assert b"b?ro-3" in as_waiting_csv(odd)
    assert as_pdf(odd, SHEETS[0]).startswith(b"%PDF")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.needs_program("pdftoppm", "libzbar")
@EACH_SHEET
def test_every_code_of_the_pdf_leads_to_its_address_at_300_dpi(sheet: Sheet, tmp_path: Path) -> None:
    labels = [label(number) for number in range(10 if sheet.grid == "2x4" else 26)]
    (tmp_path / "labels.pdf").write_bytes(as_pdf(labels, sheet))
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "labels.pdf", "page"], cwd=tmp_path, check=True, timeout=120)
    pictures = sorted(tmp_path.glob("page*.pgm"))
    pages = list(sheet.pages(labels))
    assert len(pictures) == len(pages)
    width, height = sheet.size
    for picture, page in zip(pictures, pages, strict=True):
        with Image.open(picture) as whole:
            for left, top, placed in page:
                right, bottom = left + width, top + height
                box = (_dots(left), _dots(top), _dots(right), _dots(bottom))
                assert qr.read_image(whole.crop(box)) == placed.address


def test_the_same_labels_are_the_same_pdf() -> None:
    assert as_pdf([label(1)], Sheet()) == as_pdf([label(1)], Sheet())


@pytest.mark.parametrize("name", ["Łódź", "プリンター", "Ελλάδα", "x" * 300, "a\x1b[31m\u202eb"])
def test_whatever_a_printer_is_called_there_is_a_label(name: str) -> None:
    assert as_pdf([label(1, name=name)], Sheet(grid="3x8")).startswith(b"%PDF")
    html = as_html([label(1, name=name)], Sheet()).decode()
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_an_address_too_long_for_a_code_is_a_link_and_its_label_says_so() -> None:
    long = label(1, address="https://home.example.com/" + "a" * 4000)
    assert as_pdf([long], Sheet()).startswith(b"%PDF")
    assert "registration address</a>" in as_html([long], Sheet()).decode()


class Links(HTMLParser):
    """Collects links and the tags that load something."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(str(dict(attrs)["href"]))
        if tag in ("script", "img", "link", "iframe") or "src" in dict(attrs):
            self.loads.append(tag)


def test_the_page_needs_no_network_and_no_text_is_markup() -> None:
    hostile = label(1, name="<script>alert(1)</script>", model='"><img src=x>')
    page = as_html([hostile, label(2)], Sheet("Letter", "3x8")).decode()
    links = Links()
    links.feed(page)
    assert links.links == [hostile.address, label(2).address]
    assert links.loads == []
    assert "size: Letter" in page


def test_the_csv_has_who_waits_and_where_the_code_leads() -> None:
    table = read_csv(as_waiting_csv([label(1, model="=1+1")]))
    assert table.columns == ("name", "serial", "model", "place", "host", "address")
    (row,) = table.rows
    assert row.cells[1:5] == ("0730000001", "=1+1", "Hall 3, beside the window", "home.example.com")
    assert b"'=1+1" in as_waiting_csv([label(1, model="=1+1")])
