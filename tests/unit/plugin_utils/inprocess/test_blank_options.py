# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An option that is given and blank neither widens what a task does nor lifts a guardrail: it is refused.

In playbooks: an item that is commented out, the template of a variable that has no value. An empty variable of the
environment is none, as CI services pass one that is not set.
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
from ansible_collections.printops.prisma.plugins.modules.cloud_access import TASK as ACCESS_TASK
from ansible_collections.printops.prisma.plugins.modules.cloud_admin import TASK as ADMIN
from ansible_collections.printops.prisma.plugins.modules.cloud_printer import TASK as PRINTER
from ansible_collections.printops.prisma.plugins.modules.cloud_site_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from ansible_collections.printops.prisma.plugins.modules.home_access import TASK as HOME_ACCESS
from ansible_collections.printops.prisma.plugins.modules.home_device import TASK as DEVICE
from ansible_collections.printops.prisma.plugins.modules.home_people_info import TASK as PEOPLE_INFO
from ansible_collections.printops.prisma.plugins.modules.home_user import TASK as PERSON
from ansible_collections.printops.prisma.plugins.modules.printer_registration import TASK as REGISTRATION
from ansible_collections.printops.prisma.plugins.plugin_utils._core_versions import resolved
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.options import completed, validated
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
    assert "Leave it out" in found["advice"]


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(
    ("task", "option"),
    [
        *[(task, option) for task in (USER, ADMIN, PERSON) for option in ("people", "email", "state", "applications")],
        *[(task, "state") for task in (PRINTER, DEVICE, REGISTRATION)],
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


# --- whose people ---


OF_SITES = [INFO, PRINTER, USER, ADMIN, ACCESS_TASK]
OF_TENANTS = [DEVICE, PEOPLE_INFO, PERSON, HOME_ACCESS]
NAMED = [*[(task, "site") for task in OF_SITES], *[(task, "tenant") for task in OF_TENANTS]]


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(("task", "option"), NAMED)
def test_a_blank_name_of_a_site_or_tenant_does_not_hide_its_variable(
    task: Task, option: str, blank: str | None
) -> None:
    with pytest.raises(BadInput, match=rf"^{option} \(printops_{option}\) is empty$"):
        given(task, {option: blank}, **{f"printops_{option}": "north"})


@pytest.mark.parametrize("blank", [*BLANK, trust_as_template("{{ none }}"), trust_as_template("{{ x | default('') }}")])
@pytest.mark.parametrize(("task", "option"), NAMED)
def test_a_blank_variable_does_not_take_away_the_proof_of_the_site_or_tenant(
    task: Task, option: str, blank: Any
) -> None:
    variable = f"printops_{option}"
    with pytest.raises(BadInput, match=f"^{variable} is empty$"):
        given(task, {}, **{variable: blank})
    assert given(task, {option: "north"}, **{variable: blank})[option] == "north"


@pytest.mark.parametrize(("task", "option"), NAMED)
def test_a_variable_that_is_omitted_is_none(task: Task, option: str) -> None:
    assert given(task, {}, **{f"printops_{option}": trust_as_template("{{ x | default(omit) }}")}) == {}
    assert given(task, {}, **{f"printops_{option}": trust_as_template("{{ 'no' ~ 'rth' }}")}) == {option: "north"}


@pytest.mark.parametrize(("value", "site"), [(None, None), ("", None), ("north", "north")])
def test_an_empty_variable_of_the_environment_is_none(
    value: str | None, site: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv("PRINTOPS_SITE", raising=False)
    else:
        monkeypatch.setenv("PRINTOPS_SITE", value)
    assert validated(USER, "it", ABSENT, set(), print)["site"] == site
