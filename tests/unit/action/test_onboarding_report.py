# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last step of the role for all printers of a batch: what it returns, also where the report cannot be written."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action import onboarding_report
from ansible_collections.printops.prisma.plugins.action.onboarding_report import ActionModule
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import OnboardingResult
from unit.action.role_task import role_task

BUSY = {**OnboardingResult("busy", False, False, "Wait.").as_dict(), "attention": "busy: Wait."}


def report(monkeypatch: pytest.MonkeyPatch, **args: Any) -> dict[str, Any]:
    """Return the result of the task for one printer that is busy."""
    monkeypatch.setattr(onboarding_report, "show", lambda display, text: None)
    loader = DataLoader()
    task: Any = role_task()
    task.action, task.args = "printops.prisma.onboarding_report", args
    action = ActionModule(task, MagicMock(), MagicMock(), loader, Templar(loader), MagicMock())
    hostvars = {"p1": {"onboard__outcome": BUSY}}
    return action.run(None, {"ansible_play_hosts_all": ["p1"], "hostvars": hostvars})


def test_a_report_that_cannot_be_written_is_a_warning_and_hides_no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The task runs once: if it failed, printers would fail that need nothing, and those that do would not."""
    result = report(monkeypatch, path="/")
    assert not result.get("failed")
    assert result["attention"] == {"p1": "busy: Wait."}
    assert result["path"] is None
    assert result["warnings"] == ["The report was not written: onboard_report '/' is a folder"]


def test_without_a_path_none_is_written_and_nothing_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    result = report(monkeypatch)
    assert (result["path"], result.get("warnings")) == (None, None)
    assert result["counts"] == {"busy": 1}
