# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a batch: how many there are, and what is kept of a part that does not come to its end."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible_collections.printops.prisma.plugins.module_utils._decide.onboarding import not_tried
from ansible_collections.printops.prisma.plugins.module_utils._prisma.onboarding import OnboardingPhase
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet import processes
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.bulk import (
    Fleet,
    FleetOptions,
    PrinterJob,
    run_fleet,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.journal import Journal
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.processes import (
    Relay,
    process_count,
    run_in_processes,
)
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.shutdown import Shutdown
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.steps import StepContext
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess import sessions
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from ansible_collections.printops.prisma.plugins.plugin_utils._text_files import VaultReader

SECRET = "a-proxy-password"
MANY = 10_000
V1 = ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({}, 64),
        ({"cpu.max": "max 100000\n"}, 64),
        ({"cpu.max": "100000 100000\n"}, 1),
        ({"cpu.max": "250000 100000\n"}, 3),
        ({"cpu.max": "20000 100000\n"}, 1),
        ({"cpu.max": "9900000 100000\n"}, 64),
        ({"cpu.max": "something new\n"}, 64),
        ({V1[0]: "-1\n", V1[1]: "100000\n"}, 64),
        ({V1[0]: "200000\n", V1[1]: "100000\n"}, 2),
        ({V1[0]: "200000\n", V1[1]: "0\n"}, 64),
    ],
    ids=str,
)
def test_a_container_gets_as_many_processes_as_it_may_use_cores(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: Mapping[str, str], count: int
) -> None:
    """Given a node of 64 cores, then the limit of the pod counts, of both versions of cgroups."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(64)))
    monkeypatch.setattr(processes, "CGROUPS", tmp_path)
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="ascii")
    assert process_count(0, MANY, MANY) == count
    assert process_count(7, MANY, MANY) == 7, "what is declared counts"


@pytest.mark.parametrize(("printers", "at_once", "count"), [(1, 50, 1), (100, 50, 2), (101, 50, 3), (MANY, 2, 2)])
def test_no_process_is_without_a_printer_that_it_may_talk_to(printers: int, at_once: int, count: int) -> None:
    assert process_count(64, printers, at_once) == count


def fleet_of(shutdown: Shutdown, number: int) -> Fleet:
    """Return the fleet of a batch that ``number`` processes share."""
    store = ThreadStore(SharedStore(8, 600), number)
    return Fleet(
        FleetOptions(4, 4, 10, lambda tag: True, False, lambda text: None, number),
        StepContext(store, shutdown, False, False, print, {}, VaultReader(DataLoader())),
        store,
        shutdown,
        Journal(None),
    )


def test_a_defect_in_one_process_stops_no_other_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Given a process that can go on no more, then its printers are lost, and nothing says that the run was stopped."""
    signed_out = tmp_path / "signed_out"
    monkeypatch.setattr(sessions, "sign_out_all", lambda *store: [signed_out.write_text("by the defect")])

    def run_part(hosts: Sequence[str], relay: Relay) -> Fleet:
        with Shutdown() as own:
            fleet = replace(fleet_of(own, 2), relay=relay)
            if "b" not in hosts:
                for name in hosts:
                    fleet.keep(name, {**not_tried("", check_mode=False).as_dict(), "outcome": "onboarded"})
                return fleet

            def job_of(name: str) -> PrinterJob:
                fleet.note_phase(name, OnboardingPhase.REGISTER)
                raise RuntimeError(f"can't start new thread {SECRET}")

            run_fleet(fleet, hosts, job_of)
        return fleet

    with Shutdown() as shutdown:
        fleet = fleet_of(shutdown, 2)
        run_in_processes(fleet, ["a", "b", "c", "d"], run_part)
    assert {name: each["outcome"] for name, each in fleet.results.items()} == {
        **dict.fromkeys("ac", "onboarded"),
        **dict.fromkeys("bd", "not_tried"),
    }
    assert {fleet.results[name]["attention"] for name in "bd"} == {"not_tried: its process ended"}
    assert fleet.warnings == ["a process of the wave ended by a defect: RuntimeError"]
    assert not signed_out.exists(), "of what the other process still uses"
    assert capfd.readouterr().err == ""
