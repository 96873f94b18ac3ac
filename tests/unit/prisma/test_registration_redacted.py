# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A registration address that a controller shows is in no text of a result, whatever state the page is in."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task
from ansible_collections.printops.prisma.plugins.module_utils._web.redaction import redacted
from ansible_collections.printops.prisma.plugins.modules.device_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.printer_registration import TASK
from unit.prisma.printer_loopback import ADDRESS, SHOWN, bench

REGISTER: dict[str, Any] = {"wait": False, "address_hosts": ["home.example.com"], "wait_timeout": 0.2}


@pytest.mark.parametrize("qr", [True, False], ids=["qr", "no-qr"])
@pytest.mark.parametrize("state", SHOWN)
@pytest.mark.parametrize(("task", "options"), [(INFO, {}), (TASK, REGISTER), (TASK, {"state": "absent"})])
def test_an_address_that_the_page_repeats_is_redacted(
    server_tls: ssl.SSLContext, ca_path: str, task: Task, options: dict[str, Any], state: str, qr: bool
) -> None:
    given = {**options, **({"confirm_data_loss": True} if options.get("state") == "absent" else {})}
    with bench(server_tls, ca_path) as it:
        it.printer.state, it.printer.link, it.printer.qr = state, True, qr
        it.printer.message = f"Open {ADDRESS} to go on."
        result = it.run(task, **given)
    assert ADDRESS not in str(redacted(result, it.secrets))


def test_an_address_that_is_asked_for_is_shown(server_tls: ssl.SSLContext, ca_path: str) -> None:
    with bench(server_tls, ca_path) as it:
        result = it.run(TASK, **REGISTER, return_address=True)
        assert ADDRESS not in it.secrets
    assert result["registration"]["address"] == ADDRESS
