# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a profile's read: fields, or rows over pages with the proof that all were read. Knows no session."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from ..profile.profile import Read
from .list_pages import ListPages
from .navigator import Navigator
from .rows import place_of


@dataclass(frozen=True)
class Reading:
    """The result of a read: ``values``, or ``rows``; ``raw`` holds the texts behind value maps; and the proof."""

    values: Mapping[str, t.Any] = field(default_factory=dict)
    raw: Mapping[str, t.Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, t.Any], ...] = ()
    pages: int = 1
    total: int | None = None


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
    for found in pages:
        for at, row in enumerate(found):
            place = partial(place_of, found, at, pages.pages)
            rows.append({name: navigator.pick(name, pick, row, place=place) for name, pick in operation.fields.items()})
    return Reading(rows=tuple(rows), pages=pages.pages, total=pages.total)
