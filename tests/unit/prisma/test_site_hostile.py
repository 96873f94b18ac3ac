# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds that show rows oddly, lists that are empty once, a removal that takes the wrong person, a run that was killed.

Where nothing else is said, that is a site and a tenant (fixture ``cloud``); what undoes an [Add] has a site alone. In
each case nobody may lose a list whom the declared file keeps there, and the result names what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.modules.cloud_admin import TASK as ADMIN
from unit.prisma.site_loopback import ACCOUNT, SiteBench
from unit.prisma.tenant_loopback import TenantBench
from unit.web.loopback import Answer, Asked

JO, SAM = "jo@example.com", "sam@example.com"
UNICODE, ASCII = "jo@b\u00fccher.example", "jo@xn--bcher-kva.example"
Cloud = SiteBench | TenantBench


# --- rows that are not exactly one address ---


@pytest.mark.parametrize(
    "shown",
    [
        f"Jo Roe <{JO}>",
        f"Jo Roe ({JO})",
        f"{JO} (guest)",
        "jo\u200b@example.com",
        "jo@exam\u00adple.com",
        f"{JO}.",
        f"{JO}; jo.private@example.org",
        f"\u2605{JO}",
        f"email={JO}",
        "jo[at]example.com",
        "",
        "\u212ao@example.com",
    ],
)
def test_a_row_that_is_not_one_address_is_a_list_that_was_not_read(cloud: Cloud, shown: str) -> None:
    cloud.put(JO, shown)
    result = cloud.run(cloud.access, declared=cloud.declared(JO))
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "incomplete", False)
    assert f"{cloud.first_list}: row 2" in result["msg"]
    assert "not exactly one address" in result["msg"]
    assert cloud.writes == []
    assert cloud.run(cloud.info)["outcome"] == "incomplete"


@pytest.mark.parametrize("account", [f"Automation <{ACCOUNT}>", "Automation", f"{ACCOUNT}\u200b"])
def test_an_account_in_use_that_is_not_one_address_is_not_read_either(cloud: Cloud, account: str) -> None:
    cloud.put(SAM)
    cloud.site.account = account.replace("<", "&lt;") if isinstance(cloud, SiteBench) else account
    result = cloud.run(cloud.access, declared=cloud.declared(JO))
    assert (result["outcome"], cloud.writes) == ("incomplete", [])
    assert "account in use" in result["msg"]


# --- two spellings of one person, and two people of one spelling ---


@pytest.mark.parametrize(("shown", "spelling"), [(ASCII, UNICODE), (UNICODE, ASCII), (ASCII, ASCII.upper())])
def test_both_spellings_of_a_domain_are_one_person(cloud: Cloud, shown: str, spelling: str) -> None:
    cloud.put(shown)
    cloud.put(SAM)
    assert cloud.run(cloud.access, declared=cloud.declared(spelling, SAM))["outcome"] == "in_sync"
    guarded = cloud.declared(SAM, guardrails={"protected": [f"*@{spelling.partition('@')[2]}"]})
    kept = cloud.run(cloud.access, declared=guarded)
    assert (kept["outcome"], {one["reason"] for one in kept["plan"]["held_back"]}) == ("in_sync", {"protected"})
    twice = cloud.run(cloud.access, declared=cloud.declared(UNICODE, ASCII))
    assert twice["outcome"] == "bad_input"
    assert "are one person" in twice["msg"]


def test_what_is_declared_outside_ascii_is_a_warning_in_its_spelling(cloud: Cloud) -> None:
    result = cloud.run(cloud.access, declared=cloud.declared(UNICODE), check=True)
    assert any(UNICODE in text and "\u00fc" in text for text in result["warnings"])
    assert any(
        "\u00fc" in text for text in cloud.run(cloud.access, declared=cloud.declared(ASCII), check=True)["warnings"]
    )


