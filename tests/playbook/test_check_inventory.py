# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the inventory as users run it: it stops a run before any request, or warns once."""

from __future__ import annotations

from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import Run, run_playbook
from support.simulation import FLEETS

PRINTERS = ["press-1", "press-2", "press-3"]


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"count": 3, "name": "press-{}"}])


def checked(fleet: Fleet, *arguments: str, playbook: str = "check_inventory", **variables: Any) -> Run:
    inventory = fleet.inventory(**variables)
    return run_playbook(f"printops.prisma.{playbook}", inventory, inventory.parent, *arguments, timeout=120)


def result(run: Run) -> dict[str, Any]:
    (found,) = run.results_of("check_inventory")
    return found


def test_a_misspelt_variable_stops_the_run_before_any_request(fleet: Fleet) -> None:
    watch = fleet.watch()
    own = {"press-1": {"printops_serail": "1"}, "press-2": {"printops_port": "abc"}, "press-3": {"printops_colour": 1}}
    run = checked(fleet, playbook="onboard_fleet", own=own)
    assert run.returncode == 2, run.output
    assert watch.requests() == 0
    message = run.output
    assert "are not right: 2 faults, which are listed above" in result(run)["msg"]
    assert run.output.count("printops_serail is no variable") == 1, "in full once"
    assert "inventory.yml:" in message
    assert (
        "printops_serail is no variable of this collection, so it has no effect: did you mean printops_serial?"
        in message
    )
    assert "onboard_inventory_check=warn" in message
    assert "printops_port" in message
    assert run.output.count("printops_colour is no variable") == 1, "a warning"
    assert len(run.output) < 6000
    assert result(run)["checked"] == 3
    assert not (run.folder / "onboarding").exists()


def test_with_warn_a_printer_with_a_wrong_variable_fails_by_itself(fleet: Fleet) -> None:
    own = {"press-2": {"printops_port": "abc"}}
    run = checked(fleet, "-e", "onboard_inventory_check=warn", playbook="check_fleet", own=own)
    assert run.outcomes["press-2"] == "failed", run.output
    assert run.outcomes["press-1"] == "onboarded"
    assert "[WARNING]" in run.output


def test_a_right_inventory_passes_and_may_be_checked_alone(fleet: Fleet) -> None:
    watch = fleet.watch()
    for arguments in ((), ("--check", "--limit", "press-2", "--tags", "proxy")):
        run = checked(fleet, *arguments)
        assert run.returncode == 0, run.output
        assert result(run)["faults"] == []
        assert result(run)["checked"] == (1 if "--limit" in arguments else 3)
        assert ("1 printer" if "--limit" in arguments else "3 printers") + " checked: no faults" in run.output
    assert watch.requests() == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("-e", "onboard_hosts=prnters"),
            "onboard_hosts=prnters matches no host of the inventory: did you mean printers?",
        ),
        (
            ("-e", "onboard_hosts=press-1", "--limit", "press-2"),
            "matches no host of the inventory within --limit press-2",
        ),
        pytest.param(
            ("-e", "onboard_inventory_check=wrn"),
            "onboard_inventory_check is 'wrn', but must be one of fail, warn, skip: did you mean 'warn'?",
            marks=pytest.mark.slow,
        ),
        (("--tags", "prxy"), "--tags prxy names no step of the role onboard: did you mean proxy?"),
        (
            ("-e", "onboard_mode=blk", "--skip-tags", "clam"),
            "--skip-tags clam names no step of the role onboard: did you",
        ),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_what_is_wrong_on_the_command_line(fleet: Fleet, arguments: tuple[str, ...], said: str) -> None:
    watch = fleet.watch()
    run = checked(fleet, *arguments, playbook="onboard_fleet")
    assert run.returncode == 2, run.output
    assert said in run.output
    assert "onboard_mode=blk" not in arguments or "did you mean 'bulk'?" in run.output
    assert watch.requests() == 0


