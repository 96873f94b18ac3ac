# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person did and pointed at becomes the decisions of a draft, and the profile fits the recording."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.decisions import Decider
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import draft
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.history import read_history

from .browsing import START, Person, people

EVIDENCE = {"evidence": {"kind": "simulated", "note": "Made up."}}


def decided(person: Person) -> dict[str, Any]:
    recording = person.capture.recording()
    history = read_history(recording, "/")
    asked: list[str] = []

    def ask(group: str, name: str, _label: str) -> str | None:
        asked.append(f"{group}: {name}")
        return None

    found = Decider(person.guide, person.capture, history, ask).decisions()
    assert asked == []
    return {**found, **EVIDENCE}


@pytest.fixture(scope="module")
def person() -> Person:
    made = Person()
    made.record_printer()
    return made


@pytest.fixture(scope="module")
def decisions(person: Person) -> dict[str, Any]:
    return decided(person)


def test_the_sign_in_after_a_wrong_password(decisions: dict[str, Any]) -> None:
    """The refusal came as the answer to the form, so the interface is recognised by the page before it."""
    assert decisions["match"]["steps"] == [{"get": "login.htm"}]
    sign_in = decisions["sign_in"]
    assert sign_in["steps"] == [
        {"submit": "forms[?name=='login'] | [0]", "fill": {"user": "${username}", "pass": "${password}"}}
    ]
    assert sign_in["signed_in"] == "links[?ends_with(href, '/logout.cgi')]"
    assert sign_in["refused"] == "forms[?name=='login']"
    assert decisions["session_ended"] == {"when": "forms[?name=='login']"}
    assert decisions["sign_out"] == {"steps": [{"get": "logout.cgi"}]}


def test_what_was_typed_becomes_the_inputs_that_were_pointed_at(decisions: dict[str, Any]) -> None:
    assert decisions["write.set_proxy"] == {
        "steps": [
            {"get": "proxy.htm"},
            {
                "submit": "forms[?name=='proxy'] | [0]",
                "fill": {"on": "${enabled}", "host": "${host}", "port": "${port}"},
                "press": "save",
            },
        ],
        "verify": "proxy",
    }


def test_what_was_skipped_is_decided_too(decisions: dict[str, Any]) -> None:
    assert decisions["write.unregister"] is None
    assert decisions["read.registration"] is None


def test_no_password_is_in_the_decisions(decisions: dict[str, Any]) -> None:
    assert "right-password" not in str(decisions)
    assert "wrong-password" not in str(decisions)


@pytest.mark.parametrize("refused", [True, False])
def test_the_draft_is_complete_and_fits_its_recording(refused: bool) -> None:
    person = Person()
    person.record_printer(refused=refused)
    decisions = decided(person)
    recording = person.capture.recording()
    made = draft(recording, interface="controller", id="pointed", decisions=decisions, base_path="/")
    assert [each.key for each in made.open if not each.optional] == []
    report = check_profile(find_profile(made.profile, "controller", None), recording=recording)
    assert {name: each.problem for name, each in report.operations.items() if not each.ok} == {}
    covered = {name for name, each in report.operations.items() if each.covered}
    assert covered >= {"sign_in", "read.identity", "read.ors", "read.proxy", "write.set_proxy", "sign_out"}
    assert report.operations["read.ors"].readings == [{"state": "connected", "mode": "enabled"}]


# --- people ---


@pytest.fixture(scope="module")
def site() -> dict[str, Any]:
    """Sign in, show the list, add the test person and remove the test person."""
    person = Person("other")
    person.get("", START)
    person.try_wrong_password()
    person.done()
    person.sign_in()
    person.done()
    person.skip_to("read.people")
    person.get("people", people("bob@example.com", "ob@example.com"))
    person.point("people", "ob@example.com")
    person.point("people", "There are 2 users.")
    person.skip_to("write.add_person")
    person.type("email", "test-person@example.com")
    person.post("people/add", {"csrf": "c0ffee11", "email": "test-person@example.com"}, status=302, location="/people")
    person.get("people", people("bob@example.com", "ob@example.com", "test-person@example.com"))
    person.done()
    person.post(
        "people/remove", {"csrf": "c0ffee11", "email": "test-person@example.com"}, status=302, location="/people"
    )
    person.get("people", people("bob@example.com", "ob@example.com"))
    person.done()
    person.skip_to("sign_out")
    person.get("logout.cgi", START)
    person.done()
    return decided(person)


def test_a_list_with_its_total(site: dict[str, Any]) -> None:
    read = site["read"]["people"]
    assert read["rows"] == "tables[?id=='people'] | [0].rows"
    assert read["fields"]["person"] == '"E-mail"'
    assert read["complete"]["total"]["pick"] == "ids.count"


def test_the_test_person_becomes_an_input(site: dict[str, Any]) -> None:
    (_page, step) = site["write"]["add_person"]["steps"]
    assert step == {"submit": "forms[?id=='add'] | [0]", "fill": {"email": "${person}"}}
    assert site["write"]["add_person"]["inputs"] == ["person"]
    assert site["write"]["add_person"]["verify"] == "people"


def test_no_address_of_a_person_and_no_position_is_in_a_removal(site: dict[str, Any]) -> None:
    text = str(site["write"]["remove_person"])
    assert "example.com" not in text
    assert "${person}" in text
    (page, step) = site["write"]["remove_person"]["steps"]
    assert page == {"get": "people"}
    assert step["row"] == {"of": "tables[?id=='people'] | [0].rows", "where": {"E-mail": "${person}"}}