def test_a_plan_that_was_reviewed_for_one_address_is_not_applied_to_another(cloud: Cloud) -> None:
    for reviewed, given in (("jo@strasse.example", "jo@stra\u00dfe.example"), (JO, "JO@example.com")):
        digest = cloud.run(cloud.access, declared=cloud.declared(reviewed), check=True)["plan_sha256"]
        refused = cloud.run(cloud.access, declared=cloud.declared(given), plan_sha256=digest)
        assert (refused["outcome"], cloud.writes) == ("guardrail_refused", [])


@pytest.mark.parametrize("address", ["\u212aen@example.com", "niko\u017f@example.com", "\ufb01n@example.com"])
def test_what_unicode_takes_for_another_address_is_refused(cloud: Cloud, address: str) -> None:
    assert cloud.run(cloud.access, declared=cloud.declared(address))["outcome"] == "bad_input"
    assert cloud.run(cloud.user, people=[address])["outcome"] == "bad_input"
    assert cloud.server.asked == []


# --- limits that limit nothing ---


@pytest.mark.parametrize("digest", ["", "   ", "\n", "abc", "0" * 63, "g" * 64])
def test_a_plan_sha256_that_is_no_digest_is_bad_input(cloud: Cloud, digest: str) -> None:
    result = cloud.run(cloud.access, declared=cloud.declared(JO), plan_sha256=digest)
    assert (result["outcome"], cloud.server.asked) == ("bad_input", [])
    assert "plan_sha256" in result["msg"]


@pytest.mark.parametrize(
    "odd",
    [
        {"max_removal_percent": "nan"},
        {"max_removal_percent": "inf"},
        {"max_removal_percent": 100.5},
        {"max_removal_percent": -1},
        {"max_removals": -1},
        {"min_admins": 0},
        {"min_admins": -3},
        {"protected": ["*@partner"]},
        {"protected": [r".*@partner\.example\.org"]},
        {"required_admins": ["Jo Roe <jo@example.com>"]},
    ],
)
def test_odd_limits_are_bad_input(cloud: Cloud, odd: dict[str, Any]) -> None:
    for task in (cloud.user, *([ADMIN] if isinstance(cloud, SiteBench) else [])):
        result = cloud.run(task, people=[SAM], state="absent", **odd)
        assert (result["outcome"], cloud.server.asked) == ("bad_input", [])
        assert next(iter(odd)) in result["msg"]


def test_a_pattern_that_matches_nobody_is_a_warning(cloud: Cloud) -> None:
    guardrails = {"protected": ["*@partner.example.org", "second@*"]}
    warnings = cloud.run(cloud.access, declared=cloud.declared(JO, guardrails=guardrails), check=True)["warnings"]
    there = "on the site" if isinstance(cloud, SiteBench) else "in the tenant"
    assert [text for text in warnings if "matches nobody" in text] == [
        f"the protected pattern '*@partner.example.org' matches nobody {there} and nobody who is declared"
    ]


# --- what undoes an [Add] ---

ONLY_DASHBOARD = [(f"p{number}@partner.example.org", ["dashboard"]) for number in range(6)]


@pytest.mark.parametrize("guardrails", [{}, {"max_removals": 0, "protected": ["*@partner.example.org"]}])
def test_lists_that_are_empty_for_one_reading_cost_nobody_anything(bench: SiteBench, guardrails: Any) -> None:
    people = [who for who, _names in ONLY_DASHBOARD]
    for who in people:
        bench.put(who, names=["dashboard", "remote_match", "remote_control_active"])

    def empty_before_the_first_write(asked: Asked) -> Answer | None:
        if bench.writes or not asked.path.startswith(("/people/dashboard", "/people/remote")):
            return None
        page = '<p id="total">0 people</p><table id="people"><tr><th>E-mail</th><th>Since</th></tr></table>'
        return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())

    bench.site.override = empty_before_the_first_write
    result = bench.run(bench.access, declared=bench.declared(*ONLY_DASHBOARD, guardrails=guardrails))
    assert all(bench.names(who) == {"dashboard", "remote_match", "remote_control_active"} for who in people)
    assert not any(write.startswith("remove") for write in bench.writes)
    assert len(bench.writes) <= 1
    assert result["outcome"] == "unplanned_change", "the people whom the first reading did not show"


