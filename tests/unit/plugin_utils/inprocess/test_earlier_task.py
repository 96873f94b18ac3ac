# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a task that has changed others than those it names, no later task of the run changes people there."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.printops.prisma.plugins.module_utils._options.site import SITE
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request, Task
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import UnplannedChange
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.cloud_action import CloudAction
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.earlier_task import EarlierTask, may_repeat
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from unit.action.run_action import run_action

UNPLANNED = {
    "failed": True,
    "outcome": "unplanned_change",
    "reason": "not planned by this run: dan@example.com is gone",
}
NUMBERS = itertools.count()


class Tasks:
    """Tasks of one run on an address of their own: what each ends with, and whether it began."""

    def __init__(self, *, in_process: bool = True, delegate_to: str | None = None) -> None:
        self.url = f"https://site-{next(NUMBERS)}.example.com/"
        self.in_process = in_process
        self.delegate_to = delegate_to
        self.reached = True
        """Whether the machine that the tasks are delegated to answers at all."""
        self.began = 0

    def run(
        self, end: dict[str, Any] | BaseException, *, check_mode: bool = False, options: Any = None, **more: Any
    ) -> dict[str, Any]:
        def work(*_given: Any, **_more: Any) -> dict[str, Any]:
            self.began += 1
            if isinstance(end, BaseException):
                raise end
            return dict(end)

        def run(request: Request) -> None:
            request.result.values.update(work())
            if request.result.values.pop("failed", False):
                raise UnplannedChange(request.result.values["reason"])

        def reach(*_given: Any, **_more: Any) -> None:
            if not self.reached:
                raise AnsibleConnectionFailure("no route to host")

        class Action(CloudAction):
            prisma_task = Task(
                name="it",
                interface="site",
                groups=(SITE,),
                options={"people": {"type": "list"}} if options is None else options,
                run=run,
            )
            _execute_module = work
            _low_level_execute_command = reach

        args = {"url": self.url, "username": "a", "password": "made-up", **more}
        variables = {"inventory_hostname": "north", "printops_in_process": self.in_process}
        return run_action(Action, args, variables, check_mode=check_mode, delegate_to=self.delegate_to)


class TaskTimeoutError(BaseException):
    """As Ansible's."""


@pytest.mark.parametrize("in_process", [True, False])
def test_the_next_task_is_refused_and_names_the_first_result(in_process: bool) -> None:
    tasks = Tasks(in_process=in_process)
    assert tasks.run(UNPLANNED)["outcome"] == "unplanned_change"
    for _attempt in range(2):
        result = tasks.run({"outcome": "applied"})
        assert (result["failed"], result["changed"], result["outcome"]) == (True, False, "guardrail_refused")
        for text in ("'Remove them'", "north", "unplanned_change", "dan@example.com is gone"):
            assert text in result["msg"]
        assert [one["name"] for one in result["guardrails"] if one["refused"]] == ["earlier_task"]
    assert tasks.began == 1


@pytest.mark.parametrize("in_process", [True, False])
def test_what_changes_nobody_or_is_elsewhere_is_not_stopped(in_process: bool) -> None:
    tasks = Tasks(in_process=in_process)
    tasks.run(UNPLANNED)
    assert tasks.run({"outcome": "drift"}, check_mode=True)["outcome"] == "drift"
    assert tasks.run({"outcome": "drift"}, options={"declared": {"type": "dict"}, "mode": {}}, mode="audit")["outcome"]
    assert tasks.run({"outcome": "in_sync"}, options={})["outcome"] == "in_sync"
    assert Tasks(in_process=in_process).run({"outcome": "applied"})["outcome"] == "applied"
    assert tasks.began == 4


def test_a_task_that_ansible_ended_may_have_sent_a_removal() -> None:
    tasks = Tasks()
    assert tasks.run(TaskTimeoutError())["outcome"] == "partly_applied"
    assert tasks.run({"outcome": "applied"})["outcome"] == "guardrail_refused"


def test_a_module_whose_machine_was_lost_may_have_sent_a_removal() -> None:
    tasks = Tasks(delegate_to="jump")
    result = tasks.run(AnsibleConnectionFailure("connection reset"))
    assert (result["outcome"], result["changed"], "unreachable" in result) == ("partly_applied", True, False)
    assert "to jump was lost" in result["msg"]
    assert tasks.run({"outcome": "applied"})["outcome"] == "guardrail_refused"
    assert tasks.began == 1


def test_how_a_job_in_the_background_ends_nobody_sees_so_none_begins_after_it() -> None:
    tasks = Tasks(in_process=False)
    assert tasks.run({"started": 1, "finished": 0, "ansible_job_id": "1.2"})["started"]
    result = tasks.run({"outcome": "applied"})
    assert (result["outcome"], tasks.began) == ("guardrail_refused", 1)
    assert "no result: it runs in the background (async)" in result["msg"]
    assert "Remove async" in result["advice"]


