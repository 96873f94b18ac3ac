# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an onboarding: whose results there are, what is shown, and the JSON file. Knows results, no printer."""

from __future__ import annotations

import json
import time
import typing as t
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from ...module_utils._decide import onboarding
from ...module_utils._prisma.address_files import check_place, write_private
from .._untagged import untagged
from .table import Printers, count, count_findings, table

LISTED = 100
"""In larger fleets printers without changes or findings are counted, not listed."""
NOT_STARTED = "its wave was not started"
LEFT_OUT = "a condition (when) left it out"
ENDED_BEFORE = "it failed before its outcome was determined, or was taken out of the play"


def report_fields(result: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a printer's result without what Ansible adds to it."""
    return {name: result[name] for name in onboarding.FIELDS if name in result}


@dataclass(frozen=True)
class Report:
    """The results of a play so far. ``batch`` are the printers of the wave that has just ended."""

    printers: Printers
    batch: Sequence[str]
    without_result: Mapping[str, str]
    """Why the other printers of the play have no result, by name."""
    check_mode: bool
    attention: Mapping[str, str]
    """Why printers of the batch need attention, by name."""

    @classmethod
    def of_play(
        cls,
        variables: Mapping[str, t.Any],
        *,
        bulk: bool,
        check_mode: bool,
        batch_results: Printers | None = None,
    ) -> Report:
        """Collect the results of all hosts of a play from a task's ``variables``.

        ``batch_results`` are those of a batch that is still under way, in bulk mode. Results of another play of
        the same run differ in their check mode, and are left out.
        """
        hosts = [str(name) for name in variables.get("ansible_play_hosts_all", ())]
        found: dict[str, t.Any] = dict(batch_results or {})
        for name in hosts:
            if name not in found:
                found = {**_results_of(variables["hostvars"][name], name, bulk=bulk), **found}
        printers = {
            name: report_fields(untagged(found[name]))
            for name in hosts
            if name in found and found[name].get("planned") is check_mode
        }
        batch = [str(name) for name in variables.get("ansible_play_batch", hosts)]
        if batch_results is not None:
            batch = [name for name in batch if name in batch_results]
        left = {str(name) for name in variables.get("ansible_play_hosts", hosts)}
        without_result = {name: _why_none(name, found, batch, left) for name in hosts if name not in printers}
        attention = {name: str(found[name]["attention"]) for name in batch if name in printers}
        attention |= {name: f"not_tried: {why}" for name, why in without_result.items() if why == onboarding.NOT_READ}
        return cls(
            printers,
            batch,
            without_result,
            check_mode,
            {name: why for name, why in attention.items() if why},
        )

    @property
    def not_started(self) -> int:
        """How many printers are in waves that were not started."""
        return list(self.without_result.values()).count(NOT_STARTED)

    def show(self, show: Callable[[str], None]) -> None:
        """Show the table of the batch, and the counts of all printers of the play."""
        rows = {name: self.printers[name] for name in self.batch if name in self.printers}
        heading = "Predicted result (check mode)" if self.check_mode else "Onboarding"
        quiet = {name for name, result in rows.items() if _is_quiet(result)} if len(rows) > LISTED else set()
        listed = {name: result for name, result in rows.items() if name not in quiet}
        if quiet:
            heading += f" ({len(quiet)} printers without changes or findings are not listed)"
        if rows:
            show(f"\n{heading}\n{table(listed) if listed else ''}\n")
        counts = {**count(self.printers), **count_findings(self.printers)}
        is_part = self.not_started > 0 or len(rows) < len(self.printers)
        show(
            ("Total  " if is_part else "")
            + "  ".join(f"{word}: {number}" for word, number in counts.items())
            + (f"  ({self.not_started} not started yet)" if self.not_started else "")
            + "\n"
        )

    def write(self, path: str) -> None:
        """Write the report, with mode 0600. Raises :class:`BadInput` where it cannot be written."""
        check_place(path, "onboard_report")
        others = {
            name: onboarding.not_tried(why, check_mode=self.check_mode).as_dict()
            for name, why in self.without_result.items()
        }
        report = {
            "schema": 1,
            "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "check_mode": self.check_mode,
            "counts": count(self.printers),
            "findings": count_findings(self.printers),
            "printers": {**self.printers, **others},
            "without_result": list(self.without_result),
        }
        write_private(path, json.dumps(report, indent=2, ensure_ascii=False).encode() + b"\n")


def _results_of(host: Mapping[str, t.Any], name: str, *, bulk: bool) -> dict[str, t.Any]:
    """Return what the variables of one host know: in bulk mode the results of its whole batch, otherwise its own."""
    task = (host.get("onboard_results") or {}) if bulk else {}
    batch = dict(task.get("printers") or {})
    if name in batch and not batch[name].get("runs_as_tasks"):
        return {key: result for key, result in batch.items() if not result.get("runs_as_tasks")}
    # A condition that left the first host out has skipped the task of the batch; the others went through the tasks.
    own = host.get("onboard__outcome") or (task if task.get("skipped") else None)
    return {name: own} if own else {}


def _why_none(name: str, found: Mapping[str, t.Any], batch: Sequence[str], left: Set[str]) -> str:
    """Return why a printer has no result; ``left`` are the hosts that are still in the play."""
    if found.get(name, {}).get("skipped"):
        return LEFT_OUT
    if name not in left:
        return ENDED_BEFORE
    return onboarding.NOT_READ if name in batch else NOT_STARTED


def _is_quiet(result: Mapping[str, t.Any]) -> bool:
    return bool(result["good"]) and not result["changes"] and not result["findings"]
