# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an interface sent stands in no result so that it could steer a terminal, or flood it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.presentable import LONGEST_LINE, presentable
from ansible_collections.printops.prisma.plugins.modules.device_info import TASK
from ansible_collections.printops.prisma.plugins.modules.device_proxy import TASK as PROXY
from ansible_collections.printops.prisma.plugins.modules.printer_registration import TASK as REGISTRATION
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.run import run_redacted
from unit.prisma.printer_loopback import Bench, bench
from unit.prisma.run_store import RunStore

ESC = "\x1b]0;owned\x07\x1b[2J\x1b[31m\u202e"


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def shown(it: Bench, task: Any, **options: Any) -> dict[str, Any]:
    return run_redacted("p1", set(), lambda: it.run(task, **options))


def is_harmless(value: Any) -> bool:
    if isinstance(value, dict):
        return all(is_harmless(item) for pair in value.items() for item in pair)
    if isinstance(value, list):
        return all(map(is_harmless, value))
    return not isinstance(value, str) or (value.replace("\n", "").isprintable() and len(value) <= LONGEST_LINE)


def test_texts_at_any_depth_are_escaped_and_cut() -> None:
    result = presentable({f"k{ESC}": [{"a": (ESC, "x" * 9000)}], "n": 1, "lines": f"one\n{ESC}two", "none": None})
    assert is_harmless(result), result
    assert (result["n"], result["none"]) == (1, None)
    assert result["lines"].startswith("one\n\\x1b]0;owned\\x07")


def test_a_secret_is_found_before_it_is_escaped_or_cut() -> None:
    secret = "tab\tand \x1b in it"
    result = run_redacted("p1", {secret}, lambda: {"msg": f"you typed {secret}", "long": "x" * 3995 + secret})
    assert "tab" not in str(result)
    assert "in it" not in str(result)


@pytest.mark.parametrize("place", ["model", "tenant", "message"])
def test_what_a_printer_shows_is_escaped(it: Bench, place: str) -> None:
    it.printer.model = ESC if place == "model" else "ProStream"
    it.printer.tenant = ESC if place == "tenant" else ""
    it.printer.message = ESC if place == "message" else ""
    it.printer.state = "failed"
    info = shown(it, TASK)
    assert not info.get("failed"), info
    failed = shown(it, REGISTRATION, address_hosts=["home.example.com"])
    assert failed["outcome"] == "failed"
    for result in (info, failed):
        assert is_harmless(result), result


no_serial_number = pytest.mark.parametrize("serial", ["61" + ESC, "61\u202e0001", "9" * 5000, "61\x9b31m"])


@no_serial_number
def test_what_can_be_no_serial_number_is_shown_by_who_only_reads_it(it: Bench, serial: str) -> None:
    it.printer.serial = serial
    info = shown(it, TASK)
    assert not info.get("failed"), info
    assert info["device"]["serial"].startswith(serial[:2])
    assert is_harmless(info), info


@no_serial_number
def test_what_can_be_no_serial_number_is_compared_with_none_and_registers_none(it: Bench, serial: str) -> None:
    it.printer.serial = serial
    of_press: dict[str, Any] = {"address_hosts": ["home.example.com"]}
    for result in (
        shown(it, TASK, serial="610000001"),
        shown(it, REGISTRATION, serial="610000001", **of_press),
        shown(it, REGISTRATION, **of_press),
    ):
        assert "what was read is no serial number" in result["reason"], result
        assert is_harmless(result), result
        assert len(str(result)) < 2000
    assert it.printer.presses == 0


@no_serial_number
def test_after_such_a_reading_nothing_is_written_in_the_same_session(it: Bench, serial: str) -> None:
    it.printer.serial, it.store = serial, RunStore()
    assert not shown(it, TASK).get("failed")
    result = shown(it, PROXY, state="present", proxy_host="proxy.example.com", proxy_port=8080)
    assert "what was read is no serial number" in result["reason"], result
    assert (it.printer.saves, it.printer.asked.count("POST login.cgi")) == (0, 1), it.printer.asked
