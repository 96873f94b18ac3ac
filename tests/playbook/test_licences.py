# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Licences that cannot be given back, as real runs: a budget for the run, consent for a task.

domain.md, "PRISMA Home: devices".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fleet import SETTINGS, Fleet, FleetMaker
from support.playbook import EITHER_MODE
from support.role_play import role_play, run_role

COLOR, DASHBOARD = "prismacolor-manager", "prismalytics-dashboard"
LEFT = 9
PRINTERS = [f"p-{number:02}" for number in range(1, 13)]


def tenant(name: str, **more: Any) -> dict[str, Any]:
    """Return a tenant as a fleet file has it."""
    return {"id": name, "name": f"Print shop {name}", **more}


def written(path: Path, printers: list[dict[str, Any]], **of_alpha: Any) -> Path:
    """Write a fleet file whose tenant alpha has subscriptions, and return its path."""
    fleet = {"settings": SETTINGS, "printers": printers, "tenants": [tenant("alpha", **of_alpha), tenant("beta")]}
    path.write_text(yaml.safe_dump(fleet), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=EITHER_MODE)
def mode(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def twelve(make_fleet: FleetMaker, tmp_path_factory: pytest.TempPathFactory, mode: str) -> Fleet:
    """Twelve printers that are not registered, and a tenant with nine licences left: one fleet for each mode."""
    path = tmp_path_factory.mktemp(f"twelve-{mode}") / "fleet.yml"
    subscriptions = [{"application": COLOR, "devices": LEFT, "permanent": True}]
    return make_fleet(written(path, [{"name": "p-{:02}", "count": 12}], subscriptions=subscriptions))


def subscription(fleet: Fleet, application: str = COLOR) -> dict[str, Any]:
    """Return a subscription as the module reads it."""
    (result,) = fleet.tasks(next(iter(fleet.simulation.ready["printers"]))["name"], {"home_subscription_info": {}})
    (found,) = [row for row in result["subscriptions"] if row["application"] == application]
    return dict(found)


def assigned(fleet: Fleet) -> int:
    return LEFT - int(subscription(fleet)["available"])


@pytest.mark.slow
def test_a_wave_that_needs_more_than_is_left_stops_before_its_first_printer(twelve: Fleet, mode: str) -> None:
    inventory = twelve.inventory(onboard_applications={COLOR: True})
    for allowed, reasons in (
        (12, [f"needs 12 licences of {COLOR}, and the tenant has 9 left"]),
        (0, ["the tenant has 9 left", f"use up 12 licences of {COLOR} for good, and onboard_assign_licences allows 0"]),
    ):
        watch = twelve.watch()
        run = twelve.onboard(inventory, "-e", f"onboard_assign_licences={allowed}", mode=mode)
        assert run.outcomes == dict.fromkeys(PRINTERS, "not_tried"), run.output
        assert run.returncode == 2
        assert all(reason in run.report["printers"]["p-01"]["reason"] for reason in reasons)
        assert watch.asked_printers() == set()
        assert watch.changes() == []
    assert assigned(twelve) == 0


@pytest.mark.slow
def test_check_mode_says_what_would_be_used_and_what_would_be_refused(twelve: Fleet, mode: str) -> None:
    inventory = twelve.inventory(onboard_applications={COLOR: True})
    watch = twelve.watch()
    refused = twelve.onboard(inventory, playbook="check_fleet", mode=mode)
    assert "A run would be refused: this wave needs 12 licences" in refused.output
    assert set(refused.outcomes.values()) == {"failed"}
    assert f"enabling {COLOR} uses 1 of 9 left, for good" in refused.report["printers"]["p-01"]["reason"]

    three = ("--limit", "p-01,p-02,p-03", "-e", "onboard_assign_licences=3")
    fits = twelve.onboard(inventory, *three, playbook="check_fleet", mode=mode)
    assert set(fits.outcomes.values()) == {"onboarded"}, fits.output
    for printer in fits.report["printers"].values():
        assert f"licences.{COLOR}: (none) -> uses 1 of 9 left, for good" in printer["changes"]

    slices = ("--limit", "p-01,p-02,p-03", "-e", "onboard_assign_licences=11", "-e", "onboard_slices=4")
    shared = twelve.onboard(inventory, *slices, playbook="check_fleet", mode=mode)
    assert "which 4 runs share: this one may use up 2 for good" in " ".join(shared.output.split())
    assert "onboard_assign_licences allows 2" in shared.output
    assert watch.writes() == {}


@pytest.mark.slow
def test_a_run_uses_exactly_as_many_as_it_may(twelve: Fleet, mode: str) -> None:
    """Given waves of three printers and three licences for the run, then the second wave does not begin."""
    inventory = twelve.inventory(onboard_applications={COLOR: True})
    waves = ("-e", '{"onboard_serial": [3]}', "-e", "onboard_assign_licences=3")
    watch = twelve.watch()
    first = twelve.onboard(inventory, *waves, mode=mode, waves=True)
    assert list(first.outcomes.values()).count("onboarded") == 3, first.output
    assert assigned(twelve) == 3
    refused = first.report["printers"]["p-04"]
    assert refused["outcome"] == "not_tried"
    assert "allows 3, of which earlier printers have 3" in refused["reason"]
    assert watch.audit("p-04") == []

    # A second run needs none for the first wave, and the next three for the second one.
    second = twelve.onboard(inventory, *waves, mode=mode, waves=True)
    assert list(second.outcomes.values()).count("already") == 3, second.output
    assert list(second.outcomes.values()).count("onboarded") == 3
    assert assigned(twelve) == 6

    done = twelve.onboard(inventory, "--limit", "p-01,p-02,p-03,p-04,p-05,p-06", mode=mode)
    assert set(done.outcomes.values()) == {"already"}, "what has its licence needs no consent"
    assert done.changed == 0


@pytest.fixture
def four(make_fleet: FleetMaker, tmp_path: Path) -> Fleet:
    subscriptions = [{"application": COLOR, "devices": LEFT, "permanent": True}]
    return make_fleet(written(tmp_path / "fleet.yml", [{"name": "p-{:02}", "count": 4}], subscriptions=subscriptions))


def test_a_run_that_leaves_the_claim_out_counts_all_the_same(four: Fleet, mode: str) -> None:
    """What is checked before [Register] asks whether the licences that the claim will use up are allowed."""
    inventory = four.inventory(onboard_applications={COLOR: True})
    run = four.onboard(inventory, "--skip-tags", "claim", "-e", "onboard_assign_licences=4", mode=mode)
    assert set(run.outcomes.values()) == {"awaiting_claim"}, run.output
    run = four.onboard(inventory, "--tags", "proxy", mode=mode)
    assert "onboard_assign_licences" not in run.output, "nothing that is run needs a licence"
    refused = four.onboard(inventory, "--tags", "claim", "-e", "onboard_assign_licences=3", mode=mode)
    assert set(refused.outcomes.values()) == {"not_tried"}, refused.output
    assert assigned(four) == 0


@pytest.mark.slow
def test_printers_that_were_not_counted_do_not_take_the_last_licences_twice(
    make_fleet: FleetMaker, tmp_path: Path, mode: str
) -> None:
    """Given no serial numbers, and a tenant that is slow to enable an application: else it would be blocked."""
    subscriptions = [{"application": DASHBOARD, "devices": 2}]
    fleet = make_fleet(written(tmp_path / "fleet.yml", [{"name": "p-{:02}", "count": 8}], subscriptions=subscriptions))
    fleet.fault("latency", target="home", path="^devices/", method="POST", times=0, options={"seconds": 1})
    own = {printer["name"]: {"printops_serial": None} for printer in fleet.simulation.ready["printers"]}
    inventory = fleet.inventory(onboard_applications={DASHBOARD: True}, own=own)
    run = fleet.onboard(inventory, "--forks", "8", mode=mode)
    assert sorted(run.outcomes.values()) == ["failed"] * 6 + ["onboarded"] * 2, run.output
    found = subscription(fleet, DASHBOARD)
    assert (found["used"], found["state"]) == (2, "active")


@pytest.mark.slow
def test_a_condition_that_leaves_the_first_printer_out_has_the_others_counted(four: Fleet, mode: str) -> None:
    inventory = four.inventory(onboard_applications={COLOR: True})
    play = role_play(mode)
    play["tasks"][0]["when"] = "inventory_hostname not in ['p-01', 'p-04']"
    run = run_role(play, inventory, "-e", "onboard_assign_licences=1")
    assert set(run.outcomes.values()) == {"not_tried"}, run.output
    refused = [row for row in run.report["printers"].values() if "onboard_assign_licences" in row["reason"]]
    assert len(refused) == 2
    assert all("2 licences" in row["reason"] and row["reason"].endswith("allows 1") for row in refused)
    assert assigned(four) == 0

    done = run_role(play, inventory, "-e", "onboard_assign_licences=2")
    assert sorted(done.outcomes.values()) == ["not_tried", "not_tried", "onboarded", "onboarded"], done.output
    assert assigned(four) == 2
