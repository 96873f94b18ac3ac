# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites that show rows oddly, lists that are empty once, a [Remove] that takes the wrong person, a run that was killed.

In each case nobody may lose a list whom the declared file keeps there, and the result names what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from ansible_collections.printops.prisma.plugins.modules.cloud_access import TASK as ACCESS
from ansible_collections.printops.prisma.plugins.modules.cloud_admin import TASK as ADMIN
from ansible_collections.printops.prisma.plugins.modules.cloud_site_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.cloud_user import TASK as USER
from unit.decide.access.site_rules import same_person
from unit.prisma.site_loopback import ACCOUNT, SiteBench
from unit.web.loopback import Answer, Asked

JO, SAM = "jo@example.com", "sam@example.com"
UNICODE, ASCII = "jo@b\u00fccher.example", "jo@xn--bcher-kva.example"
BOTH = ["dashboard", "remote_match"]


def declared(*users: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    administrators = [{"email": who, "applications": BOTH} for who in (ACCOUNT, "second@example.com")]
    people = [{"email": one, "applications": BOTH} if isinstance(one, str) else one for one in users]
    return {"mode": "authoritative", "administrators": administrators, "users": people, **more}


def put(bench: SiteBench, who: str, *lists: str, shown: str | None = None) -> None:
    for name in lists:
        bench.site.rules.lists[name][who] = who if shown is None else shown


def names(bench: SiteBench, who: str) -> set[str]:
    return {name for name, people in bench.site.rules.lists.items() if who in people}


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
def test_a_row_that_is_not_one_address_is_a_list_that_was_not_read(bench: SiteBench, shown: str) -> None:
    put(bench, JO, *BOTH, shown=shown)
    result = bench.run(ACCESS, declared=declared(JO))
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "incomplete", False)
    assert "dashboard: row 2" in result["msg"]
    assert "not exactly one address" in result["msg"]
    assert bench.writes == []
    assert bench.run(INFO)["outcome"] == "incomplete"


@pytest.mark.parametrize("account", [f"Automation <{ACCOUNT}>", "Automation", f"{ACCOUNT}\u200b"])
def test_an_account_in_use_that_is_not_one_address_is_not_read_either(bench: SiteBench, account: str) -> None:
    put(bench, SAM, *BOTH)
    bench.site.account = account.replace("<", "&lt;")
    result = bench.run(ACCESS, declared=declared(JO))
    assert (result["outcome"], bench.writes) == ("incomplete", [])
    assert "account in use" in result["msg"]


# --- two spellings of one person, and two people of one spelling ---


@pytest.mark.parametrize(("shown", "spelling"), [(ASCII, UNICODE), (UNICODE, ASCII), (ASCII, ASCII.upper())])
def test_both_spellings_of_a_domain_are_one_person(bench: SiteBench, shown: str, spelling: str) -> None:
    put(bench, shown, *BOTH)
    put(bench, SAM, *BOTH)
    assert bench.run(ACCESS, declared=declared(spelling, SAM))["outcome"] == "in_sync"
    guarded = declared(SAM, guardrails={"protected": [f"*@{spelling.partition('@')[2]}"]})
    kept = bench.run(ACCESS, declared=guarded)
    assert (kept["outcome"], [one["reason"] for one in kept["plan"]["held_back"]]) == ("in_sync", ["protected"] * 2)
    twice = bench.run(ACCESS, declared=declared(UNICODE, ASCII))
    assert twice["outcome"] == "bad_input"
    assert "are one person" in twice["msg"]


def test_what_is_declared_outside_ascii_is_a_warning_in_its_spelling(bench: SiteBench) -> None:
    result = bench.run(ACCESS, declared=declared(UNICODE), check=True)
    assert any(UNICODE in text and "\u00fc" in text for text in result["warnings"])
    assert any("\u00fc" in text for text in bench.run(ACCESS, declared=declared(ASCII), check=True)["warnings"])


def test_a_plan_that_was_reviewed_for_one_address_is_not_applied_to_another(bench: SiteBench) -> None:
    for reviewed, given in (("jo@strasse.example", "jo@stra\u00dfe.example"), (JO, "JO@example.com")):
        digest = bench.run(ACCESS, declared=declared(reviewed), check=True)["plan_sha256"]
        refused = bench.run(ACCESS, declared=declared(given), plan_sha256=digest)
        assert (refused["outcome"], bench.writes) == ("guardrail_refused", [])


