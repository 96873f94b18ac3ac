# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a host's variables to its way through the role onboard. Knows variables and tasks, no step of the way.

The steps read the variables ``printops_*`` as the modules do, and the role's own, which ``meta/argument_specs.yml`` of
the role describes.
"""

from __future__ import annotations

import os
import time
import typing as t
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from ansible.errors import AnsibleError, AnsibleValueOmittedError
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._decide.outcomes import Outcome
from ...module_utils._prisma.connection import controller_url
from ...module_utils._prisma.onboarding import OnboardingSpec, Result
from ...module_utils._prisma.task import Task
from ...module_utils._web.errors import BadInput
from ...module_utils._web.http.channels import ChannelPool
from ...module_utils._web.libraries import require, yaml
from ...module_utils._web.profile.profile import Profile
from ...module_utils._web.session.store import SessionStore
from ...modules import (
    cloud_printer,
    device_applications,
    device_info,
    device_proxy,
    home_device,
    home_device_info,
    ors_status,
    printer_registration,
    sign_out,
)
from .._connectors import connectors
from .._inprocess.options import SHORTEST_SECRET, completed, validated
from .._inprocess.run import ParentWatch, run_in_process, run_redacted
from .._profiles import find_profile
from .._untagged import untagged

ROLE = Path(__file__).resolve().parents[3] / "roles" / "onboard"
PREFIX = "onboard_"
TASKS: dict[str, Task] = {
    module.TASK.name: module.TASK
    for module in (
        cloud_printer,
        device_applications,
        device_info,
        device_proxy,
        home_device,
        home_device_info,
        ors_status,
        printer_registration,
        sign_out,
    )
}
"""The steps' tasks by name."""
_OF_TASKS = frozenset(name for task in TASKS.values() for names in task.variables().values() for name in names)
_ONCE = frozenset(
    {"onboard_report", "onboard_serial", "onboard_max_fail_percentage", "onboard_at_once", "onboard_mode"}
)
"""Variables of a whole batch: no printer needs them."""
_PLAIN_TYPES = (bool, int, float)


def prepare() -> None:
    """Read what every printer needs: in the parent process, so that its workers need not."""
    role_spec()
    connectors()


