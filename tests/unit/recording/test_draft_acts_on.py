# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""On whom a drafted change acts: what a script sent of one row is kept of the row, or a question, never a constant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.changes import RecordedWrite, find_writes
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import Draft
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.inputs import InputNames
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.rows import RowList
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.steps import StepDrafter
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.replay import NotRecorded
from unit.recording.hars import exchange
from unit.recording.replays import client, write
from unit.recording.tape import Tape
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

PEOPLE = {"11": "anna@example.com", "17": "bob@example.com", "23": "carl@example.com"}
DIALOG = (
    '<form {0}action="/users/delete" method="post"><input type=hidden name=id value="11"><button>Remove</button></form>'
)
ROWS = "tables[?id=='people'] | [0].rows"


def users(row: str = '<tr data-id="{0}"><td>{1}</td><td></td></tr>', dialog: str = "", without: str = "") -> str:
    """Return the list of people, each as ``row`` with its number and address, and a dialog that all of them share."""
    rows = "".join(row.format(*person) for person in PEOPLE.items() if person[0] != without)
    count = f"<p id=count>{len(PEOPLE) - bool(without)} people</p>"
    table = f"<table id=people><tr><th>E-mail</th><th></th></tr>{rows}</table>"
    return f"<title>Portal</title>{TOP}<h1>People</h1>{count}{table}{dialog}"


def removed(row: str, dialog: str, sent: dict[str, str], path: str = "/users/delete") -> Tape:
    tape = signed_in().get("/people", users(row, dialog))
    tape.post(path, sent, status=302, answers={"Location": "/people"})
    return tape.get("/people", users(row, dialog, without="17")).get("/logout", "<title>Bye</title>")


def asked(drafted: Draft) -> set[str]:
    return {each.key for each in drafted.open if not each.optional}


@pytest.mark.parametrize("dialog", ["id=delform ", ""])
@pytest.mark.parametrize(
    ("row", "pick"),
    [
        ('<tr data-id="{0}"><td>{1}</td><td></td></tr>', "data.id"),
        ('<tr id="{0}"><td>{1}</td><td></td></tr>', "id"),
        (
            '<tr><td>{1}</td><td><a href="/card?person={0}">Show</a></td></tr>',
            {"pick": "links[?contains(href, '/card?')].href", "filters": [{"regex": "[?&]person=([^&#]+)"}, "only"]},
        ),
    ],
)
def test_a_hidden_field_that_a_script_set_is_kept_of_its_row(row: str, pick: Any, dialog: str) -> None:
    """The list has one dialog for all people: its hidden field has another person until a script sets it."""
    tape = removed(row, DIALOG.format(dialog), {"id": "17"})
    drafted = tape.draft("other", **SIMULATED)
    remove = drafted.profile["write"]["remove"]
    test = "id=='delform'" if dialog else "ends_with(action, '/delete')"
    assert remove == {
        "inputs": ["e_mail"],
        "steps": [
            {"get": "people"},
            {"get": "people", "row": {"of": ROWS, "where": {"E-mail": "${e_mail}"}, "keep": {"row_id": pick}}},
            {"submit": f"forms[?{test}] | [0]", "fill": {"id": "${row_id}"}},
        ],
        "verify": "people",
    }
    assert drafted.complete
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()
    assert report.operations["write.remove"].covered


@pytest.mark.parametrize(
    ("row", "sent"),
    [
        ("<tr><td>{1}</td><td></td></tr>", "17"),  # no row has the value
        ("<tr><td>{1}</td><td></td></tr>", "0d5f3c1e-7a41-4b0e-9f0a-3b8a6b1c2d4e"),  # a key like a token
        ('<tr data-id="{0}" data-place="1{0}"><td>{1}</td><td></td></tr>', "1"),  # too short to mean a row
    ],
)
def test_a_hidden_field_that_no_row_explains_is_a_question(row: str, sent: str) -> None:
    other = "6b1c2d4e-4b0e-7a41-9f0a-3b8a0d5f3c1e" if len(sent) > 2 else "11"
    dialog = DIALOG.format("id=delform ").replace("11", other)
    drafted = removed(row, dialog, {"id": sent}).draft("other", **SIMULATED)
    assert asked(drafted) == {"write.remove.steps.1.fill.id"}
    assert not drafted.complete
    assert not any("write.remove" in each for each in drafted.sure)


