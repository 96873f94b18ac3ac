# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module home_device_info: the devices of a PRISMA Home tenant. Changes nothing."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence

from .._decide.home_devices import by_cloud_proxy, serial_key, warnings_of, with_serial
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
    wanted = {canonical_serial(serial) for serial in request.options["serials"] or ()}
    max_age = request.options["list_max_age"]
    if wanted and max_age:
        rows = [row for serial in sorted(wanted) for row in _rows_with(tenant, serial, max_age)]
    else:
        reading = tenant.devices()
        rows = [row for row in reading.rows if not wanted or serial_key(row) in wanted]
        proof = {"pages": reading.pages, "total": reading.total, "rows": len(reading.rows)}
        request.result.values["proof"] = proof
    request.result.warnings += [f"{request.printer}: {line}" for line in warnings_of(rows)]
    request.result.values.update(
        devices=[dict(row) for row in rows], missing=sorted(wanted - set(map(serial_key, rows)))
    )


def _rows_with(tenant: Tenant, serial: str, max_age: float) -> Sequence[Mapping[str, t.Any]]:
    """Return the rows with this serial number from the shared reading of the list, if the printer's own is there.

    Otherwise the tenant is asked: another run may have claimed the printer since the list was read.
    """
    listed = tenant.rows_in_list(serial, max_age)
    if not all(map(by_cloud_proxy, listed)):
        return listed
    return with_serial(tenant.rows_with(serial), serial) or listed
