# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs at once: each runs to its end, within the limits, those that have begun first; and how a run ends early."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet import scheduler as scheduler_module
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.scheduler import Resumable, Scheduler
from hypothesis import given, settings
from hypothesis import strategies as st

Turns = list[tuple[str, int]]


class Watch:
    """Makes jobs, and notes what happens to them: what was open and at work at most, and in which order."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.turns: Turns = []
        self.made: list[str] = []
        self.begun: set[str] = set()
        self.ended: list[str] = []
        self.at_work: set[str] = set()
        self.most_open = self.most_at_work = self.most_made_too_early = 0
        self.wrong: list[str] = []
        self.makers: set[int] = set()
        self.callers: set[int] = set()

    def job(self, name: str, pauses: list[float], work: Callable[[int], None] = lambda number: None) -> Resumable:
        """One job, resumed once more than it has pauses. ``work`` is what it does, by the number of the turn."""
        left = iter(enumerate([*pauses, None]))

        def resume() -> float | None:
            with self.lock:
                if name in self.at_work:
                    self.wrong.append(f"{name} was resumed by two threads at once")
                self.at_work.add(name)
                self.begun.add(name)
                self.most_at_work = max(self.most_at_work, len(self.at_work))
                number, pause = next(left)
                self.turns.append((name, number))
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
        return resume

    def meanwhile(self) -> None:
        self.callers.add(threading.get_ident())


class Clock:
    """A clock that goes on only when it is told to, in the place of the module ``time``."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The scheduler's clock: so that no order depends on how fast the machine is."""
    made = Clock()
    monkeypatch.setattr(scheduler_module, "time", made)
    return made


def run(
    watch: Watch,
    jobs: Iterable[Resumable],
    *,
    at_once: int = 1,
    window: int = 1,
    stopping: Callable[[], bool] = lambda: False,
    idle: Callable[[], None] = lambda: None,
) -> Scheduler:
    """Run jobs; a run that never ends is a failure. ``idle`` is called while no thread is at work."""
    until = time.monotonic() + 20
    scheduler = Scheduler(
        iter(jobs), at_once=at_once, window=window, stopping=lambda: stopping() or time.monotonic() > until
    )

    def meanwhile() -> None:
        watch.meanwhile()
        if scheduler.wait(0):
            idle()

    scheduler.run(meanwhile, every=0.01)
    assert time.monotonic() < until
    assert watch.wrong == []
    return scheduler


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from([0.0, 0.001]), max_size=3), max_size=12), st.integers(1, 5), st.integers(1, 8))
def test_every_job_runs_to_its_end_within_the_limits(fleet: list[list[float]], at_once: int, window: int) -> None:
    watch = Watch()
    scheduler = run(
        watch,
        (watch.job(str(number), pauses) for number, pauses in enumerate(fleet)),
        at_once=at_once,
        window=window,
    )
    assert sorted(watch.turns) == sorted(
        (str(number), turn) for number, pauses in enumerate(fleet) for turn in range(len(pauses) + 1)
    )
    assert len(watch.ended) == len(fleet)
    assert watch.most_at_work <= at_once
    # A job ends for the scheduler a moment after it does for us, so what we see here is at most its own count.
    assert watch.most_open <= max(window, at_once)
    assert watch.makers | watch.callers <= {threading.get_ident()}
    assert scheduler.wait(0)


@pytest.mark.parametrize(("at_once", "window", "open_at_most"), [(2, 6, 6), (3, 1, 3)])
def test_jobs_are_made_as_there_is_room_and_the_room_is_used(
    clock: Clock, at_once: int, window: int, open_at_most: int
) -> None:
    watch = Watch()

    def idle() -> None:
        if len(watch.begun) - len(watch.ended) == min(open_at_most, 20 - len(watch.ended)):
            clock.now += 1

    jobs = (watch.job(str(number), [1.0]) for number in range(20))
    run(watch, jobs, at_once=at_once, window=window, idle=idle)
    assert watch.most_open == open_at_most
    assert watch.most_made_too_early <= at_once + 1
    assert watch.made == [str(number) for number in range(20)]


def test_all_threads_are_at_work_at_once() -> None:
    watch, together = Watch(), threading.Barrier(4, timeout=10)

    def work(turn: int) -> None:
        together.wait()

    run(
        watch,
        (watch.job(str(number), [], work) for number in range(8)),
        at_once=4,
        window=4,
    )
    assert watch.most_at_work == 4


def test_no_more_threads_are_at_work_than_were_asked_for() -> None:
    watch = Watch()
    run(watch, (watch.job(str(number), [], lambda turn: time.sleep(0.02)) for number in range(16)), at_once=4)
    assert watch.most_at_work <= 4


def test_jobs_begin_in_their_order() -> None:
    watch = Watch()
    run(
        watch,
        (watch.job(str(number), [], lambda turn: time.sleep(0.002)) for number in range(100)),
        at_once=3,
        window=9,
    )
    assert all(abs(place - int(name)) <= 6 for place, (name, _turn) in enumerate(watch.turns))


def test_a_job_that_has_begun_comes_before_one_that_has_not() -> None:
    watch = Watch()

    def work(turn: int) -> None:
        while len(watch.made) < min(3, len(watch.begun) + 1):
            time.sleep(0.001)  # until there is one that has not begun, to choose from
        time.sleep(0.02)

    run(watch, (watch.job(name, [0.0, 0.0], work) for name in "abc"), window=3)
    assert watch.turns == [(name, turn) for name in "abc" for turn in range(3)]


