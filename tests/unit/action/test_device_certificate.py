# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of device_certificate, which come from the variables of a printer as those of the other modules."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action import device_certificate
from ansible_collections.printops.prisma.plugins.plugin_utils._certificate import HostCertificate
from unit.action.role_task import role_task

FINGERPRINT = ":".join(["AB"] * 32)


def test_the_variables_of_a_printer_count(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def fetched(*how: Any) -> HostCertificate:
        asked.append(how)
        return HostCertificate(FINGERPRINT, None, {})

    monkeypatch.setattr(device_certificate, "fetch_certificate", fetched)
    variables = {
        "inventory_hostname": "press-01",
        "ansible_host": "192.0.2.1",
        "printops_port": 8443,
        "printops_ca_path": "/etc/ssl/printers-ca.pem",
        "printops_tls_fingerprint": [FINGERPRINT],
        "printops_timeout": 5,
    }
    task: Any = role_task()
    task.action, task.args = "printops.prisma.device_certificate", {}
    loader = DataLoader()
    action = device_certificate.ActionModule(task, MagicMock(), MagicMock(), loader, Templar(loader), MagicMock())
    result = action.run(None, variables)
    assert not result.get("failed"), result
    assert result["pinned"]
    assert asked == [("192.0.2.1", 8443, "/etc/ssl/printers-ca.pem", 5.0, (), None)]
