# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signs of a page hold on it, and on the same page in another session."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import Page, read_page
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.candidates import is_true
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.signs import page_signs


def page(html: str) -> Page:
    return read_page(html.encode(), "text/html; charset=utf-8", "https://press.example.com/a/state.htm")


@pytest.mark.parametrize(
    ("href", "later", "sign"),
    [
        ("logout.cgi", "logout.cgi", "links[?ends_with(href, '/logout.cgi')]"),
        ("/out/", "/out/", "links[?ends_with(href, '/out/')]"),
        ("/main.cgi?page=logout", "/main.cgi?page=logout", "links[?ends_with(href, '/main.cgi?page=logout')]"),
        ("/logout.cgi?sid=81f3", "/logout.cgi?sid=4711", "links[?contains(href, '/logout.cgi?')]"),
    ],
)
def test_a_link_is_told_by_its_address_without_what_may_be_of_one_session(href: str, later: str, sign: str) -> None:
    (first, *_others) = page_signs(page(f'<a href="{href}">Log out</a>'))
    assert first.expression == sign
    assert is_true(sign, page(f'<a href="{later}">Log out</a>').data)


def test_every_sign_holds_on_its_page() -> None:
    shown = page(
        '<title>Press</title><h1>State</h1><p id="empty"></p><p id="who">service</p><a id="out" href="/out">Log out</a>'
        '<form id="f" action="/save"><input name="a"><button>Save</button></form><dl><dt>Mode<dd>on</dl>'
    )
    signs = list(page_signs(shown))
    assert {"field", "id", "label", "address"} <= {each.goes_by for each in signs}
    assert [each.expression for each in signs if not is_true(each.expression, shown.data)] == []
