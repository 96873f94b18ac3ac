# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a browser in which a person signs in at a cloud, and writes the session file. Runs on the control node."""

from __future__ import annotations

import os
import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._options.cloud import SITE_URL
from ..module_utils._options.site import SITE
from ..module_utils._options.tenant import TENANT
from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..modules.sign_in import ARGUMENT_SPEC
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._browser_sign_in import BrowserOptions, sign_in_with_browser
from ..plugin_utils._profiles import find_profile, folders_of
from ..plugin_utils._text_files import VaultReader

_DEFAULTS = {
    "tenant": {"url": None, "profile": TENANT.spec["profile"]["default"]},
    "site": {"url": SITE_URL, "profile": SITE.spec["profile"]["default"]},
}


class ActionModule(ActionBase):
    """Runs on the control node, where the person can use the browser."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Open the browser, wait for the sign-in, and write the session file. In check mode, do nothing."""
        super().run(tmp, task_vars)
        try:
            return self._sign_in(task_vars or {})
        except PrismaError as error:
            return failed(error, "sign_in")

    def _sign_in(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        options = task_arguments(ARGUMENT_SPEC, self._task)
        cloud = options.pop("cloud")
        given = {name: options.pop(name) or default for name, default in _DEFAULTS[cloud].items()}
        if not given["url"]:
            raise BadInput("url is not given", advice="Set printops_tenant_url to the address of PRISMA Home.")
        folder = self._loader.get_basedir() or ""
        folders = folders_of(self._loader, variables)
        profile = find_profile(given["profile"], cloud, *folders, read=VaultReader(self._loader))
        options["session_file"] = os.path.join(folder, os.path.expanduser(options["session_file"]))
        if self._task.check_mode:
            return {"changed": True, "session_file": options["session_file"]}
        browser_options = BrowserOptions(url=str(given["url"]), profile=profile, **options)
        return {"changed": True, **sign_in_with_browser(browser_options)}
