# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a script sends back unchanged is what the interface has at that time, never what the recorded one had."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.changes import RecordedWrite
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.inputs import InputNames
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.rows import RowList
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.steps import StepDrafter
from unit.recording.tape import Tape
from unit.recording.test_draft_lists import SIMULATED, TOP, signed_in

SETTINGS = {"host": "", "hostname": "press-01", "dns": ["192.0.2.1"], "timeout": 30, "note": None}
KEPT = {
    "present_hostname": "hostname",
    "present_dns": "dns",
    "present_timeout": "timeout",
    "present_note": {"pick": "note", "required": False},
}
SENT = {name: f"${{present_{name}}}" for name in ("hostname", "dns", "timeout", "note")}


def steps_of(tape: Tape, **names: Any) -> list[dict[str, Any]]:
    """Return the steps of the last request, as somebody saw what was typed."""
    made = read_history(tape.recording, "/")
    known = InputNames(typed={"host": "proxy.example.com"}, **names)
    return StepDrafter(made).write(RecordedWrite(request=made.visits[-1]), known)


def test_a_script_sends_all_settings_and_the_profile_those_of_each_printer() -> None:
    tape = Tape().get("/settings", SETTINGS).send("PUT", "/settings", {**SETTINGS, "host": "proxy.example.com"}, {})
    steps = steps_of(tape, by_json={"host": "host"})
    assert steps == [
        {"get": "settings", "keep": KEPT},
        {"send": "PUT", "path": "settings", "json": {"host": "${host}", **SENT}},
    ]


@pytest.mark.parametrize("inside", [True, False])
def test_the_settings_may_stand_inside_of_something(inside: bool) -> None:
    read = {"status": "ok", "data": {"network": SETTINGS}}
    sent = {"network": {**SETTINGS, "host": "proxy.example.com"}}
    tape = Tape().get("/settings", read).send("PUT", "/settings", sent if inside else sent["network"], {})
    first, step = steps_of(tape, by_json={"network.host": "host", "host": "host"})
    assert first["keep"]["present_network_timeout" if inside else "present_timeout"] == "data.network.timeout"
    body = step["json"]["network"] if inside else step["json"]
    assert "press-01" not in str(body)


def test_what_changed_is_an_input_and_the_rest_is_none() -> None:
    changed = {**SETTINGS, "host": "proxy.example.com"}
    tape = signed_in().get("/people", f"<title>Portal</title>{TOP}").get("/settings", SETTINGS)
    tape.send("PUT", "/settings", changed, {}).get("/settings", changed).get("/logout", "<title>Bye</title>")
    drafted = tape.draft("other", **SIMULATED)
    (write,) = drafted.profile["write"].values()
    assert write["inputs"] == ["host"]
    assert write["steps"][0]["keep"] == KEPT
    report = tape.check(drafted.profile)
    assert report.ok, report.as_lines()


@pytest.mark.parametrize("path", ["/printers/17/settings", "/settings?of=17"])
def test_the_settings_of_one_printer_are_not_read_for_another_one(path: str) -> None:
    tape = Tape().get(path, SETTINGS).send("PUT", "/settings", {**SETTINGS, "host": "proxy.example.com"}, {})
    assert "present" not in str(steps_of(tape))


def test_what_a_row_has_is_sent_as_the_row_of_the_person_has_it() -> None:
    people = [
        {"id": 17, "email": "bob@example.com", "name": "Bob", "role": "user", "quota": 5},
        {"id": 21, "email": "ob@example.com", "name": "Ob", "role": "user", "quota": 7},
    ]
    tape = Tape().get("/people", {"items": people}).send("PUT", "/people/21", {**people[1], "role": "admin"}, {})
    made = read_history(tape.recording, "/")
    page, sent = made.visits
    rows = RowList("items", (page,), "email", "person", meant="ob@example.com")
    names = InputNames(by_value={"ob@example.com": "person"}, typed={"role": "admin"}, by_control={"role": "role"})
    _list, step = StepDrafter(made, lists=[rows]).write(RecordedWrite(request=sent), names)
    assert step["row"]["keep"] == {"row_id": "id", "present_name": "name", "present_quota": "quota"}
    sent_to = {"id": "${row_id}", "email": "${person}", "name": "${present_name}", "quota": "${present_quota}"}
    assert step["json"] == {**sent_to, "role": "${role}"}


@pytest.mark.parametrize(("key", "path"), [("21", "${row_id}"), ("ob@example.com", "${person}")])
def test_what_the_page_of_the_person_has_is_read_from_the_page_of_this_person(key: str, path: str) -> None:
    people = [{"id": 17, "email": "bob@example.com"}, {"id": 21, "email": "ob@example.com"}]
    card = {"role": "user", "phone": "0049-1", "lang": "de"}
    tape = Tape().get("/people", {"items": people}).get(f"/people/{key}", card)
    tape.send("PUT", f"/people/{key}", {**card, "role": "admin"}, {})
    made = read_history(tape.recording, "/")
    page, _card, sent = made.visits
    rows = RowList("items", (page,), "email", "person", meant="ob@example.com")
    names = InputNames(by_value={"ob@example.com": "person"}, typed={"role": "admin"}, by_control={"role": "role"})
    *_before, fetch, step = StepDrafter(made, lists=[rows]).write(RecordedWrite(request=sent), names)
    kept = {"present_phone": "phone", "present_lang": "lang"}
    assert (fetch["get"], fetch["keep"]) == (f"people/{path}", kept)
    assert ("row" in fetch) == (key == "21")
    assert step["path"] == f"people/{path}"
    assert step["json"] == {"role": "${role}", "phone": "${present_phone}", "lang": "${present_lang}"}


