# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What proves a step: a look-up can be empty for another reason, and the first step of a kind is proven whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from unit.prisma.site_loopback import ACCOUNT, SiteBench
from unit.prisma.tenant_loopback import TenantBench
from unit.prisma.test_unproven_steps import ANN, BOB, CY, DAN, absent, page
from unit.web.loopback import Answer, Asked

Cloud = SiteBench | TenantBench
EMPTY = '<p id="total">0 people</p><table id="people"><tr><th>E-mail</th><th>Since</th></tr></table>'
MATCH = "remote-match"


def found_by_text(cloud: Cloud, asked: Asked, shown: str) -> Answer | None:
    """Answer a search by the text that the cloud shows: another spelling of one person is not found."""
    query = asked.path.partition("q=")[2]
    if not query or query.replace("%40", "@") == shown or cloud.site.override is None:
        return None
    if isinstance(cloud, TenantBench):
        return Answer(200, {"Content-Type": "application/json"}, b'{"items": [], "total": 0, "next": null}')
    return page(EMPTY)


@pytest.mark.parametrize(
    ("person", "shown"),
    [("bob@example.com", "Bob@Example.com"), ("bob@xn--bcher-kva.example", "bob@bücher.example")],
)
def test_a_later_removal_that_did_nothing_is_noticed_though_the_search_goes_by_another_spelling(
    cloud: Cloud, person: str, shown: str
) -> None:
    for who, as_shown in ((ANN, ANN), (person, shown), (CY, CY)):
        cloud.put(who, as_shown)

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith("/remove") and cloud.address_in(asked) == shown:
            return cloud.accept()
        return found_by_text(cloud, asked, shown) if "q=bob" in asked.path else None

    cloud.site.override = override
    result = absent(cloud, ANN, person, CY)
    assert (result["failed"], result["outcome"]) == (True, "partly_applied")
    assert [one["outcome"] for one in result["people"]] == ["done", "failed", "not_tried"]
    assert len(cloud.writes) == 2


JO, ZED = "jo+print@example.com", "zed@example.com"
"""A search that takes addresses apart at '+' does not find the first."""


def blind_to_jo(cloud: Cloud, asked: Asked) -> Answer | None:
    """Accept the removal of JO, and do nothing; no search finds JO."""
    if asked.path.startswith("/remove") and cloud.address_in(asked) == JO:
        return cloud.accept()
    return found_by_text(cloud, asked, "nobody") if "q=jo" in asked.path else None


def test_a_later_removal_of_somebody_whom_no_search_finds_is_proven_by_whole_lists(cloud: Cloud) -> None:
    for who in (ANN, JO, ZED):
        cloud.put(who)
    cloud.site.override = lambda asked: blind_to_jo(cloud, asked)
    result = absent(cloud, ANN, JO, ZED)
    assert (result["failed"], result["outcome"]) == (True, "partly_applied"), result
    assert [one["outcome"] for one in result["people"]] == ["done", "failed", "not_tried"]
    assert f"{JO} is still there" in result["people"][1]["reason"]


def test_the_search_is_no_proof_only_where_it_does_not_find_the_person_before(cloud: Cloud) -> None:
    """Given nobody is missed by the search, then whole lists are read for the first removal alone."""
    for who in (ANN, BOB, CY):
        cloud.put(who)
    result = absent(cloud, ANN, BOB, CY)
    assert result["outcome"] == "applied", result
    searched = [path.partition("q=")[2] for path in cloud.reads() if path.startswith(f"{cloud.lists_path}?q=")]
    assert searched == [who.replace("@", "%40") for who in (BOB, BOB, CY, CY)]


def test_somebody_who_became_active_during_the_run_is_not_called_removed(bench: SiteBench) -> None:
    """Given BOB was invited at the plan, then the search of invited people is empty because the account is active."""
    for who in (ANN, BOB, CY):
        bench.put(who, names=["remote_control_invited"])

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith("/remove") and bench.address_in(asked) == BOB:
            bench.site.rules.lists["remote_control_invited"].pop(BOB)
            bench.put(BOB, names=["remote_control_active"])
            return bench.accept()
        return None

    bench.site.override = override
    options: dict[str, Any] = {"applications": ["remote_control"], "state": "absent", "max_removal_percent": 100}
    result = bench.run(bench.user, people=[ANN, BOB, CY], **options)
    assert (result["failed"], result["outcome"]) == (True, "partly_applied")
    assert [one["outcome"] for one in result["people"]] == ["done", "failed", "not_tried"]
    assert f"{BOB} is still on remote_control_active after the removal" in result["people"][1]["reason"]


def test_somebody_who_is_invited_and_active_leaves_both_lists(bench: SiteBench) -> None:
    for who in (ANN, BOB):
        bench.put(who, names=["remote_control_invited", "remote_control_active"])
    options: dict[str, Any] = {"applications": ["remote_control"], "state": "absent", "max_removal_percent": 100}
    assert bench.run(bench.user, people=[ANN, BOB], **options)["outcome"] == "applied"
    assert bench.names(ANN) == bench.names(BOB) == set()


