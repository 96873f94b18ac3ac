# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sign-outs at the end of a run: one that fails stops no other, and what it says is safe to print."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import Busy
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess import sessions
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore

SECRET = "c00kie-value"


class Open:
    """A session whose interface answers as its address says."""

    def __init__(self, address: str) -> None:
        self._address = address

    def secrets(self) -> set[str]:
        return {SECRET}

    def sign_out(self) -> bool:
        if "busy" in self._address:
            raise Busy(f"it says \x1b]52;c;x\x07 {SECRET} \ud800")
        if "odd" in self._address:
            raise ValueError("netloc '[' does not appear to be an address")
        return True


def test_what_an_interface_says_reaches_no_terminal_raw(monkeypatch: pytest.MonkeyPatch) -> None:
    store = SharedStore(slots=8)
    for name in ("good", "busy", "odd"):
        store.save(f"https://{name}|a-profile|admin", {"status": "signed_in", "sign_out_with": {}})
    asked: list[str] = []

    def reopen(key: str, *_more: Any) -> Open:
        asked.append(key.split("|")[0])
        return Open(asked[-1])

    monkeypatch.setattr(sessions, "reopen_session", reopen)
    monkeypatch.setattr(sessions, "_profile", lambda state: None)
    failures = sorted(sessions.sign_out_all(store))
    assert sorted(asked) == ["https://busy", "https://good", "https://odd"]
    assert len(failures) == 2
    assert "".join(failures).isprintable()
    assert SECRET not in "".join(failures)
    assert failures[0].startswith("https://busy: it says \\x1b]52;c;x\\x07 ********")
    assert "a defect of this collection: ValueError" in failures[1]
