# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms of a report: each holds every printer, and no text of an interface gets out of its place."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import Finding
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import NOT_STARTED, conclude
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import GOOD, Outcome
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import ReportKind, RunReport
from ansible_collections.printops.prisma.plugins.plugin_utils._report.files import ReportFiles, shown_path
from ansible_collections.printops.prisma.plugins.plugin_utils._report.formats import as_csv, as_junit, as_prometheus
from ansible_collections.printops.prisma.plugins.plugin_utils._report.html import as_html
from unit.plugin_utils.report.page_of_report import ADDRESS, Page, big_report

ROOT = Path(__file__).resolve().parents[4]
SCHEMA = json.loads((ROOT / "plugins" / "data" / "report.schema.json").read_text(encoding="utf-8"))
HOSTILE = "</script><script>alert(1)</script>\x1b[2J\u202e&amp;\x00@@rows@@"
CLOCK = {"finding": "clock_wrong", "what": "it is 1 h behind", "advice": "Set it."}


def printer(outcome: str, **more: Any) -> dict[str, Any]:
    """Return the result of a printer that ended so."""
    good = Outcome(outcome) in GOOD
    failure = None if good else {"outcome": outcome, "reason": f"it is {outcome}"}
    found = conclude({}, check_mode=False, failure=failure).as_dict()
    return {**found, "outcome": outcome, "good": good, "attention": "" if good else f"{outcome}: x", **more}


@pytest.fixture
def report() -> RunReport:
    return RunReport.now(
        results={
            "b": printer("busy", seconds=1.5),
            "a": printer("already", findings=[CLOCK], serial="=1+1", changes=["x: 1 -> 2"], licences={"fax": True}),
            "c": printer("failed", reason=HOSTILE),
        },
        without_result={"d": NOT_STARTED},
        check_mode=False,
    )


@pytest.mark.parametrize("check_mode", [False, True])
def test_the_json_file_is_as_its_schema_says(report: RunReport, check_mode: bool) -> None:
    before = RunReport.now(results={"a": printer("busy")}, check_mode=check_mode)
    now = RunReport.now(results=report.results, without_result=report.without_result, check_mode=check_mode)
    for each in (now, now.compared(before), before):
        data = json.loads(json.dumps(each.as_dict()))
        jsonschema.Draft202012Validator(SCHEMA).validate(data)
        assert RunReport.of_dict(data).as_dict() == data
        assert list(data["printers"]) == sorted(data["printers"])


def test_the_schema_knows_every_field_and_kind() -> None:
    fields = set(conclude({}, check_mode=False).as_dict()) | {"defect", "attention", "changed", "fingerprint"}
    fields |= {"plan_path", "plan_sha256"}
    assert set(SCHEMA["$defs"]["printer"]["properties"]) == fields
    assert SCHEMA["properties"]["kind"]["enum"] == list(ReportKind)


def test_a_sheet_has_a_row_for_each_printer_and_no_formula(report: RunReport) -> None:
    text = as_csv(report)
    assert text.startswith("\ufeffname,needs_attention,outcome")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}
    assert list(rows) == ["a", "b", "c", "d"]
    assert (rows["a"]["serial"], rows["a"]["needs_attention"]) == ("'=1+1", "no")
    assert (rows["a"]["findings"], rows["a"]["licences"]) == ("clock_wrong: it is 1 h behind", "fax: yes")
    assert (rows["b"]["needs_attention"], rows["b"]["responsible"], rows["b"]["seconds"]) == ("yes", "you", "1.5")
    assert rows["d"]["reason"] == NOT_STARTED


def test_a_ci_service_gets_a_case_for_each_printer(report: RunReport) -> None:
    root = ElementTree.fromstring(as_junit(report))
    assert root.attrib == {"tests": "4", "failures": "2", "errors": "0", "skipped": "1"}
    failed = {
        case.get("name"): failure.get("type") for case in root.iter("testcase") for failure in case.iter("failure")
    }
    assert failed == {"b": "busy", "c": "failed"}
    assert [case.get("name") for case in root.iter("testcase") if case.find("skipped") is not None] == ["d"]


