# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registration of a printer as a state machine with two sides. Pure; presses nothing itself.

Source: domain.md, "Registering a printer in PRISMA Home": unregistered, requested, awaiting_claim (a link), registered;
or failed (a text).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """What the controller shows."""

    UNREGISTERED = "unregistered"
    REQUESTED = "requested"
    AWAITING_CLAIM = "awaiting_claim"
    REGISTERED = "registered"
    FAILED = "failed"


class RegistrationStep(StrEnum):
    """What is to be done next on the controller."""

    NOTHING = "nothing"
    COLLECT = "collect"
    PRESS = "press"
    UNREGISTER = "unregister"
    STOP = "stop"


@dataclass(frozen=True)
class Registration:
    """What the registration page says. ``address`` is a capability: it never goes into a message."""

    state: State
    address: str | None = None
    has_qr: bool = False
    text: str = ""
    tenant: str | None = None
    service: str | None = None

    @classmethod
    def read_hand_over(
        cls,
        state: str,
        *,
        text: str | None,
        tenant: str | None,
        service: str | None,
        address: str | None,
        register_again: bool = False,
    ) -> Registration | None:
        """Return the registration of a printer that hands over to the cloud's page; None if the state is not known.

        The controller shows no address (domain.md, "Registering a printer in PRISMA Home"). ``address`` is one that
        this run or an earlier one has: while it waits to be completed, the button is not pressed again. With
        ``register_again`` it may wait although the printer is registered: it stays so until another cloud has it.
        """
        if state not in (State.REGISTERED, State.UNREGISTERED, State.FAILED):
            return None
        found = cls(State(state), text=(text or "").strip(), tenant=tenant, service=service)
        if address and (found.state is State.UNREGISTERED or (register_again and found.state is State.REGISTERED)):
            return replace(found, state=State.AWAITING_CLAIM, address=address)
        return found

    @classmethod
    def read(
        cls,
        state: str,
        *,
        address: str | None,
        has_qr: bool,
        text: str | None,
        tenant: str | None,
        service: str | None = None,
    ) -> Registration | None:
        """Return the registration that these values of a profile stand for; None if the state is not known.

        An error text, or no QR code, where the address should be is a failed registration (domain.md,
        "Registering a printer in PRISMA Home", 8).
        """
        shown = (text or "").strip()
        if state not in set(State):
            return cls(State.FAILED, text=shown) if shown else None
        found = cls(State(state), address=address or None, has_qr=has_qr, text=shown, tenant=tenant, service=service)
        if found.state is not State.AWAITING_CLAIM:
            return replace(found, address=None)
        if not found.address:
            return cls(State.FAILED, text=shown or "there is no registration address where it should be")
        if not found.has_qr:
            return cls(State.FAILED, text=shown or "there is no QR code beside the registration address")
        return found


def plan(
    current: State, *, present: bool, retry_failed: bool = False, register_again: bool = False
) -> RegistrationStep:
    """Return the next step towards registered (``present``) or unregistered.

    While a link waits, or one is being made, [Register] is never pressed again; after a failure only with
    ``retry_failed``; on a registered printer only with ``register_again`` (to move it to another cloud).
    """
    if not present:
        return RegistrationStep.UNREGISTER if current is State.REGISTERED else RegistrationStep.NOTHING
    if current is State.REGISTERED:
        return RegistrationStep.PRESS if register_again else RegistrationStep.NOTHING
    if current in (State.REQUESTED, State.AWAITING_CLAIM):
        return RegistrationStep.COLLECT
    if current is State.FAILED:
        return RegistrationStep.PRESS if retry_failed else RegistrationStep.STOP
    return RegistrationStep.PRESS


def is_under_way(before: Registration, now: Registration) -> bool:
    """Whether the state ``now`` can follow from pressing [Register] in the state ``before``.

    Also where another session pressed it, or has completed the registration meanwhile.
    """
    return now.state is not State.UNREGISTERED and now != before


def what_remains(method: str, host: str | None) -> str:
    """Return what a person has to do for an address that waits, with the host that it leads to."""
    at = f" at {host}" if host else ""
    if method == "hand_over":
        return (
            f"A person has to open the address in the file{at}, sign in there as an administrator, give the printer a "
            "display name and press [Add]. Run again afterwards. Remove the file to have the button pressed again."
        )
    return (
        f"A person has to open the registration address{at} (or scan the QR code) and sign in to PRISMA Home as a "
        "tenant administrator. Run again afterwards."
    )
