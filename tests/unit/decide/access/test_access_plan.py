# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of people by example: what [Add] and [Remove] do to every list, phases, what is held back, warnings."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.guardrails import check_guardrails
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    AccessPlan,
    AccessState,
    DeclaredAccess,
    Guardrails,
    ListReading,
    ListRow,
    Mode,
    Person,
    PlanOptions,
    Reason,
    Scope,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.plan import plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import (
    APPLICATIONS,
    SITE_RULES,
    AccessList,
    SiteList,
)
from unit.decide.access.access_worlds import OPERATIONS, TENANT_RULES, read
from unit.decide.access.tenant_model import Tenant

BOSS = "boss@example.com"
ALL = APPLICATIONS
WITH_ADMINISTRATOR = frozenset({AccessList.DASHBOARD, AccessList.REMOTE_MATCH})
AUTHORITATIVE = PlanOptions(mode=Mode.AUTHORITATIVE)


def a_site(*people: tuple[str, str], account: str | None = BOSS) -> AccessState:
    """A site with BOSS as administrator, and people as (address, "dashboard remote_match ...")."""
    found: dict[SiteList, list[ListRow]] = {name: [] for name in SiteList}
    for address, names in [(BOSS, "administrators dashboard remote_match"), *people]:
        for name in names.split():
            found[SiteList(name)].append(ListRow(address, "2026-01-31"))
    lists: dict[str, ListReading] = {name: ListReading(tuple(rows), True, 1, len(rows)) for name, rows in found.items()}
    return AccessState("north", lists, account, OPERATIONS, SITE_RULES, name_proven=True)


def declared(*users: Person, administrators: Sequence[Person] = ()) -> DeclaredAccess:
    return DeclaredAccess((Person(BOSS, WITH_ADMINISTRATOR), *administrators), users)


def steps_of(found: AccessPlan) -> list[str]:
    """Return the steps in words: phase, operation, who, and "undo"."""
    return [
        f"{step.phase} {step.operation} {step.person}{' undo' if step.undoes_addition else ''}" for step in found.steps
    ]


def test_only_the_dashboard_is_one_addition_and_two_removals_that_undo_it() -> None:
    found = plan(a_site(), declared(Person("anna@example.com", frozenset({AccessList.DASHBOARD}))), AUTHORITATIVE)
    assert steps_of(found) == [
        "add add_user anna@example.com",
        "add remove_remote_match anna@example.com undo",
        "add remove_remote_control_invited anna@example.com undo",
    ]
    assert found.steps[0].effects == {
        SiteList.DASHBOARD: "added",
        SiteList.REMOTE_MATCH: "added",
        SiteList.REMOTE_CONTROL_INVITED: "added",
    }
    strict = replace(AUTHORITATIVE, guardrails=Guardrails(max_removals=0, max_removal_percent=0))
    assert not [one.name for one in check_guardrails(found, a_site(), strict) if one.refused]


def test_whoever_is_on_one_list_and_wanted_on_two_is_added_and_the_rest_undone() -> None:
    site = a_site(("anna@example.com", "dashboard"))
    wanted = Person("anna@example.com", frozenset({AccessList.DASHBOARD, AccessList.REMOTE_MATCH}))
    found = plan(site, declared(wanted), AUTHORITATIVE)
    assert steps_of(found) == [
        "add add_user anna@example.com",
        "add remove_remote_control_invited anna@example.com undo",
    ]
    assert found.steps[0].effects == {SiteList.REMOTE_MATCH: "added", SiteList.REMOTE_CONTROL_INVITED: "added"}


def test_active_in_remote_control_is_there_and_not_invited_again() -> None:
    site = a_site(("anna@example.com", "remote_control_active"))
    found = plan(site, declared(Person("anna@example.com", ALL)), AUTHORITATIVE)
    assert found.steps[0].effects == {SiteList.DASHBOARD: "added", SiteList.REMOTE_MATCH: "added"}
    assert steps_of(found) == ["add add_user anna@example.com"]


def test_a_new_administrator_and_one_who_was_a_user() -> None:
    site = a_site(("ben@example.com", "dashboard remote_match remote_control_active"))
    new = [Person("ben@example.com", WITH_ADMINISTRATOR), Person("anna@example.com", WITH_ADMINISTRATOR)]
    found = plan(site, declared(administrators=new), AUTHORITATIVE)
    assert steps_of(found) == [
        "add add_administrator anna@example.com",
        "promote add_administrator ben@example.com",
        "remove remove_remote_control_active ben@example.com",
    ]
    assert found.steps[1].effects == {SiteList.ADMINISTRATORS_INVITED: "added"}


