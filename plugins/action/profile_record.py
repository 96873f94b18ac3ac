# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a profile while a person points at things in a browser. Runs on the control node."""

from __future__ import annotations

import os
import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..module_utils._web.libraries import on_demand, require
from ..modules.profile_record import ARGUMENT_SPEC, RULES
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._pointing.record import RecorderOptions, record_profile

_CONNECTION = ("ca_path", "validate_certs", "tls_fingerprint", "http_proxy", "timeout")
_PATHS = ("profile", "fixture", "expected", "decisions", "clicks")


class ActionModule(ActionBase):
    """Runs on the control node, where the person can use the browser."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Record with the person, and write the files. In check mode, do nothing."""
        super().run(tmp, task_vars)
        try:
            require()
            on_demand("ijson")
            return self._record(task_vars or {})
        except PrismaError as error:
            return failed(error, "profile_record")

    def _record(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        given = {str(name): value for name, value in self._task.args.items()}
        for name in _CONNECTION:
            if given.get(name) is None and f"printops_{name}" in variables:
                given[name] = self._templar.template(variables[f"printops_{name}"])
        options = task_arguments(ARGUMENT_SPEC, self._task, given=given, rules=RULES)
        if not str(options["url"]).lower().startswith("https://"):
            raise BadInput("url is not an https address", advice="Write the address with https://.")
        folder = str(self._loader.get_basedir() or "")
        for name in _PATHS:
            if options[name]:
                options[name] = os.path.join(folder, os.path.expanduser(options[name]))
        connection = {name: options.pop(name) for name in _CONNECTION}
        in_browser = options.pop("browser_validate_certs")
        connection["browser_validate_certs"] = connection["validate_certs"] if in_browser is None else in_browser
        if self._task.check_mode:
            return {"changed": True, "profile_file": options["profile"]}
        return record_profile(RecorderOptions(**options, connection=connection))
