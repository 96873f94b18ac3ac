# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A play that reports, whose hosts have given results; it has no printer."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action import report as action_file
from ansible_collections.printops.prisma.plugins.action.report import ActionModule
from ansible_collections.printops.prisma.plugins.plugin_utils._report.at_end import RunNotes, summaries
from ansible_collections.printops.prisma.plugins.plugin_utils._report.layout import Screen
from unit.action.role_task import role_task


class Play:
    """One play whose hosts have these variables. Each is a run of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, hostvars: dict[str, dict[str, Any]], **more: Any) -> None:
        self.notes = RunNotes()
        monkeypatch.setattr(action_file, "NOTES", self.notes)
        self.task: Any = role_task()
        self.task.action = "printops.prisma.report"
        self.task.check_mode = more.pop("check_mode", False)
        self.task.get_play()._uuid = f"play {id(self)}"
        self.variables = {"ansible_play_hosts_all": list(hostvars), "hostvars": hostvars, **more}

    def report(self, **args: Any) -> dict[str, Any]:
        """Return the result of the task."""
        self.task.args = args
        loader = DataLoader()
        action = ActionModule(self.task, MagicMock(), MagicMock(), loader, Templar(loader), MagicMock())
        return action.run(None, self.variables)

    @property
    def summary(self) -> str:
        """What is shown at the end of the run."""
        return "\n".join(summaries(self.notes, Screen(100)))
