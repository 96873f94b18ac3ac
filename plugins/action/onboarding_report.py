# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the outcomes of a play as a table and writes them as JSON. Reads facts only, no printer."""

from __future__ import annotations

import json
import time
import typing as t

from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ..module_utils._decide.onboarding import conclude, count, count_findings, table
from ..module_utils._decide.outcomes import Outcome
from ..module_utils._prisma.address_files import check_place, write_private
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..modules.onboarding_report import ARGUMENT_SPEC
from ..plugin_utils._plain import plain


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
            options = plain(checked.validated_parameters)
            return self._report(options, variables)
        except PrismaError as error:
            return failed(error, "report")

    def _report(self, options: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        hosts = [str(name) for name in variables.get("ansible_play_hosts_all", ())]
        found = {name: variables["hostvars"][name].get("onboard_result") for name in hosts}
        printers = {name: _of_report(plain(result)) for name, result in found.items() if result}
        without = [name for name in hosts if name not in printers]
        counts, findings = count(printers), count_findings(printers)
        batch = {str(name) for name in variables.get("ansible_play_batch", hosts)}
        wave = {name: result for name, result in printers.items() if name in batch}
        if wave:
            heading = "What would come of it (check mode)" if self._task.check_mode else "Onboarding"
            self._display.display(f"\n{heading}\n{table(wave)}\n")
            self._display.display(
                ("So far  " if without or len(wave) < len(printers) else "")
                + "  ".join(f"{word}: {number}" for word, number in {**counts, **findings}.items())
                + (f"  (had no turn yet: {len(without)})" if without else "")
                + "\n"
            )
        if options["path"]:
            check_place(options["path"], "path")
            report = {
                "schema": 1,
                "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "check_mode": bool(self._task.check_mode),
                "counts": counts,
                "findings": findings,
                # Should this wave be the last one, as too many of it failed, then nobody writes another report.
                "printers": {**printers, **{name: _without_turn(bool(self._task.check_mode)) for name in without}},
                "without_result": without,
            }
            write_private(options["path"], json.dumps(report, indent=2, ensure_ascii=False).encode() + b"\n")
        return {
            "changed": False,
            "counts": counts,
            "findings": findings,
            "path": options["path"],
            "without_result": without,
        }


def _of_report(result: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return a result without what Ansible puts beside it."""
    return {name: result[name] for name in conclude({}, check_mode=False) if name in result}


def _without_turn(check_mode: bool) -> dict[str, t.Any]:
    left_out = {
        "outcome": Outcome.NOT_TRIED.value,
        "reason": "its wave has not begun: the run stopped, or is not there yet",
    }
    return conclude({}, check_mode=check_mode, failure=left_out)
