# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wrong password that many printers share costs few refused sign-ins, and locks no account."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.inventory import inventory_of, write_inventory
from support.playbook import EITHER_MODE, Run

GOOD_PASSWORD = "shared-password-1"
STALE_PASSWORD = "stale-password-1"


def shared(name: str, count: int = 1, **more: Any) -> dict[str, Any]:
    """Printers that share the good password."""
    return {"name": name, "count": count, "administrator_password": GOOD_PASSWORD, **more}


def inventory(fleet: Fleet, names: str, password: str, **variables: Any) -> Path:
    """Write an inventory of the printers whose names begin so, with one password for all."""
    made = inventory_of(fleet.simulation, onboard_claim=False, **variables)
    hosts = made["all"]["children"]["printers"]["hosts"]
    chosen = {name: {**own, "printops_password": password} for name, own in hosts.items() if name.startswith(names)}
    made["all"]["children"]["printers"]["hosts"] = chosen
    return write_inventory(fleet.new_folder() / "inventory.yml", made)


def counts(run: Run) -> Counter[str]:
    """Return how many printers had which outcome."""
    return Counter(run.outcomes.values())


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(
        [
            shared("right-01", trouble="unreachable"),
            {**shared("right-{:03d}", 12)},
            shared("mixed-{:03d}", 6),
            shared("apart-{:03d}", 4),
            shared("waves-{:03d}", 4),
            shared("locked-{:03d}", 3, trouble="locked"),
        ]
    )


@pytest.fixture(scope="module")
def many(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([shared("many-{:03d}", 400)])


@pytest.mark.slow
def test_four_hundred_printers_with_one_wrong_password(many: Fleet) -> None:
    """Given 400 printers and a stale password, then two refuse it, 398 are not tried, and no account is locked."""
    watch = many.watch()
    run = many.onboard(inventory(many, "many", STALE_PASSWORD))
    refused, locked = watch.count("sign_in_refused"), watch.count("account_locked")
    print(f"\n400 printers, one wrong password: {refused} sign-ins refused, {locked} accounts locked, {counts(run)}")
    assert (refused, locked) == (2, 0)
    assert counts(run) == {"auth_failed": 2, "not_tried": 398}
    assert run.returncode != 0
    assert "2 printers refused the account" in run.report["printers"]["many-400"]["reason"]
    assert many.simulation.open_sessions() == {}


@pytest.mark.parametrize("mode", EITHER_MODE)
def test_a_limit_of_one(fleet: Fleet, mode: str) -> None:
    """Given max_refused 1, then one printer refuses, and no other is tried."""
    watch = fleet.watch()
    run = fleet.onboard(inventory(fleet, "mixed", STALE_PASSWORD, printops_max_refused=1), mode=mode)
    assert watch.count("sign_in_refused") == 1
    assert counts(run) == {"auth_failed": 1, "not_tried": 5}


@pytest.mark.slow
def test_an_unreachable_printer_holds_nobody_up(fleet: Fleet) -> None:
    """Given a first printer that nobody reaches, then the others are tried all the same."""
    run = fleet.onboard(inventory(fleet, "right", GOOD_PASSWORD))
    assert counts(run) == {"unreachable": 1, "awaiting_claim": 12}, run.output


@pytest.mark.slow
def test_printers_that_differ(fleet: Fleet) -> None:
    """Given a good password that two printers do not know, then both refuse it, and those behind them are not tried."""
    for name in ("mixed-003", "mixed-004"):
        fleet.change(name, passwords={"administrator": "its-own-password-1"})
    watch = fleet.watch()
    run = fleet.onboard(inventory(fleet, "mixed", GOOD_PASSWORD), "--forks", "1", mode="tasks")
    assert watch.count("sign_in_refused") == 2
    assert run.outcomes == {
        "mixed-001": "awaiting_claim",
        "mixed-002": "awaiting_claim",
        "mixed-003": "auth_failed",
        "mixed-004": "auth_failed",
        "mixed-005": "not_tried",
        "mixed-006": "not_tried",
    }


def test_locked_accounts_end_the_trying_of_what_nobody_has_accepted(fleet: Fleet) -> None:
    """Given three printers whose account is locked, then two of them say so, and the third is not asked."""
    run = fleet.onboard(inventory(fleet, "locked", GOOD_PASSWORD))
    assert counts(run) == {"locked": 2, "not_tried": 1}


@pytest.mark.slow
def test_ordinary_modules_wait_their_turn_too(fleet: Fleet) -> None:
    """Given modules in processes of their own, then a wrong password costs as few sign-ins."""
    watch = fleet.watch()
    run = fleet.onboard(inventory(fleet, "apart", STALE_PASSWORD, printops_in_process=False))
    assert watch.count("sign_in_refused") == 2
    assert counts(run) == {"auth_failed": 2, "not_tried": 2}


@pytest.mark.parametrize("mode", EITHER_MODE)
def test_a_refused_password_is_not_tried_again_by_the_next_wave(fleet: Fleet, mode: str) -> None:
    """Given waves that go on whatever fails, then the limit is one of the run, not of each wave."""
    watch = fleet.watch()
    waves = ("-e", "onboard_serial=2", "-e", "onboard_max_fail_percentage=100")
    made = inventory(fleet, "waves", STALE_PASSWORD, printops_max_refused=1)
    run = fleet.onboard(made, *waves, mode=mode, waves=True)
    assert watch.count("sign_in_refused") == 1
    assert counts(run) == {"auth_failed": 1, "not_tried": 3}


@pytest.mark.slow
def test_waves_stop_before_the_second_refusal(fleet: Fleet) -> None:
    """Given the waves that the playbook has by default, then the first one, of one printer, stops the run."""
    watch = fleet.watch()
    run = fleet.onboard(inventory(fleet, "apart", STALE_PASSWORD), waves=True)
    assert run.returncode != 0
    assert watch.count("sign_in_refused") == 1
    assert counts(run) == {"auth_failed": 1, "not_tried": 3}
