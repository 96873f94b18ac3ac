# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before [Register] is pressed ORS must be ready: this run has just read that it is, or it is read."""

from __future__ import annotations

import ssl

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma import printer_registration
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.modules.device_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.printer_registration import TASK
from unit.prisma.printer_loopback import bench


class RunStore(TaskStore):
    """Keeps sessions for later tasks, as the memory of a run does."""

    outlives_task = True


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
