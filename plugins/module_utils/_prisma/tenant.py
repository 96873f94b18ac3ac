# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PRISMA Home tenant by the names of the manual: its devices and their applications. Knows no page and no path."""

from __future__ import annotations

import datetime
import time
import typing as t
from collections.abc import Callable, Mapping, Sequence

from .._decide.home_devices import SeveralDevices, by_cloud_proxy, own_row, read_twice, with_serial
from .._decide.licences import Subscriptions
from .._decide.serial_number import canonical_serial
from .._web.errors import BadInput, PrismaError, UnexpectedPage, Unsupported
from .._web.session.reading import Reading
from .._web.session.session import Session
from .._web.session.store import SessionStore
from .cached_list import CachedList
from .cloud_account import open_cloud
from .connection import with_variable
from .task import Request

LIST_AGE = 60.0
"""Seconds for which a reading of a whole list serves all tasks of a run, where a newer one would decide nothing."""

Device = dict[str, t.Any]


class Tenant:
    """One account at one tenant. The first reading signs in and proves that it is the tenant declared."""

    def __init__(self, session: Session, tenant: str, store: SessionStore) -> None:
        self._session = session
        self._tenant = tenant
        self._store = store

    @classmethod
    def of(cls, request: Request) -> Tenant:
        """Return the tenant that the options of ``request`` mean. No request is sent yet."""
        tenant = str(request.options["tenant"])
        if not tenant:
            raise BadInput(f"{with_variable('tenant', 'tenant')} is empty")
        return cls(open_cloud(request, tenant=tenant), tenant, request.store)

    def prove(self) -> None:
        """Raise unless the account in use belongs to the tenant declared (read once per session)."""
        self._session.open()
        if self._session.facts.get("tenant") is None:
            found = self._session.read("whoami").values
            self._session.remember(tenant=found["tenant"], role=found.get("role"))
        tenant = self._session.facts["tenant"]
        if tenant != self._tenant:
            raise PrismaError(
                f"the account belongs to the tenant {tenant!r}, declared is {self._tenant!r}",
                advice="Correct printops_tenant or the account. Nothing was changed.",
            )

    def check_may_change(self) -> None:
        """Raise if the account may only read, as far as the profile reads its role.

        Source: domain.md, "PRISMA Home: people": an Employee reads, an Administrator may change settings.
        """
        self.prove()
        if self._session.facts.get("role") == "employee":
            raise PrismaError(
                f"the account ({self._session.account}) is an Employee of the tenant {self._tenant!r}: it may read, "
                "but not register or change printers",
                advice="Sign in with an account that is Administrator of the tenant, or have this one made one "
                "([Configuration] > [Users] > [List of users]). Nothing was changed.",
            )

    @property
    def session(self) -> Session:
        """The session of the account."""
        return self._session

    @property
    def url(self) -> str:
        """The address of PRISMA Home."""
        return str(self._session.client.base_url)

    @property
    def role(self) -> str | None:
        """The role of the account in the portal, as far as the profile reads it."""
        self.prove()
        role: str | None = self._session.facts.get("role")
        return role

    def require_option(self, option: str, field: str, *writes: str) -> None:
        """Raise unless the profile reads ``field`` of a device and has ``writes``, which ``option`` needs."""
        profile = self._session.profile
        lacking = [f"write.{write}" for write in writes if write not in profile.writes]
        read = profile.reads.get("device") or profile.reads["devices"]
        lacking += [] if field in read.fields else [f"the field {field} of read.{read.name}"]
        if lacking:
            raise Unsupported(
                f"{option} cannot be kept as declared: the profile {profile.id} lacks {' and '.join(lacking)}",
                advice=f"Remove {option} (onboard_{option}), or choose a profile that has it.",
            )

    # --- reading ---

    def devices(self) -> Reading:
        """Read all devices, with the proof that they are all, and each only once. Other tasks may use the reading."""
        began = time.monotonic()
        reading = self._devices()
        self._cached("").put(reading.rows, began)
        return reading

    def _devices(self) -> Reading:
        self.prove()
        reading = self._session.read("devices")
        twice = read_twice(reading.rows)
        if twice is not None:
            raise UnexpectedPage(
                f"the list of devices has the same device more than once, with the serial number {twice!r}",
                advice="The list changed while it was read, or the profile reads a page twice. Run again.",
            )
        return reading

    def device(self, serial: str, *, internal: bool = False) -> Device | None:
        """Return the device with this serial number, the stable key; None if the tenant has none. Always asks.

        ``internal``: only one that is there by the printer's internal connector. Raises where there are several.
        """
        return _own(self._rows_with(serial), serial, internal)

    def only_device(self, serial: str) -> Device | None:
        """Return the device with this serial number. Raises if the list has several, however they communicate."""
        newer_than = time.monotonic() - LIST_AGE
        rows = with_serial(self._cached("").get(newer_than, lambda: self._devices().rows), serial)
        if len(rows) > 1:
            raise PrismaError(
                f"the tenant has {len(rows)} devices with the serial number {serial}",
                advice="Delete the one that is meant in PRISMA Home. Nothing was changed.",
            )
        return self.device(serial)

    def _rows_with(self, serial: str) -> Sequence[Mapping[str, t.Any]]:
        if not self._session.can("read", "device"):
            return self._devices().rows
        self.prove()
        return self._session.read("device", serial=serial).rows

    def device_in_list(self, serial: str, max_age: float, *, internal: bool = False) -> Device | None:
        """Return the device from a reading of the whole list that all tasks of a run share.

        It is at most ``max_age`` seconds old, and younger than what this run has written about this device.
        """
        written = (self._store.load(_written_key(serial)) or {}).get("at", float("-inf"))
        newer_than = max(time.monotonic() - max_age, written)
        return _own(self._cached("").get(newer_than, lambda: self._devices().rows), serial, internal)

    def subscriptions(self, max_age: float = 0) -> Subscriptions:
        """Return the subscriptions of the tenant, none if the profile cannot read them.

        With ``max_age`` from a reading that all tasks of a run share, which is at most so many seconds old.
        """
        if not self._session.can("read", "subscriptions"):
            return Subscriptions()
        newer_than = time.monotonic() - max_age
        return Subscriptions(self._cached("|subscriptions").get(newer_than, self.read_subscriptions))

    def read_subscriptions(self) -> list[dict[str, t.Any]]:
        """Read the subscriptions, each with the days that it has left. Raises before any request if it cannot."""
        if self._session.can("read", "subscriptions"):
            self.prove()
        return [_subscription(row) for row in self._session.read("subscriptions").rows]

    def _cached(self, what: str) -> CachedList:
        return CachedList(self._store, f"{self._session.client.base_url}|{self._tenant}{what}")

    # --- writing ---

    def note_written(self, serial: str) -> None:
        """Note that this run is about to change a device: what was read of it before is out of date."""
        self._store.save(_written_key(serial), {"at": time.monotonic()})

    def claim(self, address: str, *, take_over: bool) -> str | None:
        """Claim a registration address; return the serial number that the tenant names, if it names one."""
        self.check_may_change()
        values, _reading = self._session.write("claim", address=address, take_over=take_over)
        return values.get("serial")

    def hand_over(self, address: str, *, take_over: bool, display_name: str) -> str | None:
        """Complete a hand-over that a controller began; return the serial number that the tenant names, if any."""
        self.check_may_change()
        values, _reading = self._session.write(
            "hand_over", address=address, take_over=take_over, display_name=display_name
        )
        return values.get("serial")

    def set_application(self, device: Device, application: str, enabled: bool) -> None:
        """Enable or disable one application of a device and read it back."""
        self._set(
            device,
            "set_application",
            lambda found: applications_of(found).get(application, {}).get("enabled") is enabled,
            application=application,
            enabled=enabled,
        )

    def set_enabled(self, device: Device, enabled: bool) -> None:
        """Enable or disable a device as a whole and read it back."""
        write = "enable_device" if enabled else "disable_device"
        self._set(device, write, lambda found: found.get("enabled") is enabled)

    def set_location(self, device: Device, location: str) -> None:
        """Set the [Location] of a device and read it back."""
        self._set(device, "set_location", lambda found: (found.get("location") or "") == location, location=location)

    def _set(self, device: Device, write: str, done: Callable[[Device], bool], **inputs: t.Any) -> None:
        """Write to the one device with this serial number and id, and read it back."""
        self.check_may_change()
        serial = str(device["serial"])

        def is_done(reading: Reading) -> bool:
            found = _own(reading.rows, serial, internal=False)
            return found is not None and done(found)

        self._session.write(write, is_done, serial=serial, device_id=device.get("device_id"), **inputs)

    def can_test(self) -> bool:
        """Whether the profile has [Test connection]."""
        return self._session.can("write", "test_device")

    def test(self, serial: str) -> tuple[str, str]:
        """Have the tenant test its connection to a device; return ``passed``, ``failed`` or ``other``, and the text."""
        values, _reading = self._session.write("test_device", serial=serial)
        return str(values["result"]), str(values.get("text") or "")

    def delete(self, serial: str) -> None:
        """Delete the one device with this serial number and read the list back."""
        self.check_may_change()
        self._session.write("delete_device", lambda reading: not with_serial(reading.rows, serial), serial=serial)


def _own(rows: Sequence[Mapping[str, t.Any]], serial: str, internal: bool) -> Device | None:
    """Return the row of a printer, with C(by_cloud_proxy): whether the tenant has it by a Cloud Proxy as well."""
    try:
        own = own_row(rows, serial, internal=internal)
    except SeveralDevices as error:
        raise PrismaError(
            f"{error}, and it cannot be told which is the printer's",
            advice="Delete in PRISMA Home those that are not needed, or correct their serial numbers, and run again.",
        ) from None
    if own is None:
        return None
    return {**own, "by_cloud_proxy": any(map(by_cloud_proxy, with_serial(rows, serial)))}


def _subscription(row: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a row with ``days_left``: null where it does not end, or not on a date that can be read."""
    ends = str(row.get("ends") or "")[:10]
    try:
        days = (datetime.date.fromisoformat(ends) - datetime.datetime.now(datetime.UTC).date()).days
    except ValueError:
        days = None
    return {**row, "days_left": days}


def _written_key(serial: str) -> str:
    return f"written|{canonical_serial(serial)}"


def applications_of(device: Mapping[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    """Return a device's applications by id."""
    return {str(item["id"]): dict(item) for item in device.get("applications") or ()}
