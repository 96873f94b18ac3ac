# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group of options is: argument spec, documentation and variables side by side. Knows no group itself."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ansible.module_utils.basic import env_fallback


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
    return {**spec, "fallback": (env_fallback, [variable.upper()])}
