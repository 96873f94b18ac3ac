# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A test of the tests: for each property of test_access_properties a wrong planner or guardrail that it finds.

And the other way round: what the planner alone gets wrong, the guardrails stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import declared as access_declared
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import guardrails
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import plan as access_plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import state as access_state
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    GuardrailCheck,
    Mode,
    PlanStep,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import AccessList, Cloud
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.tenant_rules import administered
from hypothesis import Phase, settings
from unit.decide.access import access_worlds, tenant_model
from unit.decide.access import test_access_properties as properties
from unit.decide.access.site_rules import Refused

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # a test of the tests, whose search has no fixed length

Mutant = Callable[[pytest.MonkeyPatch], None]
QUICK = settings(
    phases=(Phase.generate,),
    max_examples=2000,
    database=None,
    derandomize=True,
    deadline=None,
    report_multiple_bugs=False,
)


def guardrail_asleep(name: str) -> Mutant:
    """A guardrail that never refuses."""

    def mutate(patch: pytest.MonkeyPatch) -> None:
        awake: Callable[..., GuardrailCheck] = getattr(guardrails, f"_{name}")
        patch.setattr(guardrails, f"_{name}", lambda *given: replace(awake(*given), refused=False))

    return mutate


def forgets_the_account(patch: pytest.MonkeyPatch) -> None:
    known = access_plan._Constraints.of
    patch.setattr(access_plan._Constraints, "of", lambda *given: replace(known(*given), account="", account_unknown=""))


def protects_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access_plan, "protecting", lambda *given: "")


def believes_any_reading(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access_plan, "reading_problems", lambda state: {})


def needs_no_account(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access_plan, "account_problem", lambda state, domains: "")


def knows_one_list_of_add(patch: pytest.MonkeyPatch) -> None:
    """A planner that does not know that [Add] a user changes three lists, nor that an administrator is an employee."""
    for name in ("SITE_RULES", "TENANT_RULES"):
        rules = getattr(access_worlds, name)
        additions = tuple(replace(one, gives=one.gives[:1]) for one in rules.additions)
        patch.setattr(access_worlds, name, replace(rules, additions=additions))


def keeps_dots(patch: pytest.MonkeyPatch) -> None:
    for module in (access_plan, access_state, guardrails):
        patch.setattr(module, "canonical", lambda address, domains=(): address.lower())


def takes_people_as_they_come(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access_plan, "_managed", lambda present, targets, options: dict.fromkeys([*targets, *present]))
    patch.setattr(access_plan, "sorted", lambda items, key=None: list(items), raising=False)


def removes_though_additive(patch: pytest.MonkeyPatch) -> None:
    target = access_plan._wanted_parts
    patch.setattr(
        access_plan,
        "_wanted_parts",
        lambda had, one, rules, options: target(had, one, rules, replace(options, mode=Mode.AUTHORITATIVE)),
    )


def wants_nobody_on_the_dashboard(patch: pytest.MonkeyPatch) -> None:
    target = access_plan._wanted_parts
    left_out = {AccessList.DASHBOARD, tenant_model.APPLICATIONS[0]}
    patch.setattr(access_plan, "_wanted_parts", lambda had, *given: target(had, *given) - left_out)


def gives_everybody_an_application(patch: pytest.MonkeyPatch) -> None:
    target = access_plan._wanted_parts
    more = {AccessList.REMOTE_MATCH, tenant_model.APPLICATIONS[0]}

    def generous(had: set[str], *given: Any) -> set[str]:
        wanted, rules = target(had, *given), given[1]
        return wanted | (more & rules.applications if wanted else set())

    patch.setattr(access_plan, "_wanted_parts", generous)


def leaves_out(steps_left_out: Callable[[tuple[PlanStep, ...]], Iterable[PlanStep]]) -> Mutant:
    """A planner that forgets steps."""

    def mutate(patch: pytest.MonkeyPatch) -> None:
        sort_out = access_plan._sort_out

        def forgetful(*given: Any) -> tuple[tuple[PlanStep, ...], Any]:
            steps, held = sort_out(*given)
            without = list(steps_left_out(steps))
            return tuple(step for step in steps if step not in without), held

        patch.setattr(access_plan, "_sort_out", forgetful)

    return mutate


def ignores_the_scope(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access_plan, "_managed", lambda present, targets, options: {*present, *targets})


def removes_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access_plan, "ORDER", {phase: -place for phase, place in access_plan.ORDER.items()})


def tries_anything(patch: pytest.MonkeyPatch) -> None:
    sort_out = access_plan._sort_out
    patch.setattr(
        access_plan,
        "_sort_out",
        lambda bundles, state, *more: sort_out(bundles, replace(state, operations=state.rules.operations), *more),
    )


def audits_additions_only(patch: pytest.MonkeyPatch) -> None:
    target = access_plan._wanted_parts
    patch.setattr(
        access_plan,
        "_wanted_parts",
        lambda had, one, rules, options: (
            target(had, one, rules, options) | (had if options.mode is Mode.AUDIT else set())
        ),
    )


def dumps_one_application(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access_declared, "APPLICATIONS", frozenset({AccessList.DASHBOARD}))
    first = tenant_model.APPLICATIONS[0]
    patch.setattr(access_declared, "administered", lambda name: name if name == first else administered(name))


