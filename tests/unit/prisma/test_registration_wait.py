# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the registration page is asked for while a printer makes its address."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.modules.device_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.printer_registration import TASK
from unit.prisma.printer_loopback import Bench, bench
from unit.prisma.run_store import RunStore

HOSTS: dict[str, Any] = {"address_hosts": ["home.example.com"]}
COLLECT: dict[str, Any] = {**HOSTS, "press": False, "wait_sleep": 0.2, "wait_timeout": 10}


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        made.store = RunStore()
        made.printer.pressed_state = "requested"
        made.run(INFO)  # as the role's tasks do before
        made.printer.reads.clear()
        yield made


def collected_after(it: Bench, reads: int) -> None:
    def ready() -> None:
        it.printer.state = "awaiting_claim"

    it.printer.after_read["register.htm", reads] = ready


def test_pressing_reads_what_it_decides_by_the_form_and_the_proof(it: Bench) -> None:
    assert it.run(TASK, wait=False, **HOSTS)["registration"]["state"] == "requested"
    assert it.printer.reads["register.htm"] == 3


def test_what_the_task_before_has_just_seen_is_waited_for_before_it_is_asked_again(it: Bench) -> None:
    it.run(TASK, wait=False, **HOSTS)
    collected_after(it, 4)
    assert it.run(TASK, **COLLECT)["registration"]["state"] == "awaiting_claim"
    assert it.printer.reads["register.htm"] == 5, "once in vain, once with the address"


def test_one_task_that_presses_and_waits_does_not_ask_twice_at_once(it: Bench) -> None:
    collected_after(it, 3)
    result = it.run(TASK, **{**COLLECT, "press": True})
    assert (result["registration"]["state"], it.printer.reads["register.htm"]) == ("awaiting_claim", 4)


def test_a_task_that_does_not_wait_always_asks(it: Bench) -> None:
    it.run(TASK, wait=False, **HOSTS)
    it.run(TASK, wait=False, press=False, **HOSTS)
    assert it.printer.reads["register.htm"] == 4


def test_what_was_seen_before_the_whole_time_to_wait_is_asked_again(it: Bench) -> None:
    """Given less time than one pause takes, then the printer is asked all the same before it counts as too late."""
    it.run(TASK, wait=False, **HOSTS)
    it.printer.state = "awaiting_claim"
    result = it.run(TASK, **{**COLLECT, "wait_sleep": 60.0, "wait_timeout": 0.05})
    assert not result.get("failed"), result
    assert result["registration"]["state"] == "awaiting_claim"


def test_what_it_was_doing_does_not_count_once_it_shows_something_else(it: Bench) -> None:
    it.run(TASK, wait=False, **HOSTS)
    it.printer.state = "unregistered"
    for more in ({"wait": False}, {"wait_sleep": 60.0}):
        result = it.run(TASK, **{**COLLECT, **more})
        assert (result["outcome"], result["changed"]) == ("timeout", False), result
        assert "not pending any more" in result["reason"]


def test_a_request_that_is_gone_after_a_pause_is_told(it: Bench) -> None:
    it.run(TASK, wait=False, **HOSTS)
    it.printer.state = "unregistered"
    result = it.run(TASK, **COLLECT)
    assert (result["outcome"], result["registration"]["state"]) == ("timeout", "unregistered")


def test_a_request_that_is_gone_while_the_task_that_pressed_waits_is_no_success(it: Bench) -> None:
    def gone() -> None:
        it.printer.state = "unregistered"

    it.printer.after_read["register.htm", 3] = gone
    result = it.run(TASK, **{**COLLECT, "press": True})
    assert (result["failed"], result["outcome"], result["pressed"], result["changed"]) == (True, "timeout", True, True)
    assert result["registration"]["state"] == "unregistered"


def test_what_unregisters_asks_always(it: Bench) -> None:
    it.run(TASK, wait=False, **HOSTS)
    it.printer.state = "unregistered"
    before = it.printer.reads["register.htm"]
    result = it.run(TASK, state="absent", confirm_data_loss=True, press=False)
    assert (result["registration"]["state"], result["changed"]) == ("unregistered", False)
    assert it.printer.reads["register.htm"] == before + 1


def test_another_task_asks_for_itself_where_tasks_share_no_memory(server_tls: ssl.SSLContext, ca_path: str) -> None:
    with bench(server_tls, ca_path) as it:
        it.printer.state = "awaiting_claim"
        assert it.run(TASK, **COLLECT)["registration"]["state"] == "awaiting_claim"
        assert it.printer.reads["register.htm"] == 1
