# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts from hand-made recordings: what is drafted, what is asked, and what decisions change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import Draft
from unit.recording.tape import Tape

SIMULATED: dict[str, Any] = {"evidence": {"kind": "simulated", "note": "Made by hand."}}
LOGIN = """<title>Printer</title><form name="login" action="/do-login" method="post"><input type="hidden" name="csrf"
value="4f2a"><label>User name <input name="u"></label><label>Password <input type="password" name="p"></label>
<input type="submit" value="Log in"></form>"""
HOME = '<title>Printer</title><a href="/logout">Log out</a><a href="/device">Device</a>'
DEVICE = """<title>Printer</title><h1>Device</h1><a href="/logout">Log out</a><table id="dev">
<tr><th>Model</th><td>iX 500</td></tr><tr><th>Serial number</th><td>123456789</td></tr>
<tr><th>Date and time</th><td>%s</td></tr></table>"""
PROXY = """<title>Printer</title><h1>Proxy</h1><form name="proxy" action="/proxy" method="post">
<label>Use proxy <input type="checkbox" name="on" value="1"></label><label>Address <input name="h" value=""></label>
<label>Port <input name="port" value="8080"></label><label>Colour <input name="colour" value="blue"></label>
<input type="submit" value="Save"></form>"""


def signed_in() -> Tape:
    tape = Tape().get("/login", LOGIN)
    tape.post("/do-login", {"csrf": "4f2a", "u": "x", "p": "y"}, status=302, answers={"Location": "/home"})
    return tape.get("/home", HOME)


def the_device(clock: str = "2026-11-21 10:20:30") -> Tape:
    return signed_in().get("/device", DEVICE % clock)


def keys(drafted: Draft, *, optional: bool = False) -> set[str]:
    return {each.key for each in drafted.open if each.optional == optional}


def test_a_form_sign_in_has_its_hidden_field_its_proof_and_a_sign_out() -> None:
    drafted = the_device().get("/logout", "<title>Bye</title>").draft()
    sign_in = drafted.profile["sign_in"]
    assert drafted.profile["match"]["steps"] == [{"get": "login"}]
    assert sign_in["method"] == "form"
    assert sign_in["steps"] == [
        {"submit": "forms[?name=='login'] | [0]", "fill": {"u": "${username}", "p": "${password}"}}
    ]
    assert sign_in["signed_in"] == "links[?ends_with(href, '/logout')]"
    assert drafted.profile["sign_out"] == {"steps": [{"get": "logout"}]}
    assert any("its hidden fields are sent too: csrf" in each for each in drafted.sure)
    assert keys(drafted) == {"evidence", "sign_in.refused"}


def test_a_recorded_refusal_answers_the_question_about_refused() -> None:
    tape = Tape().get("/login", LOGIN).post("/do-login", {"csrf": "4f2a", "u": "x", "p": "no"}, LOGIN)
    tape.post("/do-login", {"csrf": "4f2a", "u": "x", "p": "y"}, HOME).get("/device", DEVICE % "")
    drafted = tape.draft()
    assert drafted.profile["sign_in"]["refused"] == "forms[?name=='login']"
    assert keys(drafted) == {"evidence"}


def test_values_are_read_by_structure_and_filtered() -> None:
    fields = the_device().draft().profile["read"]["identity"]["fields"]
    assert fields["serial"]["pick"] == "tables[?id=='dev'] | [0].cells[?[0]=='Serial number'] | [0][1]"
    assert fields["model"] == {
        "pick": "tables[?id=='dev'] | [0].cells[?[0]=='Model'] | [0][1]",
        "required": False,
    }
    assert fields["clock"]["filters"] == [{"date": ["%Y-%m-%d %H:%M:%S"]}]


def test_an_ambiguous_date_is_a_question() -> None:
    key = "read.identity.fields.clock.filters"
    drafted = the_device("03/04/2026 10:20:30").draft()
    assert key in keys(drafted)
    answer: dict[str, Any] = {key: 2}
    with_answer = the_device("03/04/2026 10:20:30").draft(**answer)
    assert with_answer.profile["read"]["identity"]["fields"]["clock"]["filters"] == [{"date": ["%m/%d/%Y %H:%M:%S"]}]


def test_a_text_without_a_known_meaning_is_a_question() -> None:
    page = """<h1>ORS</h1><table><tr><th>ORS state</th><td id="s">Online!</td></tr>
    <tr><th>Mode</th><td>enabled</td></tr></table>"""
    drafted = the_device().get("/ors", page).draft()
    assert "read.ors.fields.state.values" in keys(drafted)
    values = {"connected": ["Online!"], "disconnected": ["Offline!"]}
    answered = the_device().get("/ors", page).draft(read__ors__fields__state__values=values)
    assert answered.profile["read"]["ors"]["fields"]["state"] == {"pick": "ids.s", "values": values}


