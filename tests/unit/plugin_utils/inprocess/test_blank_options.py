# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An option that is given and blank neither widens what a task does nor lifts a guardrail: it is refused.

In playbooks: an item that is commented out, the template of a variable that has no value.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action import cloud_admin, cloud_user, home_user
from ansible_collections.printops.prisma.plugins.module_utils._options.guardrails import GUARDRAILS
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.modules.cloud_admin import TASK as ADMIN
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from ansible_collections.printops.prisma.plugins.modules.home_user import TASK as PERSON
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.options import completed

BLANK = [None, "", "  "]
ABSENT = {"people": ["jo@example.com"], "state": "absent"}


def given(task: Task, args: dict[str, Any], **variables: Any) -> dict[str, Any]:
    """Return the options that a task with these arguments and variables gets."""
    return completed(task, args, variables, Templar(DataLoader(), variables=variables).template)


def result(action: Any, args: dict[str, Any], **variables: Any) -> dict[str, Any]:
    """Return the result of an action that cannot get as far as a request: it has no address, and no way to sign in."""
    loader = DataLoader()
    task: Any = SimpleNamespace(
        args=args, action="printops.prisma.it", async_val=0, delegate_to=None, check_mode=False, diff=False
    )
    templar = Templar(loader, variables=variables)
    made = action.ActionModule(task, MagicMock(), MagicMock(), loader, templar, MagicMock())
    found: dict[str, Any] = made.run(None, {"inventory_hostname": "localhost", **variables})
    return found


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize("action", [cloud_user, cloud_admin, home_user])
def test_blank_applications_do_not_stand_for_all(action: Any, blank: str | None) -> None:
    found = result(action, {**ABSENT, "applications": blank})
    assert (found["failed"], found["outcome"]) == (True, "bad_input"), found
    assert found["reason"] == "applications is empty"
    assert "leave the option out" in found["advice"]


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(
    ("task", "option"),
    [
        *[(task, option) for task in (USER, ADMIN, PERSON) for option in ("people", "email", "state", "applications")],
        (PERSON, "role"),
        *[(task, option) for task in (USER, ADMIN, PERSON) for option in GUARDRAILS.spec],
    ],
)
def test_options_that_say_who_and_how_much_are_not_blank(task: Task, option: str, blank: str | None) -> None:
    with pytest.raises(BadInput, match=f"^{option} is empty$"):
        given(task, {option: blank})


def test_all_blank_options_are_named_together() -> None:
    with pytest.raises(BadInput, match=r"^applications is empty; protected is empty$"):
        given(USER, {**ABSENT, "protected": None, "applications": ""})


def test_an_option_that_is_left_out_has_its_default_and_an_empty_list_is_a_value() -> None:
    assert given(USER, ABSENT) == ABSENT
    assert given(ADMIN, {**ABSENT, "applications": [], "protected": []})["applications"] == []
    assert given(USER, {**ABSENT, "max_removals": 0, "session_file": "", "ca_path": None})["max_removals"] == 0
