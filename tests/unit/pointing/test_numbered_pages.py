# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of numbered pages without a link to the next one: a person is removed from whichever page the row is on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.element import MARKER, PointedElement
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.lists import complete_offer
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.whole_lists import WholeLists
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile

from .browsing import OUT, START, Person
from .test_decisions import decided, drafted

NEW = "test-person@example.com"
PEOPLE = ["bob@example.com", "ob@example.com", "carol@example.com", "dan@example.com"]


def listed(people: list[str], number: int, counts: str) -> str:
    """Return a page with two of the people, each with a form to remove the person, and the numbers of all pages."""
    pages = (len(people) + 1) // 2
    rows = "".join(
        f'<tr><td>{each}</td><td><form class="remove" action="/remove" method="post"><input type="hidden" name="who" '
        f'value="{each}"><button>Remove</button></form></td></tr>'
        for each in people[2 * number - 2 : 2 * number]
    )
    links = " ".join(f'<a href="/people?page={each}">{each}</a>' for each in range(1, pages + 1) if each != number)
    said = counts.format(number=number, pages=pages, people=len(people))
    form = '<form id="add" action="/add" method="post"><input name="who"><button>Add</button></form>'
    table = f'<table id="people"><tr><th>E-mail</th><th></th></tr>{rows}</table>'
    return f'<title>Site</title>{OUT}{form}<p id="count">{said}</p>{table}{links}'


@pytest.fixture(scope="module", params=["{people} users", "Page {number} of {pages}"], ids=["total", "pages"])
def recorded(request: pytest.FixtureRequest) -> tuple[Person, dict[str, Any]]:
    """Show the list, add the test person, who comes to the third page, and remove the person there."""
    counts: str = request.param
    person = Person("other")
    lists = WholeLists(person.capture, person.guide.results)

    def show(people: list[str]) -> None:
        person.get("people", listed(people, 1, counts))
        read_on(people)

    def read_on(people: list[str]) -> None:
        for url in lists.unread_pages():
            path = url.removeprefix(person.url)
            person.get(path, listed(people, int(path.partition("page=")[2]), counts))

    person.reach("read.people")
    show(PEOPLE)
    person.point("people", "ob@example.com")
    person.point("people", counts.format(number=1, pages=2, people=4), ids=["count"])
    person.point("people", "2", href=f"{person.url}people?page=2", removed=" ")
    read_on(PEOPLE)
    person.skip_to("write.add_person")
    person.type("who", NEW)
    person.post("add", {"who": NEW}, status=302, location="/people")
    show([*PEOPLE, NEW])
    person.done()
    person.get("people?page=3", listed([*PEOPLE, NEW], 3, counts))
    person.post("remove", {"who": NEW}, status=302, location="/people")
    show(PEOPLE)
    person.done()
    person.get("logout.cgi", START)
    person.done()
    return person, decided(person)


def test_the_row_is_searched_from_the_first_page_on(recorded: tuple[Person, dict[str, Any]]) -> None:
    page, step = recorded[1]["write"]["remove_person"]["steps"]
    read = recorded[1]["read"]["people"]
    assert page == {"get": "people"}
    assert read["paging"] == {"parameter": "page", "count_up": {"first": 1}}
    assert step["row"]["next"] == {**read["paging"], "complete": read["complete"]}
    assert read["complete"].keys() == ({"total"} if "users" in str(read["complete"]) else {"pages"})


def test_the_profile_fits_the_recording(recorded: tuple[Person, dict[str, Any]]) -> None:
    person, _decisions = recorded
    recording = person.capture.recording()
    made = drafted(person, "other")
    assert [each.key for each in made.open if not each.optional] == []
    report = check_profile(find_profile(made.profile, "other", None), recording=recording)
    assert {name: each.problem for name, each in report.operations.items() if not each.ok} == {}
    assert {"write.add_person", "write.remove_person"} <= report.operations.keys()


@pytest.mark.parametrize(
    ("text", "rows", "found"),
    [
        ("Page 1 of 12", 2, {"pages": 12}),
        ("Seite 1 von 1", 1, {"pages": 1}),
        ("1 / 12", 20, {"pages": 12}),
        ("20 of 20", 20, {"total": 20}),
        ("1-20 of 238 users", 20, {"total": 238}),
        ("12", 20, None),
    ],
)
def test_a_number_is_that_of_the_entries_or_of_the_pages(text: str, rows: int, found: dict[str, int] | None) -> None:
    html = f'<p id="count">{text}</p><table><tr><th>E-mail</th></tr></table>'
    element = PointedElement("https://site.example.com/", "text", text, marked=html.replace(text, MARKER))
    page = read_page(html.encode(), "text/html; charset=utf-8", element.url)
    offer = complete_offer(page, element, rows)
    assert (offer and {name: _read(pick, text) for name, pick in offer.items()}) == found


def _read(pick: dict[str, Any], text: str) -> int:
    hit = re.search(pick["filters"][0]["regex"], text)
    assert hit is not None
    return int(hit[1])
