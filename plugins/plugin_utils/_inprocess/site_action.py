# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions of an administration site's modules have in common: an outcome for a pipeline in every case."""

from __future__ import annotations

import typing as t

from ...module_utils._decide.access.status import SiteOutcome
from .action import PrismaAction


class SiteAction(PrismaAction):
    """A PrismaAction whose result always has an ``outcome`` of a site, also where the work did not begin."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Do the task and return its result."""
        result = super().run(tmp, task_vars)
        if result.get("unreachable"):
            result["outcome"] = SiteOutcome.UNREACHABLE.value
        elif result.get("failed") and result.get("outcome") not in set(SiteOutcome):
            # an option was refused, here or by the ordinary module; a defect of ours proves nothing about the site
            result["outcome"] = (SiteOutcome.INCOMPLETE if "defect" in result else SiteOutcome.BAD_INPUT).value
        return result
