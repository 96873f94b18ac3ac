# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking again and again, on a clock that only pausing moves."""

from __future__ import annotations

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.waiting import poll
from hypothesis import given
from hypothesis import strategies as st


class Time:
    """Every look takes ``look`` seconds, every pause as long as it says."""

    def __init__(self, look: float = 0.0) -> None:
        self.now = 0.0
        self.looks: list[float] = []
        self.pauses: list[float] = []
        self._look = look

    def look(self) -> float:
        self.looks.append(self.now)
        self.now += self._look
        return self.looks[-1]

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def until(self, so_at: float, timeout: float, sleep: float, first: float | None = None) -> float:
        return poll(
            self.look,
            lambda seen: seen >= so_at,
            timeout=timeout,
            sleep=sleep,
            first=first,
            clock=lambda: self.now,
            pause=self.pause,
        )


seconds = st.floats(0.25, 100)


@given(st.floats(0, 300), st.floats(0, 200), seconds, st.floats(0, 30))
def test_there_is_always_a_look_at_the_end_and_none_after_it(
    so_at: float, timeout: float, sleep: float, look: float
) -> None:
    time = Time(look)
    seen = time.until(so_at, timeout, sleep)
    assert seen == time.looks[-1]
    assert seen >= so_at or seen >= timeout
    assert all(moment < so_at and moment < timeout for moment in time.looks[:-1])


@given(st.floats(0, 300), st.floats(0, 200), seconds, st.floats(0, 30))
def test_no_pause_is_longer_than_asked_or_goes_beyond_the_end(
    so_at: float, timeout: float, sleep: float, look: float
) -> None:
    time = Time(look)
    time.until(so_at, timeout, sleep)
    assert all(0 <= pause <= sleep for pause in time.pauses)
    assert time.now <= max(timeout, time.looks[-1]) + look + 1e-6
    assert len(time.looks) == len(time.pauses) + 1


@pytest.mark.parametrize(
    ("so_at", "timeout", "looks"),
    [(0, 10, [0]), (5, 10, [0, 4, 8]), (9, 10, [0, 4, 8, 10]), (99, 10, [0, 4, 8, 10]), (99, 0, [0])],
)
def test_for_example_every_four_seconds(so_at: float, timeout: float, looks: list[float]) -> None:
    time = Time()
    time.until(so_at, timeout, 4)
    assert time.looks == looks


def test_what_was_just_seen_is_not_looked_at_again() -> None:
    time = Time()
    first = time.look()
    time.until(5, 10, 4, first=first)
    assert time.looks == [0, 4, 8]
    assert Time().until(0, 10, 4, first=7) == 7


def test_what_was_just_seen_is_looked_at_again_before_it_counts_as_too_late() -> None:
    time = Time()
    assert time.until(99, 0, 4, first=0) == 0
    assert time.looks == [0]


def test_an_error_while_looking_is_not_waited_over() -> None:
    def look() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        poll(look, lambda seen: True, timeout=10, sleep=1)
