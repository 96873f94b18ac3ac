# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an onboarding: whose results there are, what is shown, and the JSON file. Knows results, no printer."""

from __future__ import annotations

import json
import time
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...module_utils._decide import onboarding
from ...module_utils._prisma.address_files import check_place, write_private
from .._untagged import untagged
from .table import Printers, count, count_findings, table

LISTED = 100
"""In larger fleets printers without changes or findings are counted, not listed."""
NOT_STARTED = "its wave was not started"


def report_fields(result: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a printer's result without what Ansible adds to it."""
    return {name: result[name] for name in onboarding.FIELDS if name in result}


@dataclass(frozen=True)
class Report:
    """The results of a play so far. ``batch`` are the printers of the wave that has just ended."""

    printers: Printers
    batch: Sequence[str]
    not_started: Sequence[str]
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
            if name in found and bool(found[name]["planned"]) is check_mode
        }
        batch = batch_results if batch_results is not None else variables.get("ansible_play_batch", hosts)
        return cls(
            printers,
            [str(name) for name in batch],
            [name for name in hosts if name not in printers],
            check_mode,
            {str(name): found[name]["attention"] for name in batch if name in printers and found[name]["attention"]},
        )

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
        is_part = bool(self.not_started) or len(rows) < len(self.printers)
        show(
            ("Total  " if is_part else "")
            + "  ".join(f"{word}: {number}" for word, number in counts.items())
            + (f"  ({len(self.not_started)} not started yet)" if self.not_started else "")
            + "\n"
        )

    def write(self, path: str) -> None:
        """Write the report, with mode 0600. Raises :class:`BadInput` where it cannot be written."""
        check_place(path, "onboard_report")
        not_started = onboarding.not_tried(NOT_STARTED, check_mode=self.check_mode).as_dict()
        report = {
            "schema": 1,
            "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "check_mode": self.check_mode,
            "counts": count(self.printers),
            "findings": count_findings(self.printers),
            "printers": {**self.printers, **dict.fromkeys(self.not_started, not_started)},
            "without_result": list(self.not_started),
        }
        write_private(path, json.dumps(report, indent=2, ensure_ascii=False).encode() + b"\n")


def _results_of(host: Mapping[str, t.Any], name: str, *, bulk: bool) -> dict[str, t.Any]:
    """Return what the variables of one host know: in bulk mode the results of its whole batch, otherwise its own."""
    batch = dict((host.get("onboard_results") or {}).get("printers") or {}) if bulk else {}
    if name in batch and not batch[name].get("runs_as_tasks"):
        return {key: result for key, result in batch.items() if not result.get("runs_as_tasks")}
    own = host.get("onboard_result")
    return {name: own} if own else {}


def _is_quiet(result: Mapping[str, t.Any]) -> bool:
    return bool(result["good"]) and not result["changes"] and not result["findings"]
