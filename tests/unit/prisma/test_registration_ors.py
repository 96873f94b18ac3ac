# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before [Register] is pressed ORS must be ready: this run has just read that it is, or it is read."""

from __future__ import annotations

import ssl

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma import printer_registration
from ansible_collections.printops.prisma.plugins.modules.device_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.device_proxy import TASK as PROXY
from ansible_collections.printops.prisma.plugins.modules.printer_registration import TASK
from unit.prisma.printer_loopback import bench
from unit.prisma.run_store import RunStore


@pytest.mark.parametrize(("age", "readings"), [(30.0, 1), (-1.0, 2)])
def test_ors_that_this_run_has_just_read_is_not_read_again(
    server_tls: ssl.SSLContext, ca_path: str, monkeypatch: pytest.MonkeyPatch, age: float, readings: int
) -> None:
    monkeypatch.setattr(printer_registration, "ORS_AGE", age)
    with bench(server_tls, ca_path) as it:
        it.store = RunStore()
        assert not it.run(INFO).get("failed")
        assert it.run(TASK, wait=False, address_hosts=["home.example.com"])["pressed"] is True
        assert it.printer.asked.count("GET ors.htm") == readings


def test_ors_that_is_not_ready_is_read_again(
    server_tls: ssl.SSLContext, ca_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(server_tls, ca_path) as it:
        it.store = RunStore()
        monkeypatch.setattr(it.printer, "_ors", lambda: "<span id=orsState>not connected</span>")
        it.run(INFO)
        monkeypatch.undo()
        assert it.run(TASK, wait=False, address_hosts=["home.example.com"])["pressed"] is True
        assert it.printer.asked.count("GET ors.htm") == 2


@pytest.mark.parametrize(("host", "readings"), [("proxy.example.com", 2), ("", 1)])
def test_ors_is_read_again_after_the_proxy_was_changed(
    server_tls: ssl.SSLContext, ca_path: str, host: str, readings: int
) -> None:
    """Given ORS that was ready through one proxy, then that says nothing of another one; nor does it have to."""
    with bench(server_tls, ca_path) as it:
        it.store = RunStore()
        it.run(INFO)
        wanted = {"proxy_host": host, "proxy_port": 3128} if host else {"state": "absent"}
        assert it.run(PROXY, **wanted, test="never")["changed"] is bool(host)
        assert it.run(TASK, wait=False, address_hosts=["home.example.com"])["pressed"] is True
        assert it.printer.asked.count("GET ors.htm") == readings
