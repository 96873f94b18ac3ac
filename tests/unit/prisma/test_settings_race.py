# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sessions set the same proxy client: who comes second finds it done, or is told that another is at it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.controller import Controller
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import WrongDevice
from ansible_collections.printops.prisma.plugins.modules.device_proxy import TASK
from unit.prisma.printer_loopback import Bench, bench, request_of
from unit.web.loopback import ELSEWHERE, Answer

DECLARED: dict[str, Any] = {"proxy_host": "proxy.example.com", "proxy_port": 3128, "test": "never"}
AS_DECLARED = {"useProxy": "1", "pxHost": "proxy.example.com", "pxPort": "3128", "pxUser": ""}
OTHERWISE = {**AS_DECLARED, "pxHost": "other.example.com"}


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def changes(it: Bench, proxy: dict[str, str]) -> Any:
    """Return another session that saves these settings, and keeps this one from writing."""

    def change(_op: str = "") -> None:
        it.printer.proxy, it.printer.busy = dict(proxy), True

    return change


def test_what_is_declared_is_written(it: Bench) -> None:
    result = it.run(TASK, **DECLARED)
    assert (result["changed"], it.printer.saves, it.printer.proxy) == (True, 1, AS_DECLARED)
    assert it.run(TASK, **DECLARED)["changed"] is False


def test_what_another_session_has_set_as_declared_is_done(it: Bench) -> None:
    it.printer.after_read["proxy.htm", 2] = changes(it, AS_DECLARED)
    result = it.run(TASK, **DECLARED)
    assert not result.get("failed"), result
    assert (it.printer.saves, result["proxy"]["host"]) == (0, "proxy.example.com")


def test_what_another_session_has_set_otherwise_is_busy(it: Bench) -> None:
    it.printer.after_read["proxy.htm", 2] = changes(it, OTHERWISE)
    result = it.run(TASK, **DECLARED)
    assert (result["outcome"], it.printer.saves) == ("busy", 0)
    assert "another session" in result["reason"]


def test_a_write_that_is_refused_while_nothing_changes_keeps_its_error(it: Bench) -> None:
    it.printer.busy = True
    result = it.run(TASK, **DECLARED)
    assert (result["outcome"], result["changed"]) == ("busy", False)
    assert "Another administrator" in result["reason"]


@pytest.mark.parametrize("answer", [Answer(drop=True), ELSEWHERE])
def test_settings_whose_answer_is_lost_are_read_back(it: Bench, answer: Answer) -> None:
    it.printer.instead = answer
    result = it.run(TASK, **DECLARED)
    assert (result.get("failed"), result["changed"], it.printer.saves) == (None, True, 1), result


def test_a_password_that_was_refused_does_not_count_as_written(it: Bench) -> None:
    """Given a password alone to write, then no reading can show that another session has written it."""
    it.printer.proxy, it.printer.busy = dict(AS_DECLARED), True
    result = it.run(TASK, **DECLARED, proxy_password="made-up-password")
    assert result["outcome"] == "busy"
    assert result["changed"] is False


@pytest.mark.parametrize("reads", [1, 2])
def test_another_printer_that_answers_after_a_new_sign_in_is_left_as_it_is(it: Bench, reads: int) -> None:
    """Given its address was given away, and the session that the serial number was read in is not there any more."""

    def give_away() -> None:
        it.printer.serial, it.printer.ended = "610000002", True

    it.printer.after_read["proxy.htm", reads] = give_away
    result = it.run(TASK, **DECLARED, serial="610000001")
    assert (result["outcome"], it.printer.saves) == ("wrong_device", 0), result
    assert "610000002" in result["reason"]


def test_where_none_is_declared_the_printer_stays_the_one_that_was_read(it: Bench) -> None:
    options = {"host": "127.0.0.1", "port": it.server.port, "username": "automation", "password": "Right-password-1"}
    controller = Controller.of(
        request_of(TASK, {**options, **DECLARED, "ca_path": it.ca_path}, "sra-remote-ui", it.store)
    )
    assert controller.identity()["serial"] == "610000001"
    it.printer.ended = True
    assert controller.ors().ready
    it.printer.serial, it.printer.ended = "610000002", True
    with pytest.raises(WrongDevice, match=r"610000002.*was '610000001' before"):
        controller.ors()
