# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group of options is: argument spec, documentation and variables side by side. Knows no group itself."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ansible.module_utils.errors import AnsibleFallbackNotFound


@dataclass(frozen=True)
class OptionGroup:
    """Options that several modules share.

    ``spec`` is an argument spec, ``documentation`` the fragment for it (YAML), ``variables`` the task variables that
    stand in for an option which a task does not give, in order. After them comes the environment. ``never_blank`` are
    options of which a blank value is a mistake: it would lift a limit, or have the task do more than was meant.
    """

    spec: Mapping[str, Mapping[str, t.Any]]
    documentation: str
    variables: Mapping[str, Sequence[str]] = field(default_factory=dict)
    never_blank: frozenset[str] = frozenset()


def from_environment(variable: str, **spec: t.Any) -> dict[str, t.Any]:
    """Return an option's spec with the environment variable of the task variable ``variable`` as fallback."""
    return {**spec, "fallback": (_fallback, [variable.upper()])}


def environment_value(variable: str) -> str | None:
    """Return the value of the environment variable of the task variable ``variable``; None if there is none.

    An empty one counts as none: that is what a CI service passes for a variable that it does not have.
    """
    return os.environ.get(variable.upper()) or None


def _fallback(variable: str) -> str:
    value = environment_value(variable)
    if value is None:
        raise AnsibleFallbackNotFound
    return value
