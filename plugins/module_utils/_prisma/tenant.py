# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PRISMA Home tenant by the names of the manual: its devices and their applications. Knows no page and no path."""

from __future__ import annotations

import time
import typing as t
from collections.abc import Mapping

from .._web.errors import BadInput, PrismaError
from .._web.session.reading import Reading
from .._web.session.session import Session
from .._web.session.store import SessionStore
from .cached_list import CachedList
from .connection import open_session, tenant_url, with_variable
from .serials import canonical_serial, check_each_serial_once, find_by_serial
from .task import Request


class Tenant:
    """One account at one tenant. The first reading signs in and proves that it is the tenant declared."""

    def __init__(self, session: Session, tenant: str, store: SessionStore) -> None:
        self._session = session
        self._tenant = tenant
        self._store = store

    @classmethod
    def of(cls, request: Request) -> Tenant:
        """Return the tenant that the options of ``request`` mean. No request is sent yet."""
        options = request.options
        for name in ("tenant", "client_id", "client_secret"):
            if not str(options[name]):
                raise BadInput(f"{with_variable('tenant', name)} is empty")
        account, secret = str(options["client_id"]), str(options["client_secret"])
        session = open_session(
            request,
            tenant_url(options),
            account=account,
            secret=secret,
            variables={"tenant": str(options["tenant"]), "client_id": account, "client_secret": secret},
        )
        return cls(session, str(options["tenant"]), request.store)

    def prove(self) -> None:
        """Raise unless the account in use belongs to the tenant declared (read once per session)."""
        self._session.open()
        if self._session.facts.get("tenant") is None:
            self._session.remember(tenant=self._session.read("whoami").values["tenant"])
        found = self._session.facts["tenant"]
        if found != self._tenant:
            raise PrismaError(
                f"the account belongs to the tenant {found!r}, declared is {self._tenant!r}",
                advice="Correct the tenant or its credentials. Nothing was changed.",
            )

    @property
    def url(self) -> str:
        """The address of PRISMA Home."""
        return str(self._session.client.base_url)

    def devices(self) -> Reading:
        """Read all devices, with the proof that they are all, and each only once."""
        self.prove()
        reading = self._session.read("devices")
        check_each_serial_once(reading.rows, "devices")
        return reading

    def device(self, serial: str) -> dict[str, t.Any] | None:
        """Return the device with this serial number, the stable key; None if the tenant has none. Always asks."""
        if not self._session.can("read", "device"):
            return find_by_serial(self.devices().rows, serial)
        self.prove()
        return find_by_serial(self._session.read("device", serial=serial).rows, serial)

    def device_in_list(self, serial: str, max_age: float) -> dict[str, t.Any] | None:
        """Return the device from a reading of the whole list that all tasks of a run share.

        It is at most ``max_age`` seconds old, and younger than what this run has written about this device.
        """
        written = (self._store.load(_written_key(serial)) or {}).get("at", float("-inf"))
        newer_than = max(time.monotonic() - max_age, written)
        cached = CachedList(self._store, f"{self._session.client.base_url}|{self._tenant}")
        return find_by_serial(cached.get(newer_than, lambda: self.devices().rows), serial)

    def note_written(self, serial: str) -> None:
        """Note that this run is about to change a device: what was read of it before is out of date."""
        self._store.save(_written_key(serial), {"at": time.monotonic()})

    def claim(self, address: str, *, take_over: bool) -> str | None:
        """Claim a registration address; return the serial number that the tenant names, if it names one."""
        self.prove()
        values, _reading = self._session.write("claim", address=address, take_over=take_over)
        return values.get("serial")

    def hand_over(self, address: str, *, take_over: bool, display_name: str) -> str | None:
        """Complete a hand-over that a controller began; return the serial number that the tenant names, if any."""
        self.prove()
        values, _reading = self._session.write(
            "hand_over", address=address, take_over=take_over, display_name=display_name
        )
        return values.get("serial")

    def set_application(self, serial: str, application: str, enabled: bool) -> None:
        """Enable or disable one application of a device and read it back."""

        def done(reading: Reading) -> bool:
            found = find_by_serial(reading.rows, serial)
            return found is not None and applications_of(found).get(application, {}).get("enabled") is enabled

        self._session.write("set_application", done, serial=serial, application=application, enabled=enabled)

    def can_test(self) -> bool:
        """Whether the profile has [Test connection]."""
        return self._session.can("write", "test_device")

    def test(self, serial: str) -> tuple[str, str]:
        """Have the tenant test its connection to a device; return ``passed``, ``failed`` or ``other``, and the text."""
        values, _reading = self._session.write("test_device", serial=serial)
        return str(values["result"]), str(values.get("text") or "")

    def delete(self, serial: str) -> None:
        """Delete a device and read the list back."""
        self._session.write(
            "delete_device", lambda reading: find_by_serial(reading.rows, serial) is None, serial=serial
        )


def _written_key(serial: str) -> str:
    return f"written|{canonical_serial(serial)}"


def applications_of(device: Mapping[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    """Return a device's applications by id."""
    return {str(item["id"]): dict(item) for item in device.get("applications") or ()}