def test_a_demoted_administrator_stays_a_user_and_an_invited_one_too() -> None:
    lists = "dashboard remote_match administrators"
    site = a_site(("anna@example.com", lists), ("ben@example.com", lists.replace("ators", "ators_invited")))
    users = [Person(f"{name}@example.com", WITH_ADMINISTRATOR) for name in ("anna", "ben")]
    found = plan(site, declared(*users), AUTHORITATIVE)
    assert steps_of(found) == [
        "demote remove_administrators anna@example.com",
        "demote remove_administrators_invited ben@example.com",
    ]
    check = next(one for one in check_guardrails(found, site, AUTHORITATIVE) if one.name == "max_removals")
    assert check.found == 2
    assert "revoked invitations: 1, demotions: 2" in check.text


def test_somebody_undeclared_leaves_every_list_and_a_pending_invitation_is_revoked() -> None:
    site = a_site(("anna@example.com", "dashboard remote_control_invited administrators_invited"))
    found = plan(site, declared(), AUTHORITATIVE)
    assert steps_of(found) == [
        "remove remove_administrators_invited anna@example.com",
        "remove remove_dashboard anna@example.com",
        "remove remove_remote_control_invited anna@example.com",
    ]
    assert found.before == {
        "anna@example.com": {
            AccessList.ADMINISTRATORS: "invited",
            AccessList.DASHBOARD: "yes",
            AccessList.REMOTE_MATCH: "",
            AccessList.REMOTE_CONTROL: "invited",
        }
    }
    assert not plan(site, declared(), PlanOptions(mode=Mode.ADDITIVE)).steps


def test_a_pending_invitation_counts_as_there_and_is_listed() -> None:
    site = a_site(("anna@example.com", "dashboard remote_match remote_control_invited"))
    found = plan(site, declared(Person("anna@example.com", ALL)), AUTHORITATIVE)
    assert found.in_sync
    assert [(one.person, one.where, one.since) for one in found.pending] == [
        ("anna@example.com", SiteList.REMOTE_CONTROL_INVITED, "2026-01-31")
    ]


def test_the_spelling_of_the_site_is_sent_for_a_removal_and_the_declared_one_for_an_addition() -> None:
    site = a_site(("Anna@Example.com", "dashboard"))
    found = plan(site, declared(Person("Jo.Hn@gmail.com", ALL)), AUTHORITATIVE)
    assert [(step.person, step.address) for step in found.steps] == [
        ("john@gmail.com", "Jo.Hn@gmail.com"),
        ("anna@example.com", "Anna@Example.com"),
    ]


def test_the_account_in_use_is_kept_though_nobody_declared_it() -> None:
    found = plan(a_site(), DeclaredAccess(), replace(AUTHORITATIVE, guardrails=Guardrails(allow_empty=True)))
    assert not found.steps
    assert {one.reason for one in found.held_back} == {Reason.ACCOUNT_IN_USE}
    assert found.in_sync
    assert "declare it" in found.warnings[0]


def test_another_spelling_of_the_account_in_use_is_the_account_in_use() -> None:
    site = a_site(("jo.hn@gmail.com", "administrators"), account="John@Gmail.com")
    found = plan(site, declared(), AUTHORITATIVE)
    assert [one.reason for one in found.held_back] == [Reason.ACCOUNT_IN_USE]


@pytest.mark.parametrize("account", [None, "", "boss@googlemail.com"])
def test_without_the_account_in_use_additions_that_need_no_removal_are_planned_alone(account: str | None) -> None:
    site = a_site(("anna@example.com", "dashboard"), account=account)
    users = [Person("ben@example.com", ALL), Person("carl@example.com", frozenset({AccessList.DASHBOARD}))]
    found = plan(site, declared(*users), AUTHORITATIVE)
    assert steps_of(found) == ["add add_user ben@example.com"]
    assert {one.step.person for one in found.held_back} == {"anna@example.com", "carl@example.com"}
    assert {one.reason for one in found.held_back} == {Reason.ACCOUNT_UNKNOWN}
    assert not found.in_sync