def at(bench: SiteBench, words: str, act: Callable[[], None]) -> None:
    """Have somebody else act directly before the first request whose path has these words is answered."""
    left = [act]

    def override(asked: Asked) -> Answer | None:
        if left and words in asked.path:
            left.pop()()
        return None

    bench.site.override = override


def test_somebody_who_was_added_between_plan_and_addition_keeps_it(bench: SiteBench) -> None:
    at(bench, "remote_match?q=", lambda: bench.put(JO, names=["remote_match"]))
    result = bench.run(bench.access, declared=bench.declared((JO, ["dashboard"]), SAM))
    assert result["outcome"] == "partly_applied"
    assert "is on remote_match meanwhile" in result["people"][0]["reason"]
    assert bench.names(JO) == {"remote_match"}
    assert bench.names(SAM) == set(bench.both)
    again = bench.run(bench.access, declared=bench.declared((JO, ["dashboard"]), SAM))
    assert (again["outcome"], bench.names(JO)) == ("guardrail_refused", {"remote_match"})


def test_somebody_else_who_appears_during_the_addition_stops_the_undoing(bench: SiteBench) -> None:
    at(bench, "add/user", lambda: bench.put("zoe@example.com", names=["remote_match"]))
    result = bench.run(bench.access, declared=bench.declared((JO, ["dashboard"])))
    assert result["outcome"] == "unplanned_change"
    assert result["reason"].startswith("not planned by this run: zoe@example.com has appeared on remote_match")
    assert result["unexpected"] == [{"person": "zoe@example.com", "list": "remote_match", "change": "appeared"}]
    assert bench.writes == [f"add/user {JO}"]


def test_a_protected_person_is_not_added_where_something_would_have_to_be_undone(bench: SiteBench) -> None:
    guardrails = {"protected": ["jo@*"]}
    result = bench.run(bench.access, declared=bench.declared((JO, ["dashboard"]), guardrails=guardrails))
    assert (result["failed"], result["outcome"], bench.writes, result["changed"]) == (True, "drift", [], False)
    assert f"{JO}: protected" in result["reason"]
    assert "on lists that are not declared" in result["reason"]
    planned = bench.run(bench.access, declared=bench.declared((JO, ["dashboard"]), guardrails=guardrails), check=True)
    assert (planned.get("failed", False), planned["outcome"]) == (False, "drift")
    assert any(f"{JO}: protected" in text for text in planned["warnings"])
    whole = (JO, [*bench.both, "remote_control"])
    assert bench.run(bench.access, declared=bench.declared(whole, guardrails=guardrails))["outcome"] == "applied"


@pytest.mark.parametrize("first", [slice(2), slice(1), slice(1, 2)])
def test_a_run_that_was_killed_before_the_undoing_is_finished_by_the_next(bench: SiteBench, first: slice) -> None:
    names = bench.both[first]
    others = [f"p{number}@example.com" for number in range(4)]
    for who in others:
        bench.put(who)
    bench.site.rules.add_user(JO)
    bench.site.rules.add_user(SAM)
    bench.site.rules.remove("remote_match", SAM)
    wanted = bench.declared((JO, names), (SAM, names), *others, guardrails={"max_removal_percent": 30})
    assert bench.run(bench.access, declared=wanted)["outcome"] == "applied"
    assert bench.names(JO) == bench.names(SAM) == set(names)


def test_a_run_that_was_killed_between_invitation_and_roles_is_finished_by_the_next(tenant: TenantBench) -> None:
    tenant.site.rules.invite(JO, "administrator")
    tenant.put(SAM, names=[])
    wanted = tenant.declared(JO, SAM, guardrails={"max_removal_percent": 30})
    assert tenant.run(tenant.access, declared=wanted)["outcome"] == "applied"
    assert tenant.names(JO) == tenant.names(SAM) == set(tenant.both)
    assert not tenant.site.rules.members[JO].administrator