@pytest.mark.parametrize("address", ["\u212aen@example.com", "niko\u017f@example.com", "\ufb01n@example.com"])
def test_what_unicode_takes_for_another_address_is_refused(bench: SiteBench, address: str) -> None:
    assert bench.run(ACCESS, declared=declared(address))["outcome"] == "bad_input"
    assert bench.run(USER, people=[address])["outcome"] == "bad_input"
    assert bench.server.asked == []


# --- limits that limit nothing ---


@pytest.mark.parametrize("digest", ["", "   ", "\n", "abc", "0" * 63, "g" * 64])
def test_a_plan_sha256_that_is_no_digest_is_bad_input(bench: SiteBench, digest: str) -> None:
    result = bench.run(ACCESS, declared=declared(JO), plan_sha256=digest)
    assert (result["outcome"], bench.server.asked) == ("bad_input", [])
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
@pytest.mark.parametrize("task", [USER, ADMIN])
def test_odd_limits_are_bad_input(bench: SiteBench, task: Any, odd: dict[str, Any]) -> None:
    result = bench.run(task, people=[SAM], state="absent", **odd)
    assert (result["outcome"], bench.server.asked) == ("bad_input", [])
    assert next(iter(odd)) in result["msg"]


def test_a_pattern_that_matches_nobody_is_a_warning(bench: SiteBench) -> None:
    guardrails = {"protected": ["*@partner.example.org", "second@*"]}
    warnings = bench.run(ACCESS, declared=declared(JO, guardrails=guardrails), check=True)["warnings"]
    assert [text for text in warnings if "matches nobody" in text] == [
        "the protected pattern '*@partner.example.org' matches nobody on the site and nobody who is declared"
    ]


# --- what undoes an [Add] ---

ONLY_DASHBOARD = [{"email": f"p{number}@partner.example.org", "applications": ["dashboard"]} for number in range(6)]


@pytest.mark.parametrize("guardrails", [{}, {"max_removals": 0, "protected": ["*@partner.example.org"]}])
def test_lists_that_are_empty_for_one_reading_cost_nobody_anything(bench: SiteBench, guardrails: Any) -> None:
    people = [str(one["email"]) for one in ONLY_DASHBOARD]
    for who in people:
        put(bench, who, "dashboard", "remote_match", "remote_control_active")

    def empty_before_the_first_write(asked: Asked) -> Answer | None:
        if bench.writes or not asked.path.startswith(("/people/dashboard", "/people/remote")):
            return None
        page = '<p id="total">0 people</p><table id="people"><tr><th>E-mail</th><th>Since</th></tr></table>'
        return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())

    bench.site.override = empty_before_the_first_write
    result = bench.run(ACCESS, declared=declared(*ONLY_DASHBOARD, guardrails=guardrails))
    assert all(names(bench, who) == {"dashboard", "remote_match", "remote_control_active"} for who in people)
    assert not any(write.startswith("remove") for write in bench.writes)
    assert len(bench.writes) <= 1
    assert result["outcome"] == "partly_applied"


def at(bench: SiteBench, words: str, act: Callable[[], None]) -> None:
    """Have somebody else act directly before the first request whose path has these words is answered."""
    left = [act]

    def override(asked: Asked) -> Answer | None:
        if left and words in asked.path:
            left.pop()()
        return None

    bench.site.override = override


def test_somebody_who_was_added_between_plan_and_addition_keeps_it(bench: SiteBench) -> None:
    at(bench, "remote_match?q=", lambda: put(bench, JO, "remote_match"))
    result = bench.run(ACCESS, declared=declared({"email": JO, "applications": ["dashboard"]}, SAM))
    assert result["outcome"] == "partly_applied"
    assert "is on remote_match meanwhile" in result["people"][0]["reason"]
    assert names(bench, JO) == {"remote_match"}
    assert names(bench, SAM) == set(BOTH)
    again = bench.run(ACCESS, declared=declared({"email": JO, "applications": ["dashboard"]}, SAM))
    assert (again["outcome"], names(bench, JO)) == ("guardrail_refused", {"remote_match"})


