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
from ...module_utils._prisma.connection import tenant_url
from ...module_utils._prisma.task import failed
from ...module_utils._web.errors import BadInput, PartlyApplied, TimedOut
from ...module_utils._web.profile.profile import Profile
from .._access_file import read_access_file
from .._text_files import VaultReader
from .action import PrismaAction
from .people_stop import PeopleStop
from .shared_store import STORE


class CloudAction(PrismaAction):
    """A PrismaAction whose result always has an ``outcome`` for a pipeline, also where the work did not begin."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Do the task and return its result."""
        self._mode = self._task.args.get("mode")
        self._stop = t.cast("PeopleStop | None", None)  # anew for each of the retries
        host = str((task_vars or {}).get("inventory_hostname", "people"))
        try:
            result = super().run(tmp, task_vars)
        except BaseException as error:
            # by its name: each ansible-core has it elsewhere, and Ansible's own result would have no outcome
            if type(error).__name__ != "TaskTimeoutError":
                raise
            result = _timed_out(host, may_write=self._may_write)
        result = with_outcome(result, may_write=self._may_write)
        if self._stop is not None:
            self._stop.save(result, self._task.get_name(), host, no_log=bool(self._task.no_log))
        return result

    def _refusal(
        self, options: Mapping[str, t.Any], profile: Profile, variables: Mapping[str, t.Any]
    ) -> dict[str, t.Any] | None:
        if not self._may_write:
            return None
        stop = PeopleStop(STORE, tenant_url(options), profile.id)
        refusal = stop.refusal(str(variables.get("inventory_hostname", "people")))
        self._stop = stop if refusal is None else None
        return refusal

    @property
    def _may_write(self) -> bool:
        """Whether the task may change people, as far as its options have been read."""
        changes = not {"people", "declared"}.isdisjoint(self.prisma_task.options)
        return changes and self._mode != Mode.AUDIT and not self._task.check_mode


def _timed_out(host: str, *, may_write: bool) -> dict[str, t.Any]:
    """Return the result of a task that Ansible ended (``timeout``, ANSIBLE_TASK_TIMEOUT), at whatever request."""
    what = "Ansible ended the task: its timeout had passed"
    if not may_write:
        return {"changed": False, **failed(TimedOut(what, advice="Give the task a longer timeout."), host)}
    error = PartlyApplied(
        f"{what}. People were changed, or may have been",
        advice="Check the people with a browser. Give the task a longer timeout, and make a new plan.",
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
