# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the other hosts of a play, as a task of each of them would see them. Knows Ansible, no printer."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ...module_utils._web.errors import BadInput
from .._core_versions import conditions_hold
from .spec import Variables


class HostVariables:
    """Reads variables with what ``hostvars`` leaves out: those of the play, and the defaults of the task's role."""

    def __init__(self, action: ActionBase, variables: Mapping[str, t.Any], hosts: Sequence[str]) -> None:
        hostvars: t.Any = variables["hostvars"]
        self._hostvars = hostvars
        self._manager: t.Any = hostvars._variable_manager
        self._inventory: t.Any = hostvars._inventory
        self._task = action._task
        self._templar = action._templar
        self._hosts = list(hosts)
        self._of_run: dict[str, t.Any] = {}

    def of(self, host: str) -> tuple[dict[str, t.Any], Variables]:
        """Return the variables of ``host``, raw and to be asked for. For the main thread only.

        Raises :class:`BadInput` where they cannot be read.
        """
        try:
            raw: dict[str, t.Any] = self._manager.get_vars(
                play=self._task.get_play(),
                host=self._inventory.get_host(host),
                task=self._task,
                include_hostvars=False,  # which would be made again for each of them
                _hosts=self._hosts,  # otherwise it looks for all hosts of the play again, for each of them
                _hosts_all=self._hosts,
            )
        except AnsibleError as error:
            raise BadInput(
                f"its variables cannot be read: {error}", advice="Correct the printer's variables."
            ) from error
        raw["hostvars"] = self._hostvars
        return raw, Variables(raw, self._templar.copy_with_new_env(available_variables=raw).template, self._of_run)

    def selects(self, raw: Mapping[str, t.Any]) -> bool:
        """Return whether the conditions of the task hold for the host with these variables.

        Raises :class:`BadInput` for a condition that cannot be evaluated.
        """
        if not self._task.when:
            return True
        engine: t.Any = self._templar.copy_with_new_env(available_variables=dict(raw))
        try:
            return conditions_hold(self._task, engine, raw)
        except AnsibleError as error:
            raise BadInput(f"the condition of the role (when) cannot be evaluated: {error}") from error
