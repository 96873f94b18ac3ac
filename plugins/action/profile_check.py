# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a profile against a recording or a live interface, and returns the report. Knows no page."""

from __future__ import annotations

import os
import time
import typing as t
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from ansible.plugins.action import ActionBase

from ..module_utils._options.https import CONTROLLER_HTTP
from ..module_utils._prisma.address_files import check_place, write_private
from ..module_utils._prisma.connection import open_session
from ..module_utils._prisma.task import Request, failed
from ..module_utils._web.errors import BadInput, PrismaError
from ..module_utils._web.libraries import require, yaml
from ..module_utils._web.profile.profile import Profile
from ..module_utils._web.redaction import redacted
from ..module_utils._web.session.methods import SessionFile, check_not_ended
from ..module_utils._web.session.session_file import read_session_file, sign_in_again
from ..module_utils._web.session.store import TaskStore
from ..modules.profile_check import ARGUMENT_SPEC, RULES
from ..plugin_utils._arguments import task_arguments
from ..plugin_utils._profiles import LARGEST, find_profile, folders_of
from ..plugin_utils._recording.check import WatchedSession, check_profile
from ..plugin_utils._recording.check_bundle import build_bundle
from ..plugin_utils._recording.check_report import CheckReport
from ..plugin_utils._recording.har import read_har
from ..plugin_utils._text_files import VaultReader

_ADVICE = {
    "failed": (
        "Compare the pages in 'operations' with the profile. To report the problem, write a bundle (-e bundle=FILE), "
        "which contains none of your values."
    ),
    "unsupported": "The interface is not the one that the profile describes. Choose another profile, or make one.",
}


class ActionModule(ActionBase):
    """Runs on the control node, which has the profiles, recordings and reports."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Check the profile and return the report, with ``failed`` if something does not fit."""
        super().run(tmp, task_vars)
        secrets: set[str] = set()
        try:
            require()
            options = self._options(task_vars or {})
            live = options["live"] or {}
            secrets |= {live[name] for name in ("password", "client_secret") if len(live.get(name) or "") >= 4}
            result = self._check(options, secrets, folders_of(self._loader, task_vars or {}))
        except PrismaError as error:
            result = failed(error, "profile_check")
        cleaned: dict[str, t.Any] = redacted(result, secrets)
        return cleaned

    def _options(self, variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        given = {str(name): value for name, value in self._task.args.items()}
        for option, (name,) in CONTROLLER_HTTP.variables.items():
            if given.get(option) is None and name in variables:
                given[option] = self._templar.template(variables[name])
        options = task_arguments(ARGUMENT_SPEC, self._task, given=given, rules=RULES)
        for name in ("recording", "expected", "bundle"):
            if options[name]:
                options[name] = os.path.join(self._loader.get_basedir() or "", options[name])
        return options

    def _check(self, options: dict[str, t.Any], secrets: set[str], folders: tuple[str | None, ...]) -> dict[str, t.Any]:
        profile = find_profile(options["profile"], options["interface"], *folders, read=VaultReader(self._loader))
        expected = _expected(options["expected"])
        if options["bundle"]:
            check_place(options["bundle"], "bundle")
        known: set[str]
        if options["recording"]:
            report = check_profile(profile, recording=read_har(Path(options["recording"])))
            known = set()
        else:
            session = self._live_session(profile, options, secrets)
            report = check_profile(profile, session=session)
            secrets |= session.secrets()
            known = {str(value) for value in options["live"].values() if value}
        if expected is not None:
            report.compare(expected)
        result = _result(report)
        if options["bundle"] and not self._task.check_mode:
            write_private(options["bundle"], build_bundle(profile, report, known | secrets))
            result["bundle"] = options["bundle"]
            if "msg" in result:
                result["msg"] += f" The bundle is {options['bundle']}."
        return result

    def _live_session(self, profile: Profile, options: Mapping[str, t.Any], secrets: set[str]) -> WatchedSession:
        live = options["live"]
        url = str(live["url"]).strip()
        if not url.lower().startswith("https://"):
            raise BadInput("live.url is not an https address", advice="Write the address with https://.")
        url = url if url.endswith("/") else f"{url}/"
        given = {
            name: value for name, value in live.items() if value is not None and name not in ("url", "session_file")
        }
        method = self._session_file(live["session_file"], url, profile, secrets) if live["session_file"] else None
        session = open_session(
            Request(options, profile, url, TaskStore(), check_mode=True),
            url,
            account=str(given.get("username") or given.get("client_id") or live["session_file"] or ""),
            secret=str(given.get("password") or given.get("client_secret") or ""),
            variables={"host": url.split("/")[2].split(":")[0], "domain": None, **given},
            kind=partial(WatchedSession, method=method),
        )
        return t.cast(WatchedSession, session)

    def _session_file(self, path: str, url: str, profile: Profile, secrets: set[str]) -> SessionFile:
        path = os.path.join(self._loader.get_basedir() or "", path)
        session = read_session_file(path, url, profile, read=VaultReader(self._loader))
        secrets |= {secret for secret in session.secrets() if len(secret) >= 4}
        method = SessionFile(session, sign_in_again(profile.interface))
        check_not_ended(method, path, time.time())
        return method


def _expected(path: str | None) -> Mapping[str, t.Any] | None:
    if path is None:
        return None
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise BadInput(f"the expected reading {path} is larger than {LARGEST} bytes")
        found = yaml.safe_load(data)
    except OSError as error:
        raise BadInput(f"the expected reading {path} cannot be read: {error}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadInput(f"the expected reading {path} is not YAML: {error}") from error
    if not isinstance(found, Mapping):
        raise BadInput(f"the expected reading {path} is not a mapping of operations to readings")
    return found


def _result(report: CheckReport) -> dict[str, t.Any]:
    result: dict[str, t.Any] = {
        "changed": False,
        "outcome": report.outcome,
        "bundle": None,
        "reading": report.reading(),
        "report": report.as_lines(),
        **report.as_dict(),
    }
    if not report.ok:
        wrong = [each for each in report.operations.values() if not each.ok]
        reason = "; ".join(f"{each.name}: {each.problem}" for each in wrong) or "no operation could be checked"
        advice = _ADVICE[report.outcome]
        result |= {"failed": True, "reason": reason, "advice": advice, "details": {}}
        result["msg"] = f"the profile {report.profile} does not fit: {reason}. {advice}"
    return result
