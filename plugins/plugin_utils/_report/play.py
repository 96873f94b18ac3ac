# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of a play of the role onboard, in either mode: who has one, and why the others have none."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from ...module_utils._decide import onboarding
from .._untagged import untagged
from .document import ReportKind, RunReport
from .facts import Result

ENDED_BEFORE = "it failed before its outcome was determined, or was taken out of the play"


def report_fields(result: Result) -> dict[str, t.Any]:
    """Return a printer's result without what Ansible adds to it."""
    return {name: result[name] for name in (*onboarding.FIELDS, "attention") if name in result}


@dataclass(frozen=True)
class PlayResults:
    """The results of a play so far. ``batch`` are the printers of the wave that has just ended."""

    printers: Mapping[str, Result]
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
        play: str | None = None,
        batch_results: Mapping[str, Result] | None = None,
    ) -> PlayResults:
        """Collect the results of all hosts of a play from a task's ``variables``.

        ``play`` is its id. ``batch_results`` are those of a batch that is still under way, in bulk mode. Results of
        another play of the same run, which has another id or check mode, are left out.
        """
        hosts = [str(name) for name in variables.get("ansible_play_hosts_all", ())]
        found: dict[str, t.Any] = dict(batch_results or {})
        for name in hosts:
            if name not in found:
                found = {**_results_of(variables["hostvars"][name], name, bulk=bulk, play=play), **found}
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

    @classmethod
    def of_task(cls, task: t.Any, variables: Mapping[str, t.Any], *, bulk: bool, **more: t.Any) -> PlayResults:
        """Collect them for a task of the play; see :meth:`of_play`."""
        play = str(task.get_play()._uuid)
        return cls.of_play(variables, bulk=bulk, check_mode=bool(task.check_mode), play=play, **more)

    def report(self, kind: ReportKind = ReportKind.ONBOARD, *, stopped: bool = False) -> RunReport:
        """Return the report of these results, written now."""
        return RunReport.now(kind, self.printers, self.without_result, check_mode=self.check_mode, stopped=stopped)


def _results_of(host: Mapping[str, t.Any], name: str, *, bulk: bool, play: str | None) -> dict[str, t.Any]:
    """Return what the variables of one host know: in bulk mode the results of its whole batch, otherwise its own."""

    def of_this_play(variable: str) -> dict[str, t.Any]:
        result: dict[str, t.Any] = host.get(variable) or {}
        return result if play is None or result.get("play", play) == play else {}

    task = of_this_play("onboard_results") if bulk else {}
    batch = dict(task.get("printers") or {})
    if name in batch and not batch[name].get("runs_as_tasks"):
        return {key: result for key, result in batch.items() if not result.get("runs_as_tasks")}
    # A condition that left the first host out has skipped the task of the batch; the others went through the tasks.
    own = of_this_play("onboard__outcome") or (task if task.get("skipped") else None)
    return {name: own} if own else {}


def _why_none(name: str, found: Mapping[str, t.Any], batch: Sequence[str], left: Set[str]) -> str:
    """Return why a printer has no result; ``left`` are the hosts that are still in the play."""
    if found.get(name, {}).get("skipped"):
        return onboarding.LEFT_OUT
    if name not in left:
        return ENDED_BEFORE
    return onboarding.NOT_READ if name in batch else onboarding.NOT_STARTED
