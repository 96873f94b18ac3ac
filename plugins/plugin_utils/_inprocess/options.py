# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a task as a module would get them: completed from variables, validated, their secrets known.

Knows where values come from and what the argument spec says; runs nothing.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from ansible.errors import AnsibleError

from ...module_utils._prisma.task import TaskOptions
from ...module_utils._web.errors import BadInput
from ...module_utils._web.redaction import SHORTEST_SECRET, secret_texts
from .._arguments import valid_arguments
from .._core_versions import resolved, without_nulls


def completed(
    task: TaskOptions, given: Mapping[str, t.Any], variables: Mapping[str, t.Any], template: Callable[[t.Any], t.Any]
) -> dict[str, t.Any]:
    """Return the options ``given`` to ``task``, completed by task variables (an option wins; the environment is last).

    ``template`` returns the value of a variable. Raises :class:`BadInput` that names the one that has none.
    """
    options = without_nulls(given, task.argument_spec())
    for option, names in task.variables().items():
        if options.get(option) is not None:
            continue
        for name in names:
            value = None
            if name in variables:
                try:
                    value = resolved(template, variables[name])
                except AnsibleError as error:
                    raise BadInput(
                        f"{name} has no value: {error}", advice="Correct the printer's variables."
                    ) from error
            if value is not None:
                options[option] = value
                break
    return options


def validated(
    task: TaskOptions, action: str, given: Mapping[str, t.Any], secrets: set[str], warn: Callable[[str], None]
) -> dict[str, t.Any]:
    """Return plain, validated options; add to ``secrets`` what no output may show. ``action`` is named in messages.

    Raises :class:`BadInput`.
    """
    spec = task.argument_spec()
    hidden = [name for name, item in spec.items() if item.get("no_log")]
    secrets.update(_secrets_of(given, hidden))
    options = valid_arguments(spec, given, action=action, rules=task.rules, variables=task.variables())
    secrets.update(_secrets_of(options, hidden))
    for name in hidden:
        if 0 < len(str(options.get(name) or "")) < SHORTEST_SECRET:
            warn(f"{name} is shorter than {SHORTEST_SECRET} characters, so it is not redacted in output.")
    return options


def _secrets_of(options: Mapping[str, t.Any], hidden: list[str]) -> set[str]:
    return {text for name in hidden for text in secret_texts(options.get(name)) if len(text) >= SHORTEST_SECRET}
