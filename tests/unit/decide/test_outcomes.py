# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closed list of outcomes: nothing may end without one, and each says what to do. Knows no printer."""

from __future__ import annotations

import inspect

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import (
    ADVICE,
    GOOD,
    Outcome,
    is_good,
)
from ansible_collections.printops.prisma.plugins.module_utils._web import errors

# docs/outcomes.md
GOOD_ONES = {"already", "onboarded", "awaiting_claim"}
FOR_A_PERSON = {
    "ors_not_ready",
    "proxy_wrong",
    "owned_by_other",
    "wrong_device",
    "password_change",
    "locked",
    "auth_failed",
    "untrusted_certificate",
    "unsupported",
    "failed",
}
LATER = {"busy", "timeout", "unreachable", "not_tried"}


def test_the_list_is_closed() -> None:
    assert {outcome.value for outcome in Outcome} == GOOD_ONES | FOR_A_PERSON | LATER
    assert {outcome.value for outcome in GOOD} == GOOD_ONES


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_advice_of_its_own(outcome: Outcome) -> None:
    advice = ADVICE[outcome]
    assert advice.endswith(".")
    assert [other for other in Outcome if ADVICE[other] == advice] == [outcome]
    assert is_good(outcome) is (outcome.value in GOOD_ONES)


def test_advice_is_for_outcomes_only() -> None:
    assert set(ADVICE) == set(Outcome)


def test_every_error_stands_for_an_outcome_that_is_not_good() -> None:
    classes = [
        item for _name, item in inspect.getmembers(errors, inspect.isclass) if issubclass(item, errors.PrismaError)
    ]
    assert len(classes) > 15
    for error in classes:
        raised = error("something happened")
        assert not is_good(raised.outcome)
        assert raised.advice
        assert str(raised) == "something happened"


def test_only_for_ors_a_technician_is_called_at_once() -> None:
    called = {outcome for outcome, advice in ADVICE.items() if advice.lower().find("call the service technician") >= 0}
    assert called == {Outcome.ORS_NOT_READY, Outcome.FAILED}
    assert "trying again does not help" in ADVICE[Outcome.ORS_NOT_READY]
