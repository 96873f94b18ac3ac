# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible users expect of any role, of the role onboard in both modes: lists, tags, conditions, defaults."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.inventory import inventory_of, write_inventory
from support.playbook import EITHER_MODE, MODES, command, environment, run_playbook
from support.role_play import role_play, run_role

STEP_NAMES = [
    "Check ORS with the viewer account",
    "Sign the viewer out",
    "Read the printer",
    "Switch the cloud applications on the printer",
    "Set the proxy client",
    "Make sure that ORS is ready",
    "Check if PRISMA Home has the printer",
    "Check if the administration site has the printer",
    "Press [Register] if needed",
    "Collect the registration address",
    "Claim the printer in PRISMA Home",
    "Wait until PRISMA Home shows the printer",
    "Complete the hand-over at the administration site",
]
TAGS = {"always", "applications", "claim", "look", "ors", "proxy", "register"}
NOT_TRIED = ("Determine the outcome", "Make sure that ORS is ready", "Collect the registration address")
BOTH = pytest.mark.parametrize("mode", EITHER_MODE)


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    of_each_mode: list[dict[str, Any]] = [
        {"name": f"{mode}-{name}", **more}
        for mode in MODES
        for name, more in (
            ("limit-1", {}),
            ("limit-2", {}),
            ("defaults", {}),
            ("proxy", {"network": "proxy_required", "proxy": "wrong"}),
        )
    ]
    return make_fleet(
        [
            *of_each_mode,
            {"count": 2, "name": "delegated-{}"},
            {"name": "apart"},
            {"name": "beside"},
            {"name": "declared-off", "proxy": "good"},
            {"name": "looked-at"},
            {"name": "down", "trouble": "ors_down"},
        ]
    )


def state(fleet: Fleet, name: str) -> str:
    found: str = fleet.state(name)["registration_state"]
    return found


# --- what is listed, and what is left out ---


def test_tasks_and_tags_are_listed_as_the_manual_has_the_steps(fleet: Fleet) -> None:
    inventory = fleet.inventory("looked-at")
    listed = fleet.onboard(inventory, "--list-tasks", "--list-tags", mode="tasks").output
    names = re.findall(r"^ +printops\.prisma\.onboard : (.+?)\tTAGS: ", listed, re.MULTILINE)
    assert [name for name in names if name in STEP_NAMES] == STEP_NAMES
    assert names[names.index(STEP_NAMES[-1]) + 1 :] == [
        "Determine the outcome",
        "Give each printer its result",
        "Write labels for the printers that wait to be claimed",
        "Encrypt or remove the registration addresses",
        "Report the outcomes",
        "Report the others where a condition leaves the first printer out",
        "Fail if the printer needs attention",
    ]
    _of_the_check, tags = re.findall(r"TASK TAGS: \[(.*)\]", listed)  # of two plays
    assert set(tags.split(", ")) == TAGS
    bulk = fleet.onboard(inventory, "--list-tasks").output
    assert "Onboard all printers (bulk)" in bulk
    assert not any(name in bulk for name in STEP_NAMES)


@BOTH
def test_limit_leaves_the_others_alone(fleet: Fleet, mode: str) -> None:
    names = (f"{mode}-limit-1", f"{mode}-limit-2")
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory(*names), "--limit", names[0], mode=mode)
    assert run.returncode == 0, run.output
    assert run.outcomes == {names[0]: "onboarded"}
    assert {who for who, _what in watch.audit()} == {names[0], "alpha"}
    assert state(fleet, names[1]) == "unregistered"


@pytest.mark.slow
@BOTH
def test_tags_run_the_steps_that_are_named(fleet: Fleet, mode: str) -> None:
    name = f"{mode}-proxy"
    inventory = fleet.inventory(name)
    changes = {}
    for tags in (("--tags", "look"), ("--tags", "proxy"), ("--skip-tags", "claim"), ("--tags", "claim")):
        watch = fleet.watch()
        run = fleet.onboard(inventory, *tags, mode=mode)
        assert run.returncode == 0, run.output
        assert fleet.simulation.open_sessions() == {}, tags
        assert "undefined" not in run.output, tags
        changes[tags[1] if tags[0] == "--tags" else "not claim"] = [what for _who, what in watch.changes()]
        if tags == ("--tags", "look"):
            assert run.outcomes == {name: "not_tried"}
            assert run.failed == set()
    assert changes["look"] == []
    assert changes["proxy"] == ["proxy_changed"]
    assert changes["not claim"] == ["register_pressed", "address_issued"]
    # The address stands in its file; nothing is pressed a second time to get another one.
    assert set(changes["claim"]) >= {"claim"}
    assert "register_pressed" not in changes["claim"]


