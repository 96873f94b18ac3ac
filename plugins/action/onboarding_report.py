# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the outcomes of a play as a table and writes them as JSON. Reads variables only, no printer."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..modules.onboarding_report import ARGUMENT_SPEC
from ..plugin_utils._arguments import valid_arguments
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
            "without_result": list(report.without_result),
        }
        if options["path"]:
            try:
                report.write(options["path"])
            except BadInput as error:  # fails no printer, and hides none that needs attention
                result |= {"path": None, "warnings": [f"The report was not written: {error}"]}
        return result
