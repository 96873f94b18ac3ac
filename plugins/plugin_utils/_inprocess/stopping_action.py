# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions have in common that may remove something: one that went wrong stops those after it."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from contextlib import ExitStack

from ansible.errors import AnsibleConnectionFailure

from ...module_utils._decide.outcomes import Outcome
from ...module_utils._prisma.connection import tenant_url
from ...module_utils._prisma.task import Result
from ...module_utils._web.errors import GuardrailRefused
from ...module_utils._web.profile.profile import Profile
from .action import PrismaAction
from .earlier_task import EarlierTask, Removed
from .shared_store import STORE

ENDED_BY_ANSIBLE = "Ansible ended the task: its timeout had passed"
_RETRIES = "reconnection_retries"
"""The option of a connection by which Ansible sends a command again after the connection was lost."""


def is_timeout(error: BaseException) -> bool:
    """Return whether Ansible has ended a task (C(timeout)): by its name, as each ansible-core has it elsewhere."""
    return type(error).__name__ == "TaskTimeoutError"


class ModuleLost(AnsibleConnectionFailure):
    """The connection to the machine of an ordinary module was lost after the module had begun, or may have."""


def unseen_end(error: BaseException) -> str:
    """Return how a task ended whose work nobody saw to its end, "" for an error of any other kind."""
    return ENDED_BY_ANSIBLE if is_timeout(error) else str(error) if isinstance(error, ModuleLost) else ""


class StoppingAction(PrismaAction):
    """A PrismaAction that does not begin after one at the same address that may have acted on others than it names."""

    removes: t.ClassVar[Removed]

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Do the task and return its result."""
        self._earlier = t.cast("EarlierTask | None", None)  # anew for each of the retries
        with ExitStack() as self._turn:
            return self._run(tmp, task_vars or {})

    def _run(self, tmp: str | None, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        try:
            result = self._result(tmp, variables)
        except BaseException as error:
            if reason := unseen_end(error):  # at whatever request
                outcome = Outcome.TIMEOUT if is_timeout(error) else Outcome.UNREACHABLE
                self._save({"outcome": outcome.value, "reason": reason}, variables)
            raise
        if "ansible_job_id" in result or self._may_repeat(result):
            self._save(result, variables)
        return result

    def _save(self, result: dict[str, t.Any], variables: Mapping[str, t.Any]) -> None:
        if self._earlier is not None:
            task = self._task.get_name()
            self._earlier.save(result, task, self._host(variables), no_log=bool(self._task.no_log))

    def _host(self, variables: Mapping[str, t.Any]) -> str:
        return str(variables.get("inventory_hostname", self.removes))

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
        if self.removes != "people" or not self._in_process(variables):  # nobody says when it begins to change anything
            self._turn.enter_context(earlier.turn())
        self._turns, self._host_name = earlier.turns, self._host(variables)
        refusal = earlier.refusal(self._host_name)
        self._earlier = earlier if refusal is None else None
        return refusal

    def _of_request(self) -> dict[str, t.Any]:
        return {} if self._earlier is None or self.removes != "people" else {"begin_changes": self._begin_changes}

    def _begin_changes(self, result: Result) -> bool:
        """Wait for the turn to change people; return whether other tasks had one since this task began."""
        earlier, self._earlier = self._earlier, None  # a task that Ansible ends while it waits has changed nobody
        if earlier is None:
            raise AssertionError("a task that was refused changes nobody")
        before = self._turn.enter_context(earlier.turn())
        if refusal := earlier.refusal(self._host_name):
            result.values["guardrails"] = refusal["guardrails"]
            raise GuardrailRefused(refusal["reason"], advice=refusal["advice"], details=refusal["details"])
        self._earlier = earlier
        return before != self._turns

    def _run_module(
        self, options: dict[str, t.Any], variables: dict[str, t.Any], profile: Profile | None = None
    ) -> dict[str, t.Any]:
        """Run the ordinary module once. Raises :class:`ModuleLost` if it may have acted and its result is lost."""
        machine = self._task.delegate_to
        if self._earlier is None or machine is None or self._connection.transport == "local":
            return super()._run_module(options, variables, profile)
        self._low_level_execute_command(":")  # a machine that is not reached at all has run nothing
        if self._connection.has_option(_RETRIES):
            self._connection.set_option(_RETRIES, 0)  # the module would run a second time, whatever the first one did
        try:
            return super()._run_module(options, variables, profile)
        except AnsibleConnectionFailure as error:
            raise ModuleLost(
                f"the connection to {machine} was lost while the module ran there, and nobody saw what it did: {error}"
            ) from error


class RemovalAction(StoppingAction):
    """A StoppingAction of a module that removes one thing with C(state=absent), and says so in C(changed)."""

    def _may_remove(self, options: Mapping[str, t.Any]) -> bool:
        return options["state"] == "absent" and not self._task.check_mode

    def _may_repeat(self, result: Mapping[str, t.Any]) -> bool:
        # failed after something was sent, or may have: a defect has no answer, and a killed module no result of its own
        unseen = not {"module_stdout", "defect"}.isdisjoint(result)
        return bool(result.get("failed")) and bool(result.get("changed") or unseen)
