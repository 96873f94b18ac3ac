# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of a play in either mode: who has one, and why the others have none."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import (
    FIELDS,
    LEFT_OUT,
    NOT_STARTED,
    OnboardingResult,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._report.play import ENDED_BEFORE, PlayResults

LEFT_TO_TASKS = {"runs_as_tasks": True, "attention": ""}


def result(outcome: str = "already", attention: str = "", *, planned: bool = False, **more: Any) -> dict[str, Any]:
    """Return the result of a printer as the variables of a play hold it."""
    good = outcome in ("already", "onboarded", "awaiting_claim")
    made = OnboardingResult(outcome, good, planned, "The advice.", **more).as_dict()
    return {**made, "changed": False, "failed": False, "attention": attention}


def of_play(
    hosts: list[str],
    hostvars: dict[str, dict[str, Any]],
    *,
    bulk: bool,
    batch: list[str] | None = None,
    left: list[str] | None = None,
    **more: Any,
) -> PlayResults:
    """Return the report of a play whose hosts have these variables; ``left`` are those that have not failed."""
    variables: dict[str, Any] = {
        "ansible_play_hosts_all": hosts,
        "ansible_play_batch": hosts if batch is None else batch,
        "ansible_play_hosts": hosts if left is None else left,
        "hostvars": {name: hostvars.get(name, {}) for name in hosts},
    }
    return PlayResults.of_play(variables, bulk=bulk, **{"check_mode": False, **more})


# --- whose results ---


def test_in_tasks_mode_each_host_has_its_own_result() -> None:
    report = of_play(
        ["a", "b", "c"],
        {"a": {"onboard__outcome": result()}, "b": {"onboard__outcome": result("busy", "busy: wait")}},
        bulk=False,
    )
    assert list(report.printers) == ["a", "b"]
    assert set(report.printers["a"]) <= {*FIELDS, "attention"}
    why = "the task 'Read the printer' did not run: start there, or before it (--start-at-task)"
    assert report.without_result == {"c": why}
    assert report.attention == {"b": "busy: wait", "c": f"not_tried: {why}"}


def test_where_a_condition_left_out_the_first_host_the_others_have_results_of_their_own() -> None:
    skipped = {"onboard_results": {"skipped": True, "changed": False}}
    report = of_play(["a", "b"], {"a": skipped, "b": {**skipped, "onboard__outcome": result()}}, bulk=True)
    assert (list(report.printers), report.without_result) == (["b"], {"a": LEFT_OUT})
    assert report.attention == {}


@pytest.mark.parametrize("bulk", [False, True])
def test_a_printer_that_was_left_out_or_has_ended_before_needs_no_attention_here(bulk: bool) -> None:
    left_out = {"changed": False, "skipped": True, "attention": ""}
    batch = {"onboard_results": {"printers": {"a": result(), "b": left_out}}}
    hostvars = {"a": {"onboard__outcome": result()}, "b": {"onboard__outcome": left_out}}
    hostvars = {"a": batch, "b": batch} if bulk else hostvars
    report = of_play(["a", "b", "c", "d"], hostvars, bulk=bulk, batch=["a", "b"], left=["a", "b", "d"])
    assert list(report.printers) == ["a"]
    assert report.without_result == {"b": LEFT_OUT, "c": ENDED_BEFORE, "d": NOT_STARTED}
    assert report.attention == {}


@pytest.mark.parametrize("bulk", [False, True])
def test_results_of_an_earlier_play_are_not_of_this_one(bulk: bool) -> None:
    """Given two plays over the same hosts, of which the second is stopped, then who has no result of it says so."""
    old = {**result(), "play": "first"}
    batch = {"play": "first", "printers": {"a": result("busy", "busy: x"), "b": result()}}
    new = {**result("onboarded"), "play": "second"}
    own = {"play": "second", "printers": {"a": result("onboarded")}}
    hostvars = {"a": {"onboard__outcome": new, "onboard_results": own}, "b": {"onboard__outcome": old}}
    hostvars["b"]["onboard_results"] = batch
    report = of_play(["a", "b"], hostvars, bulk=bulk, batch=["a"], play="second")
    assert {name: found["outcome"] for name, found in report.printers.items()} == {"a": "onboarded"}
    assert report.without_result == {"b": NOT_STARTED}


def test_in_bulk_mode_the_results_of_a_batch_are_in_one_variable_of_its_hosts() -> None:
    """Of earlier waves too; printers that are left to the tasks have their own."""
    first = {"onboard_results": {"printers": {"a": result(), "b": result("busy", "busy: wait")}}}
    second = {
        "onboard_results": {"printers": {"c": result("onboarded"), "d": LEFT_TO_TASKS}},
    }
    hostvars = {
        "a": first,
        "b": first,
        "c": second,
        "d": {**second, "onboard__outcome": result("timeout", "timeout: x")},
    }
    report = of_play(["a", "b", "c", "d", "e"], hostvars, bulk=True, batch=["c", "d"])
    assert {name: found["outcome"] for name, found in report.printers.items()} == {
        "a": "already",
        "b": "busy",
        "c": "onboarded",
        "d": "timeout",
    }
    assert report.attention == {"d": "timeout: x"}, "b was failed by its own wave"
    assert list(report.batch) == ["c", "d"]
    assert list(report.without_result) == ["e"]


def test_a_printer_whose_tasks_came_to_nothing_has_no_result() -> None:
    batch = {"onboard_results": {"printers": {"a": LEFT_TO_TASKS, "b": LEFT_TO_TASKS}}}
    report = of_play(["a", "b"], {"a": batch, "b": {**batch, "onboard__outcome": {}}}, bulk=True)
    assert (report.printers, list(report.without_result)) == ({}, ["a", "b"])


def test_results_of_another_play_of_the_run_are_left_out() -> None:
    """check_fleet and onboard_fleet in one playbook: Ansible keeps registered variables from play to play."""
    hostvars = {"a": {"onboard__outcome": result(planned=True)}, "b": {"onboard__outcome": result("busy", "busy: x")}}
    assert list(of_play(["a", "b"], hostvars, bulk=False).printers) == ["b"]
    predicted = of_play(["a", "b"], hostvars, bulk=False, check_mode=True)
    assert list(predicted.printers) == ["a"]
    assert predicted.attention["b"].startswith("not_tried: "), "a host of the batch has a result, or did not run"


def test_in_tasks_mode_a_result_of_bulk_mode_counts_for_nothing() -> None:
    batch = {"onboard_results": {"printers": {"a": result()}}}
    assert of_play(["a"], {"a": batch}, bulk=False).printers == {}


def test_a_batch_that_was_stopped_is_reported_with_the_waves_before_it() -> None:
    earlier = {"onboard_results": {"printers": {"a": result("onboarded")}}}
    stopped = {"b": result("not_tried", "not_tried: the run was stopped"), "c": result("already")}
    report = of_play(["a", "b", "c", "d", "e"], {"a": earlier}, bulk=True, batch=["b", "c", "d"], batch_results=stopped)
    assert list(report.printers) == ["a", "b", "c"]
    assert list(report.batch) == ["b", "c"]
    assert list(report.without_result) == ["d", "e"]


def test_the_report_has_every_printer_of_the_play() -> None:
    report = of_play(["a", "b"], {"a": {"onboard__outcome": result("onboarded")}}, bulk=False, batch=["a"]).report()
    assert {each.name: each.outcome for each in report.printers} == {"a": "onboarded", "b": "not_tried"}
    assert report.counts == {"onboarded": 1}
    assert report.as_dict()["printers"]["b"]["reason"] == NOT_STARTED
