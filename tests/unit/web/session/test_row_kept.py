# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step keeps of a row and a later one sends is that of the page shown last, where a number may mean another."""

from __future__ import annotations

import contextlib
import ssl
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import NoSuchRow, UnexpectedPage
from unit.web.loopback import Answer, Asked, Loopback, serve
from unit.web.session.test_row_choice import server, walked
from unit.web.tiny import html

__all__ = ["server"]  # of the users here

ANN, BOB, CY, DAN = (f"{name}@example.com" for name in ("ann", "bob", "cy", "dan"))


class Users:
    """People, two a page, in another order each time; a row has a box with its number on the page."""

    def __init__(self) -> None:
        self.people = [ANN, BOB]
        self.turns = True
        self.shown: list[str] = []
        self.removed: list[str] = []
        self.by_form = False
        """Whether a form leads to the next page."""

    def __call__(self, asked: Asked) -> Answer:
        form = parse_qs(asked.body.decode())
        if asked.method == "POST" and "page" not in form:
            numbers = [name.partition("sel_")[2] for name in form]
            self.removed += [self.shown[int(number)] for number in numbers if number]
            return html("done")
        if self.turns:
            self.people.reverse()
        at = int((form or parse_qs(urlsplit(asked.path).query)).get("page", ["1"])[0])
        self.shown = self.people[(at - 1) * 2 : at * 2]
        rows = "".join(f"<tr><td>{who}<td><input type=checkbox name=sel_{n}>" for n, who in enumerate(self.shown))
        onward = f'<a rel=next href="?page={at + 1}">Next</a>' if at * 2 < len(self.people) else ""
        if self.by_form and onward:
            onward = f"<form name=next method=post action=users><input name=page value={at + 1}></form>"
        return html(f"{onward}<form method=post><table><tr><th>E-mail<th></tr>{rows}</table><button name=save></form>")


@pytest.fixture
def users() -> Users:
    return Users()


ROW = {"of": "tables[0].rows", "where": {"E-mail": "${person}"}, "keep": {"box": "controls[0].name"}}
SUBMIT = {"submit": "forms[0]", "fill": {"${box}": True}, "press": "save"}


@pytest.mark.parametrize("person", [ANN, BOB])
def test_the_box_is_that_of_the_page_that_is_submitted(
    server: Loopback, ca_path: str, users: Users, person: str
) -> None:
    """The steps of docs/profiles.md, given a list that has another order each time that it is shown."""
    walked(server, ca_path, {"get": "users"}, {"get": "users", "row": ROW}, SUBMIT, person=person)
    assert users.removed == [person]


def test_of_a_list_of_several_pages_that_of_the_row_is_shown_again(
    server: Loopback, ca_path: str, users: Users
) -> None:
    users.people, users.turns = [ANN, BOB, CY, DAN], False
    row = {**ROW, "next": "links[?rel=='next'] | [0].href"}
    walked(server, ca_path, {"get": "users"}, {"get": "users", "row": row}, SUBMIT, person=DAN)
    assert users.removed == [DAN]


def test_nothing_is_sent_where_the_page_lacks_the_row(server: Loopback, ca_path: str, users: Users) -> None:
    users.people, users.turns = [ANN, BOB, CY, DAN], False
    row = {**ROW, "next": "links[?rel=='next'] | [0].href"}
    with pytest.raises(NoSuchRow, match="no row of 2 has E-mail 'dan@"):
        walked(server, ca_path, {"get": "users"}, {"get": "users", "query": {"page": 1}, "row": row}, person=DAN)
    assert users.removed == []


@pytest.mark.parametrize("query", [{"edit": "${box}"}, {"page": 2}])
def test_unless_the_page_was_asked_for_by_what_was_kept_or_shows_the_row(
    server: Loopback, ca_path: str, users: Users, query: dict[str, Any]
) -> None:
    users.people, users.turns = [ANN, BOB, CY, DAN], False
    row = {**ROW, "next": "links[?rel=='next'] | [0].href"}
    walk = walked(server, ca_path, {"get": "users"}, {"get": "users", "query": query, "row": row}, person=DAN)
    assert walk.kept == {"box": "sel_1"}


@pytest.mark.parametrize("person", [ANN, BOB, CY, DAN])
def test_a_script_sends_the_number_on_the_page_shown_last(
    server: Loopback, ca_path: str, users: Users, person: str
) -> None:
    users.people, users.turns = [ANN, BOB, CY, DAN], False
    row = {**ROW, "next": "links[?rel=='next'] | [0].href"}
    send = {"send": "POST", "path": "remove", "form": {"${box}": "on"}, "row": row}
    walked(server, ca_path, {"get": "users"}, send, person=person)
    assert users.removed == [person]


