# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role onboard on the whole demo fleet: outcomes, repetition, sign-ins. Both modes compared: test_bulk.py."""

from __future__ import annotations

from collections import Counter

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.findings import Finding
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import Outcome
from demo.run import AFTERWARDS, EXPECTED, FINDINGS, IN_ANY_ORDER, NOT_IN_THE_DEMO, found_of, open_sessions
from support.demo_fleet import FIRST, SECOND, DemoRuns
from support.fleet import READING


@pytest.fixture(params=[pytest.param("in_tasks", marks=pytest.mark.slow), "in_bulk"])
def demo(request: pytest.FixtureRequest) -> DemoRuns:
    """What the role did with the demo fleet in each of its modes."""
    runs: DemoRuns = request.getfixturevalue(request.param)
    return runs


def settled(outcomes: dict[str, str]) -> dict[str, str]:
    """Return outcomes with those of the printers that share a password in order: which comes last is chance."""
    ordered = zip(sorted(IN_ANY_ORDER), sorted(outcomes[name] for name in IN_ANY_ORDER), strict=True)
    return {**outcomes, **dict(ordered)}


def test_every_printer_ends_with_its_outcome(demo: DemoRuns) -> None:
    assert demo.runs[FIRST].returncode == 0, demo.runs[FIRST].output
    assert settled(demo.outcomes[FIRST]) == EXPECTED


def test_every_outcome_and_every_finding_of_the_closed_lists_occurs(demo: DemoRuns) -> None:
    assert set(demo.outcomes[FIRST].values()) == {outcome.value for outcome in Outcome}
    printers = demo.reports[FIRST]["printers"]
    assert {name: found_of(printer) for name, printer in printers.items() if printer["findings"]} == FINDINGS
    assert {finding for found in FINDINGS.values() for finding in found} == set(Finding) - NOT_IN_THE_DEMO
    assert demo.reports[FIRST]["findings"] == dict(Counter(finding for found in FINDINGS.values() for finding in found))


def test_a_second_run_changes_nothing(demo: DemoRuns) -> None:
    assert demo.runs[SECOND].returncode == 0, demo.runs[SECOND].output
    assert settled(demo.outcomes[SECOND]) == AFTERWARDS
    assert demo.runs[SECOND].changed == 0
    assert demo.diffs[SECOND] == {}
    assert [(who, what) for who, what in demo.audits[SECOND] if what not in READING] == []


def test_the_second_run_only_tries_again_what_somebody_else_may_have_put_right(demo: DemoRuns) -> None:
    """The proxy that stays wrong is tested, the address that waits is claimed, a busy printer pressed; all in vain."""
    assert demo.writes[SECOND] == {
        ("sra-busy", "POST register.cgi"): 1,
        ("sra-proxy-wrong", "POST connectivity.cgi"): 1,
        ("home", "GET register/*"): 1,
        ("home", "POST register/*"): 1,
    }


def test_nothing_is_left_signed_in(demo: DemoRuns) -> None:
    assert open_sessions(demo.fleet.simulation) == {}


@pytest.mark.parametrize("run", [FIRST, SECOND])
def test_one_sign_in_per_account(demo: DemoRuns, run: int) -> None:
    signed_in = demo.sign_ins[run]
    assert {account: times for account, times in signed_in.items() if times != 1} == {}
    good = {name for name, outcome in EXPECTED.items() if outcome in ("onboarded", "already", "awaiting_claim")}
    for name in good:
        viewer, administrator = ("operator", "automation") if name.startswith("ps-") else ("Operator", "Administrator")
        assert signed_in[name, viewer] == 1
        assert signed_in[name, administrator] == 1
    assert [who for who, _actor in signed_in].count("alpha") == 1


def test_no_printer_is_pressed_that_has_no_need(demo: DemoRuns) -> None:
    pressed = Counter(who for who, what in demo.audits[FIRST] if what == "register_pressed")
    needed = {name for name, outcome in EXPECTED.items() if outcome == "onboarded"}
    assert pressed == Counter(needed | {"sra-register-error", "sra-owned-by-other"})


def test_each_printer_has_its_advice_in_table_and_report(demo: DemoRuns) -> None:
    printers = demo.reports[FIRST]["printers"]
    table = demo.runs[FIRST].output.split("\nOnboarding\n", 1)[1]
    for name, outcome in demo.outcomes[FIRST].items():
        assert printers[name]["advice"]
        assert printers[name]["good"] == (outcome in ("onboarded", "already", "awaiting_claim"))
        assert any(line.split()[:2] == [name, outcome] for line in table.splitlines() if line.strip()), name
    counts = demo.reports[FIRST]["counts"]
    assert sum(counts.values()) == len(EXPECTED)
    assert counts == dict(Counter(EXPECTED.values()))
