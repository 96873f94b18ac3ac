# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person did and pointed at becomes the decisions of a draft, and the profile fits the recording."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.decisions import Decider
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.sign_in import shown_session
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import Draft, draft
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.input_names import own_input

from .browsing import DEVICE, LOGIN, OUT, START, URL, Person, people

EVIDENCE = {"evidence": {"kind": "simulated", "note": "Made up."}}


def decided(person: Person) -> dict[str, Any]:
    recording = person.capture.recording()
    history = read_history(recording, "/")
    asked: list[str] = []

    def ask(group: str, name: str, _label: str) -> str | None:
        asked.append(f"{group}: {name}")
        return None

    found = Decider(person.guide, person.capture, history, ask).decisions()
    assert asked == []
    return {**found, **EVIDENCE}


def drafted(person: Person, interface: str = "controller") -> Draft:
    shown = shown_session(person.guide, person.capture)
    recording = person.capture.recording()
    return draft(recording, interface=interface, id="pointed", decisions=decided(person), base_path="/", shown=shown)


@pytest.fixture(scope="module")
def person() -> Person:
    made = Person()
    made.record_printer()
    return made


@pytest.fixture(scope="module")
def decisions(person: Person) -> dict[str, Any]:
    return decided(person)


def test_the_sign_in_after_a_wrong_password(person: Person) -> None:
    """The refusal came as the answer to the form, so the interface is recognised by the page before it."""
    profile = drafted(person).profile
    assert profile["match"]["steps"] == [{"get": "login.htm"}]
    sign_in = profile["sign_in"]
    assert sign_in["steps"] == [
        {"submit": "forms[?name=='login'] | [0]", "fill": {"user": "${username}", "pass": "${password}"}}
    ]
    assert sign_in["signed_in"] == "links[?ends_with(href, '/logout.cgi')]"
    assert sign_in["refused"] == "forms[?name=='login']"
    assert profile["session_ended"] == {"when": "forms[?name=='login']"}
    assert profile["sign_out"] == {"steps": [{"get": "logout.cgi"}]}


def test_what_was_typed_becomes_the_inputs_that_were_pointed_at(decisions: dict[str, Any]) -> None:
    assert decisions["write.set_proxy"] == {
        "steps": [
            {"get": "proxy.htm"},
            {
                "submit": "forms[?name=='proxy'] | [0]",
                "fill": {"on": "${enabled}", "host": "${host}", "port": "${port}"},
                "press": "save",
            },
        ],
        "verify": "proxy",
    }


def test_what_was_skipped_is_decided_too(decisions: dict[str, Any]) -> None:
    assert decisions["write.unregister"] is None
    assert decisions["read.registration"] is None


def test_no_password_is_in_the_decisions(decisions: dict[str, Any]) -> None:
    assert "right-password" not in str(decisions)
    assert "wrong-password" not in str(decisions)


@pytest.mark.parametrize("refused", [True, False])
def test_the_draft_is_complete_and_fits_its_recording(refused: bool) -> None:
    person = Person()
    person.record_printer(refused=refused)
    made = drafted(person)
    assert [each.key for each in made.open if not each.optional or each.key.startswith(("sign", "session"))] == []
    report = check_profile(find_profile(made.profile, "controller", None), recording=person.capture.recording())
    assert {name: each.problem for name, each in report.operations.items() if not each.ok} == {}
    covered = {name for name, each in report.operations.items() if each.covered}
    assert covered >= {"sign_in", "read.identity", "read.ors", "read.proxy", "write.set_proxy", "sign_out"}
    assert report.operations["read.ors"].readings == [{"state": "connected", "mode": "enabled"}]


# --- people ---


