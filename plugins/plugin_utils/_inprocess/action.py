# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an action must do itself as it has no AnsibleModule: options, check mode, secrets, where the work runs."""

from __future__ import annotations

import contextlib
import gc
import sys
import typing as t
import urllib.request
from collections.abc import Callable, Mapping

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import filter_loader, test_loader

from ...module_utils._prisma.task import Task, TaskOptions
from ...module_utils._web.errors import BadInput, PrismaError
from ...module_utils._web.http.client import Purpose
from ...module_utils._web.libraries import on_demand, require
from ...module_utils._web.profile.profile import Profile
from ...module_utils._web.redaction import secrets_of
from .._arguments import passed_on
from .._fleet.spec import Variables, runs_in_process
from .._profiles import find_profile, folders_of, preload
from .._text_files import VaultReader
from .address_transfer import with_files_here
from .attempt import module_attempt
from .options import completed, validated, with_absolute_paths
from .run import ParentWatch, run_in_process, run_redacted
from .run_limits import note_limits
from .shared_store import STORE

with contextlib.suppress(PrismaError):  # the task that needs it reports a missing library or a broken profile
    preload()
    on_demand("segno")
urllib.request.Request("https://printer.example.com/")  # httpx makes one of each answer; it compiles patterns once
with contextlib.suppress(KeyError):  # not by ansible-playbook, so there are no workers either
    # What templates of the role ask for: Ansible keeps it, and otherwise the worker of each task would load it.
    test_loader.get("defined")
    filter_loader.get("printops.prisma.onboarding_situation")
gc.freeze()  # what is loaded by now stays: the collector need not look through it again, in the parent and in each fork


class Unprinted(str):
    """A secret on its way to a module: with ANSIBLE_DEBUG, Ansible prints the arguments of every module."""

    def __repr__(self) -> str:
        return "'********'"


