# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a profile's read: fields, or rows over pages with the proof that all were read. Knows no session."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from ..profile.profile import Read
from .list_pages import ListChanged, ListPages
from .navigator import Navigator
from .rows import place_of

READINGS = 3
"""How often a list is read that changes each time while it is read: other printers of the same run are added to it."""


@dataclass(frozen=True)
class Reading:
    """The result of a read: ``values``, or ``rows``; ``raw`` holds the texts behind value maps; and the proof.

    ``moved``: rows of two pages are equal, as if one had come to the next page, and another had been missed meanwhile.
    """

    values: Mapping[str, t.Any] = field(default_factory=dict)
    raw: Mapping[str, t.Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, t.Any], ...] = ()
    pages: int = 1
    total: int | None = None
    moved: bool = False


def settled_reading(read: Callable[[], Reading]) -> Reading:
    """Call ``read`` until a list has not changed while it was read, but not without end.

    One in which equal rows stand on two pages is as it is if the next reading shows the same.
    """
    before: Reading | None = None
    for _reading in range(READINGS - 1):
        with contextlib.suppress(ListChanged):
            reading = read()
            if not reading.moved or reading == before:
                return reading
            before = reading
    return read()


def make_reading(navigator: Navigator, operation: Read) -> Reading:
    """Pick the fields or rows of ``operation`` from the navigator's page, and from the pages that follow."""
    if operation.rows is None:
        if navigator.page is None:
            raise AssertionError("a read begins on a page")
        raw: dict[str, t.Any] = {}
        values = {name: navigator.pick(name, pick, navigator.page.data, raw) for name, pick in operation.fields.items()}
        return Reading(values, raw)
    pages = ListPages(navigator, operation.rows, operation.paging, operation.complete)
    rows: list[Mapping[str, t.Any]] = []
    seen: set[int] = set()
    moved = False
    for found in pages:
        earlier = len(rows)
        for at, row in enumerate(found):
            place = partial(place_of, found, at, pages.pages)
            rows.append({name: navigator.pick(name, pick, row, place=place) for name, pick in operation.fields.items()})
        shown = {hash(repr(row)) for row in rows[earlier:]}
        moved = moved or not seen.isdisjoint(shown)
        seen |= shown
    return Reading(rows=tuple(rows), pages=pages.pages, total=pages.total, moved=moved)
