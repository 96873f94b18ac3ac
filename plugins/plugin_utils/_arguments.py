# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validates the options of a task that runs on the control node, as AnsibleModule does for a module.

Messages name what the user has typed: the variable that a playbook or role passes on, and its value.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping, Sequence

from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.module_utils.errors import NoLogError, RequiredError, SubParameterTypeError, UnsupportedError

from ..module_utils._decide.inventory_faults import closest
from ..module_utils._decide.text import printable
from ..module_utils._web.errors import BadInput
from ._core_versions import without_nulls
from ._untagged import untagged

_TYPES = {
    "bool": "true or false",
    "dict": "keys with values",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
}
"""What messages call the types of options."""
_PASSED_ON = re.compile(r"\{\{\s*([A-Za-z]\w*(?:\.\w+)*)(?!\s*\()\b")
"""A template that begins with a variable."""
_WRONG_TYPE = re.compile(
    r"(?:argument|Elements value for option) '(?P<name>\w+)' (?:is of|found in '(?P<outer>[^']+)' is of) type \S+"
    r"(?: found in '(?P<path>[^']+)'\.)? and we were unable to convert to (?P<type>\w+): "
)
_NOT_A_CHOICE = re.compile(
    r"value of (?P<name>\w+) must be one (?:or more )?of: .*?(?: found in (?P<path>\w+(?: -> \w+)*))?", re.DOTALL
)
_REPEATS = (NoLogError, SubParameterTypeError)
"""What Ansible says once more, and worse, of an option that is no dictionary."""
_LONGEST = 100
"""Characters of a value in a message."""


def task_arguments(
    spec: Mapping[str, t.Any],
    task: t.Any,
    *,
    given: Mapping[str, t.Any] | None = None,
    rules: Mapping[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """Return the options of a task of Ansible as :func:`valid_arguments` does; ``given`` in place of those it has."""
    options = task.args if given is None else given
    return valid_arguments(spec, options, action=str(task.action), rules=rules, passed_on=passed_on(task))


def passed_on(task: t.Any) -> dict[str, str]:
    """Return, per option of a task, the variable that it was written as: C(hosts: "{{ onboard_hosts | … }}").

    One with two underscores is a role's own, which no user has typed.
    """
    source = getattr(task, "_ds", None)  # as it stands in the file; what Ansible keeps otherwise is templated
    names = (task.action, str(task.action).rpartition(".")[2])
    written = next((source[name] for name in names if name in source), None) if isinstance(source, Mapping) else None
    found = {
        str(option): match[1]
        for option, value in (written.items() if isinstance(written, Mapping) else ())
        if isinstance(value, str) and (match := _PASSED_ON.match(value.strip()))
    }
    return {option: variable for option, variable in found.items() if "__" not in variable}


def valid_arguments(
    spec: Mapping[str, t.Any],
    given: Mapping[str, t.Any],
    *,
    action: str = "",
    rules: Mapping[str, t.Any] | None = None,
    variables: Mapping[str, Sequence[str]] | None = None,
    passed_on: Mapping[str, str] | None = None,
    advice: str = "",
) -> dict[str, t.Any]:
    """Return ``given`` converted and completed by the defaults of ``spec``, without Ansible's tags.

    ``action`` is named in messages, and ``variables`` those that stand in for an option; those of ``passed_on`` are
    named in its place. ``rules`` are the other arguments of AnsibleModule, such as ``mutually_exclusive``. Raises
    :class:`BadInput`.
    """
    # without tags from the beginning: the validator copies what it gets, and a tagged text is copied in many steps
    plain = {str(name): untagged(value) for name, value in without_nulls(given, spec).items()}
    checked = ModuleArgumentSpecValidator(spec, **(rules or {})).validate(plain)
    found: dict[str, t.Any] = checked.validated_parameters
    texts = _given_twice(spec, plain)
    typed: set[str] = set()
    for error in [each for each in checked.errors if not isinstance(each, _REPEATS)] or checked.errors:
        if isinstance(error, UnsupportedError):
            texts.append(f"unsupported parameters: {error.msg}")
        elif isinstance(error, RequiredError) and " found in " not in error.msg:  # which names a suboption
            missing = [name for name, item in spec.items() if item.get("required") and found.get(name) is None]
            texts.append(f"missing required arguments: {', '.join(_named(name, variables or {}) for name in missing)}")
        else:
            option, text = _in_words(str(error.msg), spec, plain, passed_on or {})
            texts.append(text)
            typed.update(name for name in [(passed_on or {}).get(option)] if name)
    if not texts:
        return found
    if len(typed) == len(texts):  # all were typed as variables, by who has not written the task
        action, advice = "", advice or f"Correct {' and '.join(sorted(typed))}."
    text = "; ".join(texts)
    raise BadInput(f"{action}: {text}" if action else text, advice=advice or "Correct the task's options.")


def _in_words(
    message: str, spec: Mapping[str, t.Any], given: Mapping[str, t.Any], passed_on: Mapping[str, str]
) -> tuple[str, str]:
    """Return the option that a message of Ansible is about ("" if it is none alone), and what to say instead of it."""
    wrong_type, not_a_choice = _WRONG_TYPE.match(message), _NOT_A_CHOICE.fullmatch(message)
    found = wrong_type or not_a_choice
    if found is None:
        return "", message
    parts = [*filter(None, re.split(" -> ", found["path"] or found.groupdict().get("outer") or "")), found["name"]]
    item: Mapping[str, t.Any] = {"options": spec}
    value: t.Any = given
    for part in parts:
        if part not in (item.get("options") or {}):
            return "", message
        item = item["options"][part]
        value = value.get(part) if isinstance(value, Mapping) else None
    named = ".".join([passed_on.get(parts[0], parts[0]), *parts[1:]])
    shown = f" is {printable(repr(value), _LONGEST)}, but" if _may_be_shown(value, item) else ""
    each = " each" if isinstance(value, list) and item.get("type") == "list" else ""
    if wrong_type:
        return parts[0], f"{named}{shown}{each} must be {_TYPES.get(wrong_type['type'], wrong_type['type'])}"
    words = [str(each) for each in item["choices"]]
    wrong = [str(each) for each in (value if isinstance(value, list) else [value]) if str(each) not in words]
    meant = " or ".join(repr(near) for each in wrong if (near := closest(each, words)))
    text = f"{named}{shown}{each} must be one of {', '.join(words)}"
    return parts[0], f"{text}: did you mean {meant}?" if meant else text


def _may_be_shown(value: t.Any, item: Mapping[str, t.Any]) -> bool:
    """Return whether a message may show a value. One of an option with suboptions may hold a password."""
    values = value if isinstance(value, list) else [value]
    return all(isinstance(each, (str, int, float)) for each in values) and not (
        item.get("no_log") or item.get("options")
    )


def _given_twice(spec: Mapping[str, t.Any], given: Mapping[str, t.Any]) -> list[str]:
    """Return what is wrong where an option and an alias of it are given: Ansible would take one in silence."""
    named = ((option, *item["aliases"]) for option, item in spec.items() if item.get("aliases"))
    found = ([name for name in names if name in given] for names in named)
    return [f"{' and '.join(both)} are the same option: give one of them" for both in found if len(both) > 1]


def _named(option: str, variables: Mapping[str, Sequence[str]]) -> str:
    return f"{option} (variable {variables[option][0]})" if variables.get(option) else option
