# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Claims a printer for a PRISMA Home tenant, and waits until the tenant shows it. Knows nothing of its settings."""

from __future__ import annotations

import typing as t
from contextlib import ExitStack

from .._decide.device_changes import Device
from .._decide.home_devices import CONNECTED, CONNECTING, DISCONNECTED, is_reached, named, newly_there
from .._decide.serial_number import canonical_serial
from .._web.errors import NotReadBack, PrismaError, TimedOut, UnexpectedPage
from .read_back import write_or_read_back
from .registration_address import (
    LEFT_OVER,
    check_whose,
    discard_address,
    is_refusal,
    is_unknown,
    refused_although_listed,
)
from .task import Request
from .tenant import Tenant
from .waiting import poll


def claim(request: Request, tenant: Tenant, serial: str, address: str, listed: Device | None) -> Device | None:
    """Claim the printer; return it if another session has claimed it meanwhile, None after a claim of this task.

    ``listed``: its row, if the tenant has one that may be left from an earlier registration.

    One task of a run at a time, as a printer may have two names in the inventory: its address is opened once.
    """
    with ExitStack() as held:
        with tenant.session.client.paused_deadline():
            held.enter_context(request.store.lock(f"claim|{canonical_serial(serial)}"))
        if tenant.has_claimed(serial, address):
            seen = tenant.device(serial, internal=True)
            if seen is not None and is_reached(seen):
                return seen
        tenant.note_written(serial)
        found = _claim(request, tenant, serial, address, listed)
        if found is None:
            tenant.note_written(serial, claimed=address)
        return found


def _claim(request: Request, tenant: Tenant, serial: str, address: str, listed: Device | None) -> Device | None:
    def claimed() -> Device | None:
        seen = tenant.device(serial, internal=True)
        return seen if newly_there(seen, listed) else None

    try:
        written = write_or_read_back(
            request,
            lambda: _send_claim(request, tenant, serial, address),
            claimed,
            before=None,
            done=lambda seen: seen is not None,
        )
    except PrismaError as error:
        unknown = is_unknown(error)  # or used up
        if unknown and listed is not None:
            seen = tenant.device(serial, internal=True)
            if seen is not None and is_reached(seen):
                return seen  # another session has used it up, or an earlier claim whose answer was lost
        if unknown:
            error.advice = discard_address(request, serial, address)
        if listed is not None and is_refusal(error):
            what_next = error.advice if unknown else "Its registration address is kept."
            raise refused_although_listed(
                error, "the tenant", serial, f" ({listed['status']})", f"{what_next} Look at {named(listed)}."
            ) from error
        raise
    if not written.own:
        return written.state
    request.result.values["claimed"] = True
    answered: str | None = written.returned
    check_whose(serial, answered, "The tenant now has that printer. Check which printer the address came from.")
    return None


def claim_write(request: Request) -> t.Literal["claim", "hand_over"]:
    """Return by which operation of the profile the printer is claimed."""
    return "hand_over" if request.options["registration_method"] == "hand_over" else "claim"


def _send_claim(request: Request, tenant: Tenant, serial: str, address: str) -> str | None:
    """Send the claim; return the serial number that the tenant names, if any.

    The page that a hand-over leads to shows whose it is before anything is added (domain.md, "PRISMAsync").
    """
    options = request.options
    if claim_write(request) == "hand_over":
        nothing = "Nothing was changed. Check which printer the address came from."
        check_whose(serial, tenant.handed_over(address), nothing)
        name = str(options["display_name"]).strip()
        return tenant.hand_over(address, take_over=options["take_over"], display_name=name)
    return tenant.claim(address, take_over=options["take_over"])


def wait_until_connected(request: Request, tenant: Tenant, serial: str) -> Device | None:
    """Wait until the tenant shows the printer connected: a claim that is not read back is no registration."""
    options = request.options
    found = poll(
        lambda: tenant.awaited_device(serial, min(options["wait_sleep"], options["wait_timeout"])),
        lambda seen: seen is not None and seen["status"] == CONNECTED,
        timeout=options["wait_timeout"],
        sleep=options["wait_sleep"],
        started_at=request.wait_started_at,
    )
    if found is None:
        raise NotReadBack(
            f"the claim was accepted, but the tenant does not show the printer {serial} "
            f"after {options['wait_timeout']:g} s",
            advice="Check the printer in PRISMA Home and run again. How long connecting takes is not documented.",
        )
    if found["status"] == DISCONNECTED:
        raise NotReadBack(
            f"the tenant has the printer {serial}, but still shows it disconnected after {options['wait_timeout']:g} s",
            advice=f"If the printer shows that it is registered, check its ORS. {LEFT_OVER}",
        )
    if found["status"] == CONNECTING:
        raise TimedOut(
            f"the tenant has the printer {serial}, but still shows it connecting after {options['wait_timeout']:g} s"
        )
    if found["status"] != CONNECTED:
        raise UnexpectedPage(
            f"the tenant has the printer {serial}, with a status that the profile {request.profile.id} does not know",
            advice="Look at its status in PRISMA Home. Add the text to the values of the field status in the profile "
            "(read.devices and read.device), and run again.",
        )
    return found
