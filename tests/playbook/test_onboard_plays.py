# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible users expect of any role, of the role onboard: --limit, --tags, serial, failures, delegation."""

from __future__ import annotations

import pytest
from support.fleet import Fleet, FleetMaker
from support.inventory import inventory_of, write_inventory
from support.playbook import run_playbook


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            {"count": 3, "name": "limit-{}"},
            {"count": 3, "name": "batch-{}", "language": "fr"},
            {"count": 3, "name": "stop-{}"},
            {"count": 2, "name": "delegated-{}"},
            {"name": "sra-proxy-mended", "network": "proxy_required", "proxy": "wrong"},
            {"name": "down", "trouble": "ors_down"},
            {"name": "declared-off", "proxy": "good"},
        ]
    )


def state(fleet: Fleet, name: str) -> str:
    found: str = fleet.state(name)["registration_state"]
    return found


def test_limit_leaves_the_others_alone(fleet: Fleet) -> None:
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory("limit-1", "limit-2", "limit-3"), "--limit", "limit-1,limit-3")
    assert run.returncode == 0, run.output
    assert run.outcomes == {"limit-1": "onboarded", "limit-3": "onboarded"}
    assert {who for who, _what in watch.audit()} == {"limit-1", "limit-3", "alpha"}
    assert state(fleet, "limit-2") == "unregistered"


def test_tags_take_the_steps_that_are_named(fleet: Fleet) -> None:
    inventory = fleet.inventory("sra-proxy-mended")
    changes = []
    for tag in ("look", "proxy", "ors", "register", "claim"):
        watch = fleet.watch()
        run = fleet.onboard(inventory, "--tags", tag)
        changes.append((tag, run.returncode, [what for _who, what in watch.changes()]))
        assert fleet.simulation.open_sessions() == {}, tag
        assert "undefined" not in run.output, tag
    assert [(tag, what) for tag, _returncode, what in changes[:3]] == [
        ("look", []),
        ("proxy", ["proxy_changed"]),
        ("ors", []),
    ]
    assert changes[3][2] == ["register_pressed", "address_issued"]
    # The address lived in the memory of that run; nothing is pressed a second time to get another one.
    assert changes[4][2] == []


def test_tags_proxy_skips_no_proof_of_the_right_printer(fleet: Fleet) -> None:
    inventory = fleet.inventory("limit-2", printops_serial="999", onboard_proxy=fleet.simulation.ready["dead_proxy"])
    made = inventory.read_text(encoding="utf-8").replace(fleet.simulation.printer("limit-2")["serial"], "999")
    inventory.write_text(made, encoding="utf-8")
    watch = fleet.watch()
    run = fleet.onboard(inventory, "--tags", "proxy")
    assert run.outcomes == {"limit-2": "wrong_device"}
    assert watch.writes() == {}


def test_serial_works_in_batches_and_reports_all_of_them(fleet: Fleet) -> None:
    watch = fleet.watch()
    waves = '{"onboard_serial": [1, "100%"]}'
    run = fleet.onboard(fleet.inventory("batch-1", "batch-2", "batch-3"), "--extra-vars", waves)
    assert run.returncode == 0, run.output
    assert run.outcomes == dict.fromkeys(("batch-1", "batch-2", "batch-3"), "onboarded")
    assert run.report["without_result"] == []
    claims = [index for index, (_who, what) in enumerate(watch.audit()) if what == "claim"]
    later = [index for index, (who, _what) in enumerate(watch.audit()) if who in ("batch-2", "batch-3")]
    assert claims[0] < min(later), "the second batch began before the first one was done"
    assert watch.count("sign_in", "alpha") == 1, "one sign-in at the tenant for all batches"


def test_too_many_failures_stop_the_next_batch_and_the_table_is_printed(fleet: Fleet) -> None:
    fleet.change("stop-1", trouble="ors_down")
    watch = fleet.watch()
    inventory = fleet.inventory("stop-1", "stop-2", "stop-3")
    run = fleet.onboard(inventory, "--extra-vars", "onboard_serial=1 onboard_max_fail_percentage=0")
    assert run.returncode == 2
    assert run.outcomes == {"stop-1": "ors_not_ready", "stop-2": "not_tried", "stop-3": "not_tried"}
    assert run.report["without_result"] == ["stop-2", "stop-3"]
    assert "stop-1" in run.output.split("\nOnboarding\n", 1)[1]
    assert "had no turn yet: 2" in run.output
    assert {who for who, _what in watch.audit()} == {"stop-1"}
    assert fleet.simulation.open_sessions() == {}


def test_a_failing_printer_is_in_the_table_and_stops_no_other(fleet: Fleet) -> None:
    inventory = fleet.inventory("down", "declared-off")
    run = fleet.onboard(inventory)
    assert run.returncode == 2
    assert run.outcomes == {"down": "ors_not_ready", "declared-off": "onboarded"}
    _before, table = run.output.split("\nOnboarding\n", 1)
    assert "ors_not_ready" in table
    assert "Call the service technician" in table
    accepted = fleet.onboard(fleet.inventory("down", onboard_fail_on=["failed"]))
    assert accepted.returncode == 0, accepted.output


def test_a_declared_proxy_may_be_absent(fleet: Fleet) -> None:
    inventory = fleet.inventory("declared-off", onboard_proxy={"state": "absent"})
    first, changes = fleet.onboard(inventory), fleet.state("declared-off")["proxy"]
    assert first.returncode == 0, first.output
    assert first.report["printers"]["declared-off"]["changes"] == ["proxy.enabled: yes -> no"]
    assert not changes["use"]
    second = fleet.onboard(inventory)
    assert second.outcomes == {"declared-off": "already"}
    assert second.changed == 0


def test_the_role_delegated_to_localhost_stays_in_process(fleet: Fleet) -> None:
    folder = fleet.new_folder()
    made = inventory_of(fleet.simulation, **fleet.variables)
    printers = made["all"]["children"]["printers"]["hosts"]
    made["all"]["children"]["printers"]["hosts"] = {
        name: {**printers[name], "onboard_files": str(folder / "onboarding")} for name in ("delegated-1", "delegated-2")
    }
    play = {
        "hosts": "printers",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Onboard",
                "ansible.builtin.include_role": {
                    "name": "printops.prisma.onboard",
                    "apply": {"delegate_to": "localhost"},
                },
            }
        ],
    }
    watch = fleet.watch()
    run = run_playbook([play], write_inventory(folder / "inventory.yml", made), folder)
    assert run.returncode == 0, run.output
    assert run.outcomes == {"delegated-1": "onboarded", "delegated-2": "onboarded"}
    assert [watch.count("sign_in", name) for name in ("delegated-1", "delegated-2", "alpha")] == [1, 1, 1]
    assert fleet.simulation.open_sessions() == {}