@pytest.mark.slow
@BOTH
def test_a_tag_of_the_role_itself_runs_all_of_its_steps(fleet: Fleet, mode: str) -> None:
    play = role_play(mode, {"name": "Another task", "ansible.builtin.debug": {"msg": "not this one"}})
    play["tasks"][0]["tags"] = ["printers"]
    run = run_role(play, fleet.inventory(f"{mode}-limit-2"), "--tags", "printers")
    assert run.outcomes == {f"{mode}-limit-2": "onboarded"}, run.output
    assert "not this one" not in run.output


@BOTH
def test_tags_proxy_skips_no_proof_of_the_right_printer(fleet: Fleet, mode: str) -> None:
    name = "looked-at"
    dead = fleet.simulation.ready["dead_proxy"]
    inventory = fleet.inventory(name, own={name: {"printops_serial": "999"}}, onboard_proxy=dead)
    watch = fleet.watch()
    run = fleet.onboard(inventory, "--tags", "proxy", mode=mode)
    assert run.outcomes == {name: "wrong_device"}
    assert run.failed == {name}
    assert watch.writes() == {}


@pytest.mark.parametrize(
    "task", [NOT_TRIED[0], *(pytest.param(task, marks=pytest.mark.slow) for task in NOT_TRIED[1:])]
)
def test_a_run_that_starts_in_the_middle_says_where_to_start(fleet: Fleet, task: str) -> None:
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory("looked-at"), "--start-at-task", task, mode="tasks")
    assert run.returncode == 2
    assert run.outcomes == {"looked-at": "not_tried"}
    reason = run.report["printers"]["looked-at"]["reason"]
    assert reason == "the task 'Read the printer' did not run: start there, or before it (--start-at-task)"
    assert "Traceback" not in run.output
    assert "undefined" not in run.output
    assert run.failed == {"looked-at"}
    assert watch.writes() == {}


@BOTH
@pytest.mark.parametrize("task", ["Report the outcomes", "Fail if the printer needs attention"])
def test_a_run_that_starts_after_the_steps_does_not_end_well(fleet: Fleet, mode: str, task: str) -> None:
    run = fleet.onboard(fleet.inventory("looked-at"), "--start-at-task", task, mode=mode)
    assert run.returncode == 2
    assert run.failed == {"looked-at"}
    assert run.failed_tasks() == {"looked-at": ["Fail if the printer needs attention"]}
    assert "did not run: start" in run.output
    assert "undefined" not in run.output


@pytest.mark.slow
def test_a_run_may_start_where_the_printer_is_read(fleet: Fleet) -> None:
    run = fleet.onboard(fleet.inventory("looked-at"), "--check", "--start-at-task", "Read the printer", mode="tasks")
    assert run.returncode == 0, run.output
    assert run.outcomes == {"looked-at": "onboarded"}


@BOTH
def test_ignored_errors_take_no_printer_past_the_step_that_failed(fleet: Fleet, mode: str) -> None:
    """Given a play that ignores errors, then no [Register] is pressed after a refused sign-in, and the play goes on."""
    say = {"ansible.builtin.debug": {"msg": "{{ onboard_result.outcome }}"}}
    play = role_play(mode, say, ignore_errors=True, ignore_unreachable=True)
    watch = fleet.watch()
    run = run_role(play, fleet.inventory("beside", printops_tenant_password="wrong-password"))
    assert run.outcomes == {"beside": "auth_failed"}, run.output
    assert watch.changes() == []
    assert [item["result"]["msg"] for item in run.results if "debug" in item["action"]] == ["auth_failed"]


# --- conditions, and the role more than once ---


