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
