# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter connector: which connector a controller needs for an application (plugins/data/connectors.yml)."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence

from ansible.errors import AnsibleFilterError

from ..module_utils._decide import connector as table
from ..module_utils._web.errors import BadInput
from ..plugin_utils._connectors import connectors


def connector(controller: str, application: str, more: Sequence[Mapping[str, t.Any]] | None = None) -> dict[str, t.Any]:
    """Return connector, needs and note; ``more`` are rows of one's own, which win over the shipped ones."""
    try:
        rows = connectors(more)
    except BadInput as error:
        raise AnsibleFilterError(f"connector: {error}") from error
    return table.connector(rows, str(controller), str(application))


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"connector": connector}
