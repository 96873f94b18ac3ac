# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A long list that one worker reads for all workers of a run. Knows a store and rows, not their meaning."""

from __future__ import annotations

import json
import time
import typing as t
from collections.abc import Callable, Mapping, Sequence
from zlib import crc32

from .._web.session.store import SessionStore

_SLOT = 12_000
"""Characters of rows under one key of the store, which holds 16 KiB."""

Rows = list[dict[str, t.Any]]
ReadRows = Callable[[], Sequence[Mapping[str, t.Any]]]


class CachedList:
    """The rows of one list, by the name of interface and account. Times are those of the machine's monotonic clock.

    ``key`` says what a row is looked for by: with it, :meth:`having` loads a part of the rows instead of all.
    """

    def __init__(self, store: SessionStore, name: str, key: Callable[[Mapping[str, t.Any]], str] | None = None) -> None:
        self._store = store
        self._name = f"rows|{name}"
        self._key = key

    def get(self, newer_than: float, read: ReadRows) -> Rows:
        """Return rows that were read at ``newer_than`` or later; call ``read`` if there are none.

        One worker reads at a time; the others wait, and then use the same rows.
        """
        with self._store.lock(self._name):
            known = self._known(newer_than)
            if known and (rows := self._load(known, range(known["parts"]))) is not None:
                return rows
            return self._read(read)

    def having(self, value: str, newer_than: float, read: ReadRows) -> Rows:
        """Return those of the rows whose key is ``value``, as :meth:`get` does."""
        key = self._key
        if key is None:
            raise AssertionError("the list has no key")
        with self._store.lock(self._name):
            known = self._known(newer_than)
            rows = self._load(known, [_part_of(value, known["parts"])]) if known else None
            if rows is None:
                rows = self._read(read)
        return [row for row in rows if key(row) == value]

    def _known(self, newer_than: float) -> dict[str, t.Any] | None:
        known = self._store.load(self._name)
        return known if known and known["began"] >= newer_than else None

    def _read(self, read: ReadRows) -> Rows:
        began = time.monotonic()
        rows = [dict(row) for row in read()]
        self._save(rows, began)
        return rows

    def began(self) -> float:
        """Return when the rows that are known began to be read, long ago if none are."""
        at: float = (self._store.load(self._name) or {}).get("began", float("-inf"))
        return at

    def put(self, rows: Sequence[Mapping[str, t.Any]], began: float) -> None:
        """Keep rows that the caller has read, for the readers after it. ``began`` is when it began to read."""
        with self._store.lock(self._name):
            self._save([dict(row) for row in rows], began)

    def _save(self, rows: Rows, began: float) -> None:
        parts = self._split(rows)
        kept = all(self._save_part(number, part, began) for number, part in enumerate(parts))
        self._store.save(self._name, {"began": began if kept else float("-inf"), "parts": len(parts)})

    def _split(self, rows: Rows) -> list[Rows]:
        if self._key is None:
            return [rows]
        number = 1 + 2 * len(json.dumps(rows)) // _SLOT  # half full, as some have more than others
        parts: list[Rows] = [[] for _part in range(number)]
        for row in rows:
            parts[_part_of(self._key(row), number)].append(row)
        return parts

    def _save_part(self, number: int, rows: Rows, began: float) -> bool:
        """Keep the rows of one part under as many keys as they need: all those without a serial number are in one."""
        slots = _filled(rows)
        return all(
            self._store.save(self._slot(number, slot), {"began": began, "rows": filled, "slots": len(slots)})
            for slot, filled in enumerate(slots)
        )

    def _load(self, known: Mapping[str, t.Any], parts: t.Iterable[int]) -> Rows | None:
        """Return the rows of ``parts``; None where one is not of the same reading as the header ``known``."""
        rows: Rows = []
        for number in parts:
            slot, slots = 0, 1
            while slot < slots:
                found = self._store.load(self._slot(number, slot))
                if found is None or found["began"] != known["began"]:
                    return None
                rows += found["rows"]
                slot, slots = slot + 1, found["slots"]
        return rows

    def _slot(self, part: int, slot: int) -> str:
        return f"{self._name}|{part}|{slot}"


def _filled(rows: Rows) -> list[Rows]:
    """Return the rows in order, divided by how many fit into a slot of the store."""
    slots: list[Rows] = [[]]
    room = _SLOT
    for row in rows:
        size = len(json.dumps(row)) + len(", ")
        if size > room:
            slots.append([])
            room = _SLOT
        slots[-1].append(row)
        room -= size
    return slots


def _part_of(value: str, parts: int) -> int:
    """Return in which of the parts the rows with this key are: the same in every process."""
    return crc32(value.encode("utf-8", "surrogatepass")) % parts
