# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings that are made by hand, one exchange after the other, their drafts, and whether these fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import find_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check import check_profile
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.check_report import CheckReport
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.draft.draft import Draft, draft
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange, Recording

HOST = "https://printer.example.com"


class Tape:
    """Builds a recording, one exchange after the other."""

    def __init__(self) -> None:
        self.exchanges: list[RecordedExchange] = []

    def get(self, path: str, body: Any, **more: Any) -> Tape:
        return self._add("GET", path, body, **more)

    def post(self, path: str, form: dict[str, str], body: Any = "", **more: Any) -> Tape:
        sent = urlencode(form)
        return self._add("POST", path, body, sent=sent, kind="application/x-www-form-urlencoded", **more)

    def send(self, method: str, path: str, data: Any, body: Any, **more: Any) -> Tape:
        return self._add(method, path, body, sent=json.dumps(data), kind="application/json", **more)

    def delete(self, path: str) -> Tape:
        return self._add("DELETE", path, "", status=204)

    def _add(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        status: int = 200,
        sent: str = "",
        kind: str | None = None,
        headers: dict[str, str] | None = None,
        answers: dict[str, str] | None = None,
    ) -> Tape:
        text = body if isinstance(body, str) else json.dumps(body)
        self.exchanges.append(
            RecordedExchange(
                number=len(self.exchanges),
                method=method,
                url=path if "://" in path else HOST + path,
                request_headers=tuple((headers or {}).items()),
                request_type=kind,
                request_body=sent.encode(),
                form=tuple(parse_qsl(sent, keep_blank_values=True)) if kind and "urlencoded" in kind else (),
                status=status,
                response_headers=tuple((answers or {}).items()),
                response_type="text/html; charset=utf-8" if isinstance(body, str) else "application/json",
                response_body=text.encode(),
                started="2026-11-21T01:02:03Z",
                has_body=True,
            )
        )
        return self

    @property
    def recording(self) -> Recording:
        return Recording(Path("made.har"), self.exchanges, "unknown", [])

    def draft(self, interface: str = "controller", **decisions: Any) -> Draft:
        answers = {key.replace("__", "."): value for key, value in decisions.items()}
        return draft(self.recording, interface=interface, id="mine", decisions=answers)

    def check(self, profile: dict[str, Any]) -> CheckReport:
        """Hold a profile against this recording."""
        return check_profile(find_profile(profile, profile["interface"], None), recording=self.recording)
