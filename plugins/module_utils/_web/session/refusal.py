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
    UnexpectedPage,
    Unreachable,
    shortened,
)
from .store import SessionState

MAYBE_REFUSED = "perhaps_refused"
"""The detail of an error that may be a refused sign-in: :func:`may_be_a_refusal`."""

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


def may_be_a_refusal(error: PrismaError) -> bool:
    """Whether a password that is wrong may be why a sign-in raised ``error``, though nothing says so.

    The refusal that locks an account says «locked», a profile may not know a refusal when it sees one, and the answer
    may be lost.
    """
    lost = isinstance(error, TransportError) and error.may_have_arrived
    return lost or isinstance(error, (AccountLocked, UnexpectedPage))


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
    what = f"{state.refusal['what'].rstrip('.')}; a sign-in is tried only once in a run"
    error = _ERRORS.get(state.refusal["outcome"], PrismaError)(what)
    error.advice = state.refusal.get("advice") or error.advice
    raise error
