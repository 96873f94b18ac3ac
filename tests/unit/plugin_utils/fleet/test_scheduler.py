# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many walks at once: each is taken to its end, within its limits, the begun ones first; and how a batch ends early."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.scheduler import Batch, Stretches
from hypothesis import given, settings
from hypothesis import strategies as st

Taken = list[tuple[str, int]]


class Watch:
    """Makes walks, and notes what happens to them: what was open and at work at most, and in which order."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.taken: Taken = []
        self.made: list[str] = []
        self.begun: set[str] = set()
        self.ended: list[str] = []
        self.at_work: set[str] = set()
        self.most_open = self.most_at_work = self.most_made_too_early = 0
        self.wrong: list[str] = []
        self.makers: set[int] = set()
        self.lookers: set[int] = set()

    def walk(self, name: str, pauses: list[float], work: Callable[[int], None] = lambda number: None) -> Stretches:
        """One walk with a stretch more than it has pauses. ``work`` is what it does, by the number of the stretch."""
        left = iter(enumerate([*pauses, None]))

        def take() -> float | None:
            with self.lock:
                if name in self.at_work:
                    self.wrong.append(f"{name} was taken by two threads at once")
                self.at_work.add(name)
                self.begun.add(name)
                self.most_at_work = max(self.most_at_work, len(self.at_work))
                number, pause = next(left)
                self.taken.append((name, number))
            try:
                work(number)
            finally:
                with self.lock:
                    self.at_work.discard(name)
                    if pause is None:
                        self.ended.append(name)
            return pause

        with self.lock:
            self.made.append(name)
            self.makers.add(threading.get_ident())
            self.most_open = max(self.most_open, len(self.made) - len(self.ended))
            self.most_made_too_early = max(self.most_made_too_early, len(self.made) - len(self.begun))
        return take

    def look(self) -> None:
        self.lookers.add(threading.get_ident())


def run(
    watch: Watch,
    walks: Iterable[Stretches],
    *,
    at_once: int = 1,
    window: int = 1,
    stopping: Callable[[], bool] = lambda: False,
) -> Batch:
    """Run a batch; one that never ends is a failure."""
    until = time.monotonic() + 20
    batch = Batch(iter(walks), at_once=at_once, window=window, stopping=lambda: stopping() or time.monotonic() > until)
    batch.run(watch.look, every=0.01)
    assert time.monotonic() < until
    assert watch.wrong == []
    return batch


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from([0.0, 0.001]), max_size=3), max_size=12), st.integers(1, 5), st.integers(1, 8))
def test_every_walk_is_taken_to_its_end_within_the_limits(fleet: list[list[float]], at_once: int, window: int) -> None:
    watch = Watch()
    batch = run(
        watch,
        (watch.walk(str(number), pauses) for number, pauses in enumerate(fleet)),
        at_once=at_once,
        window=window,
    )
    assert sorted(watch.taken) == sorted(
        (str(number), turn) for number, pauses in enumerate(fleet) for turn in range(len(pauses) + 1)
    )
    assert len(watch.ended) == len(fleet)
    assert watch.most_at_work <= at_once
    # A walk is ended for the batch a moment after it is for us, so what we see here is at most its own count.
    assert watch.most_open <= max(window, at_once)
    assert watch.makers | watch.lookers <= {threading.get_ident()}
    assert batch.wait(0)


@pytest.mark.parametrize(("at_once", "window", "open_at_most"), [(2, 6, 6), (3, 1, 3)])
def test_walks_are_made_as_there_is_room_and_the_room_is_used(at_once: int, window: int, open_at_most: int) -> None:
    watch = Watch()
    run(watch, (watch.walk(str(number), [0.02]) for number in range(20)), at_once=at_once, window=window)
    assert watch.most_open == open_at_most
    assert watch.most_made_too_early <= at_once + 1
    assert watch.made == [str(number) for number in range(20)]


def test_all_threads_are_at_work_at_once() -> None:
    watch, together = Watch(), threading.Barrier(4, timeout=10)

    def work(turn: int) -> None:
        together.wait()

    run(
        watch,
        (watch.walk(str(number), [], work) for number in range(8)),
        at_once=4,
        window=4,
    )
    assert watch.most_at_work == 4


def test_no_more_threads_are_at_work_than_were_asked_for() -> None:
    watch = Watch()
    run(watch, (watch.walk(str(number), [], lambda turn: time.sleep(0.02)) for number in range(16)), at_once=4)
    assert watch.most_at_work == 4


def test_walks_begin_in_their_order() -> None:
    watch = Watch()
    run(
        watch,
        (watch.walk(str(number), [], lambda turn: time.sleep(0.002)) for number in range(100)),
        at_once=3,
        window=9,
    )
    assert all(abs(place - int(name)) <= 6 for place, (name, _turn) in enumerate(watch.taken))


def test_a_walk_that_has_begun_comes_before_one_that_has_not() -> None:
    watch = Watch()

    def work(turn: int) -> None:
        while len(watch.made) < min(3, len(watch.begun) + 1):
            time.sleep(0.001)  # until there is one that has not begun, to choose from
        time.sleep(0.02)

    run(watch, (watch.walk(name, [0.0, 0.0], work) for name in "abc"), window=3)
    assert watch.taken == [(name, turn) for name in "abc" for turn in range(3)]


def test_whoever_waited_first_goes_on_first() -> None:
    watch = Watch()
    run(watch, (watch.walk(name, [pause]) for name, pause in zip("abcd", (0.3, 0.1, 0.2, 0.1), strict=True)), window=4)
    assert watch.taken[:4] == [(name, 0) for name in "abcd"]
    assert watch.taken[4:] == [(name, 1) for name in "bdca"]


def test_a_pause_gives_the_thread_away_and_lasts_as_long_as_it_was_asked_for() -> None:
    watch, at = Watch(), dict[tuple[str, int], float]()

    def noting(name: str) -> Callable[[int], None]:
        return lambda turn: at.__setitem__((name, turn), time.monotonic())

    began = time.monotonic()
    run(watch, (watch.walk(str(number), [0.2, 0.2], noting(str(number))) for number in range(50)), window=50)
    assert time.monotonic() - began < 5  # one after the other it would be 20
    assert all(at[str(number), turn + 1] - at[str(number), turn] >= 0.2 for number in range(50) for turn in range(2))


def test_a_full_window_holds_up_those_that_have_not_begun() -> None:
    watch = Watch()
    run(watch, (watch.walk(name, [0.05]) for name in "abcd"), window=2)
    assert watch.taken == [(name, turn) for pair in ("ab", "cd") for turn in range(2) for name in pair]


def test_thousands_of_walks_are_taken_quickly() -> None:
    watch = Watch()
    began = time.monotonic()
    run(watch, (watch.walk(str(number), [0.0, 0.001]) for number in range(4000)), at_once=20, window=200)
    assert len(watch.ended) == 4000
    assert time.monotonic() - began < 10
    assert watch.most_open <= 200


def test_nothing_to_do_is_done_at_once() -> None:
    watch = Watch()
    began = time.monotonic()
    run(watch, [], at_once=3)
    assert time.monotonic() - began < 2


def test_whoever_runs_the_batch_looks_on_meanwhile() -> None:
    looks: list[float] = []
    watch = Watch()
    batch = Batch(
        iter([watch.walk("a", [], lambda _turn: time.sleep(0.3))]), at_once=1, window=1, stopping=lambda: False
    )
    batch.run(lambda: looks.append(time.monotonic()), every=0.02)
    assert len(looks) > 3


# --- ends before the end ---


def test_when_it_is_to_stop_nothing_more_begins_and_nothing_goes_on() -> None:
    watch, stop = Watch(), threading.Event()

    def work(turn: int) -> None:
        stop.set()

    walks = [watch.walk("waits", [0.01] * 3, work), *(watch.walk(name, []) for name in "bcd")]
    batch = run(watch, iter(walks), window=4, stopping=stop.is_set)
    assert batch.wait(5)
    time.sleep(0.1)  # long enough for whatever would go on
    assert watch.taken == [("waits", 0)]


def test_it_stops_while_all_walks_wait_for_long() -> None:
    watch = Watch()
    until = time.monotonic() + 0.1
    began = time.monotonic()
    batch = run(
        watch,
        (watch.walk(name, [600.0]) for name in "ab"),
        at_once=2,
        window=2,
        stopping=lambda: time.monotonic() > until,
    )
    assert batch.wait(1)
    assert time.monotonic() - began < 2
    assert sorted(watch.taken) == [("a", 0), ("b", 0)]


def test_after_a_stop_it_can_be_waited_for_those_that_are_at_work() -> None:
    watch, stop, go_on = Watch(), threading.Event(), threading.Event()

    def work(turn: int) -> None:
        stop.set()
        go_on.wait(10)

    batch = run(watch, iter([watch.walk("a", [0.0], work)]), stopping=stop.is_set)
    began = time.monotonic()
    assert not batch.wait(0.1)
    assert 0.05 < time.monotonic() - began < 2
    go_on.set()
    assert batch.wait(5)
    assert watch.taken == [("a", 0)]


class Defect(Exception):
    """What a walk should never raise."""


class Ends(BaseException):
    """What is no Exception, as SystemExit."""


@pytest.mark.parametrize("error", [Defect, Ends])
def test_what_a_walk_raises_is_raised_and_nothing_more_begins(error: type[BaseException]) -> None:
    watch = Watch()

    def work(turn: int) -> None:
        if turn == 1:
            raise error("b's")

    walks = (watch.walk(name, [0.0], work if name == "b" else lambda turn: None) for name in "abcd")
    with pytest.raises(error, match="b's"):
        run(watch, walks, window=1)
    time.sleep(0.1)
    assert [name for name, turn in watch.taken] == ["a", "a", "b", "b"]


@pytest.mark.parametrize("where", ["walks", "look"])
def test_what_is_raised_outside_the_walks_ends_the_batch_too(where: str) -> None:
    """Otherwise the threads would go on behind the back of whoever was told that it failed."""
    watch = Watch()
    before = set(threading.enumerate())

    def walks() -> Iterator[Stretches]:
        yield watch.walk("a", [0.05] * 100)
        if where == "walks":
            raise Defect
        yield watch.walk("b", [0.05] * 100)

    def look() -> None:
        if where == "look" and watch.taken:
            raise Defect

    batch = Batch(walks(), at_once=2, window=4, stopping=lambda: False)
    with suppress(Defect):
        batch.run(look, every=0.01)
        pytest.fail("it was not raised")
    for thread in set(threading.enumerate()) - before:
        thread.join(2)
        assert not thread.is_alive()
    assert len(watch.taken) < 10


def test_no_thread_is_left_when_it_is_done() -> None:
    before = set(threading.enumerate())
    watch = Watch()
    run(watch, (watch.walk(str(number), [0.0]) for number in range(10)), at_once=5, window=5)
    for thread in set(threading.enumerate()) - before:
        thread.join(2)
        assert not thread.is_alive()
