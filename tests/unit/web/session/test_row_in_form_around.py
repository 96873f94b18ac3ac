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


def sent(
    server_tls: ssl.SSLContext, ca_path: str, rows: str, step: dict[str, Any], person: str, *before: dict[str, Any]
) -> list[str]:
    """Return the bodies that ``step`` posts for the row of a person, or after the steps ``before`` it; or the error."""
    bodies: list[str] = []

    def answer(asked: Asked) -> Answer:
        if asked.method == "POST":
            bodies.append(asked.body.decode())
        return html(
            f"<form method=post action=/act><table id=people><tr><th>E-mail<th></tr>{rows}</table>"
            "<button name=save>Save</button></form>"
        )

    last = {"submit": "forms[0]", **({} if before else {"row": ROW}), **step}
    steps = build_steps([{"get": "list"}, *before, last], ("write", "x"), in_write=True)
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


@pytest.mark.parametrize("others", [1, 2])
def test_the_button_of_a_neighbour_is_not_pressed_for_a_row_that_is_grey(
    server_tls: ssl.SSLContext, ca_path: str, others: int
) -> None:
    """Somebody who was removed stays in the list, in fewer cells and with another button."""
    head = "<tr><th>Since<th>E-mail<th></tr>"
    grey = "<tr class=grey><td>2019<td colspan=2>me@example.com <button name=restore value=3>Restore</button></tr>"
    rows = "".join(
        f"<tr><td>2020<td>{at}@example.com<td><button name=del value={at}>x</button></tr>" for at in range(others)
    )
    (refused,) = sent(server_tls, ca_path, head + rows + grey, {"press": "del"}, "me@example.com")
    assert "presses a button 'del' that does not exist" in refused
    assert sent(server_tls, ca_path, head + rows + grey, {"press": "del"}, "0@example.com") == ["del=0"]


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


TICKED = "<input type=checkbox name=pick_{0} value=1 checked>"


@pytest.mark.parametrize(
    ("rows", "step"),
    [
        pytest.param(
            BOB.format(TICKED.format(1)) + ME.format("<input type=checkbox name=pick_2 value=1>"),
            {"fill": {"pick_2": True}, "press": "save"},
            id="a box under another name",
        ),
        pytest.param(
            BOB.format(TICKED.format(1)) + ME.format("<input name=note_2>"),
            {"fill": {"note_2": "x"}},
            id="no button at all",
        ),
        pytest.param(
            BOB.format("") + "<tr><td colspan=2>more" + TICKED.format(1) + "</tr>" + ME.format("<input name=n>"),
            {"press": "save"},
            id="a second row of the neighbour",
        ),
        pytest.param(
            "<tbody>" + BOB.format(TICKED.format(1)) + "</tbody><tbody>" + ME.format("<input name=n>") + "</tbody>",
            {"press": "save"},
            id="a part of the table for each person",
        ),
        pytest.param(
            BOB.format("<table><tr><td>a<td>" + TICKED.format(1) + "</table>") + ME.format("<input name=n>"),
            {"press": "save"},
            id="a table in the row of the neighbour",
        ),
    ],
)
def test_what_others_have_ticked_under_other_names_is_not_sent_along(
    server_tls: ssl.SSLContext, ca_path: str, rows: str, step: dict[str, Any]
) -> None:
    """Given boxes of other rows that are ticked, then nobody is acted on: they are a selection, or settings."""
    (refused,) = sent(server_tls, ca_path, rows, step, "me@example.com")
    assert "sends boxes along which other rows of the list have ticked ('pick_1')" in refused


def test_a_button_of_the_row_is_pressed_as_by_a_person(server_tls: ssl.SSLContext, ca_path: str) -> None:
    rows = BOB.format("") + ME.format(TICKED.format(2))
    assert sent(server_tls, ca_path, rows, {"press": "del"}, "bob@example.com") == ["pick_2=1&del=1"]


@pytest.mark.parametrize(
    "box", [TICKED.format(1).replace(" checked", " checked disabled"), TICKED.format(1)[:-9] + ">"]
)
def test_boxes_that_no_browser_sends_do_not_matter(server_tls: ssl.SSLContext, ca_path: str, box: str) -> None:
    rows = BOB.format(box) + ME.format(TICKED.format(2))
    assert sent(server_tls, ca_path, rows, {"press": "save"}, "me@example.com") == ["pick_2=1&save="]


def test_one_choice_for_the_whole_list_takes_the_place_of_another(server_tls: ssl.SSLContext, ca_path: str) -> None:
    radio = "<input type=radio name=who value={} {}>"
    rows = BOB.format(radio.format(1, "checked")) + ME.format(radio.format(2, ""))
    step = {"fill": {"who": "2"}, "press": "save"}
    assert sent(server_tls, ca_path, rows, step, "me@example.com") == ["who=2&save="]


def test_the_way_around_it_is_to_keep_the_names_and_submit_the_whole_form(
    server_tls: ssl.SSLContext, ca_path: str
) -> None:
    rows = BOB.format(TICKED.format(1)) + ME.format("<input type=checkbox name=pick_2 value=1>")
    keep = {"get": "list", "row": {**ROW, "keep": {"box": "controls[0].name"}}}
    whole = {"fill": {"${box}": True}, "press": "save"}
    assert sent(server_tls, ca_path, rows, whole, "me@example.com", keep) == ["pick_1=1&pick_2=1&save="]
