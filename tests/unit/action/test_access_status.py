# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that tell a pipeline what a run on an administration site came to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock
from xml.etree import ElementTree

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action.access_status import FILES, ActionModule
from unit.action.role_task import role_task


def run(*, check_mode: bool = False, **args: Any) -> dict[str, Any]:
    loader = DataLoader()
    task: Any = role_task()
    task.action, task.args, task.check_mode = "printops.prisma.access_status", args, check_mode
    return ActionModule(task, MagicMock(), MagicMock(), loader, Templar(loader), MagicMock()).run(None, {})


def places(folder: Path) -> dict[str, Any]:
    return {name: str(folder / "access" / name) for name in FILES}


@pytest.mark.parametrize("check_mode", [False, True])
def test_it_writes_what_a_result_came_to(tmp_path: Path, check_mode: bool) -> None:
    files = places(tmp_path)
    given = {"status_file": files["status_file"], "junit_file": files["junit_file"]}
    result = run(result={"outcome": "drift", "site": "north"}, check_mode=check_mode, **given)
    status = result["status"]
    assert (status["outcome"], status["exit_code"], status["check_mode"]) == ("drift", 10, check_mode)
    assert json.loads(Path(files["status_file"]).read_text(encoding="utf-8")) == status
    assert ElementTree.parse(files["junit_file"]).find(".//failure[@type='drift']") is not None
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "access").iterdir()} == {0o600}
    assert (tmp_path / "access").stat().st_mode & 0o777 == 0o700
    assert not result["changed"]


def test_a_result_of_a_tenant_is_told_as_one(tmp_path: Path) -> None:
    files = places(tmp_path)
    result = run(result={"outcome": "drift", "tenant": "alpha"}, cloud="tenant", junit_file=files["junit_file"])
    assert (result["status"]["tenant"], "site" in result["status"]) == ("alpha", False)
    suite = ElementTree.parse(files["junit_file"]).find(".//testsuite")
    assert suite is not None
    assert suite.get("name") == "PRISMA Home tenant alpha"
    case = next(case for case in suite.iter("testcase") if case.find("failure") is not None)
    assert (case.get("classname"), case.get("name")) == ("home_access", "in_sync: the tenant is as declared")
    assert run(result={"outcome": "in_sync"}, cloud="cloud")["failed"]


def test_without_a_result_it_removes_the_files_of_an_earlier_run(tmp_path: Path) -> None:
    files = places(tmp_path)
    assert run(**files) == {"changed": False}
    (tmp_path / "access").mkdir()
    for path in files.values():
        Path(path).touch()
    assert run(check_mode=True, **files) == {"changed": False}
    assert list((tmp_path / "access").iterdir()) == []


@pytest.mark.parametrize("result", [None, {"outcome": "in_sync"}])
def test_a_place_that_cannot_be_written_is_an_error_with_the_option(tmp_path: Path, result: Any) -> None:
    failed = run(status_file=str(tmp_path), **({} if result is None else {"result": result}))
    assert failed["failed"]
    assert str(tmp_path) in failed["msg"]
    assert failed["outcome"] == "failed"
