# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sign-in that a script sends: as JSON however nested and named, or as fields, and never with a recorded account."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.scrub import scrub

from .tape import Tape
from .test_draft_lists import LOGIN, TOP, signed_in

START = "<title>Press</title><div id=root></div>"
MAIL, PASSWORD = "service@example.com", "correct horse"
SIMULATED: dict[str, Any] = {"evidence": {"kind": "simulated", "note": "Made up."}}
URLENCODED = "application/x-www-form-urlencoded;charset=UTF-8"


def recorded(sent: dict[str, Any], kind: str | None) -> Tape:
    body = urlencode(sent) if kind == URLENCODED else json.dumps(sent)
    tape = Tape().get("/", START)
    wrong = body.replace(urlencode({"": PASSWORD})[1:] if kind == URLENCODED else PASSWORD, "wrong")
    tape._add("POST", "/api/login", {"error": "no"}, sent=wrong, kind=kind, status=401)
    tape._add("POST", "/api/login", {"token": "t0ken-t0ken-1"}, sent=body, kind=kind)
    answer = {"serial": "730012345", "model": "varioPRINT"}
    return tape.get("/api/device", answer, headers={"authorization": "Bearer t0ken-t0ken-1"})


FIELDS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"username": "a", "password": PASSWORD}, {"username": "${username}", "password": "${password}"}),
    ({"email": MAIL, "password": PASSWORD}, {"email": "${username}", "password": "${password}"}),
    ({"id": "a", "pwd": PASSWORD}, {"id": "${username}", "pwd": "${password}"}),
    (
        {"user": "a", "password": PASSWORD, "domain": "PRINT"},
        {"user": "${username}", "password": "${password}", "domain": "${domain}"},
    ),
]
OF_JSON: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"id": "a", "pwd": PASSWORD, "stay": True}, {"id": "${username}", "pwd": "${password}", "stay": True}),
    (
        {"auth": {"user": "a", "password": PASSWORD}, "userType": "local"},
        {"auth": {"user": "${username}", "password": "${password}"}, "userType": "local"},
    ),
]


@pytest.mark.parametrize(
    ("kind", "sent", "drafted"),
    [
        (kind, *row)
        for kind in ("application/json", "text/plain;charset=UTF-8", None, URLENCODED)
        for row in (*FIELDS, *(OF_JSON if kind != URLENCODED else ()))
    ],
)
def test_the_account_is_filled_in(kind: str | None, sent: dict[str, Any], drafted: dict[str, Any]) -> None:
    tape = recorded(sent, kind)
    made = tape.draft("controller", **SIMULATED)
    assert made.profile["sign_in"]["steps"][0]["form" if kind == URLENCODED else "json"] == drafted
    assert MAIL not in made.text
    report = tape.check({**made.profile, "read": {}, "write": {}})
    assert report.operations["sign_in"].ok, report.as_lines()


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        (hashlib.md5(b"secret").hexdigest(), True),
        (hashlib.sha256(b"secret").hexdigest().upper(), True),
        (base64.b64encode(hashlib.sha1(b"secret").digest()).decode(), True),
        (base64.b64encode(bytes(range(128))).decode(), True),
        ("0123456789abcdef", False),
        ("aVeryLongPassphraseWithoutDigits", False),
    ],
)
@pytest.mark.parametrize("scrubbed", [True, False])
def test_what_a_script_made_of_the_password_is_a_question(sent: str, asked: bool, scrubbed: bool) -> None:
    """A profile would send the password itself, which the printer refuses, perhaps until the account is locked."""
    tape = recorded({"username": "anna.smith", "password": sent}, "application/json")
    if scrubbed:
        tape.exchanges = scrub(tape.recording)[0].exchanges
        assert sent not in str(tape.exchanges)
    made = tape.draft("controller", **SIMULATED)
    found = [each for each in made.open if each.key == "sign_in.steps"]
    assert len(found) == asked
    assert not asked or "looks like a digest" in found[0].question
    steps = tape.draft("controller", **SIMULATED, sign_in__steps=1).profile["sign_in"]["steps"] if asked else []
    assert not asked or steps[0]["json"] == {"username": "${username}", "password": "${password}"}


@pytest.mark.parametrize("on_page", [True, False])
def test_a_token_in_the_request_of_the_sign_in_is_fetched_or_a_question(on_page: bool) -> None:
    """It is another one for each session, and no user name."""
    tape = recorded({"id": "a", "pwd": PASSWORD, "csrf": "c5rF9a8b7c6d5e4f3a2b"}, "application/json")
    if on_page:
        page = START + '<script type="application/json">{"csrf": "c5rF9a8b7c6d5e4f3a2b"}</script>'
        tape.exchanges[0] = replace(tape.exchanges[0], response_body=page.encode())
    made = tape.draft("controller", **SIMULATED)
    csrf = "${csrf}" if on_page else "DECIDE"
    step = made.profile["sign_in"]["steps"][-1]
    assert step["json"] == {"id": "${username}", "pwd": "${password}", "csrf": csrf}
    assert ("sign_in.steps.0.json.csrf" in {each.key for each in made.open}) == (not on_page)
    assert any(each.startswith("sign_in.steps:") for each in made.sure) == on_page