def test_somebody_else_who_appears_during_the_addition_stops_the_undoing(bench: SiteBench) -> None:
    at(bench, "add/user", lambda: put(bench, "zoe@example.com", "remote_match"))
    result = bench.run(ACCESS, declared=declared({"email": JO, "applications": ["dashboard"]}))
    assert result["outcome"] == "partly_applied"
    assert "zoe@example.com has appeared on remote_match" in result["msg"]
    assert result["unexpected"] == [{"person": "zoe@example.com", "list": "remote_match", "change": "appeared"}]
    assert bench.writes == [f"add/user {JO}"]


def test_a_protected_person_is_not_added_where_something_would_have_to_be_undone(bench: SiteBench) -> None:
    guardrails = {"protected": ["jo@*"]}
    result = bench.run(ACCESS, declared=declared({"email": JO, "applications": ["dashboard"]}, guardrails=guardrails))
    assert (result["outcome"], bench.writes) == ("partly_applied", [])
    assert "on lists that are not declared" in result["msg"]
    whole = {"email": JO, "applications": [*BOTH, "remote_control"]}
    assert bench.run(ACCESS, declared=declared(whole, guardrails=guardrails))["outcome"] == "applied"


@pytest.mark.parametrize("applications", [BOTH, ["dashboard"], ["remote_match"]])
def test_a_run_that_was_killed_before_the_undoing_is_finished_by_the_next(
    bench: SiteBench, applications: list[str]
) -> None:
    for number in range(4):
        put(bench, f"p{number}@example.com", *BOTH)
    others = [f"p{number}@example.com" for number in range(4)]
    bench.site.rules.add_user(JO)
    bench.site.rules.add_user(SAM)
    bench.site.rules.remove("remote_match", SAM)
    people = [{"email": who, "applications": applications} for who in (JO, SAM)]
    rest = [{"email": who, "applications": BOTH} for who in others]
    wanted = declared(*people, *rest, guardrails={"max_removal_percent": 30})
    assert bench.run(ACCESS, declared=wanted)["outcome"] == "applied"
    assert names(bench, JO) == names(bench, SAM) == set(applications)


# --- a [Remove] that removes somebody else ---


def removing(bench: SiteBench, instead: Callable[[str, str], list[str]]) -> None:
    """Remove those whom ``instead`` names for a list and an address, and answer as if all were well."""

    def override(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/remove/"):
            return None
        name, address = asked.path.rsplit("/", 1)[1], parse_qs(asked.body.decode())["email"][0]
        for who in instead(name, address):
            bench.site.rules.lists[name].pop(same_person(who), None)
        return Answer(200, {"Content-Type": "text/html"}, b'<p id="said">done</p>')

    bench.site.override = override


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("people", [["ob@example.com"], ["nn@example.com", "ob@example.com"]])
def test_the_first_wrong_removal_is_the_last_one_and_is_named(bench: SiteBench, people: list[str], both: bool) -> None:
    for who in ("ann@example.com", "bob@example.com", "nn@example.com", "ob@example.com"):
        put(bench, who, *BOTH)
    neighbour = {"ob@example.com": "bob@example.com", "nn@example.com": "ann@example.com"}
    removing(bench, lambda name, address: [neighbour[address], *([address] if both else [])])
    result = bench.run(USER, people=people, state="absent", applications=["dashboard"], max_removal_percent=50)
    assert (result["failed"], result["outcome"]) == (True, "partly_applied")
    assert len(bench.writes) == 1
    wrong = neighbour[people[0]]
    assert f"gone: {wrong} is gone from dashboard" in result["msg"]
    assert result["unexpected"] == [{"person": wrong, "list": "dashboard", "change": "gone"}]
    assert [one["outcome"] for one in result["people"]] == ["failed", "not_tried"][: len(people)]


def test_a_wrong_removal_that_is_not_the_first_stops_the_run_too(bench: SiteBench) -> None:
    people = [f"p{number}@example.com" for number in range(4)]
    for who in people:
        put(bench, who, *BOTH)
    removing(bench, lambda name, address: [] if address == people[1] else [address])
    result = bench.run(USER, people=people, state="absent", applications=["dashboard"], max_removal_percent=100)
    assert result["outcome"] == "partly_applied"
    assert [one["outcome"] for one in result["people"]] == ["done", "failed", "not_tried", "not_tried"]
    assert "is still on dashboard" in result["people"][1]["reason"]
    assert len(bench.writes) == 2


def test_no_result_repeats_a_long_row(bench: SiteBench) -> None:
    put(bench, JO, *BOTH, shown="x" * 5000)
    assert len(json.dumps(bench.run(ACCESS, declared=declared(JO)))) < 20_000
