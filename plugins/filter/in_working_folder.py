# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter in_working_folder: an absolute path from one that was typed on the command line."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from ..plugin_utils._profiles import names_file
from ..plugin_utils._run_folder import in_working_folder as absolute


def in_working_folder(path: t.Any, ids: bool = False) -> t.Any:
    """Return ``path`` as an absolute path. With ``ids``, the id of a profile and a profile as data stay as they are."""
    if ids and not (isinstance(path, str) and names_file(path)):
        return path
    return absolute(str(path))


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"in_working_folder": in_working_folder}