def test_a_machine_that_was_not_reached_has_removed_nobody() -> None:
    tasks = Tasks(delegate_to="jump")
    tasks.reached = False
    with pytest.raises(AnsibleConnectionFailure, match="no route"):
        tasks.run({"outcome": "applied"})
    tasks.reached = True
    with pytest.raises(AnsibleConnectionFailure):  # nobody is changed by it, whatever became of it
        tasks.run(AnsibleConnectionFailure("connection reset"), check_mode=True)
    assert tasks.run({"outcome": "applied"})["outcome"] == "applied"


def test_spellings_of_an_address_are_one_and_another_profile_is_not_stopped() -> None:
    store = SharedStore(slots=8)
    EarlierTask(store, "https://site.bücher.example/", "own", "people").save(dict(UNPLANNED), "t", "h", no_log=True)
    for host in ("Site.bücher.example", "site.bücher.example:443", "site.xn--bcher-kva.example"):
        same = EarlierTask(store, f"https://{host}/", "own", "people").refusal("h")
        assert same is not None, host
        assert "hidden by no_log" in same["msg"]
        assert "dan@example.com" not in str(same)
    assert EarlierTask(store, "https://site.bücher.example/", "other", "people").refusal("h") is None
    assert EarlierTask(store, "https://site.bücher.example:8443/", "own", "people").refusal("h") is None


def test_the_first_result_stays() -> None:
    store = SharedStore(slots=8)
    stop = EarlierTask(store, "https://site.example.com/", "own", "people")
    for task in ("t1", "t2"):
        stop.save(dict(UNPLANNED), task, "h", no_log=False)
    refused = stop.refusal("h")
    assert refused is not None
    assert refused["guardrails"][0]["found"]["task"] == "t1"


def test_a_task_with_a_name_of_any_length_stops_the_next_one() -> None:
    stop = EarlierTask(SharedStore(slots=8), "https://site.example.com/", "own", "people")
    stop.save(dict(UNPLANNED), "Remove " * 10_000, "h", no_log=False)
    assert stop.refusal("h") is not None


def test_a_memory_that_is_full_is_a_warning() -> None:
    store = SharedStore(slots=1)
    store.save("something", {"n": 1})
    result: dict[str, Any] = dict(UNPLANNED)
    EarlierTask(store, "https://site.example.com/", "own", "people").save(result, "t", "h", no_log=False)
    assert "are not stopped" in result["warnings"][0]


ADD = {"operation": "add_user", "person": "ann", "effects": {"dashboard": "added"}}
REMOVE = {"operation": "remove_dashboard", "person": "ann", "effects": {"dashboard": "removed"}}
DEMOTE = {**REMOVE, "operation": "set_person_role", "inputs": {"role": "employee"}}


def person(outcome: str, done: list[str] | None = None, left: list[str] | None = None) -> dict[str, Any]:
    return {"person": "ann", "outcome": outcome, "done": done or [], "left": left or []}


@pytest.mark.parametrize(
    ("steps", "people", "stops"),
    [
        ([REMOVE], [person("failed", left=["remove_dashboard"])], True),
        ([DEMOTE], [person("failed", left=["set_person_role employee"])], True),
        ([REMOVE], [person("failed", done=["remove_dashboard"])], True),
        ([ADD, REMOVE], [person("failed", left=["add_user", "remove_dashboard"])], False),
        ([ADD], [person("failed", done=["add_user"])], False),
        ([REMOVE], [person("done", done=["remove_dashboard"])], False),
        ([REMOVE], [person("not_tried", left=["remove_dashboard"])], False),
    ],
)
def test_a_removal_that_is_not_confirmed_stops_as_well(
    steps: list[dict[str, Any]], people: list[dict[str, Any]], stops: bool
) -> None:
    result = {"outcome": "partly_applied", "plan": {"steps": steps}, "people": people, "left": steps}
    assert may_repeat(result) is stops
    assert may_repeat({**result, "outcome": "drift"}) is False


@pytest.mark.parametrize("people", [[], [person("done", done=["remove_dashboard"])]])
@pytest.mark.parametrize("left", [{}, {"left": []}])
def test_removals_after_which_the_lists_were_not_read_stop_as_well(
    people: list[dict[str, Any]], left: dict[str, Any]
) -> None:
    """The person is gone by a search, and nothing shows who else is."""
    result = {"outcome": "partly_applied", "people": people, **left}
    assert may_repeat({**result, "plan": {"steps": [ADD, REMOVE]}}) is True
    assert may_repeat({**result, "plan": {"steps": [ADD]}}) is False


def test_a_result_without_a_plan_proves_nothing() -> None:
    assert may_repeat({"outcome": "partly_applied", "module_stdout": ""}) is True


@pytest.mark.parametrize("password", ["steps", "person", "operation", "effects", "removed", "people", "left", "failed"])
def test_a_password_that_is_a_word_of_the_result_hides_nothing_that_stops(password: str) -> None:
    tasks = Tasks(in_process=False)
    people = [person("failed", left=["remove_dashboard"])]
    end = {"failed": True, "outcome": "partly_applied", "plan": {"steps": [REMOVE]}, "people": people}
    assert tasks.run(end, password=password)["outcome"] == "partly_applied"
    assert tasks.run({"outcome": "applied"})["outcome"] == "guardrail_refused"