@pytest.fixture(scope="module")
def site() -> dict[str, Any]:
    """Sign in, show the list, add the test person and remove the test person."""
    person = Person("other")
    person.reach("read.people")
    person.get("people", people("bob@example.com", "ob@example.com"))
    person.point("people", "ob@example.com")
    person.point("people", "There are 2 users.")
    person.skip_to("write.add_person")
    person.type("email", "test-person@example.com")
    person.post("people/add", {"csrf": "c0ffee11", "email": "test-person@example.com"}, status=302, location="/people")
    person.get("people", people("bob@example.com", "ob@example.com", "test-person@example.com"))
    person.done()
    person.post(
        "people/remove", {"csrf": "c0ffee11", "email": "test-person@example.com"}, status=302, location="/people"
    )
    person.get("people", people("bob@example.com", "ob@example.com"))
    person.done()
    person.skip_to("sign_out")
    person.get("logout.cgi", START)
    person.done()
    return decided(person)


def test_a_list_with_its_total(site: dict[str, Any]) -> None:
    read = site["read"]["people"]
    assert read["rows"] == "tables[?id=='people'] | [0].rows"
    assert read["fields"]["person"] == '"E-mail"'
    assert read["complete"]["total"]["pick"] == "ids.count"


def test_the_test_person_becomes_an_input(site: dict[str, Any]) -> None:
    (_page, step) = site["write"]["add_person"]["steps"]
    assert step == {"submit": "forms[?id=='add'] | [0]", "fill": {"email": "${person}"}}
    assert site["write"]["add_person"]["inputs"] == ["person"]
    assert site["write"]["add_person"]["verify"] == "people"


def test_no_address_of_a_person_and_no_position_is_in_a_removal(site: dict[str, Any]) -> None:
    text = str(site["write"]["remove_person"])
    assert "example.com" not in text
    assert "${person}" in text
    (page, step) = site["write"]["remove_person"]["steps"]
    assert page == {"get": "people"}
    assert step["row"] == {"of": "tables[?id=='people'] | [0].rows", "where": {"E-mail": "${person}"}}


# --- an interface without a contract ---

SIGNED_IN = '<title>Shop</title><a href="logout.cgi">Log out</a>'
PEOPLE_PAGE = (
    f'{SIGNED_IN}<table id="people"><tr><th>E-mail</th></tr><tr><td>bob@example.com</td></tr>{{more}}</table>'
    '<a href="add.htm">Add</a>'
)
NAME_PAGE = f"{SIGNED_IN}<table><tr><th>Name of the shop</th><td>{{name}}</td></tr></table>"
NAME_FORM = f'{SIGNED_IN}<form name="f" action="save.cgi" method="post"><input name="n" value="{{name}}"></form>'
ADD_FORM = (
    f'{SIGNED_IN}<form name="add" action="add.cgi" method="post"><input name="who"><input type="password" name="p1">'
    '<input type="password" name="own"></form>'
)


@pytest.fixture(scope="module")
def shop() -> dict[str, Any]:
    """Return the decisions about a shop whose value stands on one page and is changed on another."""
    person = Person("other")
    person.try_wrong_password()
    person.done()
    person.type("user", "service")
    person.type("pass", "right-password", "password")
    person.post(
        "login.cgi", {"tok": "t1", "user": "service", "pass": "right-password"}, status=302, location="name.htm"
    )
    person.get("name.htm", NAME_PAGE.format(name="North"))
    person.done()
    person.skip_to("read.value.fields.value")
    person.point("name.htm", "North")
    person.get("people.htm", PEOPLE_PAGE.format(more=""))
    person.point("people.htm", "bob@example.com")
    person.skip_to("write.set_value")
    person.get("edit.htm", NAME_FORM.format(name="North"))
    person.type("n", "South")
    person.post("save.cgi", {"n": "South"}, status=302, location="name.htm")
    person.get("name.htm", NAME_PAGE.format(name="South"))
    person.done()
    person.get("add.htm", ADD_FORM)
    person.type("who", person.guide.person)
    person.type("p1", "their-password", "password")
    person.type("own", "right-password", "password")
    sent = {"who": person.guide.person, "p1": "their-password", "own": "right-password"}
    person.post("add.cgi", sent, status=302, location="people.htm")
    person.get("people.htm", PEOPLE_PAGE.format(more=f"<tr><td>{person.guide.person}</td></tr>"))
    person.done()
    return decided(person)


