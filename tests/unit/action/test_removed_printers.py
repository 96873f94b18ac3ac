# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Printers are removed one after the other, and none after a removal that was sent and is not proven."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.action import cloud_printer, home_device
from unit.action.run_action import run_action

UNPROVEN = {"failed": True, "changed": True, "outcome": "failed", "reason": "another printer is gone"}
KINDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "site": (cloud_printer, {"confirm_removal": True}),
    "tenant": (home_device, {"confirm_data_loss": True, "tenant": "alpha"}),
}


class Play:
    """Tasks of one run, as ordinary modules; each ends with the next of ``ends``."""

    def __init__(self, kind: str, *ends: dict[str, Any]) -> None:
        self.kind = kind
        self.ends = iter(ends)
        self.began = 0

    def task(self, serial: str, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        def module(**_given: Any) -> dict[str, Any]:
            self.began += 1
            return dict(next(self.ends))

        action, confirmed = KINDS[self.kind]
        account = {"username": "automation", "password": "made-up-secret"}
        url = f"https://{self.kind}-{id(self)}.example.com/"
        args = {"url": url, "serial": serial, "state": "absent", **account, **confirmed, **options}
        variables = {"inventory_hostname": serial, "printops_in_process": False, "printops_max_refused": 0}
        return run_action(action.ActionModule, args, variables, check_mode=check_mode, module=module)


@pytest.mark.parametrize("kind", KINDS)
def test_no_printer_is_removed_after_a_removal_that_is_not_proven(kind: str) -> None:
    play = Play(kind, {"changed": True}, UNPROVEN, {"changed": False}, {"changed": True})
    assert play.task("610000001")["changed"]
    assert play.task("610000002")["reason"] == "another printer is gone"
    refused = play.task("610000003")
    assert (refused["failed"], refused["changed"], refused["outcome"]) == (True, False, "not_tried"), refused
    assert "ended on 610000002 with failed: another printer is gone. Nothing more is removed" in refused["reason"]
    assert "it may act on other printers than those it is given" in refused["advice"]
    assert play.began == 2
    assert "failed" not in play.task("610000003", check_mode=True)
    assert "failed" not in play.task("610000003", state="present")


@pytest.mark.parametrize("kind", KINDS)
def test_a_removal_that_was_not_sent_stops_nothing(kind: str) -> None:
    play = Play(kind, {**UNPROVEN, "changed": False}, {"changed": True})
    play.task("610000001")
    assert play.task("610000002")["changed"]
