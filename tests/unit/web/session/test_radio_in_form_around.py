# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A form around a list in which one row is chosen by a radio button: the row that the page has chosen is not meant."""

from __future__ import annotations

import ssl

import pytest
from unit.web.session.test_row_in_form_around import BOB, ME, sent

CHOSEN = BOB.format("<input type=radio name=sel value=bob checked>")
MINE = ME.format("<input type=radio name=sel value=me>")


@pytest.mark.parametrize("mine", [MINE, ME.format("<input type=hidden name=row value=2>")])
def test_the_row_that_the_page_has_chosen_is_not_sent_for_another(
    server_tls: ssl.SSLContext, ca_path: str, mine: str
) -> None:
    """[Remove] below the list acts on the chosen row, which is the first one's, whatever row the profile looked for."""
    (refused,) = sent(server_tls, ca_path, CHOSEN + mine, {"press": "save"}, "me@example.com")
    assert "sends the choice of another row of the list ('sel')" in refused


def test_the_choice_of_the_own_row_is_sent(server_tls: ssl.SSLContext, ca_path: str) -> None:
    filled = {"fill": {"sel": "me"}, "press": "save"}
    assert sent(server_tls, ca_path, CHOSEN + MINE, filled, "me@example.com") == ["sel=me&save="]
    assert sent(server_tls, ca_path, CHOSEN + MINE, {"press": "save"}, "bob@example.com") == ["sel=bob&save="]


def test_a_choice_beside_the_list_is_sent(server_tls: ssl.SSLContext, ca_path: str) -> None:
    order = "<tr><td colspan=2><input type=radio name=order value=up checked></tr>"
    step = {"fill": {"sel": "me"}, "press": "save"}
    assert sent(server_tls, ca_path, MINE + order, step, "me@example.com") == ["order=up&sel=me&save="]


def test_a_button_of_the_own_row_is_pressed(server_tls: ssl.SSLContext, ca_path: str) -> None:
    button = ME.format("<button name=del value=2>x</button>")
    assert sent(server_tls, ca_path, CHOSEN + button, {"press": "del"}, "me@example.com") == ["sel=bob&del=2"]
