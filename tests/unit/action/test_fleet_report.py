# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task that merges the results of several runs: what it leaves out is named, also where nothing is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action import report as report_action
from ansible_collections.printops.prisma.plugins.action.fleet_report import ActionModule
from ansible_collections.printops.prisma.plugins.plugin_utils._report.at_end import RunNotes
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import RunReport
from unit.action.role_task import role_task
from unit.plugin_utils.report.reports import result, run

AHEAD = "2999-01-01T00:00:00Z"


def merged(monkeypatch: pytest.MonkeyPatch, folder: Path, **reports: RunReport) -> dict[str, Any]:
    """Return the result of the task for these report files."""
    monkeypatch.setattr(report_action, "NOTES", RunNotes())
    paths = [folder / f"{name}.json" for name in reports]
    for path, report in zip(paths, reports.values(), strict=True):
        path.write_text(json.dumps(report.as_dict()), encoding="utf-8")
    task: Any = role_task()
    task.action, task.args = "printops.prisma.fleet_report", {"paths": [str(path) for path in paths], "artifacts": {}}
    loader = DataLoader()
    return ActionModule(task, MagicMock(), MagicMock(), loader, Templar(loader), MagicMock()).run(
        None, {"hostvars": {}}
    )


def test_a_report_of_the_future_is_left_out_with_a_warning_that_names_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    today = RunReport.now(results={"a": result()}, check_mode=False)
    found = merged(monkeypatch, tmp_path, ahead=run(a="busy", at=AHEAD), today=today)
    assert (found["counts"], list(found["sources"])) == ({"onboarded": 1}, [f"{tmp_path}/today.json"])
    assert found["warnings"] == [
        f"Dated in the future, so the clock of their machine is wrong, and left out: {tmp_path}/ahead.json."
    ]


def test_where_nothing_is_left_the_warnings_say_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = merged(monkeypatch, tmp_path, ahead=run("a", at=AHEAD), night=run("a", at="2020-01-01T00:00:00Z"))
    assert "there is no result of any run to merge" in found["msg"]
    assert [text.partition(",")[0] for text in found["warnings"]] == [
        "Older than 24 hours (fleet_report_max_age)",
        "Dated in the future",
    ]
