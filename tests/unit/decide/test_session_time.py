# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a session lasts for a printer, and for a whole run."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._decide.session_time import (
    SECONDS_OF_WORK,
    SECONDS_PER_PRINTER,
    seconds_needed,
    too_short_for_all,
    too_short_for_turn,
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
    assert too_short_for_turn(70) == "the session ends in 1 minute, and a printer needs about 3 minutes"
    assert too_short_for_turn(-5) == "the session ends in 0 minutes, and a printer needs about 3 minutes"
    assert too_short_for_turn(180) is None


def test_a_printer_of_a_wave_is_registered_at_its_turn() -> None:
    """Given 25 printers that are all pressed before one is claimed, five at the same time."""
    lasts = [too_short_for_turn(200, 60, position, 5) is None for position in range(25)]
    assert lasts == [True] * 10 + [False] * 15
    assert too_short_for_turn(200, 60, 12, 5) == (
        "the session ends in 3 minutes, and it may take 3 minutes until this printer, number 13 of its wave, is claimed"
    )


def test_a_session_that_ends_while_an_address_may_be_waited_for_is_too_short() -> None:
    assert too_short_for_turn(600, 600) is None
    assert too_short_for_turn(599, 600) == (
        "the session ends in 9 minutes, and it may take 10 minutes until a printer is claimed (onboard_wait_timeout)"
    )


@given(left=st.floats(-1e6, 1e6), printers=st.integers(1, 10_000), at_once=st.integers(-1, 500))
def test_what_is_too_short_for_one_is_too_short_for_all(left: float, printers: int, at_once: int) -> None:
    assert seconds_needed(printers, at_once) >= SECONDS_PER_PRINTER > SECONDS_OF_WORK
    if too_short_for_turn(left):
        assert too_short_for_turn(left, 0, printers - 1, at_once)
        assert too_short_for_turn(left, 60, 0, at_once)
    if too_short_for_turn(left, 0, printers - 1, at_once):
        assert too_short_for_all(left, printers, at_once)
