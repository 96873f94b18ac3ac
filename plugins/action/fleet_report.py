# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Merges the results of several runs, and reports them as one. Reads variables and files only, no printer."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping

from ansible.plugins.action import ActionBase

from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..modules.fleet_report import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._report.encrypted_addresses import encrypted_of_variables, folder_beside, write_encrypted
from ..plugin_utils._report.files import ReportFiles
from ..plugin_utils._report.merge import MergedReport, PartsByAge, RunPart, by_age, merge
from ..plugin_utils._report.sources import VARIABLE, parts_of_paths, parts_of_variables
from ..plugin_utils._run_folder import beside_inventory
from ..plugin_utils._run_identity import ADDRESSES_PREFIX, RESULTS_PREFIX
from ..plugin_utils._untagged import untagged
from .report import ActionModule as ReportAction

AGAIN = "printops.prisma.onboard_fleet"
"""The playbook for what is left."""
_NAMED = 5


class ActionModule(ReportAction):
    """Collects what other runs have left."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Write the merged report. It changes nothing but its own files, which it also writes in check mode."""
        ActionBase.run(self, tmp, task_vars)  # not that of a report of one run
        variables = task_vars or {}
        warnings: list[str] = []
        try:
            options = task_arguments(ARGUMENT_SPEC, self._task)
            if options["max_age"] < 0:
                raise BadInput(f"fleet_report_max_age is {options['max_age']}, but cannot be less than 0")
            files = _files(options, variables)
            parts = by_age(_parts(options, files, variables), options["max_age"])
            warnings += _left_out(parts, options["max_age"])
            merged = merge(parts.recent, options["hosts"])
            return self._publish(merged, parts.recent, files, variables, warnings)
        except PrismaError as error:
            return {**failed(error, "fleet"), **({"warnings": warnings} if warnings else {})}

    def _publish(
        self,
        merged: MergedReport,
        parts: list[RunPart],
        files: ReportFiles,
        variables: Mapping[str, t.Any],
        warnings: list[str],
    ) -> dict[str, t.Any]:
        result = self._report(merged.report, files, variables)
        encrypted = encrypted_of_variables(_held(variables, ADDRESSES_PREFIX))
        result |= {
            "encrypted": write_encrypted(folder_beside(files.path), encrypted) if files.path else {},
            "sources": {part.source: len(part.report.results) for part in parts},
            "repeated": merged.repeated,
            "not_reported": list(merged.not_reported),
        }
        warnings += result.get("warnings", [])
        return {**result, "warnings": warnings} if warnings else result


def _parts(options: Mapping[str, t.Any], files: ReportFiles, variables: Mapping[str, t.Any]) -> list[RunPart]:
    """Return the parts; the files of runs come last, as they know where registration addresses are."""
    held = options["artifacts"]
    if held is None:
        held = _held(variables, RESULTS_PREFIX)
    sources = variables.get("ansible_inventory_sources")
    paths = [beside_inventory(path, sources, VARIABLE) for path in options["paths"]]
    own = os.path.realpath(os.path.dirname(files.path)) if files.path else ""
    return [*parts_of_variables(held), *parts_of_paths(paths, leave_out=own)]


def _held(variables: Mapping[str, t.Any], prefix: str) -> dict[str, t.Any]:
    return {str(name): untagged(value) for name, value in variables.items() if str(name).startswith(prefix)}


def _files(options: Mapping[str, t.Any], variables: Mapping[str, t.Any]) -> ReportFiles:
    sources = variables.get("ansible_inventory_sources")
    path, metrics = (
        beside_inventory(options[name], sources, named) if options[name] else None
        for name, named in (("path", "fleet_report_path"), ("prometheus_path", "fleet_report_prometheus"))
    )
    return ReportFiles(
        path,
        "fleet_report_path",
        formats=tuple(options["formats"]),
        links=options["links"],
        prometheus=metrics,
        again=AGAIN,
    )


def _left_out(parts: PartsByAge, hours: float) -> list[str]:
    """Return a warning for each reason for which parts are left out, with their sources."""
    reasons = {
        f"Older than {hours:g} hours (fleet_report_max_age), and left out": parts.old,
        "Dated in the future, so the clock of their machine is wrong, and left out": parts.future,
    }
    return [f"{reason}: {_named(those)}." for reason, those in reasons.items() if those]


def _named(parts: list[RunPart]) -> str:
    names = ", ".join(part.source for part in parts[:_NAMED])
    return f"{names} and {len(parts) - _NAMED} more" if len(parts) > _NAMED else names
