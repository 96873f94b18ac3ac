# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stops a task waits until a sign-in is noted: the signals of a build server, a person, and Ansible itself."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import deferring_signals

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM)


class Stopped(Exception):
    """What the handler of a signal raises, as Ansible's for a task's ``timeout`` does."""


@pytest.fixture(params=STOPS, ids=lambda number: number.name)
def number(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    def stop(_number: int, _frame: object) -> None:
        raise Stopped

    before = signal.signal(request.param, stop)
    yield request.param
    signal.signal(request.param, before)


def test_it_stops_what_comes_after_the_block(number: signal.Signals) -> None:
    noted: list[bool] = []

    def sign_in() -> None:
        with deferring_signals():
            signal.pthread_kill(threading.get_ident(), number)
            noted.append(True)

    with pytest.raises(Stopped):
        sign_in()
    assert noted


def test_another_thread_of_the_process_that_takes_the_signal_changes_nothing(number: signal.Signals) -> None:
    noted: list[bool] = []
    woken = threading.Event()
    other = threading.Thread(target=woken.wait, daemon=True)
    other.start()

    def sign_in() -> None:
        with deferring_signals():
            signal.pthread_kill(other.ident or 0, number)
            for _moment in range(20):  # the handler runs between two of these
                time.sleep(0.001)
            noted.append(True)

    try:
        with pytest.raises(Stopped):
            sign_in()
        assert noted
        assert signal.getsignal(number) is not signal.SIG_DFL
    finally:
        woken.set()
        other.join()


def test_a_failure_in_the_block_does_not_swallow_the_signal(number: signal.Signals) -> None:
    def sign_in() -> None:
        with deferring_signals():
            signal.pthread_kill(threading.get_ident(), number)
            raise OSError

    with pytest.raises(Stopped):
        sign_in()
