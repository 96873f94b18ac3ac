# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report for other programs: CSV for a spreadsheet, JUnit XML for a CI service, text for Prometheus. Pure."""

from __future__ import annotations

import csv
import io
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from xml.etree import ElementTree

from ...module_utils._decide.findings import Finding
from ...module_utils._decide.outcomes import Outcome
from ...module_utils._decide.text import inert_cell, xml_text
from .document import ReportKind, RunReport
from .facts import PrinterFacts


class ReportFormat(StrEnum):
    """A form of the report beside its JSON file."""

    HTML = "html"
    CSV = "csv"
    JUNIT = "junit"


SUFFIXES = {ReportFormat.HTML: ".html", ReportFormat.CSV: ".csv", ReportFormat.JUNIT: ".xml"}
_NOT_IN_A_SHEET = ("planned", "notes", "address_file", "qr_path")
SHEET_COLUMNS = (
    "name",
    "needs_attention",
    *(each.name for each in fields(PrinterFacts) if each.name not in ("name", *_NOT_IN_A_SHEET)),
)


def as_csv(report: RunReport) -> str:
    """Return one row for each printer, with a byte order mark by which spreadsheets know the encoding."""
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\r\n")
    writer.writerow(SHEET_COLUMNS)
    for each in report.printers:
        writer.writerow([_cell(getattr(each, column)) for column in SHEET_COLUMNS])
    return f"\ufeff{rows.getvalue()}"


def _cell(value: t.Any) -> str:
    """Return a value as text that no spreadsheet computes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        value = "; ".join(f"{name}: {'yes' if has else 'no'}" for name, has in value.items())
    elif isinstance(value, tuple):
        value = "; ".join(item if isinstance(item, str) else f"{item.finding}: {item.what}" for item in value)
    return inert_cell(str(value))


def as_junit(report: RunReport) -> str:
    """Return a test case for each printer: one that needs attention has failed, one that was not tried is skipped."""
    suite = ElementTree.Element("testsuite", name=xml_text(report.title), timestamp=report.written.removesuffix("Z"))
    failed = skipped = 0
    for each in report.printers:
        case = ElementTree.SubElement(suite, "testcase", classname=report.kind.value, name=xml_text(each.name))
        if each.seconds is not None:
            case.set("time", f"{each.seconds:g}")
        if each.outcome == Outcome.NOT_TRIED:
            skipped += 1
            ElementTree.SubElement(case, "skipped", message=xml_text(each.reason or each.advice))
        elif each.needs_attention:
            failed += 1
            message = each.attention if each.good else each.reason or each.advice
            failure = ElementTree.SubElement(case, "failure", type=xml_text(each.outcome), message=xml_text(message))
            failure.text = xml_text(each.advice)
    numbers = {"tests": len(report.printers), "failures": failed, "errors": 0, "skipped": skipped}
    suites = ElementTree.Element("testsuites", {name: str(number) for name, number in numbers.items()})
    for name, number in numbers.items():
        suite.set(name, str(number))
    suites.append(suite)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode") + "\n"


def as_prometheus(report: RunReport) -> str:
    """Return the report as metrics, as the textfile collector of node_exporter reads them.

    Every outcome and finding of the closed lists has a value, so that an alert can rely on it.
    """
    kind = {"kind": report.kind.value}
    whole = report.kind is ReportKind.ONBOARD
    counts = {word.value: 0 for word in Outcome if whole}
    for each in report.printers:
        counts[each.outcome] = counts.get(each.outcome, 0) + 1
    found = {word.value: 0 for word in Finding if whole} | report.findings
    metrics: list[tuple[str, str, Iterable[tuple[Mapping[str, str], float]]]] = [
        ("run_timestamp_seconds", "When the report was written.", [(kind, _seconds(report.written) or 0)]),
        ("run_stopped", "Whether the run was stopped.", [(kind, int(report.stopped))]),
        ("run_check_mode", "Whether the values are a prediction of check mode.", [(kind, int(report.check_mode))]),
        ("hosts", "Hosts by outcome.", [({**kind, "outcome": word}, number) for word, number in counts.items()]),
        ("hosts_attention", "Hosts that need attention.", [(kind, len(report.attention))]),
        ("findings", "Hosts by finding.", [({**kind, "finding": word}, number) for word, number in found.items()]),
        (
            "host_attention",
            "Whether a host needs attention, with its outcome.",
            [
                ({**kind, "host": each.name, "outcome": each.outcome}, int(each.needs_attention))
                for each in report.printers
            ],
        ),
        (
            "certificate_end_timestamp_seconds",
            "When the certificate of a host ends.",
            [
                ({**kind, "host": each.name}, end)
                for each in report.printers
                if (end := _seconds(each.certificate_ends)) is not None
            ],
        ),
    ]
    lines = []
    for name, text, values in metrics:
        rows = [f"printops_{name}{{{_labels(labels)}}} {value:.0f}" for labels, value in values]
        if rows:
            lines += [f"# HELP printops_{name} {text}", f"# TYPE printops_{name} gauge", *rows]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(value: str) -> str:
    return str(value).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _seconds(moment: str | None) -> float | None:
    """Return a moment in ISO 8601 as seconds since 1970, None if it is none."""
    try:
        return datetime.fromisoformat(moment).timestamp() if moment else None
    except ValueError:
        return None
