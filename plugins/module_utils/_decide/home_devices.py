# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a tenant's list of devices: which is a printer's own, and which are not as rows should be. Pure.

Source: domain.md, "PRISMA Home: devices": a device that comes by Cloud Proxy may be virtual, with a device id and
perhaps no serial number; some serial numbers were typed by hand; and a printer may be there twice, by the Cloud Proxy
and by its internal connector.
"""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .connector import CLOUD_PROXY, INTERNAL
from .serial_number import canonical_serial, same_serial
from .text import printable

Row = Mapping[str, t.Any]
CONNECTED, CONNECTING, DISCONNECTED = "connected", "connecting", "disconnected"
"""The status of a device, by the value map of a profile. Any other text becomes C(other)."""
_WORDED = {INTERNAL: "internal connector", CLOUD_PROXY: "Cloud Proxy"}
_OTHERWISE = "communication type unknown"
_NAMED = 5
"""Rows that a warning names."""


class SeveralDevices(ValueError):
    """Exactly one device is needed, and the tenant has several with the same serial number."""


def has_serial(row: Row) -> bool:
    """Whether a row has a serial number."""
    return bool(str(row.get("serial") or "").strip())


def serial_key(row: Row) -> str:
    """Return what a row is looked for by: its serial number as those are compared, empty if it has none."""
    return canonical_serial(row["serial"]) if has_serial(row) else ""


def by_cloud_proxy(row: Row) -> bool:
    """Whether a device is there by a Cloud Proxy, and not by the printer's internal connector."""
    return row.get("communication_type") == CLOUD_PROXY


def with_serial(rows: Iterable[Row], serial: str) -> list[Row]:
    """Return all rows with this serial number."""
    return [row for row in rows if has_serial(row) and same_serial(row["serial"], serial)]


def same_device(rows: Iterable[Row], device: Row) -> Row | None:
    """Return the row of a device that was read before, None if it is gone: by its id, or where it has none as its own.

    A row with its id and another serial number is another device: an id may be given again, or be a place in the list.
    Raises :class:`SeveralDevices`.
    """
    if not device.get("device_id"):
        return own_row(rows, str(device["serial"]))
    own = with_serial(rows, str(device["serial"]))
    return next((row for row in own if row.get("device_id") == device["device_id"]), None)


def own_row(rows: Iterable[Row], serial: str, *, internal: bool = False) -> dict[str, t.Any] | None:
    """Return the row of the printer with this serial number, None if there is none.

    Of several it is the one by the internal connector; ``internal`` takes no other one. Raises
    :class:`SeveralDevices` where that does not decide.
    """
    found = with_serial(rows, serial)
    own = [row for row in found if not by_cloud_proxy(row)]
    internal_rows = [row for row in own if row.get("communication_type") == INTERNAL]
    candidates = internal_rows or own or ([] if internal else found)
    if len(candidates) > 1:
        raise SeveralDevices(
            f"the tenant has {len(candidates)} devices with the serial number {serial}: "
            f"{', '.join(map(named, candidates))}"
        )
    return dict(candidates[0]) if candidates else None


def newly_there(row: Row | None, before: Row | None) -> bool:
    """Whether ``row`` shows a registration that ``before``, of the same printer, did not show: a claim makes it."""
    return row is not None and (before is None or (before["status"] == DISCONNECTED and is_reached(row)))


def is_reached(row: Row) -> bool:
    """Whether the tenant has a connection to the device, or makes one."""
    return row["status"] in (CONNECTED, CONNECTING)


def neither_true_nor_false(row: Row) -> str:
    """Return what a profile reads of a device's applications where it has to read true or false; empty for nothing.

    The texts "0" and "No" would both count as enabled.
    """
    read = (item.get("enabled") for item in row.get("applications") or ())
    wrong = (value for value in read if not isinstance(value, bool))
    return next((f"{value!r} where it must read true or false: applications.enabled" for value in wrong), "")


def read_twice(rows: Sequence[Row]) -> str | None:
    """Return the serial number of a device that stands there twice as one and the same, None if there is none.

    Then the list changed while it was read. Two devices with one serial number differ in their id or in how they
    communicate.
    """
    times = Counter(
        (canonical_serial(row["serial"]), str(row.get("device_id")), str(row.get("communication_type")))
        for row in rows
        if has_serial(row)
    )
    return next((serial for (serial, _id, _type), number in times.items() if number > 1), None)


def warnings_of(rows: Sequence[Row]) -> list[str]:
    """Return what to warn of: devices without a serial number, and serial numbers of several devices."""
    warnings = []
    without = [row for row in rows if not has_serial(row)]
    if without:
        warnings.append(
            f"{_counted(len(without), 'device')} of the tenant without a serial number, which no printer can be "
            f"matched with: {_listed(map(named, without))}"
        )
    times = Counter(canonical_serial(row["serial"]) for row in rows if has_serial(row))
    doubled = [serial for serial, number in times.items() if number > 1]
    if doubled:
        warnings.append(
            f"{_counted(len(doubled), 'serial number')} of several devices of the tenant: "
            + _listed(
                f"{printable(serial, 40)} ({', '.join(map(named, with_serial(rows, serial)))})" for serial in doubled
            )
        )
    return warnings


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = len(listed) - _NAMED
    return "; ".join(listed[:_NAMED]) + (f"; and {more} more" if more > 0 else "")


def named(row: Row) -> str:
    """Return how a person finds a device in the list: its name or host name, its id and how it communicates."""
    name = next((str(row[key]) for key in ("name", "hostname", "model") if row.get(key)), "a device")
    facts = [f"id {row['device_id']}"] if row.get("device_id") else []
    facts += [_WORDED.get(row["communication_type"], _OTHERWISE)] if row.get("communication_type") else []
    return printable(f"{name} ({', '.join(facts)})" if facts else name, 80)


def why_not_deleted(row: Row) -> str | None:
    """Return why the device of ``row`` is not deleted as the printer's own; None if it may be."""
    kind = row.get("communication_type")
    if kind in (None, INTERNAL):  # None: the profile does not read it
        return None
    return f"it cannot be told whether {named(row)} is the printer's own"
