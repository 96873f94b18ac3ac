# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant of two thousand people: plan, review, apply, and a second run that changes nothing.

On the pages of PRISMA Home by a person's account. What is asked of it is counted by the simulator itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from support.tenant import Tenants, start_tenants

pytestmark = pytest.mark.slow
PEOPLE, CHANGES, SIZE = 2_000, 60, 50
DASHBOARD, ACCOUNTING = "prismalytics-dashboard", "prismalytics-accounting"


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    made = start_tenants(tmp_path_factory.mktemp("tenants"), PEOPLE, {"home_page_size": SIZE})
    yield made
    made.simulation.stop()


def changed(declared: dict[str, Any]) -> dict[str, Any]:
    """Return the file with people who go, who come, and whose roles change: a third of the changes each."""
    part = CHANGES // 3
    generated = [one for one in declared["people"] if one["email"].startswith("person")]
    plain = [one for one in generated if one["role"] == "employee" and ACCOUNTING not in one["applications"]]
    gone, other = plain[:part], plain[part : 2 * part]
    for one in other:
        one["applications"] = {**one["applications"], ACCOUNTING: "administrator"}
    new = [{"email": f"new.{number}@example.com", "applications": {DASHBOARD: "user"}} for number in range(part)]
    kept = [one for one in declared["people"] if one not in gone]
    return {**declared, "mode": "authoritative", "people": kept + new, "guardrails": {"max_removals": part}}


def test_plan_review_apply_and_a_second_run_that_changes_nothing(tenants: Tenants) -> None:
    declared = changed(tenants.task("home_people_info")["declared"])
    assert len(declared["people"]) > PEOPLE
    folder = tenants.new_folder()
    (folder / "people.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    how: dict[str, Any] = {"folder": folder, "options": {"file": "people.yml"}}
    tenants.begin()
    planned = tenants.task("home_access", check=True, **how)
    assert (planned["outcome"], tenants.writes()) == ("drift", {}), planned["msg"]
    part = CHANGES // 3
    counts = planned["plan"]["counts"]
    assert (counts["add"], counts["promote"], counts["remove"], counts["removed_people"]) == (part, part, part, part)

    reviewed = {"file": "people.yml", "plan_sha256": planned["plan_sha256"]}
    since = tenants.begin()
    applied = tenants.task("home_access", options=reviewed, folder=folder)
    assert (applied["failed"], applied["outcome"]) == (False, "applied"), applied["msg"]
    assert applied["diff"] == planned["diff"]
    people = tenants.people()
    assert sum(email.startswith("new.") for email in people) == part
    assert len(people) == len(declared["people"])

    asked, writes = tenants.asked(), sum(tenants.writes().values())
    pages = applied["proof"]["people"]["pages"]
    steps = [step for person in applied["people"] for step in person["done"]]
    removals = [step for step in steps if step.startswith("remove_person")]
    lists = sum(count for name, count in asked.items() if name.startswith("GET configuration/users"))
    print(f"\n{sum(asked.values())} requests: {lists} pages and look-ups of {pages} pages, {writes} writes")
    assert len(steps) == 4 * part
    assert writes == len(steps) + len(removals)  # a removal is confirmed
    # all pages before and after, all again to prove the first step of each kind, one look-up for each later one; a
    # removal searches for its row, and follows it to the person's page; and right before the first removal all pages,
    # which then also hold who was added
    kinds = len(set(steps))
    assert pages <= lists - ((2 + kinds) * pages + len(steps) - kinds + 2 * len(removals)) <= 2 * pages
    assert tenants.sign_ins(since) == 1

    tenants.begin()
    again = tenants.task("home_access", options=reviewed, folder=folder)
    assert (again["failed"], again["outcome"], again["changed"], tenants.writes()) == (False, "in_sync", False, {})
