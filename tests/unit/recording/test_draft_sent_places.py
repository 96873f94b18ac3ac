# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several places in a request an input fills, and that nothing of one printer or person is a constant."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.changes import RecordedWrite
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import Draft
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.inputs import InputNames
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.rows import RowList
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.steps import StepDrafter
from unit.recording.tape import Tape
from unit.recording.test_draft_acts_on import ROWS, WITH_ID, users
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

PRINTER = {
    "network": {"address": "192.0.2.7", "port": 80},
    "smtp": {"enabled": True, "server": "mail.example.com", "port": 25, "user": "scan"},
    "proxy": {"enabled": False, "address": "", "port": 3128, "user": ""},
}


def proxy_saved(before: dict[str, Any], after: dict[str, Any], *, shown: bool = True) -> Draft:
    """Draft the change of the proxy client of which nobody says that it is one. ``shown``: the settings were read."""
    tape = signed_in().get("/people", f"<title>Press</title>{TOP}")
    if shown:
        tape.get("/settings", before)
    tape.send("PUT", "/settings", after, {})
    if shown:
        tape.get("/settings", after)
    tape.get("/logout", "<title>Bye</title>")
    return tape.draft("controller", **SIMULATED, controller_kind="SRA", write__set_proxy=1)


def sent_in(drafted: Draft) -> Any:
    return drafted.profile["write"]["set_proxy"]["steps"][-1]["json"]


def asked_in(drafted: Draft) -> dict[str, list[Any]]:
    """Return the answers to choose from by the place of each question about what is sent."""
    places = {each.key.partition(".json.")[2]: each for each in drafted.open if ".json." in each.key}
    return {place: [one.answer for one in each.candidates] for place, each in places.items()}


def test_the_proxy_is_not_written_into_other_settings_of_the_same_name() -> None:
    """The script sends back the whole document: a mail server has an address, a port and a user, too."""
    after = deepcopy(PRINTER)
    after["proxy"].update(enabled=True, address="proxy.example.com", user="press")
    drafted = proxy_saved(PRINTER, after)
    assert sent_in(drafted) == {
        "network": {"address": "${present_network_address}", "port": "${present_network_port}"},
        "smtp": {name: f"${{present_smtp_{name}}}" for name in PRINTER["smtp"]},
        "proxy": {"enabled": "${enabled}", "address": "${host}", "port": "${port}", "user": "${user}"},
    }
    assert not asked_in(drafted)


def test_where_the_names_tell_nothing_it_is_what_was_changed_and_what_stands_beside_it() -> None:
    before = {"a": {"host": "press-7", "port": 1}, "b": {"host": "", "port": 1}}
    drafted = proxy_saved(before, {**before, "b": {"host": "proxy.example.com", "port": 1}})
    assert sent_in(drafted)["b"] == {"host": "${host}", "port": "${port}"}
    assert sent_in(drafted)["a"] == {"host": "${present_a_host}", "port": "${present_a_port}"}


def test_of_two_places_of_one_name_of_which_nothing_says_which_is_meant_none_is_filled() -> None:
    after = {"a": {"host": "press-7"}, "b": {"host": "proxy.example.com"}}
    drafted = proxy_saved(after, after, shown=False)
    assert sent_in(drafted) == {"a": {"host": "DECIDE"}, "b": {"host": "DECIDE"}}
    assert asked_in(drafted) == {"a.host": ["${host}"], "b.host": ["${host}"]}


@pytest.mark.parametrize("inside", [True, False])
def test_an_own_address_beside_a_change_that_nobody_knows_is_not_the_proxy(inside: bool) -> None:
    before, changed = {"address": "192.0.2.7", "pxsrv": ""}, {"address": "192.0.2.7", "pxsrv": "proxy.example.com"}
    if inside:  # of the network, where nothing was changed
        drafted = proxy_saved({"own": before, "px": {"srv": ""}}, {"own": before, "px": {"srv": "proxy.example.com"}})
        assert sent_in(drafted)["own"]["address"] == "${present_own_address}"
    else:
        drafted = proxy_saved(before, changed)
        assert asked_in(drafted)["address"] == ["${host}", "${present_address}"]
        assert drafted.profile["write"]["set_proxy"]["steps"][0]["keep"] == {"present_address": "address"}
    assert not drafted.complete


# --- rows ---


