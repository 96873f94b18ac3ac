# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is of one session in an address is no constant of a profile: its link is followed, or the draft asks."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest

from .tape import Tape

SIMULATED: dict[str, Any] = {"evidence": {"kind": "simulated", "note": "Made up."}}
TOKEN = "8fK2mQ9xZ4tB7wL1"
LOGIN = '<title>Press</title><form name="login" action="/login" method="post"><input name="user">{}</form>'
PASSWORD = '<input type="password" name="pass">'


def recorded(out: str, device: str, *, linked: bool = True) -> Tape:
    links = f'<a href="{device}">Device</a> <a href="{out}">Log out</a>' if linked else '<a href="/logout">Log out</a>'
    tape = Tape().get("/", LOGIN.format(PASSWORD))
    tape.post("/login", {"user": "a", "pass": "wrong"}, LOGIN.format(PASSWORD))
    tape.post("/login", {"user": "a", "pass": "right"}, "", status=302, answers={"Location": "/home"})
    tape.get("/home", f"<title>Press</title>{links}")
    table = "<table><tr><th>Serial number</th><td>730012345</td></tr></table>"
    tape.get(device, f"<title>Device</title><h1>Device</h1>{links}{table}")
    return tape.get(out if linked else "/logout", LOGIN.format(PASSWORD))


@pytest.mark.parametrize(
    ("out", "device"),
    [(f"/logout.cgi?token={TOKEN}", f"/device?sid={TOKEN}"), (f"/s/{TOKEN}/logout.cgi", f"/s/{TOKEN}/device")],
)
def test_a_link_with_a_token_is_followed(out: str, device: str) -> None:
    made = recorded(out, device).draft(**SIMULATED)
    assert TOKEN not in str(made.profile)
    read = made.profile["read"]["identity"]["steps"]
    assert [*read[0], *read[1]][:2] == ["get", "follow"]
    assert made.profile["sign_out"]["steps"][-1].keys() == {"follow"}
    report = recorded(out, device).check({**made.profile, "write": {}})
    assert report.operations["read.identity"].ok, report.as_lines()
    assert report.operations["sign_out"].ok, report.as_lines()


@pytest.mark.parametrize(
    ("device", "key"),
    [(f"/device?sid={TOKEN}", "query.sid"), (f"/s/{TOKEN}/device", "get")],
)
def test_without_a_link_the_draft_asks(device: str, key: str) -> None:
    made = recorded("/logout", device, linked=False).draft(**SIMULATED)
    assert TOKEN not in str(made.profile)
    assert not made.complete
    assert f"read.identity.steps.0.{key}" in [each.key for each in made.open]
    answered = {f"read__identity__steps__0__{key.replace('.', '__')}": "mine"}
    again = recorded("/logout", device, linked=False).draft(**SIMULATED, **answered)
    assert not any(each.key.startswith("read.identity.steps") for each in again.open)


def test_a_query_with_a_parameter_twice_is_sent_as_it_was() -> None:
    tape = recorded("/logout", "/log?f=a%26b&f=c%20d")
    made = tape.draft(**SIMULATED).profile
    assert made["read"]["identity"]["steps"] == [{"get": "log?f=a%26b&f=c+d", "expect": ANY}]
    report = tape.check({**made, "write": {}})
    assert report.operations["read.identity"].covered
    assert report.operations["read.identity"].ok, report.as_lines()


@pytest.mark.parametrize(("query", "is_open"), [("cookie_check=true", False), ("token=1", True), ("token=abc", True)])
def test_true_is_no_token_whatever_it_is_called(query: str, is_open: bool) -> None:
    drafted = recorded("/logout", f"/device?{query}", linked=False).draft(**SIMULATED)
    assert any(".query." in each.key for each in drafted.open) is is_open
