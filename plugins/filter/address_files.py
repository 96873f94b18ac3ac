# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter address_files: the files of one printer in the folder onboard_files."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from ..module_utils._prisma.address_files import host_files


def address_files(host: str, folder: str) -> list[str]:
    """Return the files in ``folder`` that may hold the registration address of ``host``."""
    return host_files(str(folder), str(host))


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"address_files": address_files}