def test_a_list_that_is_empty_for_one_reading_was_not_read(cloud: Cloud) -> None:
    cloud.put(JO)

    def empty(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/people"):
            return None
        if isinstance(cloud, TenantBench):
            return Answer(200, {"Content-Type": "application/json"}, b'{"items": [], "total": 0, "next": null}')
        page = '<p id="total">0 people</p><table id="people"><tr><th>E-mail</th><th>Since</th></tr></table>'
        return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())

    cloud.site.override = empty
    result = cloud.run(cloud.access, declared=cloud.declared(SAM))
    assert (result["outcome"], cloud.writes) == ("incomplete", [])
    assert "at least one administrator always remains" in result["msg"]


# --- a removal that removes somebody else ---


def removing(cloud: Cloud, instead: Callable[[str], list[str]]) -> None:
    """Remove those whom ``instead`` names for an address, and answer as if all were well."""

    def override(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/remove"):
            return None
        for who in instead(cloud.address_in(asked)):
            cloud.take(who, asked)
        return cloud.accept()

    cloud.site.override = override


def absent(cloud: Cloud) -> dict[str, Any]:
    """The options that remove people: from one list of a site, from a tenant as a whole."""
    return {"state": "absent", **({"applications": ["dashboard"]} if isinstance(cloud, SiteBench) else {})}


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("people", [["ob@example.com"], ["nn@example.com", "ob@example.com"]])
def test_the_first_wrong_removal_is_the_last_one_and_is_named(cloud: Cloud, people: list[str], both: bool) -> None:
    for who in ("ann@example.com", "bob@example.com", "nn@example.com", "ob@example.com"):
        cloud.put(who)
    neighbour = {"ob@example.com": "bob@example.com", "nn@example.com": "ann@example.com"}
    removing(cloud, lambda address: [neighbour[address], *([address] if both else [])])
    result = cloud.run(cloud.user, people=people, max_removal_percent=50, **absent(cloud))
    assert (result["failed"], result["outcome"]) == (True, "unplanned_change")
    assert len(cloud.writes) == 1
    wrong = neighbour[people[0]]
    assert result["reason"].startswith(f"not planned by this run: {wrong} is gone from {cloud.first_list}")
    assert {"person": wrong, "list": cloud.first_list, "change": "gone"} in result["unexpected"]
    assert {one["person"] for one in result["unexpected"]} == {wrong}
    assert [one["outcome"] for one in result["people"]] == ["failed", "not_tried"][: len(people)]


def test_a_wrong_removal_is_named_though_the_lists_cannot_be_read_in_the_end(bench: SiteBench) -> None:
    for who in ("bob@example.com", "ob@example.com"):
        bench.put(who)

    def override(asked: Asked) -> Answer | None:
        if asked.path.startswith("/remove"):
            bench.take("bob@example.com", asked)
            return bench.accept()
        return Answer(404) if bench.writes and asked.path.startswith("/people/administrators") else None

    bench.site.override = override
    result = bench.run(bench.user, people=["ob@example.com"], max_removal_percent=50, **absent(bench))
    assert (result["failed"], result["outcome"]) == (True, "unplanned_change")
    assert result["reason"].startswith("not planned by this run: bob@example.com is gone from dashboard; then reading")


def test_a_wrong_removal_that_is_not_the_first_stops_the_run_too(cloud: Cloud) -> None:
    people = [f"p{number}@example.com" for number in range(4)]
    for who in people:
        cloud.put(who)
    removing(cloud, lambda address: [] if address == people[1] else [address])
    result = cloud.run(cloud.user, people=people, max_removal_percent=100, **absent(cloud))
    assert result["outcome"] == "partly_applied"
    assert [one["outcome"] for one in result["people"]] == ["done", "failed", "not_tried", "not_tried"]
    assert f"is still on {cloud.first_list}" in result["people"][1]["reason"]
    assert len(cloud.writes) == 2


def test_no_result_repeats_a_long_row(cloud: Cloud) -> None:
    cloud.put(JO, "x" * 5000)
    assert len(json.dumps(cloud.run(cloud.access, declared=cloud.declared(JO)))) < 20_000