def counts_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PlanStep, "takes_away", property(lambda step: False))


def undone(steps: tuple[PlanStep, ...]) -> Iterable[PlanStep]:
    return (step for step in steps if step.undoes_addition)


def last(steps: tuple[PlanStep, ...]) -> Iterable[PlanStep]:
    return steps[-1:]


ONLY_OF_A_SITE: list[tuple[str, list[Mutant]]] = [
    # in a tenant nothing has to be undone, and no addition does more than it is asked for
    ("nobody_gets_more_than_is_declared", [leaves_out(undone)]),
    ("a_second_run_has_nothing_to_do", [knows_one_list_of_add]),
]
FOUND: list[tuple[str, list[Mutant]]] = [
    (
        "an_administrator_always_remains",
        [forgets_the_account, guardrail_asleep("account_in_use"), guardrail_asleep("min_admins")],
    ),
    ("never_fewer_active_administrators_than_asked_for_by_a_removal", [guardrail_asleep("min_admins")]),
    ("never_beyond_either_cap", [guardrail_asleep("max_removals")]),
    ("never_beyond_either_cap", [guardrail_asleep("max_removal_percent")]),
    ("the_account_in_use_keeps_every_list", [forgets_the_account, guardrail_asleep("account_in_use")]),
    ("protected_people_keep_every_list", [protects_nobody, guardrail_asleep("protected")]),
    ("required_administrators_are_administrators_or_nothing_is_done", [guardrail_asleep("required_admins")]),
    ("a_required_administrator_is_never_removed_from_them", [guardrail_asleep("required_admins")]),
    ("an_incomplete_reading_stops_everything", [believes_any_reading]),
    ("an_incomplete_reading_stops_everything", [guardrail_asleep("complete_read")]),
    ("without_the_account_in_use_nothing_is_removed", [needs_no_account]),
    ("without_the_account_in_use_nothing_is_removed", [guardrail_asleep("account_in_use")]),
    ("a_second_run_has_nothing_to_do", [keeps_dots]),
    ("a_run_that_ends_in_the_middle_is_finished_by_the_next", [leaves_out(last)]),
    ("afterwards_everybody_is_exactly_where_they_are_declared", [leaves_out(last)]),
    ("whatever_the_site_refuses_nobody_loses_what_they_are_declared_for", [wants_nobody_on_the_dashboard]),
    ("additive_takes_nothing_from_anybody", [removes_though_additive]),
    ("nobody_gets_more_than_is_declared", [gives_everybody_an_application]),
    ("what_is_outside_the_scope_is_left_alone", [ignores_the_scope]),
    ("order_and_spelling_of_the_declared_change_nothing_but_what_is_sent", [keeps_dots]),
    ("order_and_spelling_of_the_declared_change_nothing_but_what_is_sent", [takes_people_as_they_come]),
    ("the_order_in_which_a_site_shows_people_changes_nothing", [takes_people_as_they_come]),
    ("what_is_predicted_is_what_the_site_does", [knows_one_list_of_add]),
    ("everybody_is_added_before_anybody_goes", [removes_first]),
    ("what_a_profile_cannot_do_is_named_and_not_tried", [tries_anything]),
    ("only_the_reviewed_plan_is_applied", [guardrail_asleep("plan_sha256")]),
    ("the_dump_of_a_site_is_a_declaration_that_changes_nothing", [dumps_one_application]),
    ("every_plan_can_be_shown", [counts_nobody]),
    ("audit_plans_what_authoritative_would_do", [audits_additions_only]),
]
STOPPED: list[tuple[str, Mutant]] = [
    ("an_administrator_always_remains", forgets_the_account),
    ("the_account_in_use_keeps_every_list", forgets_the_account),
    ("protected_people_keep_every_list", protects_nobody),
    ("never_beyond_either_cap", counts_nobody),
]


def check(name: str) -> Callable[[], None]:
    """Return a property as a function that draws its examples itself."""
    found: Callable[[], None] = getattr(properties, f"test_{name}")
    return found


@pytest.mark.parametrize(
    ("name", "mutants", "cloud"),
    [
        *((name, mutants, cloud) for name, mutants in FOUND for cloud in Cloud),
        *((name, mutants, Cloud.SITE) for name, mutants in ONLY_OF_A_SITE),
    ],
)
def test_a_property_finds_a_wrong_planner(
    name: str, mutants: list[Mutant], cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_worlds, "CLOUDS", (cloud,))
    monkeypatch.setattr(check(name), "_hypothesis_internal_use_settings", QUICK)
    for mutate in mutants:
        mutate(monkeypatch)
    with pytest.raises((AssertionError, Refused)):
        check(name)()


@pytest.mark.parametrize("cloud", list(Cloud))
@pytest.mark.parametrize(("name", "mutate"), STOPPED)
def test_the_guardrails_stop_what_the_planner_gets_wrong(
    name: str, mutate: Mutant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_worlds, "CLOUDS", (cloud,))
    monkeypatch.setattr(check(name), "_hypothesis_internal_use_settings", settings(QUICK, max_examples=100))
    mutate(monkeypatch)
    check(name)()


def test_every_property_has_a_wrong_planner() -> None:
    there = {name.removeprefix("test_") for name in vars(properties) if name.startswith("test_")}
    assert {name for name, _mutants in FOUND} == there