def without_search(bench: Cloud) -> None:
    """Have the profile search nobody."""
    bench.source["read"] = {name: read for name, read in bench.source["read"].items() if not name.startswith("find_")}
    for write in bench.source["write"].values():
        write.pop("verify", None)


def invite_again(cloud: Cloud, who: str) -> None:
    """Have the cloud count somebody as invited who was active."""
    if isinstance(cloud, SiteBench):
        cloud.site.rules.lists["remote_control_active"].pop(who)
        cloud.put(who, names=["remote_control_invited"])
    else:
        cloud.site.rules.members[who].active = False


@pytest.mark.parametrize("removal", [ANN, CY])
def test_a_neighbour_who_is_invited_again_is_a_change(cloud: Cloud, removal: str) -> None:
    """Who was active and is only invited now cannot act any more, though still on a list of each application."""
    for who in (ANN, BOB, CY, DAN):
        cloud.put(who)
    if isinstance(cloud, SiteBench):
        cloud.put(DAN, names=["remote_control_active"])

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith("/remove") and cloud.address_in(asked) == removal:
            invite_again(cloud, DAN)
        return None

    cloud.site.override = override
    result = absent(cloud, ANN, BOB, CY)
    assert (result["failed"], result["outcome"]) == (True, "unplanned_change"), result
    assert {(one["person"], one["change"]) for one in result["unexpected"]} == {(DAN, "gone")}
    # one reading of a tenant shows everything; of a site, the list of the removal is read, and all lists at the end
    assert len(cloud.writes) == (1 if removal == ANN and isinstance(cloud, TenantBench) else 3)
    assert f"{DAN} is only invited to " in result["reason"]


def test_who_leaves_several_lists_is_not_sought_on_those_that_come_later(bench: SiteBench) -> None:
    for who in (ANN, BOB):
        bench.put(who)
    result = bench.run(bench.user, people=[ANN, BOB], state="absent", max_removal_percent=100)
    assert result["outcome"] == "applied", result
    searched = [path.partition("?")[0] for path in bench.reads() if "q=bob" in path]
    assert searched == [f"/people/{name}" for name in ("dashboard", "dashboard", "remote_match", "remote_match")]


# --- what an operation does to the person besides ---


@pytest.mark.parametrize("searches", [True, False])
def test_a_removal_from_one_list_that_is_one_from_all_is_the_last_one(bench: SiteBench, searches: bool) -> None:
    """Given [Remove] of the Dashboard takes a person off all lists, then nobody else loses what they keep."""
    for who in (ANN, BOB, CY):
        bench.put(who)
    if not searches:
        without_search(bench)

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith("/remove"):
            for people in bench.site.rules.lists.values():
                people.pop(bench.address_in(asked), None)
            return bench.accept()
        return None

    bench.site.override = override
    result = absent(bench, ANN, BOB, CY)
    assert (result["outcome"], len(bench.writes)) == ("unplanned_change", 1), result
    assert {(one["person"], one["list"]) for one in result["unexpected"]} == {(ANN, "remote_match")}


@pytest.mark.parametrize("searches", [True, False])
def test_an_addition_that_invites_again_who_was_active_is_the_last_one(bench: SiteBench, searches: bool) -> None:
    """Additions have no limit, so that everybody would lose what they had."""
    for who in (ANN, BOB, CY):
        bench.put(who, names=["remote_match", "remote_control_active"])
    if not searches:
        without_search(bench)

    def override(asked: Asked) -> Answer | None:
        if asked.path == bench.adding:
            invite_again(bench, bench.address_in(asked))
        return None

    bench.site.override = override
    result = bench.run(bench.user, people=[ANN, BOB, CY])
    assert (result["outcome"], len(bench.writes)) == ("unplanned_change", 1), result
    assert {(one["person"], one["list"]) for one in result["unexpected"]} == {(ANN, "remote_control_active")}


def test_a_role_that_takes_the_place_of_all_others_is_the_last_one(tenant: TenantBench) -> None:
    for who in (ANN, BOB, CY):
        tenant.put(who, names=[MATCH])

    def override(asked: Asked) -> Answer | None:
        if asked.path == "/application":
            tenant.site.rules.members[tenant.address_in(asked)].roles.clear()
        return None

    tenant.site.override = override
    result = tenant.run(tenant.user, people=[ANN, BOB, CY], applications={tenant.both[0]: "user"})
    assert (result["outcome"], len(tenant.writes)) == ("unplanned_change", 1), result
    assert {(one["person"], one["list"]) for one in result["unexpected"]} == {(ANN, MATCH)}


