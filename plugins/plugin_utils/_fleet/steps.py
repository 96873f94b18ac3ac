# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the steps of one printer inside this process, each with the options that its own task would have.

Knows variables, module_defaults and modules; which steps are needed is for ``_prisma/onboarding.py``.
"""

from __future__ import annotations

import time
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ansible.errors import AnsibleError

from ...module_utils._decide.situation import Result
from ...module_utils._prisma.connection import controller_url
from ...module_utils._prisma.task import Task
from ...module_utils._web.errors import BadInput
from ...module_utils._web.http.channels import ChannelPool
from ...module_utils._web.profile.profile import Profile
from ...module_utils._web.session.store import SessionStore
from ...modules import (
    cloud_printer,
    cloud_site_info,
    device_applications,
    device_info,
    device_proxy,
    home_device,
    home_device_info,
    home_subscription_info,
    ors_status,
    printer_registration,
    sign_out,
)
from .._core_versions import resolved
from .._inprocess.options import completed, validated
from .._inprocess.run import ParentWatch, run_in_process, run_redacted
from .._profiles import find_profile
from .._text_files import VaultReader
from .spec import Variables

TASKS: dict[str, Task] = {
    module.TASK.name: module.TASK
    for module in (
        cloud_printer,
        cloud_site_info,
        device_applications,
        device_info,
        device_proxy,
        home_device,
        home_device_info,
        home_subscription_info,
        ors_status,
        printer_registration,
        sign_out,
    )
}
"""The modules of the steps by name."""
TASK_VARIABLES = frozenset(name for task in TASKS.values() for names in task.variables().values() for name in names)


def module_defaults(task: t.Any) -> dict[str, tuple[t.Any, ...]]:
    """Return, by module of the steps, the options that C(module_defaults) around ``task`` give, not yet templated.

    As Ansible does: a later entry wins over an earlier one, and a module's own over those of its groups. So the options
    of a module stand in the order in which they are applied; each may be a template as a whole.
    """
    entries: dict[str, t.Any] = {}
    for more in task.module_defaults or ():
        entries.update(more)
    if not entries:
        return {}
    groups_of = task.get_play()._action_groups or {}
    found: dict[str, tuple[t.Any, ...]] = {}
    for name in TASKS:
        action = f"printops.prisma.{name}"
        of_groups = [key for key in entries if key.startswith("group/") and key[6:] in groups_of.get(action, ())]
        found[name] = tuple(entries[key] for key in (*of_groups, action) if entries.get(key))
    return {name: given for name, given in found.items() if given}


def _templated(module: str, defaults: Sequence[t.Any], variables: Variables) -> dict[str, t.Any]:
    options: dict[str, t.Any] = {}
    for given in defaults:
        try:
            options.update(resolved(variables.template, given) or {})
        except (AnsibleError, TypeError, ValueError) as error:
            raise BadInput(
                f"module_defaults of {module} have no value: {error}", advice="Correct module_defaults of the play."
            ) from error
    return options


@dataclass(frozen=True)
class StepContext:
    """What the steps of all printers share: memory, connections, and the mode of the run."""

    store: SessionStore
    parent_watch: ParentWatch
    check_mode: bool
    diff_mode: bool
    warn: Callable[[str], None]
    defaults: Mapping[str, Sequence[t.Any]]
    read_text: VaultReader


class InProcessSteps:
    """Runs the steps of one printer. A step that would have to wait returns C(waiting), and is to be run again."""

    def __init__(
        self,
        printer: str,
        variables: Variables,
        folders: tuple[str | None, ...],
        context: StepContext,
        channels: Callable[[str], ChannelPool],
    ) -> None:
        self.controllers: set[str] = set()
        """The addresses of the controllers that the steps worked on."""
        self._printer = printer
        self._folders = folders
        self._context = context
        self._channels = channels
        self._wait_started_at: dict[str, float] = {}
        self._profiles: dict[tuple[str, str], tuple[Profile, bool]] = {}
        self._defaults = {name: _templated(name, given, variables) for name, given in context.defaults.items()}
        found = {name: variables.value(name) for name in sorted(TASK_VARIABLES) if name in variables}
        self._variables = {
            name: value for name, value in found.items() if value is not None or not variables.omits(name)
        }

    def __call__(self, module: str, options: Mapping[str, t.Any], *, check_mode: bool = False) -> Result:
        """Run one step and return its result."""
        secrets: set[str] = set()
        started_at = self._wait_started_at.setdefault(module, time.monotonic())
        result = run_redacted(
            self._printer, secrets, lambda: self._run(TASKS[module], options, check_mode, started_at, secrets)
        )
        if not result.get("waiting"):
            del self._wait_started_at[module]
        return result

    def _run(
        self, task: Task, options: Mapping[str, t.Any], check_mode: bool, started_at: float, secrets: set[str]
    ) -> dict[str, t.Any]:
        context = self._context
        given = {**self._defaults.get(task.name, {}), **options}
        given = completed(task, given, self._variables, lambda value: value)
        checked = validated(task, f"printops.prisma.{task.name}", given, secrets, context.warn)
        if task.interface == "controller":
            self.controllers.add(controller_url(checked))
        profile, was_encrypted = self._profile(checked["profile"], task.interface)
        if was_encrypted:  # the end of the run, which signs out what is left, cannot decrypt it again
            checked["profile"] = dict(profile.source)
        return run_in_process(
            task,
            checked,
            profile,
            folders=self._folders,
            secrets=secrets,
            parent_watch=context.parent_watch,
            printer=self._printer,
            store=context.store,
            read_text=context.read_text,
            check_mode=context.check_mode or check_mode,
            diff_mode=context.diff_mode and not check_mode,
            channels=self._channels(task.interface),
            wait_started_at=started_at,
        )

    def _profile(self, given: t.Any, interface: str) -> tuple[Profile, bool]:
        """Return a profile, and whether its file was encrypted."""
        key = (str(given), interface)
        if key not in self._profiles:
            read = self._context.read_text.fresh()
            profile = find_profile(given, interface, *self._folders, read=read)
            self._profiles[key] = profile, bool(read.decrypted)
        return self._profiles[key]
