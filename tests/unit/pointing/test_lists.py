# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list is found from one cell of it: its rows, its total and its next page."""

from __future__ import annotations

from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import Page, read_page
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.pattern import Pattern
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.element import MARKER, PointedElement
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.lists import (
    following_page,
    list_offers,
    next_offers,
    paging_offer,
    total_offer,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.candidates import evaluate

URL = "https://site.example.com/people"
PEOPLE = """<p id="count">This list has 12 users.</p><table{id}><tr><th>E-mail</th><th>Name</th></tr>
<tr><td>bob@example.com</td><td>Bob</td></tr><tr><td>ob@example.com</td><td>Bob</td></tr></table>
<a id="next" rel="next" href="/people?page=2">Next</a>"""


def page(html: str) -> Page:
    return read_page(html.encode(), "text/html; charset=utf-8", URL)


def cell(html: str, value: str) -> PointedElement:
    return PointedElement(URL, "text", value, marked=html.replace(f">{value}<", f">{MARKER}<"))


def test_a_cell_leads_to_the_rows_and_its_column() -> None:
    html = PEOPLE.replace("{id}", ' id="people"')
    offer = list_offers(page(html), cell(html, "ob@example.com"))[0]
    assert (offer.rows, offer.field, offer.count) == ("tables[?id=='people'] | [0].rows", '"E-mail"', 2)
    rows = evaluate(offer.rows, page(html).data)
    assert [evaluate(offer.field, row) for row in rows] == ["bob@example.com", "ob@example.com"]


def test_without_an_id_a_list_goes_by_its_headings() -> None:
    html = PEOPLE.replace("{id}", "")
    offer = list_offers(page(html), cell(html, "bob@example.com"))[0]
    assert offer.rows == 'tables[?headers==`["E-mail", "Name"]`] | [0].rows'


def test_a_cell_whose_text_stands_in_two_rows_is_still_that_cell() -> None:
    html = PEOPLE.replace("{id}", ' id="people"')
    marked = html.replace("<td>Bob</td>", f"<td>{MARKER}</td>", 1)
    offer = list_offers(page(html), PointedElement(URL, "text", "Bob", marked=marked))[0]
    assert offer.field == "Name"


def test_what_is_no_cell_is_no_list() -> None:
    html = PEOPLE.replace("{id}", "")
    assert list_offers(page(html), cell(html, "Next")) == []


def test_the_rows_of_json() -> None:
    document = Page("json", {"items": [{"email": "a@example.com"}, {"email": "b@example.com"}]}, URL)
    offer = list_offers(page("<p>b@example.com</p>"), PointedElement(URL, "text", "b@example.com"), [document])[0]
    assert (offer.rows, offer.field) == ("items", "email")


def test_the_total_is_the_number_in_its_text() -> None:
    html = PEOPLE.replace("{id}", "")
    element = PointedElement(
        URL, "text", "This list has 12 users.", marked=html.replace("This list has 12 users.", MARKER)
    )
    found = total_offer(page(html), element, rows=2)
    assert found is not None
    assert found["pick"] == "ids.count"
    assert Pattern.build(found["filters"][0]["regex"]).search("This list has 345 users.")


def test_a_number_smaller_than_the_rows_is_no_total() -> None:
    html = PEOPLE.replace("{id}", "").replace("12 users", "1 user")
    text = "This list has 1 user."
    element = PointedElement(URL, "text", text, marked=html.replace(text, MARKER))
    assert total_offer(page(html), element, rows=2) is None


def test_a_total_that_only_its_words_lead_to() -> None:
    html = '<div><p class="paginator">\n12 users\n</p></div><table><tr><th>E-mail</th></tr></table>'
    element = PointedElement(URL, "text", "12 users", marked=html.replace("12 users", MARKER))
    found = total_offer(page(html), element, rows=2)
    assert found == {"pick": "text", "filters": [{"regex": r"(\d+)\s+users"}, "integer"]}
    again = html.replace("<div>", "<p>All 12 users</p><div>")
    assert total_offer(page(again), element, rows=2) == found
    other = html.replace("<div>", "<p>20 users on a page</p><div>")
    assert total_offer(page(other), element, rows=2) is None


def test_the_next_page_goes_by_the_id_of_its_link() -> None:
    html = PEOPLE.replace("{id}", "")
    link = html[html.index("<a ") :]
    element = PointedElement(
        URL, "text", "Next", marked=html, removed=html.replace(link, ""), link="https://site.example.com/people?page=2"
    )
    assert next_offers(page(html), element)[:2] == ["links[?id=='next'] | [0].href", "links[?rel=='next'] | [0].href"]


def test_a_list_without_entries_is_found_by_a_heading() -> None:
    html = '<table id="people"><thead><tr><th>E-mail</th><th>Name</th></tr></thead><tbody></tbody></table>'
    offer = list_offers(page(html), cell(html, "E-mail"))[0]
    assert (offer.rows, offer.field, offer.count) == ("tables[?id=='people'] | [0].rows", '"E-mail"', 0)


def test_a_label_leads_to_the_total_beside_it() -> None:
    html = "<p><strong>Record Count:</strong> 27</p><p>25 50 75</p>"
    element = PointedElement(URL, "text", "Record Count:", marked=html.replace("Record Count:", MARKER))
    found = total_offer(page(html), element, rows=25)
    assert found == {"pick": "text", "filters": [{"regex": r"Record\s+Count:\s+(\d+)"}, "integer"]}
    assert total_offer(page(html), element, rows=28) is None


def test_the_number_of_a_page_is_counted_up() -> None:
    """The link with the number 2 is none to the next page on the second page of three."""
    html = '<span>1</span> <a href="?p=1">2</a> <a href="?p=2">3</a> <a href="?o=7&p=1">9</a>'
    for text, link, first in (("2", "?p=1", 0), ("3", "?p=2", 0), ("2", "?p=2", 1), ("", "?p=1", 0)):
        element = PointedElement(URL, "text", text, link=URL + link)
        assert paging_offer(page(html), element) == {"parameter": "p", "count_up": {"first": first}}
    for text, link in (("2", "?o=7&p=1"), ("2", "?p=last"), ("2", "?offset=20")):
        assert paging_offer(page(html), PointedElement(URL, "text", text, link=URL + link)) is None
    element = PointedElement(URL, "text", "2", link=f"{URL}?offset=20")
    assert paging_offer(page(html), element, rows=20) == {"parameter": "offset", "count_up": {"first": 0, "by": "rows"}}


def test_the_pages_of_a_list_follow_each_other_to_the_last() -> None:
    html = PEOPLE.replace("{id}", ' id="people"')
    first = page(html)
    offer = list_offers(first, cell(html, "ob@example.com"))[0]
    counted = {"parameter": "p", "count_up": {"first": 0}}
    assert following_page(first, offer, counted) == f"{URL}?p=1"
    third = read_page(html.encode(), "text/html", f"{URL}?p=2&size=2")
    assert following_page(third, offer, counted) == f"{URL}?size=2&p=3"
    by_rows = {"parameter": "start", "count_up": {"first": 0, "by": "rows"}}
    assert following_page(first, offer, by_rows) == f"{URL}?start=2"
    one = html.replace("<tr><td>bob@example.com</td><td>Bob</td></tr>", "")
    short = read_page(one.encode(), "text/html", f"{URL}?p=3")
    assert following_page(short, offer, counted) is None
    named = {"next": "links[?rel=='next'] | [0].href"}
    assert following_page(first, offer, named) == f"{URL}?page=2"
    assert following_page(page(html[: html.index("<a ")]), offer, named) is None
