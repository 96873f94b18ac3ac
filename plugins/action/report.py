# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the results of a play, and leaves their summary for the end of the run. Reads variables only, no printer."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping
from dataclasses import replace

from ansible.plugins.action import ActionBase

from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..modules.report import ARGUMENT_SPEC, RULES
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._fleet.spec import Variables
from ..plugin_utils._report.artifact import as_artifact, name_of
from ..plugin_utils._report.at_end import NOTES, show_now, show_report
from ..plugin_utils._report.attention_file import write_attention
from ..plugin_utils._report.document import ReportKind, RunReport
from ..plugin_utils._report.files import ReportFiles, shown_path
from ..plugin_utils._report.kinds import results_of
from ..plugin_utils._report.play import ENDED_BEFORE, PlayResults
from ..plugin_utils._run_folder import beside_inventory
from ..plugin_utils._run_identity import RunIdentity
from ..plugin_utils._untagged import untagged

VARIABLES = {ReportKind.ONBOARD: "onboard_report"}
"""What a message about the path names."""


class ActionModule(ActionBase):
    """Collects the results of all hosts of the play."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Write the report. It changes nothing but its own files, which it also writes in check mode."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        try:
            options = task_arguments(ARGUMENT_SPEC, self._task, rules=RULES)
            kind = ReportKind(options["kind"])
            files = _files(options, variables, VARIABLES.get(kind, "path"))
            run = None
            if options["artifact"]:
                run = RunIdentity.of(Variables(variables, self._templar.template).value)
            if kind is ReportKind.ONBOARD:
                play = PlayResults.of_task(self._task, variables, bulk=options["mode"] == "bulk")
                if not play.printers and self._task._role is None:  # in the role it reports those that have none
                    raise BadInput(
                        "no host of this play has a result of the role onboard",
                        advice="Run the role in the same play, before this task, and give both the same mode. "
                        "No file was written.",
                    )
                return self._report(play.report(), files, variables, play.attention, run)
            return self._report(self._of_tasks(kind, options, variables), files, variables, run=run)
        except PrismaError as error:
            return failed(error, "report")

    def _of_tasks(self, kind: ReportKind, options: Mapping[str, t.Any], variables: Mapping[str, t.Any]) -> RunReport:
        """Return the report of what tasks have registered under these names for each host of the play."""
        registered: dict[str, list[t.Any]] = {}
        for host in map(str, variables.get("ansible_play_hosts_all", ())):
            found = [untagged(variables["hostvars"][host].get(name)) for name in options["results"]]
            registered[host] = [result for result in found if result and not result.get("skipped")]
        known = {host: results for host, results in registered.items() if results}
        left = {str(host) for host in variables.get("ansible_play_hosts", registered)}
        without = {host: ENDED_BEFORE for host in registered if host not in known and host not in left}
        results = results_of(kind, known, options["devices"] or ())
        return RunReport.now(kind, results, without, check_mode=bool(self._task.check_mode))

    def _report(
        self,
        report: RunReport,
        files: ReportFiles,
        variables: Mapping[str, t.Any],
        attention: Mapping[str, str] | None = None,
        run: RunIdentity | None = None,
    ) -> dict[str, t.Any]:
        play = str(self._task.get_play()._uuid)
        NOTES.begin(play, variables.get("ansible_play_hosts_all", ()), files, check_mode=report.check_mode)
        report, ending = files.write(report)
        sheet = None
        if files.path and report.kind is ReportKind.ONBOARD and not (ending.trouble or ending.moved):
            try:
                sheet = _write_sheet(report, files.path, variables)
            except BadInput as error:  # fails no printer, and hides none that needs attention
                ending = replace(ending, trouble=[f"The sheet of what needs attention was not written: {error}"])
        if sheet:
            ending = replace(ending, files={**ending.files, "to correct": shown_path(sheet)})
        NOTES.report(play, report, files, ending)
        if NOTES.trouble:
            show_report(self._display, report, ending)
        elif not NOTES.shared:
            show_now(self._display, NOTES)
        found = {each.name: each.attention or f"{each.outcome}: {each.reason}" for each in report.attention}
        result: dict[str, t.Any] = {
            "changed": False,
            "counts": report.counts,
            "findings": report.findings,
            "attention": dict(found if attention is None else attention),
            "path": ending.path,
            "attention_path": sheet,
            "without_result": sorted(report.without_result),
        }
        warnings = [*([ending.moved] if ending.moved else []), *ending.trouble]
        warnings += [NOTES.trouble] if NOTES.trouble else []
        if run is not None:
            try:  # as the module set_stats returns it
                data = {name_of(run): as_artifact(report, run)}
                result["ansible_stats"] = {"data": data, "per_host": False, "aggregate": False}
            except BadInput as error:
                warnings.append(f"The results were not set as data (onboard_artifact): {error}. {error.advice}")
        return {**result, "warnings": warnings} if warnings else result


def _write_sheet(report: RunReport, path: str, variables: Mapping[str, t.Any]) -> str | None:
    """Write all printers of the play so far that need attention as a sheet, and return its path."""
    needing = {
        each.name: {
            "outcome": each.outcome,
            "message": "; ".join(
                item.what if item.finding == each.outcome else f"{item.finding}: {item.what}" for item in each.problems
            ),
            "advice": " ".join(dict.fromkeys(item.advice for item in each.problems)),
            "serial": each.serial,
        }
        for each in report.attention
    }
    known = variables["hostvars"]

    def variables_of(name: str) -> Mapping[str, t.Any]:
        if name not in known:  # of another run, whose inventory this one does not have
            return {}
        return t.cast("Mapping[str, t.Any]", known[name])

    return write_attention(needing, variables_of, os.path.dirname(path))


def _files(options: Mapping[str, t.Any], variables: Mapping[str, t.Any], variable: str) -> ReportFiles:
    sources = variables.get("ansible_inventory_sources")
    path, metrics = (
        beside_inventory(options[name], sources, named) if options[name] else None
        for name, named in (("path", variable), ("prometheus_path", "onboard_report_prometheus"))
    )
    beside = {"labels": ", ".join(map(shown_path, options["labels"]))} if options["labels"] else {}
    known = (variables.get("groups") or {}).get("all", variables.get("ansible_play_hosts_all", ()))
    return ReportFiles(
        path,
        variable,
        formats=tuple(options["formats"]),
        links=options["links"],
        prometheus=metrics,
        beside=beside,
        implicit=tuple(str(host) for host in variables.get("ansible_play_hosts_all", ()) if host not in known),
    )
