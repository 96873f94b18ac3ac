# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validates the options of a task that runs on the control node, as AnsibleModule does for a module."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence

from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.module_utils.errors import RequiredError, UnsupportedError

from ..module_utils._web.errors import BadInput
from ._core_versions import without_nulls
from ._untagged import untagged


def valid_arguments(
    spec: Mapping[str, t.Any],
    given: Mapping[str, t.Any],
    *,
    action: str = "",
    rules: Mapping[str, t.Any] | None = None,
    variables: Mapping[str, Sequence[str]] | None = None,
    advice: str = "Correct the task's options.",
) -> dict[str, t.Any]:
    """Return ``given`` converted and completed by the defaults of ``spec``, without Ansible's tags.

    ``action`` is named in messages, and ``variables`` those that stand in for an option. ``rules`` are the other
    arguments of AnsibleModule, such as ``mutually_exclusive``. Raises :class:`BadInput`.
    """
    # without tags from the beginning: the validator copies what it gets, and a tagged text is copied in many steps
    plain = {str(name): untagged(value) for name, value in without_nulls(given, spec).items()}
    checked = ModuleArgumentSpecValidator(spec, **(rules or {})).validate(plain)
    found: dict[str, t.Any] = checked.validated_parameters
    texts = _given_twice(spec, plain)
    for error in checked.errors:
        if isinstance(error, UnsupportedError):
            texts.append(f"unsupported parameters: {error.msg}")
        elif isinstance(error, RequiredError) and " found in " not in error.msg:  # which names a suboption
            missing = [name for name, item in spec.items() if item.get("required") and found.get(name) is None]
            texts.append(f"missing required arguments: {', '.join(_named(name, variables or {}) for name in missing)}")
        else:
            texts.append(str(error.msg))
    if texts:
        raise BadInput(f"{action}: {'; '.join(texts)}" if action else "; ".join(texts), advice=advice)
    return found


def _given_twice(spec: Mapping[str, t.Any], given: Mapping[str, t.Any]) -> list[str]:
    """Return what is wrong where an option and an alias of it are given: Ansible would take one in silence."""
    names = ([name for name in (option, *item.get("aliases", ())) if name in given] for option, item in spec.items())
    return [f"{' and '.join(both)} are the same option: give one of them" for both in names if len(both) > 1]


def _named(option: str, variables: Mapping[str, Sequence[str]]) -> str:
    return f"{option} (variable {variables[option][0]})" if variables.get(option) else option
