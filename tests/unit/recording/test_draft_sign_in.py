# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-ins in a recording: several, with redirects, tokens and queries. Every draft is held against its recording."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import draft
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.session import ShownSession
from unit.recording.tape import Tape

SIMULATED: dict[str, Any] = {"evidence": {"kind": "simulated", "note": "Made by hand."}}
TOKEN = "d41d8cd98f00b204e980"


def login(token: str = "t0k3n1", action: str = "/login.cgi") -> str:
    return (
        f'<title>Sign in</title><form name="frmLogin" action="{action}" method="post"><input type="hidden" name="tok" '
        f'value="{token}"><input name="uname"><input type="password" name="upass"><button>Sign in</button></form>'
    )


def device(out: str = "/logout.cgi", more: str = "") -> str:
    return (
        f'<title>Device</title><a href="{out}">Log out</a>{more}'
        "<table><tr><td>Serial number</td><td>730012345</td></tr><tr><td>Model</td><td>iX</td></tr></table>"
    )


def wrong_then_right(first: str = "/", target: str = "/device.htm") -> Tape:
    tape = Tape().get(first, login())
    tape.post("/login.cgi", {"tok": "t0k3n1", "uname": "a", "upass": "wrong-1"}, login("t0k3n2"))
    sent = {"tok": "t0k3n2", "uname": "a", "upass": "right-2"}
    return tape.post("/login.cgi", sent, status=302, answers={"Location": target})


def fits(tape: Tape, **decisions: Any) -> dict[str, Any]:
    """Draft, and return the profile if it is complete and every operation fits."""
    drafted = tape.draft(**{**SIMULATED, **decisions})
    assert drafted.complete, [each.key for each in drafted.open if not each.optional]
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()
    assert all(each.covered or each.name == "sign_out" for each in report.operations.values()), report.as_lines()
    return drafted.profile


def test_of_two_sign_ins_the_one_that_succeeded_is_replayed_with_the_page_it_leads_to() -> None:
    profile = fits(wrong_then_right().get("/device.htm", device()).get("/logout.cgi", login()))
    assert profile["match"]["steps"] == [{"get": ""}]
    assert profile["sign_in"]["refused"] == "forms[?name=='frmLogin']"
    serial = profile["read"]["identity"]["fields"]["serial"]["pick"]
    assert serial == "tables[].cells[] | [?[0]=='Serial number'] | [0][1]"


def test_pages_that_differ_by_their_query_only_are_pages_of_their_own() -> None:
    ors = """<h1>ORS</h1><a href="/ui?page=logout">Log out</a><table><tr><th>ORS state</th><td id=s>connected</td></tr>
    <tr><th>Mode</th><td>enabled</td></tr></table>"""
    tape = wrong_then_right("/ui?page=device&_=1700000000", "/ui?page=device")
    tape.get("/ui?page=device", device("/ui?page=logout")).get("/ui?page=ors", ors).get("/ui?page=logout", login())
    profile = fits(tape)
    assert profile["read"]["identity"]["steps"][0]["query"] == {"page": "device"}
    assert profile["read"]["ors"]["steps"][0]["query"] == {"page": "ors"}
    assert profile["sign_out"] == {"steps": [{"get": "ui", "query": {"page": "logout"}}]}


def test_what_also_holds_while_signed_in_is_not_called_a_refusal() -> None:
    """Every page of this interface has its form under the same name, and none signs in again."""
    form = '<form name="frm" method="post">{}</form>'
    tape = Tape().get("/s", form.format('<input name="u"><input type="password" name="p"><button>Go</button>'))
    tape.post("/s", {"u": "a", "p": "b"}, status=302, answers={"Location": "/s"})
    tape.get("/s", device(more=form.format('<input name="host" value="x"><button>Save</button>')))
    tape.post("/s", {"host": "y"}, device(more=form.format('<input name="host" value="y"><button>Save</button>')))
    drafted = tape.draft(**SIMULATED)
    assert drafted.profile["sign_in"]["refused"] == "DECIDE"
    (question,) = [each for each in drafted.open if each.key == "sign_in.refused"]
    assert [each.answer for each in question.candidates] == ["forms[?controls[?name=='u']]"]


