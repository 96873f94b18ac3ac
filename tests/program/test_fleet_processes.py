# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes that share a wave end with the one that started them, however that ends. Nothing is onboarded here."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.bulk import Fleet, FleetOptions
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.journal import Journal
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.processes import (
    Relay,
    process_count,
    run_in_processes,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.shutdown import Shutdown
from support.waiting import until

pytestmark = pytest.mark.slow
HOSTS = [f"printer-{number}" for number in range(400)]
MORE_THAN_A_PIPE_HOLDS = 500
"""Characters of each result: those of a process are together more than 64 KiB."""
TASK_TIMEOUT = 2


def made_fleet(shutdown: Shutdown) -> Fleet:
    options = FleetOptions(4, 4, 4, lambda tag: True, False, lambda text: None, processes=2)
    context: Any = SimpleNamespace(check_mode=False)
    store: Any = None
    return Fleet(options, context, store, shutdown, Journal(None))


def waits_then_tells(hosts: Sequence[str], relay: Relay) -> Fleet:
    """Stand for a part that takes a minute, unless it is told to end, and then passes its results on."""
    with Shutdown() as shutdown:
        fleet = made_fleet(shutdown)
        fleet.relay = relay
        end = time.monotonic() + 60
        while time.monotonic() < end and not shutdown.requested:
            time.sleep(0.05)
        for name in hosts:
            fleet.keep(name, {"outcome": "onboarded", "text": "x" * MORE_THAN_A_PIPE_HOLDS})
    return fleet


def batch() -> None:
    """Stand for Ansible's worker, whose task has a timeout."""

    def time_is_up(_number: int, _frame: Any) -> None:
        raise TimeoutError

    with Shutdown() as shutdown:
        signal.signal(signal.SIGALRM, time_is_up)
        signal.alarm(TASK_TIMEOUT)
        try:
            run_in_processes(made_fleet(shutdown), HOSTS, waits_then_tells)
        except TimeoutError:
            os._exit(7)


@pytest.mark.parametrize("end", ["timeout", "kill-9"])
def test_no_process_outlives_the_one_that_started_it(end: str) -> None:
    worker = multiprocessing.get_context("fork").Process(target=batch)
    worker.start()
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
    assert until(lambda: len(children.read_text(encoding="ascii").split()) == 2)
    parts = [int(pid) for pid in children.read_text(encoding="ascii").split()]
    if end == "kill-9":
        worker.kill()
    worker.join(60)
    assert worker.exitcode == (-signal.SIGKILL if end == "kill-9" else 7)
    assert until(lambda: not any(Path(f"/proc/{part}").exists() for part in parts))


def test_results_of_all_processes_come_together_and_a_lost_one_is_told() -> None:
    def tells(hosts: Sequence[str], relay: Relay) -> Fleet:
        with Shutdown() as shutdown:
            fleet = made_fleet(shutdown)
            fleet.relay = relay
            for name in hosts[:10]:
                fleet.keep(name, {"outcome": "onboarded"}, warnings=["same of all"])
            if HOSTS[0] in hosts:
                os.kill(os.getpid(), signal.SIGKILL)
            for name in hosts[10:]:
                fleet.keep(name, {"outcome": "onboarded"})
        return fleet

    with Shutdown() as shutdown:
        fleet = made_fleet(shutdown)
        run_in_processes(fleet, HOSTS, tells)
    assert set(fleet.results) == set(HOSTS)
    assert {fleet.results[name]["outcome"] for name in HOSTS[1::2]} == {"onboarded"}
    lost = [name for name in HOSTS[::2] if fleet.results[name]["outcome"] == "not_tried"]
    assert lost == HOSTS[20::2]
    assert "its process ended" in fleet.results[lost[0]]["attention"]
    assert fleet.warnings == ["same of all"]


@pytest.mark.parametrize(
    ("wanted", "printers", "at_once", "processes"),
    [(4, 400, 50, 4), (4, 101, 50, 3), (4, 50, 50, 1), (8, 400, 3, 3), (1, 10_000, 50, 1), (4, 1, 1, 1)],
)
def test_how_many_processes_a_wave_gets(wanted: int, printers: int, at_once: int, processes: int) -> None:
    assert process_count(wanted, printers, at_once) == processes


@pytest.mark.parametrize("of_all", [1, 5, 50, 51])
def test_the_shares_of_a_limit_are_no_more_than_the_limit(of_all: int) -> None:
    processes = process_count(8, 1000, of_all)
    options = FleetOptions(1, of_all, of_all, lambda tag: True, False, lambda text: None, processes=processes)
    assert 1 <= options.share(of_all) * processes <= of_all
