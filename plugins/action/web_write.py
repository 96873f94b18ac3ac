# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module web_write, inside the worker. A removal that is not proven stops those after it."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..modules import web_write
from ..plugin_utils._inprocess.stopping_action import StoppingAction


class ActionModule(StoppingAction):
    """Runs web_write in-process."""

    prisma_task = web_write.TASK
    removes = "rows"

    def _may_remove(self, options: Mapping[str, t.Any]) -> bool:
        return options["state"] == "absent" and not self._task.check_mode

    def _may_repeat(self, result: Mapping[str, t.Any]) -> bool:
        # failed after something was sent; without a result of its own the module was killed
        return bool(result.get("failed")) and bool(result.get("changed") or "module_stdout" in result)