@BOTH
@pytest.mark.parametrize("left_out", ["looked-at", pytest.param("mode-limit-2", marks=pytest.mark.slow)])
def test_a_condition_around_the_role_leaves_its_printers_alone(fleet: Fleet, mode: str, left_out: str) -> None:
    """The first or the second of two: bulk mode, and what runs once, is asked for the first host only."""
    names = {"looked-at", f"{mode}-limit-2"}
    left_out = left_out.replace("mode", mode)
    (other,) = names - {left_out}
    say = {"ansible.builtin.debug": {"msg": "{{ inventory_hostname }} {{ onboard_result.outcome | default('none') }}"}}
    play = role_play(mode, say)
    play["tasks"][0]["when"] = f"inventory_hostname != '{left_out}'"
    watch = fleet.watch()
    run = run_role(play, fleet.inventory(*sorted(names)), "--check")
    assert run.returncode == 0, run.output
    assert {who for who, _what in watch.audit()} <= {other, "alpha"}
    printers = run.report["printers"]
    assert printers[left_out]["reason"] == "a condition (when) left it out"
    said = {item["result"]["msg"] for item in run.results if item["action"] == "ansible.builtin.debug"}
    assert said == {f"{left_out} none", f"{other} {printers[other]['outcome']}"}
    assert printers[other]["good"]


@BOTH
def test_what_a_condition_leaves_out_answers_for_no_other_printer(fleet: Fleet, mode: str) -> None:
    """Given one printer at a time, and the first and the last left out: the last result is that of a skipped task."""
    play = role_play(mode)
    play["tasks"][0]["when"] = "inventory_hostname == 'beside'"
    run = run_role(play, fleet.inventory("apart", "beside", "looked-at"), "--check", "--forks", "1")
    assert run.returncode == 0, run.output
    assert {name: row["good"] for name, row in run.report["printers"].items() if row["good"]} == {"beside": True}


@BOTH
def test_a_condition_that_leaves_the_first_printer_out_leaves_no_check_out(fleet: Fleet, mode: str) -> None:
    """Given addresses that are to be encrypted, and no password: then no [Register] is pressed for the others."""
    names = sorted(("looked-at", f"{mode}-limit-2"))
    play = role_play(mode)
    play["tasks"][0]["when"] = f"inventory_hostname != '{names[0]}'"
    watch = fleet.watch()
    run = run_role(play, fleet.inventory(*names, tenant=None), "-e", "onboard_addresses=vault")
    assert run.failed_tasks() == {names[1]: ["Check where registration addresses go"]}, run.output
    assert watch.asked_printers() == set()


@BOTH
def test_a_check_in_one_mode_is_not_taken_for_the_run_in_the_other(fleet: Fleet, mode: str) -> None:
    """In one playbook; the second play includes the role, which shows later tasks none of its variables."""
    (other,) = set(MODES) - {mode}
    name = f"{mode}-limit-1"
    role = {"ansible.builtin.include_role": {"name": "printops.prisma.onboard"}}
    say = {"ansible.builtin.debug": {"msg": "planned: {{ onboard_result.planned }}"}}
    plays = [role_play(mode, say, check_mode=True), role_play(other)]
    plays[1]["tasks"] = [role, say]
    inventory = fleet.inventory(name)
    run = run_playbook(plays, inventory, inventory.parent, timeout=300)
    assert run.returncode == 0, run.output
    assert [item["result"]["msg"] for item in run.results if item["action"] == "ansible.builtin.debug"] == [
        "planned: True",
        "planned: False",
    ]
    assert run.report["printers"][name]["good"]
    assert not run.report["check_mode"]


# --- defaults ---


@BOTH
def test_module_defaults_reach_the_steps(fleet: Fleet, mode: str) -> None:
    """Where the printers answer stands in module_defaults only; a module's own wins over its group's."""
    name = f"{mode}-defaults"
    made = inventory_of(fleet.simulation, **fleet.variables)
    own = made["all"]["children"]["printers"]["hosts"][name]
    port, path = own.pop("printops_port"), own.pop("printops_base_path")
    made["all"]["children"]["printers"]["hosts"] = {name: own}
    defaults = {
        "group/printops.prisma.controller": "{{ of_all }}",
        **{
            f"printops.prisma.{module}": {"port": "{{ the_port }}"}
            for module in ("device_info", "device_applications", "ors_status", "printer_registration", "sign_out")
        },
    }
    folder = fleet.new_folder()
    play = role_play(mode, module_defaults=defaults)
    play["vars"] |= {"the_port": port, "of_all": {"port": 1, "base_path": path}}
    run = run_role(play, write_inventory(folder / "inventory.yml", made))
    assert run.returncode == 0, run.output
    assert run.outcomes == {name: "onboarded"}, run.output
    assert fleet.simulation.open_sessions() == {}


