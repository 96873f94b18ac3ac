# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Booleans where Ansible itself converts none: the values of a dictionary, and variables. Pure.

A text such as ``no`` is one where a value comes from a template, from ``-e`` or from ansible-vault.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.module_utils.parsing.convert_bool import boolean

from .._web.errors import BadInput


def as_boolean(value: t.Any, name: str) -> bool:
    """Return ``value`` as Ansible reads a boolean. Raises :class:`BadInput`, which calls it ``name``."""
    try:
        return bool(boolean(value))
    except TypeError:
        raise BadInput(f"{name} is {value!r}, but must be true or false", advice=f"Correct {name}.") from None


def switches(declared: Mapping[str, t.Any] | None, name: str) -> dict[str, bool]:
    """Return which applications are to be on, by id. Raises :class:`BadInput`, which calls them ``name``."""
    if declared is not None and not isinstance(declared, Mapping):
        raise BadInput(
            f"{name} must have each application with true or false, and is none such: {declared!r}",
            advice=f"Correct {name}, as in: {{'prismalytics-dashboard': true}}.",
        )
    return {str(each): as_boolean(on, f"{name}.{each}") for each, on in (declared or {}).items()}
