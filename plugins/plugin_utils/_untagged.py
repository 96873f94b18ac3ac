# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values without Ansible's tags, as JSON has them: neither YAML nor pickle nor every library accepts tagged ones."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping


def untagged(value: t.Any) -> t.Any:
    """Return ``value`` made of plain dictionaries (with text keys), lists, numbers, booleans, None and texts."""
    if isinstance(value, str):
        return str.__str__(value)  # str() keeps a kind of Ansible's own
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, Mapping):
        return {str(key): untagged(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [untagged(item) for item in value]
    return str(value)
