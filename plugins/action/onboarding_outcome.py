# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of one printer, from the results of the role's steps. The decision is _decide/onboarding.py."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Mapping

from ansible.plugins.action import ActionBase

from ..module_utils._decide import onboarding
from ..module_utils._decide.findings import ExpectedState
from ..module_utils._decide.licences import of_printer
from ..module_utils._decide.outcomes import Outcome
from ..module_utils._decide.situation import LICENCES, STEPS, Result
from ..module_utils._prisma.switches import switches
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import PrismaError
from ..modules.onboarding_outcome import ARGUMENT_SPEC
from ..plugin_utils._arguments import valid_arguments
from ..plugin_utils._connectors import check_applications, connectors
from ..plugin_utils._fleet.spec import role_spec
from ..plugin_utils._fleet.tags import TAGS, selected_tags
from ..plugin_utils._report.at_end import NOTES
from ..plugin_utils._report.of_variables import note_begin
from ..plugin_utils._untagged import untagged

with contextlib.suppress(PrismaError):  # the task that needs it reports a missing library
    connectors()


class ActionModule(ActionBase):
    """Decides inside the worker. Nothing of it runs on another machine."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return the outcome with its advice, the findings, and why the printer needs attention."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        try:
            options = self._options()
            return {"changed": False} if options["declared_only"] else self._outcome(options, variables)
        except PrismaError as error:
            if not self._task.args.get("interrupted"):
                return failed(error, str(variables.get("inventory_hostname", "printer")))
            # Wrong variables of the role must not hide which step failed because of them.
            self._task.args = {"fail_on": role_spec()["onboard_fail_on"]["choices"]}
            failure = {"outcome": Outcome.FAILED.value, "reason": str(error), "advice": error.advice}
            return self._outcome(self._options(), variables, failure)

    def _options(self) -> dict[str, t.Any]:
        given = {name: value for name, value in self._task.args.items() if value is not None}
        options = valid_arguments(
            ARGUMENT_SPEC, given, action=self._task.action, advice="Correct the role's variables."
        )
        options["applications"] = switches(options["applications"], "onboard_applications")
        options["connectors"] = connectors(options["connectors"])
        check_applications(options["applications"], options["connectors"])
        return options

    def _outcome(
        self, options: Mapping[str, t.Any], variables: Mapping[str, t.Any], failure: Result | None = None
    ) -> dict[str, t.Any]:
        registered = {name: untagged(variables.get(f"onboard__{name}")) for name in (LICENCES, *STEPS)}
        registered[LICENCES] = of_printer(registered[LICENCES], str(variables.get("inventory_hostname")))
        results = onboarding.up_to_failure(registered)
        step = onboarding.failure_of(results)
        failed_before = any((results.get(name) or {}).get("failed") for name in (LICENCES, "viewer"))
        if not results.get("info") and not failed_before:
            failure = failure or onboarding.not_tried_failure(onboarding.NOT_READ)
        elif step is not None:
            failure = step
        elif failure is None and options["interrupted"]:
            failure = onboarding.not_tried_failure(onboarding.STOPPED_BY_ANOTHER)
        result = onboarding.conclude(
            results,
            check_mode=bool((results.get("info") or {}).get("check_mode", self._task.check_mode)),
            failure=failure,
            expected=ExpectedState(
                options["applications"],
                options["connectors"],
                options["clock_tolerance"],
            ),
            has_viewer=options["has_viewer"],
            has_proxy=options["has_proxy"],
        )
        partial = selected_tags(self._task, variables) != TAGS
        attention = result.attention(frozenset(options["fail_on"]), partial=partial)
        ended = {**result.as_dict(), "attention": attention}
        # The summary is shown even if the run ends before its wave is reported.
        play = note_begin(self._task, variables, self._templar.template)
        NOTES.results(play, {str(variables.get("inventory_hostname")): ended})
        return {**ended, "play": play, "changed": False}
