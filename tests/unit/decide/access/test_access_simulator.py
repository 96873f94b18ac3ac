# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's rules of a site do what site_rules does: so the properties of plans hold against the simulator too.

Its rules are used as they are, on its own database, without its pages; other people wrote them from the same manual.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import guardrails
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import plan as access_plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    Kind,
    ListRow,
    Mode,
    PlanStep,
    SiteList,
    SiteReading,
    SiteState,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from simulator.site_rules import LISTS as SIMULATOR_LISTS
from simulator.site_rules import NotDone, SiteRules
from simulator.site_store import SiteStore
from unit.decide.access.access_worlds import BOSS, OPERATIONS, World, everybody, loose_guardrails, spelled, worlds
from unit.decide.access.plan_effects import state_after
from unit.decide.access.site_rules import LISTS, Refused, Site

ACTIONS = ("add_user", "add_administrator", "first_use", "first_sign_in", *LISTS)
actions = st.lists(
    st.tuples(everybody, st.sampled_from(ACTIONS)).flatmap(lambda one: st.tuples(spelled(one[0]), st.just(one[1]))),
    max_size=30,
)
# one database for all examples: each begins by emptying it
one_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class Simulated:
    """One site of the simulator, without its pages. Its audit lines go nowhere."""

    def __init__(self, path: Path) -> None:
        self._store = SiteStore(path)
        self._rules = SiteRules(self._store, lambda: 0.0, lambda *line: None)

    def become(self, lists: dict[str, Sequence[str]]) -> None:
        """Have exactly these people on these lists."""
        for name in LISTS:
            for row in self._store.rows("north", name):
                self._store.take(row.email, [name])
        for name, people in lists.items():
            for address in people:
                self._store.put("north", address, [name], 0.0)

    def do(self, address: str, action: str) -> None:
        """Do what a person on the site would; [Remove] of somebody who is not there changes nothing."""
        if action in ("add_user", "add_administrator"):
            getattr(self._rules, action)("north", BOSS, address)
        elif action in LISTS:
            try:
                self._rules.remove("north", BOSS, action, address)
            except NotDone as refusal:
                if "must remain" in str(refusal):
                    raise Refused from refusal
        else:
            getattr(self._rules, action)(address)

    def apply(self, step: PlanStep) -> None:
        self.do(step.address, str(step.where if step.kind is Kind.REMOVE else step.kind))

    def lists(self) -> dict[str, list[str]]:
        return {name: [row.email for row in self._store.rows("north", name)] for name in LISTS}

    def read(self) -> SiteState:
        rows = {SiteList(name): tuple(ListRow(address) for address in found) for name, found in self.lists().items()}
        lists = {name: SiteReading(found, complete=True, pages=1, total=len(found)) for name, found in rows.items()}
        return SiteState("north", lists, BOSS, OPERATIONS)

    def close(self) -> None:
        self._store.close()


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    site = Simulated(tmp_path_factory.mktemp("sites") / "sites.sqlite")
    yield site
    site.close()


def as_lists(site: Site) -> dict[str, Sequence[str]]:
    return {name: sorted(people) for name, people in site.lists.items()}


@one_database
@given(actions=actions)
def test_both_do_the_same(simulated: Simulated, actions: list[tuple[str, str]]) -> None:
    model = Site()
    model.add_administrator(BOSS)
    model.first_sign_in(BOSS)
    simulated.become(as_lists(model))
    for address, action in actions:
        ends = []
        for attempt in (lambda: act(model, address, action), lambda: simulated.do(address, action)):  # noqa: B023
            try:
                attempt()
                ends.append("done")
            except Refused:
                ends.append("refused")
        assert ends[0] == ends[1], (address, action)
        assert as_lists(model) == simulated.lists(), (address, action)


def act(model: Site, address: str, action: str) -> None:
    if action in LISTS:
        model.remove(action, address)
    else:
        getattr(model, action)(address)


@one_database
@given(world=worlds())
def test_a_run_against_the_simulator_goes_where_the_model_goes(simulated: Simulated, world: World) -> None:
    simulated.become(as_lists(world.site))
    done = world.run()
    state = simulated.read()
    plan = access_plan.plan(state, world.declared, world.options)
    checks = guardrails.check_guardrails(plan, state, world.options)
    assert [(step.operation, step.person, step.effects) for step in plan.steps] == [
        (step.operation, step.person, step.effects) for step in done.plan.steps
    ]
    assert {one.name for one in checks if one.refused} == done.refused
    for step, after in zip(plan.steps, done.sites[1:], strict=False):
        simulated.apply(step)
        assert simulated.lists() == as_lists(after)


@one_database
@given(world=worlds(with_guardrails=loose_guardrails, modes=(Mode.AUTHORITATIVE, Mode.ADDITIVE)))
def test_a_second_run_against_the_simulator_has_nothing_to_do(simulated: Simulated, world: World) -> None:
    simulated.become(as_lists(world.site))
    state = simulated.read()
    plan = access_plan.plan(state, world.declared, world.options)
    assume(not any(one.refused for one in guardrails.check_guardrails(plan, state, world.options)))
    for step in plan.steps:
        simulated.apply(step)
    again = access_plan.plan(simulated.read(), world.declared, world.options)
    assert not again.steps
    predicted = state_after(state, plan.steps)
    assert {name: sorted(row.address for row in found.rows) for name, found in predicted.lists.items()} == {
        SiteList(name): found for name, found in simulated.lists().items()
    }


def test_the_names_of_the_lists_are_the_same() -> None:
    assert tuple(SiteList) == LISTS == SIMULATOR_LISTS
