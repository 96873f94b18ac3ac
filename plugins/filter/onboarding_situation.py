# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter onboarding_situation: which steps of the role onboard follow. The decision is _decide/situation.py."""

from __future__ import annotations

import multiprocessing
import os
import typing as t
from collections.abc import Callable
from dataclasses import asdict, replace

from ansible.errors import AnsibleFilterError
from jinja2 import pass_context

from ..module_utils._decide.licences import of_printer
from ..module_utils._decide.situation import LICENCES, STEPS, NotRead, situation
from ..module_utils._web.errors import BadInput
from ..plugin_utils._core_versions import in_context
from ..plugin_utils._fleet.spec import situation_spec

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


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"onboarding_situation": onboarding_situation}
