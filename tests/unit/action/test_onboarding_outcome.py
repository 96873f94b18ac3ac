# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last step of each printer in tasks mode: which failure counts, and when a printer needs attention."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.printops.prisma.plugins.action import onboarding_outcome
from ansible_collections.printops.prisma.plugins.action.onboarding_outcome import ActionModule
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import NOT_READ, STOPPED_BY_ANOTHER
from ansible_collections.printops.prisma.plugins.plugin_utils._report import of_variables
from ansible_collections.printops.prisma.plugins.plugin_utils._report.at_end import RunNotes
from support.full_disk import fill_disk
from support.templating import trust_as_template
from unit.action.role_task import role_task

INFO: dict[str, Any] = {
    "device": {"serial": "SN1", "model": "m1", "controller": "SRA"},
    "registration": {"state": "registered", "method": "link"},
    "check_mode": False,
}
BUSY = {"failed": True, "outcome": "busy", "msg": "p1: it is busy", "advice": "Wait."}


def outcome(
    results: dict[str, Any],
    *,
    variables: dict[str, Any] | None = None,
    check_mode: bool = False,
    interrupted: bool = False,
    declared_only: bool = False,
    **declared: Any,
) -> dict[str, Any]:
    """Return the result of the task with these results of the steps, and these variables of the role."""
    loader = DataLoader()
    task: Any = role_task()
    task.action, task.check_mode = "printops.prisma.onboarding_outcome", check_mode
    task.args = {"interrupted": interrupted, "declared_only": declared_only}
    action = ActionModule(task, MagicMock(), MagicMock(), loader, Templar(loader), MagicMock())
    known = {f"onboard__{name}": result for name, result in results.items()}
    known |= {"onboard_files": "/f", **{f"onboard_{name}": value for name, value in declared.items()}}
    return action.run(None, {"inventory_hostname": "p1", **known, **(variables or {})})


def test_a_good_printer_needs_no_attention() -> None:
    found = outcome({"info": INFO}, fail_on=["busy"])
    assert (found["outcome"], found["attention"], found["changed"]) == ("already", "", False)
    assert not found.get("failed")


def test_an_outcome_that_cannot_be_noted_for_the_summary_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = RunNotes()
    for module in (onboarding_outcome, of_variables):
        monkeypatch.setattr(module, "NOTES", notes)
    fill_disk(monkeypatch)
    found = outcome({"info": INFO}, fail_on=["busy"])
    assert (found["outcome"], found.get("failed"), len(found["warnings"])) == ("already", None, 1)


def test_the_step_that_failed_decides_and_the_task_itself_does_not_fail() -> None:
    found = outcome({"info": INFO, "pressed": BUSY}, fail_on=["busy"], interrupted=True)
    assert found["outcome"] == "busy"
    assert found["attention"] == "busy: p1: it is busy. Wait."
    assert not found.get("failed")


def test_results_of_an_earlier_use_of_the_role_count_for_nothing_after_the_step_that_failed() -> None:
    """Ansible keeps registered variables: the role ran before, in this play or in an earlier one."""
    wrong = {"failed": True, "outcome": "wrong_device", "msg": "p1: another one"}
    before = {"pressed": {"pressed": True, "plan": {"before": {"a": 1}, "after": {"a": 2}}}, "collected": BUSY}
    found = outcome({"info": wrong, **before}, interrupted=True)
    assert (found["outcome"], found["pressed"], found["changes"]) == ("wrong_device", False, [])
    viewer = {"failed": True, "outcome": "auth_failed", "msg": "p1: refused"}
    found = outcome({"viewer": viewer, "info": {**INFO, "check_mode": True}}, interrupted=True)
    assert (found["outcome"], found["planned"], found["serial"]) == ("auth_failed", False, None)


def test_steps_that_another_printer_stopped_are_not_tried() -> None:
    found = outcome({"info": INFO}, interrupted=True)
    assert (found["outcome"], found["reason"]) == ("not_tried", STOPPED_BY_ANOTHER)


@pytest.mark.parametrize("results", [{}, {"viewer": {"ors": {"ready": True}}}, {"pressed": {"registration": {}}}])
def test_a_run_that_began_in_the_middle_says_where_to_begin(results: dict[str, Any]) -> None:
    failed = {"failed": True, "msg": "a template that had no value"}
    for more in ({}, {"proxy": failed}):
        found = outcome({**results, **more}, interrupted=bool(more))
        assert (found["outcome"], found["reason"]) == ("not_tried", NOT_READ)
        assert "--start-at-task" in found["reason"]


def test_a_wave_that_was_refused_is_the_outcome_of_each_of_its_printers() -> None:
    """Results of an earlier use of the role, in this play or in an earlier one, count for nothing."""
    refusal = {"outcome": "not_tried", "reason": "this wave needs 12 licences", "advice": "Ask."}
    wave = {"refusal": refusal, "printers": {}, "tenants": {}}
    for more in ({}, {"info": INFO, "home": {"claimed": True}}):
        results: dict[str, Any] = {"licences": wave, **more}
        found = outcome(results, interrupted=True, fail_on=["not_tried"])
        assert (found["outcome"], found["reason"], found["serial"]) == (
            "not_tried",
            "this wave needs 12 licences",
            None,
        )
        assert found["attention"] == "not_tried: this wave needs 12 licences. Ask."


