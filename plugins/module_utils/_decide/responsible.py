# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has to act on an outcome or a finding, and how serious it is. Pure; knows no printer.

Source: domain.md, "Where onboarding fails in practice", and the advice of each outcome and finding.
"""

from __future__ import annotations

from enum import StrEnum

from .findings import Finding
from .network import NetworkOutcome
from .outcomes import ADVICE, Outcome


class Responsible(StrEnum):
    """A person or team, as a summary names it."""

    NOBODY = "nobody"
    OPERATOR = "you"
    ON_SITE = "a person at the printer"
    NETWORK = "the network team"
    TENANT_ADMINISTRATOR = "a tenant administrator"
    SERVICE_ORGANISATION = "the service organisation"
    TECHNICIAN = "the service technician"


RESPONSIBLE: dict[str, Responsible] = {
    Outcome.ALREADY: Responsible.NOBODY,
    Outcome.ONBOARDED: Responsible.NOBODY,
    Outcome.AWAITING_CLAIM: Responsible.TENANT_ADMINISTRATOR,
    Outcome.NOT_TRIED: Responsible.OPERATOR,
    Outcome.BUSY: Responsible.OPERATOR,
    Outcome.TIMEOUT: Responsible.OPERATOR,
    Outcome.UNREACHABLE: Responsible.ON_SITE,
    Outcome.UNSUPPORTED: Responsible.OPERATOR,
    Outcome.UNTRUSTED_CERTIFICATE: Responsible.OPERATOR,
    Outcome.PASSWORD_CHANGE: Responsible.OPERATOR,
    Outcome.AUTH_FAILED: Responsible.OPERATOR,
    Outcome.LOCKED: Responsible.OPERATOR,
    Outcome.WRONG_DEVICE: Responsible.OPERATOR,
    NetworkOutcome.NO_ANSWER: Responsible.ON_SITE,
    NetworkOutcome.UNKNOWN_NAME: Responsible.NETWORK,
    NetworkOutcome.BLOCKED: Responsible.NETWORK,
    NetworkOutcome.TLS_FAILED: Responsible.NETWORK,
    NetworkOutcome.INTERCEPTED: Responsible.NETWORK,
    NetworkOutcome.PROXY_UNREACHABLE: Responsible.NETWORK,
    NetworkOutcome.PROXY_LOGIN_REFUSED: Responsible.NETWORK,
    NetworkOutcome.PROXY_REFUSES: Responsible.NETWORK,
    Outcome.PROXY_WRONG: Responsible.NETWORK,
    Outcome.OWNED_BY_OTHER: Responsible.TENANT_ADMINISTRATOR,
    Outcome.ORS_NOT_READY: Responsible.TECHNICIAN,
    Outcome.FAILED: Responsible.TECHNICIAN,
    Finding.ORS_LOST: Responsible.TECHNICIAN,
    Finding.NEVER_SENT_DATA: Responsible.OPERATOR,
    Finding.WRONG_CONNECTOR: Responsible.OPERATOR,
    Finding.CLOCK_WRONG: Responsible.ON_SITE,
    Finding.DEVICE_DISABLED: Responsible.TENANT_ADMINISTRATOR,
    Finding.APPLICATION_NOT_ENABLED: Responsible.TENANT_ADMINISTRATOR,
    Finding.SUBSCRIPTION_ENDS_SOON: Responsible.SERVICE_ORGANISATION,
    Finding.UNLICENSED: Responsible.SERVICE_ORGANISATION,
    Finding.SUBSCRIPTION_EXHAUSTED: Responsible.SERVICE_ORGANISATION,
}
"""By outcome or finding, the least serious first: a summary shows the worst last."""

_ONLY_WITH_OWN_ADVICE = frozenset({Outcome.UNREACHABLE, Outcome.ORS_NOT_READY})
"""With any other advice than that of the list they are for whoever runs the playbook."""

_RANK = {word: rank for rank, word in enumerate(RESPONSIBLE)}


def responsible(word: str, advice: str = "") -> Responsible:
    """Return who acts on an outcome or a finding; on an unknown word whoever runs the playbook.

    C(failed) is also the outcome of a wrong variable or an unexpected page: only where the ``advice`` names the service
    technician, it is for them. C(unreachable) and C(ors_not_ready) are for a person at the printer and for the
    technician with the advice of the list alone: another one begins with something to check or to declare.
    """
    if word in _ONLY_WITH_OWN_ADVICE and advice and advice != ADVICE[Outcome(word)]:
        return Responsible.OPERATOR
    if word == Outcome.FAILED and advice and "service technician" not in advice:
        return Responsible.OPERATOR
    return RESPONSIBLE.get(word, Responsible.OPERATOR)


def severity(word: str) -> int:
    """Return the rank of an outcome or a finding among all, the worst last. An unknown word is the worst."""
    return _RANK.get(word, len(_RANK))
