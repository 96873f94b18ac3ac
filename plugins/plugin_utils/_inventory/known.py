# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every variable that this collection reads, with its spec: from the option groups and the role's argument specs."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from functools import cache

from ...module_utils._options.groups import variable_specs
from ...module_utils._web.libraries import yaml
from .._fleet.spec import ROLE, role_spec

RESULTS = frozenset({"onboard_result", "onboard_results"})
"""Variables that the role itself gives to a host."""
EARLY = frozenset({"onboard_hosts", "onboard_mode", "onboard_serial", "onboard_max_fail_percentage"})
"""Variables by which a playbook chooses hosts, waves and files, which Ansible does before it reads host variables."""


@cache
def known_variables() -> Mapping[str, Mapping[str, t.Any]]:
    """Return the spec of each variable, as an argument spec has it; neither required nor with a default or fallback."""
    specs = {**variable_specs(), **role_spec()}
    return {name: {key: spec[key] for key in _KEPT if key in spec} for name, spec in specs.items()}


_KEPT = ("type", "elements", "choices", "options", "no_log")


@cache
def known_names() -> frozenset[str]:
    """Return the names of all variables that an inventory may have."""
    return frozenset(known_variables()) | RESULTS


@cache
def argument_specs() -> Mapping[str, Mapping[str, t.Any]]:
    """Return the spec of each variable that a command line may set: those of an inventory, and of all roles."""
    specs: dict[str, Mapping[str, t.Any]] = {}
    for path in ROLE.parent.glob("*/meta/argument_specs.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
            for name, spec in (entry.get("options") or {}).items():
                specs[name] = {key: spec[key] for key in _KEPT if key in spec}
    return {**specs, **known_variables()}


@cache
def argument_names() -> frozenset[str]:
    """Return the names of all variables that a command line may set."""
    return known_names() | argument_specs().keys()
