# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields of a form that share a name: a check box with a hidden twin, several boxes, a list of several choices."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.page.page import read_page
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.candidates import candidates
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from unit.recording.test_draft_lists import TOP, signed_in

from .tape import Tape

FORM = "application/x-www-form-urlencoded"
SIMULATED: dict[str, Any] = {"evidence": {"kind": "simulated", "note": "Made up."}, "sign_in": {"method": "none"}}
BEFORE, AFTER = '<input type="hidden" name="on" value="0">{}', '{}<input type="hidden" name="on" value="0">'


def page(twin: str, *, on: bool, boxes: str = "a") -> str:
    box = f'<label>Use proxy <input type="checkbox" name="on" value="1"{" checked" if on else ""}></label>'
    ticked = {each: " checked" if each in boxes else "" for each in "abc"}
    more = "".join(f'<input type="checkbox" name="parts" value="{each}"{text}>' for each, text in ticked.items())
    button = '<button name="save">Save</button>'
    return (
        f'<title>Proxy</title><form name="proxy" action="/proxy" method="post">{twin.format(box)}{more}{button}</form>'
    )


def saved(twin: str, before: bool, sent: list[tuple[str, str]], boxes: str) -> Tape:
    after = ("on", "1") in sent
    tape = Tape().get("/", "<title>Start</title><p>Start</p>").get("/proxy", page(twin, on=before))
    tape._add("POST", "/proxy", "", sent=urlencode(sent), kind=FORM, status=302, answers={"Location": "/proxy"})
    return tape.get("/proxy", page(twin, on=after, boxes=boxes))


@pytest.mark.parametrize("twin", [BEFORE, AFTER])
@pytest.mark.parametrize("on", [True, False])
def test_a_check_box_is_read_beside_its_hidden_twin(twin: str, on: bool) -> None:
    data = read_page(page(twin, on=on).encode(), "text/html", "https://p.example.com/proxy")
    (box,) = [each for each in candidates(data) if each.name == "on"]
    assert box.value is on
    assert "type=='checkbox'" in box.expression
    assert [each.value for each in candidates(data) if each.name.startswith("parts ")] == [True, False, False]


@pytest.mark.parametrize("twin", [BEFORE, AFTER])
@pytest.mark.parametrize("on", [True, False])
def test_a_check_box_is_changed_beside_its_hidden_twin(twin: str, on: bool) -> None:
    """As browsers do it: the hidden value is sent in any case."""
    sent = [("on", "0"), ("on", "1")] if twin is BEFORE else [("on", "1"), ("on", "0")]
    tape = saved(twin, not on, [*(sent if on else [("on", "0")]), ("parts", "a"), ("save", "")], "a")
    drafted = tape.draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    assert write["steps"][-1]["fill"] == {"on": "${on}"}
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()
    assert any(each.covered for name, each in report.operations.items() if name.startswith("write."))


def test_all_values_of_a_field_are_compared() -> None:
    """Only the last of several values was: that the first box was unticked went unnoticed."""
    sent = [("on", "0"), ("parts", "b"), ("parts", "c"), ("save", "")]
    drafted = saved(BEFORE, False, sent, "bc").draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    assert write["steps"][-1]["fill"].keys() == {"parts"}
    same = saved(BEFORE, False, [("on", "0"), ("parts", "a"), ("save", "")], "a")
    assert "fill" not in str(same.draft("other", **SIMULATED).profile.get("write"))


@pytest.mark.parametrize(("name", "sent"), [("", ("x", "y")), ("go", ("go.x", "go.y"))])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_form_is_sent_by_a_picture(name: str, sent: tuple[str, str], method: str) -> None:
    """A picture sends where on it the click was, which is no input of the write."""

    def shown(host: str) -> str:
        named = f' name="{name}"' if name else ""
        picture = f'<input type="image" src="save.png" alt="Save"{named}>'
        form = f'<form name="proxy" action="/save" method="{method}"><input name="host" value="{host}">{picture}</form>'
        return f"<title>Proxy</title>{form}"

    fields = urlencode([("host", "two"), (sent[0], "3"), (sent[1], "4")])
    tape = Tape().get("/", "<title>Start</title><p>Start</p>").get("/proxy", shown("one"))
    more: dict[str, Any] = {"status": 302, "answers": {"Location": "/proxy"}}
    if method == "POST":
        tape._add("POST", "/save", "", sent=fields, kind=FORM, **more)
    else:
        tape.get(f"/save?{fields}", "", **more)
    tape.get("/proxy", shown("two"))
    history = read_history(tape.recording)
    submission = history.submission(history.visits[2])
    assert submission is not None
    assert submission.pressed == name
    if method == "POST":
        drafted = tape.draft("other", **SIMULATED)
        (write,) = drafted.profile["write"].values()
        fill = {"submit": "forms[?name=='proxy'] | [0]", "fill": {"host": "${host}"}, "press": name}
        assert write["steps"] == [{"get": "proxy"}, fill]
        report = tape.check(drafted.profile)
        assert report.ok, report.as_lines()


ORS = "<title>ORS</title>{}<table><tr><th>Mode</th><td>enabled</td></tr></table>"


