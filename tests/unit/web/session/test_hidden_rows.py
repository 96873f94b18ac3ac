# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a message shows of the rows of a list: nothing where the profile redacts values of them, or in JSON."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import NoSuchRow, UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    Purpose,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import Profile, build_steps
from ansible_collections.printops.prisma.plugins.module_utils._web.session.navigator import Navigator
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import make_reading
from unit.web.loopback import Answer, Asked, Loopback, serve
from unit.web.tiny import as_json, build, html, profile_source

DOORS = {"ann": "red door", "bob": "green door", "cid": "blue door"}
"""What a person is let in by, which no message may show where it is redacted."""


def answer(asked: Asked) -> Answer:
    if asked.path == "/api":
        people = [{"name": name, "number": door} for name, door in DOORS.items()]
        return as_json({"items": [*people, {"name": None, "number": "grey door"}]})
    rows = "".join(f"<tr><td>{name}<td>{door}</tr>" for name, door in DOORS.items())
    return html(f"<table id=t><tr><th>Name<th>Number</tr>{rows}<tr><td><td>grey door</tr></table>")


@pytest.fixture
def server(server_tls: ssl.SSLContext) -> Iterator[Loopback]:
    with serve(answer, server_tls) as running:
        yield running


def profile(redact: tuple[str, ...], page: str) -> Profile:
    """Return a profile with the list, on a page of HTML or in JSON."""
    source = profile_source() | ({"redact": list(redact)} if redact else {})
    rows, name, number = ("items", "name", "number") if page == "api" else ("tables[0].rows", "Name", "Number")
    source["read"]["list"] = {
        "steps": [{"get": page}],
        "rows": rows,
        "fields": {"name": {"pick": f"{name} || null"}, "number": number},
        "complete": {"last_page": "`true`"},
    }
    return build(source)


def navigator(server: Loopback, ca_path: str, made: Profile) -> Any:
    return Navigator(make_client(ClientOptions(server.url, ca_path=ca_path, retries=0)), made, "read.list", {})


def message(error: UnexpectedPage) -> str:
    return f"{error} {error.details}"


@pytest.mark.parametrize(("redact", "page"), [((), "list"), (("number",), "list"), ((), "api"), (("number",), "api")])
def test_a_row_that_lacks_a_field_is_shown_only_where_nothing_is_secret(
    server: Loopback, ca_path: str, redact: tuple[str, ...], page: str
) -> None:
    made = profile(redact, page)
    walk = navigator(server, ca_path, made)
    walk.run(made.reads["list"].steps, Purpose.READ)
    with pytest.raises(UnexpectedPage, match="the field 'name' is missing, in row 4 on page 1") as caught:
        make_reading(walk, made.reads["list"])
    shown = message(caught.value)
    hidden = bool(redact) or page == "api"
    assert ("the row before it: Name: cid, Number: blue door" in shown) is not hidden
    assert ("door" in shown) is not hidden


@pytest.mark.parametrize(("redact", "page"), [((), "list"), (("number",), "list"), ((), "api")])
def test_the_first_row_of_a_page_that_does_not_fit(
    server: Loopback, ca_path: str, redact: tuple[str, ...], page: str
) -> None:
    made = profile(redact, page)
    steps = build_steps([{"get": page, "expect": "ids.ready"}], ("read", "list", "steps"), in_write=False)
    with pytest.raises(UnexpectedPage, match="is not the expected page") as caught:
        navigator(server, ca_path, made).run(steps, Purpose.READ)
    assert ("red door" in message(caught.value)) is (not redact and page == "list")


@pytest.mark.parametrize(("redact", "page"), [((), "list"), (("number",), "list"), ((), "api")])
def test_the_rows_nearest_to_the_one_that_was_not_found(
    server: Loopback, ca_path: str, redact: tuple[str, ...], page: str
) -> None:
    """Given a person who is not there, then those near are named by what was asked for, and by no secret."""
    of, column = ("items", "name") if page == "api" else ("tables[0].rows", "Name")
    row = {"of": of, "where": {column: "ci"}, "keep": {"number": f"{'number' if page == 'api' else 'fields.Number'}"}}
    steps = build_steps([{"get": page}, {"get": "x/${number}", "row": row}], ("write", "ring", "steps"), in_write=True)
    with pytest.raises(NoSuchRow, match="needs exactly one row") as caught:
        navigator(server, ca_path, profile(redact, page)).run(steps, Purpose.READ)
    shown = message(caught.value)
    assert f"the nearest are {column}: cid" in shown
    assert ("blue door" in shown) is (not redact and page == "list")
