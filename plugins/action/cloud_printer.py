# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cloud_printer, inside the worker. A removal that is not proven stops those after it."""

from __future__ import annotations

from ..modules import cloud_printer
from ..plugin_utils._inprocess.stopping_action import RemovalAction


class ActionModule(RemovalAction):
    """Runs cloud_printer in-process."""

    prisma_task = cloud_printer.TASK
    removes = "printers"
