# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's rules do what site_rules and tenant_model do: so the properties of plans hold against it too.

They are used as they are, on databases of their own, without pages; other people wrote them from the same manual.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import guardrails
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import plan as access_plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    AccessState,
    Mode,
    PlanStep,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import Cloud, Kind, SiteList
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.state import presence_of
from ansible_collections.printops.prisma.plugins.module_utils._decide.identity import DOTLESS_DOMAINS
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from simulator.fleet import APPLICATIONS as SIMULATOR_APPLICATIONS
from simulator.home_people import WITH_SETTINGS, HomePeople, PeopleStore, TenantPerson
from simulator.site_rules import LISTS as SIMULATOR_LISTS
from simulator.site_rules import NotDone, SiteRules
from simulator.site_store import SiteStore
from unit.decide.access.access_worlds import (
    BOSS,
    TENANT_RULES,
    World,
    everybody,
    loose_guardrails,
    read,
    spelled,
    worlds,
)
from unit.decide.access.plan_effects import state_after
from unit.decide.access.site_rules import LISTS, Refused, Site
from unit.decide.access.tenant_model import APPLICATIONS, Member, Tenant

ACTIONS = ("add_user", "add_administrator", "first_use", "first_sign_in", *LISTS)
actions = st.lists(
    st.tuples(everybody, st.sampled_from(ACTIONS)).flatmap(lambda one: st.tuples(spelled(one[0]), st.just(one[1]))),
    max_size=30,
)
PORTAL_ROLES, APPLICATION_ROLES = ("employee", "administrator"), ("user", "administrator", "none")
TENANT_ACTIONS: tuple[tuple[str, ...], ...] = (
    ("first_sign_in",),
    ("remove_person",),
    *(("invite", role) for role in PORTAL_ROLES),
    *(("set_role", role) for role in PORTAL_ROLES),
    *(("set_application_role", name, role) for name in APPLICATIONS for role in APPLICATION_ROLES),
)
tenant_actions = st.lists(
    st.tuples(everybody, st.sampled_from(TENANT_ACTIONS)).flatmap(
        lambda one: st.tuples(spelled(one[0]), st.just(one[1]))
    ),
    max_size=30,
)
# one database for all examples: each begins by emptying it
one_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class Simulated(Protocol):
    """One site or tenant of the simulator, without its pages. Its audit lines go nowhere."""

    def become(self, model: Any) -> None:
        """Have exactly the people of a model."""

    def model(self) -> Any:
        """Return a model of what is there now."""

    def apply(self, step: PlanStep) -> None:
        """Do what a step of a plan asks for."""


class SimulatedSite:
    """A site of the simulator."""

    def __init__(self, path: Path) -> None:
        self._store = SiteStore(path)
        self._rules = SiteRules(self._store, lambda: 0.0, lambda *line: None)

    def become(self, model: Site) -> None:
        """Have exactly these people on these lists."""
        for name in LISTS:
            for row in self._store.rows("north", name):
                self._store.take(row.email, [name])
        for name, people in model.lists.items():
            for address in people:
                self._store.put("north", address, [name], 0.0)

    def do(self, address: str, action: str) -> None:
        """Do what a person on the site would; [Remove] of somebody who is not there changes nothing."""
        if action in ("add_user", "add_administrator"):
            getattr(self._rules, action)("north", BOSS, address)
        elif action in LISTS:
            with refusals():
                self._rules.remove("north", BOSS, action, address)
        else:
            getattr(self._rules, action)(address)

    def apply(self, step: PlanStep) -> None:
        self.do(step.address, str(step.where if step.kind is Kind.REMOVE else step.kind))

    def model(self) -> Site:
        found = {name: {row.email: row.email for row in self._store.rows("north", name)} for name in LISTS}
        return Site(found)

    def close(self) -> None:
        self._store.close()


class SimulatedTenant:
    """A tenant of the simulator."""

    def __init__(self, path: Path) -> None:
        self._store = PeopleStore(path)
        self._rules = HomePeople(self._store, lambda: 0.0, lambda *line: None)

    def become(self, model: Tenant) -> None:
        """Have exactly these people."""
        for person in self._store.page("alpha"):
            self._store.drop(person.email)
        self._store.keep(
            TenantPerson(
                tenant="alpha",
                email=who,
                name="",
                role="administrator" if member.administrator else "employee",
                state="active" if member.active else "pending",
                since=0.0,
                applications=dict(member.roles),
            )
            for who, member in model.members.items()
        )

    def do(self, address: str, action: tuple[str, ...]) -> None:
        """Do what an administrator would; what concerns nobody who is there changes nothing."""
        rules = self._rules
        what, *given = action
        with refusals():
            if what == "first_sign_in":
                rules.first_sign_in(address)
            elif what == "remove_person":
                rules.remove("alpha", BOSS, address)
            else:
                getattr(rules, what)("alpha", BOSS, address, *given)

    def apply(self, step: PlanStep) -> None:
        names = {Kind.INVITE_PERSON: "invite", Kind.SET_PERSON_ROLE: "set_role"}
        given = [step.inputs[name] for name in ("application", "role") if name in step.inputs]
        self.do(step.address, (names.get(step.kind, str(step.kind)), *given))

    def model(self) -> Tenant:
        return Tenant(
            {
                one.email: Member(one.email, one.role == "administrator", one.state == "active", one.applications)
                for one in self._store.page("alpha")
            }
        )

    def close(self) -> None:
        self._store.close()


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Take the simulator's refusal to leave nobody in charge for that of the models, and others for nothing."""
    try:
        yield
    except NotDone as refusal:
        if "must remain" in str(refusal):
            raise Refused from refusal


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedSite]:
    made = SimulatedSite(tmp_path_factory.mktemp("sites") / "sites.sqlite")
    yield made
    made.close()


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedTenant]:
    made = SimulatedTenant(tmp_path_factory.mktemp("tenants") / "people.sqlite")
    yield made
    made.close()


