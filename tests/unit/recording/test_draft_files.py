# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was not replaced in a fixture is reported, and costs a person who recorded at most the fixture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.files import (
    DraftOptions,
    draft_to_files,
    read_decisions,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange
from unit.recording.hars import exchange, recording

PAGE = "<title>device</title><form method=post><input name=user><input type=password name=p></form>"


def drafted(tmp_path: Path, password: str, *, lenient: bool, known: dict[str, list[str]]) -> dict[str, Any]:
    made = recording(exchange(body=PAGE), exchange(path="/device", method="POST", sent=f"user=anna.smith&p={password}"))
    fixture = str(tmp_path / "f.har")
    return draft_to_files(
        DraftOptions(made, "other", "x", fixture=fixture, known=known, lenient=lenient), check_mode=False
    )


def test_a_password_that_was_replaced_only_where_it_was_sent_is_reported(tmp_path: Path) -> None:
    result = drafted(tmp_path, "device", lenient=False, known={})
    assert any("too short or too common" in each for each in result["not_replaced"])
    assert result["fixture_file"] == str(tmp_path / "f.har")


def test_a_known_value_that_is_a_common_word_is_refused_or_noted(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="too short or too common"):
        drafted(tmp_path, "device", lenient=False, known={"secrets": ["device"]})
    result = drafted(tmp_path, "device", lenient=True, known={"secrets": ["device"]})
    assert any("secret 1, which is a common word" in each for each in result["not_replaced"])
    assert (tmp_path / "f.har").exists()


@pytest.mark.parametrize(("text", "line"), [("read: {}\n3: x\n", 2), ("decisions:\n  true: 1\n", 2), ("null: x\n", 1)])
def test_the_key_of_a_decision_is_a_text(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "d.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=rf"decisions: .*d\.yml:{line}: .* is no text"):
        read_decisions(str(path))


def drafted_recording(tmp_path: Path, interface: str, *exchanges: RecordedExchange) -> tuple[str, dict[str, Any]]:
    fixture = tmp_path / "f.har"
    options = DraftOptions(recording(*exchanges), interface, "x", fixture=str(fixture), profile=str(tmp_path / "p.yml"))
    result = draft_to_files(options, check_mode=False)
    return fixture.read_text() + (tmp_path / "p.yml").read_text(), result


def test_the_account_of_the_drafted_sign_in_is_replaced_whatever_its_fields_are_called(tmp_path: Path) -> None:
    page = (
        "<title>Start</title><form method=post action=/in><input name=mitarbeiter><input type=password name=p></form>"
    )
    text, result = drafted_recording(
        tmp_path,
        "other",
        exchange(body=page),
        exchange(
            path="/in", method="POST", sent="mitarbeiter=annesmith4&p=Zx81-99aQ", body="<title>Hi</title> annesmith4"
        ),
    )
    assert "annesmith4" not in text
    assert "Zx81-99aQ" not in text
    assert result["replaced"]["username"] == 1


@pytest.mark.parametrize("heading", ["Name", "Nachname", "Display name", "Login"])
@pytest.mark.parametrize("as_json", [True, False, "inside"])
def test_the_names_of_people_in_a_list_with_their_addresses_are_replaced(
    tmp_path: Path, heading: str, as_json: bool | str
) -> None:
    people = [("Annelie Smith", "as@customer.test"), ("Björn Öberg", "bo@customer.test")]
    rows = "".join(f"<tr><td>{name}</td><td>{address}</td></tr>" for name, address in people)
    body = f"<title>Users</title><table id=t><tr><th>{heading}</th><th>E-mail</th></tr>{rows}</table>"
    if as_json:
        users = [{heading: name, "email": address} for name, address in people]
        body = json.dumps([{"id": 1, "user": each} for each in users] if as_json == "inside" else users)
    kind = "application/json" if as_json else "text/html; charset=utf-8"
    greeting = exchange(path="/start", body="<title>Hello</title><p>Welcome, Annelie Smith</p>")
    text, result = drafted_recording(tmp_path, "other", greeting, exchange(path="/users", body=body, kind=kind))
    assert not [each for each in ("Annelie", "Smith", "rn \u00d6berg", "Öberg", "customer") if each in text]
    assert result["replaced"]["username"] == 2


def test_a_name_beside_no_address_is_a_word_of_the_interface(tmp_path: Path) -> None:
    rows = "<tr><td>Upper tray</td><td>full</td></tr><tr><td>Lower tray</td><td>empty</td></tr>"
    body = f"<title>Trays</title><table id=t><tr><th>Name</th><th>State</th></tr>{rows}</table>"
    text, _result = drafted_recording(tmp_path, "other", exchange(path="/trays", body=body))
    assert "Upper tray" in text


def test_the_registration_address_of_the_draft_is_a_code_whatever_it_looks_like(tmp_path: Path) -> None:
    address = "https://home.cloud.test/open/q7w2e4"
    state = "Waiting for sign-in at the registration address"
    body = f"<title>Registration</title><table><tr><th>Registration state</th><td>{state}</td></tr>"
    body += f"<tr><th>Registration address</th><td><a href='{address}'>{address}</a></td></tr></table>"
    text, result = drafted_recording(tmp_path, "controller", exchange(path="/ors.htm", body=body))
    assert "registration" in result["operations"]["read"]
    assert "q7w2e4" not in text


def test_a_date_that_does_not_exist_is_no_decision(tmp_path: Path) -> None:
    path = tmp_path / "d.yml"
    path.write_text("evidence: {kind: recorded, date: 2026-02-30}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"decisions: .*d\.yml: not YAML: day "):
        read_decisions(str(path))