@pytest.mark.parametrize("where", ["json", "meta"])
def test_a_token_that_scripts_send_is_fetched_from_where_it_was(where: str) -> None:
    shell = f'<title>App</title><meta name="csrf-token" content="{TOKEN}">' if where == "meta" else "<title>App</title>"
    sent = {"X-CSRF-Token": TOKEN, "X-Requested-With": "XMLHttpRequest"}
    tape = Tape().get("/", shell)
    tape = tape if where == "meta" else tape.get("/api/session", {"token": TOKEN})
    tape.send("POST", "/api/login", {"user": "a", "password": "wrong-1"}, {"code": 1}, status=401, headers=sent)
    tape.send("POST", "/api/login", {"user": "a", "password": "right-2"}, {"ok": True}, headers=sent)
    tape.get("/api/device", {"serialNumber": "730012345"})
    profile = fits(tape, sign_in__signed_in="ok")
    before, step = profile["sign_in"]["steps"]
    assert before["keep"] == {"x_csrf_token": "token" if where == "json" else 'meta."csrf-token"'}
    assert step["headers"] == {"X-Csrf-Token": "${x_csrf_token}", "X-Requested-With": "XMLHttpRequest"}
    assert profile["sign_in"]["refused"] == {"status": 401}
    assert TOKEN not in str(profile)


def test_a_sign_in_at_another_port_is_found_and_said() -> None:
    plain = "http://printer.example.com:8000"
    tape = Tape().get(f"{plain}/", login(action=f"{plain}/login.cgi"))
    sent = {"tok": "t0k3n1", "uname": "a", "upass": "right-2"}
    there = {"Location": "https://printer.example.com:443/device.htm"}
    tape.post(f"{plain}/login.cgi", sent, status=302, answers=there)
    tape.get("/device.htm", device()).get("/logout.cgi", "<p>Bye</p>")
    fits(tape, sign_in__refused=1)
    (note,) = tape.draft(**SIMULATED).left_out
    assert note.startswith(f"the pages are at {plain} and https://printer.example.com")


@pytest.mark.parametrize("by_link", [False, True])
def test_the_password_of_a_person_is_asked_for_at_another_host(by_link: bool) -> None:
    """On two pages if a link leads there: the name of the account first."""
    provider = "https://login.example.net/authorize"
    tape = Tape().get("/", f'<title>Portal</title><a href="{provider if by_link else "/sign-in"}">Sign in</a>')
    if by_link:
        tape.get(
            provider, f'<form action="{provider}/name" method="post"><input name="mail"><button>Next</button></form>'
        )
        tape.post(f"{provider}/name", {"mail": "a"}, login(action=provider))
    else:
        tape.get("/sign-in", "", status=302, answers={"Location": provider}).get(provider, login(action=provider))
    sent = {"tok": "t0k3n1", "uname": "a", "upass": "right-2"}
    tape.post(provider, sent, status=302, answers={"Location": "https://printer.example.com/home"})
    tape.get("/home", device()).get("/logout.cgi", "<p>Bye</p>")
    profile = fits(tape, sign_in__refused=1, sign_in__hosts=["login.example.net"])
    assert profile["match"]["steps"] == [{"get": ""}]
    follow = {"follow": "links[?text=='Sign in'] | [0].href"}
    assert profile["sign_in"]["steps"][0] == (follow if by_link else {"get": "sign-in"})
    assert len(profile["sign_in"]["steps"]) == (3 if by_link else 2)


