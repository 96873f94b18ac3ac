# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closed list of outcomes, each with its advice. Knows no printer and does no I/O.

Source: domain.md, "Where onboarding fails in practice", and docs/outcomes.md, which is made of this.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How the onboarding of one printer ended."""

    ALREADY = "already"
    ONBOARDED = "onboarded"
    AWAITING_CLAIM = "awaiting_claim"
    ORS_NOT_READY = "ors_not_ready"
    PROXY_WRONG = "proxy_wrong"
    OWNED_BY_OTHER = "owned_by_other"
    WRONG_DEVICE = "wrong_device"
    PASSWORD_CHANGE = "password_change"
    LOCKED = "locked"
    AUTH_FAILED = "auth_failed"
    UNTRUSTED_CERTIFICATE = "untrusted_certificate"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"
    BUSY = "busy"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    NOT_TRIED = "not_tried"

    @classmethod
    def of(cls, word: object) -> Outcome:
        """Return the outcome that a failed result names: FAILED if it names none, or one that only a site has."""
        return cls(word) if word in {outcome.value for outcome in cls} else cls.FAILED


GOOD = frozenset({Outcome.ALREADY, Outcome.ONBOARDED, Outcome.AWAITING_CLAIM})

ADVICE: dict[Outcome, str] = {
    Outcome.ALREADY: "Nothing to do: the printer was registered before this run.",
    Outcome.ONBOARDED: "Nothing to do: this run registered the printer, and that was read back.",
    Outcome.AWAITING_CLAIM: (
        "A person has to open the registration address (or scan the QR code) and sign in to PRISMA Home "
        "as a tenant administrator. Run again afterwards."
    ),
    Outcome.ORS_NOT_READY: (
        "ORS (On Remote Service) is not connected or not enabled: it is broken or was never configured. "
        "Call the service technician; trying again does not help."
    ),
    Outcome.PROXY_WRONG: (
        "The printer cannot reach the cloud through its proxy client. "
        "Correct host, port, user and password of the proxy and run again."
    ),
    Outcome.OWNED_BY_OTHER: (
        "The printer belongs to another tenant or site. Have it released there, or move it here: set "
        "onboard_take_over: true and run again."
    ),
    Outcome.WRONG_DEVICE: (
        "The device at this address is not the one in the inventory. Nothing was changed. Correct printops_host "
        "or printops_serial and run again."
    ),
    Outcome.PASSWORD_CHANGE: (
        "The interface demands a new password for this account. Sign in with a browser, set one, put it in the "
        "vault (printops_password) and run again."
    ),
    Outcome.LOCKED: "The account is locked after too many failed sign-ins. Unlock it, check the password, run again.",
    Outcome.AUTH_FAILED: (
        "The sign-in was refused, and was not repeated so as not to lock the account. "
        "Correct printops_username and printops_password (of a viewer: onboard_viewer) before the next run: every run "
        "spends one attempt."
    ),
    Outcome.UNTRUSTED_CERTIFICATE: (
        "The certificate is not trusted. Set printops_ca_path to the CA, or compare the fingerprint with the one "
        "that the printer itself shows and set printops_tls_fingerprint. No credentials were sent."
    ),
    Outcome.UNSUPPORTED: (
        "The profile does not fit this interface or lacks this operation. "
        "Choose another profile, or make one for this release."
    ),
    Outcome.FAILED: "Read the reason. If the printer shows an error of its own, call the service technician.",
    Outcome.BUSY: "Another user is changing settings, or the interface limits requests. Run again later.",
    Outcome.TIMEOUT: "It took longer than allowed. Run again: what was begun is found and continued.",
    Outcome.UNREACHABLE: (
        "Nothing answers at this address. Check power, network, printops_host and printops_port, and run again."
    ),
    Outcome.NOT_TRIED: (
        "This printer was left out in this run. Follow the advice for the other printers, or leave out those that "
        "cannot be helped now (--limit '!NAME'), then run again."
    ),
}

UNKNOWN_HOST_ADVICE = (
    "Correct the host name (printops_host, or the name of the printer in the inventory; of a proxy: "
    "printops_http_proxy), or add it to the DNS that the machine running Ansible uses. Then run again."
)
"""The advice of V(unreachable) where a host name was not found: power and network of a printer do not matter then."""

NOT_RECOGNISED_ADVICE = (
    "First check printops_host, printops_port and printops_base_path: a wrong path or port looks the same. If they "
    "lead to the printer's web interface, the profile does not fit this release: choose another one, or make one."
)
"""The advice of V(unsupported) where the profile does not recognise the interface."""


def is_good(outcome: Outcome) -> bool:
    """Whether a printer with this outcome needs no attention, so that the play may succeed."""
    return outcome in GOOD
