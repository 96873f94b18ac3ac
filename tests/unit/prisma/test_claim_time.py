# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""[Register] is not pressed once the session that is to claim the printer does not last for it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.session.expiry import iso_time
from ansible_collections.printops.prisma.plugins.modules.printer_registration import TASK
from unit.prisma.printer_loopback import Bench, bench

HOSTS: dict[str, Any] = {"address_hosts": ["home.example.com"], "wait": False, "wait_timeout": 60}


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("left", [-60, 60])
def test_a_session_that_ends_first_presses_nothing(it: Bench, left: float, check_mode: bool) -> None:
    result = it.run(TASK, check_mode=check_mode, claim_before=iso_time(time.time() + left), **HOSTS)
    assert (result["failed"], result["outcome"], it.printer.presses) == (True, "auth_failed", 0), result
    assert "a printer needs about 3 minutes, so [Register] was not pressed" in result["reason"]
    assert "Renew the session" in result["advice"]


def test_a_session_that_lasts_and_one_whose_end_nobody_knows_press(it: Bench) -> None:
    assert it.run(TASK, claim_before=iso_time(time.time() + 3600), **HOSTS)["pressed"]
    it.printer.state = "unregistered"
    assert it.run(TASK, **HOSTS)["pressed"]


def test_a_session_that_ends_while_the_address_may_be_waited_for_presses_nothing(it: Bench) -> None:
    ends = iso_time(time.time() + 400)
    result = it.run(TASK, claim_before=ends, **{**HOSTS, "wait_timeout": 600})
    assert (result["outcome"], it.printer.presses) == ("auth_failed", 0)
    assert it.run(TASK, claim_before=ends, **HOSTS)["pressed"]


def test_what_needs_no_press_needs_no_session(it: Bench) -> None:
    it.printer.state = "awaiting_claim"
    result = it.run(TASK, claim_before=iso_time(time.time() - 60), **HOSTS)
    assert not result.get("failed"), result


def test_a_time_that_is_none_is_refused(it: Bench) -> None:
    result = it.run(TASK, claim_before="tomorrow", **HOSTS)
    assert (result["failed"], it.printer.presses) == (True, 0)
    assert "claim_before 'tomorrow' is not a time" in result["reason"]
