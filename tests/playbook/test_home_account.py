# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRISMA Home by a person's account: signing in on the provider's pages, and what such an account may do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.fleet import Fleet, FleetMaker
from support.home import session_file

PRINTERS: list[dict[str, Any]] = [
    {"name": "sra"},
    {"name": "editor", "kind": "prismasync"},
    {"name": "theirs", "trouble": "owned_by_other"},
    {"name": "overseas", "region": "us"},
    {"name": "unread"},
]
PEOPLE = [
    {"email": "administrator@alpha.example.com"},
    {"email": "employee@alpha.example.com", "role": "Employee"},
    {"email": "factor@alpha.example.com", "second_factor": True},
]
TENANTS = [
    {"id": "alpha", "name": "Print shop Alpha", "people": PEOPLE},
    {"id": "beta", "name": "Print shop Beta"},
    {"id": "gamma", "name": "Print shop Gamma", "region": "us"},
]


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet(PRINTERS, tenants=TENANTS)


def person(fleet: Fleet, name: str) -> dict[str, Any]:
    """Return the variables by which somebody else signs in."""
    people = fleet.simulation.ready["tenants"][0]["people"]
    found = next(one for one in people if one["email"].startswith(name))
    return {"printops_tenant_username": found["email"], "printops_tenant_password": found["password"]}


def test_a_person_claims_in_each_region(fleet: Fleet) -> None:
    inventory = fleet.inventory("sra", "editor", "theirs", "overseas", account="person", onboard_fail_on=[])
    watch = fleet.watch()
    planned = fleet.onboard(inventory, "--check")
    assert watch.writes() == {}, planned.output
    run = fleet.onboard(inventory)
    expected = {"sra": "onboarded", "editor": "onboarded", "overseas": "onboarded", "theirs": "owned_by_other"}
    assert run.outcomes == expected, run.output
    claims = [(line["subject"], line["actor"]) for line in fleet.simulation.audit(since=watch.since, what="claim")]
    assert sorted(claims) == [
        *[("alpha", "administrator@alpha.example.com")] * 2,
        ("gamma", "administrator@gamma.example.com"),
    ]
    writes = fleet.watch()
    again = fleet.onboard(inventory)
    assert (again.changed, {name for name, outcome in again.outcomes.items() if outcome == "already"}) == (
        0,
        {"sra", "editor", "overseas"},
    )
    # The printer that is not taken over is tried again.
    tried = {name for name in writes.writes() if name[0].startswith("home")}
    assert tried == {("home", "GET register/*"), ("home", "POST register/*")}
    assert "home_people" not in fleet.simulation.open_sessions()


@pytest.mark.slow
def test_a_claim_that_ends_on_a_page_nobody_knows_shows_no_code_of_its_address(fleet: Fleet) -> None:
    """Given such a page, whose path is the code of the registration address, then what is said of it has no code."""
    fleet.fault("status", target="home", path="^register/", options={"status": 403})
    run = fleet.onboard(fleet.inventory("unread", account="person", onboard_fail_on=[]), "-vvv", mode="tasks")
    assert run.outcomes == {"unread": "failed"}, run.output
    assert "/register/" in run.output  # so the page was told
    shown = run.output + (run.folder / "results.jsonl").read_text(encoding="utf-8")
    secrets = [item["value"] for item in fleet.simulation.get("secrets")]
    assert [secret for secret in secrets if len(secret) >= 8 and secret in shown] == []


@pytest.mark.parametrize(
    ("who", "password", "said"),
    [
        ("administrator", "wrong", "PRISMA Home refused the sign-in (account "),
        ("factor", None, "PRISMA Home asks for a second factor, which no program has"),
    ],
)
def test_an_account_that_cannot_sign_in_is_not_tried_twice(
    fleet: Fleet, who: str, password: str | None, said: str
) -> None:
    variables = person(fleet, who) | ({"printops_tenant_password": password} if password else {})
    since = fleet.simulation.last_audit_id()
    first, second = fleet.tasks("sra", {"home_device_info": {}}, {"home_device_info": {}}, variables=variables)
    for result in (first, second):
        assert (result["failed"], result["outcome"]) == (True, "auth_failed"), result
        assert said in result["reason"]
    assert ("printops_tenant_session_file" in first["advice"]) is (who == "factor")
    tried = [line["what"] for line in fleet.simulation.audit(since=since) if line["side"] == "oidc"]
    assert tried == (["sign_in_refused"] if password else [])


def test_an_employee_reads_and_is_told_what_it_may_not(fleet: Fleet) -> None:
    serial = fleet.simulation.printer("sra")["serial"]
    watch = fleet.watch()
    read, refused = fleet.tasks(
        "sra",
        {"home_device_info": {}},
        {"home_device": {"serial": serial, "applications": {"prismacolor-manager": True}}},
        variables=person(fleet, "employee"),
    )
    assert serial in [device["serial"] for device in read["devices"]]
    assert refused["failed"] and "Employee" in refused["msg"]
    assert watch.writes() == {}


def test_a_session_file_is_enough_and_stays_open(fleet: Fleet, tmp_path: Path) -> None:
    path = session_file(fleet.simulation.ready, tmp_path / "session.json")
    since = fleet.simulation.last_audit_id()
    variables = {
        **dict.fromkeys(person(fleet, "administrator")),  # left out
        "printops_tenant_sign_in_hosts": None,
        "printops_tenant_session_file": str(path),
    }
    (read,) = fleet.tasks("sra", {"home_device_info": {}}, variables=variables)
    assert not read["failed"], read
    assert len(read["devices"]) == 2
    assert fleet.simulation.audit(since=since) == []
    fleet.simulation.post("home/expire_sessions")
    (ended,) = fleet.tasks("sra", {"home_device_info": {}}, variables=variables)
    assert (ended["failed"], ended["outcome"]) == (True, "auth_failed"), ended