def test_protected_people_are_kept_and_named() -> None:
    site = a_site(("glass@example.org", "dashboard"))
    options = replace(AUTHORITATIVE, guardrails=Guardrails(protected=("*@Example.org",), allow_empty=True))
    found = plan(site, declared(), options)
    assert found.in_sync
    assert [(one.step.person, one.reason) for one in found.kept] == [("glass@example.org", Reason.PROTECTED)]
    check = next(one for one in check_guardrails(found, site, options) if one.name == "protected")
    assert (check.found, check.refused) == (["glass@example.org"], False)


@pytest.mark.parametrize("pattern", ["john.doe*", "*john.doe*", "j*.doe*", "john.doe*gmail.com", "John?Doe@gmail.com"])
def test_a_pattern_protects_whom_a_row_shows_so_on_every_list(pattern: str) -> None:
    """Given a person whom one list shows with a dot and another without, and a pattern of the one with a dot."""
    site = a_site(("John.Doe@gmail.com", "dashboard"), ("johndoe@gmail.com", "remote_match"))
    options = replace(AUTHORITATIVE, guardrails=Guardrails(protected=(pattern,), allow_empty=True))
    found = plan(site, declared(), options)
    assert not found.steps
    assert {one.reason for one in found.kept} == {Reason.PROTECTED}
    assert not [one for one in found.warnings if "matches nobody" in one]
    unguarded = plan(site, declared(), AUTHORITATIVE)
    assert len(unguarded.steps) == 2
    for step in unguarded.steps:
        checks = check_guardrails(replace(found, steps=(step,)), site, options)
        assert "protected" in [one.name for one in checks if one.refused]


def test_what_the_profile_lacks_is_named_together_with_the_addition_that_would_need_it() -> None:
    site = replace(a_site(), operations=OPERATIONS - {"remove_remote_match"})
    found = plan(site, declared(Person("anna@example.com", frozenset({AccessList.DASHBOARD}))), AUTHORITATIVE)
    assert not found.steps
    assert [held.reason for held in found.held_back] == [Reason.UNSUPPORTED] * 3
    assert "remove_remote_match" in found.held_back[0].text
    assert not found.in_sync


@pytest.mark.parametrize("why", ["unsupported", "protected"])
def test_no_administrator_is_removed_while_the_successor_is_held_back(why: str) -> None:
    """The successor cannot be added, as the profile lacks the operation or as something would have to be undone."""
    site = a_site(("anna@example.com", "administrators dashboard"))
    successor = declared(administrators=[Person("ben@example.com", frozenset())])
    options = replace(AUTHORITATIVE, guardrails=Guardrails(protected=("ben@*",) if why == "protected" else ()))
    if why == "unsupported":
        site = replace(site, operations=OPERATIONS - {"add_administrator"})
    found = plan(site, successor, options)
    assert steps_of(found) == ["remove remove_dashboard anna@example.com"]
    kept = [held for held in found.held_back if held.step.person == "anna@example.com"]
    assert [(held.step.operation, held.reason) for held in kept] == [
        ("remove_administrators", Reason.SUCCESSOR_HELD_BACK)
    ]
    assert "ben@example.com" in kept[0].text
    assert not found.in_sync
    only_removed = plan(site, declared(), options)
    assert "remove remove_administrators anna@example.com" in steps_of(only_removed)


@pytest.mark.parametrize("lacking", ["invite_person", "set_person_role"])
def test_no_administrator_of_a_tenant_is_removed_or_demoted_while_the_successor_is_held_back(lacking: str) -> None:
    tenant = Tenant(members={})
    for who in (BOSS, "anna@example.com", "dora@example.com"):
        tenant.invite(who, "administrator")
        tenant.first_sign_in(who)
    if lacking == "set_person_role":
        tenant.invite("ben@example.com", "employee")
    state = read(tenant, BOSS, TENANT_RULES.operations - {lacking})
    wanted = DeclaredAccess((Person(BOSS), Person("ben@example.com")), (Person("dora@example.com"),))
    found = plan(state, wanted, AUTHORITATIVE)
    held = {one.step.person: one.reason for one in found.held_back}
    assert held["anna@example.com"] is Reason.SUCCESSOR_HELD_BACK
    assert held["dora@example.com"] in (Reason.SUCCESSOR_HELD_BACK, Reason.UNSUPPORTED)
    assert not found.steps


