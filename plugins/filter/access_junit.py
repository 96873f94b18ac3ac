# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter access_junit: the status of a run as JUnit XML. The work is _decide/access/status.py."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from ansible.errors import AnsibleFilterError

from ..module_utils._decide.access.status import junit


def access_junit(status: Mapping[str, t.Any]) -> str:
    """Return what the filter access_status returned as JUnit XML."""
    if not isinstance(status, Mapping) or "outcome" not in status:
        raise AnsibleFilterError("access_junit takes what the filter access_status returns")
    return junit(status)


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"access_junit": access_junit}
