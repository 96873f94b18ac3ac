# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web interface of transmission-daemon: JSON behind a page, and a header that requests must send back.

Driven only by the profile tests/fixtures/profiles/transmission.yml.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import (
    CheckModeViolation,
    NotReadBack,
    SignInRefused,
    Unsupported,
)
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from foreign import driven
from foreign.transmission import PASSWORD, USER, Transmission, transmission

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("transmission-daemon")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Transmission]:
    with transmission(tmp_path_factory.mktemp("transmission")) as running:
        yield running


@pytest.fixture
def session(server: Transmission) -> Iterator[Session]:
    with opened(server) as one:
        yield one


def opened(server: Transmission, *, password: str = PASSWORD, **options: Any) -> Any:
    return driven.session("transmission", server.url, server.ca_path, username=USER, password=password, **options)


def test_settings_are_read_with_the_required_header(session: Session) -> None:
    values = session.read("settings").values
    assert str(values["version"]).startswith("3.")
    assert values["encryption"] == "preferred"
    assert len(session.state.kept["session_id"]) > 20
    assert session.state.kept["session_id"] in session.secrets()


def test_an_empty_list_is_read(session: Session) -> None:
    assert session.read("torrents").rows == ()


def test_a_setting_is_changed_and_read_back_with_its_type(session: Session) -> None:
    for limited, limit in ((True, 4321), (False, 100)):
        _given, reading = session.write(
            "set_limit",
            driven.shows(limited=limited, limit=limit),
            limited=limited,
            limit=limit,
        )
        assert reading is not None
        assert reading.values["limit"] == limit
        assert reading.values["limited"] is limited


def test_values_are_mapped_to_those_of_the_interface(session: Session) -> None:
    for ours, theirs in (("strict", "required"), ("off", "tolerated"), ("usual", "preferred")):
        session.write("set_encryption", driven.shows(encryption=theirs), encryption=ours)
    with pytest.raises(Unsupported, match="no word for 'none'"):
        session.write("set_encryption", encryption="none")


def test_a_write_without_effect_fails(session: Session) -> None:
    with pytest.raises(NotReadBack):
        session.write("set_limit", driven.shows(limit=5), limited=None, limit=None)


def test_a_lost_session_is_opened_again_for_reads_and_writes(server: Transmission) -> None:
    with opened(server) as session:
        first = session.read("settings") and session.state.kept["session_id"]
        server.restart()
        session.read("settings")
        second = session.state.kept["session_id"]
        server.restart()
        session.write("set_limit", driven.shows(limit=77), limited=False, limit=77)
        assert len({first, second, session.state.kept["session_id"]}) == 3


def test_a_wrong_password_is_tried_once(server: Transmission) -> None:
    with opened(server, password="wrong") as session:
        for _again in range(2):
            with pytest.raises(SignInRefused):
                session.read("settings")


def test_check_mode_reads_and_changes_nothing(server: Transmission) -> None:
    with opened(server, check_mode=True) as session:
        before = session.read("settings").values["limit"]
        with pytest.raises(CheckModeViolation):
            session.write("set_limit", limited=True, limit=before + 1)
        assert session.read("settings").values["limit"] == before