def test_of_the_values_of_several_rows_only_that_of_the_row_that_was_gone_afterwards_is_no_question() -> None:
    form = DIALOG.format("id=delform ").replace("<button", '<input type=hidden name=heir value=""><button')
    tape = removed('<tr data-id="{0}"><td>{1}</td><td></td></tr>', form, {"id": "17", "heir": "23"})
    assert asked(tape.draft("other", **SIMULATED)) == {"write.remove.steps.2.fill.heir"}
    tape.exchanges = [each for each in tape.exchanges if not each.url.endswith("/people") or each.number < 5]
    assert asked(tape.draft("other", **SIMULATED)) == {"write.remove.steps.1.fill.id", "write.remove.steps.1.fill.heir"}


@pytest.mark.parametrize(("sent", "many"), [("1", False), ("1", True)])
def test_a_setting_in_a_hidden_field_is_never_left_out(sent: str, many: bool) -> None:
    hidden = '<input type=hidden name="enabled" value="0">' * (1 + many)
    page = (
        f'<title>Portal</title>{TOP}<h1>Proxy</h1><form id="px" action="/proxy" method="post">{hidden}'
        '<label>Address <input name="host"></label><button>Save</button></form>'
    )
    tape = signed_in().get("/proxy", page)
    tape._add(
        *("POST", "/proxy", page),
        sent="&".join([f"enabled={sent}"] * (1 + many)) + "&host=cache.example.org",
        kind="application/x-www-form-urlencoded",
    )
    drafted = tape.get("/logout", "<title>Bye</title>").draft("controller", **SIMULATED)
    place = "write.set_proxy.steps.1.fill.enabled"
    assert place in asked(drafted)
    (question,) = [each for each in drafted.open if each.key == place]
    if not many:
        assert {"map": {"true": "1", "false": "0"}, "of": "${enabled}"} in [each.answer for each in question.candidates]
    assert drafted.profile["write"]["set_proxy"]["steps"][1]["fill"]["host"] == "${host}"


def test_a_hidden_field_that_selects_the_operation_is_sent_as_recorded_and_a_token_as_the_page_has_it() -> None:
    form = (
        '<form id="f" action="/do" method="post"><input type=hidden name="__EVENTTARGET" value="">'
        '<input type=hidden name=csrf_token value="d41d8cd98f00b204e9800998"><button>Go</button></form>'
    )
    tape = signed_in().get("/people", users(dialog=form))
    tape.post("/do", {"__EVENTTARGET": "refresh", "csrf_token": "0cc175b9c0f1b6a831c399e2"}, users(dialog=form))
    (made,) = tape.draft("other", **SIMULATED).profile["write"].values()
    assert made["steps"][1]["fill"] == {"__EVENTTARGET": "refresh"}
    tape = signed_in().get("/people", users(dialog=form))
    tape.post("/do", {"__EVENTTARGET": "list$row2$del", "csrf_token": "d41d8cd98f00b204e9800998"}, users(dialog=form))
    assert asked(tape.draft("other", **SIMULATED)) == {"write.go.steps.1.fill.__EVENTTARGET"}


def test_a_hidden_value_of_the_page_cannot_stand_for_the_recorded_one() -> None:
    shown = exchange(body='<form><input type=hidden name=id value="11"><input type=hidden name=tok value="t1"></form>')
    with client(shown, write("id=17&tok=t9", path="/delete")) as played:
        with pytest.raises(NotRecorded):
            played.post("/delete", data={"id": "11", "tok": "t1"})
        assert played.post("/delete", data={"id": "17", "tok": "t1"}).text == "saved"
        assert played.post("/delete", data={"id": "99", "tok": "t1"}).text == "saved"  # filled in
    with client(shown, write("id=11", path="/delete")) as played, pytest.raises(NotRecorded):
        played.post("/delete", data={"id": "12"})


def test_what_was_typed_is_an_input_also_where_a_script_copied_it_into_a_hidden_field() -> None:
    form = (
        '<form id=px action="/proxy" method=post><input type=hidden name=list value=""><input type=hidden name=who '
        'value=""><input name=shown><button>Save</button></form>'
    )
    tape = Tape().get("/proxy", form).post("/proxy", {"list": "a.example; b.example", "who": "x", "shown": ""})
    made = read_history(tape.recording, "/")
    names = InputNames({"box": "exceptions", "name": "person"}, typed={"box": "a.example; b.example", "name": "x"})
    (write,) = find_writes(made, -1, 9)
    fill = StepDrafter(made).write(write, names)[1]["fill"]
    assert fill == {"list": {"join": "; ", "of": "${exceptions}"}, "who": "${person}"}


