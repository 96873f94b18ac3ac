# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The domain of an account: refused where the sign-in asks for none, and part of what a run calls the account."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.connection import controller_account
from ansible_collections.printops.prisma.plugins.modules.device_info import TASK
from unit.prisma.printer_loopback import Bench, bench


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def test_a_domain_that_the_sign_in_does_not_ask_for_is_refused_before_a_request(it: Bench) -> None:
    result = it.run(TASK, domain="PRINT")
    assert result["failed"]
    assert "domain (printops_domain) is 'PRINT'" in result["reason"]
    assert "sra-remote-ui" in result["reason"]
    assert it.server.connections == 0


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_empty_domain_is_treated_as_unset(it: Bench, empty: str | None) -> None:
    assert "failed" not in it.run(TASK, domain=empty)


def test_the_same_name_in_another_domain_is_another_account() -> None:
    names = {controller_account({"username": "robot", "domain": domain}) for domain in (None, "A", "B")}
    assert names == {"robot", "A\\robot", "B\\robot"}
