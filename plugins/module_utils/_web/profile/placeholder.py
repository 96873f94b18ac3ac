# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a placeholder looks like in a text, and what takes its place. Knows no step and no profile."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from urllib.parse import quote

from ..errors import BadInput

PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
OPENING = "${"
"""What begins a placeholder. A profile in which anything else begins so is refused."""


def names_in_text(text: str) -> list[str]:
    """Return the names of the placeholders in ``text``, in their order."""
    return PLACEHOLDER.findall(text)


def is_malformed(text: str) -> bool:
    """Whether ``text`` has the beginning of a placeholder that is not of the form ``${name}``."""
    return OPENING in PLACEHOLDER.sub("", text)


def fill_text(text: str, variables: Mapping[str, t.Any]) -> t.Any:
    """Return ``text`` with its placeholders filled. One that stands alone keeps its type; inside a text None is ''.

    Raises :class:`BadInput` where nothing was given or kept for a placeholder.
    """
    alone = PLACEHOLDER.fullmatch(text)
    if alone:
        return _given(alone.group(1), variables)
    return PLACEHOLDER.sub(lambda found: _as_text(_given(found.group(1), variables)), text)


def fill_path(text: str, variables: Mapping[str, t.Any]) -> str:
    """Return ``text``, a path with or without a query, with its placeholders filled, quoted as in an address.

    Raises :class:`BadInput` where nothing was given or kept, or where a value is not one part of a path: nothing,
    C(..), a slash or several values would lead to another address, such as that of the whole list.
    """
    for name in names_in_text(text.partition("?")[0]):
        value = _given(name, variables)
        why = "is a list" if isinstance(value, (list, tuple)) else _why_no_part_of_a_path(_as_text(value))
        if why:
            raise BadInput(
                f"${{{name}}} is one part of a path, and its value {why}, so nothing was sent",
                advice="Give the name or id alone. If the profile keeps it from a page, correct what is kept.",
            )
    quoted = {name: quote(_as_text(variables[name]), safe="") for name in names_in_text(text) if name in variables}
    return str(fill_text(text, quoted))


def _why_no_part_of_a_path(value: str) -> str:
    """Return what of ``value`` would lead elsewhere; empty if nothing does."""
    if not value.strip():
        return "is empty"
    if value.strip() in (".", ".."):
        return f"is {value.strip()!r}"
    return "has a slash in it" if "/" in value or "\\" in value else ""


def _given(name: str, variables: Mapping[str, t.Any]) -> t.Any:
    if name not in variables:
        raise BadInput(
            f"nothing was given or kept for the placeholder ${{{name}}}",
            advice="A step that would keep it was left out, or the profile needs a value that was not given.",
        )
    return variables[name]


def _as_text(value: t.Any) -> str:
    return "" if value is None else str(value)
