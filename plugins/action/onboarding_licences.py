# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the licences that a wave would use up, before its first printer. The decision is _decide/licences.py."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Mapping
from functools import partial

from ansible.plugins.action import ActionBase

from ..module_utils._decide.outcomes import Outcome
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..module_utils._web.http.channels import ChannelPool
from ..module_utils._web.libraries import require
from ..modules.onboarding_licences import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._fleet.host_variables import HostVariables
from ..plugin_utils._fleet.licences import RunStep, WaveDemands, grant
from ..plugin_utils._fleet.spec import Variables, check_least, runs_in_process
from ..plugin_utils._fleet.steps import InProcessSteps, StepContext, module_defaults
from ..plugin_utils._fleet.tags import selected_tags
from ..plugin_utils._inprocess.run import ParentWatch
from ..plugin_utils._inprocess.run_limits import note_limits
from ..plugin_utils._inprocess.shared_store import STORE
from ..plugin_utils._profiles import folders_of, preload
from ..plugin_utils._report.of_variables import note_begin
from ..plugin_utils._run_identity import RunIdentity
from ..plugin_utils._text_files import VaultReader

with contextlib.suppress(PrismaError):  # the task that needs it reports a missing library or a broken profile
    preload()

CONSENTING = frozenset({"register", "claim"})
"""The tags of the steps that ask for the result."""


class ActionModule(ActionBase):
    """Counts for all hosts of the wave that the conditions of the task do not leave out."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return which printers may use up licences, or why the wave must not begin. It does not fail for that."""
        super().run(tmp, task_vars)
        note_begin(self._task, task_vars or {}, self._templar.template)
        try:
            require()
            options = task_arguments(ARGUMENT_SPEC, self._task)
            check_least("onboard_assign_licences", options["allowed"])
            return self._check(options["allowed"], task_vars or {})
        except PrismaError as error:
            return failed(error, "wave")

    def _check(self, allowed: int, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        value = Variables(variables, self._templar.template).value
        warnings = note_limits(STORE, value)
        slices = RunIdentity.of(value).slices  # a slice that cannot be is refused before the first printer
        if allowed and slices > 1:
            warnings.append(
                f"onboard_assign_licences is {allowed}, which {slices} runs share: this one may use up "
                f"{allowed // slices} for good"
            )
            allowed //= slices
        with contextlib.closing(ChannelPool()) as channels:
            wave = self._wave(variables, channels, warnings)
            demands = wave.demands()
        checking = bool(self._task.check_mode)
        refusal, granted = grant(STORE, demands, allowed=allowed, check_mode=checking)
        if refusal is not None and checking:
            warnings.append(f"A run would be refused: {refusal.reason}. {refusal.advice}")
        result: dict[str, t.Any] = {
            "changed": False,
            "refusal": None
            if refusal is None or checking
            else {
                "outcome": Outcome.NOT_TRIED.value,
                "reason": refusal.reason,
                "advice": f"{refusal.advice} Nothing was sent to this printer.",
            },
            "assigns": granted,
            "tenants": {name: list(tenant.subscriptions) for name, tenant in wave.tenants.items()},
            "printers": {
                demand.printer: {
                    "tenant": demand.tenant,
                    "assigns": [] if refusal is not None else list(demand.assigns),
                }
                for demand in demands
            },
        }
        return {**result, "warnings": warnings} if warnings else result

    def _wave(self, variables: dict[str, t.Any], channels: ChannelPool, warnings: list[str]) -> WaveDemands:
        wave = WaveDemands(lambda line: None if line in warnings else warnings.append(line))
        if not selected_tags(self._task, variables) & CONSENTING:
            return wave
        hosts = [str(name) for name in variables["ansible_play_batch"]]
        others = HostVariables(self, variables, hosts)
        for name in hosts:
            with contextlib.suppress(BadInput):  # wrong variables fail the printer's own steps
                raw, of_host = others.of(name)
                if others.selects(raw):
                    wave.add(
                        name,
                        of_host,
                        partial(self._runner, name, raw, of_host, channels, warnings),
                    )
        return wave

    def _runner(
        self,
        printer: str,
        raw: Mapping[str, t.Any],
        variables: Variables,
        channels: ChannelPool,
        warnings: list[str],
    ) -> RunStep | None:
        """Return what reads the tenant with the variables of one printer; None where its steps run elsewhere."""
        elsewhere = self._task.delegate_to is not None and self._connection.transport != "local"
        if elsewhere or not runs_in_process(variables):
            return None
        context = StepContext(
            store=STORE,
            parent_watch=ParentWatch(),
            check_mode=bool(self._task.check_mode),
            diff_mode=False,
            warn=warnings.append,
            defaults=module_defaults(self._task),
            read_text=VaultReader(self._loader),
        )
        steps = InProcessSteps(printer, variables, folders_of(self._loader, raw), context, lambda interface: channels)
        return lambda module: steps(module, {})
