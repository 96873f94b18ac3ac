# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module home_device_info: the devices of a PRISMA Home tenant. Changes nothing."""

from __future__ import annotations

from .._decide.home_devices import serial_key, warnings_of
from .._decide.serial_number import canonical_serial
from .session_check import check_session_time, note_session
from .task import Request
from .tenant import Tenant

ACCOUNT_AGE = 10.0
"""Seconds for which a reading of the account shows all printers that its session is open, if the run can renew it."""


def run(request: Request) -> None:
    """Read the devices of the tenant, all or those with the serial numbers given, or only check the sign-in."""
    tenant = Tenant.of(request)
    note_session(request, tenant.session)
    if request.options["fleet_size"]:
        tenant.prove(ACCOUNT_AGE if tenant.session.renews else 0.0)
        tenant.check_may_change()
    request.result.values["role"] = tenant.role
    check_session_time(request, tenant.session)
    if request.options["sign_in_only"]:
        return
    reading = tenant.devices()
    wanted = {canonical_serial(serial) for serial in request.options["serials"] or ()}
    rows = [dict(row) for row in reading.rows if not wanted or serial_key(row) in wanted]
    request.result.warnings += [f"{request.printer}: {line}" for line in warnings_of(reading.rows)]
    request.result.values.update(
        devices=rows,
        missing=sorted(wanted - set(map(serial_key, rows))),
        proof={"pages": reading.pages, "total": reading.total, "rows": len(reading.rows)},
    )
