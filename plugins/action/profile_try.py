# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows a page as a profile sees it, and tries expressions on it. Runs on the control node and only reads."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path
from urllib.parse import urlsplit

from ansible.plugins.action import ActionBase

from ..module_utils._prisma.task import failed
from ..module_utils._web.errors import PrismaError
from ..module_utils._web.libraries import on_demand, require
from ..module_utils._web.page.page import Page
from ..module_utils._web.redaction import redacted
from ..modules.profile_try import ARGUMENT_SPEC, RULES
from ..plugin_utils._arguments import valid_arguments
from ..plugin_utils._pointing.proof import LiveProof, read_live_page
from ..plugin_utils._pointing.try_page import describe, evaluate_expression, find_recorded, find_text
from ..plugin_utils._profiles import find_profile
from ..plugin_utils._recording.har import read_har
from ..plugin_utils._text_files import VaultReader

_CONNECTION = ("ca_path", "validate_certs", "tls_fingerprint", "http_proxy", "timeout")


class ActionModule(ActionBase):
    """Runs on the control node, which has the profiles and recordings."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Read the page and return it in words, with the results of the expression and of the search."""
        super().run(tmp, task_vars)
        secrets: set[str] = set()
        try:
            require()
            result = self._try(task_vars or {}, secrets)
        except PrismaError as error:
            result = failed(error, "profile_try")
        cleaned: dict[str, t.Any] = redacted(result, secrets)
        return cleaned

    def _try(self, variables: dict[str, t.Any], secrets: set[str]) -> dict[str, t.Any]:
        given = {str(name): value for name, value in self._task.args.items()}
        for name in _CONNECTION:
            if given.get(name) is None and f"printops_{name}" in variables:
                given[name] = self._templar.template(variables[f"printops_{name}"])
        options = valid_arguments(ARGUMENT_SPEC, given, action=self._task.action, rules=RULES)
        secrets |= {options["password"]} if len(options["password"] or "") >= 4 else set()
        page = self._page(options, secrets)
        expression, text = options["expression"], options["text"]
        return {
            "changed": False,
            "path": urlsplit(page.url).path,
            "page": describe(page),
            "result": evaluate_expression(page, expression) if expression else None,
            "found": [each.as_dict() for each in find_text(page, text)] if text else [],
        }

    def _page(self, options: dict[str, t.Any], secrets: set[str]) -> Page:
        folder = str(self._loader.get_basedir() or "")
        if options["recording"]:
            on_demand("ijson")
            return find_recorded(read_har(Path(os.path.join(folder, options["recording"]))), options["page"])[1]
        profile = find_profile(options["profile"], None, folder or None, read=VaultReader(self._loader))
        account = LiveProof(options["username"] or "", options["password"] or "", options["domain"])
        connection = {name: options[name] for name in _CONNECTION}
        page, learned = read_live_page(profile, options["url"], account, connection, options["page"])
        secrets |= learned
        return page
