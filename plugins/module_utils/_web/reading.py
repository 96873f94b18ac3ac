# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a read of a profile gives: fields, or rows over pages with the proof that all were read. Knows no session."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from .profile import Read
from .walk import Walk

MAX_PAGES = 10_000


@dataclass(frozen=True)
class Reading:
    """What a read gave: ``values`` of one, or ``rows`` of many; ``raw`` the texts behind value maps; and the proof."""

    values: Mapping[str, t.Any] = field(default_factory=dict)
    raw: Mapping[str, t.Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, t.Any], ...] = ()
    pages: int = 1
    total: int | None = None


def take_reading(walk: Walk, operation: Read) -> Reading:
    """Pick what ``operation`` reads from the page where ``walk`` stands, and the pages that follow."""
    if operation.rows is not None:
        return _rows(walk, operation)
    if walk.page is None:
        raise AssertionError("a read begins on a page")
    raw: dict[str, t.Any] = {}
    values = {name: walk.pick(name, pick, walk.page.data, raw) for name, pick in operation.fields.items()}
    return Reading(values, raw)


def _rows(walk: Walk, operation: Read) -> Reading:
    """Read all pages; raise where there is no proof that all rows were read (design.md, "Profiles")."""
    if operation.rows is None or walk.page is None:
        raise AssertionError("a read of rows begins on a page")
    rows: list[Mapping[str, t.Any]] = []
    seen: set[str] = set()
    total: int | None = None
    pages = 0
    while True:
        page = walk.page
        pages += 1
        found = operation.rows.search(page.data)
        if not isinstance(found, list):
            raise walk.unexpected("there is no list of rows", operation.rows)
        rows.extend({name: walk.pick(name, pick, row) for name, pick in operation.fields.items()} for row in found)
        if operation.total is not None:
            counted = walk.pick("total", operation.total, page.data)
            if type(counted) is not int or (total is not None and counted != total):
                raise walk.unexpected(f"the total is {counted!r} on page {pages} and was {total!r}", None)
            total = counted
        onward = operation.next_page.search(page.data) if operation.next_page is not None else None
        if not onward:
            break
        if str(onward) in seen or pages >= MAX_PAGES:
            raise walk.unexpected(f"page {pages} leads back to a page that was read before", operation.next_page)
        seen.add(str(onward))
        walk.turn(operation, str(onward))
    if total is not None and total != len(rows):
        raise walk.unexpected(f"{len(rows)} rows were read over {pages} pages, but the total is {total}", None)
    if operation.last_page is not None and not operation.last_page.holds(page.data):
        raise walk.unexpected(f"page {pages} is not marked as the last one", operation.last_page)
    return Reading(rows=tuple(rows), pages=pages, total=total)
