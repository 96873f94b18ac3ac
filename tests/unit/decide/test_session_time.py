# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a session lasts for a printer, and for a whole run."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.session_time import (
    SECONDS_PER_PRINTER,
    seconds_needed,
    too_short_for_all,
    too_short_for_one,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("printers", "at_once", "seconds"), [(1, 1, 180), (1, 50, 180), (50, 50, 180), (51, 50, 360), (400, 50, 1440)]
)
def test_printers_are_onboarded_so_many_at_the_same_time(printers: int, at_once: int, seconds: int) -> None:
    assert seconds_needed(printers, at_once) == seconds


def test_what_a_person_reads() -> None:
    assert too_short_for_all(1219, 400, 50) == "the session ends in 20 minutes, and 400 printers need about 24 minutes"
    assert too_short_for_all(1440, 400, 50) is None
    assert too_short_for_one(70) == "the session ends in 1 minute, and a printer needs about 3 minutes"
    assert too_short_for_one(-5) == "the session ends in 0 minutes, and a printer needs about 3 minutes"
    assert too_short_for_one(180) is None


@given(left=st.floats(-1e6, 1e6), printers=st.integers(1, 10_000), at_once=st.integers(-1, 500))
def test_what_is_too_short_for_one_is_too_short_for_all(left: float, printers: int, at_once: int) -> None:
    assert seconds_needed(printers, at_once) >= SECONDS_PER_PRINTER
    if too_short_for_one(left):
        assert too_short_for_all(left, printers, at_once)
