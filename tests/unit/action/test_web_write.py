# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A loop over removals ends with the first one that was sent and is not proven; what removes nothing goes on."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.action.web_write import ActionModule
from unit.action.run_action import run_action

NUMBERS = count()
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


class TaskTimeoutError(BaseException):
    """As Ansible's."""


class Loop:
    """Tasks of one run, as ordinary modules; each ends with the next of ``ends``."""

    def __init__(self, *ends: dict[str, Any] | BaseException) -> None:
        self.url = f"https://machine-{next(NUMBERS)}.example.com/"
        self.ends = iter(ends)
        self.began = 0

    def task(self, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        def module(**_given: Any) -> dict[str, Any]:
            self.began += 1
            end = next(self.ends)
            if isinstance(end, BaseException):
                raise end
            return dict(end)

        args = {
            "url": self.url,
            "profile": PROFILE,
            "write": "remove_user",
            "inputs": {"name": "bob"},
            "expect": {"name": "bob"},
            "state": "absent",
            **options,
        }
        variables = {"inventory_hostname": "machine", "printops_in_process": False}
        return run_action(ActionModule, args, variables, check_mode=check_mode, module=module)


KILLED = {"failed": True, "module_stdout": "", "msg": "MODULE FAILURE"}
DEFECT = {"failed": True, "defect": "Traceback: of what was answered", "msg": "a defect of this collection"}


@pytest.mark.parametrize("end", [UNPROVEN, KILLED, DEFECT])
def test_no_item_is_tried_after_a_removal_that_is_not_proven(end: dict[str, Any]) -> None:
    loop = Loop(end, {"changed": False}, {"changed": True})
    assert loop.task()["failed"]
    for _item in range(2):
        refused = loop.task()
        assert (refused["failed"], refused["changed"], refused["outcome"]) == (True, False, "not_tried")
        assert "'Remove them'" in refused["msg"]
        assert "correct the profile own" in refused["advice"]
    assert loop.began == 1
    assert "failed" not in loop.task(check_mode=True)
    assert "failed" not in loop.task(state="present")
    assert loop.began == 3


@pytest.mark.parametrize("end", [{"changed": True}, {**UNPROVEN, "changed": False}])
def test_a_removal_that_is_proven_or_was_never_sent_stops_nothing(end: dict[str, Any]) -> None:
    loop = Loop(end, {"changed": True})
    loop.task()
    assert loop.task()["changed"]


def test_a_task_that_ansible_ended_may_have_sent_its_removal() -> None:
    loop = Loop(TaskTimeoutError(), {"changed": True})
    with pytest.raises(TaskTimeoutError):
        loop.task()
    assert (loop.task()["outcome"], loop.began) == ("not_tried", 1)
