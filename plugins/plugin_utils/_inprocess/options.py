# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a task as a module would get them: completed from variables, validated, their secrets known.

Knows where values come from and what the argument spec says; runs nothing.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from ...module_utils._prisma.task import TaskOptions
from ...module_utils._web.errors import BadInput
from ...module_utils._web.redaction import SHORTEST_SECRET, secrets_of
from .._arguments import valid_arguments
from .._core_versions import is_omitted, without_nulls
from .._fleet.spec import value_of
from .._run_folder import in_working_folder


def completed(
    task: TaskOptions, given: Mapping[str, t.Any], variables: Mapping[str, t.Any], template: Callable[[t.Any], t.Any]
) -> dict[str, t.Any]:
    """Return the options ``given`` to ``task``, completed by task variables (an option wins; the environment is last).

    ``template`` returns the value of a variable. Raises :class:`BadInput` that names the one that has none, and for
    what must not be blank and is.
    """
    refuse_blank(task, given)
    options = without_nulls(given, task.argument_spec())
    never_blank = task.all_never_blank()
    for option, names in task.variables().items():
        if options.get(option) is not None:
            continue
        for name in names:
            if name not in variables:
                continue
            value = value_of(name, variables, template)
            if option in never_blank and _is_blank(value) and not is_omitted(template, variables[name]):
                raise _blank(name)
            if value is not None:
                options[option] = value
                break
    return options


def refuse_blank(task: TaskOptions, given: Mapping[str, t.Any]) -> None:
    """Raise :class:`BadInput` if an option that must not be blank is ``given`` so.

    It would count as not given, and the default may do more than was meant: a template of a wrong variable would have
    people removed from all applications, or lift a guardrail. An option that is omitted is not in ``given``.
    """
    blank = {name for name, value in given.items() if _is_blank(value)}
    if not blank:
        return
    spec = task.argument_spec()
    names = {name for option in task.all_never_blank() for name in (option, *spec[option].get("aliases", ()))}
    if blank & names:
        raise _blank(*(_named(task, name) for name in sorted(blank & names)))


def _named(task: TaskOptions, option: str) -> str:
    """Return how a message names an option: with the variable that the user may have set in its place."""
    variables = (task.role_variables.get(option), *task.variables().get(option, ()))
    variable = next(filter(None, variables), None)
    return f"{option} ({variable})" if variable else option


def _blank(*named: str) -> BadInput:
    return BadInput(
        "; ".join(f"{name} is empty" for name in named),
        advice="Give it a value. Leave it out only if its default is meant. Nothing was sent.",
    )


def _is_blank(value: t.Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def validated(
    task: TaskOptions,
    action: str,
    given: Mapping[str, t.Any],
    secrets: set[str],
    warn: Callable[[str], None],
    passed_on: Mapping[str, str] | None = None,
) -> dict[str, t.Any]:
    """Return plain, validated options; add to ``secrets`` what no output may show.

    ``action`` is named in messages, and the variables of ``passed_on`` in place of an option.

    Their paths are absolute, as for this machine: messages say where a file was looked for. Raises :class:`BadInput`.
    """
    spec = task.argument_spec()
    hidden = [name for name, item in spec.items() if item.get("no_log")]
    secrets.update(secrets_of(given, spec))
    options = valid_arguments(
        spec, given, action=action, rules=task.rules, variables=task.variables(), passed_on=passed_on
    )
    secrets.update(secrets_of(options, spec))
    for name in hidden:
        if 0 < len(str(options.get(name) or "")) < SHORTEST_SECRET:
            warn(f"{name} is shorter than {SHORTEST_SECRET} characters, so it is not redacted in output.")
    return with_absolute_paths(options, spec)


def with_absolute_paths(options: Mapping[str, t.Any], spec: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return ``options`` with absolute paths. A relative one begins in the folder in which the command was run."""
    paths = {name for name, item in spec.items() if item.get("type") == "path" and options.get(name)}
    return {name: in_working_folder(value) if name in paths else value for name, value in options.items()}
