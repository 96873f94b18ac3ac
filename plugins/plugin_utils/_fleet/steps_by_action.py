# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes steps as a playbook's tasks would be: by their own action plugins, which run them where the task runs."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.plugins.action import ActionBase

from ...module_utils._prisma.onboarding import Result


class StepsByAction:
    """Takes the steps of one printer where ``action``'s task runs: delegated, or as ordinary modules."""

    def __init__(self, action: ActionBase, variables: dict[str, t.Any]) -> None:
        self._action = action
        self._variables = variables

    def __call__(self, task: str, options: Mapping[str, t.Any], *, looks: bool = False) -> Result:
        """Take one step and return its result."""
        mine = self._action
        step = mine._task.copy()
        step.action = f"printops.prisma.{task}"
        step.args = dict(options)
        step.check_mode = bool(mine._task.check_mode) or looks
        step.diff = bool(mine._task.diff) and not looks
        action = mine._shared_loader_obj.action_loader.get(
            step.action,
            task=step,
            connection=mine._connection,
            play_context=mine._play_context,
            loader=mine._loader,
            templar=mine._templar,
            shared_loader_obj=mine._shared_loader_obj,
        )
        try:
            result: dict[str, t.Any] = action.run(task_vars=self._variables)
        finally:
            action.cleanup()
        ansible_s_own = ("invocation", "exception")
        return {name: value for name, value in result.items() if name not in ansible_s_own and not name.startswith("_")}