def test_a_form_is_a_write_and_typed_values_become_questions() -> None:
    sent = {"on": "1", "h": "cache.example.org", "port": "3128", "colour": "sesame"}
    drafted = the_device().get("/proxy", PROXY).post("/proxy", sent, PROXY).draft()
    steps = drafted.profile["write"]["set_proxy"]["steps"]
    assert steps[0] == {"get": "proxy"}
    assert steps[1]["fill"] == {"on": "${enabled}", "h": "${host}", "port": "${port}", "colour": "DECIDE"}
    assert "write.set_proxy.steps.1.fill.colour" in keys(drafted)
    assert "sesame" not in drafted.text
    assert "cache.example.org" not in drafted.text


def test_of_a_change_that_no_word_tells_a_person_says_what_it_does() -> None:
    form = '<form action="/c" method="post"><input type="hidden" name="x" value="y"><button>Go</button></form>'
    page = f"<h1>Cloud</h1>{form}"
    tape = the_device().get("/cloud", page).post("/c", {"x": "y"}, page)
    (question,) = [each for each in tape.draft().open if each.key == "write.register"]
    assert [each.answer for each in question.candidates] == ["the form of cloud with the button 'Go'"]
    drafted = tape.draft(write__register=1)
    assert drafted.profile["write"]["register"]["steps"] == [
        {"get": "cloud"},
        {"submit": "forms[?fields.x=='y'] | [0]"},
    ]
    assert not any(each.startswith("left out") for each in drafted.sure)


def test_a_confirmation_page_is_a_step_and_only_the_last_step_writes() -> None:
    button = """<h1>Registration</h1><form action="/reg" method="post"><input type="hidden" name="op" value="{}">
    <input type="submit" value="{}"></form>"""
    tape = the_device().get("/registration", button.format("unregister", "Unregister"))
    tape.post("/reg", {"op": "unregister"}, button.format("confirmed", "Yes")).post("/reg", {"op": "confirmed"}, HOME)
    steps = tape.draft().profile["write"]["unregister"]["steps"]
    assert steps == [
        {"get": "registration"},
        {"submit": "forms[?fields.op=='unregister'] | [0]", "writes": False},
        {"submit": "forms[?fields.op=='confirmed'] | [0]"},
    ]


def test_basic_authentication() -> None:
    given = {"Authorization": "Basic eDp5"}
    tape = Tape().get("/", "<title>Sign in</title>", status=401, answers={"WWW-Authenticate": 'Basic realm="x"'})
    tape.get("/", '<title>Printer</title><p id="who">admin</p>', headers=given).get(
        "/device", DEVICE % "", headers=given
    )
    drafted = tape.draft()
    assert drafted.profile["sign_in"]["method"] == "basic"
    assert drafted.profile["sign_in"]["refused"] == {"status": 401}
    (question,) = [each for each in drafted.open if each.key == "sign_in.signed_in"]
    assert "ids.who" in [each.answer for each in question.candidates]
    assert drafted.profile["match"]["steps"] == [{"get": "", "ok": [401]}]
    profile = tape.draft(**SIMULATED, sign_in__signed_in="ids.who").profile
    assert tape.check(profile).ok


def test_the_token_of_a_json_sign_in_is_sent_in_a_header() -> None:
    tape = Tape().get("/", "<title>App</title>")
    tape.send("POST", "/api/login", {"user": "x", "password": "y"}, {"token": "0123456789abcdef"})
    tape.get("/api/me", {"tenant": {"id": "t-1"}}, headers={"Authorization": "Bearer 0123456789abcdef"})
    drafted = tape.draft("tenant")
    assert drafted.profile["sign_in"]["method"] == "token"
    assert drafted.profile["sign_in"]["steps"][0]["json"] == {"user": "${username}", "password": "${password}"}
    assert drafted.profile["headers"] == {"Authorization": "Bearer ${access_token}"}
    assert "0123456789abcdef" not in drafted.text