# --- what scripts send ---

WITH_ID = '<tr data-id="{0}"><td>{1}</td><td></td></tr>'


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("/admin/delete/17", {"send": "POST", "path": "admin/delete/${row_id}"}),
        ("/admin/delete?who=17", {"send": "POST", "path": "admin/delete", "query": {"who": "${row_id}"}}),
    ],
)
def test_what_a_script_sends_from_the_page_of_the_list_is_kept_of_its_row(path: str, step: dict[str, str]) -> None:
    tape = removed(WITH_ID, "", {}, path)
    drafted = tape.draft("other", **SIMULATED)
    (made,) = drafted.profile["write"].values()
    row = {"of": ROWS, "where": {"E-mail": "${e_mail}"}, "keep": {"row_id": "data.id"}}
    assert made["steps"] == [{"get": "people"}, {"row": row, **step}]
    assert made["inputs"] == ["e_mail"]
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


def sent_elsewhere(path: str, *, row: str = WITH_ID) -> Draft:
    """Draft a request that was sent from a page behind the list."""
    tape = signed_in().get("/people", users(row)).get("/tools", f'<title>Tools</title>{TOP}<p id="s">idle</p>')
    return tape.post(path, {}).get("/people", users(row, without="17")).draft("other", **SIMULATED)


def test_a_row_is_found_on_any_page_of_its_list() -> None:
    """However many pages were opened after it."""
    tape = signed_in().get("/people", f"<title>App</title>{TOP}")
    for number in range(5):
        items = [{"key": f"k{number}{at}abc", "email": f"p{number}{at}@example.com"} for at in range(3)]
        tape.get(f"/api/users?page={number + 1}", {"items": items, "total": 15})
    tape.delete("/api/users/k01abc").get("/logout", "<title>Bye</title>")
    (made,) = tape.draft("other", **SIMULATED).profile["write"].values()
    assert made["inputs"] == ["email"]
    assert made["steps"][-1]["path"] == "api/users/${row_id}"


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("/admin/delete/17", WITH_ID),
        ("/admin/delete/17", "<tr><td>{1}</td><td></td></tr>"),  # nobody knows what the number is
        ("/admin/delete/bob@example.com", WITH_ID),
        ("/admin/delete/k17", '<tr data-id="k{0}"><td>{1}</td><td></td></tr>'),
        ("/admin/delete/xx-bob", '<tr data-name="xx-bob" data-id="{0}"><td>{1}</td><td></td></tr>'),
    ],
)
def test_what_may_be_a_row_of_a_list_is_a_question(path: str, row: str) -> None:
    if "xx-bob" in row:
        row = '<tr data-name="{1}" data-id="{0}"><td>{1}</td><td></td></tr>'
        path = "/admin/delete/bob%40example.com"
    drafted = sent_elsewhere(path, row=row)
    (question,) = [each for each in drafted.open if not each.optional]
    assert question.key.endswith(".steps.0.path")
    assert [each.answer for each in question.candidates] == [path.strip("/")]
    assert not any(each.startswith("write.") for each in drafted.sure)


@pytest.mark.parametrize("path", ["people/refresh", "api/v2/refresh", "api/1.10/oauth2/refresh"])
def test_an_address_of_the_interface_is_no_question(path: str) -> None:
    drafted = sent_elsewhere(f"/{path}")
    assert drafted.complete, drafted.open
    assert drafted.profile["write"]["refresh"]["steps"] == [{"send": "POST", "path": path}]


@pytest.mark.parametrize(
    "path",
    [
        *("users/17", "users(17)", "users/k17abc", "users/0d5f3c1e-7a41-4b0e-9f0a-3b8a6b1c2d4e"),
        *("users/bob@example.com", "users/bob", "users/VXNlcjoxNw=="),
    ],
)
def test_a_key_in_the_path_is_a_question_where_no_list_was_recorded(path: str) -> None:
    """A script may ask for its list by POST, which no read shows."""
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").delete(f"/api/{path}")
    (question,) = [each for each in tape.draft("other", **SIMULATED).open if not each.optional]
    assert question.key.endswith(".steps.0.path")
    assert [each.answer for each in question.candidates] == [f"api/{path}"]


