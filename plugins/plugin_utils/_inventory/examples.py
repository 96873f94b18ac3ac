# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of an inventory that are still those of the example which was copied, and where they were typed."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping

from ...module_utils._decide.examples import cannot_exist, example_host_in, is_placeholder, without_account
from .known import known_variables
from .origin import WrittenAt, value_written_at, written_at
from .values import WrongValue

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
_MOST_STEPS = 5
"""How many variables are followed, each of which stands for the next."""
_SECRET = re.compile(r"(?:password|secret|token)(?!_file)", re.IGNORECASE)
"""A variable with such a name stands for a secret."""


def left_of_example(
    name: str, value: t.Any, written: Mapping[str, t.Any]
) -> tuple[WrongValue, WrittenAt | None] | None:
    """Return what of ``value``, that of the variable ``name``, is still the example's, and where it was typed.

    ``written`` are the variables of the host as they were written. A secret is shown only if it is a placeholder.
    """
    for text, spec in _texts(value, known_variables()[name]):
        is_secret = bool(spec.get("no_log"))
        host = None if is_secret or spec.get("type") == "path" else example_host_in(text)
        if host is None and not is_placeholder(text):
            continue
        typed_as, at = _typed(name, written.get(name), text, written, _MOST_STEPS) or (name, None)
        at = at or value_written_at(name, written.get(name))
        shown = repr(without_account(text))
        if host is not None and cannot_exist(host):
            what = f"{typed_as} is {shown}, which cannot exist: names that end in .invalid lead nowhere"
        else:
            only = f" ({host} exists in documentation only)" if host else ""
            what = f"{typed_as} is still the example's: {shown}{only}"
        return WrongValue(True, what, _advice(typed_as, at, is_secret=is_secret)), at
    return None


def _advice(name: str, at: WrittenAt | None, *, is_secret: bool) -> str:
    """Return how to set a value where it was typed: with ansible-vault only if it is a secret, or encrypted already."""
    if at and at.is_encrypted:
        return f"Set it to your own: ansible-vault edit {at.file}"
    if is_secret or _SECRET.search(name):
        encrypt = f"ansible-vault encrypt {at.file}" if at else "ansible-vault"
        return f"Set it to your own, and encrypt the file that has it: {encrypt}"
    return "Set it to your own."


def _texts(value: t.Any, spec: Mapping[str, t.Any]) -> Iterator[tuple[str, Mapping[str, t.Any]]]:
    """Yield all texts in ``value``, each with the spec of its option."""
    if isinstance(value, str):
        yield value, spec
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (spec.get("options") or {}).get(key) or spec)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item, spec)


def _typed(
    name: str, raw: t.Any, text: str, written: Mapping[str, t.Any], steps: int
) -> tuple[str, WrittenAt | None] | None:
    """Return the variable in which ``text`` was typed, and where; None if that cannot be told."""
    for each, _spec in _texts(raw, {}):
        if each == text:
            return name, written_at(each)
        follow = _VARIABLE.fullmatch(each.strip()) if steps else None
        found = _typed(follow[1], written.get(follow[1]), text, written, steps - 1) if follow else None
        if found:
            return found
    return None
