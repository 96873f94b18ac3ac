# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps that act on one row of a list: the right one or none, on whichever page of the list it is."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput, NoSuchRow, UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    Purpose,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_steps
from ansible_collections.printops.prisma.plugins.module_utils._web.session.navigator import Navigator
from ansible_collections.printops.prisma.plugins.module_utils._web.session.rows import matching
from hypothesis import given
from hypothesis import strategies as st
from unit.web.loopback import Answer, Asked, Loopback, serve
from unit.web.tiny import as_json, build, html

PEOPLE = ["bob@example.com", "nob@example.com", "ob@example.com", "zoe@example.com"]


class Users:
    """A list of people, two a page, that can be searched for a part of an address; and what was asked of it."""

    def __init__(self) -> None:
        self.people = list(PEOPLE)
        self.removed: list[str] = []
        self.hidden = 0
        """People whom the total counts and no page shows."""
        self.by_number = False
        """Whether [Remove] names a row by its number on the page that was shown last."""
        self.moves = False
        """Whether somebody else is added in front when the second page is shown."""
        self.last_shown: list[str] = []

    def __call__(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        form = parse_qs(asked.body.decode())
        if parts.path == "/api":
            return as_json({"items": [{"id": at, "user": {"email": who}} for at, who in enumerate(self.people)]})
        if asked.method == "DELETE":
            self.removed.append(self.people[int(parts.path.rpartition("/")[2])])
        if asked.method == "POST" and self.by_number:
            self.removed.append(self.last_shown[int(form["who"][0])])
        elif asked.method == "POST":
            self.removed += form.get("who", []) + form.get("sel", [])
        return html(self.table(query, around=parts.path == "/around"))

    def table(self, query: dict[str, str], *, around: bool) -> str:
        found = [who for who in self.people if query.get("q", "") in who]
        page = int(query.get("page", 1))
        shown = found if around else found[(page - 1) * 2 : page * 2]
        self.last_shown = shown
        if self.moves and page == 2:
            self.people.insert(0, "al@example.com")
            self.people.insert(0, "ad@example.com")
            self.moves = False
        one = '<input type=checkbox name=sel value="{0}"><button name=del value="{0}">x</button>'
        own = '<form method=post action=/remove><input type=hidden name=who value="{0}"><button>Remove</button></form>'
        cells = "".join(
            f"<tr><td>{who}<td>{(one if around else own).format(number if self.by_number else who)}</tr>"
            for number, who in enumerate(shown)
        )
        table = f"<table id=people><tr><th>E-mail<th></tr>{cells}</table>"
        more = page * 2 < len(found) and not around
        onward = f'<a rel=next href="?q={query.get("q", "")}&page={page + 1}">Next</a>' if more else ""
        counts = f"<p id=count>{len(found) + self.hidden}</p><p id=pages>{-(-len(found) // 2)}</p>"
        return f"<form method=post action=/around>{table}</form>" if around else counts + table + onward


@pytest.fixture
def users() -> Users:
    return Users()


@pytest.fixture
def server(users: Users, server_tls: ssl.SSLContext) -> Iterator[Loopback]:
    with serve(users, server_tls) as running:
        yield running


def walked(server: Loopback, ca_path: str, *steps: dict[str, Any], **variables: Any) -> Navigator:
    with make_client(ClientOptions(server.url, ca_path=ca_path, retries=0)) as client:
        walk = Navigator(client, build(), "write.ring", variables)
        walk.run(build_steps(steps, ("write", "ring", "steps"), in_write=True), Purpose.READ)
        return walk


ROW = {"of": "tables[?id=='people'] | [0].rows", "where": {"E-mail": "${person}"}}
ALL = {**ROW, "next": "links[?rel=='next'] | [0].href"}
NUMBERED = {"parameter": "page", "count_up": {}}
SEARCH = {"get": "users", "query": {"q": "${person}"}}


def test_a_search_that_finds_the_neighbours_first_removes_the_right_person(
    server: Loopback, ca_path: str, users: Users
) -> None:
    walked(server, ca_path, SEARCH, {"submit": "forms[0]", "row": ALL}, person="ob@example.com")
    assert users.removed == ["ob@example.com"]
    assert server.paths == ["/users?q=ob%40example.com", "/users?q=ob@example.com&page=2", "/remove"]


@pytest.mark.parametrize("proof", ["total", "pages"])
def test_numbered_pages_are_read_until_the_list_is_complete(
    server: Loopback, ca_path: str, users: Users, proof: str
) -> None:
    complete = {proof: {"pick": "ids.count" if proof == "total" else "ids.pages", "filters": ["integer"]}}
    row = {**ROW, "next": {**NUMBERED, "complete": complete}}
    walked(server, ca_path, SEARCH, {"submit": "forms[0]", "row": row}, person="ob@example.com")
    assert users.removed == ["ob@example.com"]
    assert server.paths == ["/users?q=ob%40example.com", "/users?q=ob%40example.com&page=2", "/remove"]


@pytest.mark.parametrize(("person", "paths"), [("bob@example.com", 4), ("zoe@example.com", 3)])
def test_a_page_that_was_left_is_shown_again_before_its_form_acts(
    server: Loopback, ca_path: str, users: Users, person: str, paths: int
) -> None:
    """Given an interface that takes the number of a row on the page that it showed last."""
    users.by_number = True
    walked(server, ca_path, {"get": "users"}, {"submit": "forms[0]", "row": ALL}, person=person)
    assert users.removed == [person]
    assert len(server.paths) == paths


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("sends", [False, True])
def test_the_number_of_a_row_is_read_from_the_page_on_which_it_is_sent(
    server: Loopback, ca_path: str, users: Users, person: str, sends: bool
) -> None:
    """Given a script that sends the number, by a form of the page of the row, or by a request of its own."""
    users.by_number = True
    row = {**ALL, "keep": {"number": "forms[0].fields.who"}}
    steps: list[dict[str, Any]] = [{"get": "users", "row": row}, {"submit": "forms[0]", "fill": {"who": "${number}"}}]
    if sends:
        steps = [{"send": "POST", "path": "remove", "form": {"who": "${number}"}, "row": row}]
    walked(server, ca_path, {"get": "users"}, *steps, person=person)
    assert users.removed == [person]


def test_nobody_is_chosen_where_the_row_moves_before_its_number_is_sent(
    server: Loopback, ca_path: str, users: Users
) -> None:
    users.by_number, users.moves = True, True
    row = {**ALL, "keep": {"number": "forms[0].fields.who"}}
    with pytest.raises(NoSuchRow, match="no row of 2 has E-mail 'bob@"):
        walked(server, ca_path, {"get": "users"}, {"get": "users", "row": row}, person="bob@example.com")
    assert users.removed == []


def test_nobody_is_chosen_where_the_row_has_left_its_page(server: Loopback, ca_path: str, users: Users) -> None:
    users.by_number, users.moves = True, True
    with pytest.raises(NoSuchRow, match="no row of 2 has E-mail 'bob@"):
        walked(server, ca_path, {"get": "users"}, {"submit": "forms[0]", "row": ALL}, person="bob@example.com")
    assert users.removed == []


def test_nobody_is_chosen_from_numbered_pages_that_lack_a_row(server: Loopback, ca_path: str, users: Users) -> None:
    """The row that is not shown might be a second one with the same address."""
    users.hidden = 1
    row = {**ROW, "next": {**NUMBERED, "complete": {"total": {"pick": "ids.count", "filters": ["integer"]}}}}
    with pytest.raises(UnexpectedPage, match=r"steps\.1: 3 rows were read over 3 pages, but the total is 4"):
        walked(server, ca_path, SEARCH, {"submit": "forms[0]", "row": row}, person="ob@example.com")
    assert users.removed == []


def test_or_nobody_where_the_person_is_not_on_the_page_that_was_read(
    server: Loopback, ca_path: str, users: Users
) -> None:
    with pytest.raises(NoSuchRow) as caught:
        walked(server, ca_path, SEARCH, {"submit": "forms[0]", "row": ROW}, person="ob@example.com")
    assert users.removed == []
    text = str(caught.value)
    assert "steps.1 needs exactly one row, and no row of 2 has E-mail 'ob@example.com'; the nearest are" in text
    assert "the nearest are E-mail: bob@example.com | E-mail: nob@example.com. Nothing was sent" in text


def test_two_rows_are_no_choice(server: Loopback, ca_path: str, users: Users) -> None:
    users.people = ["ob@example.com", "OB@example.com", "Ob@example.com"]
    walked(server, ca_path, {"get": "users"}, {"submit": "forms[0]", "row": ALL}, person="Ob@example.com")
    assert users.removed == ["Ob@example.com"]
    with pytest.raises(NoSuchRow, match=r"3 rows of 3 have E-mail 'oB@example\.com'"):
        walked(server, ca_path, {"get": "users"}, {"submit": "forms[0]", "row": ALL}, person="oB@example.com")
    assert len(users.removed) == 1


@pytest.mark.parametrize("nobody", ["", " ", None])
def test_an_empty_value_chooses_no_row(server: Loopback, ca_path: str, users: Users, nobody: str | None) -> None:
    users.people = [""]
    with pytest.raises(BadInput, match="the value by which a row is chosen is empty: E-mail"):
        walked(server, ca_path, {"get": "users"}, {"submit": "forms[0]", "row": ROW}, person=nobody)
    assert users.removed == []


def test_a_column_that_is_not_there_is_named_with_those_that_are(server: Loopback, ca_path: str) -> None:
    row = {**ROW, "where": {"Mail": "${person}"}}
    with pytest.raises(NoSuchRow, match="no row has a column 'Mail', the columns are E-mail"):
        walked(server, ca_path, {"get": "users"}, {"submit": "forms[0]", "row": row}, person="ob@example.com")


def test_a_form_around_the_list_ticks_and_presses_in_this_row(server: Loopback, ca_path: str, users: Users) -> None:
    for how, sent in (
        ({"fill": {"sel": True}}, b"sel=ob%40example.com"),
        ({"press": "del"}, b"del=ob%40example.com"),
    ):
        walked(server, ca_path, {"get": "around"}, {"submit": "forms[0]", "row": ROW, **how}, person="ob@example.com")
        assert server.asked[-1].body == sent


def test_a_row_of_json_gives_the_id_to_the_same_step(server: Loopback, ca_path: str, users: Users) -> None:
    row = {"of": "items", "where": {"user.email": "${person}"}, "keep": {"id": "id"}}
    walk = walked(
        server, ca_path, {"get": "api"}, {"send": "DELETE", "path": "api/${id}", "row": row}, person="ob@example.com"
    )
    assert users.removed == ["ob@example.com"]
    assert walk.kept == {"id": 2}


def test_forms_are_rows_too_and_cells_have_positions(server: Loopback, ca_path: str, users: Users) -> None:
    users.people = PEOPLE[1:3]
    by_form = {"of": "forms", "where": {"fields.who": "${person}"}}
    by_cell = {"of": "tables[0].cells", "where": {"0": "${person}"}}
    walked(server, ca_path, {"get": "users"}, {"submit": "@", "row": by_form}, person="ob@example.com")
    walked(server, ca_path, {"get": "users"}, {"submit": "forms[0]", "row": by_cell}, person="nob@example.com")
    assert users.removed == ["ob@example.com", "nob@example.com"]


def test_a_row_is_also_known_by_what_stands_in_it(server: Loopback, ca_path: str, users: Users) -> None:
    users.people = PEOPLE[1:3]
    row = {**ROW, "where": {"forms.0.fields.who": "${person}"}}
    walked(server, ca_path, {"get": "users"}, {"submit": "forms[0]", "row": row}, person="ob@example.com")
    assert users.removed == ["ob@example.com"]


def test_a_text_is_its_own_column() -> None:
    assert matching(["bob@example.com", "ob@example.com"], {"@": "ob@example.com"}) == [1]


def test_a_list_that_leads_in_a_circle_ends(server: Loopback, ca_path: str) -> None:
    row = {**ROW, "next": "links[?rel=='next'] | [0].href || '?page=1'"}
    with pytest.raises(UnexpectedPage, match="a page that was read before"):
        walked(server, ca_path, {"get": "users"}, {"submit": "forms[0]", "row": row}, person="ob@example.com")
    assert len(server.asked) < 10


ADDRESSES = st.lists(st.text("abno@.", min_size=1, max_size=4), max_size=6)


@given(ADDRESSES, st.text("abno@.", min_size=1, max_size=4))
def test_only_equal_rows_match(people: list[str], person: str) -> None:
    found = matching([{"email": who} for who in people], {"email": person})
    assert found == [at for at, who in enumerate(people) if who == person]


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        ("jo@stra\u00dfe.example", "jo@strasse.example"),
        ("\u212aen@example.com", "ken@example.com"),
        ("niko\u017f@example.com", "nikos@example.com"),
        ("\ufb01n@example.com", "fin@example.com"),
        ("jo\u200b@example.com", "jo@example.com"),
        ("j\u00f6@example.com", "J\u00d6@example.com"),
    ],
)
def test_what_unicode_takes_for_the_same_is_somebody_else(shown: str, asked: str) -> None:
    assert matching([{"email": shown}], {"email": asked}) == []
    assert matching([{"email": shown}], {"email": shown}) == [0]
    assert matching([{"email": "JO@Example.COM"}], {"email": "jo@example.com"}) == [0]


def test_values_are_compared_as_a_page_shows_them() -> None:
    rows = json.loads('[{"n": 5, "on": true, "t": " a  b "}, {"n": "5", "on": "true", "t": "a b"}, {"t": null}]')
    for column, value in (("n", 5), ("n", "5"), ("on", True), ("on", "true"), ("t", "a b")):
        assert matching(rows, {column: value}) == [0, 1]
