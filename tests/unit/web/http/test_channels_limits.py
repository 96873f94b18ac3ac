# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits that several clients keep together: a pace, and places for requests under way."""

from __future__ import annotations

import math
import threading
import time

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import TimedOut
from ansible_collections.printops.prisma.plugins.module_utils._web.http.channels import ChannelPool
from ansible_collections.printops.prisma.plugins.module_utils._web.http.client import (
    ClientOptions,
    Deadline,
)
from hypothesis import given
from hypothesis import strategies as st
from unit.web.loopback import Answer, Asked, FakeTime, serve
from unit.web.sharing import all_of, channel, ok, read

# --- the pace ---


@given(
    st.floats(0.01, 10),
    st.lists(st.tuples(st.floats(0, 5), st.sampled_from([0.0, 0.5, 3.0, math.inf])), min_size=1, max_size=30),
)
def test_turns_are_an_interval_apart_and_none_is_lost_to_who_could_not_wait(
    interval: float, asked: list[tuple[float, float]]
) -> None:
    paced, now = channel(interval=interval), 1000.0
    turns: list[float] = []
    for after, at_most in asked:
        now += after
        wait = paced.wait_for_turn(now, at_most)
        first = max(now, turns[-1] + interval) if turns else now
        if wait is None:
            assert first - now >= at_most - 1e-6
        else:
            assert wait == 0 or wait < at_most
            assert now + wait == pytest.approx(first)
            turns.append(now + wait)


def test_without_a_limit_nobody_waits() -> None:
    free = channel()
    assert [free.wait_for_turn(5.0, 0.0) for _request in range(5)] == [0.0] * 5


def test_the_next_client_keeps_the_pace_of_the_one_before() -> None:
    channels, fake = ChannelPool(), FakeTime()
    with serve(ok) as server:
        for _task in range(3):
            deadline = Deadline(100, clock=fake.clock, sleep=fake.sleep)
            read(ClientOptions(server.url, channels=channels, requests_per_second=0.5, deadline=deadline))
        assert fake.slept == [2.0, 2.0]
        channels.close()


def test_whoever_has_no_time_for_the_pace_sends_nothing_and_takes_no_turn() -> None:
    channels, fake = ChannelPool(), FakeTime()

    def options(seconds: float) -> ClientOptions:
        deadline = Deadline(seconds, clock=fake.clock, sleep=fake.sleep)
        return ClientOptions(server.url, channels=channels, requests_per_second=0.5, deadline=deadline, retries=0)

    with serve(ok) as server:
        read(options(100))
        for _task in range(3):
            with pytest.raises(TimedOut) as caught:
                read(options(1))
            assert not caught.value.may_have_arrived
        read(options(100))
        assert len(server.asked) == 2
        assert fake.slept == [2.0]
        channels.close()


def test_each_host_has_a_pace_of_its_own_and_so_has_each_limit() -> None:
    channels, fake = ChannelPool(), FakeTime()

    def options(url: str, rate: float | None) -> ClientOptions:
        deadline = Deadline(100, clock=fake.clock, sleep=fake.sleep)
        return ClientOptions(url, channels=channels, requests_per_second=rate, deadline=deadline)

    with serve(ok) as one, serve(ok) as other:
        for url, rate in ((one.url, None), (one.url, 0.5), (other.url, 0.5)):
            read(options(url, rate))
        assert fake.slept == []
        read(options(one.url, 0.5))
        assert fake.slept == [2.0]
        channels.close()


class Late(float):
    """A time that lets other threads in between while it is used."""

    def __rsub__(self, other: float) -> float:
        time.sleep(0.0005)
        return other - float(self)


def test_threads_share_one_pace() -> None:
    paced = channel(interval=1.0)
    waits: list[float | None] = []

    def take() -> None:
        for _request in range(50):
            waits.append(paced.wait_for_turn(Late(0.0), math.inf))

    with all_of(*(threading.Thread(target=take) for _number in range(4))):
        pass
    assert sorted(wait for wait in waits if wait is not None) == [float(number) for number in range(200)]