def test_metrics_have_every_outcome_and_finding(report: RunReport) -> None:
    lines = as_prometheus(report).splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    kind = 'kind="onboard"'
    assert values[f'printops_hosts{{{kind},outcome="busy"}}'] == "1"
    assert {f'printops_hosts{{{kind},outcome="{word}"}}' for word in Outcome} <= set(values)
    assert {f'printops_findings{{{kind},finding="{word}"}}' for word in Finding} <= set(values)
    assert values[f'printops_host_attention{{{kind},host="c",outcome="failed"}}'] == "1"
    assert float(values[f"printops_run_timestamp_seconds{{{kind}}}"]) > 1_700_000_000
    assert "\\n" in as_prometheus(RunReport.now(results={'a\n"': printer("busy")}, check_mode=False))


def test_the_page_has_every_printer_and_nothing_of_an_interface_in_a_wrong_place(report: RunReport) -> None:
    page = Page.of(as_html(report, {}))
    assert page.rows == ["b", "c", "d", "a"], "those that need attention come first"
    assert len(page.scripts) == 1
    assert "alert" not in page.scripts[0]
    assert page.loaded == []
    assert "\x1b" not in page.text
    assert "@@rows@@" in page.text, "as the text of a printer"


def test_links_and_codes_are_there_only_if_they_are_given() -> None:
    waits = printer("awaiting_claim", address_file="/f", address_host="home.example.com")
    report = RunReport.now(results={"a": waits}, check_mode=False)
    page = Page.of(as_html(report, {"a": ADDRESS}))
    assert page.links == [ADDRESS]
    assert "This file holds 1 registration address. " in page.text
    without = as_html(report, {})
    assert ADDRESS not in without
    assert Page.of(without).links == []


def test_all_files_are_written_beside_each_other(report: RunReport, tmp_path: Path) -> None:
    address = tmp_path / "w.address"
    address.write_text(f"{ADDRESS}\n", encoding="utf-8")
    waits = printer("awaiting_claim", address_file=str(address), address_host="home.example.com")
    whole = RunReport.now(results={**report.results, "w": waits}, check_mode=False)
    path, metrics = tmp_path / "report.json", tmp_path / "printops.prom"
    files = ReportFiles(str(path), formats=("html", "csv", "junit"), prometheus=str(metrics))
    _report, ending = files.write(whole)
    assert ending.files["report"] == f"{tmp_path}/report.{{csv,html,json,xml}}"
    assert "do not pass it on" in ending.files["private"]
    assert ending.files["addresses"] == f"{tmp_path} (1 registration address)", "it has no QR code"
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir() if each != address}
    assert modes == {
        **dict.fromkeys(("report.json", "report.html", "report.csv", "report.xml", "attention.txt"), 0o600),
        "printops.prom": 0o644,
    }
    holding = [each.name for each in tmp_path.iterdir() if ADDRESS in each.read_text(encoding="utf-8")]
    assert sorted(holding) == ["report.html", "w.address"]
    ReportFiles(str(path), links=False).write(whole)
    assert ADDRESS not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_qr_codes_are_counted_if_they_are_there(tmp_path: Path) -> None:
    """Given a run that skips the steps by which it would have claimed the printer, then there is none yet."""
    for name in ("a.address", "b.address", "b.svg"):
        (tmp_path / name).touch()
    waits = {
        name: printer("awaiting_claim", address_file=f"{tmp_path}/{name}.address", qr_path=f"{tmp_path}/{name}.svg")
        for name in ("a", "b")
    }
    _report, ending = ReportFiles(str(tmp_path / "report.json")).write(RunReport.now(results=waits, check_mode=False))
    assert ending.files["addresses"] == f"{tmp_path} (2 registration addresses, 1 QR code)"


def test_a_path_is_shown_as_it_is_typed_where_the_run_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "onboarding" / "report.json")
    for folder, shown in (
        (tmp_path, "onboarding/report.json"),
        (Path("/"), path),
        (tmp_path / "onboarding", "report.json"),
    ):
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        assert shown_path(path) == shown
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert shown_path(path) == path


def test_a_page_of_1000_printers_is_small() -> None:
    assert len(as_html(big_report(1000), {}).encode()) < 3_000_000
