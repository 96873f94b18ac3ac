# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a batch: how many there are, and what is kept of a part that does not come to its end."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet import processes
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.processes import process_count

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
