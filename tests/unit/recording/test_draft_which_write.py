# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operation a recorded change is: the words on its button say it, and without them nobody is sure."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import Draft
from unit.recording.test_draft_acts_on import users
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

STATE = "<table><tr><th>Registration state</th><td>registered</td></tr></table>"


def people(button: str) -> Draft:
    """Draft a site in which somebody typed an address into the only form of the page, and pressed its button."""
    rows = "<tr><td>bob@example.com</td></tr><tr><td>ob@example.com</td></tr>"
    table = f"<table id=people><tr><th>E-mail</th></tr>{rows}</table><p id=n>2 people</p>"
    form = (
        f'<form id=f method=post action="/p"><label>E-mail <input name=email></label><button>{button}</button></form>'
    )
    page = f"<title>Portal</title>{TOP}<h1>Dashboard</h1>{table}{form}"
    tape = signed_in().get("/people", page).post("/p", {"email": "ob@example.com"}, page)
    return tape.get("/logout", "<title>Bye</title>").draft("site", **SIMULATED)


def registration(*buttons: str, pressed: str) -> Draft:
    """Draft a printer in which somebody pressed a button on the page with the registration."""
    forms = "".join(f"<form id=f{each} method=post action='/do'><button>{each}</button></form>" for each in buttons)
    page = f"<title>Registration</title>{TOP}{forms}{STATE}"
    forms_before = forms.replace(f"<button>{pressed}", f"<button name=go value=1>{pressed}")
    tape = signed_in().get("/registration", page.replace(forms, forms_before)).post("/do", {"go": "1"}, page)
    return tape.get("/registration", page).get("/logout", "<title>Bye</title>").draft("controller", **SIMULATED)


def writes(drafted: Draft) -> list[str]:
    return [*drafted.profile.get("write", {})]


@pytest.mark.parametrize(("button", "found"), [("Add", ["add_user"]), ("Remove", []), ("Go", [])])
def test_a_form_with_an_address_adds_somebody_only_if_its_button_says_so(button: str, found: list[str]) -> None:
    """The form that removes whom one types has the same field."""
    drafted = people(button)
    assert writes(drafted) == found
    question = next((each for each in drafted.open if each.key == "write.add_user"), None)
    assert (question is None) == bool(found)
    if question is not None:
        assert [each.answer for each in question.candidates] == [f"the form of people with the button {button!r}"]


@pytest.mark.parametrize(
    ("button", "found"), [("Register", ["register"]), ("Unregister", ["unregister"]), ("Losmachen", [])]
)
def test_a_button_with_unknown_words_is_neither_of_two_operations_of_its_page(button: str, found: list[str]) -> None:
    drafted = registration(button, pressed=button)
    assert writes(drafted) == found
    if not found:
        asked = {each.key: [one.answer for one in each.candidates] for each in drafted.open}
        assert (
            asked["write.register"]
            == asked["write.unregister"]
            == ["the form of registration with the button 'Losmachen'"]
        )


@pytest.mark.parametrize(("pressed", "found"), [("r", ["register"]), ("u", ["unregister"])])
def test_of_two_buttons_of_a_form_the_one_that_was_pressed_says_what_it_does(pressed: str, found: list[str]) -> None:
    form = (
        "<form id=f method=post action='/do'><button name=r>Register</button><button name=u>Unregister</button></form>"
    )
    page = f"<title>Registration</title>{TOP}{form}{STATE}"
    tape = signed_in().get("/registration", page).post("/do", {pressed: ""}, page).get("/logout", "<title>Bye</title>")
    drafted = tape.draft("controller", **SIMULATED)
    assert writes(drafted) == found
    assert drafted.profile["write"][found[0]]["steps"][-1]["press"] == pressed


OWN = '<input type=hidden name=id value={0}><button name={1} value="{2}">{3}</button>'
TWO_FORMS = "".join(
    f"<form action='/act' method=post>{OWN.format('{0}', 'op', value, label)}</form>"
    for value, label in (("admin", "Make admin"), ("gone", "Remove"))
)
ONE_FORM = (
    "<form action='/act' method=post><input type=hidden name=id value={0}>"
    "<button name=op value=admin>Make admin</button><button name=op value=gone>Remove</button></form>"
)
OF_ROW = '<button name=op value="admin {0}">Make admin</button><button name=op value="gone {0}">Remove</button>'


