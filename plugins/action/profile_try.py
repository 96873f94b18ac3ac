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
from ..module_utils._web.profile.profile import Profile
from ..module_utils._web.redaction import redacted
from ..modules.profile_try import ARGUMENT_SPEC, RULES
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._pointing.explorer import PageExplorer
from ..plugin_utils._pointing.proof import LiveProof, signed_in
from ..plugin_utils._pointing.try_page import ROW, describe, evaluate_expression, find_recorded, find_text, unmatched
from ..plugin_utils._pointing.try_window import WindowOptions, explore_live, explore_recording
from ..plugin_utils._profiles import find_profile, folders_of
from ..plugin_utils._recording.exchange import Recording
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
        options = task_arguments(ARGUMENT_SPEC, self._task, given=given, rules=RULES)
        secrets |= {options["password"]} if len(options["password"] or "") >= 4 else set()
        folders = folders_of(self._loader, variables)
        explorer = self._explored(options, secrets, folders) if options["window"] else None
        page = explorer.page if explorer is not None else self._page(options, secrets, folders)
        expression = explorer.expression if explorer is not None else options["expression"]
        text = options["text"]
        found = find_text(page, text) if text else explorer.offers if explorer is not None else []
        return {
            "changed": False,
            "path": urlsplit(page.url).path,
            "page": describe(page),
            "result": evaluate_expression(page, expression) if expression else None,
            "found": [{"expression": each.expression, "value": each.value, "row": each.kind == ROW} for each in found],
            "not_found": unmatched(page, expression or None, text),
            **({"kept": explorer.kept} if explorer is not None else {}),
        }

    def _page(self, options: dict[str, t.Any], secrets: set[str], folders: tuple[str | None, ...]) -> Page:
        if options["recording"]:
            return find_recorded(self._recording(options), options["page"])[1]
        with signed_in(*self._live(options, folders), options["page"]) as (session, page):
            secrets |= session.secrets()
            return page

    def _explored(self, options: dict[str, t.Any], secrets: set[str], folders: tuple[str | None, ...]) -> PageExplorer:
        in_browser = options["browser_validate_certs"]
        window = WindowOptions(
            options["language"],
            options["wait_timeout"],
            options["browser"],
            options["browser_arguments"],
            self._beside_playbook(options["clicks"]) if options["clicks"] else None,
            options["http_proxy"],
            options["validate_certs"] if in_browser is None else in_browser,
        )
        if options["recording"]:
            return explore_recording(self._recording(options), options["page"], window)
        return explore_live(*self._live(options, folders), options["page"], window, secrets)

    def _recording(self, options: dict[str, t.Any]) -> Recording:
        on_demand("ijson")
        return read_har(Path(self._beside_playbook(options["recording"])))

    def _live(
        self, options: dict[str, t.Any], folders: tuple[str | None, ...]
    ) -> tuple[Profile, str, LiveProof, dict[str, t.Any]]:
        """Return the profile, the address, the account, and how to reach the interface."""
        profile = find_profile(options["profile"], None, *folders, read=VaultReader(self._loader))
        account = LiveProof(options["username"] or "", options["password"] or "", options["domain"])
        return profile, options["url"], account, {name: options[name] for name in _CONNECTION}

    def _beside_playbook(self, path: str) -> str:
        return os.path.join(str(self._loader.get_basedir() or ""), path)