def test_what_does_not_fit_its_recording_becomes_a_question() -> None:
    """The interface shows another host than the one that was saved."""
    form = """<h1>Proxy</h1><form name="proxy" action="/proxy.htm" method="post"><label>Use proxy <input type="checkbox"
    name="on" checked></label><label>Address <input name="h" value="{}"></label><label>Port <input name=port value=1>
    </label><button>Save</button></form>"""
    tape = wrong_then_right().get("/device.htm", device()).get("/proxy.htm", form.format(""))
    tape.post("/proxy.htm", {"on": "on", "h": "cache.example.org", "port": "1"}, form.format("other.example.org"))
    tape.get("/proxy.htm", form.format("other.example.org")).get("/logout.cgi", login())
    drafted = tape.draft(**SIMULATED)
    assert "set_proxy" not in drafted.profile["write"]
    (question,) = [each for each in drafted.open if each.key == "write.set_proxy"]
    assert "read back as 'other.example.org'" in question.question
    assert question.candidates[0].answer["steps"][0]["get"] == "proxy.htm"
    assert drafted.profile["read"]["proxy"]


def test_a_refusal_is_known_by_what_only_its_page_shows() -> None:
    """Every page of this interface has the sign-in form."""
    tape = Tape().get("/", login())
    sent = {"tok": "t0k3n1", "uname": "a", "upass": "wrong-1"}
    tape.post("/login.cgi", sent, login("t0k3n2") + '<p id="why">Wrong password.</p>')
    sent = {"tok": "t0k3n2", "uname": "a", "upass": "right-2"}
    tape.post("/login.cgi", sent, status=302, answers={"Location": "/device.htm"})
    tape.get("/device.htm", device(more=login())).get("/logout.cgi", "<p>Bye</p>")
    assert tape.draft(**SIMULATED).profile["sign_in"]["refused"] == "ids.why"


def test_of_a_session_that_a_person_has_shown_nothing_is_open() -> None:
    """No word of it is known, and a question comes after the password."""
    first = (
        '<title>App</title><form id="first" action="/first" method="post"><input name="a"><input name="b">'
        '<input type="password" name="c"><button>1</button></form>'
    )
    more = (
        '<form id="more" action="/more" method="post"><input type="hidden" name="d" value="e"><button>2</button></form>'
    )
    out = '<a id="x" href="/x">3</a><form id="end" action="/end" method="post"><button>4</button></form>'
    tape = Tape().get("/", first)
    tape.post("/first", {"a": "corp", "b": "me", "c": "secret-1"}, status=302, answers={"Location": "/more"})
    tape.get("/more", more).post("/more", {"d": "e"}, status=302, answers={"Location": "/home"})
    tape.get("/home", out).get("/page", out).post("/end", {}, status=302, answers={"Location": "/"}).get("/", first)
    shown = ShownSession((1, 4), sign_out=(6, 7))
    decisions = {**SIMULATED, "sign_in.signed_in": "links[?id=='x']"}
    drafted = draft(tape.recording, interface="controller", id="mine", decisions=decisions, shown=shown)
    assert [each.key for each in drafted.open if each.key.startswith(("sign", "session"))] == []
    assert drafted.profile["sign_in"] == {
        "method": "form",
        "steps": [
            {
                "submit": "forms[?id=='first'] | [0]",
                "fill": {"c": "${password}", "a": "${domain}", "b": "${username}"},
            },
            {"submit": "forms[?id=='more'] | [0]", "when": "forms[?id=='more']"},
        ],
        "signed_in": "links[?id=='x']",
        "refused": "forms[?id=='first']",
    }
    assert drafted.profile["sign_out"]["steps"] == [{"get": "home"}, {"submit": "forms[?id=='end'] | [0]"}]
    assert tape.check(drafted.profile).operations["sign_in"].ok


def test_a_decision_about_the_whole_of_match_is_taken_as_it_is() -> None:
    decided = {"steps": [{"get": ""}], "signs": [{"when": "title == 'Sign in'", "points": 7}], "enough": 7}
    tape = wrong_then_right().get("/device.htm", device()).get("/logout.cgi", login())
    assert tape.draft(**SIMULATED, match=decided).profile["match"] == decided


