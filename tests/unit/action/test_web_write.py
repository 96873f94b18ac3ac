# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop over removals ends with the first one that was sent and is not proven; what removes nothing goes on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action.web_write import ActionModule

PROFILE = {
    "schema": 1,
    "id": "own",
    "interface": "other",
    "title": "Users of a machine",
    "evidence": {"kind": "simulated", "note": "for this test"},
    "match": {"steps": [{"get": ""}], "signs": [{"when": "title", "points": 1}], "enough": 1},
    "sign_in": {"method": "none"},
    "read": {
        "users": {
            "steps": [{"get": "users"}],
            "rows": "users",
            "fields": {"name": "name"},
            "complete": {"total": "total"},
        }
    },
    "write": {
        "remove_user": {
            "inputs": ["name"],
            "steps": [{"send": "POST", "path": "remove", "form": {"name": "${name}"}}],
            "verify": "users",
        }
    },
}
UNPROVEN = {"failed": True, "changed": True, "outcome": "failed", "reason": "the row is still there"}


class Loop:
    """Tasks of one run, as ordinary modules; each ends with the next of ``ends``."""

    def __init__(self, url: str, *ends: dict[str, Any]) -> None:
        self.url = url
        self.ends = iter(ends)
        self.began = 0

    def task(self, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        def execute(**_given: Any) -> dict[str, Any]:
            self.began += 1
            return dict(next(self.ends))

        args = {
            "url": self.url,
            "profile": PROFILE,
            "write": "remove_user",
            "inputs": {"name": "bob"},
            "expect": {"name": "bob"},
            "state": "absent",
            **options,
        }
        loader = DataLoader()
        task: Any = SimpleNamespace(
            args=args,
            action="printops.prisma.web_write",
            async_val=0,
            delegate_to=None,
            check_mode=check_mode,
            diff=False,
            no_log=False,
            get_name=lambda: "Remove users",
        )
        variables = {"inventory_hostname": "machine", "printops_in_process": False}
        action = ActionModule(task, MagicMock(), MagicMock(), loader, Templar(loader, variables=variables), MagicMock())
        cast(Any, action)._execute_module = execute
        return action.run(None, variables)


@pytest.mark.parametrize("end", [UNPROVEN, {"failed": True, "module_stdout": "", "msg": "MODULE FAILURE"}])
def test_no_item_is_tried_after_a_removal_that_is_not_proven(
    end: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    loop = Loop(f"https://{abs(hash(request.node.name))}.example.com/", end, {"changed": False}, {"changed": True})
    assert loop.task()["failed"]
    for _item in range(2):
        refused = loop.task()
        assert (refused["failed"], refused["changed"], refused["outcome"]) == (True, False, "not_tried")
        assert "'Remove users'" in refused["msg"]
        assert "correct the profile own" in refused["advice"]
    assert loop.began == 1
    assert "failed" not in loop.task(check_mode=True)
    assert "failed" not in loop.task(state="present")
    assert loop.began == 3


@pytest.mark.parametrize("end", [{"changed": True}, {**UNPROVEN, "changed": False}])
def test_a_removal_that_is_proven_or_was_never_sent_stops_nothing(
    end: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    loop = Loop(f"https://{abs(hash(request.node.name))}.example.com/", end, {"changed": True})
    loop.task()
    assert loop.task()["changed"]