@pytest.mark.parametrize(
    ("row", "around", "sent", "pressed"),
    [
        (TWO_FORMS, "{}", {"id": "17", "op": "gone"}, "op"),
        (ONE_FORM, "{}", {"id": "17", "op": "gone"}, {"name": "op", "value": "gone"}),
        (OF_ROW, '<form action="/act" method=post>{}</form>', {"op": "gone 17"}, "DECIDE"),
    ],
)
def test_of_two_operations_on_a_row_the_profile_does_the_one_that_was_done(
    row: str, around: str, sent: dict[str, str], pressed: Any
) -> None:
    """The first button of this name would make an administrator of whom is to be removed."""

    def shown(*people: tuple[str, str]) -> str:
        rows = "".join(f"<tr><td>{name}</td><td>{row.format(number)}</td></tr>" for number, name in people)
        table = around.format(f"<table id=people><tr><th>E-mail</th><th></th></tr>{rows}</table>")
        return f"<title>Portal</title>{TOP}{table}<p id=n>{len(people)} people</p>"

    people = [("11", "anna@example.com"), ("17", "bob@example.com"), ("23", "carl@example.com")]
    tape = signed_in().get("/people", shown(*people))
    tape.post("/act", sent, status=302, answers={"Location": "/people"}).get("/people", shown(people[0], people[2]))
    drafted = tape.get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    step = write["steps"][-1]
    assert step["row"]["where"] == {"E-mail": "${e_mail}"}
    assert step["press"] == pressed
    assert ("Remove" in step["submit"]) == (row is TWO_FORMS)
    report = tape.check(drafted.profile) if pressed != "DECIDE" else None
    assert report is None or report.ok, report.as_lines()


@pytest.mark.parametrize(("path", "drafted_path"), [("730012345/test", "${serial}/test"), ("test", None)])
def test_a_word_behind_the_devices_is_no_serial_number(path: str, drafted_path: str | None) -> None:
    """A test of all devices says of none that it is meant."""
    devices = [{"serialNumber": each, "status": "Connected"} for each in ("730012345", "730012346")]
    tape = signed_in().get("/people", f"<title>Portal</title>{TOP}")
    tape.get("/api/devices", {"items": devices, "total": 2}).send(
        "POST", f"/api/devices/{path}", {}, {"result": "passed"}
    )
    drafted = tape.get("/logout", "<title>Bye</title>").draft("tenant", **SIMULATED)
    write = drafted.profile.get("write", {}).get("test_device")
    assert (None if write is None else write["steps"][-1]["path"]) == (drafted_path and f"api/devices/{drafted_path}")


@pytest.mark.parametrize(
    ("heads", "one", "other", "column"),
    [
        (("Manager", "E-mail"), "a", "b", "E-mail"),
        (("E-mail of the manager", "E-mail"), "a", "b", "E-mail"),
        (("Manager", "E-mail"), "a", "a", "E-mail"),  # the managers alone tell all rows apart
        (("Person", "Manager"), "a", "b", None),
        (("Name", "Manager"), "a", "", None),
    ],
)
def test_of_two_columns_with_addresses_the_one_that_is_named_so_means_the_person(
    heads: tuple[str, str], one: str, other: str, column: str | None
) -> None:
    """Whoever is asked for is removed, and not the person whose manager has this address."""
    people = [(f"boss{at}@example.com", f"{name}@example.com") for at, name in enumerate((one, other, "bob"))]
    if heads[0] == "Name":
        people = [("Ann", "x@example.com"), ("Eve", "x@example.com"), ("Bob", "x@example.com")]
    form = '<form action="/gone" method=post><input type=hidden name=key value={}><button>Remove</button></form>'
    rows = [f"<tr><td>{a}</td><td>{b}</td><td>{form.format(at)}</td></tr>" for at, (a, b) in enumerate(people, 17)]
    head = f"<title>Portal</title>{TOP}<h1>Dashboard</h1>"
    table = "<table id=people><tr><th>{}</th><th>{}</th><th></th></tr>{}</table><p id=n>{} people</p>"
    tape = signed_in().get("/people", head + table.format(*heads, "".join(rows), 3))
    tape.post("/gone", {"key": "19"}, status=302, answers={"Location": "/people"})
    tape.get("/people", head + table.format(*heads, "".join(rows[:2]), 2)).get("/logout", "<title>Bye</title>")
    removal = tape.draft("site", **SIMULATED).profile.get("write", {}).get("remove_dashboard")
    where = removal["steps"][1]["row"]["where"] if removal is not None else None
    assert where == (None if column is None else {column: "${address}"})


def test_a_form_that_only_the_answer_to_another_one_shows_belongs_to_that_change() -> None:
    """Whoever removes somebody types the address of this person to confirm it."""
    row = '<form action="/ask" method=post><input type=hidden name=id value={0}><button>Remove</button></form>'
    shown = users(f"<tr><td>{{1}}</td><td>{row}</td></tr>")
    sure = f"<title>Portal</title>{TOP}<form id=c action=/gone method=post>Address: <input name=typed>"
    tape = signed_in().get("/people", shown).post("/ask", {"id": "17"}, f"{sure}<button>Yes</button></form>")
    tape.post("/gone", {"typed": "bob@example.com"}, status=302, answers={"Location": "/people"})
    tape.get("/people", users(f"<tr><td>{{1}}</td><td>{row}</td></tr>", without="17")).get(
        "/logout", "<title>Bye</title>"
    )
    drafted = tape.draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    assert write["inputs"] == ["e_mail"]
    assert [step.get("writes") for step in write["steps"]] == [None, False, None]
    assert write["steps"][-1] == {"submit": "forms[?id=='c'] | [0]", "fill": {"typed": "${e_mail}"}}
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()
