# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role on the demo fleet: check mode, a run and a second run, and what each of them did. Asserts nothing.

Files of tests that only look at the results share one such fleet per mode (tests/playbook/conftest.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .fleet import Fleet
from .playbook import Run

CHECK, FIRST, SECOND = range(3)


@dataclass
class DemoRuns:
    """Three runs on one demo fleet: each list has one item per run. ``results``: of the last run's bulk task."""

    fleet: Fleet
    runs: list[Run] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    diffs: list[dict[str, list[Any]]] = field(default_factory=list)
    entries: list[list[dict[str, Any]]] = field(default_factory=list)
    writes: list[dict[tuple[str, str], int]] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)

    @property
    def outcomes(self) -> list[dict[str, str]]:
        """Return the outcome of each printer."""
        return [{name: each["outcome"] for name, each in report["printers"].items()} for report in self.reports]

    @property
    def audits(self) -> list[list[tuple[str, str]]]:
        """Return what happened at the printers and the tenant, in order: subject and what."""
        return [[(each["subject"], each["what"]) for each in entries] for entries in self.entries]

    @property
    def sign_ins(self) -> list[Counter[tuple[str, str]]]:
        """Return how often each account (subject and actor) was signed in with, refused or not."""
        signed = ("sign_in", "sign_in_refused")
        return [
            Counter((each["subject"], each["actor"]) for each in entries if each["what"] in signed)
            for entries in self.entries
        ]


def run_three_times(fleet: Fleet, mode: str) -> DemoRuns:
    """Run the role three times on ``fleet``, in the mode "tasks" or "bulk"."""
    inventory = fleet.inventory(viewer=True, onboard_fail_on=[])
    done = DemoRuns(fleet)
    for more in (("--check",), (), ()):
        watch = fleet.watch()
        run = fleet.onboard(inventory, "--diff", *more, mode=mode)
        done.runs.append(run)
        done.reports.append(run.report)  # the next run writes its own in the same place
        done.diffs.append(run.diffs())
        done.entries.append(fleet.simulation.audit(since=watch.since))
        done.writes.append(watch.writes())
    if mode == "bulk":
        (done.results,) = done.runs[-1].results_of("onboard_batch")
    return done
