# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks of a network stand for: which of them count, and a proxy that intercepts although it is trusted here."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.network import (
    ADVICE,
    GOOD,
    NetworkCheck,
    NetworkOutcome,
    Route,
    compared,
    first_problem,
)
from hypothesis import given
from hypothesis import strategies as st

PUBLIC, INSPECTING = "CN=Public CA", "CN=Inspection,O=Example Ltd"


def check(route: Route, outcome: NetworkOutcome = NetworkOutcome.REACHABLE, **more: Any) -> NetworkCheck:
    values = {"host": "home.example.com", "port": 443, "purpose": "", "source": "", "needed": True, **more}
    return NetworkCheck(route=route, outcome=outcome, **values)


@pytest.mark.parametrize("outcome", list(NetworkOutcome))
def test_every_outcome_has_an_advice_that_names_what_it_speaks_of(outcome: NetworkOutcome) -> None:
    advice = check(Route.DIRECT, outcome, host="ors.example.com", port=8443).advice
    assert advice and "{" not in advice
    assert "technician" not in advice
    if "{host}" in ADVICE[outcome]:
        assert "ors.example.com" in advice
    assert (outcome in GOOD) == (advice == "Nothing to do.")


def test_another_issuer_through_the_proxy_means_that_it_intercepts() -> None:
    """Given a proxy whose authority this machine trusts, then its issuer gives it away."""
    direct, proxy = check(Route.DIRECT, issuer=PUBLIC), check(Route.PROXY, issuer=INSPECTING)
    seen = compared([direct, proxy])
    assert [each.outcome for each in seen] == [NetworkOutcome.REACHABLE, NetworkOutcome.INTERCEPTED]
    assert INSPECTING in seen[1].reason and PUBLIC in seen[1].reason
    assert "Exempt home.example.com from TLS inspection" in seen[1].advice


@pytest.mark.parametrize(
    "checks",
    [
        [check(Route.DIRECT, issuer=PUBLIC), check(Route.PROXY, issuer=PUBLIC)],
        [check(Route.DIRECT, NetworkOutcome.BLOCKED), check(Route.PROXY, issuer=INSPECTING)],
        [check(Route.DIRECT, issuer=PUBLIC), check(Route.PROXY, NetworkOutcome.PROXY_REFUSES)],
        [check(Route.DIRECT, issuer=PUBLIC), check(Route.PROXY, issuer=INSPECTING, host="another.example.com")],
        [check(Route.DIRECT, issuer=PUBLIC), check(Route.PROXY, issuer=INSPECTING, port=8443)],
    ],
)
def test_nothing_is_concluded_from_what_cannot_be_compared(checks: list[NetworkCheck]) -> None:
    assert compared(checks) == checks


any_check = st.builds(
    check,
    st.sampled_from(Route),
    st.sampled_from(NetworkOutcome),
    needed=st.booleans(),
    host=st.sampled_from(["a.example.com", "b.example.com"]),
    issuer=st.sampled_from([None, PUBLIC, INSPECTING]),
)


@given(st.lists(any_check))
def test_a_problem_is_a_way_that_printers_need_and_that_is_not_good(checks: list[NetworkCheck]) -> None:
    problem = first_problem(checks)
    bad = [each for each in checks if each.needed and each.outcome not in GOOD]
    assert problem == (bad[0] if bad else None)


@given(st.lists(any_check))
def test_comparing_makes_no_bad_check_good_and_changes_no_direct_one(checks: list[NetworkCheck]) -> None:
    for before, after in zip(checks, compared(checks), strict=True):
        assert before.good or not after.good
        assert before == after or (before.route, after.outcome) == (Route.PROXY, NetworkOutcome.INTERCEPTED)


@given(any_check)
def test_a_line_names_host_way_and_outcome(one: NetworkCheck) -> None:
    line = one.as_line()
    assert line.startswith(f"{one.host}:{one.port} ")
    assert one.outcome.value in line
    assert ("through the proxy" in line) == (one.route is Route.PROXY)
    assert one.as_dict()["outcome"] == one.outcome.value
