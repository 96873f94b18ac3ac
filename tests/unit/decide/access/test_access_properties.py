# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What no run may ever do to people, by the manuals' rules (site_rules, tenant_model) and not by the planner's own.

test_access_simulator.py shows that the simulator goes by the same rules, test_access_mutants.py that each of these can
fail, against a site and against a tenant.
"""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace

from ansible_collections.printops.prisma.plugins.module_utils._decide.access import guardrails
from ansible_collections.printops.prisma.plugins.module_utils._decide.access import plan as access_plan
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.declared import as_declared, parse_declared
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.model import (
    Mode,
    Phase,
    Reason,
    Scope,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.render import (
    as_diff,
    as_json,
    as_markdown,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.access.state import presence_of, shown
from hypothesis import assume, given
from hypothesis import strategies as st
from unit.decide.access.access_worlds import (
    BOSS,
    World,
    apply,
    loose_guardrails,
    read,
    respelled,
    run,
    worlds,
)
from unit.decide.access.plan_effects import state_after
from unit.decide.access.site_rules import Site, same_person
from unit.decide.access.tenant_model import Tenant

ADMINISTRATOR_LISTS = {"administrators", "administrators_invited", "administrators_pending"}
everyone = st.just(Scope())


@given(worlds())
def test_an_administrator_always_remains(world: World) -> None:
    done = world.run()
    for site in done.sites:
        assert site.lists["administrators"]


@given(worlds(modes=(Mode.AUTHORITATIVE,)))
def test_never_fewer_active_administrators_than_asked_for_by_a_removal(world: World) -> None:
    done = world.run()
    before, after = (len(site.lists["administrators"]) for site in (done.sites[0], done.sites[-1]))
    assert after >= min(before, world.options.guardrails.min_admins)


@given(worlds(modes=(Mode.AUTHORITATIVE,)))
def test_never_beyond_either_cap(world: World) -> None:
    done = world.run()
    lost = len(done.lost())
    assert lost <= world.options.guardrails.max_removals
    assert 100 * lost <= world.options.guardrails.max_removal_percent * len(done.sites[0].people())


@given(worlds(modes=(Mode.AUTHORITATIVE,)))
def test_the_account_in_use_keeps_every_list(world: World) -> None:
    done = world.run()
    for site in done.sites:
        assert done.sites[0].where(BOSS) <= site.where(BOSS)


@given(worlds(modes=(Mode.AUTHORITATIVE,)))
def test_protected_people_keep_every_list(world: World) -> None:
    done = world.run()
    # the patterns once more, written as regular expressions, and applied to what the site knows people by
    meant = {
        "*@example.org": r".*@example\.org",
        "Carl.Carl@gmail.com": r"carlcarl@gmail\.com",
        "anna@*": r"anna@.*",
        "E?e+*@Example.com": r"e.e\+.*@example\.com",
        "nobody@example.com": r"nobody@example\.com",
    }
    for who in done.lost():
        assert not any(re.fullmatch(meant[one], who) for one in world.options.guardrails.protected)


@given(worlds(modes=(Mode.AUTHORITATIVE,), with_scopes=everyone))
def test_required_administrators_are_administrators_or_nothing_is_done(world: World) -> None:
    done = world.run()
    if len(done.sites) > 1:
        for address in world.options.guardrails.required_admins:
            assert done.sites[-1].where(same_person(address)) & ADMINISTRATOR_LISTS


@given(worlds(modes=(Mode.AUTHORITATIVE,)))
def test_a_required_administrator_is_never_removed_from_them(world: World) -> None:
    done = world.run()
    for address in world.options.guardrails.required_admins:
        who = same_person(address)
        if done.sites[0].where(who) & ADMINISTRATOR_LISTS:
            assert done.sites[-1].where(who) & ADMINISTRATOR_LISTS


@given(worlds(), st.data(), st.sampled_from(["lost", "unproven", "total", "missing", "address"]))
def test_an_incomplete_reading_stops_everything(world: World, data: st.DataObject, fault: str) -> None:
    state = read(world.site)
    name = data.draw(st.sampled_from(world.rules.readings))
    reading = state.readings[name]
    lists = dict(state.readings)
    if fault == "lost":
        assume(reading.rows)
        lists[name] = replace(reading, rows=reading.rows[1:])
    elif fault == "unproven":
        lists[name] = replace(reading, complete=False, total=None)
    elif fault == "total":
        lists[name] = replace(reading, total=len(reading.rows) + 1)
    elif fault == "address":
        assume(reading.rows)
        lists[name] = replace(reading, rows=(replace(reading.rows[0], address=""), *reading.rows[1:]))
    else:
        del lists[name]
    state = replace(state, readings=lists)
    plan = access_plan.plan(state, world.declared, world.options)
    checks = guardrails.check_guardrails(plan, state, world.options)
    assert not plan.steps
    assert "complete_read" in {one.name for one in checks if one.refused}


@given(worlds(), st.sampled_from([None, "", " ", "stranger@example.com"]))
def test_without_the_account_in_use_nothing_is_removed(world: World, account: str | None) -> None:
    state = read(world.site, account)
    plan = access_plan.plan(state, world.declared, world.options)
    checks = guardrails.check_guardrails(plan, state, world.options)
    assert not any(step.removed for step in plan.steps)
    known = access_plan.plan(read(world.site), world.declared, world.options)
    if any(step.removed for step in known.steps):
        assert "account_in_use" in {one.name for one in checks if one.refused}


@given(worlds())
def test_a_second_run_has_nothing_to_do(world: World) -> None:
    done = world.run()
    assume(not done.refused)
    again = run(done.sites[-1], world.declared, world.options)
    assert not again.plan.steps
    assert again.plan.before == again.plan.after == {}


@given(worlds(with_guardrails=loose_guardrails), st.data())
def test_a_run_that_ends_in_the_middle_is_finished_by_the_next(world: World, data: st.DataObject) -> None:
    whole = world.run()
    assume(not whole.refused)
    assume(whole.plan.steps)
    part = world.run(stop_after=data.draw(st.integers(0, len(whole.plan.steps) - 1)))
    second = run(part.sites[-1], world.declared, world.options)
    assert not second.refused
    for who in whole.sites[0].people() | whole.sites[-1].people():
        wanted = whole.sites[-1].where(who)
        if _managed_whole(world, who):
            assert second.sites[-1].where(who) == wanted


def _managed_whole(world: World, who: str) -> bool:
    """Whether what a first run left of an addition is visible to a second one: not where it must not look."""
    left_open = any(
        one.applications is None
        for one in (*world.declared.administrators, *world.declared.users)
        if same_person(one.address) == who
    )
    return (
        world.options.mode is Mode.AUTHORITATIVE
        and all(world.options.scope.manages(part) for part in world.rules.names)
        and not left_open
        and who != BOSS
    )


@given(worlds(with_guardrails=loose_guardrails, with_scopes=everyone, modes=(Mode.AUTHORITATIVE,)))
def test_afterwards_everybody_is_exactly_where_they_are_declared(world: World) -> None:
    done = world.run()
    assume(not done.refused)
    after = done.sites[-1]
    wanted: dict[str, set[str]] = {}
    free: set[str] = {BOSS}
    for people, part in ((world.declared.administrators, world.rules.administrators), (world.declared.users, None)):
        for one in people:
            there = wanted.setdefault(same_person(one.address), set(world.rules.base))
            there |= (one.applications or frozenset()) | ({part} if part else set())
            if one.applications is None:
                free.add(same_person(one.address))
    for who in after.people() | set(wanted):
        if who not in free:
            assert _parts(world, after, who) == wanted.get(who, set()), who
        assert wanted.get(who, set()) <= _parts(world, after, who) or who == BOSS


@given(worlds(with_guardrails=loose_guardrails), st.data())
def test_whatever_the_site_refuses_nobody_loses_what_they_are_declared_for(world: World, data: st.DataObject) -> None:
    done = world.run()
    taken = data.draw(st.lists(st.booleans(), min_size=len(done.plan.steps), max_size=len(done.plan.steps)))
    site = copy.deepcopy(world.site)
    for step, is_taken in zip(done.plan.steps, taken, strict=True):
        if is_taken and len(done.sites) > 1:
            apply(site, step)
    rules = world.rules
    for people, parts in ((world.declared.administrators, {rules.administrators}), (world.declared.users, set())):
        for one in people:
            who = same_person(one.address)
            mine = parts | rules.base | (one.applications or frozenset())
            assert _parts(world, world.site, who) & mine <= _parts(world, site, who)


@given(worlds(modes=(Mode.ADDITIVE,)))
def test_additive_takes_nothing_from_anybody(world: World) -> None:
    assert not world.run().lost()


@given(worlds(with_guardrails=loose_guardrails))
def test_nobody_gets_more_than_is_declared(world: World) -> None:
    done = world.run()
    before, after = done.sites[0], done.sites[-1]
    declared = {same_person(one.address): one for one in (*world.declared.administrators, *world.declared.users)}
    for who in after.people():
        gained = _parts(world, after, who) - _parts(world, before, who)
        assert not gained or who in declared
        mine = [
            one for one in (*world.declared.administrators, *world.declared.users) if same_person(one.address) == who
        ]
        if all(one.applications is not None for one in mine):
            assert gained & world.rules.applications <= {part for one in mine for part in one.applications or ()}
        unmanaged = {part for part in gained & world.rules.applications if not world.options.scope.manages(part)}
        assert not unmanaged or any(one.applications is None for one in mine)


@given(worlds(modes=(Mode.AUTHORITATIVE,), with_guardrails=loose_guardrails))
def test_what_is_outside_the_scope_is_left_alone(world: World) -> None:
    done = world.run()
    scope = world.options.scope
    declared = {same_person(one.address) for one in (*world.declared.administrators, *world.declared.users)}
    for who in done.sites[0].people():
        before, after = (_parts(world, site, who) for site in (done.sites[0], done.sites[-1]))
        if scope.people is not None and who not in scope.people | declared:
            assert before == after
        assert {part for part in before if not scope.manages(part)} <= after


@given(worlds(), st.data())
def test_order_and_spelling_of_the_declared_change_nothing_but_what_is_sent(world: World, data: st.DataObject) -> None:
    other = replace(world, declared=data.draw(respelled(world.declared)))
    one, two = world.run(), other.run()
    sent = [[(step.operation, step.address) for step in run.plan.steps] for run in (one, two)]
    assert (one.plan.sha256 == two.plan.sha256) == (sent[0] == sent[1])
    assert [(step.operation, step.person) for step in one.plan.steps] == [
        (step.operation, step.person) for step in two.plan.steps
    ]
    assert one.refused == two.refused
    assert as_diff(one.plan) == as_diff(two.plan)
    assert [one.sites[-1].where(who) for who in sorted(one.sites[-1].people())] == [
        two.sites[-1].where(who) for who in sorted(two.sites[-1].people())
    ]


@given(worlds())
def test_the_order_in_which_a_site_shows_people_changes_nothing(world: World) -> None:
    state = read(world.site)
    turned = {name: replace(reading, rows=reading.rows[::-1]) for name, reading in reversed([*state.readings.items()])}
    one = access_plan.plan(state, world.declared, world.options)
    two = access_plan.plan(replace(state, readings=turned), world.declared, world.options)
    assert one == two


@given(worlds())
def test_what_is_predicted_is_what_the_site_does(world: World) -> None:
    done = world.run()
    assume(not done.refused)
    predicted = state_after(done.state, done.plan.steps)
    there = {who: frozenset(lists) for who, lists in presence_of(predicted, world.options.dotless_domains).items()}
    assert there == {who: done.sites[-1].where(who) for who in done.sites[-1].people()}
    one_by_one = done.state
    for step in done.plan.steps:
        one_by_one = state_after(one_by_one, (step,))
    assert one_by_one == predicted
    for who, parts in done.plan.after.items():
        assert parts == shown(world.rules, done.sites[-1].where(who))
    changed = set(done.plan.after)
    for who in done.sites[0].people() | done.sites[-1].people():
        assert (who in changed) == (_parts(world, done.sites[0], who) != _parts(world, done.sites[-1], who))


@given(worlds())
def test_everybody_is_added_before_anybody_goes(world: World) -> None:
    steps = world.run().plan.steps
    places = [list(Phase).index(step.phase) for step in steps]
    assert places == sorted(places)
    for number, step in enumerate(steps):
        if step.undoes_addition:
            assert steps[number - 1].person == step.person
            assert not step.takes_away
        else:
            assert step.takes_away == (step.phase in (Phase.DEMOTE, Phase.REMOVE))


@given(worlds(), st.data())
def test_what_a_profile_cannot_do_is_named_and_not_tried(world: World, data: st.DataObject) -> None:
    operations = data.draw(st.frozensets(st.sampled_from(sorted(world.rules.operations))))
    plan = access_plan.plan(read(world.site, operations=operations), world.declared, world.options)
    assert {step.operation for step in plan.steps} <= operations
    whole = access_plan.plan(read(world.site), world.declared, world.options)
    unsupported = [held for held in plan.held_back if held.reason is Reason.UNSUPPORTED]
    assert len(plan.steps) + len(plan.held_back) == len(whole.steps) + len(whole.held_back)
    assert plan.in_sync == whole.in_sync or unsupported
    administrators = set(world.rules.administrator_lists)
    if any(administrators & (held.step.effects.keys() - set(held.step.removed)) for held in plan.held_back):
        assert not any(step.takes_away and administrators & set(step.removed) for step in plan.steps)


@given(worlds(with_guardrails=loose_guardrails, with_scopes=everyone))
def test_only_the_reviewed_plan_is_applied(world: World) -> None:
    reviewed = world.run().plan.sha256
    asked = replace(world, options=replace(world.options, plan_sha256=reviewed))
    assert "plan_sha256" not in asked.run().refused
    other = replace(world, options=replace(world.options, plan_sha256="0" * 64)).run()
    assert ("plan_sha256" in other.refused) == bool(other.plan.steps)
    assert len(other.sites) == 1


@given(worlds())
def test_the_dump_of_a_site_is_a_declaration_that_changes_nothing(world: World) -> None:
    site = world.site
    dumped = as_declared(read(site))
    parsed = parse_declared(json.loads(json.dumps(dumped)))
    assert not parsed.problems
    assert parsed.mode is Mode.AUDIT
    done = run(site, parsed.declared, replace(parsed.options, mode=Mode.AUTHORITATIVE))
    assert done.plan.in_sync
    assert not done.refused


@given(worlds())
def test_every_plan_can_be_shown(world: World) -> None:
    done = world.run()
    rendered = as_json(done.plan, done.checks)
    assert json.loads(json.dumps(rendered)) == rendered
    assert rendered["counts"]["removed_people"] >= len(done.lost())
    assert done.plan.sha256 in as_markdown(done.plan, done.checks)


@given(worlds(modes=(Mode.AUTHORITATIVE,)))
def test_audit_plans_what_authoritative_would_do(world: World) -> None:
    audit = replace(world, options=replace(world.options, mode=Mode.AUDIT)).run()
    assert audit.plan.steps == world.run().plan.steps
    assert len(audit.sites) == 1


def _parts(world: World, site: Site | Tenant, who: str) -> set[str]:
    return {world.rules.part_of[name] for name in site.where(who)}
