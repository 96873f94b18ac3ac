# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web administration of CUPS, driven only by the profile tests/fixtures/profiles/cups.yml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    CheckModeViolation,
    SignInRefused,
    UnexpectedPage,
    Unsupported,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.reading import Reading
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from foreign import driven
from foreign.cups import ADMINISTRATOR, PASSWORD, Cups, cups

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("cups")]
PRINTERS = 230
"""More than two pages of the list: CUPS shows a hundred printers on each."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cups]:
    with cups(tmp_path_factory.mktemp("cups"), printers=PRINTERS) as running:
        yield running


@pytest.fixture
def session(server: Cups) -> Iterator[Session]:
    with opened(server) as one:
        yield one


def opened(server: Cups, *, password: str = PASSWORD, **options: Any) -> Any:
    return driven.session("cups", server.url, server.ca_path, username=ADMINISTRATOR, password=password, **options)


def names(reading: Reading) -> list[str]:
    return [row["name"] for row in reading.rows]


def test_all_printers_are_read_with_their_state_and_a_proof(session: Session) -> None:
    reading = session.read("printers")
    assert (reading.pages, reading.total, len(reading.rows)) == (3, PRINTERS, PRINTERS)
    assert len(set(names(reading))) == PRINTERS
    third = next(row for row in reading.rows if row["name"] == "press-03")
    assert third == {
        "name": "press-03",
        "description": "Press 3",
        "location": "Hall 3",
        "model": "Local Raw Printer",
        "state": "paused",
    }
    assert sum(row["state"] == "idle" for row in reading.rows) == PRINTERS - PRINTERS // 3


def test_one_printer_is_read(session: Session) -> None:
    assert dict(session.read("printer", printer="press-02").values) == {
        "description": "Press 2",
        "location": "Hall 2",
        "connection": "socket://127.0.0.1:9/2",
        "state": "idle",
        "accepting": "yes",
    }


def test_a_printer_is_paused_and_resumed_by_the_list_of_its_page(session: Session) -> None:
    for state in ("paused", "idle"):
        _given, reading = session.write("set_state", driven.shows(state=state), printer="press-04", state=state)
        assert reading is not None
        assert reading.values["state"] == state


def test_a_state_that_the_profile_does_not_know_is_reported(session: Session) -> None:
    with pytest.raises(Unsupported, match=r"no word for 'broken'; it knows idle, paused"):
        session.write("set_state", printer="press-04", state="broken")


def test_an_option_that_the_page_lacks_is_reported_with_those_it_has(session: Session) -> None:
    with pytest.raises(
        UnexpectedPage, match=r"chooses 'start-printer' for the field 'OP', which offers .*Pause Printer"
    ):
        session.write("set_state", printer="press-05", state="idle")


def test_a_location_is_set_through_a_wizard(session: Session) -> None:
    where = 'Halle 7, über der Tür & "links"'
    _given, reading = session.write("set_location", driven.shows(location=where), printer="press-07", location=where)
    assert reading is not None
    assert reading.values["connection"] == "socket://127.0.0.1:9/7"
    assert session.read("printer", printer="press-08").values["location"] == "Hall 8"


def test_a_setting_is_changed_and_read_back_while_the_server_restarts(session: Session) -> None:
    before = session.read("server").values
    for wanted in (not before["cancel_any"], before["cancel_any"]):
        _given, reading = session.write("set_server", driven.shows(cancel_any=wanted), cancel_any=wanted)
        assert reading is not None
        assert reading.values["shared"] == before["shared"]


def test_a_printer_is_deleted_after_the_confirmation(session: Session) -> None:
    _given, reading = session.write("delete_printer", lambda read: "press-100" not in names(read), printer="press-100")
    assert reading is not None
    assert reading.total == PRINTERS - 1


def test_a_missing_printer_is_not_a_paused_one(session: Session) -> None:
    with pytest.raises(UnexpectedPage, match="is not the expected page"):
        session.read("printer", printer="press-999")


def test_the_cookie_of_the_session_field_is_a_secret(session: Session) -> None:
    session.read("server")
    (sid,) = [cookie.value for cookie in session.client.jar if cookie.name == "org.cups.sid"]
    assert sid in session.secrets()


def test_a_wrong_password_is_refused_after_one_attempt(server: Cups) -> None:
    before = (server.root / "error_log").read_text(encoding="utf-8").count("pam_authenticate")
    with opened(server, password="wrong") as session:
        for _again in range(2):
            with pytest.raises(SignInRefused):
                session.read("server")
    after = (server.root / "error_log").read_text(encoding="utf-8").count("pam_authenticate")
    assert after - before == 1


def test_check_mode_reads_and_changes_nothing(server: Cups) -> None:
    with opened(server, check_mode=True) as session:
        with pytest.raises(CheckModeViolation):
            session.write("set_location", printer="press-09", location="elsewhere")
        assert session.read("printer", printer="press-09").values["location"] == "Hall 9"
