# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Claims that one run does not finish, and a later one finds: those of a person by the files left, and slow ones."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.fleet import Fleet, FleetMaker, address_in, files_for_people
from support.home import browser_at, person_of, sign_in
from support.playbook import EITHER_MODE, IN_PROCESS_OR_NOT, Run
from support.qr import read_svg

NAMES = ("plain", "french")


@dataclass
class Left:
    """What a run without the tenant's credentials has left for a person."""

    fleet: Fleet
    inventory: Path
    run: Run
    outcomes: dict[str, str]

    @property
    def files(self) -> Path:
        return self.inventory.parent / "onboarding"

    def address(self, name: str) -> str:
        return address_in(self.files / f"{name}.address")


@pytest.fixture(scope="module", params=IN_PROCESS_OR_NOT)
def left(make_fleet: FleetMaker, request: pytest.FixtureRequest) -> Left:
    fleet = make_fleet([{"name": "plain"}, {"name": "french", "language": "fr"}], printops_in_process=request.param)
    inventory = fleet.inventory(tenant=None)
    run = fleet.onboard(inventory)
    return Left(fleet, inventory, run, run.outcomes)


def claim_as_a_person(left: Left, address: str) -> str:
    """Open the address, sign in to PRISMA Home as a tenant administrator, and return the page."""
    ready = left.fleet.simulation.ready
    with browser_at(ready) as browser:
        return sign_in(browser, address, person_of(ready)).text


def test_a_printer_awaits_its_claim_with_its_files(left: Left) -> None:
    assert left.run.returncode == 0, left.run.output
    assert left.outcomes == dict.fromkeys(NAMES, "awaiting_claim")
    assert "A person has to open the registration address" in left.run.output
    assert stat.S_IMODE(left.files.stat().st_mode) == 0o700
    for name in NAMES:
        address, code = left.files / f"{name}.address", left.files / f"{name}.svg"
        assert {stat.S_IMODE(path.stat().st_mode) for path in (address, code)} == {0o600}
        printer = left.run.report["printers"][name]
        assert (printer["address_file"], printer["qr_path"]) == (str(address), str(code))


@pytest.mark.needs_program("libzbar")
@pytest.mark.parametrize("name", NAMES)
def test_the_qr_code_is_the_address_that_the_printer_shows(left: Left, name: str) -> None:
    assert left.address(name) == left.fleet.state(name)["address"]
    assert read_svg(left.files / f"{name}.svg") == left.address(name)


def test_a_second_run_leaves_all_as_it_is(left: Left) -> None:
    before = {name: (left.files / name).stat().st_mtime_ns for name in files_for_people(left.files)}
    watch = left.fleet.watch()
    run = left.fleet.onboard(left.inventory)
    assert run.outcomes == dict.fromkeys(NAMES, "awaiting_claim")
    assert run.changed == 0
    assert watch.changes() == []
    kept = {name: (left.files / name).stat().st_mtime_ns for name in files_for_people(left.files)}
    assert set(kept) == set(before)
    assert all(kept[name] == before[name] for name in before if name.endswith(".address"))


def test_a_later_run_finds_the_claimed_printer_and_removes_its_files(left: Left) -> None:
    page = claim_as_a_person(left, left.address("plain"))
    assert 'id="registered"' in page
    watch = left.fleet.watch()
    run = left.fleet.onboard(left.inventory)
    assert run.outcomes == {"plain": "already", "french": "awaiting_claim"}
    assert run.changed == 0
    assert watch.changes() == []
    assert files_for_people(left.files) == ["french.address", "french.svg"]


def test_the_tenants_credentials_finish_what_waited(left: Left) -> None:
    """The same folder, now with credentials: the address in the file is claimed, and the file is gone.

    What an earlier run has left of a printer that is registered is not read, but removed.
    """
    inventory = left.fleet.inventory(onboard_files=str(left.files))
    (left.files / "plain.address").write_text("https://elsewhere.example.com/register/made-up-42\n", encoding="utf-8")
    watch = left.fleet.watch()
    run = left.fleet.onboard(inventory)
    assert run.returncode == 0, run.output
    assert watch.count("register_pressed") == 0
    assert watch.count("claim", "alpha") == 1
    printers = (left.files / "report.json").read_text(encoding="utf-8")
    assert '"outcome": "onboarded"' in printers
    assert files_for_people(left.files) == []


@pytest.mark.parametrize("mode", EITHER_MODE)
def test_a_printer_that_is_still_connecting_is_waited_for_and_not_done(make_fleet: FleetMaker, mode: str) -> None:
    fleet = make_fleet([{"name": "slow"}], {"connecting_delay": 600.0}, onboard_wait_timeout=2, onboard_wait_sleep=0.5)
    inventory = fleet.inventory(onboard_applications={})
    first, second = (fleet.onboard(inventory, mode=mode) for _run in range(2))
    assert (first.outcomes, second.outcomes) == ({"slow": "timeout"}, {"slow": "timeout"}), second.output
    assert "still shows it connecting" in second.report["printers"]["slow"]["reason"]
    assert second.changed == 0


@pytest.mark.parametrize("mode", EITHER_MODE)
def test_a_printer_that_the_tenant_lists_still_is_claimed_with_its_new_address(
    make_fleet: FleetMaker, mode: str
) -> None:
    """Given controllers that were reset, whose tenant lists them as disconnected, then listed is not registered."""
    kinds = {"reset-link": "sra", "reset-editor": "prismasync"}
    fleet = make_fleet([{"name": name, "kind": kind, "trouble": "already"} for name, kind in kinds.items()])
    inventory = fleet.inventory()
    assert fleet.onboard(inventory, mode=mode).outcomes == dict.fromkeys(kinds, "already")
    for name in kinds:
        fleet.change(name, reset_controller=True)
    watch = fleet.watch()
    planned = fleet.onboard(inventory, "--check", mode=mode)
    assert planned.outcomes == dict.fromkeys(kinds, "onboarded"), planned.output
    assert watch.changes() == []
    run = fleet.onboard(inventory, mode=mode)
    assert run.outcomes == dict.fromkeys(kinds, "onboarded"), run.output
    assert (watch.count("register_pressed"), watch.count("claim", "alpha")) == (2, 2)
    assert {fleet.state(name)["registration_state"] for name in kinds} == {"registered"}
    assert files_for_people(inventory.parent / "onboarding") == []
    again = fleet.onboard(inventory, mode=mode)
    assert (again.outcomes, again.changed) == (dict.fromkeys(kinds, "already"), 0), again.output
    assert watch.count("claim", "alpha") == 2


@pytest.mark.parametrize("mode", EITHER_MODE)
def test_a_printer_that_is_only_listed_is_not_done_while_its_address_waits(make_fleet: FleetMaker, mode: str) -> None:
    """Given a controller that was reset, its new address, and then that the file of the address is lost."""
    fleet = make_fleet([{"name": "reset", "trouble": "already"}])
    inventory = fleet.inventory()
    fleet.change("reset", reset_controller=True)
    waiting = fleet.onboard(inventory, "--tags", "register", mode=mode)
    assert waiting.outcomes == {"reset": "awaiting_claim"}, waiting.output
    planned = fleet.onboard(inventory, "--check", mode=mode)
    assert planned.outcomes == {"reset": "onboarded"}, planned.output
    assert "tenant: listed, not registered -> present" in planned.report["printers"]["reset"]["changes"]
    (inventory.parent / "onboarding" / "reset.address").unlink()
    run = fleet.onboard(inventory, "--tags", "claim", mode=mode)
    assert run.outcomes == {"reset": "not_tried"}, run.output
