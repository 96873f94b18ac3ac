# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of PRISMA Home by pointing: devices and people, who is invited, promoted and removed, by row."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.application_columns import (
    application_id,
    application_roles,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile

from .browsing import LOGIN, URL, Person
from .test_decisions import decided, drafted

NEW = "test-person@example.com"
OUT = '<a href="logout.cgi">Log out</a>'
TOP = f'<title>Home</title><p id="who">administrator@example.com</p><p id="tenant">alpha</p>{OUT}'
USERS = [(f"{name}@example.com", "Employee") for name in ("administrator", "employee", "zoe")]
DEVICES = [("7300-11", "d-1"), ("7300-12", "d-2")]
HIDDEN = '<input type="hidden" name="token" value="t0ken1234">'


def users(*more: tuple[str, str], size: int = 2, number: int = 1) -> str:
    """Return a page of the list of users, with the link to the next one."""
    people = [*USERS, *more]
    rows = "".join(
        f'<tr><td><a href="/users/{email}">{email}</a></td><td>{role}</td><td>Active</td><td>User</td><td></td></tr>'
        for email, role in people[(number - 1) * size : number * size]
    )
    onward = f'<a id="next" rel="next" href="/users?page={number + 1}">Next</a>' if number * size < len(people) else ""
    return (
        f'{TOP}<p id="count">This list has {len(people)} users.</p>{onward}<form id="invite" action="/invite" '
        f'method="post">{HIDDEN}<label>E-mail address <input name="email"></label><label>Role <select name="role">'
        "<option>Administrator</option><option selected>Employee</option></select></label></form>"
        '<table id="users"><tr><th>E-mail address</th><th>Role</th><th>State</th><th>PRISMAlytics Dashboard</th>'
        f"<th>PRISMAremote Monitoring</th></tr>{rows}</table>"
    )


def user(email: str, role: str) -> str:
    """Return the page of one user, with the role and the button to remove the user."""
    hidden = f'{HIDDEN}<input type="hidden" name="email" value="{email}">'
    options = "".join(
        f"<option{' selected' if each == role else ''}>{each}</option>" for each in ("Administrator", "Employee")
    )
    return (
        f'{TOP}<form id="portal-role" action="/role" method="post">{hidden}<label>Role <select name="role">{options}'
        f'</select></label></form><form id="remove" action="/remove" method="post">{hidden}<button>Remove</button>'
        "</form>"
    )


def devices(*found: tuple[str, str]) -> str:
    """Return the list of devices, whose names lead to their pages."""
    rows = "".join(
        f'<tr><td><a href="/devices/{key}">Press</a></td><td>{serial}</td><td>connected</td><td>Native</td></tr>'
        for serial, key in found
    )
    head = "<th>Name</th><th>Serial number</th><th>Status</th><th>Communication type</th>"
    return f'{TOP}<p id="count">{len(found)} devices</p><table id="devices"><tr>{head}</tr>{rows}</table>'


def record() -> Person:
    """Show both lists, register a printer and delete it, and let the test person come, rise and go."""
    person = Person("tenant")
    person.get("", '<title>Home</title><a id="sign-in" href="login.htm">Sign in</a>')
    person.get("login.htm", LOGIN)
    person.skip_to("sign_in")
    person.type("user", "administrator@example.com")
    person.type("pass", "right-password", "password")
    person.post("login.cgi", {"tok": "t1", "user": "administrator@example.com", "pass": "right-password"}, TOP)
    person.get("start", TOP)
    person.done()
    person.point("start", "Log out", removed=TOP.replace(OUT, ""), href=f"{URL}logout.cgi")
    person.point("start", "alpha", ids=["tenant"])
    person.skip_to("read.devices")
    person.get("devices", devices(*DEVICES))
    person.point("devices", "7300-12")
    person.point("devices", "2 devices", ids=["count"])
    person.skip_to("write.claim")
    claimed = f'{TOP}<p id="registered">The printer <span id="serial">7300-99</span> is registered.</p>'
    person.get("claim?code=c0de1234", claimed)
    person.done()
    person.point("claim?code=c0de1234", "7300-99", ids=["serial"])
    person.get("devices", devices(*DEVICES, ("7300-99", "d-99")))
    delete = (
        f'<form id="delete" action="/devices/d-99" method="post">{HIDDEN}<input type="hidden" name="do" value="{{}}">'
    )
    person.get("devices/d-99", TOP + delete.format("delete") + "<button>Delete</button></form>")
    question = f"{TOP}<p>Sure?</p>{delete.format('confirmed')}<button>Yes</button></form>"
    person.post("devices/d-99", {"token": "t0ken1234", "do": "delete"}, question)
    person.post("devices/d-99", {"token": "t0ken1234", "do": "confirmed"}, devices(*DEVICES))
    person.get("devices", devices(*DEVICES))
    person.done()
    _people(person)
    person.get("logout.cgi", "<title>Home</title><p>Signed out.</p>")
    person.done()
    return person


