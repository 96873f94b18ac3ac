# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory of what a cloud lists: read by the task of a module, cached, with a group for each value."""

from __future__ import annotations

import hashlib
import json
import os
import typing as t
from collections.abc import Mapping, Sequence
from pathlib import Path

from ansible import context
from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ...module_utils._prisma.serials import Row
from ...module_utils._prisma.task import Task
from ...module_utils._web.errors import BadInput
from ...module_utils._web.libraries import on_demand, require
from ...module_utils._web.redaction import redacted, secrets_of
from .._core_versions import inert, is_template
from .._inprocess.options import refuse_blank, validated
from .._inprocess.run import ParentWatch, run_in_process, run_redacted
from .._inprocess.shared_store import STORE
from .._profiles import find_profile, inventory_folders
from .._text_files import VaultReader
from .._untagged import untagged
from .configuration import refuse_unknown_options


class CloudInventory(BaseInventoryPlugin, Constructable, Cacheable):
    """A host for each row of a list, which the task of a subclass reads."""

    NAME: str
    prisma_task: t.ClassVar[Task]
    endings: t.ClassVar[tuple[str, ...]]
    prefix: t.ClassVar[str]
    """What the variables of a host and the groups begin with."""

    def verify_file(self, path: str) -> bool:
        """Return whether ``path`` is a configuration of this plugin, by its ending."""
        return bool(super().verify_file(path)) and path.endswith(self.endings)

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Add the hosts, from the cache if it has them. Raises an error with the reason and the advice."""
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        try:
            refuse_unknown_options(config, self.option_definitions)
        except BadInput as error:
            raise AnsibleParserError(f"{path}: {error}. {error.advice}") from None
        self.load_cache_plugin()
        spec = self.prisma_task.argument_spec()
        given = {name: self.get_option(name) for name in config if name in spec}
        key = f"{self.get_cache_key(path)}_{list_key(given, spec)}"
        cached = bool(self.get_option("cache"))
        rows = self._cache.get(key) if cached and cache else None
        if rows is None:
            rows = self._read(given, path)
            if cached:
                self._cache[key] = rows
        self._add(rows)

    def rows_of(self, result: Mapping[str, t.Any]) -> Sequence[Row]:
        """Return the rows in the result of the task."""
        raise NotImplementedError

    def variables_of(self, row: Row) -> dict[str, t.Any]:
        """Return the variables of this collection that a row declares, such as C(printops_serial)."""
        raise NotImplementedError

    def _read(self, given: Mapping[str, t.Any], path: str) -> list[dict[str, t.Any]]:
        secrets: set[str] = set()
        warnings: list[str] = []
        task = self.prisma_task

        def work() -> dict[str, t.Any]:
            require()
            on_demand("jsonschema")
            refuse_blank(task, given)
            options = validated(task, self.NAME, given, secrets, warnings.append)
            folders = inventory_folders(Path(path).parent, context.CLIARGS.get("inventory"))
            read = VaultReader(self.loader)
            profile = find_profile(options["profile"], task.interface, *folders, read=read)
            return run_in_process(
                task,
                {**options, "profile": dict(profile.source) if read.decrypted else options["profile"]},
                profile,
                folders=folders,
                secrets=secrets,
                parent_watch=ParentWatch(),
                printer=self.NAME,
                store=STORE,
                read_text=read,
            )

        result = run_redacted(self.NAME, secrets, work)
        if result.get("failed"):
            raise AnsibleParserError(f"{path}: {result['msg']}")
        for line in (*warnings, *result.get("warnings", ())):
            self.display.warning(line)
        return [dict(untagged(row)) for row in self.rows_of(result)]

    # --- hosts and groups ---

    def _add(self, rows: Sequence[Row]) -> None:
        inventory: t.Any = self.inventory
        everything = inventory.add_group(self._sanitize_group_name(self.get_option("group")))
        names: set[str] = set()
        for number, row in enumerate(rows, 1):
            name = self._name(row, names, number)
            names.add(name)
            inventory.add_host(name, group=everything)
            own = {f"{self.prefix}_{field}": value for field, value in row.items()}
            for variable, value in {**own, **self.variables_of(row)}.items():
                inventory.set_variable(name, variable, inert(value))
            for field in self.get_option("group_by"):
                for value in _values(row.get(field)):
                    child = inventory.add_group(self._sanitize_group_name(f"{field}_{value}".lower()))
                    inventory.add_child(everything, child)
                    inventory.add_child(child, name)
            self._construct(name)

    def _name(self, row: Row, taken: set[str], number: int) -> str:
        """Return the first of the fields in C(hostnames) that the row has and no earlier row is named by.

        A template is no name.
        """
        for field in self.get_option("hostnames"):
            name = str(row.get(field) or "").strip()
            if name and name not in taken and not is_template(name):
                return name
        return f"{self.prefix}-{number}"

    def _construct(self, name: str) -> None:
        inventory: t.Any = self.inventory
        strict = self.get_option("strict")
        if self.get_option("compose"):
            variables = inventory.get_host(name).get_vars()
            self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        variables = inventory.get_host(name).get_vars()
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)


def list_key(given: Mapping[str, t.Any], spec: Mapping[str, Mapping[str, t.Any]]) -> str:
    """Return a digest of the options that are no secrets: another tenant, site or account has another list.

    The environment counts, as it has what the file lacks.
    """
    options = {}
    for name, item in spec.items():
        _from_environment, variables = item.get("fallback", (None, ()))
        values = (given.get(name), *(os.environ.get(variable) for variable in variables))
        if not item.get("no_log"):
            options[name] = next((value for value in values if value is not None), None)
    shown = redacted(untagged(options), secrets_of(options, spec))
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _values(value: t.Any) -> list[str]:
    """Return the values by which a host is grouped: of a list of applications, the ids of those that are enabled."""
    if isinstance(value, list):
        items = [item.get("id") if isinstance(item, Mapping) and item.get("enabled") else item for item in value]
        return [str(item) for item in items if isinstance(item, str) and item]
    return [str(value)] if value not in (None, "") else []
