# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Address files of modules that run on a jump host: two runs with the same files on the control node, at once."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import write_address
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.address_transfer import with_files_here

ADDRESS = "https://home.example.com/hand-over/made-up-code-"
SERIAL = "SN-1"


def action(module: str, there: Path, *, check_mode: bool = False) -> Any:
    """Return what an action knows of a task that is delegated to a machine whose folder is ``there``."""
    there.mkdir(exist_ok=True)
    return SimpleNamespace(
        _task=SimpleNamespace(
            delegate_to="jump", async_val=0, action=f"printops.prisma.{module}", check_mode=check_mode
        ),
        _connection=SimpleNamespace(
            transport="ssh",
            _shell=SimpleNamespace(tmpdir=str(there), join_path=os.path.join),
            fetch_file=shutil.copyfile,
        ),
        _play_context=SimpleNamespace(become=False),
        _transfer_file=shutil.copyfile,
        _remove_tmp_path=shutil.rmtree,
    )


class Printer:
    """Stands for the module on a jump host: it presses unless there is an address to collect."""

    def __init__(self) -> None:
        self.presses = 0
        self.both = threading.Barrier(2)

    def module(self, sent: dict[str, Any]) -> dict[str, Any]:
        file = Path(sent["address_file"])
        known = file.exists()
        with contextlib.suppress(threading.BrokenBarrierError):
            self.both.wait(1)
        if not known:
            self.presses += 1
            file.write_text(f"{ADDRESS}{self.presses}\n")
        return {"pressed": not known, "registration": {"state": "awaiting_claim", "address_file": str(file)}}


def options(file: Path, method: str = "hand_over") -> dict[str, Any]:
    return {"address_file": str(file), "profile": {"registration_method": method}, "serial": SERIAL.lower()}


def goes_on() -> None:
    """Stand for a run that is not to end."""


def test_two_runs_by_way_of_jump_hosts_press_a_hand_over_once(tmp_path: Path) -> None:
    """Given folders of their own on the jump hosts, then the file of the control node is what they share."""
    file, printer = tmp_path / "onboarding" / "p1.address", Printer()

    def run(number: int) -> dict[str, Any]:
        jump = action("printer_registration", tmp_path / str(number))
        return with_files_here(jump, options(file), printer.module, goes_on)

    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(run, range(2)))
    assert printer.presses == 1
    assert sorted(result["pressed"] for result in results) == [False, True]
    assert file.read_text() == f"{ADDRESS}1\n"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(("method", "check_mode"), [("link", False), ("hand_over", True)])
def test_who_presses_no_hand_over_takes_no_lock(tmp_path: Path, method: str, *, check_mode: bool) -> None:
    file, seen = tmp_path / "p1.address", list[str]()

    def module(_sent: dict[str, Any]) -> dict[str, Any]:
        seen.extend(path.name for path in tmp_path.iterdir() if path.name.endswith(".lock"))
        return {}

    jump = action("printer_registration", tmp_path / "there", check_mode=check_mode)
    with_files_here(jump, options(file, method), module, goes_on)
    assert seen == []


@pytest.mark.parametrize(
    ("result", "in_file", "left"),
    [
        ({"failed": True, "address_spent": True}, "1", False),
        ({"failed": True, "address_spent": True}, "2", True),
        ({"address_spent": True}, "2", False),
        ({"failed": True}, "1", True),
    ],
)
def test_a_refused_address_is_removed_unless_another_run_has_got_a_new_one(
    tmp_path: Path, result: dict[str, Any], in_file: str, *, left: bool
) -> None:
    file = tmp_path / "p1.address"
    write_address(str(file), f"{ADDRESS}1", SERIAL)

    def module(sent: dict[str, Any]) -> dict[str, Any]:
        assert sent["address"] == f"{ADDRESS}1"
        write_address(str(file), ADDRESS + in_file, SERIAL)
        return result

    with_files_here(action("home_device", tmp_path / "there"), options(file), module, goes_on)
    assert file.exists() is left


def test_the_address_of_another_printer_stays_here(tmp_path: Path) -> None:
    """Given a host whose printer was replaced, then no jump host gets what its file holds."""
    file, seen = tmp_path / "p1.address", list[dict[str, Any]]()
    write_address(str(file), f"{ADDRESS}1", "SN-2")

    def module(sent: dict[str, Any]) -> dict[str, Any]:
        seen.append(sent)
        return {"failed": True, "warnings": ["of the module"]}

    result = with_files_here(action("home_device", tmp_path / "there"), options(file), module, goes_on)
    assert "address" not in seen[0]
    assert ["is of the printer SN-2, not of SN-1" in line for line in result["warnings"]] == [False, True]
    assert file.exists()