def _people(person: Person) -> None:
    def show(*more: tuple[str, str]) -> None:
        person.get("users", users(*more))
        person.get("users?page=2", users(*more, number=2))

    show()
    person.point("users", "employee@example.com")
    person.point("users", "This list has 3 users.", ids=["count"])
    person.point("users", "Next", href=f"{URL}users?page=2", removed=" ")
    person.type("email", NEW)
    sent = {"token": "t0ken1234", "email": NEW}
    person.post("invite", {**sent, "role": "Employee"}, f'{TOP}<p id="message">Invited.</p>')
    show((NEW, "Employee"))
    person.done()
    person.get(f"users/{NEW}", user(NEW, "Employee"))
    person.type("role", "Administrator", "select-one")
    person.post("role", {**sent, "role": "Administrator"}, f'{TOP}<p id="message">Saved.</p>')
    show((NEW, "Administrator"))
    person.done()
    person.get(f"users/{NEW}", user(NEW, "Administrator"))
    person.post("remove", sent, f'{TOP}<p id="message">Removed.</p>')
    show()
    person.done()


@pytest.fixture(scope="module")
def person() -> Person:
    return record()


@pytest.fixture(scope="module")
def decisions(person: Person) -> dict[str, Any]:
    return decided(person)


def test_devices_go_by_their_serial_number(decisions: dict[str, Any]) -> None:
    fields = decisions["read.devices"]["fields"]
    assert fields["serial"] == '"Serial number"'
    assert fields["status"]["values"]["connected"][0] == "connected"
    assert fields["communication_type"]["pick"] == '"Communication type"'
    assert decisions["read.devices"]["complete"]["total"]["pick"] == "ids.count"


def test_people_have_a_role_a_state_and_their_applications(decisions: dict[str, Any]) -> None:
    read = decisions["read.people"]
    assert read["fields"]["address"] == '"E-mail address"'
    assert read["paging"] == {"next": "links[?id=='next'] | [0].href"}
    row = {"PRISMAlytics Dashboard": "User", "PRISMAremote Monitoring": ""}
    applications = jmespath.search(read["fields"]["applications"], row)
    assert applications == [
        {"id": "prismalytics-dashboard", "role": "user"},
        {"id": "premote-monitoring", "role": "none"},
    ]
    del row["PRISMAremote Monitoring"]
    assert jmespath.search(read["fields"]["applications"], row)[1] == {"id": "premote-monitoring", "role": None}


def test_a_person_is_invited_with_the_role_that_is_asked_for(decisions: dict[str, Any]) -> None:
    page, step = decisions["write.invite_person"]["steps"]
    assert page == {"get": "users"}
    role = {"map": {"administrator": "Administrator", "employee": "Employee"}, "of": "${role}"}
    assert step["fill"] == {"email": "${address}", "role": role}


@pytest.mark.parametrize(("write", "form"), [("set_person_role", "portal-role"), ("remove_person", "remove")])
def test_the_way_to_a_person_begins_at_the_row(decisions: dict[str, Any], write: str, form: str) -> None:
    page, follow, submit = decisions[f"write.{write}"]["steps"]
    assert page == {"get": "users"}
    assert follow["row"]["where"] == {"E-mail address": "${person}"}
    assert follow["row"]["next"] == "links[?id=='next'] | [0].href"
    assert submit["submit"] == f"forms[?id=='{form}'] | [0]"
    assert NEW not in str(decisions[f"write.{write}"])


def test_a_device_is_deleted_by_the_row_with_its_serial_number(decisions: dict[str, Any]) -> None:
    page, follow, *submits = decisions["write.delete_device"]["steps"]
    assert page == {"get": "devices"}
    assert follow["row"]["where"] == {"Serial number": "${serial}"}
    assert len(submits) == 2
    assert "d-99" not in str(decisions["write.delete_device"])


def test_the_profile_is_complete_and_fits(person: Person) -> None:
    recording = person.capture.recording()
    made = drafted(person, "tenant")
    assert [each.key for each in made.open if not each.optional] == []
    report = check_profile(find_profile(made.profile, "tenant", None), recording=recording)
    assert {name: each.problem for name, each in report.operations.items() if not each.ok} == {}
    assert {"write.invite_person", "write.set_person_role", "write.remove_person", "write.delete_device"} <= set(
        report.operations
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("PRISMAlytics Dashboard", "prismalytics-dashboard"),
        ("prismalystics dashboard", "prismalytics-dashboard"),
        ("PRISMAremote Monitoring", "premote-monitoring"),
        ("Role", None),
    ],
)
def test_an_application_is_known_by_its_name(name: str, found: str | None) -> None:
    assert application_id(name) == found


def test_a_role_in_words_that_nobody_knows_stays_as_it_is() -> None:
    """A reading refuses it then, with the word."""
    expression = application_roles(["Name", "Remote Match"], {"user": ["User"]})
    assert expression is not None
    assert jmespath.search(expression, {"Remote Match": "Guest"}) == [{"id": "remote-match", "role": "Guest"}]
    assert application_roles(["Name"], {"user": ["User"]}) is None
