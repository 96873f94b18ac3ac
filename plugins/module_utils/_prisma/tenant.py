# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PRISMA Home tenant by the names of the manual: its devices and their applications. Knows no page and no path."""

from __future__ import annotations

import contextlib
import functools
import time
import typing as t
from collections.abc import Callable, Iterator, Mapping, Sequence

from .._decide.address import fingerprint
from .._decide.device_changes import Change, Device, applications_of
from .._decide.home_devices import (
    by_cloud_proxy,
    read_twice,
    same_device,
    serial_key,
    why_not_deleted,
    with_serial,
)
from .._decide.licences import Subscriptions
from .._decide.serial_number import canonical_serial
from .._web.errors import NotReadBack, PrismaError, UnexpectedPage, Unsupported
from .._web.profile.fill import placeholders_of
from .._web.session.list_pages import ListChanged
from .._web.session.methods import SessionFile
from .._web.session.proof import Proof
from .._web.session.reading import READINGS, Reading
from .._web.session.session import Session
from .._web.session.store import SessionStore
from .cached_list import CachedList
from .cloud_account import open_cloud
from .task import Request
from .tenant_rows import own_device, subscription_row, told_apart

LIST_AGE = 60.0
"""Seconds for which a reading of a whole list serves all tasks of a run, where a newer one would decide nothing."""


