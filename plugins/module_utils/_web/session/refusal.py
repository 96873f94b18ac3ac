# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sign-in that was refused in this run, kept so that no task repeats it. Sends nothing.

Source: domain.md, "Accounts, sessions, locks on the controller": one attempt, never a retry.
"""

from __future__ import annotations

from ..errors import (
    AccountLocked,
    Busy,
    PasswordChangeDemanded,
    PrismaError,
    SignInRefused,
    TimedOut,
    TransportError,
    Unreachable,
    shortened,
)
from .store import SessionState

MAX_REFUSAL = 1000
"""Characters that are kept of a refusal's text and of its advice: in any script they fit into the shared memory."""

_ERRORS: dict[str, type[PrismaError]] = {
    error.outcome.value: error
    for error in (SignInRefused, AccountLocked, PasswordChangeDemanded, TimedOut, Unreachable)
}


def was_judged(error: PrismaError) -> bool:
    """Whether a sign-in that raised ``error`` may have counted as an attempt.

    It may also have where its answer was lost or not understood. A busy interface, or one that was not reached, has not
    judged the password.
    """
    if isinstance(error, Busy):
        return False
    return error.may_have_arrived if isinstance(error, TransportError) else True


def refused_state(outcome: str, what: str, advice: str) -> SessionState:
    """Return the state of a refused sign-in: no cookies and no long texts, so that it fits whatever the page held."""
    refusal = {
        "outcome": outcome,
        "what": shortened(what, MAX_REFUSAL),
        "advice": shortened(advice, MAX_REFUSAL),
    }
    return SessionState(status="refused", refusal=refusal)


def raise_if_refused(state: SessionState) -> None:
    """Raise the error of the refused sign-in again, if ``state`` is that of one."""
    if not state.refusal:
        return
    error = _ERRORS.get(state.refusal["outcome"], PrismaError)(f"{state.refusal['what']} (not tried again in this run)")
    error.advice = state.refusal.get("advice") or error.advice
    raise error