def saved(**changes: Any) -> tuple[dict[str, Any], Draft]:
    """Draft the change of a person whose number is that of the role, too. Return the last step as well."""
    people = [{"id": 1, "email": "ann@example.com", "reply": "ann@example.com", "role": 2}]
    people += [{"id": 3, "email": "bob@example.com", "reply": "bob@example.com", "role": 3} | {"floor": 1}]
    people += [{"id": 7, "email": "eve@example.com", "reply": "ann@example.com", "role": 2}]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/users", {"items": people, "total": 3})
    drafted = tape.send("PUT", "/api/users/3", changes, {}).draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    return write["steps"][-1], drafted


def test_what_a_row_has_is_sent_as_it_has_it_also_if_it_is_equal_to_the_key_of_the_person_or_the_address() -> None:
    whole = {"id": 3, "email": "bob@example.com", "reply": "bob@example.com", "role": 3, "floor": 2}
    step, drafted = saved(**whole)
    own = {"id": "${row_id}", "email": "${email}", "reply": "${present_reply}", "role": "${present_role}"}
    assert step["json"] == {**own, "floor": "${floor}"}
    assert step["row"]["keep"] == {"row_id": "id", "present_reply": "reply", "present_role": "role"}
    assert drafted.complete


@pytest.mark.parametrize(("name", "sent"), [("user", "${row_id}"), ("userId", "${row_id}"), ("level", "${level}")])
def test_another_number_that_is_equal_to_the_key_of_the_person_is_an_input(name: str, sent: str) -> None:
    step, _drafted = saved(**{name: 3})
    assert step["json"] == {name: sent}


def test_of_two_equal_numbers_in_a_path_nothing_says_which_one_is_the_person() -> None:
    people = [{"id": at, "email": f"{who}@example.com"} for at, who in enumerate(("ann", "bob", "eve"), 2)]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/users", {"items": people, "total": 3})
    drafted = tape.delete("/api/users/3/roles/3").draft("other", **SIMULATED)
    (question,) = [each for each in drafted.open if not each.optional]
    assert question.key.endswith(".path")
    answers = ["users/${row_id}/roles/3", "users/3/roles/${row_id}", "users/${row_id}/roles/${row_id}"]
    assert [each.answer for each in question.candidates] == [f"api/{each}" for each in answers]


@pytest.mark.parametrize(("path", "inputs"), [("/api/users/17", ["email"]), ("/api/reports/last", None)])
def test_a_header_that_all_requests_have_means_no_person(path: str, inputs: list[str] | None) -> None:
    """The tenant has the same number as one of its users."""
    own = {"X-Tenant-Id": "17"}
    people = [{"id": at, "email": f"{who}@example.com"} for at, who in enumerate(("ann", "bob", "eve"), 16)]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}")
    tape.get("/api/users", {"items": people, "total": 3}, headers=own).send("PUT", path, {}, {}, headers=own)
    (write,) = tape.draft("other", **SIMULATED).profile["write"].values()
    assert write.get("inputs") == inputs
    assert write["steps"][-1]["headers"] == own


# --- what nobody typed ---


def constant(data: Any, *, kind: str = "json") -> tuple[Any, InputNames]:
    """Return what is drafted of a request of which it is known what somebody typed."""
    tape = Tape().get("/settings", f"<title>Press</title>{TOP}")
    if kind == "json":
        tape.send("POST", "/save", data, {})
    else:
        tape.post("/save", data)
    made = read_history(tape.recording, "/")
    names = InputNames({"proxy": "host"}, typed={"proxy": "proxy.example.com", "proxyPort": "8080"})
    step = StepDrafter(made).write(RecordedWrite(request=made.visits[-1]), names)[-1]
    return step[kind], names


@pytest.mark.parametrize(
    "value",
    [
        [{"name": "hostname", "value": "press-7"}, {"name": "proxy", "value": "proxy.example.com"}],
        json.dumps({"hostname": "press-7", "proxy": "proxy.example.com"}),
        "<settings><hostname>press-7</hostname></settings>",
        "192.0.2.7",
        ["ann", "bob"],
        [],
    ],
)
def test_a_list_or_a_document_that_a_script_made_is_no_constant(value: Any) -> None:
    """It may have the host name of the recorded printer in it, or be a list with one person less."""
    sent, names = constant({"data": value})
    assert sent == {"data": "DECIDE"}
    assert [each.answer for each in names.doubts["data"]] == [value]
    if isinstance(value, str):
        assert constant({"data": value}, kind="form")[0] == {"data": "DECIDE"}
    assert constant({"what": "save", "count": 3, "force": True})[0] == {"what": "save", "count": 3, "force": True}