@cache
def role_spec() -> dict[str, t.Any]:
    """Return the role's options as its argument specs have them, each with all that is optional left optional."""
    require("PyYAML")
    text = (ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    options: dict[str, t.Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["argument_specs"][
        "main"
    ]["options"]
    # A default that is a template is the documentation's: the role's defaults have it.
    return {
        name: {key: value for key, value in option.items() if key != "default" or "{{" not in str(value)}
        for name, option in options.items()
    }


class Variables:
    """One host's variables, each templated when it is first asked for."""

    def __init__(self, variables: Mapping[str, t.Any], template: Callable[[t.Any], t.Any]) -> None:
        self._variables = variables
        self._template = template

    def value(self, name: str) -> t.Any:
        """Return the value as plain data; None where there is none. Raises :class:`BadInput` for a wrong template."""
        if name not in self._variables:
            return None
        found = self._variables[name]
        if found is None or isinstance(found, _PLAIN_TYPES):
            return found
        if isinstance(found, str) and "{" not in found and not found.startswith("#jinja2:"):
            return str(found)  # no template: Ansible's engine would come to the same, but takes its time over each
        try:
            return untagged(self._template(found))
        except AnsibleValueOmittedError:
            return None
        except AnsibleError as error:
            raise BadInput(f"{name} has no value: {error}", advice="Correct the printer's variables.") from error

    def of_tasks(self) -> dict[str, t.Any]:
        """Return the variables that stand in for the options of the steps' tasks."""
        found = {name: self.value(name) for name in sorted(_OF_TASKS) if name in self._variables}
        return {name: value for name, value in found.items() if value is not None}


def wanted(variables: Variables, secrets: set[str], *, in_process: bool) -> OnboardingSpec:
    """Return what is declared for the host of ``variables``; note in ``secrets`` what no output may show.

    Raises :class:`BadInput`.
    """
    spec = role_spec()
    given = {name: variables.value(name) for name in spec if name not in _ONCE}
    for account in ("onboard_proxy", "onboard_viewer"):
        if isinstance(given[account], Mapping):
            word = str(given[account].get("password") or "")
            if len(word) >= SHORTEST_SECRET:
                secrets.add(word)
    if given["onboard_files"] is None:
        raise BadInput("onboard_files is not defined", advice="Use the role printops.prisma.onboard, which defines it.")
    checked = ModuleArgumentSpecValidator({name: spec[name] for name in given}).validate(
        {name: value for name, value in given.items() if value is not None}
    )
    if checked.error_messages:
        raise BadInput("; ".join(checked.error_messages), advice="Correct the printer's variables.")
    options = {
        name.removeprefix(PREFIX): untagged(value)
        for name, value in checked.validated_parameters.items()
        if name.startswith(PREFIX)
    }
    host = str(variables.value("inventory_hostname"))
    options["claim"] = _given_or(options["claim"], variables.value("printops_tenant_client_id") is not None)
    options["display_name"] = _given_or(options["display_name"], host)
    options["files"] = os.path.join(os.environ.get("PWD") or os.getcwd(), os.path.expanduser(options["files"]))
    return OnboardingSpec(
        printer=host,
        options=options,
        has_site=variables.value("printops_site_url") is not None,
        connectors=connectors([_given(row) for row in checked.validated_parameters.get("printops_connectors") or ()]),
        keeps_addresses=in_process,
        only=frozenset(map(str, variables.value("ansible_run_tags") or ["all"])),
        skipped=frozenset(map(str, variables.value("ansible_skip_tags") or [])),
    )


def _given(row: Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {str(name): untagged(value) for name, value in row.items() if value is not None}


def _given_or(value: t.Any, otherwise: t.Any) -> t.Any:
    return otherwise if value is None else value


def unusable(printer: str) -> OnboardingSpec:
    """Return what stands for a printer whose variables are not usable: nothing is wanted, and it fails."""
    options: dict[str, t.Any] = {name.removeprefix(PREFIX): None for name in role_spec()}
    options |= {"clock_tolerance": 300.0, "fail_on": role_spec()["onboard_fail_on"]["choices"]}
    return OnboardingSpec(printer=printer, options=options, has_site=False, connectors=connectors())


def ended(result: Mapping[str, t.Any], declared: OnboardingSpec) -> str:
    """Return why a printer with this ``result`` fails the play, empty where it does not."""
    fail_on = set(declared.options["fail_on"] or ())
    said = []
    # With --tags the later steps were left out on purpose.
    if result["outcome"] in fail_on and (result["outcome"] != Outcome.NOT_TRIED or declared.is_whole):
        said.append(f"{result['outcome']}: {result['reason']}. {result['advice']}")
    found = [item for item in result["findings"] if item["finding"] in fail_on]
    said += [f"{item['finding']}: {item['what']}. {item['advice']}" for item in found]
    return " ".join(said)


class StepsHere:
    """Takes the steps of one printer inside this process.

    With ``gives_way`` a step that would wait is told to be ``waiting`` instead, and is to be taken again.
    """

    def __init__(
        self,
        printer: str,
        variables: Variables,
        folders: tuple[str | None, ...],
        *,
        store: SessionStore,
        parent_watch: ParentWatch,
        channels: Callable[[str], ChannelPool],
        check_mode: bool,
        diff_mode: bool,
        warn: Callable[[str], None],
        gives_way: bool = False,
    ) -> None:
        self._waits_since: dict[str, float] | None = {} if gives_way else None
        self.controllers: set[str] = set()
        """The addresses of the interfaces that the steps worked on."""
        self._profiles: dict[tuple[str, str], Profile] = {}
        self._printer = printer
        self._variables = variables.of_tasks()
        self._folders = folders
        self._store = store
        self._parent_watch = parent_watch
        self._channels = channels
        self._check_mode = check_mode
        self._diff_mode = diff_mode
        self._warn = warn

    def _profile(self, given: t.Any, interface: str) -> Profile:
        key = (str(given), interface)
        if key not in self._profiles:
            self._profiles[key] = find_profile(given, interface, *self._folders)
        return self._profiles[key]

    def __call__(self, task: str, options: Mapping[str, t.Any], *, looks: bool = False) -> Result:
        """Take one step and return its result."""
        known = TASKS[task]
        secrets: set[str] = set()
        since = None if self._waits_since is None else self._waits_since.setdefault(task, time.monotonic())

        def work() -> dict[str, t.Any]:
            given = completed(known, options, self._variables, lambda value: value)
            checked = validated(known, f"printops.prisma.{task}", given, secrets, self._warn)
            if known.interface == "controller":
                self.controllers.add(controller_url(checked))
            return run_in_process(
                known,
                checked,
                self._profile(checked["profile"], known.interface),
                folders=self._folders,
                secrets=secrets,
                parent_watch=self._parent_watch,
                printer=self._printer,
                store=self._store,
                check_mode=self._check_mode or looks,
                diff_mode=self._diff_mode and not looks,
                channels=self._channels(known.interface),
                wait_started_at=since,
            )

        result = run_redacted(self._printer, secrets, work)
        if self._waits_since is not None and not result.get("waiting"):
            del self._waits_since[task]
        return result


def takes_steps_here(variables: Variables, delegated_elsewhere: bool) -> bool:
    """Whether the steps run in this process, and not as ordinary modules (design.md, "In-process")."""
    here = variables.value("printops_in_process")
    return not delegated_elsewhere and (here is None or boolean(here))
