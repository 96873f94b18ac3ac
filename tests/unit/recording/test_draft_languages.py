# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interfaces in other languages: words with two meanings, and names without a letter of ASCII."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.input_names import placeholder_name
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.matching import is_cache_buster
from unit.recording.tape import Tape

from .test_draft_sign_in import SIMULATED, device, login, wrong_then_right

NO_SIGN_IN: dict[str, Any] = {**SIMULATED, "sign_in": {"method": "none"}}


def registration(status: str, out: str = '<a href="/logout.cgi">Abmelden</a>') -> str:
    button = '<input type="hidden" name="op" value="unregister"><button>Abmelden</button>'
    form = f'<form id="unreg" action="/register.cgi" method="post">{button}</form>' if status == "registriert" else ""
    return f'<title>Registrierung</title>{out}<p id="st">{status}</p>{form}'


@pytest.mark.parametrize("framed", [False, True])
def test_a_button_with_the_word_for_signing_out_may_unregister_the_printer(framed: bool) -> None:
    """The landing page shows that the session goes on, or a later one does, such as the frame with the links."""
    out = "" if framed else '<a href="/logout.cgi">Abmelden</a>'
    tape = wrong_then_right().get("/device.htm", device()).get("/register.htm", registration("registriert", out))
    tape.post("/register.cgi", {"op": "unregister"}, status=302, answers={"Location": "/register.htm"})
    tape.get("/register.htm", registration("nicht registriert", out)).get("/device.htm", device())
    profile = tape.get("/logout.cgi", login()).draft(**SIMULATED).profile
    assert profile["sign_out"] == {"steps": [{"get": "logout.cgi"}]}
    assert profile["write"]["unregister"]["steps"][-1]["submit"].startswith("forms[?id=='unreg'")


def test_a_form_that_leads_to_the_sign_in_form_signs_out() -> None:
    out = '<form id="out" action="/out" method="post"><button>Abmelden</button></form>'
    page = f"<title>Device</title>{out}<table><tr><td>Serial number</td><td>730012345</td></tr></table>"
    tape = wrong_then_right().get("/device.htm", page)
    tape.post("/out", {}, status=302, answers={"Location": "/"}).get("/", login("t0k3n3"))
    tape.post("/login.cgi", {"tok": "t0k3n3", "uname": "a", "upass": "right-2"}, page)
    profile = tape.draft(**SIMULATED).profile
    assert profile["sign_out"]["steps"][-1]["submit"].startswith("forms[?id=='out'")
    assert "write" not in profile


def test_a_form_that_signs_out_may_lead_to_a_page_that_says_so_in_its_address() -> None:
    out = '<form id="out" action="/session" method="post"><button>Log out</button></form>'
    page = f"<title>Device</title>{out}<table><tr><td>Serial number</td><td>730012345</td></tr></table>"
    tape = wrong_then_right().get("/device.htm", page)
    tape.post("/session", {}, status=302, answers={"Location": "/logout.htm"}).get("/logout.htm", "<p>Bye</p>")
    assert tape.draft(**SIMULATED).profile["sign_out"]["steps"][-1] == {"submit": "forms[?id=='out'] | [0]"}


def test_a_parameter_without_a_letter_of_ascii_selects_a_page() -> None:
    assert is_cache_buster("_")
    assert is_cache_buster("_t-s_") is False
    assert not is_cache_buster("頁")
    tape = Tape().get("/ui?頁=device", "<title>Device</title><p id=model>iX</p>")
    tape.get("/ui?頁=ors", "<title>ORS</title><p id=state>connected</p>")
    profile = tape.draft("other", **NO_SIGN_IN).profile
    assert [each["steps"][0]["query"]["頁"] for each in profile["read"].values()] == ["device", "ors"]


def test_each_name_in_another_script_is_a_placeholder_of_its_own() -> None:
    assert placeholder_name("Enregistré le") == "enregistre_le"
    assert placeholder_name("» ←") == ""
    names = [placeholder_name(each) for each in ("ホスト", "ポート", "頁", "头 2")]
    assert len({*names}) == 4
    assert all(each.isascii() and each.isidentifier() for each in names)


def test_fields_in_another_script_are_filled_with_inputs_of_their_own() -> None:
    form = (
        '<title>P</title><form name="p" action="/p" method="post"><input name="主机" value="{}">'
        '<input name="端口" value="{}"><button name="save">Save</button></form>'
    )
    tape = Tape().get("/p", form.format("one", "1"))
    tape.post("/p", {"主机": "two", "端口": "2", "save": ""}, form.format("two", "2"))
    (write,) = tape.draft("other", **NO_SIGN_IN).profile["write"].values()
    fill = write["steps"][-1]["fill"]
    assert len({*fill.values()}) == 2
    assert tape.check({**tape.draft("other", **NO_SIGN_IN).profile}).ok


@pytest.mark.parametrize("heading", ["名前", "#"])
def test_a_list_with_headings_without_a_letter_of_ascii_has_rows(heading: str) -> None:
    rows = "".join(
        f'<tr><td>{name}</td><td><a href="/edit/{number}">Edit</a></td></tr>'
        for number, name in ((11, "alpha"), (12, "beta"))
    )
    shown = f'<title>List</title><table id="q"><tr><th>{heading}</th><th>操作</th></tr>{rows}</table>'
    form = '<title>Edit</title><form name="e" action="/save/12" method="post"><input name="loc" value="{}"></form>'
    tape = Tape().get("/list", shown).get("/edit/12", form.format("a")).post("/save/12", {"loc": "b"}, form.format("b"))
    profile = tape.draft("other", **NO_SIGN_IN).profile
    assert "${}" not in str(profile)
    (fields,) = [each["fields"] for each in profile["read"].values() if "rows" in each]
    assert ('"名前"' in [each["pick"] for each in fields.values()]) == (heading == "名前")
    (write,) = profile["write"].values()
    assert [each["row"]["where"] for each in write["steps"] if "row" in each] == [
        {heading: f"${{{write['inputs'][-1]}}}"}
    ]