def test_a_list_has_rows_paging_proof_and_the_tenant_in_its_path() -> None:
    tape = (
        Tape()
        .get("/sign-in", "<title>PRISMA Home</title>")
        .post("/oauth/token", {"grant_type": "client_credentials"}, {"access_token": "0123456789abcdef"})
    )
    tape.get("/api/me", {"tenant": {"id": "t-1", "name": "Shop"}})
    first = {"items": [{"serialNumber": "1", "status": "ok", "name": "A"}], "next": "c2", "total": 2}
    tape.get("/api/tenants/t-1/devices?limit=1", first)
    last = {"items": [{"serialNumber": "2", "status": "ok", "name": "B"}], "next": None, "total": 2}
    tape.get("/api/tenants/t-1/devices?limit=1&cursor=c2", last)
    tape.send("POST", "/api/tenants/t-1/claims", {"address": "https://x.example.com/1", "takeOver": False}, {})
    drafted = tape.draft("tenant")
    devices = drafted.profile["read"]["devices"]
    assert devices["steps"] == [{"get": "api/tenants/${tenant}/devices", "query": {"limit": 1}}]
    assert devices["rows"] == "items"
    assert devices["paging"] == {"next": "next", "parameter": "cursor"}
    assert devices["complete"] == {"total": "total"}
    assert devices["fields"]["serial"] == "serialNumber"
    claim = drafted.profile["write"]["claim"]["steps"][0]
    assert claim["path"] == "api/tenants/${tenant}/claims"
    assert claim["json"] == {"address": "${address}", "takeOver": "${take_over}"}


def test_without_a_contract_each_page_is_a_read_and_each_change_a_write() -> None:
    tape = signed_in().get("/printers", '<title>Printers</title><p id="state">idle</p>')
    tape.send("POST", "/rpc", {"method": "session-get"}, {"arguments": {"alt-speed": False}})
    tape.send("POST", "/rpc", {"method": "session-set", "arguments": {"alt-speed": True}}, {"result": "success"})
    drafted = tape.draft("other")
    assert drafted.profile["read"]["printers"]["fields"]["state"]["pick"] == "ids.state"
    assert drafted.profile["read"]["session_get"]["steps"][0]["json"] == {"method": "session-get"}
    write = drafted.profile["write"]["session_set"]
    assert write["inputs"] == ["alt_speed"]
    assert write["steps"][0]["json"] == {"method": "session-set", "arguments": {"alt-speed": "${alt_speed}"}}


def test_the_key_of_a_question_is_kept_of_its_answer() -> None:
    """As with a controller whose scripts ask before they register a printer."""
    tape = signed_in().get("/settings", '<title>Settings</title><p id="state">idle</p>')
    tape.send("POST", "/api/job/question", {}, {"question": "Sure?", "confirmation": "0W8J8KXuuWj8UVG_"})
    tape.send("POST", "/api/job", {"confirmation": "0W8J8KXuuWj8UVG_", "copies": 3}, {"done": True})
    drafted = tape.draft("other")
    assert drafted.profile["write"]["job"] == {
        "inputs": ["copies"],
        "steps": [
            {
                "send": "POST",
                "path": "api/job/question",
                "json": {},
                "repeatable": True,
                "keep": {"confirmation": "confirmation"},
                "writes": False,
            },
            {"send": "POST", "path": "api/job", "json": {"confirmation": "${confirmation}", "copies": "${copies}"}},
        ],
    }
    assert list(drafted.profile["write"]) == ["job"]


def test_what_made_something_is_no_question() -> None:
    """It would be sent in check mode, too."""
    tape = signed_in().get("/settings", '<title>Settings</title><p id="state">idle</p>')
    tape.send("POST", "/api/jobs", {"copies": 3}, {"id": "0W8J8KXuuWj8UVG_"})
    tape.send("POST", "/api/start", {"id": "0W8J8KXuuWj8UVG_"}, {"done": True})
    write = tape.draft("other").profile["write"]
    assert list(write) == ["jobs", "start"]
    assert write["start"]["inputs"] == ["id"]


def test_the_password_of_somebody_else_is_an_input_and_the_own_one_is_that_of_the_account() -> None:
    form = (
        '<form name="add" action="/add" method="post"><input name="who"><input type="password" name="first">'
        '<input type="password" name="own"><select name="action"><option>-<option>add</select></form>'
    )
    tape = signed_in().get("/add", HOME + form)
    tape.post("/add", {"who": "bob", "first": "their-1", "own": "y", "action": "add"}, HOME)
    (write,) = tape.draft("other").profile["write"].values()
    filled = {"who": "${who}", "first": "${new_password}", "own": "${password}", "action": "add"}
    assert write["steps"][-1]["fill"] == filled
    assert write["inputs"] == ["new_password", "who"]


