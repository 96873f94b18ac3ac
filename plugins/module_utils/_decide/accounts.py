# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account a printer needs, by the kind of its controller, and what to do about one that was refused. Pure.

Source: domain.md, "Accounts, sessions, locks on the controller", and "Registering a printer in PRISMA Home", 3.
"""

from __future__ import annotations

from .outcomes import ADVICE, Outcome

NEEDED = {
    "sra": "An SRA printer needs the account of a customer administrator.",
    "prismasync": (
        "A PRISMAsync printer needs an account with the right [Access to connectivity settings], and for Remote Match "
        "with [Full access to administration tasks]."
    ),
}
"""By the kind of controller, as profiles name it, in lower case."""

_BY_HAND_ONCE = "A new account is asked for it at its first sign-in: sign in by hand once before the first run."
_DOMAIN = "Set printops_domain if the account belongs to a domain."


def account_needed(controller_kind: str | None) -> str:
    """Return which account a controller of this kind needs; of an unknown kind, what each kind needs."""
    return NEEDED.get(str(controller_kind).lower()) or " ".join(NEEDED.values())


def account_advice(outcome: Outcome, controller_kind: str | None) -> str:
    """Return the advice of a controller's ``outcome``, with what its kind demands of an account where that matters."""
    if outcome is Outcome.AUTH_FAILED:
        domain = f" {_DOMAIN}" if str(controller_kind).lower() != "sra" else ""
        return f"{ADVICE[outcome]} {account_needed(controller_kind)}{domain}"
    if outcome is Outcome.PASSWORD_CHANGE:
        return f"{ADVICE[outcome]} {_BY_HAND_ONCE}"
    return ADVICE[outcome]


def right_missing_advice(controller_kind: str | None) -> str:
    """Return what to do about an account that lacks a right."""
    return f"Give the account the right, or declare another one. {account_needed(controller_kind)}"