def test_the_job_that_is_due_first_is_resumed_first(clock: Clock) -> None:
    watch = Watch()

    def idle() -> None:
        if len(watch.turns) == 4:
            clock.now = 1.0

    jobs = (watch.job(name, [pause]) for name, pause in zip("abcd", (0.3, 0.1, 0.2, 0.1), strict=True))
    run(watch, jobs, window=4, idle=idle)
    assert watch.turns[:4] == [(name, 0) for name in "abcd"]
    assert watch.turns[4:] == [(name, 1) for name in "bdca"]


def test_a_pause_frees_the_thread_and_is_not_shorter_than_asked() -> None:
    watch, at = Watch(), dict[tuple[str, int], float]()

    def noting(name: str) -> Callable[[int], None]:
        return lambda turn: at.__setitem__((name, turn), time.monotonic())

    began = time.monotonic()
    run(watch, (watch.job(str(number), [0.2, 0.2], noting(str(number))) for number in range(50)), window=50)
    assert time.monotonic() - began < 15  # one after the other it would be 20
    assert all(at[str(number), turn + 1] - at[str(number), turn] >= 0.2 for number in range(50) for turn in range(2))


def test_a_full_window_holds_up_those_that_have_not_begun(clock: Clock) -> None:
    watch = Watch()

    def idle() -> None:
        if len(watch.begun) - len(watch.ended) == 2:
            clock.now += 1

    run(watch, (watch.job(name, [1.0]) for name in "abcd"), window=2, idle=idle)
    assert watch.turns == [(name, turn) for pair in ("ab", "cd") for turn in range(2) for name in pair]


def test_thousands_of_jobs_run_quickly() -> None:
    watch = Watch()
    run(watch, (watch.job(str(number), [0.0, 0.001]) for number in range(4000)), at_once=20, window=200)
    assert len(watch.ended) == 4000
    assert watch.most_open <= 200


def test_nothing_to_do_is_done_at_once() -> None:
    watch = Watch()
    began = time.process_time()
    run(watch, [], at_once=3)
    assert time.process_time() - began < 2


def test_the_thread_that_runs_them_calls_meanwhile() -> None:
    watch, called = Watch(), threading.Semaphore(0)

    def work(turn: int) -> None:
        for _call in range(4):
            assert called.acquire(timeout=10)

    scheduler = Scheduler(iter([watch.job("a", [], work)]), at_once=1, window=1, stopping=lambda: False)
    scheduler.run(called.release, every=0.01)
    assert watch.ended == ["a"]


# --- ends before the end ---


def test_after_a_stop_no_job_begins_and_none_is_resumed() -> None:
    watch, stop = Watch(), threading.Event()

    def work(turn: int) -> None:
        stop.set()

    jobs = [watch.job("waits", [0.01] * 3, work), *(watch.job(name, []) for name in "bcd")]
    scheduler = run(watch, iter(jobs), window=4, stopping=stop.is_set)
    assert scheduler.wait(5)
    time.sleep(0.1)  # long enough for whatever would go on
    assert watch.turns == [("waits", 0)]


def test_it_stops_while_all_jobs_wait_for_long() -> None:
    watch = Watch()
    jobs = (watch.job(name, [600.0]) for name in "ab")
    scheduler = run(watch, jobs, at_once=2, window=2, stopping=lambda: len(watch.turns) == 2)
    assert scheduler.wait(5)
    assert sorted(watch.turns) == [("a", 0), ("b", 0)]


def test_after_a_stop_jobs_that_are_at_work_can_be_waited_for() -> None:
    watch, stop, go_on = Watch(), threading.Event(), threading.Event()

    def work(turn: int) -> None:
        stop.set()
        go_on.wait(10)

    scheduler = run(watch, iter([watch.job("a", [0.0], work)]), stopping=stop.is_set)
    began = time.monotonic()
    assert not scheduler.wait(0.1)
    assert time.monotonic() - began > 0.05
    go_on.set()
    assert scheduler.wait(5)
    assert watch.turns == [("a", 0)]


class Defect(Exception):
    """What a job should never raise."""


class Ends(BaseException):
    """What is no Exception, as SystemExit."""


@pytest.mark.parametrize("error", [Defect, Ends])
def test_what_a_job_raises_is_raised_and_nothing_more_begins(error: type[BaseException]) -> None:
    watch = Watch()

    def work(turn: int) -> None:
        if turn == 1:
            raise error("b's")

    jobs = (watch.job(name, [0.0], work if name == "b" else lambda turn: None) for name in "abcd")
    with pytest.raises(error, match="b's"):
        run(watch, jobs, window=1)
    time.sleep(0.1)
    assert [name for name, turn in watch.turns] == ["a", "a", "b", "b"]


@pytest.mark.parametrize("where", ["jobs", "meanwhile"])
def test_what_is_raised_outside_the_jobs_ends_the_run_too(where: str) -> None:
    """Otherwise the threads would go on although the run was reported as failed."""
    watch = Watch()
    before = set(threading.enumerate())

    def jobs() -> Iterator[Resumable]:
        yield watch.job("a", [0.05] * 100)
        if where == "jobs":
            raise Defect
        yield watch.job("b", [0.05] * 100)

    def meanwhile() -> None:
        if where == "meanwhile" and watch.turns:
            raise Defect

    scheduler = Scheduler(jobs(), at_once=2, window=4, stopping=lambda: False)
    with suppress(Defect):
        scheduler.run(meanwhile, every=0.01)
        pytest.fail("it was not raised")
    for thread in set(threading.enumerate()) - before:
        thread.join(2)
        assert not thread.is_alive()
    assert len(watch.turns) < 10


def test_no_thread_is_left_when_it_is_done() -> None:
    before = set(threading.enumerate())
    watch = Watch()
    run(watch, (watch.job(str(number), [0.0]) for number in range(10)), at_once=5, window=5)
    for thread in set(threading.enumerate()) - before:
        thread.join(2)
        assert not thread.is_alive()
