# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A long list that one worker reads for all workers of a run. Knows a store and rows, not their meaning."""

from __future__ import annotations

import json
import time
import typing as t
from collections.abc import Callable, Mapping, Sequence

from .._web.session.store import SessionStore

_PART = 12_000
"""Characters of rows under one key: a slot of the store holds 16 KiB."""

Rows = list[dict[str, t.Any]]


class CachedList:
    """The rows of one list, by the name of interface and account. Times are those of the machine's monotonic clock."""

    def __init__(self, store: SessionStore, name: str) -> None:
        self._store = store
        self._name = f"rows|{name}"

    def get(self, newer_than: float, read: Callable[[], Sequence[Mapping[str, t.Any]]]) -> Rows:
        """Return rows that were read at ``newer_than`` or later; call ``read`` if there are none.

        One worker reads at a time; the others wait, and then use the same rows.
        """
        with self._store.lock(self._name):
            known = self._store.load(self._name)
            if known and known["began"] >= newer_than and (rows := self._load(known["parts"])) is not None:
                return rows
            began = time.monotonic()
            rows = [dict(row) for row in read()]
            self._save(rows, began)
            return rows

    def put(self, rows: Sequence[Mapping[str, t.Any]], began: float) -> None:
        """Keep rows that the caller has read, for the readers after it. ``began`` is when it began to read."""
        with self._store.lock(self._name):
            self._save([dict(row) for row in rows], began)

    def _save(self, rows: Rows, began: float) -> None:
        parts: list[Rows] = [[]]
        room = _PART
        for row in rows:
            size = len(json.dumps(row))
            if size > room:
                parts.append([])
                room = _PART
            parts[-1].append(row)
            room -= size
        kept = all(
            self._store.save(f"{self._name}|{number}", {"began": began, "rows": part})
            for number, part in enumerate(parts)
        )
        self._store.save(self._name, {"began": began if kept else float("-inf"), "parts": len(parts)})

    def _load(self, parts: int) -> Rows | None:
        rows: Rows = []
        for number in range(parts):
            part = self._store.load(f"{self._name}|{number}")
            if part is None:
                return None
            rows += part["rows"]
        return rows
