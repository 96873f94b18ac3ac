# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module home_access, inside the worker. The declared file is read here, on the control node."""

from __future__ import annotations

from ..module_utils._decide.access.rules import Cloud
from ..modules import home_access
from ..plugin_utils._inprocess.cloud_action import DeclaredAction


class ActionModule(DeclaredAction):
    """Runs home_access in-process."""

    prisma_task = home_access.TASK
    cloud = Cloud.TENANT
