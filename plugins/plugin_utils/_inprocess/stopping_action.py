# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions have in common that may remove people or rows: one that went wrong stops those after it."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ...module_utils._decide.outcomes import Outcome
from ...module_utils._prisma.connection import tenant_url
from ...module_utils._web.profile.profile import Profile
from .action import PrismaAction
from .earlier_task import EarlierTask
from .shared_store import STORE

ENDED_BY_ANSIBLE = "Ansible ended the task: its timeout had passed"


def is_timeout(error: BaseException) -> bool:
    """Return whether Ansible has ended a task (C(timeout)): by its name, as each ansible-core has it elsewhere."""
    return type(error).__name__ == "TaskTimeoutError"


class StoppingAction(PrismaAction):
    """A PrismaAction that does not begin after one at the same address that may have acted on others than it names."""

    removes: t.ClassVar[t.Literal["people", "rows"]]

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Do the task and return its result."""
        self._earlier = t.cast("EarlierTask | None", None)  # anew for each of the retries
        variables = task_vars or {}
        try:
            result = self._result(tmp, variables)
        except BaseException as error:
            if is_timeout(error):  # at whatever request
                self._save({"outcome": Outcome.TIMEOUT.value, "reason": ENDED_BY_ANSIBLE}, variables)
            raise
        if self._may_repeat(result):
            self._save(result, variables)
        return result

    def _save(self, result: dict[str, t.Any], variables: Mapping[str, t.Any]) -> None:
        if self._earlier is not None:
            host = str(variables.get("inventory_hostname", self.removes))
            self._earlier.save(result, self._task.get_name(), host, no_log=bool(self._task.no_log))

    def _result(self, tmp: str | None, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        return super().run(tmp, variables)

    def _may_remove(self, options: Mapping[str, t.Any]) -> bool:
        """Whether the task may remove somebody, or something."""
        raise NotImplementedError

    def _may_repeat(self, result: Mapping[str, t.Any]) -> bool:
        """Whether what ``result`` says went wrong may happen to the next task as well."""
        raise NotImplementedError

    def _refusal(
        self, options: Mapping[str, t.Any], profile: Profile, variables: Mapping[str, t.Any]
    ) -> dict[str, t.Any] | None:
        if not self._may_remove(options):
            return None
        earlier = EarlierTask(STORE, tenant_url(options), profile.id, self.removes)
        refusal = earlier.refusal(str(variables.get("inventory_hostname", self.removes)))
        self._earlier = earlier if refusal is None else None
        return refusal
