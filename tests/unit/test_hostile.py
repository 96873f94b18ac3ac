# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page with the costs of hostile answers has each of them, and none over its limit."""

from __future__ import annotations

import pytest
from hostile.costs import PAGE, PARTS, Part, page, rows
from hostile.measured import Limits

ONE = {"peak": 60, "seconds": 0.5, "waited": 0.5, "result": "read: a|b from 127.0.0.1:4711"}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.what)
def test_the_page_has_each_of_them_and_none_over_its_limit(part: Part) -> None:
    found = rows(part, PAGE.read_text(encoding="utf-8"))
    assert list(found) == list(part.names)
    assert {name: each for name, each in found.items() if part.limits.exceeded(each)} == {}


def test_what_is_written_can_be_read_again() -> None:
    text = page({part: {"one": ONE} for part in PARTS})
    assert [rows(part, text) for part in PARTS] == [{"one": {"peak": 60, "seconds": 0.5}}] * 2
    assert r"read: a\|b from 127.0.0.1 |" in text


@pytest.mark.parametrize("more", [{"peak": 100}, {"seconds": 3.0}])
def test_a_limit_that_is_reached_is_exceeded(more: dict[str, float]) -> None:
    limits = Limits(peak=100, seconds=3)
    assert not limits.exceeded({**ONE})
    assert limits.exceeded({**ONE, **more})
