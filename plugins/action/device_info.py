# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module device_info, inside the worker.

In the role, its step comes before the first condition that asks for the situation of a printer. Ansible loads filters
and tests where they are used: in every worker again, unless the parent has loaded them, as it does here.
"""

from __future__ import annotations

from ansible.plugins.loader import test_loader

from ..filter import filters
from ..modules import device_info
from ..plugin_utils._inprocess.action import PrismaAction

LOADED = (filters, test_loader.get("ansible.builtin.defined"))


class ActionModule(PrismaAction):
    """Runs device_info in-process."""

    prisma_task = device_info.TASK
