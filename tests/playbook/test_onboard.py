# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role onboard on the whole demo fleet, in bulk: outcomes, repetition, sign-ins. Task by task: test_bulk.py."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import Finding
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import Outcome
from demo.run import AFTERWARDS, EXPECTED, FINDINGS, IN_ANY_ORDER, found_of, open_sessions
from support.fleet import READING, Fleet, FleetMaker, Watch
from support.playbook import Run
from support.simulation import FLEETS


@dataclass
class Onboarded:
    """Two runs on one fleet, and the sign-ins and writes of each."""

    fleet: Fleet
    first: Run
    second: Run
    report: dict[str, Any]
    first_outcomes: dict[str, str]
    second_outcomes: dict[str, str]
    audits: tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]
    writes_of_second: dict[tuple[str, str], int]


def audit_of(watch: Watch) -> list[tuple[str, str, str]]:
    """Return subject, actor and what of everything since ``watch`` began."""
    entries = watch.fleet.simulation.audit(since=watch.since)
    return [(entry["subject"], entry["actor"], entry["what"]) for entry in entries]


def settled(outcomes: dict[str, str]) -> dict[str, str]:
    """Return outcomes with those of the printers that share a password in order: which comes last is chance."""
    ordered = zip(sorted(IN_ANY_ORDER), sorted(outcomes[name] for name in IN_ANY_ORDER), strict=True)
    return {**outcomes, **dict(ordered)}


@pytest.fixture(scope="module")
def onboarded(make_fleet: FleetMaker) -> Onboarded:
    fleet = make_fleet(FLEETS / "demo.yml", onboard_fail_on=[])
    inventory = fleet.inventory(viewer=True)
    watch = fleet.watch()
    first = fleet.onboard(inventory)
    report, outcomes, audit = first.report, first.outcomes, audit_of(watch)
    watch = fleet.watch()
    second = fleet.onboard(inventory)
    return Onboarded(fleet, first, second, report, outcomes, second.outcomes, (audit, audit_of(watch)), watch.writes())


def test_every_printer_ends_with_its_outcome(onboarded: Onboarded) -> None:
    assert onboarded.first.returncode == 0, onboarded.first.output
    assert settled(onboarded.first_outcomes) == EXPECTED


def test_every_outcome_and_every_finding_of_the_closed_lists_occurs(onboarded: Onboarded) -> None:
    assert set(onboarded.first_outcomes.values()) == {outcome.value for outcome in Outcome}
    printers = onboarded.report["printers"]
    assert {name: found_of(printer) for name, printer in printers.items() if printer["findings"]} == FINDINGS
    assert {finding for found in FINDINGS.values() for finding in found} == {finding.value for finding in Finding}
    assert onboarded.report["findings"] == dict(Counter(finding for found in FINDINGS.values() for finding in found))


def test_a_second_run_changes_nothing(onboarded: Onboarded) -> None:
    assert onboarded.second.returncode == 0, onboarded.second.output
    assert settled(onboarded.second_outcomes) == AFTERWARDS
    assert onboarded.second.changed == 0
    assert onboarded.second.diffs() == {}
    assert [(who, what) for who, _actor, what in onboarded.audits[1] if what not in READING] == []


def test_the_second_run_only_tries_again_what_somebody_else_may_have_put_right(onboarded: Onboarded) -> None:
    """The proxy that stays wrong is tested, the address that waits is claimed, a busy printer pressed; all in vain."""
    assert onboarded.writes_of_second == {
        ("sra-busy", "POST register.cgi"): 1,
        ("sra-proxy-wrong", "POST connectivity.cgi"): 1,
        ("home", "POST api/v1/tenants/alpha/claims"): 1,
    }


def test_nothing_is_left_signed_in(onboarded: Onboarded) -> None:
    assert open_sessions(onboarded.fleet.simulation) == {}


@pytest.mark.parametrize("run", [0, 1])
def test_one_sign_in_per_account(onboarded: Onboarded, run: int) -> None:
    signed_in = Counter(
        (who, actor) for who, actor, what in onboarded.audits[run] if what in ("sign_in", "sign_in_refused")
    )
    assert {account: times for account, times in signed_in.items() if times != 1} == {}
    good = {name for name, outcome in EXPECTED.items() if outcome in ("onboarded", "already", "awaiting_claim")}
    for name in good:
        viewer, administrator = ("operator", "automation") if name.startswith("ps-") else ("Operator", "Administrator")
        assert signed_in[name, viewer] == 1
        assert signed_in[name, administrator] == 1
    assert [who for who, _actor in signed_in].count("alpha") == 1


def test_no_printer_is_pressed_that_has_no_need(onboarded: Onboarded) -> None:
    pressed = Counter(who for who, _actor, what in onboarded.audits[0] if what == "register_pressed")
    needed = {name for name, outcome in EXPECTED.items() if outcome == "onboarded"}
    assert pressed == Counter(needed | {"sra-register-error", "sra-owned-by-other"})


def test_each_printer_has_its_advice_in_table_and_report(onboarded: Onboarded) -> None:
    printers = onboarded.report["printers"]
    table = onboarded.first.output.split("\nOnboarding\n", 1)[1]
    for name, outcome in onboarded.first_outcomes.items():
        assert printers[name]["advice"]
        assert printers[name]["good"] == (outcome in ("onboarded", "already", "awaiting_claim"))
        assert any(line.split()[:2] == [name, outcome] for line in table.splitlines() if line.strip()), name
    counts = onboarded.report["counts"]
    assert sum(counts.values()) == len(EXPECTED)
    assert counts == dict(Counter(EXPECTED.values()))
