# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile that would take any page for an empty list is refused: then everybody would be added again."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.check import BLANK_PAGES
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.expression import ProfileProblem
from unit.web.tiny import build, profile_source

LAST = {"last_page": "!(links[?rel=='next'])"}


def source(rows: str, complete: dict[str, Any], **step: Any) -> dict[str, Any]:
    made = profile_source()
    made["read"]["list"] = {"steps": [{"get": "list", **step}], "rows": rows, "fields": {"name": "name"}}
    made["read"]["list"]["complete"] = complete
    return made


@pytest.mark.parametrize(
    ("rows", "complete"),
    [
        ("tables[].rows[]", LAST),
        ("tables[?id=='people'].rows[]", LAST),
        ("forms[?fields.name]", {"last_page": "`true`"}),
        ("items || `[]`", {"last_page": "!next"}),
        ("items[] || `[]`", {"total": "length(items || `[]`)"}),
        ("links[?class=='person']", {"pages": "length(links[?class=='page'])"}),
    ],
)
def test_a_page_without_a_list_is_no_empty_list(rows: str, complete: dict[str, Any]) -> None:
    with pytest.raises(ProfileProblem, match="picks an empty list from a page that has none") as caught:
        build(source(rows, complete))
    assert caught.value.path == ("read", "list", "rows")


@pytest.mark.parametrize(
    ("rows", "complete", "step"),
    [
        ("tables[?id=='people'] | [0].rows", LAST, {}),
        ("tables[].rows[]", {"total": {"pick": "ids.total", "filters": ["integer"]}}, {}),
        ("tables[].rows[]", {"total": {"pick": "text", "filters": [{"regex": r"(\d+) people"}, "integer"]}}, {}),
        ("tables[].rows[]", LAST, {"expect": "title == 'People'"}),
        ("items || (kind == 'list' && `[]`)", {"last_page": "!next"}, {}),
        ("items", {"last_page": "!next"}, {}),
    ],
)
def test_a_list_that_is_picked_itself_or_proven_may_be_empty(
    rows: str, complete: dict[str, Any], step: dict[str, Any]
) -> None:
    assert build(source(rows, complete, **step)).reads["list"].rows is not None


def test_a_blank_page_is_what_the_page_reader_makes_of_nothing() -> None:
    page = read_page(b"", "text/html", "https://printer.example.com/").data
    assert {name: page[name] for name in BLANK_PAGES[2]} == BLANK_PAGES[2]
    assert BLANK_PAGES[2].keys() == set(page)
