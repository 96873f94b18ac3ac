# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another printer gets the address of one during a run. With HTTP's own methods no session ends that would show it."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import execute
from ansible_collections.printops.prisma.plugins.modules import device_info, device_proxy, printer_registration
from unit.prisma.printer_loopback import ADDRESS, Printer, request_of
from unit.prisma.run_store import RunStore
from unit.web.loopback import Answer, Asked, Loopback, serve

OURS, OTHER = "610000001", "610000002"
PASSWORD = "Right-password-1"
BASIC = {
    "sign_in": {
        "method": "basic",
        "steps": [{"get": "top.htm"}],
        "signed_in": "links[?ends_with(href, '/logout.cgi')]",
        "refused": {"status": 401},
    },
    "session_ended": {"status": 401},
    "sign_out": None,
}


class Swapped:
    """The printer at one address: by and by another one. Both take the same user name and password."""

    def __init__(self, server_tls: ssl.SSLContext, ca_path: str) -> None:
        self.printer = Printer(serial=OURS)
        self.store = RunStore()
        self._ca_path = ca_path
        self.server: Loopback
        self._tls = server_tls

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/login.htm":
            return self.printer.answer(asked)
        given = "Basic " + base64.b64encode(f"automation:{PASSWORD}".encode()).decode()
        if asked.headers.get("authorization") != given:
            return Answer(401, {"WWW-Authenticate": 'Basic realm="printer"'}, b"")
        headers = {**asked.headers, "cookie": "sid=made-up"}
        return self.printer.answer(replace(asked, headers=headers))

    def run(self, module: Any, **options: Any) -> dict[str, Any]:
        given = {
            "host": "127.0.0.1",
            "port": self.server.port,
            "username": "automation",
            "password": PASSWORD,
            "ca_path": self._ca_path,
            "timeout": 10,
            "retries": 0,
            **options,
        }
        return execute(module.TASK, request_of(module.TASK, given, "sra-remote-ui", self.store, changed=BASIC))


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Swapped]:
    made = Swapped(server_tls, ca_path)
    with serve(made.answer, server_tls) as made.server:
        yield made


def swap(it: Swapped, **values: Any) -> Callable[[], None]:
    def swapped() -> None:
        it.printer = Printer(serial=OTHER, **values)

    return swapped


@pytest.mark.parametrize("declared", [{"serial": OURS}, {}], ids=["declared", "not declared"])
def test_a_printer_that_came_between_two_tasks_is_neither_pressed_nor_changed(
    it: Swapped, declared: dict[str, str]
) -> None:
    assert it.run(device_info, **declared)["device"]["serial"] == OURS
    swap(it)()
    pressed = it.run(printer_registration, address_hosts=["home.example.com"], **declared)
    assert (pressed["outcome"], it.printer.presses) == ("wrong_device", 0), pressed
    proxy = it.run(device_proxy, proxy_host="proxy.example.com", proxy_port=3128, serial=OURS)
    assert (proxy["outcome"], it.printer.saves) == ("wrong_device", 0), proxy


def test_a_printer_that_came_while_an_address_was_awaited_has_no_address_for_the_other(
    it: Swapped, tmp_path: Path
) -> None:
    """Claimed for the serial number of the other one, it would be the wrong printer."""
    it.run(device_info)
    it.printer.state = "requested"
    it.printer.after_read["register.htm", 3] = swap(it, state="awaiting_claim", address=f"{ADDRESS}-of-another")
    file = tmp_path / "p1.address"
    waiting = {"address_hosts": ["home.example.com"], "wait_timeout": 5, "wait_sleep": 0.05}
    result = it.run(printer_registration, address_file=str(file), **waiting)
    assert result["outcome"] == "wrong_device", result
    assert not file.exists()
    assert it.store.load(f"address|{OURS}") is None


def test_the_same_printer_is_asked_for_its_serial_number_once_a_task(it: Swapped) -> None:
    it.run(device_info)
    it.printer.asked.clear()
    it.run(printer_registration, address_hosts=["home.example.com"], wait_timeout=5, wait_sleep=0.05)
    assert it.printer.presses == 1
    assert it.printer.asked.count("GET device.htm") == 1
