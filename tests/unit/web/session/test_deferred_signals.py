# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stops a task waits until a sign-in is noted: the signals of a build server, a person, and Ansible itself."""

from __future__ import annotations

import os
import signal
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
            os.kill(os.getpid(), number)
            noted.append(True)

    with pytest.raises(Stopped):
        sign_in()
    assert noted