# --- the slots ---


@pytest.mark.parametrize(("concurrency", "processes", "of_each"), [(8, 4, 2), (5, 4, 1), (1, 4, 1), (3, 1, 3)])
def test_processes_divide_the_requests_at_once_and_each_has_one(concurrency: int, processes: int, of_each: int) -> None:
    """As the guide says (docs/fleets.md, "Limits of an interface"): fewer than processes are as many as processes."""
    channels, gate, under_way = ChannelPool(processes), threading.Event(), threading.Semaphore(0)

    def behaviour(_asked: Asked) -> Answer:
        under_way.release()
        gate.wait(20)
        return Answer()

    with serve(behaviour) as server:
        options = ClientOptions(server.url, channels=channels, at_once=concurrency)
        with all_of(*(threading.Thread(target=read, args=(options,)) for _number in range(of_each + 2))):
            assert all(under_way.acquire(timeout=20) for _request in range(of_each))
            assert not under_way.acquire(timeout=0.1)
            gate.set()
        channels.close()


@pytest.mark.parametrize("at_once", [1, 3])
def test_no_more_requests_than_slots_are_under_way_over_all_clients(at_once: int) -> None:
    channels, counting = ChannelPool(), threading.Lock()
    under_way: list[int] = [0]
    most: list[int] = [0]

    def behaviour(_asked: Asked) -> Answer:
        with counting:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.04)
        with counting:
            under_way[0] -= 1
        return Answer()

    with serve(behaviour) as server:
        options = ClientOptions(server.url, channels=channels, at_once=at_once)
        with all_of(*(threading.Thread(target=read, args=(options,)) for _number in range(8))):
            pass
        assert len(server.asked) == 8
        assert most[0] == at_once
        assert server.connections <= at_once
        channels.close()


def test_whoever_finds_no_slot_in_time_sends_nothing() -> None:
    channels, answering = ChannelPool(), threading.Event()

    def behaviour(asked: Asked) -> Answer:
        answering.wait(60)
        return Answer()

    with serve(behaviour) as server:
        patient = ClientOptions(server.url, channels=channels, at_once=1)
        with all_of(threading.Thread(target=read, args=(patient,))):
            while not server.asked:
                time.sleep(0.005)
            began = time.monotonic()
            with pytest.raises(TimedOut) as caught:
                read(ClientOptions(server.url, channels=channels, at_once=1, deadline=Deadline(0.2), retries=0))
            assert 0.15 < time.monotonic() - began < 25
            assert not caught.value.may_have_arrived
            answering.set()
        read(patient)  # the slot is free again
        assert len(server.asked) == 2
        channels.close()


def test_a_slot_is_free_again_after_an_error_and_after_it_was_not_got() -> None:
    limited = channel(at_once=1)

    def fail() -> None:
        with limited.slot(math.inf) as held:
            assert held
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with limited.slot(1) as held:
        assert held
        for _time in range(3):
            with limited.slot(0) as not_held:
                assert not not_held
        with limited.slot(0.01) as not_held:
            assert not not_held
    with limited.slot(0) as held:
        assert held


def test_without_a_limit_there_is_always_a_slot() -> None:
    free = channel()
    with free.slot(0) as first, free.slot(0) as second:
        assert first and second


def test_a_retry_gives_its_slot_away_while_it_pauses() -> None:
    """One printer that is busy must not keep another task of the same printer from its request."""
    channels, turns = ChannelPool(), iter([503])
    paused: list[float] = []

    def behaviour(_asked: Asked) -> Answer:
        return Answer(next(turns, 200), {"Retry-After": "3"})

    with serve(behaviour) as server:

        def another_s_turn(seconds: float) -> None:
            paused.append(seconds)
            read(ClientOptions(server.url, channels=channels, at_once=1, deadline=Deadline(2), retries=0))

        deadline = Deadline(100, sleep=another_s_turn)
        read(ClientOptions(server.url, channels=channels, at_once=1, deadline=deadline))
        assert len(server.asked) == 3
        assert paused == [3.0]
        channels.close()
