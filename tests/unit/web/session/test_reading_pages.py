# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists over several pages that are counted up or named by a form, and the proof of each that all rows were read."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import Reading
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.web.loopback import Answer, Asked
from unit.web.tiny import Bench, as_json, bench, html, profile_source


@pytest.fixture
def tiny(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


TOTAL: dict[str, Any] = {"total": "total"}


def read(tiny: Bench, pages: list[Any], paging: dict[str, Any], complete: dict[str, Any], *, first: int = 1) -> Reading:
    """Read a list whose pages are numbered from ``first``; behind the last there are empty ones."""
    paged = {"parameter": "page", **paging}

    def numbered(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/list"):
            return None
        at = int(parse_qs(urlsplit(asked.path).query).get("page", [str(first)])[0]) - first
        return as_json(pages[at] if 0 <= at < len(pages) else {"items": []} | _kept(pages))

    source = profile_source()
    source["read"]["list"] |= {"paging": paged, "complete": complete}
    tiny.device.override = numbered
    return tiny.session(source).read("list")


def _kept(pages: list[Any]) -> dict[str, Any]:
    return {key: pages[0][key] for key in ("total", "pages") if key in pages[0]}


def page(names: str, **more: Any) -> dict[str, Any]:
    return {"items": [{"name": name} for name in names], **more}


def names(reading: Reading) -> str:
    return "".join(row["name"] for row in reading.rows)


def test_pages_are_counted_up_until_the_total_is_there(tiny: Bench) -> None:
    reading = read(tiny, [page(text, total=5) for text in ("ab", "cd", "e")], {"count_up": {}}, TOTAL)
    assert (names(reading), reading.pages, reading.total) == ("abcde", 3, 5)
    assert [each.path for each in tiny.server.asked[-2:]] == ["/list?limit=2&page=2", "/list?limit=2&page=3"]


def test_or_the_number_of_pages(tiny: Bench) -> None:
    pages = [page(text, pages=2) for text in ("ab", "c")]
    assert names(read(tiny, pages, {"count_up": {}}, {"pages": "pages"})) == "abc"
    assert len(tiny.server.asked) == 4


def test_or_the_last_page(tiny: Bench) -> None:
    pages = [page("ab", last=False), page("c", last=True), page("never")]
    assert names(read(tiny, pages, {"count_up": {}}, {"last_page": "last"})) == "abc"


def test_or_an_empty_page_where_that_is_the_proof(tiny: Bench) -> None:
    reading = read(tiny, [page("ab"), page("c")], {"count_up": {}}, {"last_page": "items == `[]`"})
    assert (names(reading), reading.pages) == ("abc", 3)


def test_numbers_may_begin_and_step_otherwise(tiny: Bench) -> None:
    source = profile_source()
    items = "abcdefg"

    def offsets(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/list"):
            return None
        start = int(parse_qs(urlsplit(asked.path).query).get("start", ["0"])[0])
        return as_json(page(items[start : start + 3], total=len(items)))

    tiny.device.override = offsets
    for by in (3, "rows"):
        paging = {"parameter": "start", "count_up": {"first": 0, "by": by}}
        source["read"]["list"] |= {"paging": paging, "complete": TOTAL}
        assert names(tiny.session(source).read("list")) == items
    # the interface gives fewer rows than were asked for: a fixed step would leave some out
    source["read"]["list"]["paging"] = {"parameter": "start", "count_up": {"first": 0, "by": 5}}
    with pytest.raises(UnexpectedPage, match="5 rows were read"):
        tiny.session(source).read("list")


@pytest.mark.parametrize(("later", "found"), [("abcd", "abcd"), ("abbd", "abbd")])
def test_a_row_that_comes_to_the_next_page_while_the_list_is_read_hides_no_other(
    tiny: Bench, later: str, found: str
) -> None:
    """Given a list by the last use, in which c and b change places: the total is right, and c was not seen."""
    readings = iter(["abbd", later, later])
    now = ""

    def moving(asked: Asked) -> Answer | None:
        nonlocal now
        if not asked.path.startswith("/list"):
            return None
        second = "page=2" in asked.path
        now = now if second else next(readings)
        return as_json(page(now[2:] if second else now[:2], total=4))

    source = profile_source()
    source["read"]["list"] |= {"paging": {"parameter": "page", "count_up": {}}, "complete": TOTAL}
    tiny.device.override = moving
    assert names(tiny.session(source).read("list")) == found
    assert len([each for each in tiny.server.asked if each.path.startswith("/list")]) == 4


@pytest.mark.parametrize(
    ("pages", "complete", "what"),
    [
        ([page("ab", total=5), page("", total=5)], TOTAL, "2 rows were read over 2 pages, but the total is 5"),
        ([page("ab", total=6), page("ab", total=6)], TOTAL, "page 2 shows the rows of a page that was read before"),
        ([page("abc", total=2)], TOTAL, "3 rows were read over 1 pages, but the total is 2"),
        ([page("ab", pages=3), page("c", pages=2)], {"pages": "pages"}, "the number of pages is 2 on page 2 and was 3"),
        ([page("ab", pages=3), page("c", pages=3)], {"pages": "pages"}, None),
        ([page("ab"), page("c")], {"last_page": "last"}, "page 3 is not marked as the last one"),
        ([page("ab", total=2, last=False)], {**TOTAL, "last_page": "last"}, "page 2 is not marked as the last one"),
    ],
)
def test_numbered_pages_that_are_not_whole_are_an_error(
    tiny: Bench, pages: list[Any], complete: dict[str, Any], what: str | None
) -> None:
    if what is None:  # the third page is empty, but there
        assert names(read(tiny, pages, {"count_up": {}}, complete)) == "abc"
        return
    with pytest.raises(UnexpectedPage, match=what):
        read(tiny, pages, {"count_up": {}}, complete)


def test_the_next_page_may_be_a_form(tiny: Bench) -> None:
    def pages(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/list"):
            return None
        at = int(parse_qs(urlsplit(asked.path).query).get("FIRST", ["0"])[0])
        onward = f'<form name="next" action="/list"><input type="hidden" name="FIRST" value="{at + 2}"></form>'
        rows = "".join(f"<tr><td>{name}<td>x" for name in "abcde"[at : at + 2])
        more = onward if at + 2 < 5 else ""
        return html(f"<table><tr><th>Name<th>State{rows}</table><p id=total>5 printers</p>{more}")

    tiny.device.override = pages
    source = profile_source()
    source["read"]["list"] = {
        "steps": [{"get": "list"}],
        "rows": "tables[0].rows",
        "fields": {"name": "Name"},
        "paging": {"next": "forms[?name=='next'] | [0]"},
        "complete": {
            "total": {"pick": "ids.total", "filters": [{"regex": r"(\d+) printers"}, "integer"]},
            "last_page": "!(forms[?name=='next'])",
        },
    }
    reading = tiny.session(source).read("list")
    assert (names(reading), reading.pages) == ("abcde", 3)
    for odd in ("`true`", "tables", "forms[0].fields"):
        source["read"]["list"]["paging"] = {"next": odd}
        with pytest.raises(UnexpectedPage, match=r"next page is neither|is not a form"):
            tiny.session(source).read("list")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("abcdef", max_size=2), min_size=1, max_size=4), st.integers(0, 8), st.integers(0, 4))
def test_counted_rows_are_whole_or_there_are_none(tiny: Bench, shown: list[str], total: int, told_pages: int) -> None:
    pages = [page(text, total=total, pages=told_pages) for text in shown]
    for complete in (TOTAL, {"pages": "pages"}, {**TOTAL, "pages": "pages"}):
        try:
            reading = read(tiny, pages, {"count_up": {}}, complete)
        except UnexpectedPage:
            continue
        assert "".join(shown).startswith(names(reading))
        assert "total" not in complete or len(reading.rows) == total
        assert "pages" not in complete or reading.pages == max(told_pages, 1)
