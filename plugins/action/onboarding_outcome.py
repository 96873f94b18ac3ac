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
from ..module_utils._decide.situation import BEFORE_INFO, LICENCES, STEPS, OnboardingSpec, Result
from ..module_utils._prisma.task import failed, run_redacted
from ..module_utils._web.errors import PrismaError
from ..modules.onboarding_outcome import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._connectors import connectors
from ..plugin_utils._fleet.spec import Variables, onboarding_spec, role_spec, unusable_spec
from ..plugin_utils._fleet.tags import TAGS, selected_tags
from ..plugin_utils._report.at_end import NOTES
from ..plugin_utils._report.of_variables import note_begin
from ..plugin_utils._untagged import untagged

with contextlib.suppress(PrismaError):  # the task that needs it reports a missing library
    connectors()
    role_spec()


class ActionModule(ActionBase):
    """Decides inside the worker. Nothing of it runs on another machine."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return the outcome with its advice, the findings, and why the printer needs attention."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        printer = str(variables.get("inventory_hostname", "printer"))
        declared: list[OnboardingSpec] = []
        secrets: set[str] = set()

        def read() -> dict[str, t.Any]:
            declared.append(onboarding_spec(Variables(variables, self._templar.template), secrets))
            return {"changed": False}

        try:
            options = task_arguments(ARGUMENT_SPEC, self._task)
        except PrismaError as error:
            return failed(error, printer)
        checked = run_redacted(printer, secrets, read)
        if options["declared_only"]:
            return checked
        if declared:
            return self._outcome(declared[0], variables, interrupted=options["interrupted"])
        if not options["interrupted"]:
            return checked
        # Wrong variables of the role must not hide which step failed because of them.
        return self._outcome(unusable_spec(printer), variables, checked, interrupted=True)

    def _outcome(
        self, spec: OnboardingSpec, variables: Mapping[str, t.Any], failure: Result | None = None, *, interrupted: bool
    ) -> dict[str, t.Any]:
        registered = {name: untagged(variables.get(f"onboard__{name}")) for name in (LICENCES, *STEPS)}
        registered[LICENCES] = of_printer(registered[LICENCES], str(variables.get("inventory_hostname")))
        results = onboarding.up_to_failure(registered)
        step = onboarding.failure_of(results)
        failed_before = any((results.get(name) or {}).get("failed") for name in (LICENCES, *BEFORE_INFO))
        if not results.get("info") and not failed_before:
            failure = failure or onboarding.not_tried_failure(onboarding.NOT_READ)
        elif step is not None:
            failure = step
        elif failure is None and interrupted:
            failure = onboarding.not_tried_failure(onboarding.STOPPED_BY_ANOTHER)
        result = onboarding.conclude(
            results,
            check_mode=bool((results.get("info") or {}).get("check_mode", self._task.check_mode)),
            failure=failure,
            expected=ExpectedState(spec.applications, spec.connectors, spec.clock_tolerance),
            has_viewer=bool(spec.viewer),
            has_proxy=bool(spec.proxy),
        )
        partial = selected_tags(self._task, variables) != TAGS
        attention = result.attention(spec.fail_on, partial=partial)
        ended = {**result.as_dict(), "attention": attention}
        # The summary is shown even if the run ends before its wave is reported.
        play = note_begin(self._task, variables, self._templar.template)
        NOTES.results(play, {str(variables.get("inventory_hostname")): ended})
        warnings = {"warnings": [NOTES.trouble]} if NOTES.trouble else {}
        return {**ended, "play": play, "changed": False, **warnings}
