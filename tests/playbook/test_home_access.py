# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The people of a tenant as real runs: home_user twice and in check mode, and a declared file by plan and review.

By a person's account on the pages of PRISMA Home, and by its application.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playbook.test_access_role import run
from support.playbook import IN_PROCESS_OR_NOT
from support.tenant import Tenants, start_tenants

PEOPLE = 40
ACCOUNTING, DASHBOARD = "prismalytics-accounting", "prismalytics-dashboard"
TARGET: dict[str, Any] = {"cloud_access_target": "tenant"}


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    made = start_tenants(tmp_path_factory.mktemp("tenants"), PEOPLE, {"home_page_size": 15})
    yield made
    made.simulation.stop()


@pytest.fixture(autouse=True)
def _as_before(tenants: Tenants) -> Iterator[None]:
    tenants.sign_in_as = "person"
    yield
    tenants.simulation.request("DELETE", "faults")


def outcome(result: dict[str, Any]) -> tuple[bool, str, bool]:
    return result["failed"], result["outcome"], result["changed"]


IN_SYNC, DRIFT, APPLIED = (False, "in_sync", False), (False, "drift", True), (False, "applied", True)


def dump(tenants: Tenants) -> dict[str, Any]:
    return {**tenants.task("home_people_info")["declared"], "mode": "authoritative"}


@pytest.mark.parametrize("in_process", IN_PROCESS_OR_NOT)
@pytest.mark.parametrize("account", ["person", pytest.param("client", marks=pytest.mark.slow)])
def test_people(tenants: Tenants, in_process: bool, account: str) -> None:
    tenants.sign_in_as = account
    person = f"jo-{in_process}-{account}@example.com".lower()
    options = {"email": person, "applications": {ACCOUNTING: "administrator"}}
    how: dict[str, Any] = {"options": options, "printops_in_process": in_process}
    tenants.begin()
    planned = tenants.task("home_user", check=True, **how)
    assert (outcome(planned), tenants.writes()) == (DRIFT, {}), planned
    done = tenants.task("home_user", **how)
    assert outcome(done) == APPLIED, done
    assert done["diff"] == planned["diff"]
    shown = tenants.people()[person]
    assert (shown["state"], shown["role"], shown["applications"]) == (
        "pending",
        "employee",
        {ACCOUNTING: "administrator"},
    )
    tenants.first_sign_in(person)
    assert outcome(tenants.task("home_user", **how)) == IN_SYNC
    absent = {"email": person, "state": "absent"}
    assert outcome(tenants.task("home_user", options=absent, printops_in_process=in_process)) == APPLIED
    assert person not in tenants.people()


@pytest.mark.slow
def test_plan_review_apply_and_again(tenants: Tenants) -> None:
    declared = dump(tenants)
    gone, kept = declared["people"][-1], declared["people"][:-1]
    declared["people"] = [*kept, {"email": "new@example.com", "applications": {DASHBOARD: "user"}}]
    tenants.begin()
    audit = run(tenants, declared, playbook="audit_access", **TARGET)
    assert audit.came == ("drift", 2), audit.run.output
    plan = run(tenants, declared, "--check", **TARGET)
    assert plan.came == ("drift", 0), plan.run.output
    assert tenants.writes() == {}
    assert (plan.status["tenant"], plan.status["counts"]["add"], plan.status["counts"]["remove"]) == ("alpha", 1, 1)
    assert plan.failures == audit.failures == [("in_sync", "drift")]
    folder = plan.run.folder / "access" / "tenant"
    assert gone["email"] in (folder / "plan.md").read_text(encoding="utf-8")
    sha256 = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["sha256"]
    other = run(tenants, declared, cloud_access_plan_sha256="0" * 64, **TARGET)
    assert other.came == ("guardrail_refused", 2)
    applied = run(tenants, declared, cloud_access_plan_sha256=sha256, **TARGET)
    assert applied.came == ("applied", 0), applied.run.output
    assert (gone["email"] in tenants.people(), "new@example.com" in tenants.people()) == (False, True)
    again = run(tenants, declared, cloud_access_plan_sha256=sha256, **TARGET)
    assert (again.came, again.run.changed) == (("in_sync", 0), 0)


def test_a_file_for_a_site_and_a_target_that_is_none(tenants: Tenants) -> None:
    bad = run(tenants, {"administrators": [], "users": []}, **TARGET)
    assert bad.came == ("bad_input", 2)
    assert "cloud_access_target: site" in bad.status["reason"]
    folder = tenants.new_folder()
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("account", "fault"),
    [
        ("person", "lost_page"),
        pytest.param("person", "list_changes", marks=pytest.mark.slow),
        pytest.param("client", "truncate", marks=pytest.mark.slow),
    ],
)
def test_a_list_that_is_not_whole_changes_nothing(tenants: Tenants, account: str, fault: str) -> None:
    tenants.sign_in_as = account
    declared = dump(tenants)
    declared["people"] = declared["people"][:-1]
    tenants.begin()
    tenants.fault(fault, path="configuration/users" if account == "person" else "people", times=0)
    result = tenants.task("home_access", options={"declared": declared})
    assert outcome(result) == (True, "incomplete", False), result
    assert tenants.writes() == {}
    tenants.simulation.request("DELETE", "faults")


def test_a_lost_answer_is_looked_up_and_not_sent_again(tenants: Tenants) -> None:
    people = [f"lost.{number}@example.com" for number in range(3)]
    tenants.begin()
    tenants.fault("drop_after", path="configuration/users/invite")
    assert outcome(tenants.task("home_user", options={"people": people})) == APPLIED
    assert tenants.writes() == {"POST configuration/users/invite": 3}


def test_a_person_of_another_tenant_does_not_hold_up_the_others(tenants: Tenants) -> None:
    tenants.put_person("other@example.com", "beta")
    result = tenants.task("home_user", options={"people": ["other@example.com", "third@example.com"]})
    assert outcome(result) == (True, "partly_applied", True), result
    failed = next(one for one in result["people"] if one["person"] == "other@example.com")
    assert failed["reason"] == "other@example.com belongs to another tenant"
    assert "third@example.com" in tenants.people()
    assert "other@example.com" in tenants.people("beta")


def test_the_account_in_use_and_the_last_administrator_stay(tenants: Tenants) -> None:
    declared = dump(tenants)
    administrators = [one["email"] for one in declared["people"] if one["role"] == "administrator"]
    everybody = {"people": administrators, "state": "absent", "max_removals": 100}
    result = tenants.task("home_user", options=everybody, check=True)
    assert outcome(result) == DRIFT, result
    assert tenants.account in administrators
    assert tenants.account not in {step["person"] for step in result["plan"]["steps"]}
    assert {one["person"] for one in result["plan"]["held_back"]} == {tenants.account}


@pytest.mark.slow
def test_an_employee_reads_and_is_told_what_it_may_not(tenants: Tenants) -> None:
    employee = next(
        one for one in tenants.simulation.ready["tenants"][0]["people"] if one["role"].lower() == "employee"
    )
    tenants.put_person(employee["email"])  # whom a list that changes may have lost
    how = {"printops_tenant_username": employee["email"], "printops_tenant_password": employee["password"]}
    assert outcome(tenants.task("home_people_info", **how)) == (False, "in_sync", False)
    tenants.begin()
    result = tenants.task("home_user", options={"people": ["nobody.yet@example.com"]}, **how)
    assert (result["failed"], result["outcome"], tenants.writes()) == (True, "auth_failed", {}), result
    assert "Employee" in result["msg"]