@pytest.mark.parametrize("searches", [True, False])
@pytest.mark.parametrize("task", ["remove", "add"])
def test_who_loses_more_than_the_first_person_had_is_the_last_one(cloud: Cloud, task: str, searches: bool) -> None:
    """Given the first person had nothing besides, then a look-up of the second one shows what they lost."""
    if not searches:
        without_search(cloud)
    is_site = isinstance(cloud, SiteBench)
    wanted, extra = cloud.both[0], cloud.both[1] if is_site else MATCH
    had = [wanted] if task == "remove" else []
    for who in (BOB, CY):
        cloud.put(who, names=[*had, extra])
    if had or not is_site:
        cloud.put(ANN, names=had)

    def lose(asked: Asked) -> Answer | None:
        if asked.path.startswith(("/remove", "/add", "/application")) and cloud.address_in(asked) == BOB:
            if isinstance(cloud, SiteBench):
                del cloud.site.rules.lists[extra][BOB]
            else:
                del cloud.site.rules.members[BOB].roles[extra]
        return None

    cloud.site.after_write = lose
    of_site = {"applications": [wanted], "state": "absent"} if task == "remove" else {}
    of_tenant = {"applications": {wanted: "none" if task == "remove" else "user"}}
    more: dict[str, Any] = of_site if is_site else of_tenant
    result = cloud.run(cloud.user, people=[ANN, BOB, CY], max_removal_percent=100, **more)
    assert (result["outcome"], len(cloud.writes)) == ("unplanned_change", 2), result
    assert {(one["person"], one["list"]) for one in result["unexpected"]} == {(BOB, extra)}


# --- additions ---


def test_an_addition_that_adds_one_more_is_the_last_one_and_is_named(cloud: Cloud) -> None:
    def override(asked: Asked) -> Answer | None:
        if asked.path == cloud.adding:
            cloud.put(DAN)
        return None

    cloud.site.override = override
    result = cloud.run(cloud.user, people=[ANN, BOB])
    assert (result["failed"], result["outcome"]) == (True, "unplanned_change")
    assert {one["person"] for one in result["unexpected"]} == {DAN}
    assert len(cloud.writes) == 1
    assert [one["outcome"] for one in result["people"]] == ["failed", "not_tried"]


@pytest.mark.parametrize("more", [{"role": "administrator"}, {"applications": {MATCH: "user"}}])
def test_a_role_that_one_more_person_gets_is_the_last_one_and_is_named(
    tenant: TenantBench, more: dict[str, Any]
) -> None:
    for who in (ANN, BOB, DAN):
        tenant.put(who)

    def override(asked: Asked) -> Answer | None:
        if asked.path in ("/role", "/application"):
            tenant.site._change(asked.path.strip("/"), {**json.loads(asked.body), "email": DAN})
        return None

    tenant.site.override = override
    result = tenant.run(tenant.user, people=[ANN, BOB], **more)
    assert (result["failed"], result["outcome"], len(tenant.writes)) == (True, "unplanned_change", 1)
    assert {one["person"] for one in result["unexpected"]} == {DAN}


def test_a_role_that_is_higher_than_the_one_that_was_sent_is_the_last_one(tenant: TenantBench) -> None:
    for who in (ANN, BOB):
        tenant.put(who)

    def override(asked: Asked) -> Answer | None:
        if asked.path != "/application":
            return None
        tenant.site._change("application", {**json.loads(asked.body), "role": "administrator"})
        return tenant.accept()

    tenant.site.override = override
    result = tenant.run(tenant.user, people=[ANN, BOB], applications={MATCH: "user"})
    assert (result["failed"], result["outcome"], len(tenant.writes)) == (True, "unplanned_change", 1)
    assert result["unexpected"] == [{"person": ANN, "list": f"{MATCH}:administrator", "change": "appeared"}]


# --- an application in which nobody had a role ---


def test_a_role_in_an_application_that_nobody_knew_is_named(tenant: TenantBench) -> None:
    """The profile reads no list of applications, and nobody had a role there when the plan was made."""
    del tenant.source["read"]["applications"]
    tenant.put(ANN)

    def override(asked: Asked) -> Answer | None:
        if asked.path == "/invite":
            tenant.site.rules.members[ANN].roles[MATCH] = "administrator"
        return None

    tenant.site.override = override
    result = tenant.run(tenant.user, people=[BOB])
    assert (result["failed"], result["outcome"]) == (True, "unplanned_change")
    assert {(one["person"], one["list"]) for one in result["unexpected"]} == {
        (ANN, MATCH),
        (ANN, f"{MATCH}:administrator"),
    }
    assert ACCOUNT in tenant.site.rules.members


def test_and_is_named_before_the_first_removal(tenant: TenantBench) -> None:
    del tenant.source["read"]["applications"]
    for who in (ANN, BOB):
        tenant.put(who)
    readings = []

    def override(asked: Asked) -> Answer | None:
        if asked.path == "/people":
            readings.append(asked)
            if len(readings) == 2:  # the first was for the plan
                tenant.site.rules.members[ANN].roles[MATCH] = "administrator"
        return None

    tenant.site.override = override
    result = absent(tenant, BOB)
    assert (result["failed"], result["outcome"], tenant.writes) == (True, "busy", [])
    assert f"{ANN} has appeared on {MATCH}" in result["msg"]