def test_a_field_that_is_answered_by_its_number_is_drafted_as_if_it_had_been_found() -> None:
    """Only the expression was taken: every text was accepted as the state, and none was mapped."""
    shown = '<p id="ors-state-a">{}</p><p id="ors-state-b">connected</p>'
    tape = Tape().get("/", "<title>Start</title><p>Start</p>").get("/ors", ORS.format(shown.format("not connected")))
    drafted = tape.draft(**SIMULATED)
    asked = {each.key: each for each in drafted.open}
    number = [each.answer for each in asked["read.ors.fields.state"].candidates].index('ids."ors-state-a"') + 1
    field = tape.draft(**SIMULATED, read__ors__fields__state=number).profile["read"]["ors"]["fields"]["state"]
    assert field["pick"] == 'ids."ors-state-a"'
    assert {"connected", "disconnected"} <= field["values"].keys()


def test_a_text_without_a_meaning_is_asked_about_also_in_a_field_that_was_answered_by_its_number() -> None:
    shown = '<p id="ors-state-a">{}</p><p id="ors-state-b">asleep</p>'
    tape = Tape().get("/", "<title>Start</title><p>Start</p>").get("/ors", ORS.format(shown.format("resting")))
    candidates = {each.key: each for each in tape.draft(**SIMULATED).open}["read.ors.fields.state"].candidates
    number = [each.answer for each in candidates].index('ids."ors-state-a"') + 1
    drafted = tape.draft(**SIMULATED, read__ors__fields__state=number)
    (question,) = [each for each in drafted.open if each.key == "read.ors.fields.state.values"]
    assert "'resting'" in question.question
    values = {"connected": ["resting"]}
    answered = tape.draft(**SIMULATED, read__ors__fields__state=number, read__ors__fields__state__values=values)
    assert answered.profile["read"]["ors"]["fields"]["state"] == {"pick": 'ids."ors-state-a"', "values": values}
    assert not [each for each in answered.open if each.key.startswith("read.ors.fields.state")]


@pytest.mark.parametrize("text", ["Not connected", "NOT CONNECTED", "Not Connected"])
def test_texts_of_an_interface_in_capitals_are_compared_as_they_are_shown(text: str) -> None:
    tape = Tape().get("/", "<title>Start</title><p>Start</p>").get("/ors", ORS.format(f'<p id="orsState">{text}</p>'))
    drafted = tape.draft(**SIMULATED)
    assert text in drafted.profile["read"]["ors"]["fields"]["state"]["values"]["disconnected"]
    assert tape.check(drafted.profile).operations["read.ors"].ok


def test_a_number_may_be_empty_on_another_printer() -> None:
    """The recorded printer had a proxy; a printer without one could not be read."""
    tape = Tape().get("/", "<title>Start</title><p>Start</p>")
    for host, port in (("proxy.example.com", "3128"), ("", "")):
        box = '<input type="checkbox" name="enabled" id="e"><label for="e">Use proxy server</label>'
        fields = f'Proxy address: <input name="host" value="{host}">Port: <input name="port" value="{port}">'
        shown = f'<title>Proxy</title><form name="p" action="/p" method="post">{box}{fields}</form>'
        tape.get("/proxy", shown)
        profile = Tape().get("/", "<title>Start</title><p>Start</p>").get("/proxy", shown).draft(**SIMULATED).profile
        assert profile["read"]["proxy"]["fields"]["port"]["required"] is False
    assert tape.check(profile).operations["read.proxy"].ok


def test_a_question_about_a_field_whose_name_has_dots_can_be_answered() -> None:
    """As Struts and JSF name them."""
    form = '<form id=add action="/add" method=post><input name="user.mail"><button>Add</button></form>'
    page = f"<title>Users</title><h1>Add user</h1>{form}"
    tape = signed_in().get("/people", f"{TOP}{page}").post("/add", {"user.mail": "new@example.com"}, "added")
    place = "write.add_user.steps.1.fill.user.mail"
    (question,) = [each for each in tape.draft("site", **SIMULATED).open if not each.optional]
    assert question.key == place
    made = tape.draft("site", **SIMULATED, **{place: "${address}"})
    assert made.complete
    assert made.profile["write"]["add_user"]["steps"][1]["fill"] == {"user.mail": "${address}"}


def test_the_label_of_a_radio_button_is_not_that_of_its_field() -> None:
    """[No proxy] switches the proxy off, and is no list of exceptions."""
    radio = '<label><input type="radio" name="use" value="{0}"{1}>{2}</label>'

    def shown(chosen: str) -> str:
        labels = {"none": "No proxy", "manual": "Use proxy server"}
        choices = (radio.format(each, " checked" * (each == chosen), label) for each, label in labels.items())
        fields = '<label>Proxy address <input name="host" value="p.example.com"></label><button>Save</button>'
        return f'<title>Proxy</title><form name="p" action="/proxy" method="post">{"".join(choices)}{fields}</form>'

    tape = Tape().get("/", "<title>Start</title><p>Start</p>").get("/proxy", shown("none"))
    tape.post("/proxy", {"use": "manual", "host": "p.example.com"}, status=302, answers={"Location": "/proxy"})
    drafted = tape.get("/proxy", shown("manual")).draft("controller", **SIMULATED)
    assert "exceptions" not in drafted.profile["read"]["proxy"]["fields"]
    (question,) = [each for each in drafted.open if each.key.startswith("write.set_proxy.")]
    assert (question.key, question.question) == (
        "write.set_proxy.steps.1.fill.use",
        "Which input fills the field 'use'?",
    )