def test_a_second_key_behind_that_of_the_row_is_a_question() -> None:
    people = [{"id": 700 + number, "email": who} for number, who in enumerate(PEOPLE.values())]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/users", {"items": people, "total": 3})
    tape.delete("/api/users/702/devices/0d5f3c1e-7a41-4b0e-9f0a-3b8a6b1c2d4e")
    (question,) = [each for each in tape.draft("other", **SIMULATED).open if not each.optional]
    assert [each.answer.rpartition("/")[0] for each in question.candidates] == ["api/users/${row_id}/devices"]


def test_a_second_person_in_the_path_is_a_question() -> None:
    people = [{"id": 700 + number, "email": who} for number, who in enumerate(PEOPLE.values())]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/users", {"items": people, "total": 3})
    tape.post("/api/users/702/merge/701", {}).get("/api/users", {"items": people[:2], "total": 2})
    (question,) = [each for each in tape.draft("other", **SIMULATED).open if not each.optional]
    assert question.key == "write.merge.steps.1.path"
    assert [each.answer for each in question.candidates] == ["api/users/${row_id}/merge/701"]


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"id": 17}, {"id": "${row_id}"}),
        ({"ids": [17]}, {"ids": ["${row_id}"]}),
        ({"method": "remove", "params": [17]}, {"method": "remove", "params": ["${row_id}"]}),
        ({"method": "remove", "id": 17}, {"method": "remove", "id": "${row_id}"}),
        ({"who": {"list": [{"key": 17}]}}, {"who": {"list": [{"key": "${row_id}"}]}}),
    ],
)
def test_what_json_has_of_the_row_that_was_pointed_at_is_kept_of_it(body: Any, sent: Any) -> None:
    """However deep it is, and whatever its name. A number is sent as a number."""
    tape = Tape().get("/people", users(WITH_ID)).send("POST", "/remove", body, {})
    made = read_history(tape.recording, "/")
    page, request = made.visits
    listed = RowList(ROWS, (page,), "E-mail", "person", meant="bob@example.com")
    names = InputNames(typed={}, by_value={"bob@example.com": "person"})
    _first, step = StepDrafter(made, lists=[listed]).write(RecordedWrite(request=request), names)
    assert step["row"]["keep"] == {"row_id": {"pick": "data.id", "filters": ["integer"]}}
    assert step["json"] == sent


@pytest.mark.parametrize("sent", [{"row": "2"}, {"filter": "email eq 'bob@example.com'"}, {"copy": "eve@example.net"}])
def test_what_is_sent_beside_the_person_is_no_constant_if_it_may_mean_a_row_or_a_person(sent: dict[str, str]) -> None:
    made = read_history(Tape().get("/people", users()).post("/gone", {"who": "bob@example.com", **sent}).recording, "/")
    page, request = made.visits
    rows = RowList(ROWS, (page,), "E-mail", "person", meant="bob@example.com")
    names = InputNames(by_value={"bob@example.com": "person"}, typed={})
    steps = StepDrafter(made, lists=[rows]).write(RecordedWrite(request=request), names)
    assert steps[-1]["form"] == {"who": "${person}", **dict.fromkeys(sent, "DECIDE")}


def test_what_a_script_sends_of_the_row_in_a_header_is_kept_of_it() -> None:
    tape = signed_in().get("/people", users()).delete("/api/person")
    tape.exchanges[-1] = replace(tape.exchanges[-1], request_headers=(("X-Person", "17"), ("X-Requested-With", "app")))
    tape.get("/people", users(without="17")).get("/logout", "<title>Bye</title>")
    (write,) = tape.draft("other", **SIMULATED).profile["write"].values()
    assert write["steps"][-1]["headers"] == {"X-Person": "${row_id}", "X-Requested-With": "app"}


MEMBERS = "<select name=members multiple>{}</select>"
BOXES = "<input type=checkbox name=members value={} checked>"


