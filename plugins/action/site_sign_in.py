# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a browser in which a person signs in at a site, and writes the session file. Runs on the control node."""

from __future__ import annotations

import os
import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import PrismaError
from ..modules.site_sign_in import ARGUMENT_SPEC
from ..plugin_utils._arguments import valid_arguments
from ..plugin_utils._browser_sign_in import BrowserOptions, sign_in_with_browser
from ..plugin_utils._profiles import find_profile
from ..plugin_utils._text_files import VaultReader


class ActionModule(ActionBase):
    """Runs on the control node, where the person can use the browser."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Open the browser, wait for the sign-in, and write the session file. In check mode, do nothing."""
        super().run(tmp, task_vars)
        try:
            options = valid_arguments(ARGUMENT_SPEC, self._task.args, action=self._task.action)
            folder = self._loader.get_basedir() or ""
            variables = task_vars or {}
            profile = find_profile(
                options.pop("profile"),
                "site",
                folder,
                str(variables.get("inventory_dir") or ""),
                read=VaultReader(self._loader),
            )
            options["session_file"] = os.path.join(folder, os.path.expanduser(options["session_file"]))
            browser_options = BrowserOptions(profile=profile, **options)
            if self._task.check_mode:
                return {"changed": True, "session_file": browser_options.session_file}
            return {"changed": True, **sign_in_with_browser(browser_options)}
        except PrismaError as error:
            return failed(error, "site_sign_in")
