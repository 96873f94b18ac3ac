# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of several runs as one: each printer once, by the latest run that has a result of it. Pure."""

from __future__ import annotations

import calendar
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...module_utils._decide.onboarding import NOT_STARTED
from ...module_utils._web.errors import BadInput
from .document import RunReport
from .facts import Result

NOT_REPORTED = "no run reported it: the run that has it did not start, or left no result"
CLOCK_TOLERANCE = 3600.0
"""Seconds by which the clock of another machine may be fast."""


@dataclass(frozen=True)
class RunPart:
    """The report of one run. ``source`` is where it comes from: the path of a file, or the name of a variable."""

    source: str
    report: RunReport


@dataclass(frozen=True)
class MergedReport:
    """One report of several runs. ``repeated``: in how many of them a printer has a result, where it is more than one.

    ``not_reported``: the printers of the inventory that none of the runs had.
    """

    report: RunReport
    repeated: dict[str, int]
    not_reported: tuple[str, ...]


def merge(parts: Sequence[RunPart], hosts: Iterable[str] = ()) -> MergedReport:
    """Merge the reports of ``parts``. ``hosts``: the printers of the inventory.

    A printer has the result of the run that ended last; of two that ended in the same second, of the later one in
    ``parts``. A run that has no result of it does not count. Raises :class:`BadInput` for no report at all, and for
    reports that are not of one kind and mode.
    """
    if not parts:
        raise BadInput(
            "there is no result of any run to merge",
            advice="Name report files in fleet_report_paths, or run it in a workflow after the runs that it merges.",
        )
    _check_same(parts)
    results: dict[str, Result] = {}
    without: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for part in sorted(parts, key=lambda each: each.report.written):
        seen.update(part.report.results.keys())
        results.update(part.report.results)
        without.update(part.report.without_result)
    missing = sorted({*hosts} - results.keys() - without.keys())
    without.update(dict.fromkeys(missing, NOT_REPORTED))
    first = parts[0].report
    report = RunReport.now(
        first.kind,
        dict(sorted(results.items())),
        {name: why for name, why in sorted(without.items()) if name not in results},
        check_mode=first.check_mode,
        stopped=any(_was_stopped(part.report) for part in parts),
    )
    repeated = {name: number for name, number in sorted(seen.items()) if number > 1}
    return MergedReport(report, repeated, tuple(missing))


@dataclass(frozen=True)
class PartsByAge:
    """Parts to merge, and those to leave out: written too long ago, or dated in the future by a wrong clock."""

    recent: list[RunPart]
    old: list[RunPart]
    future: list[RunPart]


def by_age(parts: Sequence[RunPart], hours: float, now: float | None = None) -> PartsByAge:
    """Divide the parts by when they were written; those of the last ``hours`` are recent, 0 is for any age.

    A report of the future would never be too old, and hide all others. ``now`` is in seconds since 1970. Raises
    :class:`BadInput` for a time that cannot be.
    """
    now = time.time() if now is None else now
    divided = PartsByAge([], [], [])
    for part in parts:
        try:
            written = calendar.timegm(time.strptime(part.report.written, "%Y-%m-%dT%H:%M:%SZ"))
        except ValueError as error:
            raise BadInput(f"{part.source} has no time: {error}", advice="Leave it out.") from error
        if written > now + CLOCK_TOLERANCE:
            divided.future.append(part)
        elif hours and written < now - hours * 3600:
            divided.old.append(part)
        else:
            divided.recent.append(part)
    return divided


def _was_stopped(report: RunReport) -> bool:
    """Whether a run ended before its last wave. What it has set as data cannot know that, so its printers say so."""
    return report.stopped or NOT_STARTED in report.without_result.values()


def _check_same(parts: Sequence[RunPart]) -> None:
    first = parts[0]
    for part in parts[1:]:
        if part.report.kind is not first.report.kind:
            kinds = f"{first.report.kind} and {part.report.kind}"
            raise BadInput(
                f"{first.source} and {part.source} are reports of different kinds: {kinds}",
                advice="Merge the reports of one playbook only.",
            )
        if part.report.check_mode != first.report.check_mode:
            checked, done = (first, part) if first.report.check_mode else (part, first)
            raise BadInput(
                f"{checked.source} is a prediction of check mode, and {done.source} is not",
                advice="Merge predictions apart from results.",
            )