class Tenant:
    """One account at one tenant. The first reading signs in and proves that it is the tenant declared."""

    def __init__(self, session: Session, tenant: str, store: SessionStore) -> None:
        self._session = session
        self._tenant = tenant
        self._store = store
        session.proof = Proof("whoami", lambda: self.prove(0.0), frozenset({"tenant", "role"}))

    @classmethod
    def of(cls, request: Request) -> Tenant:
        """Return the tenant that the options of ``request`` mean. No request is sent yet."""
        tenant = str(request.options["tenant"])
        return cls(open_cloud(request, tenant=tenant), tenant, request.store)

    def prove(self, max_age: float | None = None) -> None:
        """Raise unless the account in use belongs to the tenant declared.

        That is read once per session. Where something depends on the session being open still, ``max_age`` says how
        many seconds before this call a task of the run may have begun to read it; 0 shares only what is read at once.
        """
        self._session.open()
        if self._session.facts.get("tenant") is None or max_age is not None:
            self._know_account(max_age)
        tenant = self._session.facts["tenant"]
        if tenant != self._tenant:
            raise PrismaError(
                f"the account belongs to the tenant {tenant!r}, declared is {self._tenant!r}",
                advice="Correct printops_tenant or the account.",
            )

    def _know_account(self, max_age: float | None) -> None:
        """Read whose account is in use, unless another task has; one at a time, and the others wait for it.

        The wait counts against their deadlines, so that they fail together while the tenant does not answer.
        """
        key = f"account|{self._session.key}"
        asked = time.monotonic()
        with self._store.lock(key):
            known = self._store.load(key)
            oldest = max(self._session.state.signed_in_at, asked - max_age if max_age is not None else 0.0)
            if known is None or known["read_at"] < oldest:
                began = time.monotonic()
                found = self._session.read("whoami").values
                known = {"tenant": found["tenant"], "role": found.get("role"), "read_at": began}
                self._store.save(key, known)
        facts = {name: known[name] for name in ("tenant", "role")}
        if {name: self._session.facts.get(name) for name in facts} != facts:
            self._session.remember(**facts)

    def check_may_change(self, *, now: bool = False) -> None:
        """Raise if the account may only read, as far as the profile reads its role.

        Source: domain.md, "PRISMA Home: people": an Employee reads, an Administrator may change settings.
        ``now``: right around a change. The browser that a session is from may have gone to another tenant since.
        """
        self.prove(0.0 if now and self._session.method == SessionFile.name else None)
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
        reads = [read for name, read in profile.reads.items() if name in ("devices", "device")]
        lacking += [f"the field {field} of read.{read.name}" for read in reads if field not in read.fields]
        if lacking:
            raise Unsupported(
                f"{option} cannot be kept as declared: the profile {profile.id} lacks {' and '.join(lacking)}",
                advice=f"Remove onboard_{option} ({option}), or add to the profile what it lacks.",
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
        for _reading in range(READINGS):
            reading = self._session.read("devices")
            twice = read_twice(reading.rows)
            if twice is None:
                break
        self._store.save(self._pages_key, {"pages": reading.pages})
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
        return own_device(self.rows_with(serial), serial, internal)

    def device_to_delete(self, serial: str) -> tuple[Device | None, list[Device]]:
        """Return the device by the printer's internal connector, and those with its serial number by Cloud Proxy.

        The latter are other devices and stay. Raises if it cannot be told which one is the printer's own.
        """
        found = self.device(serial, internal=True)
        why_not = None if found is None else why_not_deleted(found)
        if why_not:
            raise PrismaError(
                f"nothing was deleted: {why_not}",
                advice="Delete it in PRISMA Home, or add its communication type to the profile and run again.",
            )
        return found, [dict(row) for row in self.rows_in_list(serial, LIST_AGE) if by_cloud_proxy(row)]

    def rows_with(self, serial: str) -> Sequence[Mapping[str, t.Any]]:
        """Return the rows among which those with this serial number are. Always asks."""
        if not self._session.can("read", "device"):
            return self._devices().rows
        self.prove()
        return self._session.read("device", serial=serial).rows

    def device_in_list(self, serial: str, max_age: float, *, internal: bool = False) -> Device | None:
        """Return the device from a reading of the whole list that all tasks of a run share."""
        return own_device(self.rows_in_list(serial, max_age), serial, internal)

    def rows_in_list(self, serial: str, max_age: float) -> Sequence[Mapping[str, t.Any]]:
        """Return the rows with this serial number, from a reading of the whole list that all tasks of a run share.

        It is at most ``max_age`` seconds old, and younger than what this run has written about this device.
        """
        newer_than = max(time.monotonic() - max_age, self._written(serial))
        if self._session.can("read", "devices"):
            try:
                return self._cached("").having(canonical_serial(serial), newer_than, lambda: self._devices().rows)
            except ListChanged:  # with each printer that is claimed meanwhile
                if not self._session.can("read", "device"):
                    raise
        return with_serial(self.rows_with(serial), serial)

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
        return [subscription_row(row) for row in self._session.read("subscriptions").rows]

    def awaited_device(self, serial: str, max_age: float) -> Device | None:
        """Return the device that this run has claimed, None if the tenant does not show it yet.

        A device begins to connect when it is claimed, so a look at it in the next ``max_age`` seconds would be in vain.
        Where the whole list is one page, one reading every ``max_age`` seconds serves all printers that wait. A list
        that changes while it is read, as other printers are claimed, shows nothing yet.
        """
        written, due = self._written(serial), time.monotonic() - max_age
        one_page = (self._store.load(self._pages_key) or {}).get("pages") == 1
        if written > (max(due, self._cached("").began()) if one_page else due):
            return None
        with contextlib.suppress(ListChanged):
            if one_page:
                return self.device_in_list(serial, max_age, internal=True)
            return self.device(serial, internal=True)
        return None

    @property
    def _pages_key(self) -> str:
        return f"pages|{self._list}"

    @property
    def _list(self) -> str:
        """The name of this tenant's list in the memory of a run; another profile may read other fields and pages."""
        return f"{self._session.client.base_url}|{self._session.profile.id}|{self._tenant}"

    def known_applications(self, max_age: float) -> Iterator[set[str]]:
        """Yield the ids of the tenant's applications, from one reading after the other, each at most ``max_age`` old.

        What the tenant lists, what it has subscribed to, what its devices have; nothing at all if the first of these
        cannot be read.
        """
        if not self._session.can("read", "applications"):
            return
        newer_than = time.monotonic() - max_age
        try:
            rows = self._cached("|applications").get(newer_than, lambda: self._session.read("applications").rows)
        except UnexpectedPage:  # of a list that only this check needs
            return
        yield {str(row["id"]) for row in rows}
        yield {str(row["application"]) for row in self.subscriptions(max_age).rows}
        if not self._session.can("read", "devices"):
            return
        devices = self._cached("").get(newer_than, lambda: self._devices().rows)
        yield {name for device in devices for name in applications_of(device)}

    def _cached(self, what: str) -> CachedList:
        return CachedList(self._store, f"{self._list}{what}", None if what else serial_key)

    # --- writing ---

    def note_written(self, serial: str, *, claimed: str | None = None) -> None:
        """Note that this run is about to change a device: what was read of it before is out of date.

        ``claimed``: the address by which it has claimed it.
        """
        key = _written_key(serial)
        by = fingerprint(claimed) if claimed is not None else (self._store.load(key) or {}).get("claimed")
        self._store.save(key, {"at": time.monotonic(), "claimed": by})

    def has_claimed(self, serial: str, address: str) -> bool:
        """Whether a task of this run has claimed a printer by this address."""
        return (self._store.load(_written_key(serial)) or {}).get("claimed") == fingerprint(address)

    def _written(self, serial: str) -> float:
        at: float = (self._store.load(_written_key(serial)) or {}).get("at", float("-inf"))
        return at

    def claim(self, address: str, *, take_over: bool) -> str | None:
        """Claim a registration address; return the serial number that the tenant names, if it names one."""
        self.check_may_change(now=True)
        values, _reading = self._session.write("claim", address=address, take_over=take_over)
        return values.get("serial")

    def handed_over(self, address: str) -> str | None:
        """Return the serial number on the page that a hand-over leads to; None where the profile cannot read it."""
        if not self._session.can("read", "hand_over"):
            return None
        self.prove()
        return str(self._session.read("hand_over", address=address).values["serial"])

    def hand_over(self, address: str, *, take_over: bool, display_name: str) -> str | None:
        """Complete a hand-over that a controller began; return the serial number that the tenant names, if any."""
        self.check_may_change(now=True)
        values, _reading = self._session.write(
            "hand_over", address=address, take_over=take_over, display_name=display_name
        )
        return values.get("serial")

    def change(self, device: Device, changes: Sequence[Change]) -> Device:
        """Carry out ``changes`` of a device in order, and prove them all by one reading after the last one.

        Returns the device as it is then.
        """
        self.check_may_change(now=True)
        for each in changes:
            self._write(device, each.write, functools.partial(_shows, each), **each.inputs)
        serial = str(device["serial"])
        # A search by the serial number may find a printer only by its internal connector.
        again = self._same(self.rows_with(serial), device) or self._same(self._devices().rows, device)
        if again is None:
            raise NotReadBack(f"the printer {serial} was in the tenant's list and no longer is")
        for each in changes:
            if not each.done(again):
                raise NotReadBack(
                    f"{each.write} was answered, but the tenant does not show it for the printer {serial}",
                    advice="Check the device in PRISMA Home and run again: it may need more time.",
                )
        return again

    def _write(
        self, device: Device, write: str, done: Callable[[Device | None], bool], *, at_end: bool = True, **inputs: t.Any
    ) -> dict[str, t.Any]:
        """Write to one device; ``done`` says of it (None: it is gone) whether that shows.

        ``at_end``: the caller reads it back, so that here it is only looked up where the answer was lost.
        """
        addressed = self._addressed(device, write)
        self._session.verify_at_end = at_end
        try:
            given, _reading = self._session.write(
                write, lambda reading: done(self._same(reading.rows, device)), **addressed, **inputs
            )
        finally:
            self._session.verify_at_end = False
        return given

    def _addressed(self, device: Device, write: str) -> dict[str, t.Any]:
        """Return the inputs by which a write finds its device. Raises if they would find another one as well."""
        serial, device_id = str(device["serial"]), device.get("device_id")
        if self._session.can("write", write):
            by_id = "device_id" in placeholders_of(self._session.profile.writes[write].steps)
            if by_id and not device_id:
                raise PrismaError(
                    f"the tenant shows no id for the device {serial}, which the profile needs for write.{write}",
                    advice="Check the device in PRISMA Home, or use a profile that addresses it by its serial number.",
                )
            if not by_id and device["by_cloud_proxy"] and not by_cloud_proxy(device):
                raise PrismaError(
                    f"the tenant has several devices with the serial number {serial}, and write.{write} of the profile "
                    f"{self._session.profile.id} addresses a device by its serial number alone",
                    advice="Have the profile address the device by ${device_id}, or delete in PRISMA Home the one that "
                    "is not needed, and run again.",
                )
        return {"serial": serial, "device_id": device_id}

    def _same(self, rows: Sequence[Mapping[str, t.Any]], device: Device) -> Device | None:
        """Return the row of ``device``, with C(by_cloud_proxy) as :func:`own_device`; None if it is gone."""
        with told_apart():
            found = same_device(rows, device)
        if found is None:
            return None
        beside = any(map(by_cloud_proxy, with_serial(rows, str(device["serial"]))))
        return {**found, "by_cloud_proxy": device["by_cloud_proxy"] or beside}

    def can_test(self) -> bool:
        """Whether the profile has [Test connection]."""
        return self._session.can("write", "test_device")

    def test(self, device: Device) -> tuple[str, str]:
        """Have the tenant test its connection to a device; return ``passed``, ``failed`` or ``other``, and the text."""
        values = self._write(device, "test_device", lambda found: True)
        return str(values["result"]), str(values.get("text") or "")

    def delete(self, device: Device) -> None:
        """Delete one device and read the list back. Another one with the same serial number stays."""
        self.check_may_change(now=True)
        self._write(device, "delete_device", lambda found: found is None, at_end=False)


def _shows(change: Change, found: Device | None) -> bool:
    return found is not None and change.done(found)


def _written_key(serial: str) -> str:
    return f"written|{canonical_serial(serial)}"