def _unprinted(value: t.Any) -> t.Any:
    """Return the value of a secret option with all its texts unprinted."""
    if isinstance(value, Mapping):
        return {name: _unprinted(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_unprinted(item) for item in value]
    return Unprinted(value) if isinstance(value, str) else value


def _arguments(options: Mapping[str, t.Any], spec: Mapping[str, Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """Return the arguments of a module, with those unprinted that are a secret or an address with a password."""

    def is_secret(name: str, value: t.Any) -> bool:
        return bool(spec.get(name, {}).get("no_log") or secrets_of({name: value}, {}))

    return {name: _unprinted(value) if is_secret(name, value) else value for name, value in options.items()}


Result = Mapping[str, t.Any]


class WorkerAction(ActionBase):
    """Does a task's work inside the forked worker, or runs the module of the same name if that is configured.

    In-process, unless the task is delegated to another machine, runs in the background (``async``), or
    ``printops_in_process`` is false (docs/design.md, "In-process").
    """

    prisma_task: t.ClassVar[TaskOptions]
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Do the task and return its result."""
        super().run(tmp, task_vars)
        variables = task_vars or {}
        self._parent_watch = ParentWatch()
        secrets: set[str] = set()
        # In the result, not by Display: what a worker prints when the output was closed makes Ansible wait for ever.
        warnings: list[str] = []

        def work() -> dict[str, t.Any]:
            require()
            warnings.extend(note_limits(STORE, Variables(variables, self._templar.template).value))
            given = self._given(variables)
            options = validated(
                self.prisma_task, self._task.action, given, secrets, warnings.append, passed_on(self._task)
            )
            return self._work(given, options, variables, secrets)

        result = run_redacted(_named(variables), secrets, work, reraise=(AnsibleError,))
        if warnings:
            result["warnings"] = [*warnings, *result.get("warnings", ())]
        self._parent_watch.end_orphan()
        return result

    def _work(
        self, given: dict[str, t.Any], options: dict[str, t.Any], variables: dict[str, t.Any], secrets: set[str]
    ) -> dict[str, t.Any]:
        """Do the work with ``options``, which are valid and complete. ``given`` are those that a module gets.

        Adds to ``secrets`` what no output may show.
        """
        raise NotImplementedError

    # --- options ---

    def _given(self, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        return completed(self.prisma_task, self._task.args, variables, self._templar.template)

    # --- where the work runs ---

    def _in_process(self, variables: Mapping[str, t.Any]) -> bool:
        if self._task.async_val:
            return False
        if not runs_in_process(Variables(variables, self._templar.template)):
            return False
        return self._task.delegate_to is None or self._connection.transport == "local"

    def _check_background(self) -> None:
        if self._task.async_val and self._task.delegate_to is None and self._connection.transport != "local":
            raise BadInput(
                "async: Ansible polls the job over the connection of the task, which is "
                f"{self._connection.transport}, and a printer runs no jobs",
                advice="Set delegate_to: localhost, or ansible_connection: local for the printers.",
            )

    def _run_module(
        self, options: dict[str, t.Any], variables: dict[str, t.Any], profile: Profile | None = None
    ) -> dict[str, t.Any]:
        self._check_background()
        spec = self.prisma_task.argument_spec()
        if self._task.delegate_to is None:
            # A printer cannot run Python, whatever its connection says: the module runs beside ansible-playbook.
            self._connection = self._shared_loader_obj.connection_loader.get(
                "ansible.builtin.local", self._play_context
            )
            variables = {
                "ansible_python_interpreter": sys.executable,
                **_unset(variables, "ansible_python_interpreter"),
            }
            # Beside ansible-playbook, and from its folder: Ansible starts the module in that of the playbook.
            options = with_absolute_paths(options, spec)
        result: dict[str, t.Any] = self._execute_module(
            module_name=self._task.action,
            module_args=_arguments(options, spec),
            task_vars=variables,
            wrap_async=bool(self._task.async_val),
        )
        arguments = result.get("invocation", {}).get("module_args", {})
        if profile is not None and "profile" in arguments:
            arguments["profile"] = profile.id
        return result


class PrismaAction(WorkerAction):
    """A task that talks to an interface by a profile, which is found here: another machine does not have it."""

    prisma_task: t.ClassVar[Task]

    def _work(
        self, given: dict[str, t.Any], options: dict[str, t.Any], variables: dict[str, t.Any], secrets: set[str]
    ) -> dict[str, t.Any]:
        folders = folders_of(self._loader, variables)
        read = VaultReader(self._loader)
        profile = find_profile(options["profile"], self.prisma_task.interface, *folders, read=read)
        if read.decrypted:  # the end of the run, which signs out what is left, has no loader to read it again
            options["profile"] = dict(profile.source)
        refusal = self._refusal(options, profile, variables)
        if refusal is not None:
            return refusal
        if self._in_process(variables):
            return self._run_in_process(options, profile, variables, secrets)
        self._check_background()
        with self._attempt(options, profile) as record:
            module = {**given, "profile": dict(profile.source)}
            result = with_files_here(
                self,
                module,
                lambda sent: self._run_module(sent, variables, profile),
                lambda: self._parent_watch.check(Purpose.READ),
            )
            record(result)
        return result

    def _refusal(
        self, options: Mapping[str, t.Any], profile: Profile, variables: Mapping[str, t.Any]
    ) -> dict[str, t.Any] | None:
        """Return the result of a task that must not begin after what the run has done; None if it may."""
        return None

    def _attempt(self, options: Mapping[str, t.Any], profile: Profile) -> t.ContextManager[Callable[[Result], None]]:
        """Wait until an ordinary module may try the credential; a job in the background does not wait."""
        background = bool(self._task.async_val)
        return module_attempt(self.prisma_task.interface, options, profile.id, STORE, background=background)

    def _run_in_process(
        self, options: Mapping[str, t.Any], profile: Profile, variables: Mapping[str, t.Any], secrets: set[str]
    ) -> dict[str, t.Any]:
        return run_in_process(
            self.prisma_task,
            options,
            profile,
            folders=folders_of(self._loader, variables),
            secrets=secrets,
            parent_watch=self._parent_watch,
            printer=_named(variables),
            store=STORE,
            read_text=VaultReader(self._loader),
            check_mode=bool(self._task.check_mode),
            diff_mode=bool(self._task.diff),
            **self._of_request(),
        )

    def _of_request(self) -> dict[str, t.Any]:
        """Return further fields of the request of a task in-process."""
        return {}


def _named(variables: Mapping[str, t.Any]) -> str:
    """What messages call the printer: the name that the inventory has for it."""
    return str(variables.get("inventory_hostname", "")) or "printer"


def _unset(variables: Mapping[str, t.Any], name: str) -> dict[str, t.Any]:
    return {key: value for key, value in variables.items() if key != name}
