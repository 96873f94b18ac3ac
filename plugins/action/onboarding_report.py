# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the outcomes of a play as a table and writes them as JSON. Reads variables only, no printer."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping

from ansible.plugins.action import ActionBase

from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..modules.onboarding_report import ARGUMENT_SPEC
from ..plugin_utils._arguments import valid_arguments
from ..plugin_utils._report.attention_file import write_attention
from ..plugin_utils._report.output import show
from ..plugin_utils._report.report import Report
from ..plugin_utils._report.table import count, count_findings


class ActionModule(ActionBase):
    """Collects the results of all hosts of the play."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Print and write the report. It changes nothing but its own file, which it also writes in check mode."""
        super().run(tmp, task_vars)
        try:
            options = valid_arguments(ARGUMENT_SPEC, self._task.args, action=self._task.action)
            return self._report(options, task_vars or {})
        except PrismaError as error:
            return failed(error, "report")

    def _report(self, options: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        report = Report.of_play(variables, bulk=options["mode"] == "bulk", check_mode=bool(self._task.check_mode))
        report.show(lambda text: show(self._display, text))
        result: dict[str, t.Any] = {
            "changed": False,
            "counts": count(report.printers),
            "findings": count_findings(report.printers),
            "attention": dict(report.attention),
            "path": options["path"],
            "attention_path": None,
            "without_result": list(report.without_result),
        }
        if options["path"]:
            try:
                report.write(options["path"])
                result["attention_path"] = self._write_attention(report, options["path"], variables)
            except BadInput as error:  # fails no printer, and hides none that needs attention
                result |= {"path": None, "warnings": [f"The report was not written: {error}"]}
        return result

    def _write_attention(self, report: Report, path: str, variables: Mapping[str, t.Any]) -> str | None:
        """Write all printers of the play so far that need attention as a sheet, and return its path."""
        needing = {
            name: {**result, "message": report.attention.get(name) or result["reason"]}
            for name, result in report.printers.items()
            if name in report.attention or not result["good"]
        }
        return write_attention(needing, lambda name: variables["hostvars"][name], os.path.dirname(path))
