# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter access_status: the status of a run for a pipeline. The work is _decide/access/status.py."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from ansible.errors import AnsibleFilterError

from ..module_utils._decide.access.rules import Cloud
from ..module_utils._decide.access.status import status


def access_status(result: Mapping[str, t.Any], check_mode: bool = False, cloud: str = "site") -> dict[str, t.Any]:
    """Return the status of a result of cloud_access or home_access."""
    if not isinstance(result, Mapping):
        raise AnsibleFilterError("access_status takes the registered result of cloud_access or home_access")
    if cloud not in set(Cloud):
        raise AnsibleFilterError(f"access_status: cloud is {cloud!r}, which is none of {', '.join(Cloud)}")
    return status(result, check_mode=bool(check_mode), cloud=Cloud(cloud))


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"access_status": access_status}
