# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The licences that a tenant's device uses: what is left is read, consent is an option. The decision is pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from .._decide.device_changes import Device, applications_of
from .._decide.licences import LicenceUse, licence_uses, refusal_of
from .._web.errors import LicenceRefused
from .task import Request
from .tenant import LIST_AGE, Tenant


def uses_of(
    tenant: Tenant, found: Device | None, applications: Mapping[str, bool], *, enables: bool = False
) -> tuple[LicenceUse, ...]:
    """Return the licences that enabling the declared ``applications`` uses.

    Where one is used up for good, the subscriptions have just been read; where the next request ``enables``, for any
    that is used: a tenant that uses more devices than its licence allows is blocked from the application as a whole
    (domain.md, "Licences").
    """
    has = applications_of(found) if found is not None else {}
    if all(has.get(name, {}).get("enabled") for name, on in applications.items() if on):
        return ()
    uses = licence_uses(tenant.subscriptions(LIST_AGE), applications, found)
    if any(use.for_good or enables for use in uses):
        uses = licence_uses(tenant.subscriptions(), applications, found)
    return uses


@contextmanager
def licences_in_turn(
    request: Request, tenant: Tenant, found: Device, applications: Mapping[str, bool]
) -> Iterator[None]:
    """Check what is used up right before the block enables it. Of a run one printer at a time does both.

    Otherwise all that read at once that one is left would take it. Waiting does not count against the deadline.
    """
    with ExitStack() as held:
        if any(use.left is not None for use in uses_of(tenant, found, applications)):
            with tenant.session.client.paused_deadline():
                held.enter_context(request.store.lock(f"licences|{tenant.url}|{request.options['tenant']}"))
        check_licences(request, uses_of(tenant, found, applications, enables=True))
        yield


def check_licences(request: Request, uses: tuple[LicenceUse, ...]) -> None:
    """Raise :class:`LicenceRefused` if a licence is lacking, or must not be used up."""
    options = request.options
    consented = {use.application for use in uses} if options["assign_licence"] else options["assign_licences_of"] or ()
    refused = refusal_of(uses, consented=consented)
    if refused is not None:
        raise LicenceRefused(refused.reason, advice=refused.advice)
