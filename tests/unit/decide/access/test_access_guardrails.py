# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each guardrail by example: what it refuses, where exactly its limit lies, and what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.guardrails import check_guardrails
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    AccessState,
    DeclaredAccess,
    GuardrailCheck,
    Guardrails,
    ListReading,
    Mode,
    Person,
    Phase,
    PlanOptions,
    PlanStep,
    Scope,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.plan import plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import (
    APPLICATIONS,
    AccessList,
    Kind,
    SiteList,
)
from unit.decide.access.test_access_plan import AUTHORITATIVE, BOSS, a_site, declared

NAMES = [
    "right_site",
    "complete_read",
    "account_in_use",
    "empty_list",
    "max_removals",
    "max_removal_percent",
    "min_admins",
    "required_admins",
    "protected",
    "plan_sha256",
]
ONE_OF_FIVE = a_site(*((f"{name}@example.com", "dashboard") for name in ("anna", "ben", "carl", "dora")))
THREE_STAY = declared(
    *(Person(f"{name}@example.com", frozenset({AccessList.DASHBOARD})) for name in ("anna", "ben", "carl"))
)


def judged(site: AccessState, people: DeclaredAccess, options: PlanOptions) -> dict[str, GuardrailCheck]:
    return {one.name: one for one in check_guardrails(plan(site, people, options), site, options)}


def with_guardrails(**limits: object) -> PlanOptions:
    return replace(AUTHORITATIVE, guardrails=replace(Guardrails(), **limits))  # type: ignore[arg-type]


def test_every_rail_gives_its_result_always_with_text_and_advice() -> None:
    checks = check_guardrails(plan(a_site(), declared(), AUTHORITATIVE), a_site(), AUTHORITATIVE)
    assert [one.name for one in checks] == NAMES
    assert all(one.text and one.advice for one in checks)
    assert not any(one.refused for one in checks)


@pytest.mark.parametrize(("limit", "refused"), [(1, False), (0, True)])
def test_max_removals(limit: int, refused: bool) -> None:
    check = judged(ONE_OF_FIVE, THREE_STAY, with_guardrails(max_removals=limit))["max_removals"]
    assert (check.found, check.limit, check.refused) == (1, limit, refused)


@pytest.mark.parametrize(("limit", "refused"), [(20, False), (19.9, True), (0, True), (100, False)])
def test_max_removal_percent(limit: float, refused: bool) -> None:
    check = judged(ONE_OF_FIVE, THREE_STAY, with_guardrails(max_removal_percent=limit))["max_removal_percent"]
    assert (check.found, check.refused) == (20.0, refused)


def test_a_person_who_loses_many_lists_counts_once() -> None:
    site = a_site(("anna@example.com", "dashboard remote_match remote_control_active administrators_invited"))
    assert judged(site, declared(), AUTHORITATIVE)["max_removals"].found == 1


def test_a_person_who_loses_one_application_of_three_counts() -> None:
    site = a_site(("anna@example.com", "dashboard remote_match remote_control_active"))
    people = declared(Person("anna@example.com", frozenset({AccessList.DASHBOARD})))
    assert judged(site, people, AUTHORITATIVE)["max_removals"].found == 1


def test_nobody_declared_for_a_list_that_has_people() -> None:
    site = a_site(("anna@example.com", "remote_control_invited"))
    refused = judged(site, declared(), AUTHORITATIVE)["empty_list"]
    assert (refused.refused, refused.found) == (True, ["remote_control", "users"])
    assert not judged(site, declared(), with_guardrails(allow_empty=True))["empty_list"].refused
    assert not judged(site, declared(), replace(AUTHORITATIVE, mode=Mode.ADDITIVE))["empty_list"].refused
    scope = Scope(frozenset({"anna@example.com"}))
    assert not judged(site, DeclaredAccess(), replace(AUTHORITATIVE, scope=scope))["empty_list"].refused


def test_who_is_declared_with_other_applications_is_not_forgotten() -> None:
    """What is left of an interrupted addition must not stop every later run."""
    left = [("anna@example.com", "dashboard remote_match remote_control_invited")]
    people = declared(Person("anna@example.com", frozenset({AccessList.DASHBOARD})))
    assert not judged(a_site(*left), people, AUTHORITATIVE)["empty_list"].refused
    forgotten = a_site(*left, ("ben@example.com", "remote_control_active"))
    assert judged(forgotten, people, AUTHORITATIVE)["empty_list"].found == ["remote_control"]
    open_one = declared(Person("anna@example.com", None))
    assert not judged(a_site(*left), open_one, AUTHORITATIVE)["max_removals"].found


def test_users_left_out_by_mistake_are_noticed_though_administrators_are_on_the_same_lists() -> None:
    site = a_site(("anna@example.com", "dashboard"))
    assert judged(site, declared(), AUTHORITATIVE)["empty_list"].found == ["users"]


def test_a_whole_declaration_that_is_empty() -> None:
    assert judged(ONE_OF_FIVE, DeclaredAccess(), AUTHORITATIVE)["empty_list"].found == [
        "administrators",
        "dashboard",
        "remote_match",
        "users",
    ]


def test_invited_administrators_do_not_count_as_administrators_who_can_act() -> None:
    site = a_site(("anna@example.com", "administrators"), ("ben@example.com", "administrators_invited"))
    people = declared(administrators=[Person("ben@example.com", frozenset())])
    check = judged(site, people, with_guardrails(min_admins=2))["min_admins"]
    assert (check.found, check.refused) == (1, True)
    assert not judged(site, people, with_guardrails(min_admins=1))["min_admins"].refused


