# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a script sends goes back to the row and to the hidden fields from which it took it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.rows import RowPlace
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.script_request import (
    hidden_values,
    row_of_request,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import Visit, read_history

from .browsing import Person

ROWS = "tables[?id=='people'] | [0].rows"
PLACE = RowPlace({"of": ROWS, "where": {"E-mail": "${person}"}}, ROWS, '"E-mail"', "ob@example.com")
BY_LINK = {
    "pick": "links[?contains(href, '/people/edit/')] | [0].href",
    "filters": [{"regex": "/people/edit/([^/?#]+)"}],
}


def listed(row: str) -> str:
    """Return a list of two people; ``row`` is what stands beside the address, with N for the person's number."""
    rows = [
        row.replace("N", number).replace("A", address)
        for number, address in (("12", "bob@example.com"), ("2", "ob@example.com"))
    ]
    token = '<form id="f"><input type="hidden" name="token" value="t-7391"></form>'
    return f'<table id="people"><tr><th>E-mail</th><th>Do</th></tr>{"".join(rows)}</table>{token}'


def visits(html: str, path: str, form: dict[str, str]) -> list[Visit]:
    person = Person("other")
    person.get("people", html)
    person.post(path, form)
    return read_history(person.capture.recording(), "/").visits


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
            "controls[?name=='pick'] | [0].value",
        ),
    ],
)
def test_what_only_this_row_has_is_kept_of_it(row: str, path: str, form: dict[str, str], pick: Any) -> None:
    page, sent = visits(listed(row), path, {"token": "t-7391", **form})
    found = row_of_request([page], PLACE, sent)
    assert found is not None
    assert (found[0].path, *found[1:]) == ("people", "2", pick)


def test_what_every_row_has_tells_nobody_apart() -> None:
    page, sent = visits(listed('<tr data-key="2"><td>A</td><td></td></tr>'), "people/delete/2", {"token": "t-7391"})
    assert row_of_request([page], PLACE, sent) is None


def test_a_token_is_read_from_the_page_each_time() -> None:
    page, sent = visits(listed("<tr><td>A</td><td></td></tr>"), "delete", {"token": "t-7391", "other": "7391"})
    assert hidden_values(page, sent.form) == {"token": "forms[?id=='f'] | [0].fields.token"}