class TestScope:
    """What cloud_user and cloud_admin ask for: some people, some parts."""

    def test_exactly_these_applications_of_one_person_and_nothing_else(self) -> None:
        site = a_site(("anna@example.com", "administrators remote_match"), ("ben@example.com", "dashboard"))
        scope = Scope(frozenset({"anna@example.com"}), APPLICATIONS)
        wanted = DeclaredAccess((), (Person("anna@example.com", frozenset({AccessList.DASHBOARD})),))
        found = plan(site, wanted, replace(AUTHORITATIVE, scope=scope))
        assert steps_of(found) == [
            "add add_user anna@example.com",
            "add remove_remote_control_invited anna@example.com undo",
            "remove remove_remote_match anna@example.com",
        ]
        assert not found.empty

    def test_a_new_administrator_whose_applications_nobody_manages(self) -> None:
        scope = Scope(frozenset({"anna@example.com"}), frozenset({AccessList.ADMINISTRATORS}))
        wanted = DeclaredAccess((Person("anna@example.com", None),))
        found = plan(a_site(), wanted, replace(AUTHORITATIVE, scope=scope))
        assert steps_of(found) == ["add add_administrator anna@example.com"]

    def test_an_administrator_who_goes_stays_a_user(self) -> None:
        site = a_site(("anna@example.com", "administrators dashboard"))
        scope = Scope(frozenset({"anna@example.com"}), frozenset({AccessList.ADMINISTRATORS}))
        found = plan(site, DeclaredAccess(), replace(AUTHORITATIVE, scope=scope))
        assert steps_of(found) == ["demote remove_administrators anna@example.com"]

    def test_somebody_leaves_every_list(self) -> None:
        site = a_site(("anna@example.com", "administrators dashboard"), ("ben@example.com", "dashboard"))
        found = plan(site, DeclaredAccess(), replace(AUTHORITATIVE, scope=Scope(frozenset({"anna@example.com"}))))
        assert {step.person for step in found.steps} == {"anna@example.com"}
        assert len(found.steps) == 2

    def test_a_user_without_applications_gets_what_add_gives_and_keeps_what_is_there(self) -> None:
        scope = Scope(frozenset({"anna@example.com"}), APPLICATIONS)
        wanted = DeclaredAccess((), (Person("anna@example.com", None),))
        options = replace(AUTHORITATIVE, scope=scope)
        assert steps_of(plan(a_site(), wanted, options)) == ["add add_user anna@example.com"]
        assert not plan(a_site(("anna@example.com", "dashboard")), wanted, options).steps


class TestWarnings:
    def warnings(self, site: AccessState, people: DeclaredAccess) -> str:
        return "\n".join(plan(site, people, AUTHORITATIVE).warnings)

    def test_an_administrator_who_is_a_user_too(self) -> None:
        assert "dedicated account" in self.warnings(a_site(), declared(Person(BOSS, ALL)))

    def test_a_letter_that_only_looks_latin(self) -> None:
        assert "outside ASCII (\u0430)" in self.warnings(a_site(), declared(Person("\u0430nna@example.com", ALL)))

    def test_gmail_declared_and_googlemail_on_the_site(self) -> None:
        site = a_site(("anna@googlemail.com", "dashboard"))
        assert "may be one person" in self.warnings(site, declared(Person("anna@gmail.com", ALL)))

    def test_a_person_on_one_list_twice(self) -> None:
        site = a_site(("anna@example.com", "dashboard"), ("Anna@example.com", "dashboard"))
        assert "more than once" in self.warnings(site, declared())

    def test_nobody_left_who_can_create_clusters(self) -> None:
        site = a_site(("anna@example.com", "administrators"))
        lists = dict(site.readings)
        lists[SiteList.REMOTE_MATCH] = ListReading((ListRow("anna@example.com"),), True, 1, 1)
        assert "create clusters" in self.warnings(replace(site, readings=lists), declared())

    def test_nothing_to_warn_of(self) -> None:
        assert not self.warnings(a_site(), declared())


def test_ten_thousand_people_are_planned_quickly() -> None:
    people = [(f"p{number}@example.com", "dashboard remote_match remote_control_active") for number in range(10_000)]
    users = [Person(address, ALL) for address, _lists in people[100:]]
    users += [Person(f"new{number}@example.com", ALL) for number in range(100)]
    site = a_site(*people)
    begun = time.process_time()
    found = plan(site, declared(*users), AUTHORITATIVE)
    checks = check_guardrails(found, site, AUTHORITATIVE)
    assert len(found.steps) == 400
    assert [one.name for one in checks if one.refused] == ["max_removals"]
    assert time.process_time() - begun < 10  # under half a second on a quiet machine
