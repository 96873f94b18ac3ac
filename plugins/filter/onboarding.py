# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter onboarding: what became of one printer. The decision itself is _decide/onboarding.py."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from ..module_utils._decide.onboarding import conclude


def onboarding(
    results: Mapping[str, t.Any], check_mode: bool = False, failure: Mapping[str, t.Any] | None = None
) -> dict[str, t.Any]:
    """Return the outcome, its advice and what a report needs, from the results of the role onboard's tasks."""
    return conclude(results, check_mode=bool(check_mode), failure=failure)


class FilterModule:
    """Filters of this collection."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"onboarding": onboarding}
