# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list is recorded to its last page whenever its first page is opened, and is complete only with a proof."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.element import PointedElement
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.whole_lists import WholeLists

from .browsing import OUT, START, Person
from .test_decisions import decided, drafted

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


def listed(document: dict[str, Any] | None = None) -> Person:
    """Record a list up to the question for its next page: in HTML without any number, or in the JSON ``document``."""
    person = Person("other")
    person.reach("read.people")
    html = f'{OUT}<table id="t"><tr><th>E-mail</th></tr><tr><td>bob@example.com</td></tr></table>'
    person.get("people", f"{OUT}<p>bob@example.com</p>" if document is not None else html)
    if document is not None:
        person.get_json("api/people", document)
    person.point("people", "bob@example.com")
    return person


def end(person: Person) -> dict[str, Any]:
    """Skip the other tasks, sign out, and return the read of the list."""
    person.skip_to("sign_out")
    person.get("logout.cgi", START)
    person.done()
    read: dict[str, Any] = decided(person)["read"]["people"]
    return read


def test_without_any_proof_the_person_is_asked_whether_the_list_is_whole() -> None:
    for answer, complete in ((0, {"last_page": "`true`"}), (1, None)):
        person = listed()
        person.skip_to("read.people.next")
        person.guide.press("skip")
        assert person.guide.view()["question"]["text"] == "Is this the whole list?"
        person.guide.answer(answer)
        assert end(person).get("complete") == complete
        asked = [each.key for each in drafted(person, "other").open if not each.optional]
        assert asked == ([] if complete else ["read.people.complete"])


@pytest.mark.parametrize("limit", [True, False])
def test_the_pages_of_json_say_how_a_list_goes_on(limit: bool) -> None:
    """[Next] is a button: nothing can be pointed at, and the recorded pages say it. A limit is no total."""
    more = {"limit": 2} if limit else {"all": 3}
    person = listed({"items": [{"email": "bob@example.com"}, {"email": "carol@example.com"}], **more})
    person.skip_to("read.people.next")
    person.get_json("api/people?page=2", {"items": [{"email": "ob@example.com"}], **more})
    person.guide.press("skip")
    read = end(person)
    assert read["paging"] == {"parameter": "page", "count_up": {"first": 1}}
    assert read.get("complete") == (None if limit else {"total": "all"})


def test_the_total_of_json_is_pointed_at_on_the_page() -> None:
    person = listed({"items": [{"email": "bob@example.com"}], "all": 12})
    person.html["people"] += "<p>12 people</p>"
    person.point("people", "12 people")
    assert person.guide.results["read.people.total"].pick == {"total": "all"}
