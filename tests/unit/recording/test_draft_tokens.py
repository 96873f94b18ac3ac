# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where what a script sends comes from: tokens are fetched again, and the key of one person is never one of them."""

from __future__ import annotations

from typing import Any

import pytest
from unit.recording.tape import Tape
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

TOKEN = "d41d8cd98f00b204e9800998"
META = f'<meta name="csrf-token" content="{TOKEN}">'
KEY = "0d5f3c1e-7a41-4b0e-9f0a-3b8a6b1c2d4e"


def sending(form: dict[str, str] | None = None, **headers: str) -> list[dict[str, Any]]:
    """Return the drafted steps of a request with a token of the page, as JSON or as ``form``."""
    tape = signed_in().get("/people", f"<title>App</title>{TOP}{META}")
    if form is None:
        tape.send("POST", "/save", {"note": "x", "csrf": TOKEN}, {}, headers=headers)
    else:
        tape.post("/save", form, "ok", headers=headers)
    drafted = tape.draft("other", **SIMULATED)
    assert drafted.profile["write"]["save"]["inputs"] == ["note"]
    steps: list[dict[str, Any]] = drafted.profile["write"]["save"]["steps"]
    return steps


@pytest.mark.parametrize("form", [None, {"note": "x", "csrf": TOKEN}])
def test_a_token_in_the_body_of_a_request_is_fetched_again(form: dict[str, str] | None) -> None:
    first, step = sending(form)
    assert first == {"get": "people", "keep": {"csrf": 'meta."csrf-token"'}}
    assert step["json" if form is None else "form"] == {"note": "${note}", "csrf": "${csrf}"}


def test_a_token_that_is_sent_twice_is_fetched_once() -> None:
    first, step = sending(None, **{"X-Csrf-Token": TOKEN})
    assert first == {"get": "people", "keep": {"x_csrf_token": 'meta."csrf-token"'}}
    assert step["json"]["csrf"] == step["headers"]["X-Csrf-Token"] == "${x_csrf_token}"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/api/users/17", {"uuid": KEY}),
        ("/api/user?name=bob", {"uuid": KEY}),
        ("/api/users/bob", {"uuid": KEY, "mail": "bob@example.com"}),
    ],
)
def test_a_key_on_the_page_of_one_person_is_not_fetched_for_everybody(path: str, shown: dict[str, str]) -> None:
    tape: Tape = signed_in().get("/people", f"<title>App</title>{TOP}").get(path, shown)
    (made,) = tape.send("POST", "/remove", {"uuid": KEY}, {}).draft("other", **SIMULATED).profile["write"].values()
    assert made == {"inputs": ["uuid"], "steps": [{"send": "POST", "path": "remove", "json": {"uuid": "${uuid}"}}]}


TAG = '"m41-1"'


@pytest.mark.parametrize("body", [None, {"role": "admin", "level": 2, "name": "Bob"}])
def test_the_version_of_a_document_that_a_script_sends_is_that_of_the_person_who_is_meant(body: Any) -> None:
    """The script fetches the membership of one person, and changes or removes this version of it (If-Match)."""
    people = [{"id": 41 + at, "email": f"{who}@example.com"} for at, who in enumerate(("bob", "joe", "ann"))]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/people", {"items": people, "total": 3})
    tape.get("/api/people/41", {"role": "user", "level": 2, "name": "Bob"}, answers={"ETag": TAG})
    if body is None:
        tape._add("DELETE", "/api/people/41", "", status=204, headers={"If-Match": TAG})
    else:
        tape.send("PUT", "/api/people/41", body, {}, headers={"if-match": TAG})
    tape.get("/api/people", {"items": people[body is None :], "total": 3 - (body is None)})
    drafted = tape.get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    _list, fetch, step = write["steps"]
    assert (fetch["get"], fetch["keep_headers"]) == ("api/people/${row_id}", {"if_match": "ETag"})
    assert fetch["row"]["where"] == {"email": "${email}"}
    assert (step["path"], step["headers"]) == ("api/people/${row_id}", {"If-Match": "${if_match}"})
    assert fetch.get("keep") == (None if body is None else {"present_level": "level", "present_name": "name"})
    assert TAG not in drafted.text
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


@pytest.mark.parametrize("tag", ["W/4", "*"])
def test_a_version_that_nothing_shows_is_a_question_and_any_version_a_constant(tag: str) -> None:
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/settings", {"name": "press"})
    tape.send("PUT", "/api/settings", {"mode": "x"}, {}, headers={"If-Match": tag})
    drafted = tape.get("/logout", "<title>Bye</title>").draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    assert write["steps"][-1].get("headers") == ({"If-Match": "*"} if tag == "*" else None)
    asked = [each.question for each in drafted.open if each.key.endswith(".headers")]
    assert ["If-Match" in each for each in asked] == [True] * (tag != "*")
