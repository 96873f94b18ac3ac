# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where registration addresses go (onboard_addresses): one way for a run, and no [Register] whose address is lost."""

from __future__ import annotations

import shlex

import pytest
from support.fleet import Fleet, FleetMaker
from support.playbook import EITHER_MODE, MODES
from support.role_play import role_play, run_role

NONE = ("-e", "onboard_addresses=none")
BOTH = pytest.mark.parametrize("mode", EITHER_MODE)


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    of_each_mode = [{"name": f"{mode}-{number}"} for mode in MODES for number in (1, 2)]
    return make_fleet(
        [*of_each_mode, {"name": "a-down", "trouble": "ors_down"}, {"name": "b-fine"}, {"name": "c-fine"}]
    )


@BOTH
@pytest.mark.parametrize("waves", [False, True], ids=["one-wave", "waves"])
def test_different_values_are_refused_before_any_request(fleet: Fleet, mode: str, *, waves: bool) -> None:
    """Given printers that declare different values, also in different waves, then the role starts none of them."""
    names = [f"{mode}-{number}" for number in (1, 2)]
    inventory = fleet.inventory(*names, own={names[1]: {"onboard_addresses": "none"}})
    watch = fleet.watch()
    run = fleet.onboard(inventory, mode=mode, waves=waves)
    assert run.returncode == 2, run.output
    assert f"is files for {names[0]}, and none for {names[1]}" in " ".join(run.output.split())
    assert watch.requests() == 0


def test_the_check_of_the_inventory_refuses_them_too(fleet: Fleet) -> None:
    inventory = fleet.inventory("bulk-1", "bulk-2", own={"bulk-2": {"onboard_addresses": "none"}})
    watch = fleet.watch()
    run = fleet.onboard(inventory, check_inventory=True)
    assert run.returncode == 2, run.output
    (found,) = run.results_of("check_inventory")
    assert "is files for bulk-1, and none for bulk-2" in found["msg"]
    assert watch.requests() == 0
    again = fleet.onboard(inventory, "-e", "onboard_addresses=none", "--tags", "look", check_inventory=True)
    assert again.returncode == 0, again.output


@BOTH
def test_with_none_the_tag_claim_has_to_run_for_register_to_be_pressed(fleet: Fleet, mode: str) -> None:
    """Given an account of the tenant, when the claim is left out, then the address would be lost, so none is made."""
    name = f"{mode}-1"
    inventory = fleet.inventory(name)
    for tags in (("--skip-tags", "claim"), ("--tags", "register")):
        watch = fleet.watch()
        run = fleet.onboard(inventory, *NONE, *tags, mode=mode)
        assert run.outcomes == {name: "not_tried"}, run.output
        assert "and the tag claim" in " ".join(run.output.split())
        assert watch.changes() == [], tags
    play = role_play(mode)
    play["tasks"][0]["tags"] = ["printers"]  # a tag around the role, which its steps have as well
    run = run_role(play, inventory, *NONE, "--tags", "printers")
    assert run.outcomes == {name: "onboarded"}, run.output


def test_a_first_printer_that_waits_for_a_technician_can_be_left_out(fleet: Fleet) -> None:
    """Given a first wave of one that fails, when its printer is left out as the summary says, then the others go on."""
    inventory = fleet.inventory("a-down", "b-fine", "c-fine")
    first = fleet.onboard(inventory, waves=True)
    assert first.outcomes == {"a-down": "ors_not_ready", "b-fine": "not_tried", "c-fine": "not_tried"}, first.output
    hint = " ".join(first.output.split()).partition("to go on without a printer that cannot be helped now: ")[2]
    option, limit, *_more = shlex.split(hint)
    assert (option, limit) == ("--limit", "@onboarding/attention.txt,!a-down")
    then = fleet.onboard(inventory, option, limit, waves=True)
    assert then.returncode == 0, then.output
    assert then.outcomes == {"b-fine": "onboarded", "c-fine": "onboarded"}