def test_where_there_are_too_few_administrators_more_can_be_added() -> None:
    people = declared(administrators=[Person("anna@example.com", frozenset())])
    check = judged(a_site(), people, with_guardrails(min_admins=3))["min_admins"]
    assert (check.found, check.refused) == (1, False)


@pytest.mark.parametrize("spelling", ["Jo.Hn@gmail.com", "john@gmail.com"])
def test_a_required_administrator_must_be_declared(spelling: str) -> None:
    site = a_site(("john@gmail.com", "administrators"))
    options = with_guardrails(required_admins=(spelling,))
    check = judged(site, declared(), options)["required_admins"]
    assert (check.found, check.refused) == (["john@gmail.com"], True)
    people = declared(administrators=[Person("j.ohn@gmail.com", frozenset())])
    assert not judged(site, people, options)["required_admins"].refused
    assert not judged(a_site(), people, options)["required_admins"].refused  # is being added
    assert judged(a_site(), declared(), options)["required_admins"].refused  # is nowhere


def test_a_required_administrator_outside_the_scope_stops_nobody_else() -> None:
    options = replace(with_guardrails(required_admins=("x@example.com",)), scope=Scope(frozenset({"anna@example.com"})))
    assert not judged(a_site(), DeclaredAccess(), options)["required_admins"].refused


def test_people_of_another_site() -> None:
    options = replace(AUTHORITATIVE, name="south")
    check = judged(a_site(), declared(), options)["right_site"]
    assert check.refused
    assert "'south'" in check.text
    assert "'north'" in check.text
    assert not judged(a_site(), declared(), replace(AUTHORITATIVE, name=" North"))["right_site"].refused


def test_a_site_whose_name_was_not_read_is_not_the_declared_one() -> None:
    """All sites of a portal have one address: that it answers does not show whose people these are."""
    site = replace(a_site(), name="portal.example.com", name_proven=False)
    for wanted in ("portal.example.com", "north"):
        check = judged(site, declared(), replace(AUTHORITATIVE, name=wanted))["right_site"]
        assert (check.refused, check.found) == (True, None)
        assert "cannot read which site this is" in check.text
    assert not judged(site, declared(), AUTHORITATIVE)["right_site"].refused


def test_a_list_of_administrators_without_anybody_was_not_read() -> None:
    site = a_site()
    lists = {**site.readings, SiteList.ADMINISTRATORS: ListReading((), True, 1, 0)}
    check = judged(replace(site, readings=lists), declared(), AUTHORITATIVE)["complete_read"]
    assert check.refused
    assert "at least one administrator" in check.text


def test_a_reading_that_is_not_complete_names_the_list_and_why() -> None:
    site = a_site(("anna@example.com", "dashboard"))
    short = ListReading(site.readings[SiteList.DASHBOARD].rows, True, 1, 317)
    unproven = ListReading((), False, 1, None, "page 2 of 3 did not come")
    lists = {**site.readings, SiteList.DASHBOARD: short, SiteList.REMOTE_MATCH: unproven}
    text = judged(replace(site, readings=lists), declared(), AUTHORITATIVE)["complete_read"].text
    assert "dashboard: the site shows a total of 317, but 2 rows were read" in text
    assert "remote_match: page 2 of 3 did not come" in text


def test_an_unknown_account_refuses_only_where_somebody_would_have_to_be_removed() -> None:
    site = a_site(("anna@example.com", "dashboard"), account=None)
    assert judged(site, declared(), AUTHORITATIVE)["account_in_use"].refused
    people = declared(
        Person("anna@example.com", frozenset({AccessList.DASHBOARD})), Person("ben@example.com", APPLICATIONS)
    )
    assert not judged(site, people, AUTHORITATIVE)["account_in_use"].refused


def test_a_pattern_that_can_protect_nobody_refuses() -> None:
    assert judged(a_site(), declared(), with_guardrails(protected=("boss",)))["protected"].refused


def test_a_plan_that_nobody_has_reviewed_is_not_shown_as_the_reviewed_one() -> None:
    assert "no digest" in judged(ONE_OF_FIVE, THREE_STAY, AUTHORITATIVE)["plan_sha256"].text


def test_a_reviewed_plan_that_has_been_applied_already_is_no_other_plan() -> None:
    options = replace(AUTHORITATIVE, plan_sha256="0" * 64)
    assert not judged(a_site(), declared(), options)["plan_sha256"].refused
    assert judged(ONE_OF_FIVE, THREE_STAY, options)["plan_sha256"].refused


@pytest.mark.parametrize(
    ("person", "where", "guardrail"),
    [
        (BOSS, SiteList.DASHBOARD, "account_in_use"),
        ("anna@example.com", SiteList.DASHBOARD, "protected"),
        ("anna@example.com", SiteList.DASHBOARD, "max_removals"),
    ],
)
def test_a_planner_that_calls_a_removal_an_undoing_is_not_believed(
    person: str, where: SiteList, guardrail: str
) -> None:
    options = with_guardrails(protected=("anna@*",), max_removals=0)
    found = plan(ONE_OF_FIVE, THREE_STAY, options)
    step = PlanStep(Phase.ADD, Kind.REMOVE, person, person, {where: "removed"}, where, undoes_addition=True)
    checks = check_guardrails(replace(found, steps=(step,)), ONE_OF_FIVE, options)
    assert guardrail in [one.name for one in checks if one.refused]
