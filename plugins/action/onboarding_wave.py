# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what the printers of a wave declare. Reads variables only; what they mean is _decide/situation.py."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._decide.situation import Declared, declared
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..modules.onboarding_wave import ARGUMENT_SPEC
from ..plugin_utils._arguments import valid_arguments
from ..plugin_utils._fleet.host_variables import HostVariables
from ..plugin_utils._fleet.spec import wave_spec


class ActionModule(ActionBase):
    """Reads the variables of all hosts of the wave."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return what at least one of them declares."""
        super().run(tmp, task_vars)
        try:
            valid_arguments(ARGUMENT_SPEC, self._task.args, action=self._task.action)
        except PrismaError as error:
            return failed(error, "wave")
        return {"changed": False, "declared": sorted(self._declared(task_vars or {}))}

    def _declared(self, variables: dict[str, t.Any]) -> set[Declared]:
        everything, found = set(Declared), set[Declared]()
        if not self._task.run_once:
            return everything
        hosts = [str(name) for name in variables["ansible_play_batch"]]
        others = HostVariables(self, variables, hosts)
        for name in hosts:
            try:
                _raw, of_host = others.of(name)
                found |= declared(wave_spec(name, of_host))
            except BadInput:  # the printer's own steps say so
                return everything
            if found == everything:
                break
        return found
