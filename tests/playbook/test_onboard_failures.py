# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Printers that fail in the role onboard, in both modes: rescue, any_errors_fatal, waves, and what the recap says."""

from __future__ import annotations

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import EITHER_MODE, MODES
from support.role_play import role_play, run_role

BOTH = pytest.mark.parametrize("mode", EITHER_MODE)


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    printers = {
        "good": {"language": "fr"},
        "down": {"trouble": "ors_down"},
        "stop-1": {"trouble": "ors_down"},
        "stop-2": {},
        "first": {},
        "second": {},
    }
    return make_fleet([{"name": f"{mode}-{name}", **more} for mode in MODES for name, more in printers.items()])


@BOTH
def test_a_failing_printer_fails_at_its_step_and_stops_no_other(fleet: Fleet, mode: str) -> None:
    good, down = f"{mode}-good", f"{mode}-down"
    run = fleet.onboard(fleet.inventory(good, down), mode=mode)
    assert run.returncode == 2
    assert run.outcomes == {good: "onboarded", down: "ors_not_ready"}
    assert run.failed == {down}
    assert run.recap[good]["failed"] == run.recap[good]["rescued"] == 0
    at_the_end = "Fail if the printer needs attention"
    of_step = ["Make sure that ORS is ready"] if mode == "tasks" else []
    assert run.failed_tasks() == {down: [*of_step, at_the_end]}
    _before, summary = run.output.split("\nOnboarding: ", 1)
    assert "Call the service technician" in " ".join(summary.split())
    assert "PLAY RECAP" in _before
    (message,) = [item["result"]["msg"] for item in run.results if item["status"] == "failed"][len(of_step) :]
    assert message.startswith("ors_not_ready: ")
    accepted = fleet.onboard(fleet.inventory(down, onboard_fail_on=["failed"]), mode=mode)
    assert accepted.returncode == 0, accepted.output
    assert accepted.failed == set()


@BOTH
def test_a_rescue_around_the_role_gets_the_printers_that_need_attention_with_their_result(
    fleet: Fleet, mode: str
) -> None:
    good, down = f"{mode}-good", f"{mode}-down"
    play = role_play(mode)
    play["tasks"] = [
        {
            "block": play["tasks"],
            "rescue": [{"ansible.builtin.debug": {"msg": "rescued {{ inventory_hostname }}"}}],
        },
        {"ansible.builtin.debug": {"msg": "{{ inventory_hostname }} ended {{ onboard_result.outcome }}"}},
    ]
    run = run_role(play, fleet.inventory(good, down))
    assert run.returncode == 0, run.output
    said: dict[str, list[str]] = {good: [], down: []}
    for item in run.results:
        if item["action"] == "ansible.builtin.debug":
            said[item["host"]].append(item["result"]["msg"])
    ended = run.outcomes[good]
    assert ended in ("onboarded", "already"), "another test may have onboarded it before"
    assert said == {good: [f"{good} ended {ended}"], down: [f"rescued {down}", f"{down} ended ors_not_ready"]}
    assert run.failed == set()
    assert run.recap[down]["rescued"] >= 1
    assert run.recap[good]["rescued"] == 0


@BOTH
def test_any_errors_fatal_ends_the_play_after_all_outcomes_are_reported(fleet: Fleet, mode: str) -> None:
    good, down = f"{mode}-good", f"{mode}-down"
    after = {"name": "A later task", "ansible.builtin.debug": {"msg": "later"}}
    run = run_role(role_play(mode, after, any_errors_fatal=True), fleet.inventory(good, down))
    assert run.returncode == 2
    assert set(run.outcomes) == {good, down}
    assert run.outcomes[down] == "ors_not_ready"
    assert down in run.failed
    assert not any(item["task"] == "A later task" for item in run.results)
    assert fleet.simulation.open_sessions() == {}


@BOTH
def test_too_many_failures_stop_the_next_wave_and_the_summary_is_shown(fleet: Fleet, mode: str) -> None:
    first, second = f"{mode}-stop-1", f"{mode}-stop-2"
    watch = fleet.watch()
    more = ("--extra-vars", "onboard_serial=1 onboard_max_fail_percentage=0")
    run = fleet.onboard(fleet.inventory(first, second), *more, mode=mode)
    assert run.returncode == 2
    assert run.outcomes == {first: "ors_not_ready", second: "not_tried"}
    assert run.report["without_result"] == [second]
    assert run.report["printers"][second]["reason"] == "its wave was not started"
    assert run.failed == {first}
    summary = run.output.split("\nOnboarding: ", 1)[1]
    assert summary.startswith("2 of 2 printers need attention. The run was stopped\n  1 not_tried, 1 ors_not_ready\n")
    assert f"    {second}  its wave was not started" in summary
    assert {who for who, _what in watch.audit()} == {first, "alpha"}  # the tenant's licences are read before a wave
    assert fleet.simulation.open_sessions() == {}


@BOTH
def test_waves_follow_each_other_with_one_sign_in_at_the_tenant(fleet: Fleet, mode: str) -> None:
    first, second = f"{mode}-first", f"{mode}-second"
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory(first, second), "--extra-vars", '{"onboard_serial": [1, "100%"]}', mode=mode)
    assert run.returncode == 0, run.output
    assert run.outcomes == dict.fromkeys((first, second), "onboarded")
    assert run.report["without_result"] == []
    subjects = [who for who, _what in watch.audit()]
    claimed = [index for index, (_who, what) in enumerate(watch.audit()) if what == "claim"]
    assert claimed[0] < subjects.index(second), "the second wave began before the first one was done"
    assert watch.count("sign_in", "alpha") == 1
    assert fleet.simulation.open_sessions() == {}


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_the_time_limit_of_tasks_ends_a_printer_and_no_batch(make_fleet: FleetMaker, mode: str) -> None:
    """Given printers that make no address and task_timeout, then each took too long, and the advice names the cause."""
    slow = make_fleet([{"name": "slow"}, {"name": "slower"}], {"registration_delay": 3600.0})
    limits = {"ANSIBLE_TASK_TIMEOUT": "10"}
    run = slow.onboard(slow.inventory(onboard_wait_timeout=14), mode=mode, env=limits)
    assert run.returncode == 2
    assert run.outcomes == dict.fromkeys(("slow", "slower"), "timeout"), run.output
    advice = " ".join(str(printer["advice"]) for printer in run.report["printers"].values())
    assert ("ANSIBLE_TASK_TIMEOUT" in advice) == (mode == "tasks")
