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
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible_collections.printops.prisma.plugins.action import (
    cloud_access,
    cloud_admin,
    cloud_user,
    home_access,
    home_user,
)
from ansible_collections.printops.prisma.plugins.module_utils._options.guardrails import GUARDRAILS
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Task
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.modules.cloud_admin import TASK as ADMIN
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from ansible_collections.printops.prisma.plugins.modules.home_user import TASK as PERSON
from ansible_collections.printops.prisma.plugins.plugin_utils._core_versions import resolved
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.options import completed
from support.simulation import ROOT
from support.templating import templar, trust_as_template

ACCESS = "printops.prisma.cloud_access"
BLANK = [None, "", "  "]
ABSENT = {"people": ["jo@example.com"], "state": "absent"}


def given(task: Task, args: dict[str, Any], **variables: Any) -> dict[str, Any]:
    """Return the options that a task with these arguments and variables gets."""
    return completed(task, args, variables, templar(**variables).template)


def result(action: Any, args: dict[str, Any], **variables: Any) -> dict[str, Any]:
    """Return the result of an action that cannot get as far as a request: it has no address, and no way to sign in."""
    loader = DataLoader()
    task: Any = SimpleNamespace(
        args=args, action="printops.prisma.it", async_val=0, delegate_to=None, check_mode=False, diff=False
    )
    made = action.ActionModule(task, MagicMock(), MagicMock(), loader, templar(**variables), MagicMock())
    found: dict[str, Any] = made.run(None, {"inventory_hostname": "localhost", **variables})
    return found


def of_role(**variables: Any) -> dict[str, Any]:
    """Return the options that the role cloud_access gives with these variables, without the files."""
    tasks = yaml.safe_load((ROOT / "roles" / "cloud_access" / "tasks" / "main.yml").read_text(encoding="utf-8"))
    (block,) = (task["block"] for task in tasks if "block" in task)
    given = {name: trust_as_template(block[0][ACCESS][name]) for name in ("mode", "plan_sha256")}
    found: dict[str, Any] = resolved(templar(**variables).template, given)
    return found


# --- people one by one ---


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


# --- all people declared ---


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize("variable", ["cloud_access_plan_sha256", "cloud_access_mode"])
@pytest.mark.parametrize("action", [cloud_access, home_access])
def test_a_blank_variable_of_the_role_is_named(action: Any, variable: str, blank: str | None) -> None:
    """Given the digest in a status.json of a run that read no lists, which is null, no plan is applied unreviewed."""
    found = result(action, {**of_role(**{variable: blank}), "declared": {"mode": "authoritative"}})
    assert (found["failed"], found["outcome"]) == (True, "bad_input"), found
    assert found["reason"] == f"{variable.removeprefix('cloud_access_')} ({variable}) is empty"


def test_a_variable_of_the_role_that_is_not_defined_asks_for_nothing() -> None:
    assert of_role() == {}
    assert of_role(cloud_access_mode="audit", cloud_access_plan_sha256="0" * 64) == {
        "mode": "audit",
        "plan_sha256": "0" * 64,
    }
