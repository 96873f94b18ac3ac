# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a play: whose results it holds in either mode, what is listed and counted, and the file."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import FIELDS, OnboardingResult
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._report.report import (
    ENDED_BEFORE,
    LEFT_OUT,
    LISTED,
    NOT_STARTED,
    Report,
)

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
) -> Report:
    """Return the report of a play whose hosts have these variables; ``left`` are those that have not failed."""
    variables: dict[str, Any] = {
        "ansible_play_hosts_all": hosts,
        "ansible_play_batch": hosts if batch is None else batch,
        "ansible_play_hosts": hosts if left is None else left,
        "hostvars": {name: hostvars.get(name, {}) for name in hosts},
    }
    return Report.of_play(variables, bulk=bulk, **{"check_mode": False, **more})


def shown(report: Report) -> str:
    """Return what the report shows."""
    texts: list[str] = []
    report.show(texts.append)
    return "\n".join(texts)


# --- whose results ---


def test_in_tasks_mode_each_host_has_its_own_result() -> None:
    report = of_play(
        ["a", "b", "c"],
        {"a": {"onboard__outcome": result()}, "b": {"onboard__outcome": result("busy", "busy: wait")}},
        bulk=False,
    )
    assert list(report.printers) == ["a", "b"]
    assert set(report.printers["a"]) <= set(FIELDS)
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
    assert "(1 not started yet)" in shown(report)


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
    text = shown(report)
    assert [line.split()[:2] for line in text.splitlines() if line.split()[:1] in (["b"], ["c"])] == [
        ["b", "not_tried"],
        ["c", "already"],
    ]
    assert "Total  already: 1  not_tried: 1  onboarded: 1  (2 not started yet)" in text


# --- what is shown ---


def test_a_play_in_one_wave_has_one_table_and_its_counts() -> None:
    clock = {"finding": "clock_wrong", "what": "it is 1 h behind", "advice": "Set it."}
    hostvars = {
        "a": {"onboard__outcome": result(findings=[clock])},
        "b": {"onboard__outcome": result("busy", "busy: x", reason="somebody writes")},
    }
    text = shown(of_play(["a", "b"], hostvars, bulk=False))
    assert text.startswith("\nOnboarding\nPRINTER")
    assert "\nalready: 1  busy: 1  clock_wrong: 1\n" in text
    assert "Total" not in text
    assert "not started" not in text
    assert shown(
        of_play(["a"], {"a": {"onboard__outcome": result(planned=True)}}, bulk=False, check_mode=True)
    ).startswith("\nPredicted result (check mode)\n")


def test_a_wave_lists_its_own_printers_and_counts_all() -> None:
    hostvars = {name: {"onboard__outcome": result()} for name in "ab"}
    text = shown(of_play(["a", "b", "c"], hostvars, bulk=False, batch=["b"]))
    assert "\nb " in text
    assert "\na " not in text
    assert "Total  already: 2  (1 not started yet)" in text


def test_of_a_large_fleet_only_printers_with_changes_or_findings_are_listed() -> None:
    hosts = [f"quiet-{number}" for number in range(LISTED)]
    hostvars = {name: {"onboard__outcome": result()} for name in hosts}
    assert shown(of_play(hosts, hostvars, bulk=False)).count("\nquiet-") == LISTED
    hostvars["changed"] = {"onboard__outcome": result("onboarded", changes=["a: b -> c"])}
    hostvars["bad"] = {"onboard__outcome": result("busy", "busy: x")}
    text = shown(of_play([*hosts, "changed", "bad"], hostvars, bulk=False))
    assert f"Onboarding ({LISTED} printers without changes or findings are not listed)" in text
    assert "quiet-" not in text
    assert "\nchanged " in text
    assert "\nbad " in text
    assert f"already: {LISTED}  busy: 1  onboarded: 1" in text


def test_without_any_result_there_is_no_table() -> None:
    text = shown(of_play(["a"], {}, bulk=True, batch=[]))
    assert "PRINTER" not in text
    assert "(1 not started yet)" in text


# --- the file ---


def test_the_file_holds_every_printer_of_the_play_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.json"
    of_play(["a", "b"], {"a": {"onboard__outcome": result("onboarded")}}, bulk=False, batch=["a"]).write(str(path))
    written = json.loads(path.read_text(encoding="utf-8"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {name: found["outcome"] for name, found in written["printers"].items()} == {
        "a": "onboarded",
        "b": "not_tried",
    }
    assert written["printers"]["b"]["reason"] == NOT_STARTED
    assert "attention" not in written["printers"]["a"]
    assert (written["counts"], written["without_result"], written["schema"]) == ({"onboarded": 1}, ["b"], 1)


def test_a_place_that_cannot_be_written_is_named_by_the_variable(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="onboard_report"):
        of_play(["a"], {}, bulk=False).write(str(tmp_path))
