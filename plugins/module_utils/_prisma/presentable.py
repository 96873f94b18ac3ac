# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes results safe to print: text of an interface cannot control a terminal. Knows no module and no interface."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._decide.text import printable_lines

LONGEST_LINE = 4000
"""Characters of a line in a result. Longer ones, such as a value that an interface made up, are cut."""


def presentable(result: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return ``result`` with all texts, keys too, free of what steers a terminal, and cut in length.

    To be called after secrets were removed: a secret that was escaped or cut would not be found any more.
    """
    return t.cast("dict[str, t.Any]", _presentable(result))


def _presentable(value: t.Any) -> t.Any:
    if isinstance(value, str):
        return printable_lines(value, LONGEST_LINE)
    if isinstance(value, Mapping):
        return {_presentable(key): _presentable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_presentable(item) for item in value]
    return value
