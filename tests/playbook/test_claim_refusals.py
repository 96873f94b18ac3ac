# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a claim would be refused for is known before [Register]: no printer is pressed in vain, in either mode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from support.fleet import Fleet, FleetMaker
from support.home import person_of, session_file
from support.playbook import EITHER_MODE, MODES

PROFILES = Path(__file__).resolve().parents[2] / "plugins" / "profiles"
REFUSED = {
    "no-location": "location cannot be kept as declared: the profile older lacks write.set_location",
    "no-enabled": "enabled cannot be kept as declared: the profile older lacks write.disable_device",
    "no-applications": "applications cannot be kept as declared: the profile pointed lacks the field applications of",
    "no-switch": "applications cannot be kept as declared: the profile pointed lacks write.set_application",
    "unknown": "the tenant knows no application 'prismaremote-manager'",
    "employee": "is an Employee of the tenant 'alpha'",
}
"""Printers by what is refused, each with what its result says."""


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    names = [*REFUSED, *(f"{when}-{mode}" for mode in MODES for when in ("first", "second", "fine"))]
    return make_fleet([{"name": name} for name in names])


def older_profile(folder: Path) -> str:
    """Write the profile of the pages without the operations that a recording may lack."""
    profile: dict[str, Any] = yaml.safe_load((PROFILES / "prisma-home.yml").read_text(encoding="utf-8"))
    profile["id"] = "older"
    profile["read"].pop("subscriptions")
    for name in ("set_location", "disable_device"):
        profile["write"].pop(name)
    return _written(folder / "older.yml", profile)


def pointed_profile(folder: Path, *, shows_applications: bool) -> str:
    """Write the profile of the pages as one made by pointing is: nothing switches the applications of a device."""
    profile: dict[str, Any] = yaml.safe_load((PROFILES / "prisma-home.yml").read_text(encoding="utf-8"))
    profile["id"] = "pointed"
    profile["write"].pop("set_application")
    for read in ("devices", "device"):
        if not shows_applications and read in profile["read"]:
            profile["read"][read]["fields"].pop("applications", None)
    return _written(folder / f"pointed-{shows_applications}.yml", profile)


def _written(path: Path, profile: dict[str, Any]) -> str:
    path.write_text(yaml.safe_dump(profile), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("mode", EITHER_MODE)
def test_nobody_is_pressed_in_vain(fleet: Fleet, tmp_path: Path, mode: str) -> None:
    employee = person_of(fleet.simulation.ready, role="Employee")
    older = {"printops_tenant_profile": older_profile(tmp_path)}
    own: dict[str, dict[str, Any]] = {
        "no-location": {**older, "onboard_location": "Hall 3"},
        "no-enabled": {**older, "onboard_enabled": False},
        "no-applications": {"printops_tenant_profile": pointed_profile(tmp_path, shows_applications=False)},
        "no-switch": {"printops_tenant_profile": pointed_profile(tmp_path, shows_applications=True)},
        "unknown": {"onboard_applications": {"prismaremote-manager": True}},
        "employee": {
            "printops_tenant_username": employee["email"],
            "printops_tenant_password": employee["password"],
        },
    }
    fine = f"fine-{mode}"
    watch = fleet.watch()
    run = fleet.onboard(fleet.inventory(*own, fine, own=own), "--tags", "look,prepare,register", mode=mode)
    assert watch.count("register_pressed", fine) == 1, run.output
    for name, said in REFUSED.items():
        assert watch.count("register_pressed", name) == 0, f"{name}: {run.output}"
        result = run.report["printers"][name]
        assert said in result["reason"], result
        assert (result["outcome"], result["pressed"]) == (
            ("unsupported" if name.startswith("no-") else "failed"),
            False,
        )
        assert result["changes"] == []


@pytest.mark.parametrize("mode", EITHER_MODE)
def test_a_session_that_ends_between_two_printers_stops_the_second(fleet: Fleet, tmp_path: Path, mode: str) -> None:
    """Given a session whose end nobody can know, then the tenant is read before each press."""
    path = session_file(fleet.simulation.ready, tmp_path / "session.json")
    others = ("username", "password", "sign_in_hosts")
    variables: dict[str, Any] = {
        **{f"printops_tenant_{name}": None for name in others},
        "printops_tenant_session_file": str(path),
        "onboard_applications": {},
    }
    first, second = f"first-{mode}", f"second-{mode}"
    inventory = fleet.inventory(first, second, **variables)
    watch = fleet.watch()
    # It ends with the page that is read for the second printer: four are for the first one, its sign-in and its claim.
    fleet.fault("expired_session", target="home", path="^$", method="GET", skip=4)
    run = fleet.onboard(inventory, "-e", '{"onboard_serial": [1]}', mode=mode, waves=True)
    assert run.outcomes == {first: "onboarded", second: "auth_failed"}, run.output
    assert (watch.count("register_pressed", first), watch.count("register_pressed", second)) == (1, 0)
    assert "printops.prisma.sign_in -e cloud=tenant" in run.report["printers"][second]["advice"]
