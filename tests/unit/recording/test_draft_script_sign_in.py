# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sign-in that a script sends: as JSON however nested and named, or as fields, and never with a recorded account."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from .tape import Tape

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


def test_of_several_texts_the_person_says_which_is_the_user_name() -> None:
    made = recorded({"who": "service", "client": "ui", "password": PASSWORD}, "application/json").draft(**SIMULATED)
    (question,) = [each for each in made.open if each.key == "sign_in.steps"]
    bodies = [each.answer[0]["json"] for each in question.candidates]
    assert [body["who"] for body in bodies] == ["${username}", "service"]
    assert [body["client"] for body in bodies] == ["ui", "${username}"]