@pytest.mark.parametrize("person", [ANN, BOB, CY, DAN])
def test_so_it_does_where_a_form_leads_from_page_to_page(
    server: Loopback, ca_path: str, users: Users, person: str
) -> None:
    users.people, users.turns, users.by_form = [ANN, BOB, CY, DAN, "eve@example.com"], False, True
    row = {**ROW, "next": "forms[?name=='next'] | [0]"}
    send = {"send": "POST", "path": "remove", "form": {"${box}": "on"}, "row": row}
    walked(server, ca_path, {"get": "users"}, send, person=person)
    assert users.removed == [person]


@pytest.mark.parametrize(("person", "removed"), [(ANN, []), (CY, [CY])])
def test_nothing_is_sent_where_the_page_of_the_row_cannot_be_shown_again(
    server: Loopback, ca_path: str, users: Users, person: str, removed: list[str]
) -> None:
    """Given a list whose first page a form has led to, as a search does that is sent by POST."""
    users.people, users.turns, users.by_form = [ANN, BOB, CY, DAN], False, True
    row = {**ROW, "next": "forms[?name=='next'] | [0]"}
    send = {"send": "POST", "path": "remove", "form": {"${box}": "on"}, "row": row}
    search = {"send": "POST", "path": "users", "form": {"page": "1"}}
    with contextlib.suppress(UnexpectedPage) if not removed else contextlib.nullcontext():
        walked(server, ca_path, {"get": "users"}, search, send, person=person)
    assert users.removed == removed


def test_the_row_is_that_of_the_page_shown_where_the_list_has_lost_pages_meanwhile(
    server_tls: ssl.SSLContext, ca_path: str, users: Users
) -> None:
    """Given others who are removed once the last page has been read: the row is on the first one then."""
    users.people, users.turns, users.by_form = [ANN, BOB, CY, DAN, "eve@example.com"], False, True

    def answer(asked: Asked) -> Answer:
        shown = users(asked)
        if asked.method == "POST" and b"page=3" in asked.body:
            users.people = [DAN, ANN]
        return shown

    row = {**ROW, "next": "forms[?name=='next'] | [0]"}
    send = {"send": "POST", "path": "remove", "form": {"${box}": "on"}, "row": row}
    with serve(answer, server_tls) as server:
        walked(server, ca_path, {"get": "users"}, send, person=DAN)
    assert users.removed == [DAN]


@pytest.mark.parametrize(("form", "sent"), [({"id": "${id}"}, False), ({"id": "${id}", "who": "${person}"}, True)])
def test_an_id_that_is_empty_names_nobody(
    server: Loopback, ca_path: str, users: Users, form: dict[str, str], *, sent: bool
) -> None:
    """Such as that of people who were invited and have none yet: it is the id of all of them."""
    row = {**ROW, "keep": {"id": "id"}}
    send = {"send": "POST", "path": "remove", "form": form, "row": row}
    with contextlib.nullcontext() if sent else pytest.raises(UnexpectedPage, match="by id alone, which is empty"):
        walked(server, ca_path, {"get": "users"}, send, person=ANN)
    assert ("POST" in [each.method for each in server.asked]) is sent


@pytest.mark.parametrize("person", [ANN, BOB])
@pytest.mark.parametrize(
    "last",
    [
        {"submit": "forms[?id=='del'] | [0]", "fill": {"id": "${row_id}"}},
        {"submit": "forms[?fields.key=='${row_id}']"},
        {"send": "POST", "path": "del", "form": {"id": "${row_id}"}},
    ],
    ids=["filled in", "of the form", "sent by a script"],
)
def test_nor_in_a_later_step(server_tls: ssl.SSLContext, ca_path: str, last: dict[str, Any], person: str) -> None:
    """Given bob without an id, and a form for whoever has none."""
    rows = f"<tr data-id=17><td>{ANN}<td></tr><tr data-id=''><td>{BOB}<td></tr>"
    forms = "".join(
        f"<form method=post action=del><input type=hidden name=key value='{at}'></form>" for at in ("17", "")
    )
    page = (
        f"<table><tr><th>E-mail<th></tr>{rows}</table>{forms}<form id=del method=post action=del><input name=id></form>"
    )
    row = {**ROW, "keep": {"row_id": "data.id"}}
    with serve(lambda asked: html(page), server_tls) as server:
        with contextlib.nullcontext() if person == ANN else pytest.raises(UnexpectedPage, match="by row_id alone"):
            walked(server, ca_path, {"get": "users"}, {"get": "users", "row": row}, last, person=person)
        assert ("POST" in [each.method for each in server.asked]) is (person == ANN)
