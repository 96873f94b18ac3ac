# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about an account that was refused, by the kind of the controller."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.accounts import (
    NEEDED,
    account_advice,
    account_needed,
    right_missing_advice,
)
from ansible_collections.printops.prisma.plugins.module_utils._decide.outcomes import ADVICE, Outcome

CUSTOMER = "customer administrator"
CONNECTIVITY, FULL = "[Access to connectivity settings]", "[Full access to administration tasks]"


@pytest.mark.parametrize(
    ("kind", "named", "not_named"),
    [("SRA", (CUSTOMER,), (CONNECTIVITY, FULL, "domain")), ("PRISMAsync", (CONNECTIVITY, FULL, "domain"), (CUSTOMER,))],
)
def test_a_refused_sign_in_names_what_this_kind_needs(
    kind: str, named: tuple[str, ...], not_named: tuple[str, ...]
) -> None:
    advice = account_advice(Outcome.AUTH_FAILED, kind)
    assert advice.startswith(ADVICE[Outcome.AUTH_FAILED])
    assert [text for text in named if text not in advice] == []
    assert [text for text in not_named if text in advice] == []
    assert NEEDED[kind.lower()] in right_missing_advice(kind)


def test_a_demanded_password_says_that_a_new_account_is_signed_in_by_hand_once() -> None:
    for kind in ("SRA", "PRISMAsync", None):
        assert "by hand once before the first run" in account_advice(Outcome.PASSWORD_CHANGE, kind)


def test_of_an_unknown_kind_all_are_named() -> None:
    assert (CUSTOMER in account_needed(None), FULL in account_needed("Colorado")) == (True, True)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.AUTH_FAILED, Outcome.PASSWORD_CHANGE}))
def test_other_outcomes_keep_their_advice(outcome: Outcome) -> None:
    assert account_advice(outcome, "SRA") == ADVICE[outcome]
