# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Given the reports of several runs, then one report has each printer once, by the latest run that has a result."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import NOT_STARTED
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._report.document import ReportKind, RunReport
from ansible_collections.printops.prisma.plugins.plugin_utils._report.merge import (
    NOT_REPORTED,
    RunPart,
    by_age,
    merge,
)
from unit.plugin_utils.report.reports import NIGHT, run

LATER = "2026-11-26T03:00:00Z"
NOON = 1795780800.0
"""2026-11-27 12:00 UTC."""


def parts(*reports: RunReport) -> list[RunPart]:
    return [RunPart(f"slice {number}", report) for number, report in enumerate(reports, 1)]


def outcomes(report: RunReport) -> dict[str, str]:
    return {each.name: each.outcome for each in report.printers}


def test_slices_make_the_report_of_one_run() -> None:
    whole = run("a", "b", "c", d="busy")
    merged = merge(parts(run("a", "c"), run("b", d="busy")), ["a", "b", "c", "d"])
    expected = {**whole.as_dict(), "written": merged.report.written}
    assert merged.report.as_dict() == expected
    assert (merged.repeated, merged.not_reported) == ({}, ())


def test_the_latest_run_counts_whatever_the_order() -> None:
    early, late = run(a="busy", at=NIGHT), run("a", at=LATER)
    for order in ((early, late), (late, early)):
        merged = merge(parts(*order))
        assert outcomes(merged.report) == {"a": "onboarded"}
        assert merged.repeated == {"a": 2}


def test_of_the_same_second_the_later_part_counts() -> None:
    assert outcomes(merge(parts(run("a"), run(a="busy"))).report) == {"a": "busy"}


def test_a_run_without_a_result_hides_none() -> None:
    merged = merge(parts(run("a", at=NIGHT), run("b", left={"a": NOT_STARTED}, at=LATER)))
    assert outcomes(merged.report) == {"a": "onboarded", "b": "onboarded"}
    assert merged.report.without_result == {}


def test_what_no_run_reported_needs_attention() -> None:
    merged = merge(parts(run("a"), run("b")), ["a", "b", "c"])
    assert merged.not_reported == ("c",)
    assert merged.report.without_result == {"c": NOT_REPORTED}
    assert [each.name for each in merged.report.attention] == ["c"]
    assert outcomes(merged.report)["c"] == "not_tried"


def test_a_stopped_run_is_told_also_by_what_it_has_set_as_data() -> None:
    assert not merge(parts(run("a"))).report.stopped
    assert merge(parts(replace(run("a"), stopped=True), run("b"))).report.stopped
    assert merge(parts(run("a", left={"b": NOT_STARTED}))).report.stopped


def test_what_does_not_belong_together_is_refused() -> None:
    with pytest.raises(BadInput, match="no result of any run"):
        merge([])
    with pytest.raises(BadInput, match="slice 2 is a prediction of check mode, and slice 1 is not"):
        merge(parts(run("a"), run("b", check=True)))
    with pytest.raises(BadInput, match="different kinds: onboard and trust"):
        merge(parts(run("a"), replace(run("b"), kind=ReportKind.TRUST)))


@pytest.mark.parametrize(
    ("hours", "kept"), [(24, ["slice 2"]), (0, ["slice 1", "slice 2"]), (48, ["slice 1", "slice 2"])]
)
def test_last_nights_report_stands_for_no_run_of_tonight(hours: float, kept: list[str]) -> None:
    found = by_age(parts(run("a", at=NIGHT), run("a", at="2026-11-27T02:00:00Z")), hours, NOON)
    assert [part.source for part in found.recent] == kept
    assert (len(found.recent) + len(found.old), found.future) == (2, [])


@pytest.mark.parametrize("hours", [0, 24])
def test_a_report_of_the_future_hides_no_other_one(hours: float) -> None:
    """Given a machine whose clock is wrong, then its report is left out; one that is a little fast does no harm."""
    ahead, fast = run(a="busy", at="2027-11-27T12:00:00Z"), run("a", at="2026-11-27T12:59:00Z")
    found = by_age(parts(ahead, fast), hours, NOON)
    assert ([part.source for part in found.future], found.old) == (["slice 1"], [])
    assert outcomes(merge(found.recent).report) == {"a": "onboarded"}
