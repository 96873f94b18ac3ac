# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the variables of all printers of an inventory. Sends nothing; what a fault is: plugin_utils/_inventory."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from ansible.errors import AnsibleError
from ansible.inventory.manager import split_host_pattern
from ansible.plugins.action import ActionBase

from ..module_utils._decide.inventory_faults import (
    InventoryFault,
    NothingToDo,
    misspelt_arguments,
    no_host,
    no_pattern,
    wrong_tags,
)
from ..module_utils._decide.text import counted
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..module_utils._web.libraries import require
from ..module_utils._web.profile.profile import Profile
from ..modules.check_inventory import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._connectors import connectors
from ..plugin_utils._fleet.host_variables import HostVariables
from ..plugin_utils._fleet.spec import is_plain
from ..plugin_utils._fleet.tags import TAGS
from ..plugin_utils._inventory.check import InventoryCheck
from ..plugin_utils._inventory.known import argument_names, argument_specs, known_names
from ..plugin_utils._inventory.values import FindProfile, wrong_value
from ..plugin_utils._profiles import find_profile, folders_of, preload
from ..plugin_utils._report.output import show
from ..plugin_utils._run_folder import beside_inventory
from ..plugin_utils._text_files import VaultReader
from ..plugin_utils._untagged import untagged

with contextlib.suppress(PrismaError):  # the task that needs it reports a missing library or a broken profile
    preload()
    known_names()
    connectors()

_HOSTS = "onboard_hosts"
_SPECIAL = frozenset("~*?[")
"""Characters of a pattern that may match no host today and one tomorrow."""
SHOWN = 20
"""Faults of a kind that are shown; the result has all of them."""


