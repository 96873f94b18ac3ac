# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two tasks at once on a printer that hands over: one presses, and the other one collects what the button returned."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
import ssl
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma import address_lock as module
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import KeptAddress, read_kept
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_lock import address_lock, remove_spent
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput, Busy, RunEnded
from ansible_collections.printops.prisma.plugins.plugin_utils._fleet.thread_store import ThreadStore
from ansible_collections.printops.prisma.plugins.plugin_utils._inprocess.shared_store import SharedStore
from unit.prisma.editor_loopback import SERIAL, EditorBench, address, editor_bench
from unit.prisma.run_store import RunStore


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[EditorBench]:
    with editor_bench(server_tls, ca_path) as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "p1.address"


def meet(it: EditorBench) -> None:
    """Have two tasks that both found nothing to collect meet before either presses. One that is alone goes on."""
    both = threading.Barrier(2)

    def before(path: str) -> None:
        if path == "remote-service":
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(1)

    it.printer.before = before


def at_once(it: EditorBench, *options: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a task with each of ``options`` at the same time, and return the results: the one that pressed first."""
    meet(it)
    with ThreadPoolExecutor(len(options)) as threads:
        results = list(threads.map(lambda given: it.run(**given), options))
    return sorted(results, key=lambda result: not result["pressed"])


def test_two_runs_at_once_press_once_and_have_the_same_address(it: EditorBench, file: Path) -> None:
    """Given two runs with one folder, then the second finds the file of the first, and has changed nothing."""
    pressed, collected = at_once(it, *[{"address_file": str(file)}] * 2)
    assert it.printer.presses == 1
    assert (pressed["pressed"], pressed["changed"]) == (True, True)
    assert (collected["pressed"], collected["changed"], collected.get("failed")) == (False, False, None)
    assert {result["registration"]["state"] for result in (pressed, collected)} == {"awaiting_claim"}
    assert pressed["registration"]["address_fingerprint"] == collected["registration"]["address_fingerprint"]
    assert read_kept(str(file)) == KeptAddress(address(1), SERIAL)
    assert list(file.parent.iterdir()) == [file], "no lock is left"


@pytest.mark.parametrize("left", [KeptAddress(address(8), "730000009"), KeptAddress(address(8))])
def test_an_address_of_another_or_an_unknown_printer_does_not_keep_the_button_from_being_pressed(
    it: EditorBench, file: Path, left: KeptAddress
) -> None:
    file.parent.mkdir()
    file.write_text(left.text)
    planned = it.run(address_file=str(file), check_mode=True)
    assert (planned["changed"], it.printer.presses, len(planned["warnings"])) == (True, 0, 1)
    pressed = it.run(address_file=str(file))
    assert (pressed["pressed"], it.printer.presses, pressed["warnings"]) == (True, 1, planned["warnings"])
    assert read_kept(str(file)) == KeptAddress(address(1), SERIAL)
    again = it.run(address_file=str(file))
    assert (again["pressed"], it.printer.presses, "warnings" in again) == (False, 1, False)


def test_a_printer_with_two_names_is_pressed_once_in_a_run(it: EditorBench, file: Path) -> None:
    """Given one printer by name and by address in one wave, then each has its file, of the one memory of the run."""
    store, other = RunStore(), file.with_name("p1-old.address")
    pressed, collected = at_once(it, *[{"store": store, "address_file": str(path)} for path in (file, other)])
    assert (it.printer.presses, pressed["pressed"], collected["pressed"]) == (1, True, False)
    assert read_kept(str(file)) == read_kept(str(other)) == KeptAddress(address(1), SERIAL)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_printer_with_two_names_is_pressed_once_also_after_the_first_has_ended(
    it: EditorBench, file: Path, processes: int
) -> None:
    """Given a bulk run whose first name has ended, then the second finds its address: here, and in another process."""
    shared = SharedStore(8)
    first, elsewhere = (ThreadStore(shared, processes) for _process in range(2))
    assert it.run(store=first, address_file=str(file))["pressed"]
    first.forget_own(lambda key: True)
    for number, store in enumerate((first, elsewhere)):
        result = it.run(store=store, address_file=str(file.with_name(f"p1-{number}.address")))
        assert (result["registration"]["state"], result["pressed"]) == ("awaiting_claim", False), result
    assert it.printer.presses == 1


def test_what_another_run_has_completed_meanwhile_is_not_pressed_again(it: EditorBench, file: Path) -> None:
    """Given a run that waited while another pressed, and claimed, and removed the file, then nothing is to be done."""
    with ThreadPoolExecutor(1) as threads:
        with address_lock(str(file), lambda: None):
            waiting = threads.submit(it.run, address_file=str(file))
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
            it.printer.registered = True
        result = waiting.result()
    assert (result["registration"]["state"], result["pressed"], result.get("failed")) == ("registered", False, None)
    assert it.printer.presses == 0


def test_whoever_waits_too_long_is_busy_and_has_pressed_nothing(
    it: EditorBench, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_TIMEOUT", 0.2)
    with address_lock(str(file), lambda: None):
        result = it.run(address_file=str(file))
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "busy", False), result
    assert "another run has been registering this printer for 0.2 s" in result["reason"]
    assert result["advice"].endswith("run again. [Register] was not pressed.")
    assert it.printer.presses == 0
    assert it.run(address_file=str(file))["pressed"], "and the next run does it"


@pytest.mark.parametrize(
    "options", [{"check_mode": True}, {"press": False}, {"keep_address": False}, {"state": "absent"}]
)
def test_who_presses_nothing_takes_no_lock(it: EditorBench, file: Path, options: dict[str, Any]) -> None:
    more: dict[str, Any] = {"confirm_data_loss": True} if "state" in options else {}
    with address_lock(str(file), lambda: None):
        before = sorted(file.parent.iterdir())
        it.run(address_file=str(file), **options, **more)
        assert sorted(file.parent.iterdir()) == before
    assert it.printer.presses == 0


# --- the lock ---


def test_a_lock_holds_no_address_and_is_its_owner_s(file: Path) -> None:
    with address_lock(str(file), lambda: None):
        (lock,) = file.parent.iterdir()
        assert (lock.stat().st_size, stat.S_IMODE(lock.stat().st_mode)) == (0, 0o600)
        assert lock.name.startswith(".")
    assert list(file.parent.iterdir()) == []


def test_one_at_a_time_holds_it_although_each_removes_its_file(file: Path) -> None:
    counting, inside, most = threading.Lock(), [0], [0]

    def hold(_number: int) -> None:
        for _turn in range(5):
            with address_lock(str(file), lambda: None):
                with counting:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                with counting:
                    inside[0] -= 1

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(hold, range(4)))
    assert most == [1]
    assert list(file.parent.iterdir()) == []


def test_a_holder_that_was_killed_holds_it_no_more(file: Path) -> None:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        with address_lock(str(file), lambda: None):
            os.write(write, b"x")
            signal.pause()
    os.read(read, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert len(list(file.parent.iterdir())) == 1
    with address_lock(str(file), lambda: None):
        pass
    assert list(file.parent.iterdir()) == []


def test_a_run_that_is_to_end_does_not_wait(file: Path) -> None:
    def ends() -> None:
        raise RunEnded("the run was stopped")

    with address_lock(str(file), lambda: None), pytest.raises(RunEnded), address_lock(str(file), ends):
        pass


@pytest.mark.parametrize("refused", [errno.ENOLCK, errno.EIO])
def test_a_file_system_without_locks_is_used_without(file: Path, monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    """Two runs do not see each other there; any other fault is the user's to know."""

    def flock(*_given: object) -> None:
        raise OSError(refused, os.strerror(refused))

    monkeypatch.setattr(fcntl, "flock", flock)
    with contextlib.ExitStack() as held:
        if refused == errno.EIO:
            held.enter_context(pytest.raises(BadInput, match="cannot be written"))
        held.enter_context(address_lock(str(file), lambda: None))
    monkeypatch.undo()


def test_only_the_address_that_is_spent_is_removed(file: Path) -> None:
    file.parent.mkdir()
    beside = file.with_suffix(".svg")
    for kept in (address(2), None, address(1)):
        beside.write_text("<svg/>")
        if kept:
            file.write_text(f"{kept}\n")
        removed = remove_spent(address(1), str(file), str(beside), check_run=lambda: None)
        assert removed is (kept != address(2))
        assert sorted(file.parent.iterdir()) == ([] if removed else [file, beside])
        file.unlink(missing_ok=True)


def test_a_holder_s_error_is_raised_and_frees_the_lock(file: Path) -> None:
    with pytest.raises(Busy), address_lock(str(file), lambda: None):
        raise Busy("another administrator")
    with address_lock(str(file), lambda: None):
        pass
