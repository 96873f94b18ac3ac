# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change of people that is answered by a redirect to another origin: the first request has carried it out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from unit.prisma.test_unproven_steps import ANN, BOB, CY, DAN, EVERYBODY, Cloud, absent
from unit.web.loopback import ELSEWHERE, Answer, Asked


def redirected(cloud: Cloud, change: Callable[[str, Asked], None]) -> Callable[[Asked], Answer | None]:
    """Return a cloud that does ``change`` for each removal, and then redirects elsewhere."""

    def override(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/remove"):
            return None
        change(cloud.address_in(asked), asked)
        return ELSEWHERE

    return override


@pytest.mark.parametrize("verified", [True, False])
def test_a_removal_that_leads_elsewhere_is_the_last_one(cloud: Cloud, verified: bool) -> None:
    """Given the removal is done, then the others are left, and the reason and the advice are those of the redirect."""
    for who in EVERYBODY:
        cloud.put(who)
    if not verified:
        for write in cloud.source["write"].values():
            write.pop("verify", None)
    cloud.site.override = redirected(cloud, cloud.take)
    result = absent(cloud, ANN, BOB, CY)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True), result
    assert [one["outcome"] for one in result["people"]] == ["done", "not_tried", "not_tried"]
    assert len(cloud.writes) == 1
    assert "redirects to https://elsewhere.example.net" in result["reason"]
    assert "If that is the right address of the interface, set it: " in result["advice"]


def test_a_removal_that_leads_elsewhere_and_removed_a_neighbour_is_named(cloud: Cloud) -> None:
    for who in EVERYBODY:
        cloud.put(who)
    cloud.site.override = redirected(cloud, lambda who, asked: cloud.take(DAN, asked))
    result = absent(cloud, ANN, BOB)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "unplanned_change", True), result
    assert {one["person"] for one in result["unexpected"]} == {DAN}
    assert [one["outcome"] for one in result["people"]] == ["failed", "not_tried"]
    assert len(cloud.writes) == 1
    assert "redirects to https://elsewhere.example.net" in result["reason"]


def test_an_addition_that_leads_elsewhere_is_the_last_one(cloud: Cloud) -> None:
    cloud.site.after_write = lambda asked: ELSEWHERE
    result = cloud.run(cloud.user, people=[ANN, BOB])
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True), result
    assert len(cloud.writes) == 1
    assert "redirects to https://elsewhere.example.net" in result["reason"]


def test_a_form_that_leads_elsewhere_has_changed_nobody(cloud: Cloud) -> None:
    """Given the page before the request that acts redirects, then nothing was sent."""
    for write in cloud.source["write"].values():
        write["steps"].insert(0, {"get": "form"})
    cloud.put(ANN)
    cloud.site.override = lambda asked: ELSEWHERE if asked.path == "/form" else None
    result = absent(cloud, ANN)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "bad_input", False), result
    assert cloud.writes == []


def test_a_page_after_a_removal_that_is_elsewhere_counts_as_after_it(cloud: Cloud) -> None:
    """Given the removal is answered, and the page after it redirects."""
    for write in cloud.source["write"].values():
        write["steps"].append({"get": "overview"})
        write.pop("fields")
    for who in EVERYBODY:
        cloud.put(who)
    cloud.site.override = lambda asked: ELSEWHERE if asked.path == "/overview" else None
    result = absent(cloud, ANN, BOB)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "partly_applied", True), result
    assert len(cloud.writes) == 1
