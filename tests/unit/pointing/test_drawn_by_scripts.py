# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that scripts draw: the sign of a sign-in is in the JSON that they load."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile

from .browsing import LOGIN, URL, Person
from .test_decisions import drafted

SHELL = '<title>Press</title><div id="root"></div><script src="app.js"></script>'


def signed_in(before: dict[str, Any]) -> Person:
    person = Person("other")
    person.get("login.htm", LOGIN)
    person.get_json("api/me", before)
    person.skip_to("sign_in")
    person.type("user", "service")
    person.type("pass", "right-password", "password")
    sent = {"tok": "t1", "user": "service", "pass": "right-password"}
    person.post("login.cgi", sent, status=302, location="app.htm")
    person.get("app.htm", SHELL)
    person.get_json("api/me", {"user": {"name": "service"}, "theme": "light"})
    person.done()
    return person


def who_typed_a_title() -> Person:
    """Return who has shown a setting and is about to save another value, and has typed that."""
    person = signed_in({"user": None, "theme": "light"})
    person.get_json("api/settings", {"title": "Press", "other": 1})
    person.skip_to("read.value.fields.value")
    person.point("app.htm", "Press", kind="control", removed=SHELL)
    person.skip_to("write.set_value")
    person.type("title", "Press north")
    return person


def end(person: Person) -> dict[str, Any]:
    """Sign out, and return the profile, which must fit the recording."""
    person.skip_to("sign_out")
    person.get("logout.cgi", LOGIN)
    person.done()
    profile = drafted(person, "other").profile
    report = check_profile(find_profile(profile, "other", None), recording=person.capture.recording())
    assert report.operations["sign_in"].ok, report.as_lines()
    return profile


def test_the_sign_is_in_the_json() -> None:
    person = signed_in({"user": None, "theme": "light"})
    person.point("app.htm", "service", removed=SHELL)
    assert person.guide.results["sign_in.signed_in"].pick == "type(user.name) != 'null'"
    profile = end(person)
    assert profile["sign_in"]["signed_in"] == "type(user.name) != 'null'"
    assert profile["sign_in"]["steps"][-1]["get"] == "api/me"


@pytest.mark.parametrize(("text", "before"), [("Log out", None), ("light", None), ("service", {"name": "?"})])
def test_what_is_no_sign_is_called_so(text: str, before: Any) -> None:
    person = signed_in({"user": before, "theme": "light"})
    person.point("app.htm", text, removed=SHELL, href=f"{URL}logout.cgi")
    assert "sign_in.signed_in" not in person.guide.results
    assert "a script draws it" in person.guide.note


def test_a_skipped_sign_is_found_in_the_session() -> None:
    person = signed_in({"user": None, "theme": "light"})
    person.guide.press("skip")
    assert end(person)["sign_in"]["signed_in"] == "user"


def test_what_scripts_send_when_they_draw_the_page_again_is_not_the_change_that_was_to_be_done() -> None:
    person = who_typed_a_title()
    person.send("api/settings", {"title": "Press north"})
    person.get("app.htm", SHELL)
    person.send("api/login", {"passive": True})
    person.get_json("api/settings", {"title": "Press north", "other": 1})
    person.done()
    assert end(person)["write"]["set_value"]["steps"][-1]["path"] == "api/settings"


def test_a_change_whose_request_was_not_recorded_is_left_out() -> None:
    """The person left the page before it was answered, and another request is no such change."""
    person = who_typed_a_title()
    person.get("app.htm", SHELL)
    person.send("api/login", {"passive": True})
    person.get_json("api/settings", {"title": "Press north", "other": 1})
    person.done()
    assert "set_value" not in end(person).get("write", {})


def test_a_password_that_a_script_sends_for_somebody_is_an_input_of_its_own() -> None:
    person = signed_in({"user": None, "theme": "light"})
    users = [{"name": "ann@example.com"}, {"name": "test-person@example.com"}]
    person.get_json("api/users", {"users": users[:1], "total": 1})
    person.skip_to("read.people")
    person.point("app.htm", "ann@example.com", removed=SHELL)
    person.skip_to("write.add_person")
    person.type("name", "test-person@example.com")
    person.type("pass1", "xR7-kk29Qz-71b", "password")
    person.send("api/users", {"name": "test-person@example.com", "password": "xR7-kk29Qz-71b"})
    person.get_json("api/users", {"users": users, "total": 2})
    person.done()
    step = end(person)["write"]["add_person"]["steps"][-1]
    assert step["json"] == {"name": "${person}", "password": "${new_password}"}


@pytest.mark.parametrize(
    ("tray", "sent"), [({"size": "A4", "weight": None}, "${present_trays}"), ({"size": "A3"}, "DECIDE")]
)
def test_a_list_that_a_script_sends_along_is_not_that_of_the_recorded_printer(tray: dict[str, Any], sent: str) -> None:
    person = signed_in({"user": None, "theme": "light"})
    person.get_json("api/settings", {"title": "Press", "trays": [{"size": "A4"}]})
    person.skip_to("read.value.fields.value")
    person.point("app.htm", "Press", kind="control", removed=SHELL)
    person.skip_to("write.set_value")
    person.type("title", "Press north")
    person.send("api/settings", {"title": "Press north", "trays": [tray]})
    person.get_json("api/settings", {"title": "Press north", "trays": [tray]})
    person.done()
    person.skip_to("sign_out")
    person.get("logout.cgi", LOGIN)
    person.done()
    step = drafted(person, "other").profile["write"]["set_value"]["steps"][-1]
    assert step["json"] == {"title": "${value}", "trays": sent}
