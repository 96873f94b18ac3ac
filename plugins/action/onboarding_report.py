# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the outcomes of a play as a table and writes them as JSON. Reads facts only, no printer."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ..module_utils._decide.onboarding import count, count_findings
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..modules.onboarding_report import ARGUMENT_SPEC
from ..plugin_utils._report.report import report_fields, show, write
from ..plugin_utils._untagged import untagged


class ActionModule(ActionBase):
    """Collects the fact ``onboard_result`` of all hosts of the play."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Print and write the report. It changes nothing but its own file, which it also writes in check mode."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        try:
            checked = ModuleArgumentSpecValidator(ARGUMENT_SPEC).validate(dict(self._task.args))
            if checked.error_messages:
                raise BadInput(f"{self._task.action}: {'; '.join(checked.error_messages)}")
            options = untagged(checked.validated_parameters)
            return self._report(options, variables)
        except PrismaError as error:
            return failed(error, "report")

    def _report(self, options: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        checking = bool(self._task.check_mode)
        hosts = [str(name) for name in variables.get("ansible_play_hosts_all", ())]
        found = {name: variables["hostvars"][name].get("onboard_result") for name in hosts}
        printers = {name: report_fields(untagged(result)) for name, result in found.items() if result}
        without = [name for name in hosts if name not in printers]
        mine = (found.get(str(variables["inventory_hostname"])) or {}).get("wave")
        wave = [name for name in printers if found[name].get("wave") == mine]
        show(printers, wave, without, checking=checking, display=self._display.display)
        if options["path"]:
            write(options["path"], printers, without, checking=checking)
        return {
            "changed": False,
            "counts": count(printers),
            "findings": count_findings(printers),
            "path": options["path"],
            "without_result": without,
        }
