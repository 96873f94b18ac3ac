# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the row of a person to the page that removes this person, without an address of that person."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.decisions import Decider
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.input_names import own_input
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.rows import RowList

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
    person.reach("read.people")
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
            "follow": "links[?ends_with(href, '/edit')].href",
        },
        {"follow": "links[?ends_with(href, '/delete')].href"},
        {"submit": "forms[?fields.post=='yes'] | [0]"},
    ]


def test_no_number_of_one_person_is_in_the_profile(removal: dict[str, Any]) -> None:
    assert "19" not in str(removal)
    assert PERSON not in str(removal)


BOX = '<input type="checkbox" name="chosen" value="{}">'
GONE = '<a href="/user/{}/gone">Remove</a>'


def listed(row: str, *names: str) -> str:
    """Return the list in a form around it, with ``row`` beside each name."""
    rows = "".join(f"<tr><td>{name}</td><td>{row.format(at)}</td></tr>" for at, name in enumerate(names, 17))
    action = '<select name="action"><option value="">-</option><option value="remove">Remove</option></select>'
    return (
        f'<title>Site</title><a href="logout.cgi">Log out</a><form id="all" action="/people" method="post">{action}'
        f'<table id="p"><tr><th>Name</th><th></th></tr>{rows}</table><button>Go</button></form>'
    )


@pytest.mark.parametrize("row", [BOX, GONE])
def test_a_row_is_chosen_by_its_box_or_removed_by_its_link(row: str) -> None:
    person = Person("other")
    person.reach("read.people")
    person.get("people", listed(row, "bob@example.com", "ob@example.com", PERSON))
    person.point("people", "ob@example.com")
    person.skip_to("write.remove_person")
    person.get("people", listed(row, "bob@example.com", "ob@example.com", PERSON))
    if row == BOX:
        person.type("action", "remove", "select-one")
        person.post("people", {"action": "remove", "chosen": "19"}, status=302, location="/people")
    else:
        person.get("user/19/gone", "", status=302, location="/people")
    person.get("people", listed(row, "bob@example.com", "ob@example.com"))
    person.done()
    person.skip_to("sign_out")
    history = read_history(person.capture.recording(), "/")
    decider = Decider(person.guide, person.capture, history, lambda _group, name, label: own_input(name, label))
    made = decider.decisions()["write"]["remove_person"]
    chosen: dict[str, Any] = {"of": "tables[?id=='p'] | [0].rows", "where": {"Name": "${person}"}}
    done: dict[str, dict[str, Any]] = {
        BOX: {"submit": "forms[?controls[?name=='chosen']]", "fill": {"action": "remove", "chosen": True}},
        GONE: {"follow": "links[?ends_with(href, '/gone')].href", "writes": True},
    }
    assert made == {
        "inputs": ["person"],
        "steps": [{"get": "people"}, {"row": chosen, **done[row]}],
        "verify": "people",
    }


def test_the_token_that_a_script_sends_is_fetched_again() -> None:
    person = Person("other")
    person.reach("read.people")
    shown = '<meta name="csrf-token" content="d41d8cd98f00b204e980">' + people("bob@example.com", PERSON)
    person.get("people", shown)
    person.point("people", "bob@example.com")
    person.skip_to("write.remove_person")
    person.send("api/remove", {"email": PERSON}, x_csrf_token="d41d8cd98f00b204e980", accept="*/*")
    person.get("people", shown)
    person.done()
    person.skip_to("sign_out")
    assert decided(person)["write"]["remove_person"]["steps"] == [
        {"get": "people", "keep": {"x_csrf_token": 'meta."csrf-token"'}},
        {
            "send": "POST",
            "path": "api/remove",
            "json": {"email": "${person}"},
            "headers": {"X-Csrf-Token": "${x_csrf_token}"},
        },
    ]


@pytest.mark.parametrize(("said", "goes_on"), [("238 users", True), ("1 user", False)])
def test_the_result_of_a_search_may_not_say_how_many_there_are(said: str, goes_on: bool) -> None:
    """As with Django: the pattern for the total of the list does not fit the page, so only this page is searched."""
    total = {"pick": "ids.count", "filters": [{"regex": r"^(\d+) users$"}, "integer"]}
    onward = {"parameter": "page", "count_up": {}, "complete": {"total": total}}
    listed = RowList("rows", (), "Name", "person", onward, meant=PERSON)
    person = Person("other")
    person.get("people", f'<p id="count">{said}</p>')
    (visit,) = read_history(person.capture.recording(), "/").visits
    assert ("next" in listed.chosen_on(visit)) is goes_on


def removing(sent: dict[str, Any], *, by_form: bool = False) -> Person:
    """Remove the person by what the list does not have: sent as JSON, or by a form on a page that no row leads to."""
    person = Person("other")
    person.reach("read.people")
    listed = '<title>Site</title><a href="logout.cgi">Log out</a><table id="p"><tr><th>Name</th></tr>{}</table>'
    rows = [f"<tr><td>{name}</td></tr>" for name in ("bob@example.com", PERSON)]
    person.get("people", listed.format("".join(rows)))
    person.point("people", "bob@example.com")
    person.skip_to("write.remove_person")
    if by_form:
        fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in sent.items())
        person.get("card", f'<form id="x" action="/gone" method="post">{fields}<button>Go</button></form>')
        person.post("gone", sent)
    else:
        person.send("api/remove", sent)
    person.get("people", listed.format(rows[0]))
    person.done()
    person.skip_to("sign_out")
    return person


@pytest.mark.parametrize("by_form", [False, True])
def test_a_removal_that_says_nobody_is_left_out_with_a_note(by_form: bool) -> None:
    """A profile that sends the number of the test person each time would remove this one for everybody."""
    person = removing({"id": "k4711x" if by_form else "me"}, by_form=by_form)
    history = read_history(person.capture.recording(), "/")
    decider = Decider(person.guide, person.capture, history, lambda *_args: None)
    assert "remove_person" not in decider.decisions()["write"]
    (note,) = [each for each in decider.notes if each.startswith("write.remove_person")]
    assert "says on whom or what it acts" in note


def test_a_number_beside_the_person_is_a_question() -> None:
    (step,) = decided(removing({"email": PERSON, "id": 4711, "notify": True}))["write"]["remove_person"]["steps"]
    assert step["json"] == {"email": "${person}", "id": "DECIDE", "notify": True}
