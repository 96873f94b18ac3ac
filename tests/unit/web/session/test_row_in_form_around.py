# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A step that acts on one row of a form around the whole list sends nothing of a neighbour's row."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import UnexpectedPage
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    Purpose,
    make_client,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_steps
from ansible_collections.printops.prisma.plugins.module_utils._web.session.navigator import Navigator
from unit.web.loopback import Answer, Asked, serve
from unit.web.tiny import build, html

ROW = {"of": "tables[?id=='people'] | [0].rows", "where": {"E-mail": "${person}"}}
BOB = "<tr><td>bob@example.com<td><button name=edit value=1>E</button><button name=del value=1>x</button>{}</tr>"
ME = "<tr><td>me@example.com<td>{}</tr>"


def sent(server_tls: ssl.SSLContext, ca_path: str, rows: str, step: dict[str, Any], person: str) -> list[str]:
    """Return the bodies that ``step`` posts for the row of a person."""
    bodies: list[str] = []

    def answer(asked: Asked) -> Answer:
        if asked.method == "POST":
            bodies.append(asked.body.decode())
        return html(
            f"<form method=post action=/act><table id=people><tr><th>E-mail<th></tr>{rows}</table>"
            "<button name=save>Save</button></form>"
        )

    steps = build_steps([{"get": "list"}, {"submit": "forms[0]", "row": ROW, **step}], ("write", "x"), in_write=True)
    with serve(answer, server_tls) as server, make_client(ClientOptions(server.url, ca_path=ca_path)) as client:
        try:
            Navigator(client, build(), "write.x", {"person": person}).run(steps, Purpose.READ)
        except UnexpectedPage as error:
            bodies.append(str(error))
    return bodies


def test_the_button_of_a_neighbour_is_not_pressed(server_tls: ssl.SSLContext, ca_path: str) -> None:
    rows = BOB.format("") + ME.format("<button name=edit value=2>E</button>")
    (refused,) = sent(server_tls, ca_path, rows, {"press": "del"}, "me@example.com")
    assert "presses a button 'del' that does not exist" in refused
    assert sent(server_tls, ca_path, rows, {"press": "del"}, "bob@example.com") == ["del=1"]


def test_a_button_for_the_whole_list_is_pressed(server_tls: ssl.SSLContext, ca_path: str) -> None:
    rows = BOB.format("") + ME.format("<input type=checkbox name=sel value=2>")
    step = {"fill": {"sel": True}, "press": "save"}
    assert sent(server_tls, ca_path, rows, step, "me@example.com") == ["sel=2&save="]


@pytest.mark.parametrize("ticked", [True, False])
def test_boxes_that_hold_what_is_set_of_others_are_not_lost(
    server_tls: ssl.SSLContext, ca_path: str, ticked: bool
) -> None:
    rows = BOB.format("<input type=checkbox name=active value=1 checked>") + ME.format(
        "<input type=checkbox name=active value=2 checked>"
    )
    (refused,) = sent(server_tls, ca_path, rows, {"fill": {"active": ticked}, "press": "save"}, "me@example.com")
    assert "which other rows of the list have ticked" in refused