def test_a_number_in_an_address_keeps_its_zeros() -> None:
    tape = signed_in().get("/job?id=007&part=7", '<title>Job</title><p id="state">idle</p>')
    assert tape.draft("other").profile["read"]["job_007_7"]["steps"] == [
        {"get": "job", "query": {"id": "007", "part": 7}}
    ]


def test_a_response_header_that_requests_send_back_is_drafted() -> None:
    ask = {"method": "session-get"}
    given = {"Authorization": "Basic eDp5"}
    tape = Tape().get("/web/", "<title>App</title>", headers=given)
    tape.send("POST", "/rpc", ask, "<h1>409</h1>", status=409, headers=given, answers={"X-Session-Id": "0123456789"})
    tape.send("POST", "/rpc", ask, {"result": "ok"}, headers={**given, "X-Session-Id": "0123456789"})
    profile = tape.draft("other").profile
    assert profile["headers"] == {"X-Session-Id": "${session_id}"}
    assert profile["session_ended"] == {"status": 409, "headers": {"X-Session-Id": "."}}
    assert profile["sign_in"]["steps"][1]["keep_headers"] == {"session_id": "X-Session-Id"}
    assert profile["sign_in"]["steps"][2]["headers"] == {"X-Session-Id": "${session_id}"}


def test_open_questions_are_comments_and_the_draft_is_refused(tmp_path: Path) -> None:
    drafted = the_device().draft()
    assert not drafted.complete
    assert yaml.safe_load(drafted.text) == drafted.profile
    assert "  # DECIDE sign_in.refused: " in drafted.text
    path = tmp_path / "mine.yml"
    path.write_text(drafted.text, encoding="utf-8")
    line = drafted.text.splitlines().index("evidence: DECIDE") + 1
    with pytest.raises(BadInput, match=rf"mine\.yml:{line}: evidence: is still to be decided"):
        find_profile(str(path), "controller", None)


def test_with_all_decisions_the_draft_is_a_profile(tmp_path: Path) -> None:
    drafted = the_device().get("/logout", HOME).draft(**SIMULATED, sign_in__refused=1)
    assert drafted.complete
    assert find_profile(drafted.profile, "controller", None).id == "mine"


def test_any_value_can_be_decided_and_null_removes_it() -> None:
    drafted = the_device().draft(
        **SIMULATED, sign_in__refused=1, read__identity__fields__model=None, limits={"requests_per_second": 2}
    )
    assert "model" not in drafted.profile["read"]["identity"]["fields"]
    assert drafted.profile["limits"] == {"requests_per_second": 2}


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ({"evidence": {"kind": "recorded", "model": "iX"}}, "also needs firmware, date"),
        ({"evidence": {"kind": "verified", "note": "x"}}, "a draft cannot be verified"),
        ({"sign_in__refused": 7}, "there is no candidate 7"),
        ({"sing_in__refused": "x"}, "'sing_in.refused' is not a key of a profile"),
        ({"read": 3}, "decisions: read: must be a mapping"),
        ({"write": "x"}, "decisions: write: must be a mapping"),
        ({"write": [1]}, "decisions: write: must be a mapping"),
        ({"read__identity": 3}, "decisions: read.identity: "),
        ({"write__register": 3}, "decisions: write.register: must be a mapping"),
        ({"read": {"identity": {"steps": 3}}, "write": {"x": 3}}, "decisions: write.x: must be a mapping"),
        ({"sign_in": 3}, "decisions: sign_in.steps: "),
        ({"match": 3}, "decisions: match: must be a mapping"),
        ({"headers": 3}, "decisions: headers: must be a mapping"),
    ],
)
def test_decisions_that_cannot_be_applied_are_refused(decisions: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        the_device().draft(**decisions)


@pytest.mark.parametrize("steps", [3, [], ["x"], {"get": "device"}])
def test_steps_that_are_none_are_named_by_the_format(steps: Any) -> None:
    drafted = the_device().draft(**SIMULATED, sign_in__refused=1, read__identity={"steps": steps})
    with pytest.raises(BadInput, match=r"read\.identity"):
        find_profile(drafted.profile, "controller", None)


def test_evidence_recorded_needs_the_hardware() -> None:
    hardware = {"kind": "recorded", "model": "iX 500", "firmware": "5.1", "date": "2026-11-21"}
    evidence = the_device().draft(evidence=hardware).profile["evidence"]
    assert evidence["note"] == "Drafted from a recording of iX 500, firmware 5.1, 2026-11-21."


def test_a_recording_without_pages_is_refused() -> None:
    with pytest.raises(BadInput, match="no page and no JSON response"):
        Tape().get("/x", "", status=204).draft()
