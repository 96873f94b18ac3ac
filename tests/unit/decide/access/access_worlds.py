# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites, tenants and declarations for Hypothesis, and runs against them: read, plan, check, apply. No tests.

The sites go by site_rules, the tenants by tenant_model. Most of what a run may never do is the same for both.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ansible_collections.printops.prisma.plugins.module_utils._decide.access import guardrails
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import plan as access_plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    AccessPlan,
    AccessState,
    DeclaredAccess,
    GuardrailCheck,
    Guardrails,
    ListReading,
    ListRow,
    Mode,
    Person,
    PlanOptions,
    PlanStep,
    Scope,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.rules import (
    APPLICATIONS,
    SITE_RULES,
    AccessList,
    AccessRules,
    Cloud,
    Kind,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.tenant_rules import (
    administered,
    application_parts,
    tenant_rules,
)
from hypothesis import strategies as st
from unit.decide.access import tenant_model
from unit.decide.access.site_rules import LISTS, Site, same_person
from unit.decide.access.tenant_model import Tenant

CLOUDS: Sequence[Cloud] = tuple(Cloud)
"""What the worlds of the properties are; a test of the tests takes one of them."""
TENANT_RULES = tenant_rules(tenant_model.APPLICATIONS)
OPERATIONS = SITE_RULES.operations
BOSS = "boss@example.com"
SPELLINGS = {
    "boss@example.com": ("boss@example.com", "Boss@Example.com"),
    "anna@example.com": ("anna@example.com", "ANNA@example.com"),
    "ben@example.org": ("ben@example.org", "Ben@EXAMPLE.org"),
    "carlcarl@gmail.com": ("carlcarl@gmail.com", "Carl.Carl@gmail.com", "c.a.r.l.c.a.r.l@GMAIL.com"),
    "dora@googlemail.com": ("dora@googlemail.com", "do.ra@googlemail.com"),
    "eve+print@example.com": ("eve+print@example.com", "Eve+Print@example.com"),
    "fritz@example.org": ("fritz@example.org",),
}
PATTERNS = ("*@example.org", "Carl.Carl@gmail.com", "anna@*", "E?e+*@Example.com", "nobody@example.com")

everybody = st.sampled_from(sorted(SPELLINGS))
applications = st.none() | st.frozensets(st.sampled_from(sorted(APPLICATIONS)))
some_applications = st.frozensets(st.sampled_from(sorted(APPLICATIONS)), min_size=1)
tenant_roles = st.dictionaries(
    st.sampled_from(tenant_model.APPLICATIONS), st.sampled_from(("user", "administrator"))
).map(application_parts)


def rules_of(site: Site | Tenant) -> AccessRules:
    """Return the rules by which a site or a tenant is planned."""
    return TENANT_RULES if isinstance(site, Tenant) else SITE_RULES


@dataclass(frozen=True)
class World:
    """A site or a tenant, what is declared for it, and how to plan."""

    site: Site | Tenant
    declared: DeclaredAccess
    options: PlanOptions

    @property
    def rules(self) -> AccessRules:
        """The rules by which it is planned."""
        return rules_of(self.site)

    def run(self, stop_after: int | None = None) -> Run:
        """Read, plan, ask the guardrails, and apply what they let pass to a copy of the site."""
        return run(copy.deepcopy(self.site), self.declared, self.options, stop_after)


@dataclass(frozen=True)
class Run:
    """What happened. ``sites``: before, and after each step that was applied."""

    state: AccessState
    plan: AccessPlan
    checks: tuple[GuardrailCheck, ...]
    sites: Sequence[Site | Tenant]

    @property
    def refused(self) -> set[str]:
        return {one.name for one in self.checks if one.refused}

    def lost(self) -> set[str]:
        """Return who is, at any time, not any more on some list that they were on before."""
        before = self.sites[0]
        return {
            who for who in before.people() if any(not before.where(who) <= after.where(who) for after in self.sites)
        }


def read(site: Site | Tenant, account: str | None = BOSS, operations: frozenset[str] | None = None) -> AccessState:
    """Read a site or a tenant completely."""
    readings = {}
    if isinstance(site, Tenant):
        rows = tuple(ListRow(member.shown, None, tuple(member.lists())) for member in site.members.values())
        readings["people"] = ListReading(rows, complete=True, pages=1, total=len(rows))
    else:
        for name in LISTS:
            rows = tuple(ListRow(shown) for shown in site.lists[name].values())
            readings[name] = ListReading(rows, complete=True, pages=1, total=len(rows))
    rules = rules_of(site)
    known = rules.operations if operations is None else operations
    return AccessState("north", readings, account, known, rules, name_proven=True)


def run(site: Site | Tenant, declared: DeclaredAccess, options: PlanOptions, stop_after: int | None = None) -> Run:
    state = read(site)
    # through the modules, so that a test of the tests can put a wrong planner in their place
    plan = access_plan.plan(state, declared, options)
    checks = guardrails.check_guardrails(plan, state, options)
    sites = [copy.deepcopy(site)]
    if not any(one.refused for one in checks) and options.mode is not Mode.AUDIT:
        for step in plan.steps[:stop_after]:
            apply(site, step)
            sites.append(copy.deepcopy(site))
    return Run(state, plan, checks, sites)


def apply(site: Site | Tenant, step: PlanStep) -> None:
    if isinstance(site, Tenant):
        if step.kind is Kind.INVITE_PERSON:
            site.invite(step.address, step.inputs["role"])
        elif step.kind is Kind.SET_PERSON_ROLE:
            site.set_role(step.address, step.inputs["role"])
        elif step.kind is Kind.SET_APPLICATION_ROLE:
            site.set_application_role(step.address, step.inputs["application"], step.inputs["role"])
        elif step.kind is Kind.REMOVE_PERSON:
            site.remove_person(step.address)
    elif step.kind is Kind.ADD_USER:
        site.add_user(step.address)
    elif step.kind is Kind.ADD_ADMINISTRATOR:
        site.add_administrator(step.address)
    elif step.where is not None:
        site.remove(str(step.where), step.address)


def spelled(who: str) -> st.SearchStrategy[str]:
    return st.sampled_from(SPELLINGS[who])


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """A site that came about by what people do on sites. BOSS is signed in."""
    site = Site()
    site.add_administrator(draw(spelled(BOSS)))
    site.first_sign_in(BOSS)
    actions = ("add_user", "add_administrator", "first_use", "first_sign_in", *LISTS[:5])
    for who in draw(st.frozensets(everybody, max_size=3)):
        site.add_administrator(who)
        site.first_sign_in(who)
    for who, action in draw(st.lists(st.tuples(everybody, st.sampled_from(actions)), max_size=25)):
        address = draw(spelled(who))
        if action in LISTS:
            site.remove(action, address)
        else:
            getattr(site, action)(address)
    return site


@st.composite
def tenants(draw: st.DrawFn) -> Tenant:
    """A tenant that came about by what people do there. BOSS is signed in."""
    tenant = Tenant()
    tenant.invite(draw(spelled(BOSS)), "administrator")
    tenant.first_sign_in(BOSS)
    for who in draw(st.frozensets(everybody, max_size=3)):
        tenant.invite(who, "administrator")
        tenant.first_sign_in(who)
    for who in draw(st.frozensets(everybody, max_size=6)):
        tenant.invite(draw(spelled(who)), draw(st.sampled_from(("employee", "employee", "administrator"))))
        if draw(st.booleans()):
            tenant.first_sign_in(who)
    roles = st.sampled_from(("user", "administrator", "none"))
    given = st.tuples(everybody, st.sampled_from(tenant_model.APPLICATIONS), roles)
    for who, application, role in draw(st.lists(given, max_size=10)):
        tenant.set_application_role(draw(spelled(who)), application, role)
    return tenant


@st.composite
def declarations(draw: st.DrawFn, cloud: Cloud = Cloud.SITE) -> DeclaredAccess:
    """Distinct people, some of them declared as both."""
    of_administrators = applications if cloud is Cloud.SITE else st.none() | tenant_roles
    of_users = st.none() | (some_applications if cloud is Cloud.SITE else tenant_roles)
    kinds = draw(st.dictionaries(everybody, st.sampled_from(("administrator", "user", "user", "both"))))
    administrators, users = [], []
    for who, kind in kinds.items():
        address = draw(spelled(who))
        if kind != "user":
            administrators.append(Person(address, draw(of_administrators)))
        if kind != "administrator":
            users.append(Person(address, draw(of_users)))
    return DeclaredAccess(tuple(administrators), tuple(users))


GUARDRAIL_STRATEGIES: dict[str, st.SearchStrategy[object]] = {
    "allow_empty": st.booleans(),
    "max_removals": st.integers(0, 7),
    "max_removal_percent": st.sampled_from((0.0, 20.0, 34.0, 50.0, 100.0)),
    "min_admins": st.integers(1, 3),
    "required_admins": st.lists(everybody.flatmap(spelled), max_size=1).map(tuple),
    "protected": st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2, unique=True).map(tuple),
}
LOOSE = {"allow_empty": True, "max_removals": 1000, "max_removal_percent": 100.0}
loose_guardrails = st.just(Guardrails(**LOOSE))  # type: ignore[arg-type]
all_guardrails = st.builds(Guardrails, **GUARDRAIL_STRATEGIES)
# one alone: where many hold at once nearly nothing is applied, and one that does not hold would not be missed
one_guardrail = st.one_of(
    *(
        st.builds(Guardrails, **{**{key: st.just(value) for key, value in LOOSE.items()}, name: strategy})
        for name, strategy in GUARDRAIL_STRATEGIES.items()
    )
)
some_guardrails = one_guardrail | all_guardrails
scopes = st.builds(
    Scope,
    people=st.none() | st.frozensets(everybody),
    parts=st.just(frozenset(AccessList))
    | st.just(APPLICATIONS)
    | st.frozensets(st.sampled_from(sorted(AccessList)), min_size=1),
)


