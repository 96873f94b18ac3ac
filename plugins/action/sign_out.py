# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module sign_out, inside the worker."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..modules import sign_out
from ..plugin_utils._inprocess.action import PrismaAction


class ActionModule(PrismaAction):
    """Runs sign_out in-process, always: only this process keeps sessions; an ordinary module signs out by itself."""

    prisma_task = sign_out.TASK

    def _in_process(self, variables: Mapping[str, t.Any]) -> bool:
        return True
