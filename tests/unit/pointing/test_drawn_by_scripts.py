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
