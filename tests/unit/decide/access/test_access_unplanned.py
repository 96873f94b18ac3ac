# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is gone or new by two readings, though no step of a plan moves them; and rules of sites with other lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ansible_collections.printops.prisma.plugins.module_utils._decide.access.expected import unplanned_changes
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.fitted import fitted
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    AccessState,
    DeclaredAccess,
    ListReading,
    ListRow,
    Person,
    Phase,
    PlanStep,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import (
    ADDED_WITH_ADMINISTRATOR,
    ADDED_WITH_USER,
    SITE_RULES,
    AccessList,
    Kind,
    SiteList,
    site_rules,
)
from hypothesis import given
from hypothesis import strategies as st

LISTS = tuple(SiteList)
PEOPLE = [f"p{number}@example.com" for number in range(4)]
WHO_IS_WHERE = st.fixed_dictionaries({name: st.frozensets(st.sampled_from(PEOPLE)) for name in LISTS})
STEPS = st.lists(
    st.builds(
        lambda person, effects: PlanStep(Phase.ADD, Kind.ADD_USER, person, person, effects),
        st.sampled_from(PEOPLE),
        st.dictionaries(st.sampled_from(LISTS), st.sampled_from(["added", "removed"]), min_size=1),
    ),
    max_size=4,
)


def readings(where: Mapping[SiteList, Iterable[str]]) -> dict[str, ListReading]:
    return {name: ListReading(tuple(map(ListRow, sorted(people))), True, 1) for name, people in where.items()}


def state(where: Mapping[SiteList, Iterable[str]]) -> AccessState:
    return AccessState("north", readings(where), PEOPLE[0], SITE_RULES.operations, SITE_RULES, name_proven=True)


@given(WHO_IS_WHERE, WHO_IS_WHERE, STEPS)
def test_everybody_who_came_or_went_is_planned_or_named(
    before: dict[SiteList, frozenset[str]], after: dict[SiteList, frozenset[str]], steps: list[PlanStep]
) -> None:
    found = unplanned_changes(state(before), readings(after), steps, ())
    assert [one.gone for one in found] == sorted((one.gone for one in found), reverse=True), "those gone first"
    expected = set()
    for part in SITE_RULES.parts:
        was = set[str]().union(*(before[SiteList(name)] for name in part.lists))
        now = set[str]().union(*(after[SiteList(name)] for name in part.lists))
        for person in PEOPLE:
            gone = person in was
            moved = {
                effect
                for step in steps
                if step.person == person
                for name, effect in step.effects.items()
                if name in part.lists
            }
            planned = ("removed" if gone else "added") in moved
            if (person in was) != (person in now) and not planned:
                expected.add((person, part.name, gone))
            active = SiteList(part.lists[-1])
            removed = any(step.person == person and active in step.removed for step in steps)
            if person in before[active] - after[active] and person in now and not removed:
                expected.add((person, active, True))
    assert {(one.person, one.part, one.gone) for one in found} == expected


@given(WHO_IS_WHERE)
def test_who_becomes_active_has_not_moved(where: dict[SiteList, frozenset[str]]) -> None:
    moved = dict(where)
    moved[SiteList.REMOTE_CONTROL_ACTIVE] |= moved[SiteList.REMOTE_CONTROL_INVITED]
    moved[SiteList.REMOTE_CONTROL_INVITED] = frozenset()
    assert unplanned_changes(state(where), readings(moved), [], ()) == ()


def test_who_is_invited_again_was_moved_by_somebody() -> None:
    """Given a row that stands on both lists, then a person who is still active has not moved."""
    empty: dict[SiteList, frozenset[str]] = dict.fromkeys(LISTS, frozenset())
    active = {**empty, SiteList.ADMINISTRATORS: frozenset(PEOPLE[:2])}
    both = {**active, SiteList.ADMINISTRATORS_INVITED: frozenset(PEOPLE[:1])}
    invited = {**both, SiteList.ADMINISTRATORS: frozenset(PEOPLE[1:2])}
    assert unplanned_changes(state(active), readings(both), [], ()) == ()
    for before in (active, both):
        found = unplanned_changes(state(before), readings(invited), [], ())
        assert [one.as_dict() for one in found] == [{"person": PEOPLE[0], "list": "administrators", "change": "gone"}]
        assert str(found[0]) == f"{PEOPLE[0]} is only invited to administrators now"


def test_the_rules_of_the_manual_are_those_of_a_site_whose_profile_says_nothing() -> None:
    assert site_rules() == SITE_RULES
    assert SITE_RULES.readings == LISTS
    assert SITE_RULES.given == ADDED_WITH_USER
    assert set(SITE_RULES.additions[0].gives) == {AccessList.ADMINISTRATORS, *ADDED_WITH_ADMINISTRATOR}


def test_a_site_with_fewer_lists_has_the_operations_of_these() -> None:
    rules = site_rules(("people", "administrators"))
    assert rules.names == ("people", "administrators")
    assert rules.operations == {"add_user", "add_administrator", "remove_people", "remove_administrators"}
    assert (rules.watched, rules.invited_lists) == ((), frozenset())
    only = site_rules(("administrators_invited", "administrators"))
    assert only.given == frozenset()
    declared = DeclaredAccess(users=(Person("a@example.com", ADDED_WITH_USER, usual=True),))
    assert "no list of users" in fitted(declared, only)[1][0]


def test_what_is_declared_fits_the_lists_that_there_are() -> None:
    rules = site_rules(("people", "dashboard", "remote_match", "administrators"), {"add_user": ["people", "dashboard"]})
    usual = Person("a@example.com", ADDED_WITH_USER, usual=True)
    explicit = Person("b@example.com", frozenset({"dashboard"}))
    found, problems = fitted(DeclaredAccess(users=(usual, explicit)), rules)
    assert [set(one.applications or ()) for one in found.users] == [{"people", "dashboard"}, {"people", "dashboard"}]
    assert problems == []
    unreachable = DeclaredAccess(users=(Person("c@example.com", frozenset({"remote_match"})),))
    lacking = DeclaredAccess(users=(Person("c@example.com", frozenset({"remote_control"})),))
    assert fitted(unreachable, rules)[1] == [
        "c@example.com: by its profile, [Add] of the site puts nobody on remote_match"
    ]
    assert fitted(unreachable, rules, lambda address: {"remote_match"})[1] == [], "who is there need not be added"
    assert "has no list of remote_control" in fitted(lacking, rules)[1][0]
    assert fitted(unreachable, SITE_RULES) == (unreachable, [])
