# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where results of runs are found: report files, artifacts as the API of AWX has them, folders of ansible-runner."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._report.artifact import as_artifact, name_of
from ansible_collections.printops.prisma.plugins.plugin_utils._report.sources import (
    parts_of_paths,
    parts_of_variables,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._run_identity import RunIdentity
from unit.plugin_utils.report.reports import DAMAGED, run


def held(*printers: str, job: str = "1") -> dict[str, Any]:
    identity = RunIdentity(job)
    return {name_of(identity): as_artifact(run(*printers), identity), "other": 1}


def write(path: Path, data: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def found(*paths: Path | str, **more: str) -> list[list[str]]:
    return [sorted(part.report.results) for part in parts_of_paths(map(str, paths), **more)]


def test_variables() -> None:
    variables = {**held("b", job="2"), **held("a"), "fleet_report_path": "x"}
    assert [(part.source, *part.report.results) for part in parts_of_variables(variables)] == [
        ("fleet_run_1", "a"),
        ("fleet_run_2", "b"),
    ]
    with pytest.raises(BadInput, match="the variable fleet_run_3 holds no results of a run"):
        parts_of_variables({"fleet_run_3": {"schema": 1}})


@pytest.mark.parametrize(
    "data",
    [
        held("a"),
        {"id": 7, "artifacts": held("a")},
        {"count": 1, "results": [{"id": 7, "artifacts": held("a")}, {"id": 8, "artifacts": {}}]},
        {"event": "playbook_on_stats", "event_data": {"artifact_data": held("a")}},
        run("a").as_dict(),
    ],
    ids=["data", "job", "jobs", "event", "report"],
)
def test_files(tmp_path: Path, data: Any) -> None:
    assert found(write(tmp_path / "any.json", data)) == [["a"]]


def test_a_folder_has_reports_at_any_depth_but_not_those_of_the_runs_before(tmp_path: Path) -> None:
    write(tmp_path / "slice-1" / "report.json", run("a").as_dict())
    write(tmp_path / "slice-2" / "report.4711.json", run("b").as_dict())
    write(tmp_path / "slice-2" / "report.previous.json", run("old").as_dict())
    merged = write(tmp_path / "fleet" / "report.json", run("merged").as_dict()).parent
    write(tmp_path / "slice-1" / "journal.json", {"no": "report"})
    assert found(tmp_path, leave_out=str(merged)) == [["a"], ["b"]]
    assert found(f"{tmp_path}/slice-*") == [["a"], ["b"]]
    assert found(tmp_path / "slice-1", tmp_path / "slice-1" / "report.json") == [["a"]], "once, though named twice"


def test_the_last_event_of_ansible_runner(tmp_path: Path) -> None:
    events = tmp_path / "artifacts" / "ident" / "job_events"
    write(events / "9-aa.json", {"event": "runner_on_ok", "event_data": {}})
    write(events / "10-bb.json", {"event": "playbook_on_stats", "event_data": {"artifact_data": held("a")}})
    write(events / "11-cc.json", {"event": "verbose", "stdout": "the summary of the run"})
    assert found(tmp_path) == [["a"]]
    (events / "10-bb.json").unlink()
    with pytest.raises(BadInput, match="there is no report at"):
        found(tmp_path)


def test_what_is_named_and_is_no_report_is_refused(tmp_path: Path) -> None:
    for data, why in (
        ({"a": 1}, "is no report, and has no fleet_run_"),
        ({"printers": {}}, "no report of this release"),
    ):
        with pytest.raises(BadInput, match=why):
            found(write(tmp_path / "x.json", data))
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match="is no JSON"):
        found(tmp_path / "x.json")
    for path in ("missing.json", "missing-*"):
        with pytest.raises(BadInput, match="there is no report at"):
            found(tmp_path / path)


@pytest.mark.parametrize("damaged", DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_result_of_a_printer_is_refused_with_its_source(tmp_path: Path, damaged: Any) -> None:
    """Given a result that nobody could report, then the file or the variable that holds it is named."""
    data = run("a").as_dict()
    data["printers"]["b"] = damaged
    path = write(tmp_path / "report.json", data)
    with pytest.raises(BadInput, match=r"'.*/report\.json' is no report of this release: "):
        found(path)
    packed = base64.b64encode(zlib.compress(json.dumps(data).encode())).decode()
    variable = {**as_artifact(run("a"), RunIdentity("1")), "report": [packed]}
    with pytest.raises(BadInput, match="the variable fleet_run_1 holds no results of a run: "):
        parts_of_variables({"fleet_run_1": variable})
