# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which steps the tags of a run select: those whose tasks Ansible would run. Knows tags, no printer."""

from __future__ import annotations

import copy
import typing as t
from collections.abc import Mapping

from ...module_utils._prisma.onboarding import STEPS

TAGS = frozenset(step.tag for step in STEPS) - {"always"}
"""The tags of the role's steps."""


def selected_tags(task: t.Any, variables: Mapping[str, t.Any]) -> frozenset[str]:
    """Return those of :data:`TAGS` whose tasks run.

    ``task`` is one of the role with the tag C(always), and with the tags around the role, which its steps have as well.
    """
    only = variables.get("ansible_run_tags") or ["all"]
    skipped = variables.get("ansible_skip_tags") or []

    around = [tag for tag in task.tags if tag != "always"]

    def runs(tag: str) -> bool:
        step = copy.copy(task)  # task.copy() would copy all blocks around it, six times for each printer
        step.tags = [tag, *around]
        return bool(step.evaluate_tags(only, skipped, variables))

    return frozenset(filter(runs, TAGS))