@pytest.mark.parametrize("step", ["viewer", "viewer_signed_out"])
def test_a_step_that_failed_is_told_although_the_printer_was_not_read(step: str) -> None:
    refused = {"failed": True, "outcome": "auth_failed", "msg": "p1: refused"}
    assert outcome({step: refused}, interrupted=True)["outcome"] == "auth_failed"


@pytest.mark.parametrize(
    ("variables", "attention"),
    [
        ({}, True),
        ({"ansible_run_tags": ["all"], "ansible_skip_tags": []}, True),
        ({"ansible_run_tags": ["look"]}, False),
        ({"ansible_run_tags": ["all"], "ansible_skip_tags": ["claim"]}, False),
    ],
)
def test_a_printer_of_which_steps_were_left_out_on_purpose_needs_no_attention(
    variables: dict[str, Any], attention: bool
) -> None:
    unregistered = {**INFO, "registration": {"state": "unregistered"}}
    found = outcome({"info": unregistered}, variables=variables, fail_on=["not_tried"])
    assert found["outcome"] == "not_tried"
    assert bool(found["attention"]) is attention


@pytest.mark.parametrize(("info", "task", "planned"), [(True, False, True), (False, True, False), (None, True, True)])
def test_it_is_a_prediction_where_the_printer_was_read_in_check_mode(
    info: bool | None, task: bool, planned: bool
) -> None:
    read = {} if info is None else {"info": {**INFO, "check_mode": info}}
    assert outcome(read, check_mode=task)["planned"] is planned


def test_what_is_declared_takes_part_in_the_findings() -> None:
    on = {"id": "remote-match", "enabled": False, "name": "Remote Match", "licensed": None}
    home = {"claimed": False, "device": {"applications": [on]}}
    given: dict[str, Any] = {"applications": {"remote-match": "yes"}, "fail_on": ["application_not_enabled"]}
    declared = outcome({"info": INFO, "home": home}, **given)
    assert [item["finding"] for item in declared["findings"]] == ["application_not_enabled"]
    assert declared["attention"].startswith("application_not_enabled: ")


def test_a_variable_that_has_no_value_is_named_like_one_that_is_wrong() -> None:
    """As in bulk mode, and without a secret: the role's own check of types would end the printer before its report."""
    lookup = trust_as_template("{{ lookup('ansible.builtin.file', '/no/such/file') }}")
    proxy = {"host": "p", "password": "correct horse", "port": "correct horse"}
    for wrong, name in (({"wait_sleep": lookup}, "onboard_wait_sleep"), ({"proxy": proxy}, "onboard_proxy")):
        refused = outcome({}, declared_only=True, **wrong)
        assert refused["failed"] and name in refused["msg"]
        found = outcome({}, interrupted=True, **wrong)
        assert (found["outcome"], found.get("failed")) == ("failed", None)
        assert name in found["attention"] and "correct horse" not in str(refused) + str(found)


def test_wrong_options_are_named() -> None:
    found = outcome({"info": INFO}, fail_on=["busy"], clock_tolerance="soon")
    assert found["failed"]
    assert "clock_tolerance" in found["msg"]


def test_wrong_options_hide_no_step_that_failed() -> None:
    wrong: dict[str, Any] = {"applications": {"a": "maybe"}, "interrupted": True}
    found = outcome({"info": INFO, "applications": BUSY}, **wrong)
    assert (found["outcome"], found["attention"]) == ("busy", "busy: p1: it is busy. Wait.")
    found = outcome({"info": INFO}, **wrong)
    assert found["outcome"] == "failed"
    assert found["attention"].startswith("failed: onboard_applications.a is 'maybe', but must be true or false")


def test_what_is_declared_is_checked_before_the_first_step() -> None:
    """As in bulk mode: the printer fails with the reason, and not because nothing was read."""
    assert outcome({}, applications={"remote-match": True}, declared_only=True) == {"changed": False}
    refused = outcome({}, applications={"remote-mach": True}, declared_only=True)
    assert refused["failed"]
    assert "onboard_applications names 'remote-mach'" in refused["msg"]
    found = outcome({}, applications={"remote-mach": True}, interrupted=True)
    assert found["outcome"] == "failed"
    assert "onboard_applications names 'remote-mach'" in found["attention"]
    assert "printops_connectors" in found["advice"]


def test_what_is_null_counts_as_not_given() -> None:
    """As in bulk mode: a printer whose variable overrides that of its group with nothing."""
    found = outcome({"info": INFO}, fail_on=None, applications=None, clock_tolerance=None, proxy=None)
    assert not found.get("failed"), found
    assert found["outcome"] == "already"
