# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list is recorded to its last page whenever its first page is opened."""

from __future__ import annotations

from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.element import PointedElement
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.whole_lists import WholeLists

from .browsing import Person

PEOPLE = ["bob@example.com", "ob@example.com", "carol@example.com", "dan@example.com", "eve@example.com"]


def page_of(people: list[str], number: int) -> str:
    """Return a page with two of the people, and links with the numbers of the pages."""
    rows = "".join(f"<tr><td>{each}</td></tr>" for each in people[2 * number - 2 : 2 * number])
    links = " ".join(f'<a href="?p={each}">{each}</a>' for each in range(1, (len(people) + 1) // 2 + 1))
    return f'<table id="t"><tr><th>E-mail</th></tr>{rows}</table><p id="all">{len(people)} people</p>{links}'


def test_each_opening_of_a_list_reads_its_other_pages_once() -> None:
    person = Person("other")
    lists = WholeLists(person.capture, person.guide.results)
    fetched: list[str] = []

    def read_on(people: list[str]) -> list[str]:
        fetched.clear()
        for url in lists.unread_pages():
            path = url.removeprefix(person.url)
            fetched.append(path)
            person.get(path, page_of(people, int(path.partition("p=")[2])))
        return list(fetched)

    person.get("people", page_of(PEOPLE, 1))
    person.skip_to("read.people")
    person.point("people", "bob@example.com")
    person.point("people", "5 people", ids=["all"])
    assert read_on(PEOPLE) == []  # nobody has shown how to go on
    person.point("people", "2", href=f"{person.url}people?p=2", removed=" ")
    assert read_on(PEOPLE) == ["people?p=2", "people?p=3"]
    assert read_on(PEOPLE) == []
    person.get("people", page_of(PEOPLE[1:], 1))
    assert read_on(PEOPLE[1:])[:1] == ["people?p=2"]


def test_numbered_pages_need_a_total() -> None:
    """They are read until all rows are there, so without a total the first page would be taken for the list."""
    person = Person("other")
    person.get("people", page_of(PEOPLE, 1))
    person.skip_to("read.people")
    person.point("people", "bob@example.com")
    person.guide.press("skip")
    link = PointedElement(f"{person.url}people", "text", "2", link=f"{person.url}people?p=2")
    person.guide.press("point")
    person.guide.point(link)
    assert "number of all entries" in person.guide.note
    assert "read.people.next" not in person.guide.results
