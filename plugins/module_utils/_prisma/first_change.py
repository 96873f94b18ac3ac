# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first change of each kind in a run must leave the other devices of a tenant alone. Knows no page.

Each change is read back at its own device, and a profile may act on a neighbour besides, or instead.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from .._decide.device_changes import Device, applications_of
from .._decide.home_devices import CONNECTED, named, serial_key
from .._decide.text import first_of
from .._web.errors import NotReadBack, NotTried, UnexpectedPage
from .._web.session.session import Session
from .._web.session.store import FOR_RUN, SessionStore

_FIELDS = {
    "set_location": "location",
    "enable_device": "enabled",
    "disable_device": "enabled",
    "set_application": "applications",
}
"""What a write changes of a device. Until one of a field is proven, the run makes no other of that field meanwhile."""
_ADVICE = (
    "Check these devices in PRISMA Home, and correct what is wrong there. If nobody else has changed them meanwhile, "
    "the profile acts on other devices than it is given: correct it before the next run."
)


@contextmanager
def others_unchanged(store: SessionStore, session: Session, tenant: str, own: Device, write: str) -> Iterator[None]:
    """Carry out ``write`` inside. Raise :class:`NotReadBack` if it is the first of its kind and other devices changed.

    Later ones of its kind are then refused. A task that has its memory for itself, as an ordinary module has, proves
    nothing: it cannot know what the others change.
    """
    field = _FIELDS.get(write)
    key = f"first_change|{tenant}|{field}"
    if field is None or not store.outlives_task or not session.can("read", "devices") or _is_proven(store, key):
        yield
        return
    with ExitStack() as held:
        with session.client.paused_deadline():
            held.enter_context(store.lock(key))
        if _is_proven(store, key):  # meanwhile
            held.close()
            yield
            return
        before = _others(session, own, field)
        yield
        after = None if before is None else _others(session, own, field)
        if before is None or after is None:
            return
        changed = [name for one, (name, value) in before.items() if one in after and _differs(value, after[one][1])]
        store.save(key, {"changed": changed[:50], FOR_RUN: True})
        if changed:
            raise NotReadBack(f"{write} was sent, and {_changed(field, changed)}", advice=_ADVICE)


def _is_proven(store: SessionStore, key: str) -> bool:
    """Return whether a task of the run has proven a change of this kind. Raises if one has changed other devices."""
    known = store.load(key)
    if known is not None and known["changed"]:
        field = key.rpartition("|")[2]
        raise NotTried(f"an earlier task of this run went wrong: {_changed(field, known['changed'])}", advice=_ADVICE)
    return known is not None


def _changed(field: str, names: list[str]) -> str:
    return f"{field} of devices that it does not name changed: {first_of(names)}"


def _others(session: Session, own: Device, field: str) -> dict[t.Any, tuple[str, dict[str, t.Any]]] | None:
    """Return the name and the field of each other device that is connected, by serial number and how it communicates.

    None for a list that cannot be read whole, as while it grows: the next change is then the first one.
    """

    def key(row: Mapping[str, t.Any]) -> t.Any:
        return serial_key(row) or str(row.get("device_id")), row.get("communication_type")

    try:
        rows = session.read("devices").rows
    except UnexpectedPage:
        return None
    settled = (row for row in rows if row["status"] == CONNECTED)  # one that connects gets its settings by itself
    return {key(row): (_named(row), _value(row, field)) for row in settled if key(row) != key(own)}


def _named(row: Mapping[str, t.Any]) -> str:
    return f"{serial_key(row)} {named(row)}".strip()


def _value(row: Mapping[str, t.Any], field: str) -> dict[str, t.Any]:
    if field == "applications":
        return {name: item.get("enabled") for name, item in applications_of(row).items()}
    return {field: row.get(field) or None}


def _differs(one: Mapping[str, t.Any], other: Mapping[str, t.Any]) -> bool:
    """Whether something has changed that was there before and is there after; what is new, the cloud has added."""
    return any(one[name] != other[name] for name in one.keys() & other.keys())