def test_a_host_name_that_a_script_sends_is_no_constant() -> None:
    assert constant({"hostName": "press-7", "mode": "set"})[0] == {"hostName": "DECIDE", "mode": "set"}


def test_what_was_typed_is_an_input_if_it_is_sent_as_a_number_too() -> None:
    tape = Tape().get("/settings", f"<title>Press</title>{TOP}").send("POST", "/save", {"port": 8080}, {})
    made = read_history(tape.recording, "/")
    names = InputNames({"proxyPort": "port"}, typed={"proxyPort": "8080"})
    assert StepDrafter(made).write(RecordedWrite(request=made.visits[-1]), names)[-1]["json"] == {"port": "${port}"}


def test_an_empty_list_is_not_what_is_left_without_one_person_everywhere() -> None:
    """The only member of the role was removed when it was recorded."""
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/role", {"name": "a", "members": ["bob"]})
    tape.send("PUT", "/api/role", {"name": "a", "members": []}, {}).get("/api/role", {"name": "a", "members": []})
    (write,) = tape.draft("other", **SIMULATED).profile["write"].values()
    assert write["inputs"] == ["members"]
    assert write["steps"][-1]["json"] == {"name": "${present_name}", "members": "${members}"}


def test_a_position_in_a_list_is_a_question_where_the_person_is_known() -> None:
    """Given JSON Patch: the fourth member is somebody else on the next day."""
    people = [{"id": 700 + at, "email": f"{who}@example.com"} for at, who in enumerate("abcd")]
    tape = signed_in().get("/people", f"<title>App</title>{TOP}").get("/api/users", {"items": people, "total": 4})
    tape.send("PATCH", "/api/users/703", [{"op": "remove", "path": "/members/3", "value": 703}], {})
    (write,) = tape.draft("other", **SIMULATED).profile["write"].values()
    assert write["steps"][-1]["json"] == "DECIDE"


def test_what_is_neither_fields_nor_json_is_left_out() -> None:
    tape = signed_in().get("/people", f"<title>App</title>{TOP}")
    tape._add("POST", "/soap", "", sent="<gone><id>17</id></gone>", kind="text/xml").get(
        "/logout", "<title>Bye</title>"
    )
    drafted = tape.draft("other", **SIMULATED)
    assert "write" not in drafted.profile
    assert "POST soap: what was sent is neither fields nor JSON" in drafted.left_out


@pytest.mark.parametrize("body", [{"ids": [17, 23]}, {"id": 17, "heir": 23}, [{"id": 17, "at": "/members/3"}]])
def test_what_json_has_of_another_row_is_no_constant(body: Any) -> None:
    """Whatever else was opened between the list and the request."""
    tape = Tape().get("/people", users(WITH_ID)).get("/news", "<p>none").send("POST", "/remove", body, {})
    made = read_history(tape.recording, "/")
    listed = RowList(ROWS, (made.visits[0],), "E-mail", "person", meant="bob@example.com")
    names = InputNames(typed={}, by_value={"bob@example.com": "person"})
    steps = StepDrafter(made, lists=[listed]).write(RecordedWrite(request=made.visits[-1]), names)
    assert "DECIDE" in str(steps[-1]["json"])


@pytest.mark.parametrize(("part", "read"), [("proxy", "proxy.enabled"), ("px", None)])
def test_what_is_read_is_that_of_the_proxy_and_not_of_what_has_the_same_name(part: str, read: str | None) -> None:
    """Given a mail server that is switched on, a proxy that is not would not be switched on either."""
    shown = {"smtp": {"enabled": True}, part: {"enabled": False, "proxyServer": "proxy.example.com", "proxyPort": 3128}}
    tape = signed_in().get("/people", f"<title>Press</title>{TOP}").get("/settings", shown)
    drafted = tape.get("/logout", "<title>Bye</title>").draft("controller", **SIMULATED, controller_kind="SRA")
    assert drafted.profile["read"]["proxy"]["fields"]["enabled"] == (read or "DECIDE")
    asked = [each for each in drafted.open if each.key == "read.proxy.fields.enabled"]
    answers = [one.answer for each in asked for one in each.candidates]
    assert answers == ([] if read else ["smtp.enabled", "px.enabled"])