@pytest.mark.parametrize(
    ("field", "sent", "answer"),
    [
        (
            MEMBERS.format("".join(f"<option value={each} selected>{each}</option>" for each in PEOPLE)),
            ["11", "23"],
            {"remove": "${members}"},
        ),
        ("".join(map(BOXES.format, PEOPLE)), ["11", "23"], {"remove": "${members}"}),
        ("".join(map(BOXES.format, PEOPLE)).replace("11 checked", "11"), ["11", "17", "23"], {"add": "${members}"}),
    ],
)
def test_of_a_field_with_several_entries_the_others_stay_as_they_are(field: str, sent: list[str], answer: Any) -> None:
    form = f'<form id=f action="/members" method=post>{field}<button>Save</button></form>'
    tape = signed_in().get("/people", users(dialog=form))
    body = "&".join(f"members={each}" for each in sent)
    tape.post("/members", {}, status=302, answers={"Location": "/people"})
    pairs = tuple(("members", each) for each in sent)
    tape.exchanges[-1] = replace(tape.exchanges[-1], request_body=body.encode(), form=pairs)
    tape.get("/people", users(dialog=form)).get("/logout", "<title>Bye</title>")
    (question,) = [each for each in tape.draft("other", **SIMULATED).open if not each.optional]
    assert question.key == "write.save.steps.1.fill.members"
    assert [each.answer for each in question.candidates] == [answer, None]
    decided = tape.draft("other", **SIMULATED, write__save__steps__1__fill__members=1)
    assert decided.profile["write"]["save"]["inputs"] == ["members"]
    assert find_profile(decided.profile, "other", None).id == "mine"


def test_a_hidden_value_that_by_chance_was_that_of_the_person_is_a_question() -> None:
    """The person of the dialog as the page has it was removed. Later the page may have another one there."""
    drafted = removed(WITH_ID, DIALOG.format("id=delform "), {"id": "11"}).draft("other", **SIMULATED)
    (question,) = [each for each in drafted.open if not each.optional]
    assert question.key == "write.remove.steps.1.fill.id"
    assert [each.reads for each in question.candidates] == ["as the page has it"]


def test_a_form_of_the_whole_list_has_the_keys_of_all_rows() -> None:
    """As the form sets of Django do."""
    fields = "".join(f'<input type=hidden name="form-{key}-id" value="{key}">' for key in PEOPLE)
    form = f'<form id=all action="/save" method="post">{fields}<input name=note><button>Save</button></form>'
    tape = signed_in().get("/people", users(dialog=form))
    tape.post("/save", {f"form-{key}-id": key for key in PEOPLE} | {"note": "x"}, users(dialog=form))
    drafted = tape.draft("other", **SIMULATED)
    assert drafted.complete
    assert drafted.profile["write"]["save"]["steps"][1]["fill"] == {"note": "${note}"}


def test_what_a_script_sends_of_the_row_is_no_token_of_a_form_that_has_the_same_value() -> None:
    tape = signed_in().get("/people", users(dialog=DIALOG.format("id=delform "))).post("/gone", {"id": "11", "x": "1"})
    drafted = tape.draft("other", **SIMULATED)
    assert drafted.profile["write"]["gone"]["steps"][-1]["form"] == {"id": "${id}", "x": "${x}"}


@pytest.mark.parametrize(("interface", "refused"), [("tenant", "write.delete_device"), ("site", "write.add_user")])
def test_what_the_format_refuses_is_a_question_and_the_rest_is_held_against_the_recording(
    interface: str, refused: str
) -> None:
    """The operations of the cloud say on whom they act. Here nothing does: no row has the number that was sent."""
    row = "<tr><td>{1}</td><td></td></tr>"
    dialog = DIALOG.format("id=delform ")
    tape = removed(row, dialog.replace("Remove", "Add") if interface == "site" else dialog, {"id": "11"})
    if interface == "tenant":
        claim = {"address": "https://claims.example.com/1", "takeOver": False}
        tape.exchanges.insert(-1, Tape().send("POST", "/api/claims", claim, "", status=302).exchanges[0])
        tape.exchanges = [replace(each, number=number) for number, each in enumerate(tape.exchanges)]
    drafted = tape.draft(interface, **SIMULATED)
    open_ = {each.key: each for each in drafted.open}
    assert "no step that acts uses" in open_[refused].question
    assert open_[refused].optional
    assert open_[refused].candidates[0].reads == "as drafted"
    assert interface == "site" or "does not fit the recording" in open_["write.claim"].question
    assert drafted.complete
    assert find_profile(drafted.profile, interface, None).id == "mine"


def test_a_decision_that_the_format_refuses_is_named() -> None:
    tape = removed("<tr><td>{1}</td><td></td></tr>", DIALOG.format("id=delform "), {"id": "11"})
    steps = [{"get": "people"}, {"submit": "forms[?id=='delform'] | [0]"}]
    drafted = tape.draft("tenant", **SIMULATED, write__delete_device={"steps": steps})
    assert drafted.profile["write"]["delete_device"] == {"steps": steps}
    with pytest.raises(BadInput, match=r"write\.delete_device\.steps: no step that acts"):
        find_profile(drafted.profile, "tenant", None)
