# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between reading and pressing, another session was faster: what it did is read back, and is no failure."""

from __future__ import annotations

import contextlib
import resource
import signal
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import KeptAddress, read_kept
from ansible_collections.printops.prisma.plugins.modules.device_info import TASK as INFO
from ansible_collections.printops.prisma.plugins.modules.printer_registration import TASK
from unit.prisma.printer_loopback import ADDRESS, Bench, Printer, bench
from unit.prisma.run_store import RunStore
from unit.web.loopback import ELSEWHERE, Answer, Asked, serve

HOSTS = ["home.example.com"]
WAIT: dict[str, Any] = {"address_hosts": HOSTS, "wait_timeout": 0.3, "wait_sleep": 0.05}


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[Bench]:
    with bench(server_tls, ca_path) as made:
        yield made


def becomes(it: Bench, **values: Any) -> Any:
    """Return what another session does: it sets these values of the printer."""

    def change(_op: str = "") -> None:
        for name, value in values.items():
            setattr(it.printer, name, value)

    return change


@pytest.mark.parametrize("moment", ["before the form is fetched", "before the button is pressed"])
@pytest.mark.parametrize("state", ["requested", "awaiting_claim", "registered"])
def test_what_another_session_has_pressed_is_collected(it: Bench, state: str, moment: str) -> None:
    change = becomes(it, state=state)
    if moment == "before the form is fetched":
        it.printer.after_read["register.htm", 1] = change
    else:
        it.printer.meanwhile = change
    result = it.run(TASK, wait=False, **WAIT)
    assert not result.get("failed"), result
    assert result["registration"]["state"] == state
    assert it.printer.presses == 0
    if moment == "before the form is fetched":
        assert (result["pressed"], result["changed"]) == (False, False)
        assert "plan" not in result


def test_an_address_that_another_session_asked_for_is_waited_for(it: Bench, tmp_path: Path) -> None:
    """As after a run that was killed while it pressed: the printer begins to register after it was read."""
    it.printer.after_read["register.htm", 1] = becomes(it, state="requested")
    it.printer.after_read["register.htm", 3] = becomes(it, state="awaiting_claim")
    result = it.run(TASK, address_file=str(tmp_path / "a"), **{**WAIT, "wait_timeout": 5})
    assert result["registration"]["state"] == "awaiting_claim", result
    assert read_kept(str(tmp_path / "a")) == KeptAddress(ADDRESS, it.printer.serial)
    assert (it.printer.presses, result["pressed"]) == (0, False)


@pytest.mark.parametrize("answer", [Answer(drop=True), ELSEWHERE])
def test_an_answer_that_is_lost_is_read_back(it: Bench, answer: Answer) -> None:
    it.printer.instead = answer
    result = it.run(TASK, **WAIT)
    assert not result.get("failed"), result
    assert (result["pressed"], result["changed"], it.printer.presses) == (True, True, 1)


def test_a_press_that_another_session_has_completed_meanwhile_counts(it: Bench) -> None:
    it.printer.pressed_state = "registered"  # claimed before this task reads it back
    result = it.run(TASK, **WAIT)
    assert not result.get("failed"), result
    assert (result["registration"]["state"], result["pressed"]) == ("registered", True)


class ReadTwice(Printer):
    """A printer whose pages two tasks read before one of them gets on, unless one waits for the other."""

    def __init__(self) -> None:
        super().__init__()
        self._both = threading.Barrier(2)

    def answer(self, asked: Asked) -> Answer:
        answered = super().answer(asked)
        if asked.path == "/register.htm":
            with contextlib.suppress(threading.BrokenBarrierError):
                self._both.wait(1)
        return answered


def test_a_printer_with_two_names_in_the_inventory_is_pressed_once(server_tls: ssl.SSLContext, ca_path: str) -> None:
    """Each name has a session of its own, so that neither waits for the other's writes."""
    printer = ReadTwice()
    with serve(printer.answer, server_tls) as server, ThreadPoolExecutor(2) as tasks:
        it = Bench(printer, server, ca_path, RunStore())
        for host in ("127.0.0.1", "localhost"):
            assert it.run(INFO, host=host)["device"]["serial"] == printer.serial
        printer.asked.clear()
        results = list(tasks.map(lambda host: it.run(TASK, host=host, **WAIT), ("127.0.0.1", "localhost")))
    assert [result.get("failed") for result in results] == [None, None], results
    assert printer.asked.count("POST register.cgi") == 1, "one would be sent in vain, or press twice"
    assert sorted(result["pressed"] for result in results) == [False, True]


def test_a_write_that_is_refused_while_nothing_changes_is_busy(it: Bench) -> None:
    it.printer.busy = True
    result = it.run(TASK, **WAIT)
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "busy", False)
    assert result["pressed"] is False