def test_what_the_read_shows_after_the_change_is_what_was_typed(shop: dict[str, Any]) -> None:
    """The control has another name than the value, and stands on another page."""
    assert shop["write"]["set_value"]["inputs"] == ["value"]
    assert shop["write"]["set_value"]["steps"][-1]["fill"] == {"n": "${value}"}


def test_the_password_of_somebody_else_is_not_that_of_the_account(shop: dict[str, Any]) -> None:
    filled = shop["write"]["add_person"]["steps"][-1]["fill"]
    assert filled == {"who": "${person}", "p1": "${new_password}", "own": "${password}"}
    assert shop["write"]["add_person"]["inputs"] == ["new_password", "person"]


def test_a_refusal_may_lead_to_another_address_of_the_form() -> None:
    """As with Flask AppBuilder: the form is sent to its own address, and the refusal leads to another one."""
    form, again = LOGIN.replace(' action="login.cgi"', ""), "login.htm?next=device.htm"
    person = Person("other")
    person.get("login.htm", form)
    for password, sent_to, leads_to in (("wrong-password", "login.htm", again), ("right", again, "device.htm")):
        person.type("user", "service")
        person.type("pass", password, "password")
        sent = {"tok": "t1", "user": "service", "pass": password}
        person.post(sent_to, sent, status=302, location=leads_to)
        person.get(leads_to, form if leads_to == again else DEVICE)
        person.done()
    person.point("device.htm", "Log out", removed=DEVICE.replace(OUT, ""), href=f"{URL}logout.cgi")
    person.point("device.htm", "730012345")
    made = drafted(person, "other")
    assert made.profile["match"]["steps"] == [{"get": "login.htm", "query": {"next": "device.htm"}}]
    report = check_profile(find_profile(made.profile, "other", None), recording=person.capture.recording())
    assert {name: each.problem for name, each in report.operations.items() if not each.ok} == {}


def test_the_password_of_another_person_is_not_that_of_the_account() -> None:
    """It was typed on the page behind the sign-in, with no request in between."""
    person = Person("other")
    person.get("", START)
    person.get("login.htm", LOGIN)
    person.skip_to("sign_in")
    person.type("user", "service")
    person.type("pass", "right-password", "password")
    person.post("login.cgi", {"tok": "t1", "user": "service", "pass": "right-password"}, status=302, location="new.htm")
    form = (
        '<form name="new" action="new.cgi" method="post">Name: <input name="name">'
        'Password: <input type="password" name="pw"><input type="submit" name="add" value="Add"></form>'
    )
    person.get("new.htm", f"<title>New</title>{OUT}{form}")
    person.done()
    change = next(task.key for task in person.guide.tasks if task.key.startswith("write.") and task.does)
    person.skip_to(change)
    person.type("name", "test-person")
    person.type("pw", "another-password", "password")
    person.post("new.cgi", {"name": "test-person", "pw": "another-password", "add": "Add"}, f"<title>New</title>{OUT}")
    person.done()
    history = read_history(person.capture.recording(), "/")
    made = Decider(person.guide, person.capture, history, lambda _group, name, _label: own_input(name)).decisions()
    (step,) = [each for each in made["write"][change.removeprefix("write.")]["steps"] if "fill" in each]
    assert step["fill"]["pw"] == "${new_password}"


def test_a_button_with_the_word_for_signing_out_unregisters_the_printer() -> None:
    person = Person()
    person.reach("write.unregister")
    form = (
        '<form id="unreg" action="register.cgi" method="post"><input type="hidden" name="op" value="unregister">'
        '<input type="submit" value="Abmelden"></form>'
    )
    page = '<title>Press</title><a href="logout.cgi">Abmelden</a>'
    person.get("register.htm", f"{page}{form}")
    person.post("register.cgi", {"op": "unregister"}, status=302, location="register.htm")
    person.get("register.htm", page)
    person.done()
    person.skip_to("sign_out")
    person.get("logout.cgi", LOGIN)
    person.done()
    assert decided(person)["write.unregister"]["steps"][-1] == {"submit": "forms[?id=='unreg'] | [0]"}
