# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to onboard a fleet that are compared, each as a command. Measures nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmark import shape
from support.playbook import WHOLE_FLEET, environment

HERE = Path(__file__).resolve().parent
CAP = 50
"""At most so many printers are talked to at once, whichever way."""

POLL = 5.0
"""Seconds between two looks for what takes its time: the role's own default, for every way."""


@dataclass(frozen=True)
class Way:
    """One way. ``most``: the largest fleet it is measured on; beyond, its cost per printer is scaled and marked so."""

    key: str
    name: str
    command: Callable[[Path, bool], list[str]]
    most: int = 1_000_000
    onboards: bool = True


def _playbook(name: str, *arguments: str) -> Callable[[Path, bool], list[str]]:
    def command(inventory: Path, check: bool) -> list[str]:
        program = shutil.which("ansible-playbook", path=environment(inventory.parent)["PATH"])
        return [str(program), name, "-i", str(inventory), "-f", str(CAP), *arguments, *(["--check"] if check else [])]

    return command


def _role(*arguments: str) -> Callable[[Path, bool], list[str]]:
    return _playbook("printops.prisma.onboard_fleet", *WHOLE_FLEET, *arguments)


def _same_shape(inventory: Path, check: bool) -> list[str]:
    return _playbook(str(shape.write(inventory.parent / "same-shape.yml")))(inventory, check)


def _bare(inventory: Path, check: bool) -> list[str]:
    checking = ["--check"] if check else []
    return [sys.executable, str(HERE / "bare.py"), str(inventory), "--cap", str(CAP), "--poll", str(POLL), *checking]


WAYS = {
    way.key: way
    for way in (
        Way("a", "tasks of ansible.builtin.uri", _playbook(str(HERE / "uri.yml")), most=50),
        Way(
            "b", "role, ordinary modules", _role("-e", "onboard_mode=tasks", "-e", "printops_in_process=false"), most=50
        ),
        Way("c", "role, task by task", _role("-e", "onboard_mode=tasks"), most=200),
        Way("d", "role, in bulk", _role()),
        Way("e", "bare asyncio and httpx", _bare),
        Way("g", "check_fleet, in bulk", _playbook("printops.prisma.check_fleet"), onboards=False),
        Way("h", "role, in bulk, one process", _role("-e", "onboard_processes=1")),
        Way("f", "the role's tasks doing nothing", _same_shape, most=200, onboards=False),
    )
}
