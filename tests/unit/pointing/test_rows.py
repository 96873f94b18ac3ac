# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the row of a person to the page that removes this person, without an address of that person."""

from __future__ import annotations

from typing import Any

import pytest

from .browsing import START, Person
from .test_decisions import decided

PERSON = "test-person@example.com"


def people(*names: str) -> str:
    rows = "".join(f'<tr><td><a href="/user/{at}/edit">{name}</a></td></tr>' for at, name in enumerate(names, 17))
    return f'<title>Site</title><a href="logout.cgi">Log out</a><table id="p"><tr><th>Name</th></tr>{rows}</table>'


@pytest.fixture(scope="module")
def removal() -> dict[str, Any]:
    """Follow the link of the person, then [Delete], then confirm."""
    person = Person("other")
    person.get("", START)
    person.try_wrong_password()
    person.done()
    person.sign_in()
    person.done()
    person.skip_to("read.people")
    listed = people("bob@example.com", "ob@example.com", PERSON)
    person.get("people", listed)
    person.point("people", "ob@example.com")
    person.skip_to("write.remove_person")
    person.get("user/19/edit", '<title>Edit</title><a href="/user/19/delete">Delete</a>')
    question = (
        '<title>Sure?</title><form method="post"><input type="hidden" name="post" value="yes"><button>Yes</button>'
    )
    person.get("user/19/delete", f"{question}</form>")
    person.post("user/19/delete", {"post": "yes"}, status=302, location="/people")
    person.get("people", people("bob@example.com", "ob@example.com"))
    person.done()
    person.skip_to("sign_out")
    person.get("logout.cgi", START)
    person.done()
    made: dict[str, Any] = decided(person)["write"]["remove_person"]
    return made


def test_the_steps_begin_at_the_row_and_follow_its_links(removal: dict[str, Any]) -> None:
    assert removal["steps"] == [
        {"get": "people"},
        {
            "row": {"of": "tables[?id=='p'] | [0].rows", "where": {"Name": "${person}"}},
            "follow": "links[?ends_with(href, '/edit')] | [0].href",
        },
        {"follow": "links[?ends_with(href, '/delete')] | [0].href"},
        {"submit": "forms[?fields.post=='yes'] | [0]"},
    ]


def test_no_number_of_one_person_is_in_the_profile(removal: dict[str, Any]) -> None:
    assert "19" not in str(removal)
    assert PERSON not in str(removal)