def people_of(model: Site | Tenant) -> dict[str, frozenset[str]]:
    """Return who is where, by who they are: which spelling is shown does not matter."""
    return {who: model.where(who) for who in sorted(model.people())}


def outcome(attempt: Callable[[], None]) -> str:
    try:
        attempt()
    except Refused:
        return "refused"
    return "done"


@one_database
@given(actions=actions)
def test_both_sites_do_the_same(site: SimulatedSite, actions: list[tuple[str, str]]) -> None:
    model = Site()
    model.add_administrator(BOSS)
    model.first_sign_in(BOSS)
    site.become(model)
    for address, action in actions:
        ends = [outcome(partial(act, model, address, action)), outcome(partial(site.do, address, action))]
        assert ends[0] == ends[1], (address, action)
        assert people_of(model) == people_of(site.model()), (address, action)


def act(model: Site, address: str, action: str) -> None:
    if action in LISTS:
        model.remove(action, address)
    else:
        getattr(model, action)(address)


@one_database
@given(actions=tenant_actions)
def test_both_tenants_do_the_same(tenant: SimulatedTenant, actions: list[tuple[str, tuple[str, ...]]]) -> None:
    model = Tenant()
    model.invite(BOSS, "administrator")
    model.first_sign_in(BOSS)
    tenant.become(model)
    for address, (what, *given_roles) in actions:
        ends = [
            outcome(partial(getattr(model, what), address, *given_roles)),
            outcome(partial(tenant.do, address, (what, *given_roles))),
        ]
        assert ends[0] == ends[1], (address, what)
        assert people_of(model) == people_of(tenant.model()), (address, what)


@one_database
@given(world=worlds())
def test_a_run_against_the_simulator_goes_where_the_model_goes(
    site: SimulatedSite, tenant: SimulatedTenant, world: World
) -> None:
    simulated: Simulated = tenant if world.rules.cloud is Cloud.TENANT else site
    simulated.become(world.site)
    done = world.run()
    state = read(simulated.model())
    plan = access_plan.plan(state, world.declared, world.options)
    checks = guardrails.check_guardrails(plan, state, world.options)
    assert [(step.label, step.person, step.effects) for step in plan.steps] == [
        (step.label, step.person, step.effects) for step in done.plan.steps
    ]
    assert {one.name for one in checks if one.refused} == done.refused
    for step, after in zip(plan.steps, done.sites[1:], strict=False):
        simulated.apply(step)
        assert people_of(simulated.model()) == people_of(after)


@one_database
@given(world=worlds(with_guardrails=loose_guardrails, modes=(Mode.AUTHORITATIVE, Mode.ADDITIVE)))
def test_a_second_run_against_the_simulator_has_nothing_to_do(
    site: SimulatedSite, tenant: SimulatedTenant, world: World
) -> None:
    simulated: Simulated = tenant if world.rules.cloud is Cloud.TENANT else site
    simulated.become(world.site)
    state = read(simulated.model())
    plan = access_plan.plan(state, world.declared, world.options)
    assume(not any(one.refused for one in guardrails.check_guardrails(plan, state, world.options)))
    for step in plan.steps:
        simulated.apply(step)
    after = read(simulated.model())
    assert not access_plan.plan(after, world.declared, world.options).steps
    assert everybody_in(state_after(state, plan.steps)) == everybody_in(after)


def everybody_in(state: AccessState) -> dict[str, set[str]]:
    """Return who is where by readings."""
    return {who: set(lists) for who, lists in presence_of(state, DOTLESS_DOMAINS).items()}


def test_the_names_are_the_same() -> None:
    assert tuple(SiteList) == LISTS == SIMULATOR_LISTS
    assert set(APPLICATIONS) <= WITH_SETTINGS <= set(SIMULATOR_APPLICATIONS)
    assert set(TENANT_RULES.applications) >= set(APPLICATIONS)
