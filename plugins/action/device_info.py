# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module device_info, inside the worker."""

from __future__ import annotations

from ..modules import device_info
from ..plugin_utils._inprocess.action import PrismaAction


class ActionModule(PrismaAction):
    """Runs device_info in-process."""

    prisma_task = device_info.TASK
