# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Given two runs that write the same report, then neither is lost, and the second one says so."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import write_address
from ansible_collections.printops.prisma.plugins.plugin_utils._report.files import ReportFiles
from ansible_collections.printops.prisma.plugins.plugin_utils._report.layout import Screen
from ansible_collections.printops.prisma.plugins.plugin_utils._report.summary import summary
from unit.plugin_utils.report.reports import DAMAGED, result, run


@pytest.fixture
def files(tmp_path: Path) -> ReportFiles:
    return ReportFiles(str(tmp_path / "report.json"))


def printers(path: Path) -> list[str]:
    return sorted(json.loads(path.read_text(encoding="utf-8"))["printers"])


def by_another(path: Path, name: str) -> None:
    """Write the report as another process does: a new file in its place."""
    beside = path.with_name("new")
    beside.write_text(json.dumps(run(name).as_dict()), encoding="utf-8")
    os.replace(beside, path)


def test_a_run_that_is_alone_writes_wave_after_wave(files: ReportFiles, tmp_path: Path) -> None:
    files.keep_previous()
    for names in (["a"], ["a", "b"]):
        _report, ending = files.write(run(*names))
        assert (ending.moved, ending.path) == ("", files.path)
        assert printers(tmp_path / "report.json") == names


def test_a_page_has_no_address_of_another_printer(files: ReportFiles, tmp_path: Path) -> None:
    """Given another run has found another printer under one of the names, and has written the file of its address."""
    results = {}
    for name, serial in (("press-1", "SN1"), ("press-2", "SN2")):
        file = tmp_path / f"{name}.address"
        write_address(str(file), f"https://home.example.com/register/{name}", serial)
        results[name] = result("awaiting_claim", serial="SN1", address_file=str(file))
    _report, ending = files.write(replace(run(), results=results))
    assert not ending.trouble
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ("/register/press-1" in page, "/register/press-2" in page) == (True, False)


@pytest.mark.parametrize("before", [True, False], ids=["there before", "new"])
def test_the_report_of_another_run_is_left_alone(files: ReportFiles, tmp_path: Path, before: bool) -> None:
    path = tmp_path / "report.json"
    if before:
        by_another(path, "yesterday")
    files.keep_previous()
    by_another(path, "other")
    for names in (["a"], ["a", "b"]):  # each wave
        report, ending = files.write(run(*names, c="busy"))
        assert printers(path) == ["other"]
        assert ending.path is not None
        own = Path(ending.path)
        assert own != path
        assert printers(own) == [*names, "c"]
    assert (tmp_path / f"attention.{own.stem.partition('.')[2]}.txt").read_text(encoding="utf-8") == "c\n"
    assert not (tmp_path / "attention.txt").exists()
    shown = " ".join(summary(report, Screen(160), ending).split())
    assert f"Another run has written {path} meanwhile, so this run's report is {own}" in shown


@pytest.mark.parametrize("damaged", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_report_of_the_run_before_is_not_compared_with(
    files: ReportFiles, tmp_path: Path, damaged: Any
) -> None:
    """Given a report of an earlier run that nobody can read, then this one is written, and compared with none."""
    data = run("a").as_dict()
    data["printers"]["b"] = damaged
    (tmp_path / "report.previous.json").write_text(json.dumps(data), encoding="utf-8")
    report, ending = files.write(run("a"))
    assert (report.comparison, *ending.trouble) == (None,)
    deep = "[" * 100_000
    (tmp_path / "report.previous.json").write_text(deep, encoding="utf-8")
    assert not files.write(run("a"))[1].trouble
