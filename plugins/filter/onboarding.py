# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter onboarding: what became of one printer. The decision itself is _decide/onboarding.py."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence

from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._decide.findings import Declared
from ..module_utils._decide.onboarding import conclude
from .connector import connectors as rows


def onboarding(
    results: Mapping[str, t.Any],
    check_mode: bool = False,
    failure: Mapping[str, t.Any] | None = None,
    *,
    applications: Mapping[str, bool] | None = None,
    connectors: Sequence[Mapping[str, t.Any]] | None = None,
    clock_tolerance: float = 300,
) -> dict[str, t.Any]:
    """Return the outcome, its advice and what a report needs, from the results of the role onboard's tasks."""
    try:
        table = rows(connectors)
    except AnsibleFilterError:
        if failure is None:
            raise
        table = rows()  # it was told, and is the failure that this is about
    return conclude(
        results,
        check_mode=bool(check_mode),
        failure=failure,
        declared=Declared(
            {str(name): boolean(on) for name, on in (applications or {}).items()}, table, float(clock_tolerance)
        ),
    )


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"onboarding": onboarding}
