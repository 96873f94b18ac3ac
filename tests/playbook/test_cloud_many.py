# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten thousand people and two hundred changes: what is asked of the site, counted by the simulator itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from support.site import LISTS, Sites, start_sites

pytestmark = pytest.mark.slow
PEOPLE, CHANGES, SIZE = 10_000, 200, 50
ALL = ["dashboard", "remote_match", "remote_control"]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("sites")
    made = start_sites(folder, [{"id": "north", "people": PEOPLE}], settings={"site_page_size": SIZE})
    made.own = {"printops_deadline": 1800}
    yield made
    made.simulation.stop()


def pages(sites: Sites) -> int:
    """Pages of all lists; an empty list is one page."""
    return sum(max(1, -(-len(people) // SIZE)) for people in sites.lists().values())


def counted(sites: Sites, what: str, before: int, result: dict[str, Any], since: int, *, lost: int = 0) -> None:
    """Print what was asked, and hold it against the pages before and after, the writes, and what signing in costs.

    All lists are read again right before the first removal, when they also hold who was added. A removal searches for
    its row. Each step is read back: by the lists that it changes at the first use of an operation and after a lost
    answer, otherwise by one look-up.
    """
    asked = sites.asked()
    writes = sum(sites.writes().values())
    lists = sum(count for name, count in asked.items() if name.startswith(("GET users/", "GET administrators/")))
    after = pages(sites)
    steps = [step for person in result["people"] for step in person["done"]]
    removals = [step for step in steps if step.startswith("remove_")]
    additions = len(steps) - len(removals)
    whole = lists - before - after - lost - additions - len(removals) - (len(removals) - len(set(removals)))
    print(f"\n{what}: {sum(asked.values())} requests: {before} + {after} pages of {len(LISTS)} lists, {writes} writes,")
    signing = sum(asked.values()) - lists - writes
    print(f"  {lost} look-ups, {additions} additions and {len(removals)} removals read back;")
    print(f"  signing in, the account, signing out: {signing}")
    kinds = len(set(steps))
    assert kinds <= whole <= (kinds + lost + bool(removals)) * max(before, after)
    assert writes == len(steps)
    assert sites.sign_ins(since) == 1
    # the look, two addresses of the sign-in, where it leads, signing out; the account before the lists, after each
    # reading of whole lists, and before each write
    readings = 2 + kinds + lost + bool(removals)
    assert signing <= 5 + 1 + readings + len(steps)


def test_two_hundred_changes_of_a_declared_file(sites: Sites) -> None:
    found = sites.task("cloud_site_info")
    declared = dict(found["declared"], mode="authoritative", guardrails={"max_removals": CHANGES})
    gone, kept = declared["users"][: CHANGES // 2], declared["users"][CHANGES // 2 :]
    new = [{"email": f"new.{number}@example.com", "applications": list(ALL)} for number in range(CHANGES // 2)]
    declared["users"] = kept + new
    folder = sites.new_folder()
    (folder / "access.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    before, since = pages(sites), sites.begin()
    result = sites.task("cloud_access", options={"file": "access.yml"}, folder=folder)
    assert (result["failed"], result["outcome"]) == (False, "applied"), result["msg"]
    assert result["plan"]["counts"]["add"] == result["plan"]["counts"]["removed_people"] == CHANGES // 2
    counted(sites, "cloud_access", before, result, since)
    assert gone[0]["email"] not in sites.lists()["dashboard"]


def test_two_hundred_people_by_name_and_some_answers_lost(sites: Sites) -> None:
    people = [f"named.{number}@example.com" for number in range(CHANGES)]
    sites.fault("drop_after", path="users/add", skip=50, times=3)
    before, since = pages(sites), sites.begin()
    result = sites.task("cloud_user", options={"people": people})
    assert (result["failed"], result["outcome"]) == (False, "applied"), result["msg"]
    counted(sites, "cloud_user", before, result, since, lost=3)
