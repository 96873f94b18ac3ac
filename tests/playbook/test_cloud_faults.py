# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of an administration site: everybody who should be there is kept, and a second run converges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.site import Sites, start_sites

pytestmark = pytest.mark.slow

PEOPLE = [f"fault.{number}@example.com" for number in range(6)]
USER = {"dashboard", "remote_match", "remote_control_invited"}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    made = start_sites(
        tmp_path_factory.mktemp("sites"),
        [{"id": "north", "people": 40}, {"id": "south", "users": ["other@example.com"]}],
        settings={"site_page_size": 20},
    )
    yield made
    made.simulation.stop()


@pytest.fixture(autouse=True)
def _as_before(sites: Sites) -> Iterator[None]:
    yield
    sites.simulation.request("DELETE", "faults")
    for person in PEOPLE:
        sites.put(person)


def add(sites: Sites, **how: Any) -> dict[str, Any]:
    return sites.task("cloud_user", options={"people": PEOPLE}, **how)


def converges(sites: Sites, before: dict[str, set[str]]) -> None:
    """The next run does the rest, nobody was lost, and the one after that has nothing to do."""
    sites.simulation.request("DELETE", "faults")
    assert add(sites)["failed"] is False
    assert add(sites)["outcome"] == "in_sync"
    assert all(sites.where(person) == USER for person in PEOPLE)
    assert all(before[name] <= people for name, people in sites.lists().items())


def test_a_session_that_expires_in_the_middle_of_the_writes(sites: Sites) -> None:
    before = sites.lists()
    sites.fault("expired_session", path="users/add", skip=2)
    since = sites.begin()
    result = add(sites)
    assert (result["failed"], result["outcome"]) == (False, "applied"), result
    assert sites.sign_ins(since) == 2
    converges(sites, before)


def test_a_session_that_expires_between_pages_is_no_empty_list(sites: Sites) -> None:
    before = sites.lists()
    sites.fault("expired_session", path="users/dashboard")
    assert add(sites)["outcome"] == "applied"
    converges(sites, before)


@pytest.mark.parametrize("fault", ["lost_page", "wrong_total", "truncate", "list_changes"])
def test_a_list_that_is_not_whole_changes_nothing(sites: Sites, fault: str) -> None:
    before = sites.lists()
    sites.begin()
    sites.fault(fault, path="users/dashboard", times=0)  # a list that is whole when it is read again is no fault
    result = add(sites)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "incomplete", False), result
    assert sites.writes() == {}
    sites.simulation.request("DELETE", "faults")
    if fault != "list_changes":  # which takes somebody away itself
        converges(sites, before)


def test_turned_away_in_the_middle_for_a_while(sites: Sites) -> None:
    before = sites.lists()
    sites.fault("status", options={"status": 429, "retry_after": 1}, path="users/add", skip=2)
    result = add(sites)
    assert (result["failed"], result["outcome"]) == (False, "applied"), result
    converges(sites, before)


def test_turned_away_for_good_keeps_what_was_done(sites: Sites) -> None:
    before = sites.lists()
    sites.fault("status", options={"status": 429}, path="users/add", skip=2, times=100)
    result = add(sites, printops_retries=1)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True), result
    assert [person["outcome"] for person in result["people"]] == ["done"] * 2 + ["failed"] + ["not_tried"] * 3
    converges(sites, before)


def test_a_connection_lost_after_the_write_was_done(sites: Sites) -> None:
    before = sites.lists()
    sites.fault("drop_after", path="users/add", times=2)
    sites.begin()
    result = add(sites)
    assert (result["failed"], result["outcome"]) == (False, "applied"), result
    assert sites.writes() == {"POST users/add": len(PEOPLE)}
    converges(sites, before)


def test_already_there(sites: Sites) -> None:
    """Somebody else added them between reading and writing: the portal says so, and that is fine."""
    sites.put(PEOPLE[0], "dashboard", "remote_match")
    result = add(sites)
    assert result["outcome"] == "applied"
    assert sites.where(PEOPLE[0]) == USER


def test_one_person_of_another_site(sites: Sites) -> None:
    people = ["other@example.com", *PEOPLE]
    result = sites.task("cloud_user", options={"people": people})
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True), result
    failed = next(person for person in result["people"] if person["person"] == "other@example.com")
    assert (failed["outcome"], failed["reason"]) == ("failed", "other@example.com belongs to another site")
    assert all(sites.where(person) == USER for person in PEOPLE)
    assert sites.where("other@example.com", "south") != set()


def test_the_last_reading_fails(sites: Sites) -> None:
    before = sites.lists()
    pages = sum(max(1, -(-len(people) // 20)) for people in before.values())
    sites.fault("status", options={"status": 500}, path="administrators/active", skip=1, times=10)
    assert pages
    result = add(sites, printops_retries=0)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True), result
    converges(sites, before)
