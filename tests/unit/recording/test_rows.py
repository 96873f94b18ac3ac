# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a script sends goes back to the row and to the hidden fields from which it took it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.rows import whole_row
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.candidates import read_value
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.changes import RecordedWrite
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import (
    BrowsingHistory,
    Visit,
    read_history,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.inputs import InputNames
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.rows import RecordedRow, RowList
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.steps import StepDrafter
from unit.recording.tape import Tape

ROWS = "tables[?id=='people'] | [0].rows"
BY_LINK = {
    "pick": "links[?contains(href, '/people/edit/')].href",
    "filters": [{"regex": "/people/edit/([^/?#]+)"}, "only"],
}


def listed(row: str) -> str:
    """Return a list of two people; ``row`` is what stands beside the address, with N for the person's number."""
    rows = [
        row.replace("N", number).replace("A", address)
        for number, address in (("12", "bob@example.com"), ("2", "ob@example.com"))
    ]
    token = '<form id="f"><input type="hidden" name="token" value="t-7391"></form>'
    return f'<table id="people"><tr><th>E-mail</th><th>Do</th></tr>{"".join(rows)}</table>{token}'


def history(html: str, path: str, form: dict[str, str]) -> BrowsingHistory:
    return read_history(Tape().get("/people", html).post(f"/{path}", form).recording, "/")


def rows_of(page: Visit) -> RowList:
    """Return the list on the page, as somebody pointed at ob@example.com in it."""
    return RowList(ROWS, (page,), "E-mail", "person", meant="ob@example.com")


def row_of_request(made: BrowsingHistory) -> RecordedRow | None:
    """Return the row that a request means which was sent after somebody pointed at the list."""
    page, sent = made.visits
    return StepDrafter(made, lists=[rows_of(page)]).row_of(RecordedWrite(request=sent))


@pytest.mark.parametrize(
    ("row", "path", "form", "pick"),
    [
        ('<tr><td>A</td><td><a href="/people/edit/N">Edit</a></td></tr>', "people/delete/2", {}, BY_LINK),
        ('<tr id="N"><td>A</td><td></td></tr>', "people/2/delete", {}, "id"),
        ('<tr data-key="N"><td>A</td><td></td></tr>', "delete", {"who": "2"}, "data.key"),
        (
            '<tr><td>A</td><td><input type="checkbox" name="pick" value="N"></td></tr>',
            "delete",
            {"who": "2"},
            {"pick": "controls[?name=='pick'].value", "filters": ["only"]},
        ),
    ],
)
def test_what_only_this_row_has_is_kept_of_it(row: str, path: str, form: dict[str, str], pick: Any) -> None:
    found = row_of_request(history(listed(row), path, {"token": "t-7391", **form}))
    assert found is not None
    assert (found.shown.path, found.wanted, found.picks) == ("people", "2", (pick,))


def test_a_link_of_the_row_to_somebody_else_is_never_taken_for_its_own() -> None:
    """Such as that of a manager, whom only one of the recorded rows has."""
    listed = '<tr><td>{}</td><td>{}<a href="/people/edit/{}">Edit</a></td></tr>'.format
    manager = '<a href="/people/edit/31">Boss</a>'
    rows = listed("bob@example.com", manager, 12) + listed("ob@example.com", "", 2)
    table = f'<table id="people"><tr><th>E-mail</th><th>Do</th></tr>{rows}</table>'
    found = row_of_request(history(table, "people/delete/2", {}))
    assert found is not None
    assert found.picks == (BY_LINK,)
    (bob, _whole), _ob = found.list.whole_on(found.shown)
    assert read_value(BY_LINK, whole_row(bob)) is None  # an error, and not 31


def test_the_key_of_a_row_of_json_is_sent_in_json() -> None:
    people = [{"id": 17, "email": "bob@example.com"}, {"id": 2, "email": "ob@example.com"}]
    tape = Tape().get("/people", {"items": people}).send("POST", "/remove", {"who": {"id": 2}}, {})
    made = read_history(tape.recording, "/")
    page, sent = made.visits
    listed = RowList("items", (page,), "email", "person", meant="ob@example.com")
    first, step = StepDrafter(made, lists=[listed]).write(RecordedWrite(request=sent), InputNames())
    assert first == {"get": "people"}
    assert step["row"] == {"of": "items", "where": {"email": "${person}"}, "keep": {"row_id": "id"}}
    assert step["json"] == {"who": {"id": "${row_id}"}}


def test_what_every_row_has_tells_nobody_apart() -> None:
    made = history(listed('<tr data-key="2"><td>A</td><td></td></tr>'), "people/delete/2", {})
    assert row_of_request(made) is None


def test_a_token_is_read_from_the_page_each_time() -> None:
    made = history(listed("<tr><td>A</td><td></td></tr>"), "delete", {"token": "t-7391", "other": "7391"})
    page, step = StepDrafter(made).write(RecordedWrite(request=made.visits[-1]), InputNames())
    assert page == {"get": "people", "keep": {"token": "forms[?id=='f'] | [0].fields.token"}}
    assert step == {"send": "POST", "path": "delete", "form": {"token": "${token}", "other": "7391"}}
