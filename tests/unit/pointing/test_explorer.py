# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel beside a page: its parts with their expressions, the value of what is typed, offers for an element."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.element import MARKER, PointedElement
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.explorer import PageExplorer

from .browsing import ORS, URL, Person, people


class Explored:
    """A person who looks at pages in the window; ``shown``: the addresses of its frames."""

    def __init__(self) -> None:
        self.person = Person()
        self.shown: list[str] = []
        self.panel = PageExplorer(self.person.capture, "en", lambda: self.shown)

    def open(self, path: str, html: str, *frames: str) -> None:
        self.person.get(path, html)
        self.shown = [URL + path, *(URL + each for each in frames)]

    def load_json(self, path: str, text: str) -> None:
        self.person.get(path, text)
        kept = self.person.capture.exchanges
        last = kept[-1]
        assert last is not None
        kept[-1] = replace(last, response_type="application/json")

    def point(self, path: str, value: str, **told: Any) -> None:
        marked = self.person.html[path].replace(f">{value}<", f">{MARKER}<", 1)
        self.panel.press("point")
        self.panel.point(PointedElement.of({"kind": "text", "value": value, "marked": marked, **told}, URL + path))

    def view(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.panel.view()["explorer"]
        return shown


@pytest.fixture
def explored() -> Explored:
    return Explored()


def test_the_page_as_data_and_the_value_of_a_part_of_it(explored: Explored) -> None:
    explored.open("ors.htm", ORS)
    (line,) = [each for each in explored.view()["lines"] if each["text"] == "ids.state: connected"]
    explored.panel.press("try", line["expression"])
    assert explored.view()["value"] == "connected"
    explored.panel.press("keep")
    assert explored.panel.kept == [{"path": "/ors.htm", "expression": "ids.state", "value": "connected"}]


def test_every_line_with_an_expression_reads_something(explored: Explored) -> None:
    explored.open("people", people("bob@example.com", "ob@example.com"))
    lines = [each["expression"] for each in explored.view()["lines"] if each["expression"]]
    assert len(lines) > 10
    for expression in lines:
        explored.panel.press("try", expression)
        assert explored.panel.value is not None, expression


def test_a_mistake_in_an_expression_is_shown_at_once_and_goes_with_it(explored: Explored) -> None:
    explored.open("ors.htm", ORS)
    explored.panel.press("try", "ids.")
    assert "expression: the JMESPath expression" in explored.panel.view()["note"]
    explored.panel.press("try", "ids.state")
    assert explored.panel.view()["note"] == ""


def test_pointing_offers_the_value_its_row_and_the_list(explored: Explored) -> None:
    explored.open("people", people("bob@example.com", "ob@example.com"))
    explored.point("people", "ob@example.com")
    offered = {each["expression"]: each["value"] for each in explored.view()["offers"]}
    row = "tables[?id=='people'] | [0].rows[?\"E-mail\"=='ob@example.com'] | [0]"
    assert '"E-mail": "ob@example.com"' in offered[row]
    assert "tables[?id=='people'] | [0].rows" in offered
    number = list(offered).index(row)
    explored.panel.press("take", str(number))
    assert explored.view()["expression"] == row
    assert explored.panel.pointing is False


def test_what_comes_from_json_is_picked_from_the_json(explored: Explored) -> None:
    explored.open("app", "<title>App</title><p>off</p>")
    explored.load_json("api/items", '{"items": [{"id": "a", "value": "on"}, {"id": "b", "value": "off"}]}')
    explored.point("app", "nothing like it")  # the page as sent has no such text
    assert [each["text"] for each in explored.view()["documents"]] == ["/app", "/api/items"]
    explored.panel.press("document", f"{URL}api/items")
    explored.panel.press("try", "items[?id=='b'] | [0].value")
    assert explored.view()["value"] == "off"


def test_another_page_is_shown_as_soon_as_it_is_opened(explored: Explored) -> None:
    explored.open("frames", '<title>Top</title><frameset><frame name="main" src="ors.htm"></frameset>')
    explored.open("ors.htm", ORS)
    explored.shown = [f"{URL}frames", f"{URL}ors.htm"]
    chosen = [each["text"] for each in explored.view()["documents"] if each["chosen"]]
    assert chosen == ["/ors.htm"]
    explored.panel.press("document", f"{URL}frames")
    assert [each["text"] for each in explored.view()["documents"] if each["chosen"]] == ["/frames"]
    explored.open("people", people("bob@example.com"))
    assert [each["text"] for each in explored.view()["documents"] if each["chosen"]] == ["/people"]