class ActionModule(ActionBase):
    """Runs once for all hosts of the play."""

    BYPASS_HOST_LOOP = True
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return all faults. The task fails if one of them is serious."""
        super().run(tmp, task_vars)
        try:
            require()
            options = task_arguments(ARGUMENT_SPEC, self._task)
            if options["on_faults"] == "skip":
                return {"changed": False, "skipped": True, "checked": 0, "faults": []}
            return self._check(options, task_vars or {})
        except PrismaError as error:
            return failed(error, "inventory")

    def _check(self, options: Mapping[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        if options["arguments"] is None:
            hosts = self._hosts(options["hosts"], variables)
            faults = self._faults(options, hosts, variables)
        else:
            hosts, faults = [], list(self._faults_of_arguments(options, variables))
        serious = [fault for fault in faults if fault.serious and options["on_faults"] == "fail"]
        minor = [fault for fault in faults if fault not in serious]
        result: dict[str, t.Any] = {
            "changed": False,
            "checked": len(hosts),
            "faults": [{**asdict(fault), "hosts": list(fault.hosts)} for fault in faults],
        }
        if minor:
            result["warnings"] = _shown(minor, len(hosts))
        if serious:
            lines = _shown(serious, len(hosts))
            many = len(serious) > 1
            if many:  # Ansible shows the message of a failure twice
                show(self._display, "\n".join(["", "Faults:", *(f"* {line}" for line in lines), ""]))
            what = "variables" if options["arguments"] is None else "hosts or variables given with -e"
            nobody = any(isinstance(fault, NothingToDo) for fault in serious)
            error = BadInput(
                f"nothing was sent{'' if nobody else f', as the {what} are not right'}: "
                + (f"{len(serious)} faults, which are listed above" if many else lines[0]),
                advice="Correct what is wrong, and run again."
                if nobody
                else "Correct them and run again, or go on in spite of them with -e onboard_inventory_check=warn.",
            )
            del result["faults"]  # Ansible prints the whole result of a task that failed
            result |= failed(error, "inventory")
        elif options["arguments"] is None:
            found = counted(len(faults), "fault") if faults else "no faults"
            show(self._display, f"{counted(len(hosts), 'printer')} checked: {found}")
        return result

    def _faults_of_arguments(
        self, options: Mapping[str, t.Any], variables: dict[str, t.Any]
    ) -> t.Iterator[InventoryFault]:
        """Yield what is wrong on the command line of a playbook: names given with C(-e), and patterns of hosts."""
        named = options["hosts_variables"]
        known = {*argument_names(), *options["arguments"], *named}
        yield from misspelt_arguments(_extra_variables(variables), known, options["own_variables"])
        yield from self._wrong_arguments(options["booleans"], variables)
        given = {name: self._templar.template(variables[name]) for name in named if variables.get(name)}
        if named and not given and not options["hosts"]:
            yield no_pattern(named)
        elif named:
            # A play on hosts that no variable names, such as localhost, must not be left out by --limit either.
            patterns = dict(given)
            if options["hosts"] and not (given and options["hosts"] == "all"):
                patterns["hosts" if given else named[0]] = options["hosts"]
            for variable, pattern in patterns.items():
                text = pattern if isinstance(pattern, str) else ",".join(map(str, pattern))
                yield from self._faults_of_pattern(text, variables, variable)

    def _wrong_arguments(self, booleans: Sequence[str], variables: Mapping[str, t.Any]) -> t.Iterator[InventoryFault]:
        """Yield a fault for each value given with C(-e) that does not suit its variable; templates are not read."""
        specs = {**argument_specs(), **{name: {"type": "bool"} for name in booleans}}
        find = self._find_profile(variables)
        for name, value in _extra_variables(variables).items():
            spec = specs.get(name)
            if spec is None or value is None or not is_plain(value):
                continue
            wrong = wrong_value(str(name), untagged(value), find, spec)
            if wrong:
                yield InventoryFault(wrong.serious, f"-e {wrong.what}", wrong.advice)

    def _faults_of_pattern(
        self, pattern: str, variables: Mapping[str, t.Any], variable: str
    ) -> t.Iterator[InventoryFault]:
        """Yield a fault for each name in a pattern that is none of the inventory, and for a pattern without a host.

        A misspelt name after C(!) would leave out nothing.
        """
        inventory: t.Any = variables["hostvars"]._inventory
        wrong = [
            name
            for term in split_host_pattern(pattern)
            if (name := term.lstrip("!&"))
            and name not in inventory.groups
            and not _SPECIAL.intersection(name)
            and not inventory.get_hosts(name, ignore_limits=True, ignore_restrictions=True)
        ]
        yield from (self._no_host(name, {**variables, "ansible_limit": None}, variable) for name in wrong)
        if not wrong and not self._hosts(pattern, variables, variable):
            yield self._no_host(pattern, variables, variable)

    def _no_host(self, pattern: str, variables: Mapping[str, t.Any], variable: str = _HOSTS) -> InventoryFault:
        groups = variables.get("groups") or {}
        names = {*groups, *(name for members in groups.values() for name in members)}
        return no_host(pattern, variables.get("ansible_limit"), names, variable, _unread_sources(variables))

    def _hosts(self, pattern: str, variables: Mapping[str, t.Any], variable: str = _HOSTS) -> list[str]:
        """Return the hosts that the pattern and C(--limit) leave."""
        inventory: t.Any = variables["hostvars"]._inventory
        try:
            return [str(host.name) for host in inventory.get_hosts(pattern, ignore_restrictions=True)]
        except AnsibleError as error:
            raise BadInput(f"{variable}={pattern} is no pattern of hosts: {error}") from error

    def _faults(
        self, options: Mapping[str, t.Any], hosts: Sequence[str], variables: dict[str, t.Any]
    ) -> list[InventoryFault]:
        tags = {*TAGS, *self._tags_of_play()}
        faults = [
            *wrong_tags("--tags", variables.get("ansible_run_tags") or (), tags),
            *wrong_tags("--skip-tags", variables.get("ansible_skip_tags") or (), tags),
        ]
        if not hosts:
            return [self._no_host(options["hosts"], variables), *faults]
        others = HostVariables(self, variables, hosts)
        check = InventoryCheck(
            extra=_extra_variables(variables),
            of_play=list(self._task.get_play().get_vars()),
            own=options["own_variables"],
            find_profile=self._find_profile(variables),
        )
        faults += self._wrong_folder(variables)
        unreadable = []
        for name in hosts:
            try:
                raw, of_host = others.of(name)
                check.add(name, raw, of_host)
            except BadInput as error:
                unreadable.append(InventoryFault(True, str(error), error.advice, (name,)))
        return sorted([*faults, *unreadable, *check.faults()], key=lambda fault: not fault.serious)

    def _wrong_folder(self, variables: Mapping[str, t.Any]) -> list[InventoryFault]:
        """Return what is wrong with the folder of results, which Ansible may have read as inventory."""
        try:
            folder = self._templar.template(variables.get("onboard_files") or "onboarding")
            beside_inventory(str(folder), variables.get("ansible_inventory_sources"), "onboard_files")
        except BadInput as error:
            return [InventoryFault(True, str(error), error.advice)]
        except AnsibleError:  # a template of a printer's variables: each printer is asked for it
            return []
        return []

    def _find_profile(self, variables: Mapping[str, t.Any]) -> FindProfile:
        """Return what finds a profile as the tasks do, each once."""
        read, folders = VaultReader(self._loader), folders_of(self._loader, variables)
        found: dict[tuple[str, str], Profile | BadInput] = {}

        def find(given: t.Any, interface: str) -> Profile:
            key = (repr(given), interface)
            if key not in found:
                try:
                    found[key] = find_profile(given, interface, *folders, read=read)
                except BadInput as error:
                    found[key] = error
            profile = found[key]
            if isinstance(profile, BadInput):
                raise profile
            return profile

        return find

    def _tags_of_play(self) -> set[str]:
        """Return the tags of this play's own tasks, beside those of the role's steps."""
        found: set[str] = set()
        blocks = list(self._task.get_play().get_tasks())
        while blocks:
            item = blocks.pop()
            if isinstance(item, list):
                blocks += item
            else:
                found.update(str(tag) for tag in item.tags)
        return found


def _extra_variables(variables: Mapping[str, t.Any]) -> Mapping[str, t.Any]:
    """Return the variables that were given with C(-e)."""
    manager: t.Any = variables["hostvars"]._variable_manager
    return dict(manager.extra_vars)


def _unread_sources(variables: Mapping[str, t.Any]) -> list[str]:
    """Return the sources of the inventory, such as those of C(-i), of which Ansible could read nothing."""
    inventory: t.Any = variables["hostvars"]._inventory
    read = [str(source) for source in inventory._inventory.processed_sources]
    sources = map(str, variables.get("ansible_inventory_sources") or ())
    return [source for source in sources if not any(f"{each}/".startswith(f"{source.rstrip('/')}/") for each in read)]


def _shown(faults: Sequence[InventoryFault], total: int) -> list[str]:
    lines = [fault.text(total) for fault in faults[:SHOWN]]
    more = len(faults) - len(lines)
    return [*lines, f"{more} more faults are in the result (faults)"] if more else lines