# what home_user asks for: always whether people are there, and what is named besides
tenant_scopes = st.builds(
    Scope,
    people=st.none() | st.frozensets(everybody),
    parts=st.none()
    | st.frozensets(st.sampled_from(("administrators", *tenant_model.APPLICATIONS))).map(
        lambda names: names | {"people"} | {administered(name) for name in names if name in tenant_model.APPLICATIONS}
    ),
)
only_everyone = st.just(Scope())


@st.composite
def worlds(
    draw: st.DrawFn,
    with_guardrails: st.SearchStrategy[Guardrails] = some_guardrails,
    with_scopes: st.SearchStrategy[Scope] | None = None,
    modes: Sequence[Mode] = (Mode.ADDITIVE, Mode.AUTHORITATIVE, Mode.AUTHORITATIVE),
    clouds: Sequence[Cloud] | None = None,
) -> World:
    """A world of one of the clouds, of both alike."""
    cloud = draw(st.sampled_from(list(CLOUDS if clouds is None else clouds)))
    own_scopes = scopes if cloud is Cloud.SITE else tenant_scopes
    options = st.builds(
        PlanOptions,
        mode=st.sampled_from(list(modes)),
        guardrails=with_guardrails,
        scope=only_everyone | own_scopes if with_scopes is None else with_scopes,
    )
    made: st.SearchStrategy[Site | Tenant] = sites() if cloud is Cloud.SITE else tenants()
    return World(draw(made), draw(declarations(cloud)), draw(options))


def respelled(declared: DeclaredAccess) -> st.SearchStrategy[DeclaredAccess]:
    """The same people in another order and in other spellings, each person in one spelling."""

    @st.composite
    def other(draw: st.DrawFn) -> DeclaredAccess:
        spelling = {who: draw(spelled(who)) for who in SPELLINGS}

        def again(people: tuple[Person, ...]) -> tuple[Person, ...]:
            return tuple(
                replace(one, address=spelling[same_person(one.address)]) for one in draw(st.permutations(people))
            )

        return DeclaredAccess(again(declared.administrators), again(declared.users))

    return other()