def test_a_limit_that_leaves_out_the_play_of_localhost_is_told(fleet: Fleet) -> None:
    run = checked(fleet, "-e", "onboard_hosts=press-1", "--limit", "press-1", playbook="fleet_report")
    assert run.returncode == 2, run.output
    assert "hosts=localhost matches no host of the inventory within --limit press-1" in run.output


@pytest.mark.parametrize(
    ("playbook", "given", "said"),
    [
        (
            "trust_fleet",
            {"onboard_hosts": "prnters", "trust_wrte": "true"},
            (
                "onboard_hosts=prnters matches no host of the inventory: did you mean printers?",
                "-e trust_wrte sets no variable of this playbook, so it has no effect: did you mean trust_write?",
            ),
        ),
        pytest.param(
            "check_network",
            {"network_hosts": "press-1:press-9"},
            ("network_hosts=press-9 matches no host",),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "profile_try", {"profile_hosts": "press-9"}, ("profile_hosts=press-9 matches no",), marks=pytest.mark.slow
        ),
        pytest.param(
            "trust_fleet",
            {"trust_write": "maybe", "onboard_wait_sleep": "long", "cloud_access_target": "tennant"},
            (
                "-e trust_write is 'maybe', but must be true or false",
                "-e onboard_wait_sleep is 'long', but must be a number",
                "did you mean 'tenant'?",
            ),
            marks=pytest.mark.slow,
        ),
        pytest.param("offboard", {}, ("none of offboard_printers, offboard_sites,",), marks=pytest.mark.slow),
        pytest.param(
            "enforce_access",
            {"cloud_access_fiel": "x", "cloud_access_hosts": "sties"},
            ("did you mean cloud_access_file?", "cloud_access_hosts=sties matches no host"),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_playbook_checks_what_it_is_given(
    fleet: Fleet, playbook: str, given: dict[str, str], said: tuple[str, ...]
) -> None:
    """Given a pattern or a variable of the playbook's own that is misspelt, then the run ends before any request."""
    watch = fleet.watch()
    arguments = [word for name, value in given.items() for word in ("-e", f"{name}={value}")]
    run = checked(fleet, *arguments, playbook=playbook)
    assert run.returncode == 2, run.output
    assert [text for text in said if text not in run.output] == []
    assert len(run.results) == 1, "nothing runs after the check"
    assert watch.requests() == 0


def test_an_empty_inventory_fails(fleet: Fleet) -> None:
    folder = fleet.new_folder()
    (folder / "empty.yml").write_text("all: {}\n", encoding="utf-8")
    run = run_playbook("printops.prisma.onboard_fleet", folder / "empty.yml", folder, timeout=120)
    assert run.returncode == 2, run.output
    assert "the inventory is empty. Name an inventory with -i" in result(run)["msg"]


@pytest.mark.slow
def test_an_inventory_that_cannot_be_read_is_named(fleet: Fleet) -> None:
    folder = fleet.new_folder()
    (folder / "broken.yml").write_text("all: [", encoding="utf-8")
    run = run_playbook("printops.prisma.onboard_fleet", folder / "broken.yml", folder, timeout=120)
    assert run.returncode == 2, run.output
    assert "broken.yml could not be read. The warnings above say why" in result(run)["msg"]
    assert "onboard_hosts" not in result(run)["msg"], "which nobody has set"
    assert "onboard_inventory_check=warn" not in result(run)["msg"], "there is nothing to go on with"


def test_no_secret_is_shown(fleet: Fleet) -> None:
    run = checked(fleet, "-vvvv", printops_password="a-secret-password", printops_timeout="abc")
    assert run.returncode == 2
    assert "a-secret-password" not in run.output


def test_the_inventory_of_the_demo_has_no_serious_fault(make_fleet: FleetMaker) -> None:
    fleet = make_fleet(FLEETS / "demo.yml")
    run = checked(fleet, viewer=True)
    assert run.returncode == 0, run.output
    assert result(run)["checked"] == 32