@pytest.mark.parametrize(
    ("sent", "filled"),
    [
        ("60", "60"),  # such as the time zone
        ("right-2", "${password}"),  # the password once more
        ("anna", "${username}"),
        ("5f4dcc3b5aa765d61d8327deb882cf99", "DECIDE"),  # computed from the password
    ],
)
def test_what_a_script_sets_in_a_sign_in_form_is_sent_too(sent: str, filled: str) -> None:
    form = (
        '<title>Portal</title><form id="login" action="/login" method="post"><input type=hidden name=extra value="">'
        '<input name="user"><input type="password" name="secret"><button>Sign in</button></form>'
    )
    tape = Tape().get("/", form).post("/login", {"extra": sent, "user": "anna", "secret": "right-2"}, device())
    drafted = tape.get("/device.htm", device()).get("/logout.cgi", form).draft("other")
    (step,) = drafted.profile["sign_in"]["steps"]
    assert step["fill"]["extra"] == filled
    asked = [each for each in drafted.open if each.key == "sign_in.steps.0.fill.extra"]
    assert bool(asked) is (filled == "DECIDE")
    assert "right-2" not in drafted.text
    assert "5f4dcc3b" not in drafted.text


def test_where_a_sign_in_goes_on_is_what_the_page_has_each_time() -> None:
    """As with OpenID Connect: the text has the state of one session."""
    form = login().replace(
        "<input name", '<input type=hidden name=continue value="state=one-1&client=portal"><input name'
    )
    tape = Tape().get("/", form)
    sent = {"tok": "t0k3n1", "continue": "state=two-2&client=portal", "uname": "a", "upass": "right-2"}
    drafted = tape.post("/login.cgi", sent, device()).get("/device.htm", device()).draft("other")
    assert drafted.profile["sign_in"]["steps"][0]["fill"] == {"uname": "${username}", "upass": "${password}"}


def test_a_token_is_found_in_any_of_several_cookies() -> None:
    tape = wrong_then_right().get("/device.htm", device())
    cookies = (("Set-Cookie", f"csrf={TOKEN}; Path=/"), ("Set-Cookie", "seen=1; Path=/"))
    tape.exchanges[-1] = replace(tape.exchanges[-1], response_headers=cookies)
    tape.send("POST", "/api/host", {"host": "one"}, {"ok": True}, headers={"X-CSRF-Token": TOKEN})
    tape.get("/logout.cgi", login())
    drafted = tape.draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    assert write["steps"][0]["keep_cookies"] == {"x_csrf_token": "csrf"}
    assert "is not recorded" not in drafted.text


def test_a_sign_of_a_refusal_is_on_no_answer_to_a_change() -> None:
    """All forms of the interface have one name, and the pages of the session that were opened have none."""
    form = '<form name="frmLogin" action="/set" method="post"><input name="text"><button>Save</button></form>'
    tape = wrong_then_right().get("/device.htm", device(more=form.replace("frmLogin", "first")))
    profile = fits(tape.post("/set", {"text": "x"}, device(more=form)).get("/logout.cgi", login()))
    assert (
        profile["sign_in"]["refused"] == profile["session_ended"]["when"] == "forms[?ends_with(action, '/login.cgi')]"
    )


@pytest.mark.parametrize("more", ["<input type=hidden name=tok value=t1>", "<select name=do><option>index</select>"])
def test_a_link_to_the_address_of_a_search_form_is_no_form_that_signs_in(more: str) -> None:
    """A browser sends all fields of a form, also those in which nobody typed."""
    tools = f'<form action="/do.php"><input type=hidden name=id value=start>{more}</form>'
    tape = wrong_then_right(target="/do.php?id=start").get("/do.php?id=start", device(more=tools))
    tape.get("/do.php?id=other", device(more=tools)).get("/logout.cgi", login())
    history = read_history(tape.recording)
    assert [each.visit.path for each in map(history.submission, history.visits) if each is not None] == [
        "login.cgi"
    ] * 2


def test_a_refusal_with_a_status_of_an_error_is_known_by_it_too() -> None:
    tape = wrong_then_right()
    tape.exchanges[1] = replace(tape.exchanges[1], status=403)
    profile = fits(tape.get("/device.htm", device()).get("/logout.cgi", login()))
    assert profile["sign_in"]["refused"] == {"status": 403, "when": "forms[?name=='frmLogin']"}