def test_fields_of_a_form_that_a_script_sends_elsewhere_are_read_from_the_form() -> None:
    form = (
        '<form id="net"><input name="host"><input name="hostname" value="press-01"><input name="pin" type="password">'
    )
    tape = Tape().get("/network", f"<title>Network</title>{form}</form>")
    tape.post("/ajax", {"host": "proxy.example.com", "hostname": "press-01"})
    page, step = steps_of(tape, by_control={"host": "host"})
    assert page == {"get": "network", "keep": {"hostname": "forms[?id=='net'] | [0].fields.hostname"}}
    assert step == {"send": "POST", "path": "ajax", "form": {"host": "${host}", "hostname": "${hostname}"}}


def entries(**values: Any) -> list[dict[str, Any]]:
    return [{"name": name.replace("_", "."), "value": value} for name, value in values.items()]


LISTED = {"net_hostname": "press-01", "net_dns": ["192.0.2.1"], "proxy_host": "", "proxy_port": 80}


@pytest.mark.parametrize("root", [True, False])
def test_a_list_of_settings_has_those_of_each_printer(root: bool) -> None:
    """``[{name: …, value: …}]``, in JSON or in the interface's own words."""
    before, after = entries(**LISTED), entries(**{**LISTED, "proxy_host": "proxy.example.com"})
    shown, sent = (before, after) if root else ({"data": {"all": before}}, {"all": after})
    first, step = steps_of(
        Tape().get("/settings", shown).send("PUT", "/settings", sent, {}), by_control={"host": "host"}
    )
    at = "" if root else "data.all"
    keep = {place: name for name, place in first["keep"].items()}
    assert list(keep) == [f"{at}[?name=='{each}'] | [0].value" for each in ("net.hostname", "net.dns", "proxy.port")]
    one, dns, port = (f"${{{name}}}" for name in first["keep"])
    expected = entries(net_hostname=one, net_dns=dns, proxy_host="${host}", proxy_port=port)
    assert (step["json"] if root else step["json"]["all"]) == expected


def test_of_a_list_of_settings_the_proxy_is_what_changes() -> None:
    before, after = entries(smtp_port=25, **LISTED), entries(smtp_port=25, **{**LISTED, "proxy_host": "px.example.com"})
    tape = signed_in().get("/people", f"<title>Portal</title>{TOP}").get("/settings", {"all": before})
    tape.send("PUT", "/settings", {"all": after}, {}).get("/settings", {"all": after}).get(
        "/logout", "<title>Bye</title>"
    )
    drafted = tape.draft("controller", **SIMULATED, controller_kind="SRA", write__set_proxy=1)
    sent = {each["name"]: each["value"] for each in drafted.profile["write"]["set_proxy"]["steps"][-1]["json"]["all"]}
    assert (sent["proxy.host"], sent["proxy.port"]) == ("${host}", "${port}")
    assert all(sent[name].startswith("${present_") for name in ("smtp.port", "net.hostname", "net.dns"))


def test_a_list_with_one_entry_less_is_none_of_settings() -> None:
    members = [{"name": who, "value": f"k-{who}"} for who in ("ann", "bob", "eve")]
    role = {"label": "admin", "rank": 1}
    tape = Tape().get("/role", {**role, "members": members}).send("PUT", "/role", {**role, "members": members[1:]}, {})
    assert steps_of(tape)[-1]["json"]["members"] == "DECIDE"


def test_a_token_is_kept_of_the_page_with_the_list_also_where_a_document_is_fetched_after_it() -> None:
    token = '<form action=/x method=post><input type=hidden name=csrf value="d41d8cd98f00b204e9800998"></form>'
    row = '<tr data-id="17"><td>bob@example.com</td><td></td></tr>'
    table = f"<table id=people><tr><th>E-mail</th><th></th></tr>{row}</table>"
    bob = {"name": "Bob", "phone": "1", "role": "user"}
    tape = Tape().get("/people", f"<title>Users</title>{token}{table}").get("/api/users/17", bob)
    tape.send("PUT", "/api/users/17?csrf=d41d8cd98f00b204e9800998", bob | {"phone": "2"}, {})
    made = read_history(tape.recording, "/")
    listed = RowList("tables[0].rows", (made.visits[0],), "E-mail", "person", meant="bob@example.com")
    names = InputNames({"phone": "phone"}, typed={"phone": "2"}, by_value={"bob@example.com": "person"})
    people, document, step = StepDrafter(made, lists=[listed]).write(RecordedWrite(request=made.visits[2]), names)
    assert people["keep"] == {"csrf": "forms[?ends_with(action, '/x')] | [0].fields.csrf"}
    assert document["keep"] == {"present_name": "name", "present_role": "role"}
    assert step["query"] == {"csrf": "${csrf}"}
