# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of this collection, by which YAML asks for decisions and paths that are made elsewhere.

They are in one file because each worker of Ansible that needs one loads every file of this folder.
"""

from __future__ import annotations

import multiprocessing
import os
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace

from ansible.errors import AnsibleFilterError
from jinja2 import pass_context
from jinja2.utils import missing

from ..module_utils._decide import connector as table
from ..module_utils._decide.licences import of_printer
from ..module_utils._decide.situation import LICENCES, STEPS, NotRead, situation
from ..module_utils._prisma.address_files import host_files
from ..module_utils._web.errors import BadInput
from ..plugin_utils import _run_folder
from ..plugin_utils._connectors import connectors
from ..plugin_utils._core_versions import in_context
from ..plugin_utils._fleet.spec import situation_spec
from ..plugin_utils._profiles import names_file

_ANSWERED: dict[tuple[int, str], dict[str, t.Any]] = {}
"""Situations by worker and printer."""


@pass_context
def onboarding_situation(context: t.Any, printer: str) -> dict[str, t.Any]:
    """Return the situation of a printer as a dictionary, from the role's variables and the results of its steps.

    Ansible evaluates it for each option that names it. It has a worker for each task, whose variables stay as they are,
    so a worker evaluates it once.
    """
    if multiprocessing.parent_process() is None:
        return _situation(context, str(printer))
    key = (os.getpid(), str(printer))
    if key not in _ANSWERED:
        _ANSWERED[key] = _situation(context, str(printer))
    return _ANSWERED[key]


def _situation(context: t.Any, printer: str) -> dict[str, t.Any]:
    """Read the variables from the context: a template for each of a dozen would cost ten times as much."""

    def value(name: str) -> t.Any:
        return in_context(context, name)

    try:
        # A filter does not see the tags around the role: the task at the begin of the role has read them.
        selected = (value("onboard__addresses") or {}).get("claim_selected", True)
        spec = replace(situation_spec(printer, value), claim_selected=selected)
    except BadInput as error:
        raise AnsibleFilterError(str(error)) from None
    try:
        results = {name: value(f"onboard__{name}") for name in STEPS}
        licences = of_printer(value(f"onboard__{LICENCES}"), printer)
        return asdict(situation({**results, LICENCES: licences}, spec))
    except NotRead as error:
        raise AnsibleFilterError(
            f"{error}. Start at that task or before it (--start-at-task), or run the whole role."
        ) from None


def connector(controller: str, application: str, more: Sequence[Mapping[str, t.Any]] | None = None) -> dict[str, t.Any]:
    """Return connector, needs and note; ``more`` are rows of one's own, which win over the shipped ones."""
    try:
        rows = connectors(more)
    except BadInput as error:
        raise AnsibleFilterError(f"connector: {error}") from error
    return table.connector(rows, str(controller), str(application))


def address_files(host: str, folder: str) -> list[str]:
    """Return the files in ``folder`` that may hold the registration address of ``host``."""
    return host_files(str(folder), str(host))


@pass_context
def beside_inventory(context: t.Any, path: str, variable: str = "the path", or_working_folder: bool = False) -> str:
    """Return ``path``, which is relative to the inventory, as an absolute path; ``variable`` is what a message names.

    With ``or_working_folder``, a run without inventory file has its files in the folder of the command.
    """
    sources = context.resolve_or_missing("ansible_inventory_sources")
    try:
        known = () if sources is missing else sources
        return _run_folder.beside_inventory(str(path), known, variable, or_working_folder=or_working_folder)
    except BadInput as error:
        raise AnsibleFilterError(f"{error}. {error.advice}") from None


def in_working_folder(path: t.Any, ids: bool = False) -> t.Any:
    """Return ``path``, as typed on the command line, as an absolute path.

    With ``ids``, the id of a profile and a profile as data stay as they are.
    """
    if ids and not (isinstance(path, str) and names_file(path)):
        return path
    return _run_folder.in_working_folder(str(path))


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {
            "address_files": address_files,
            "beside_inventory": beside_inventory,
            "connector": connector,
            "in_working_folder": in_working_folder,
            "onboarding_situation": onboarding_situation,
        }
