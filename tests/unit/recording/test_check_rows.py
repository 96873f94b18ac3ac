# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes that act on one row, held against a recording of that."""

from __future__ import annotations

from typing import Any

from .tape import Tape

BOXES = "".join(
    f'<tr><td>{name}@example.com</td><td><input type="checkbox" name="on_{name}" value="1"{{{name}}}></td></tr>'
    for name in ("ann", "bob")
)
USERS = (
    '<title>Users</title><form name="users" action="/users" method="post"><table id="u"><tr><th>E-mail</th><th>On</th>'
    f'</tr>{BOXES}</table><button name="save" value="1">Save</button></form>'
)


def profile(*steps: dict[str, Any]) -> dict[str, Any]:
    return {
        "schema": 1,
        "id": "mine",
        "interface": "other",
        "title": "Mine",
        "evidence": {"kind": "simulated", "note": "Made by hand."},
        "match": {"steps": [{"get": ""}], "signs": [{"when": "title == 'Start'", "points": 1}], "enough": 1},
        "sign_in": {"method": "none"},
        "read": {"start": {"steps": [{"get": ""}], "fields": {"title": "title"}}},
        "write": {"enable": {"inputs": ["address"], "steps": [*steps]}},
    }


def recorded() -> Tape:
    shown = USERS.format(ann=" checked", bob="")
    tape = Tape().get("/", "<title>Start</title><p>Start</p>").get("/users", shown).get("/users", shown)
    return tape.post(
        "/users", {"on_ann": "1", "on_bob": "1", "save": "1"}, USERS.format(ann=" checked", bob=" checked")
    )


def test_a_field_whose_name_was_kept_of_the_row_is_found_in_the_recording() -> None:
    """docs/profiles.md shows it for boxes that are settings of their rows."""
    row = {"of": "tables[0].rows", "where": {"E-mail": "${address}"}, "keep": {"box": "controls[0].name"}}
    report = recorded().check(
        profile(
            {"get": "users"},
            {"get": "users", "row": row},
            {"submit": "forms[0]", "fill": {"${box}": True}, "press": "save"},
        )
    )
    (done,) = [each for each in report.operations.values() if each.name == "write.enable"]
    assert (done.covered, done.problem) == (True, None)


def test_a_page_that_cannot_be_read_does_not_end_the_check_of_a_row() -> None:
    tape = recorded()
    tape.get("/broken", f"<base href='/{'a/' * 50_000}'><p>x</p>")
    row = {"of": "tables[?id=='other'] | [0].rows", "where": {"E-mail": "${address}"}}
    report = tape.check(profile({"get": "users"}, {"row": row, "submit": "forms[0]", "press": "save"}))
    assert report.operations["read.start"].ok
    assert not report.operations["write.enable"].ok


def test_a_confirmation_that_is_told_by_what_was_kept_of_the_row_is_found_in_the_recording() -> None:
    """The page that asks for it is not the one on which the row is chosen."""
    rows = "".join(f'<tr data-id="{key}"><td>{who}@example.com</td></tr>' for key, who in ((11, "ann"), (17, "bob")))
    dialog = (
        '<form id=gone action="/ask" method=post><input type=hidden name=id value=""><button>Remove</button></form>'
    )
    users = f'<title>Users</title><table id="u"><tr><th>E-mail</th></tr>{rows}</table>{dialog}'
    confirm = "<form action=/gone method=post><input type=hidden name=id value=17><button>Yes</button></form>"
    tape = Tape().get("/", "<title>Start</title><p>Start</p>").get("/users", users).get("/users", users)
    tape.post("/ask", {"id": "17"}, confirm).post("/gone", {"id": "17"}, users)
    row = {"of": "tables[0].rows", "where": {"E-mail": "${address}"}, "keep": {"row_id": "data.id"}}
    yes = {"submit": "forms[?fields.id=='${row_id}']"}
    ask = {"submit": "forms[?id=='gone'] | [0]", "fill": {"id": "${row_id}"}, "writes": False}
    report = tape.check(profile({"get": "users"}, {"get": "users", "row": row}, ask, yes))
    assert report.operations["write.enable"].covered, report.as_lines()
