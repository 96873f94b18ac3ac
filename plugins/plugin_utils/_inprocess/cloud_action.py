# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions for people of a site or a tenant have in common: an outcome in every case, and the declared file."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping

from ...module_utils._decide.access.model import Mode
from ...module_utils._decide.access.rules import Cloud
from ...module_utils._decide.access.status import AccessOutcome
from ...module_utils._prisma.task import failed
from ...module_utils._web.errors import BadInput, PartlyApplied, TimedOut
from .._access_file import read_access_file
from .._text_files import VaultReader
from .earlier_task import may_repeat
from .stopping_action import ENDED_BY_ANSIBLE, ModuleLost, StoppingAction, is_timeout


class CloudAction(StoppingAction):
    """An action whose result always has an ``outcome`` for a pipeline, also where the work did not begin."""

    removes = "people"

    def _result(self, tmp: str | None, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        self._mode = self._task.args.get("mode")
        try:
            result = super()._result(tmp, variables)
        except ModuleLost as error:  # Ansible's own result would be that of a machine on which nothing was done
            advice = "Find out why the connection was lost, and make a new plan."
            result = _unseen(self._host(variables), str(error), advice)
        except BaseException as error:
            if not is_timeout(error):
                raise  # of a timeout, Ansible's own result would have no outcome
            result = _timed_out(self._host(variables), may_write=self._may_write)
        return with_outcome(result, may_write=self._may_write)

    def _may_remove(self, options: Mapping[str, t.Any]) -> bool:
        return self._may_write

    def _may_repeat(self, result: Mapping[str, t.Any]) -> bool:
        return may_repeat(result)

    @property
    def _may_write(self) -> bool:
        """Whether the task may change people, as far as its options have been read."""
        changes = not {"people", "declared"}.isdisjoint(self.prisma_task.options)
        return changes and self._mode != Mode.AUDIT and not self._task.check_mode


def _timed_out(host: str, *, may_write: bool) -> dict[str, t.Any]:
    """Return the result of a task that Ansible ended (``timeout``, ANSIBLE_TASK_TIMEOUT), at whatever request."""
    if not may_write:
        return {"changed": False, **failed(TimedOut(ENDED_BY_ANSIBLE, advice="Give the task a longer timeout."), host)}
    return _unseen(host, ENDED_BY_ANSIBLE, "Give the task a longer timeout, and make a new plan.")


def _unseen(host: str, reason: str, advice: str) -> dict[str, t.Any]:
    """Return the result of a task that may have changed people, and whose work nobody saw to its end."""
    error = PartlyApplied(
        f"{reason.rstrip('.')}. People were changed, or may have been",
        advice=f"Check the people with a browser. {advice}",
    )
    return {"changed": True, **failed(error, host), "outcome": AccessOutcome.PARTLY_APPLIED.value}


def with_outcome(result: dict[str, t.Any], *, may_write: bool) -> dict[str, t.Any]:
    """Return a result with an outcome that people can have. ``may_write``: whether the task may change people."""
    if result.get("unreachable"):
        result["outcome"] = AccessOutcome.UNREACHABLE.value
    elif result.get("failed") and result.get("outcome") not in set(AccessOutcome):
        result["outcome"] = _of_failure(result, may_write=may_write).value
    return result


def _of_failure(result: Mapping[str, t.Any], *, may_write: bool) -> AccessOutcome:
    if "module_stdout" in result:  # Ansible's own result of a module that ended without one, as when it was killed
        return AccessOutcome.PARTLY_APPLIED if may_write else AccessOutcome.INCOMPLETE
    # an option was refused, here or by the ordinary module; a defect of ours before any change proves nothing
    return AccessOutcome.INCOMPLETE if "defect" in result else AccessOutcome.BAD_INPUT


class DeclaredAction(CloudAction):
    """A CloudAction that reads the option ``file`` on the control node and hands its data over as ``declared``."""

    cloud: Cloud

    def _given(self, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        given = super()._given(variables)
        path = given.get("file")
        if path:
            if given.get("declared") is not None:
                raise BadInput("both file and declared are given", advice="Give one of them.")
            del given["file"]
            path = os.path.expanduser(str(path))
            path = os.path.join(self._loader.get_basedir() or "", path)
            given["declared"] = read_access_file(path, VaultReader(self._loader), self.cloud)
        declared = given.get("declared")
        if isinstance(declared, str):
            raise BadInput(
                "declared is text, in which a repeated key would hide people",
                advice="Give the path of the file in file, or declared as data. Nothing was sent.",
            )
        in_file = declared.get("mode", Mode.AUDIT) if isinstance(declared, Mapping) else None
        self._mode = given.get("mode") or in_file
        return given
