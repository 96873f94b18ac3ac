# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One stretch of one printer's way through the role onboard. Which steps it has is told by _prisma/onboarding.py."""

from __future__ import annotations

import contextlib
import json
import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._decide.onboarding import conclude
from ..module_utils._prisma.onboarding import Onboarding, OnboardingSpec, TakeStep
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..module_utils._web.http.channels import ChannelPool
from ..module_utils._web.libraries import on_demand, require
from ..modules.onboard_printer import ARGUMENT_SPEC
from ..plugin_utils._fleet.onboard import StepsHere, Variables, ended, prepare, takes_steps_here, unusable, wanted
from ..plugin_utils._fleet.steps_by_action import StepsByAction
from ..plugin_utils._inprocess.run import ParentWatch, run_redacted
from ..plugin_utils._inprocess.shared_store import STORE
from ..plugin_utils._profiles import folders_of, preload
from ..plugin_utils._untagged import untagged

with contextlib.suppress(PrismaError):  # a missing library or a broken profile is told by the task that needs it
    preload()
    prepare()
    on_demand("segno")

SO_FAR = "onboard__walk"
"""The variable in which the role keeps what the stretch before came to."""


class ActionModule(ActionBase):
    """Takes the steps inside the forked worker, or by their own action plugins where they run elsewhere."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Take the steps of one stretch. What goes wrong on the way is told at its end."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        secrets: set[str] = set()
        printer = str(variables.get("inventory_hostname", "printer"))
        part = str(self._task.args.get("part"))
        if part not in ARGUMENT_SPEC["part"]["choices"]:
            parts = ", ".join(ARGUMENT_SPEC["part"]["choices"])
            return failed(BadInput(f"part is {part!r}", advice=f"Choose one of {parts}."), printer)
        result = run_redacted(printer, secrets, lambda: self._run(part, printer, variables, secrets))
        if result.get("failed") and "wave" not in result:  # it could not be taken at all
            result = _in_its_place(part, result, bool(self._task.check_mode))
        return {**_packed(result), "wave": _wave(part, variables)}

    def _run(self, part: str, printer: str, raw: dict[str, t.Any], secrets: set[str]) -> dict[str, t.Any]:
        require()
        variables = Variables(raw, self._templar.template)
        if variables.value("onboard_mode") == "bulk":
            raise BadInput(
                "onboard_mode: bulk stands where Ansible reads it too late",
                advice="Give it with -e onboard_mode=bulk, or in the vars of the play; not in the inventory.",
            )
        packed = (raw.get(SO_FAR) or {}).get("walk") if part != "press" else None
        so_far = json.loads(packed) if packed else {}
        channels = ChannelPool()
        try:
            walk = self._walk(printer, raw, variables, channels, so_far, secrets)
            stretch = {"press": walk.press, "claim": walk.claim, "conclude": walk.read_back}[part]
            for _pause in stretch():
                raise PrismaError("a step that waits did not wait")
            if part == "conclude":
                return {**_concluded(walk), "wave": None}
        finally:
            channels.close()
        return {**_told(walk), "results": walk.results, "failure": walk.failure}

    def _walk(
        self,
        printer: str,
        raw: dict[str, t.Any],
        variables: Variables,
        channels: ChannelPool,
        so_far: dict[str, t.Any],
        secrets: set[str],
    ) -> Onboarding:
        here = takes_steps_here(variables, self._is_elsewhere())
        declared: OnboardingSpec | None = None
        failure = so_far.get("failure")
        try:
            declared = wanted(variables, secrets, in_process=here)
        except PrismaError as error:
            failure = failed(error, printer)
        steps: TakeStep = StepsByAction(self, raw)
        if here:
            steps = StepsHere(
                printer,
                variables,
                folders_of(self._loader, raw),
                store=STORE,
                parent_watch=ParentWatch(),
                channels=lambda interface: channels,
                check_mode=bool(self._task.check_mode),
                diff_mode=bool(self._task.diff),
                warn=self._display.warning,
            )
        return Onboarding(
            declared or unusable(printer),
            bool(self._task.check_mode),
            steps,
            results=dict(so_far.get("results") or {}),
            failure=failure,
        )

    def _is_elsewhere(self) -> bool:
        return self._task.delegate_to is not None and self._connection.transport != "local"


def _wave(part: str, variables: dict[str, t.Any]) -> str:
    """Return the name of the first printer of this wave. Later, Ansible counts only those that have not failed."""
    if part == "press":
        return str(variables["ansible_play_batch"][0])
    return str((variables.get(SO_FAR) or {}).get("wave") or "")


def _told(walk: Onboarding) -> dict[str, t.Any]:
    """Return what Ansible itself shows of a stretch."""
    told: dict[str, t.Any] = {"changed": walk.changed}
    if walk.diffs:
        told["diff"] = walk.diffs
    if walk.warnings:
        told["warnings"] = walk.warnings
    return told


def _packed(result: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return ``result`` with what the next stretch needs as one text.

    Ansible goes through each value of each result half a dozen times, in the one process that all printers wait for.
    """
    if "results" not in result:
        return result
    told = {name: value for name, value in result.items() if name not in ("results", "failure")}
    return {**told, "walk": json.dumps(untagged({name: result[name] for name in ("results", "failure")}))}


def _in_its_place(part: str, failure: dict[str, t.Any], checking: bool) -> dict[str, t.Any]:
    """Return what stands for a stretch that could not be taken at all: its printer is reported, and fails the play."""
    if part != "conclude":
        return {"changed": False, "results": {}, "failure": failure}
    told = conclude({}, check_mode=checking, failure=failure)
    return {"changed": False, **told, "failed": True, "msg": failure["msg"]}


def _concluded(walk: Onboarding) -> dict[str, t.Any]:
    result = walk.conclude()
    why = ended(result, walk.wanted)
    return {**_told(walk), **result, **({"failed": True, "msg": why} if why else {})}
