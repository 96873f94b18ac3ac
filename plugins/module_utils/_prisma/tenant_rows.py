# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a PRISMA Home tenant: which of its devices is a printer, and what a subscription says. Sends nothing."""

from __future__ import annotations

import contextlib
import datetime
import typing as t
from collections.abc import Iterator, Mapping, Sequence

from .._decide.device_changes import Device
from .._decide.home_devices import SeveralDevices, by_cloud_proxy, neither_true_nor_false, own_row, with_serial
from .._web.errors import PrismaError, UnexpectedPage

_AS_TRUE_OR_FALSE = "Correct read.devices and read.device of the profile, as in: (EXPRESSION) == 'Yes'."


def own_device(rows: Sequence[Mapping[str, t.Any]], serial: str, internal: bool) -> Device | None:
    """Return the row of a printer, with C(by_cloud_proxy): whether the tenant has it by a Cloud Proxy as well."""
    with told_apart():
        own = own_row(rows, serial, internal=internal)
    if own is None:
        return None
    unclear = neither_true_nor_false(own)
    if unclear:
        raise UnexpectedPage(f"of the device {serial} the profile reads {unclear}", advice=_AS_TRUE_OR_FALSE)
    return {**own, "by_cloud_proxy": any(map(by_cloud_proxy, with_serial(rows, serial)))}


@contextlib.contextmanager
def told_apart() -> Iterator[None]:
    """Raise :class:`PrismaError` where several devices have the serial number of a printer."""
    try:
        yield
    except SeveralDevices as error:
        raise PrismaError(
            f"{error}, and it cannot be told which is the printer's",
            advice="Delete in PRISMA Home those that are not needed, or correct their serial numbers, and run again.",
        ) from None


def subscription_row(row: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a row with ``days_left``: null where it does not end, or not on a date that can be read."""
    ends = str(row.get("ends") or "")[:10]
    try:
        days = (datetime.date.fromisoformat(ends) - datetime.datetime.now(datetime.UTC).date()).days
    except ValueError:
        days = None
    return {**row, "days_left": days}