def test_a_refusal_with_the_status_of_a_success_is_told_by_its_keys() -> None:
    tape = Tape().get("/", START)
    tape.send("POST", "/api/login", {"user": "a", "password": "wrong"}, {"ok": False, "user": None})
    tape.send("POST", "/api/login", {"user": "a", "password": PASSWORD}, {"ok": True, "user": "a"})
    made = tape.get("/api/device", {"serial": "730012345", "model": "varioPRINT"}).draft("controller", **SIMULATED)
    asked = {each.key: [one.answer for one in each.candidates] for each in made.open}
    assert asked["sign_in.signed_in"] == ["ok", "user"]
    assert asked["sign_in.refused"][0] == "ok == `false`"
    signs = {"sign_in__signed_in": 1, "sign_in__refused": 1}
    report = tape.check({**tape.draft("controller", **SIMULATED, **signs).profile, "read": {}, "write": {}})
    assert report.operations["sign_in"].ok, report.as_lines()


def test_of_several_texts_the_person_says_which_is_the_user_name() -> None:
    made = recorded({"who": "service", "client": "ui", "password": PASSWORD}, "application/json").draft(**SIMULATED)
    (question,) = [each for each in made.open if each.key == "sign_in.steps"]
    bodies = [each.answer[0]["json"] for each in question.candidates]
    assert [body["who"] for body in bodies] == ["${username}", "service"]
    assert [body["client"] for body in bodies] == ["ui", "${username}"]


TOKEN = "d41d8cd98f00b204e980"


@pytest.mark.parametrize(
    ("shown", "sent", "steps"),
    [
        (
            f'<form id=f><input type=hidden name=tok value="{TOKEN}"></form>',
            {"tok": TOKEN, "bye": "1"},
            [
                {"get": "people", "keep": {"tok": "forms[?id=='f'] | [0].fields.tok"}},
                {"send": "POST", "path": "logout", "form": {"bye": "1", "tok": "${tok}"}},
            ],
        ),
        ("", {"bye": "1"}, [{"send": "POST", "path": "logout", "form": {"bye": "1"}}]),
        ("", {"tok": TOKEN}, [{"send": "POST", "path": "logout", "form": {"tok": "DECIDE"}}]),
    ],
)
def test_a_sign_out_that_a_script_sends_has_its_fields(
    shown: str, sent: dict[str, str], steps: list[dict[str, Any]]
) -> None:
    tape = signed_in().get("/people", f"<title>Portal</title>{TOP}{shown}").post("/logout", sent, LOGIN)
    made = tape.draft("other", **SIMULATED)
    assert made.profile["sign_out"] == {"steps": steps}
    is_open = {each.key for each in made.open if each.key.startswith("sign_out")}
    assert is_open == ({"sign_out.steps.0.form.tok"} if "DECIDE" in str(steps) else set())
    assert any(each.startswith("sign_out") for each in made.sure) is not bool(is_open)


def test_a_sign_out_with_the_token_of_the_sign_in_sends_that_of_its_own() -> None:
    tape = recorded({"username": "a", "password": PASSWORD}, "application/json")
    tape.send(
        "POST", "/api/logout", {"session": "t0ken-t0ken-1"}, {}, headers={"authorization": "Bearer t0ken-t0ken-1"}
    )
    made = tape.draft("other", **SIMULATED)
    assert made.profile["sign_out"]["steps"][-1]["json"] == {"session": "${access_token}"}
    report = tape.check({**made.profile, "read": {}, "write": {}})
    assert report.ok, report.as_lines()


def test_a_sign_in_that_does_not_fit_is_not_sure() -> None:
    """The page to which it redirected was not recorded."""
    made = signed_in().get("/tools", f"<title>Tools</title>{TOP}").draft("other", **SIMULATED)
    assert any(each.startswith("sign_in as drafted does not fit") for each in made.left_out)
    assert not any(each.startswith("sign_in.steps") for each in made.sure)


def test_a_form_with_another_password_behind_the_sign_in_of_a_script_is_none() -> None:
    tape = recorded({"username": "a", "password": PASSWORD}, "application/json")
    form = '<form id=mail action="/mail" method=post><input name=server><input type=password name=pw><button>Save'
    tape.get("/mail", f"<title>Press</title>{form}").post("/mail", {"server": "x", "pw": "of-the-server"}, "saved")
    made = tape.draft("controller", **SIMULATED)
    assert made.profile["sign_in"]["method"] == "token"
    assert made.profile["sign_in"]["steps"][0]["path"] == "api/login"


def test_a_request_whose_json_is_a_text_is_no_sign_in() -> None:
    tape = recorded({"username": "a", "password": PASSWORD}, "application/json")
    assert tape.send("PUT", "/api/mode", "on", {}).draft("other", **SIMULATED).profile["sign_in"]["method"] == "token"
