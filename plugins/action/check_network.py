# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module check_network, inside the worker. The rows of the table are added here: a jump host does not have it."""

from __future__ import annotations

import contextlib
import typing as t

from ..module_utils._prisma.check_network import run
from ..module_utils._web.errors import PrismaError
from ..module_utils._web.http.certificate import preload
from ..modules import check_network
from ..plugin_utils._cloud_hosts import cloud_hosts, shipped_hosts
from ..plugin_utils._inprocess.action import WorkerAction

with contextlib.suppress(PrismaError):  # the task that needs it reports a missing library
    preload()
    shipped_hosts()


class ActionModule(WorkerAction):
    """Runs check_network in-process, or as an ordinary module on the machine that the task is delegated to."""

    prisma_task = check_network.TASK

    def _work(
        self, given: dict[str, t.Any], options: dict[str, t.Any], variables: dict[str, t.Any], secrets: set[str]
    ) -> dict[str, t.Any]:
        rows = cloud_hosts(options["cloud_hosts"], default_hosts=options["default_hosts"])
        whole = {"cloud_hosts": rows, "default_hosts": False}
        if self._in_process(variables):
            return run({**options, **whole}, self._parent_watch.check)
        return self._run_module({**given, **whole}, variables)
