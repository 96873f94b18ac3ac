# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is offered for an element that a person pointed at reads that element, and never another."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import Page, read_page
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.element import MARKER, PointedElement
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.offers import (
    is_certain,
    json_offers,
    page_offers,
    sign_offers,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.candidates import evaluate, is_true
from hypothesis import given, settings
from hypothesis import strategies as st

URL = "https://press.example.com/state.htm"


def page(html: str, url: str = URL) -> Page:
    return read_page(html.encode(), "text/html; charset=utf-8", url)


def pointed(html: str, value: str, *, kind: str = "text", removed: str = "", name: str = "") -> PointedElement:
    """Return the element whose value stands between braces in ``html``."""
    marked = html.replace(f"{{{value}}}", MARKER)
    return PointedElement(URL, kind, value, name=name, marked=marked, removed=removed)


def plain(html: str) -> Page:
    return page(html.replace("{", "").replace("}", ""))


@dataclass(frozen=True)
class Cell:
    label: str
    value: str
    has_id: bool
    colon: bool


WORDS = st.sampled_from(["State", "Mode", "Serial number", "Host", "État"])
VALUES = st.sampled_from(["connected", "enabled", "4711", "not connected", "a b"])
CELLS = st.lists(st.builds(Cell, WORDS, VALUES, st.booleans(), st.booleans()), min_size=1, max_size=6)


def table(cells: list[Cell], at: int, text: str, table_id: str, head: str) -> str:
    """Return a page with a row for each cell, in which the cell ``at`` shows ``text``."""
    rows = []
    for index, cell in enumerate(cells):
        own = f' id="v{index}"' if cell.has_id else ""
        shown = text if index == at else cell.value
        rows.append(f"<tr><{head}>{cell.label}{':' if cell.colon else ''}</{head}><td{own}>{escape(shown)}</td></tr>")
    return f'<html><body><h1>Page</h1><table id="{table_id}">{"".join(rows)}</table></body></html>'


@settings(max_examples=120, deadline=None)
@given(CELLS, st.data(), st.sampled_from(["", "tbl"]), st.sampled_from(["th", "td"]))
def test_an_offer_reads_the_element_that_was_meant_and_no_other(
    cells: list[Cell], data: st.DataObject, table_id: str, head: str
) -> None:
    at = data.draw(st.integers(0, len(cells) - 1))
    meant = cells[at].value
    element = PointedElement(URL, "text", meant, marked=table(cells, at, MARKER, table_id, head))
    for offer in page_offers(page(table(cells, at, meant, table_id, head)), element):
        assert evaluate(offer.expression, page(table(cells, at, "changed", table_id, head)).data) == "changed"
        for other in range(len(cells)):
            if other != at:
                neighbour = [*cells]
                neighbour[other] = Cell(cells[other].label, "changed", cells[other].has_id, cells[other].colon)
                assert evaluate(offer.expression, page(table(neighbour, at, meant, table_id, head)).data) == meant


@pytest.mark.parametrize(
    ("html", "value", "expression"),
    [
        ('<td id="s">{on}</td>', "on", None),  # a cell outside of a table is none, its id is lost
        ('<p id="s">{on}</p><p id="t">on</p>', "on", "ids.s"),
        (
            "<table><tr><th>State</th><td>{on}</td></tr><tr><th>Mode</th><td>on</td></tr></table>",
            "on",
            "tables[].cells[] | [?[0]=='State'] | [0][1]",
        ),
        ("<dl><dt>Mode<dd>on<dt>State<dd>{on}</dl>", "on", "fields.State"),
        (
            "<table><tr><td>State</td><td>{on}</td></tr><tr><td>Mode</td><td>on</td></tr></table>",
            "on",
            "tables[].cells[] | [?[0]=='State'] | [0][1]",
        ),
    ],
)
def test_the_most_reliable_expression_comes_first(html: str, value: str, expression: str | None) -> None:
    offers = page_offers(plain(html), pointed(html, value))
    if expression is not None:
        assert offers
        assert offers[0].expression == expression
    assert all(evaluate(offer.expression, plain(html).data) == value for offer in offers)


def test_of_two_rows_with_the_same_label_the_second_is_not_found_by_it() -> None:
    html = "<table><tr><th>State</th><td>on</td></tr><tr><th>State</th><td>{on}</td></tr></table>"
    assert page_offers(plain(html), pointed(html, "on")) == []


def test_what_a_script_has_put_on_the_page_is_not_offered() -> None:
    sent, shown = '<p id="s"></p>', '<p id="s">{on}</p>'
    assert page_offers(page(sent), pointed(shown, "on")) == []


def test_a_control_goes_by_its_name_also_after_the_person_typed() -> None:
    sent = '<form name="f"><input type="hidden" name="op" value="save">Host: <input name="host" value="old"></form>'
    element = PointedElement(URL, "control", "new", name="host", marked=sent.replace("old", MARKER))
    assert page_offers(page(sent), element) == []
    (offer, *_others) = page_offers(page(sent), element, typed=True)
    assert (offer.expression, offer.value) == ("forms[?name=='f'] | [0].fields.host", "old")


def test_a_check_box_is_read_by_what_the_page_says_of_it() -> None:
    sent = '<form id="f"><input type="checkbox" name="on" checked> <input type="checkbox" name="off" checked></form>'
    element = PointedElement(URL, "checkbox", True, marked=sent.replace('name="on" checked', 'name="on"'))
    offers = page_offers(page(sent), element)
    assert offers
    assert all("'on'" in offer.expression for offer in offers)


def test_a_link_that_shows_its_address_and_an_image() -> None:
    address = "https://home.example.com/r/1"
    sent = f'<a href="{address}">{address}</a><img src="registration/qr.png" alt="QR">'
    marked = sent.replace(address, "https://printops-marker.example/7391")
    (offer, *_others) = page_offers(page(sent), PointedElement(URL, "address", address, marked=marked))
    assert offer.expression == "links[?text == href] | [0].href"
    marked = sent.replace("registration/qr.png", "https://printops-marker.example/7391")
    qr = "https://press.example.com/registration/qr.png"
    (offer, *_others) = page_offers(page(sent), PointedElement(URL, "image", qr, marked=marked))
    assert offer.expression == "images[?ends_with(src, '/registration/qr.png')] | [0].src"


# --- signs ---

BEFORE = page('<form id="login"><input type="password" name="p"></form><p id="who">nobody</p>')
SESSION = '<a href="/logout.cgi">Log out</a><p id="who">service</p>'


def sign(value: str, removed: str, ids: tuple[str, ...] = ()) -> list[str]:
    link = "https://press.example.com/logout.cgi" if value == "Log out" else ""
    element = PointedElement(URL, "text", value, link=link, ids=ids, marked=SESSION, removed=removed)
    return [offer.expression for offer in sign_offers(page(SESSION), element, [BEFORE])]


def test_a_sign_goes_by_the_address_of_its_link_before_its_text() -> None:
    assert sign("Log out", '<p id="who">service</p>') == [
        "links[?ends_with(href, '/logout.cgi')]",
        "links[?text=='Log out']",
    ]


def test_what_is_there_before_the_sign_in_is_no_sign() -> None:
    assert sign("service", '<a href="/logout.cgi">Log out</a>', ("who",)) == []


# --- JSON ---

DEVICE = {
    "items": [
        {"id": "serialNumber", "label": "Serial number", "value": "4711"},
        {"id": "assetTag", "label": "Asset", "value": "4711"},
    ],
    "settings": {"user": "", "domain": None, "groups": []},
    "proxy": {"host": "proxy.example.com", "port": 3128, "enabled": False, "exceptions": ["a", "b"]},
}


def in_json(value: str | bool, ids: tuple[str, ...] = (), name: str = "") -> tuple[list[str], bool]:
    element = PointedElement(URL, "checkbox" if isinstance(value, bool) else "text", value, name=name, ids=ids)
    offers = json_offers([Page("json", DEVICE, "https://press.example.com/api")], element)
    assert all(evaluate(offer.expression, DEVICE) == offer.value for offer in offers)
    return [offer.expression for offer in offers], is_certain(offers, element)


def test_an_entry_of_a_list_in_json_goes_by_the_key_that_tells_it_from_the_others() -> None:
    found, certain = in_json("4711", ("assetTag", "main"))
    assert found[0] == "items[?id=='assetTag'] | [0].value"
    assert certain


def test_of_equal_values_in_json_without_a_name_the_person_chooses() -> None:
    found, certain = in_json("4711")
    assert sorted(found) == ["items[?id=='assetTag'] | [0].value", "items[?id=='serialNumber'] | [0].value"]
    assert not certain


def test_numbers_truth_values_and_lists_of_json() -> None:
    assert in_json("3128") == (["proxy.port"], True)
    assert in_json(False, name="enabled") == (["proxy.enabled"], True)
    assert in_json("a; b") == (["join('; ', proxy.exceptions)"], True)


def test_an_empty_field_is_found_by_its_name_alone() -> None:
    assert in_json("", name="user") == (["settings.user"], True)
    assert in_json("", name="domain") == (["settings.domain"], True)
    assert in_json("", name="groups") == (["join('; ', settings.groups)"], True)
    assert in_json("", name="other") == ([], False)


# --- what a page says of itself is not trusted ---


@pytest.mark.parametrize(
    "told",
    [{}, {"kind": "text", "value": True}, {"kind": "checkbox", "value": "on"}, {"kind": "script", "value": ""}],
)
def test_an_element_that_is_none_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        PointedElement.of(told, URL)


def test_a_sign_is_a_condition_and_not_a_value() -> None:
    assert is_true("links[?text=='Log out']", page(SESSION).data)