def test_an_error_that_another_session_brought_about_is_shown_with_its_text(it: Bench) -> None:
    it.printer.after_read["register.htm", 1] = becomes(it, state="requested")
    it.printer.after_read["register.htm", 3] = becomes(it, state="failed", message="Error while registering")
    result = it.run(TASK, **{**WAIT, "wait_timeout": 5})
    assert (result["outcome"], result["registration"]["text"]) == ("failed", "Error while registering")
    assert "service technician" in result["advice"]


def test_a_form_that_is_gone_without_a_change_is_a_page_that_does_not_fit(it: Bench) -> None:
    it.printer.button = ""
    result = it.run(TASK, **WAIT)
    assert result["outcome"] == "failed"
    assert "has nothing to submit" in result["reason"]


ADDRESSES = {
    "script": "javascript:alert(1)",
    "other host": "https://evil.example/register/abc",
    "user": "https://home.example.com@evil.example/x",
    "bidi": "https://home.example.com/\u202egnp.exe",
    "long": "https://home.example.com/" + "a" * 3000,
    "port": "https://home.example.com:99999/x",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
@pytest.mark.parametrize("state", ["unregistered", "awaiting_claim"])
def test_an_address_that_must_not_be_opened_reaches_nobody(it: Bench, tmp_path: Path, state: str, address: str) -> None:
    it.printer.state, it.printer.address = state, address
    files: dict[str, Any] = {"address_file": str(tmp_path / "a"), "qr_path": str(tmp_path / "a.svg")}
    result = it.run(TASK, return_address=True, **files, **WAIT)
    assert (result["failed"], result["outcome"]) == (True, "failed"), result
    assert result["advice"].startswith("Do not open it.")
    assert "registration" not in result
    assert address not in str(result)
    assert list(tmp_path.iterdir()) == []


def test_the_host_is_shown_beside_an_address_that_may_be_opened(it: Bench, tmp_path: Path) -> None:
    result = it.run(TASK, qr_path=str(tmp_path / "a.svg"), **WAIT)
    assert result["registration"]["address_host"] == "home.example.com"
    assert "home.example.com" in result["advice"]
    assert "home.example.com" in (tmp_path / "a.svg").read_text()
    assert ADDRESS not in str(result)


@pytest.mark.parametrize("check_mode", [False, True])
def test_nothing_is_pressed_while_no_host_is_known(it: Bench, check_mode: bool) -> None:
    result = it.run(TASK, check_mode=check_mode)
    assert "printops_address_hosts" in result["advice"]
    assert (it.printer.presses, result["failed"], result["changed"]) == (0, True, False)


def test_the_host_of_the_tenant_is_known(it: Bench) -> None:
    result = it.run(TASK, tenant_url="https://Home.example.com:8443/x")
    assert result["registration"]["state"] == "awaiting_claim"


def test_a_link_never_leads_to_an_administration_site(it: Bench) -> None:
    result = it.run(TASK, site_url="https://Home.example.com:8443/x")
    assert (it.printer.presses, result["failed"]) == (0, True)


def test_an_entry_of_the_list_that_is_no_host_is_named_before_anything_is_asked(it: Bench) -> None:
    result = it.run(TASK, address_hosts=["https://home.example.com/"])
    assert "printops_address_hosts" in result["reason"]
    assert it.printer.presses == 0


def test_nothing_is_pressed_whose_address_cannot_be_kept(it: Bench, tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("")
    (tmp_path / "a").symlink_to(tmp_path / "theirs")
    result = it.run(TASK, address_file=str(tmp_path / "a"), **WAIT)
    assert "symbolic link" in result["reason"]
    assert it.printer.asked == []


@contextmanager
def no_room() -> Iterator[None]:
    """The system refuses to write files, as a full disk does."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limit[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("option", ["address_file", "qr_path"])
def test_nothing_is_pressed_on_a_full_disk(it: Bench, tmp_path: Path, option: str) -> None:
    file: dict[str, Any] = {option: str(tmp_path / "new" / "a.svg")}
    with no_room():
        result = it.run(TASK, **file, **WAIT)
    assert "cannot be written" in result["reason"], result
    assert (it.printer.presses, result["changed"], result["pressed"]) == (0, False, False)
    assert list((tmp_path / "new").iterdir()) == []


def test_nothing_is_pressed_whose_address_may_not_be_kept(it: Bench, tmp_path: Path) -> None:
    """A person would have to open it, and the machine of the run is thrown away."""
    refused = it.run(TASK, keep_address=False, address_file=str(tmp_path / "a"), **WAIT)
    assert (refused["failed"], refused["outcome"]) == (True, "not_tried"), refused
    assert "onboard_addresses" in refused["advice"]
    assert it.printer.presses == 0
    it.printer.state = "awaiting_claim"  # pressed by an earlier run
    result = it.run(TASK, keep_address=False, address_file=str(tmp_path / "a"), qr_path=str(tmp_path / "a.svg"), **WAIT)
    assert result["registration"]["state"] == "awaiting_claim"
    assert list(tmp_path.iterdir()) == []