# --- modes ---


def test_a_mode_that_does_not_exist_is_named_with_its_choices(fleet: Fleet) -> None:
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory("looked-at"), mode="fast")
    assert run.returncode == 2
    assert "onboard_mode is 'fast', but must be 'tasks' or 'bulk'. Nothing was sent." in run.output
    assert watch.requests() == 0


def test_a_mode_in_the_inventory_is_refused_with_the_way_to_give_it(fleet: Fleet) -> None:
    watch = fleet.watch()
    play = role_play("tasks")
    del play["vars"]
    run = run_role(play, fleet.inventory("looked-at", onboard_mode="bulk"))
    assert run.returncode == 2
    said = " ".join(run.output.split())
    assert "onboard_mode is 'bulk' in the inventory, which Ansible reads too late" in said
    assert "-e onboard_mode=bulk" in said
    assert watch.asked_printers() == set()


@pytest.mark.slow
def test_in_bulk_mode_printers_with_ordinary_modules_go_from_task_to_task(fleet: Fleet) -> None:
    inventory = fleet.inventory("apart", "beside", own={"apart": {"printops_in_process": False}})
    run = fleet.onboard(inventory)
    assert run.returncode == 0, run.output
    assert run.outcomes == {"apart": "onboarded", "beside": "onboarded"}
    assert "1 of 2 printers are onboarded task by task" in run.output
    assert {item["host"] for item in run.results if item["action"].endswith(".device_info")} == {"apart"}
    (batch,) = run.results_of("onboard_batch")
    assert batch["run_as_tasks"] == ["apart"]
    assert fleet.simulation.open_sessions() == {}
    down = fleet.inventory("down", own={"down": {"printops_in_process": False}})
    failing = fleet.onboard(down)
    assert failing.outcomes == {"down": "ors_not_ready"}
    assert failing.failed == {"down"}
    assert failing.failed_tasks()["down"][0] == "Make sure that ORS is ready"


def test_the_role_delegated_to_localhost_stays_in_process(fleet: Fleet) -> None:
    names = ("delegated-1", "delegated-2")
    role = {
        "name": "Onboard",
        "ansible.builtin.include_role": {"name": "printops.prisma.onboard", "apply": {"delegate_to": "localhost"}},
    }
    play = {"hosts": "printers", "gather_facts": False, "tasks": [role]}
    watch = fleet.watch()
    run = run_role(play, fleet.inventory(*names))
    assert run.returncode == 0, run.output
    assert run.outcomes == dict.fromkeys(names, "onboarded")
    assert [watch.count("sign_in", name) for name in (*names, "alpha")] == [1, 1, 1]
    assert fleet.simulation.open_sessions() == {}


@pytest.mark.slow
def test_a_declared_proxy_may_be_absent(fleet: Fleet) -> None:
    inventory = fleet.inventory("declared-off", onboard_proxy={"state": "absent"})
    first, changes = fleet.onboard(inventory), fleet.state("declared-off")["proxy"]
    assert first.returncode == 0, first.output
    assert first.report["printers"]["declared-off"]["changes"][0] == "proxy.enabled: yes -> no"
    assert not changes["use"]
    second = fleet.onboard(inventory)
    assert second.outcomes == {"declared-off": "already"}
    assert second.changed == 0


@pytest.mark.parametrize("callback", ["default", pytest.param("minimal", marks=pytest.mark.slow)])
@BOTH
def test_a_run_whose_output_is_closed_comes_to_its_end(fleet: Fleet, mode: str, callback: str) -> None:
    """As with ``| head``: nobody reads on, and the run ends all the same."""
    inventory = fleet.inventory("looked-at")
    arguments = ("-e", f"onboard_mode={mode}")
    process = subprocess.Popen(
        command("printops.prisma.check_fleet", inventory, inventory.parent, *arguments),
        cwd=inventory.parent,
        env=environment(inventory.parent, ANSIBLE_STDOUT_CALLBACK=callback),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.wait(120)
    finally:
        process.kill()
        process.wait()
    assert fleet.simulation.open_sessions() == {}
