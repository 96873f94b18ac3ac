# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of a run on people, as files. What it says is decided in _decide/access/status.py."""

from __future__ import annotations

import json
import os
import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._decide.access.rules import Cloud
from ..module_utils._decide.access.status import junit, not_found, planned_people, status
from ..module_utils._prisma.address_files import check_place, remove, write_private
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import PrismaError
from ..modules.access_status import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments

FILES = ("status_file", "junit_file", "plan_file", "markdown_file")


class ActionModule(ActionBase):
    """Writes on the control node. No module runs."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Write the files of a result and return its status; without a result, remove those of an earlier run."""
        super().run(tmp, task_vars)
        try:
            options = task_arguments(ARGUMENT_SPEC, self._task)
            if options["result"] is None:
                _begin(options)
                return {"changed": False}
            found = status(options["result"], check_mode=bool(self._task.check_mode), cloud=Cloud(options["cloud"]))
            _write(options, found)
            planned = planned_people(options["result"])
            result = {"changed": False, "status": found, "planned": planned, "plan_path": _plan_path(options)}
            if options["removed_people"] is not None:
                result["not_found"] = not_found(options["result"], map(str, options["removed_people"]))
            return result
        except PrismaError as error:
            return failed(error, "status")


def _begin(options: dict[str, t.Any]) -> None:
    for name in FILES:
        if options[name]:
            check_place(options[name], name)
    remove(*(options[name] for name in FILES))


def _plan_path(options: dict[str, t.Any]) -> str | None:
    path = options["markdown_file"]
    return path if path and os.path.exists(path) else None


def _write(options: dict[str, t.Any], found: dict[str, t.Any]) -> None:
    if options["status_file"]:
        write_private(options["status_file"], (json.dumps(found, indent=2, ensure_ascii=False) + "\n").encode())
    if options["junit_file"]:
        write_private(options["junit_file"], junit(found).encode())
