# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sessions claim the same printer: who comes second finds it in the tenant, and that is no failure."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.printops.prisma.plugins.module_utils._prisma.address_files import write_address
from ansible_collections.printops.prisma.plugins.module_utils._prisma.registration_address import address_key
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.modules.home_device_info import TASK as INFO
from unit.prisma.home_loopback import SERIAL, SHOWN, Home, HomeBench
from unit.prisma.run_store import RunStore
from unit.web.loopback import ELSEWHERE, Answer, Asked, serve


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[HomeBench]:
    home = Home()
    with serve(home.answer, server_tls) as server:
        yield HomeBench(home, server, ca_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "p1.address"
    write_address(str(path), "https://127.0.0.1/register/made-up-code", SERIAL)
    return path


@pytest.mark.parametrize("pages_known", [True, False])
def test_no_reading_is_spent_on_a_printer_that_has_just_been_claimed(
    it: HomeBench, file: Path, *, pages_known: bool
) -> None:
    """It begins to connect then. Where the list is one page, one reading of it serves all that wait."""
    it.store = TaskStore()
    it.home.connects_in = 0.1
    if pages_known:
        it.run(check_mode=True, list_max_age=60, address_pending=True)
    result = it.run(address_file=str(file), wait_sleep=0.3, wait_timeout=5)
    assert (result.get("failed"), result["device"]["status"]) == (None, "connected"), result
    after = it.home.asked[it.home.asked.index("POST /api/v1/tenants/alpha/claims") :]
    assert len([line for line in after if "/devices" in line]) == 1, after


def test_a_list_that_grows_with_each_claim_of_the_run_hides_no_printer(it: HomeBench, file: Path) -> None:
    """Given a list that fitted one page when the run began, and other printers that are claimed while it is read."""
    it.store = TaskStore()
    it.run(check_mode=True, list_max_age=60, address_pending=True)
    it.home.grows = True
    result = it.run(address_file=str(file), wait_timeout=5)
    assert (result.get("failed"), result["device"]["status"]) == (None, "connected"), result
    assert it.run(list_max_age=0.001)["changed"] is False


def test_a_list_that_changes_whenever_it_is_read_is_busy_and_no_fault_of_the_profile(it: HomeBench) -> None:
    it.home.grows = True
    result = it.run_task(INFO, {})
    assert (result["failed"], result["outcome"]) == (True, "busy"), result
    assert "run again when less is going on" in result["advice"]


def test_a_wait_shorter_than_a_pause_ends_with_a_look(it: HomeBench, file: Path) -> None:
    result = it.run(address_file=str(file), wait_sleep=60, wait_timeout=0.2)
    assert (result.get("failed"), result["device"]["status"]) == (None, "connected"), result


def test_a_printer_is_claimed_once(it: HomeBench, file: Path) -> None:
    result = it.run(address_file=str(file))
    assert (result.get("failed"), result["claimed"], result["changed"]) == (None, True, True), result
    assert not file.exists()
    again = it.run(address_file=str(file))
    assert (again["claimed"], again["changed"]) == (False, False)
    assert it.home.asked.count("POST /api/v1/tenants/alpha/claims") == 1


class ReadTwice(Home):
    """A tenant that two tasks have asked for the printer before one of them gets the answer."""

    def __init__(self) -> None:
        super().__init__(connects_in=0.2)
        self._both = threading.Barrier(2)

    def answer(self, asked: Asked) -> Answer:
        answered = super().answer(asked)
        if "/devices/" in asked.path and not self.has_printer:
            self._both.wait(5)
        return answered


def test_a_printer_with_two_names_in_the_inventory_is_claimed_once(
    server_tls: ssl.SSLContext, ca_path: str, tmp_path: Path
) -> None:
    """Both tasks have read that the tenant does not have it, before one of them claims it."""
    home = ReadTwice()
    files = [tmp_path / "p1.address", tmp_path / "p2.address"]
    for file in files:
        write_address(str(file), "https://127.0.0.1/register/made-up-code", SERIAL)
    with serve(home.answer, server_tls) as server, ThreadPoolExecutor(2) as tasks:
        bench = HomeBench(home, server, ca_path, RunStore())
        results = list(tasks.map(lambda file: bench.run(address_file=str(file), wait_timeout=5), files))
    assert [result.get("failed") for result in results] == [None, None], results
    assert sorted(result["claimed"] for result in results) == [False, True]
    assert home.asked.count("POST /api/v1/tenants/alpha/claims") == 1


def test_a_printer_that_still_connects_is_not_claimed_again_under_its_other_name(it: HomeBench, tmp_path: Path) -> None:
    it.store, it.home.connects_in = RunStore(), 60
    files = [tmp_path / "p1.address", tmp_path / "p2.address"]
    for file in files:
        write_address(str(file), "https://127.0.0.1/register/made-up-code", SERIAL)
    results = [it.run(address_file=str(file), wait=False) for file in files]
    assert [result["claimed"] for result in results] == [True, False], results
    assert it.home.asked.count("POST /api/v1/tenants/alpha/claims") == 1
    write_address(str(files[0]), "https://127.0.0.1/register/another-code", SERIAL)
    assert it.run(address_file=str(files[0]), wait=False)["claimed"], "it was unregistered meanwhile"


def test_a_status_that_the_profile_does_not_know_is_not_taken_for_connected(it: HomeBench, file: Path) -> None:
    """Given a tenant in another language, whose word for connecting is not in the profile."""
    it.home.status, it.home.reconnects = "Wird verbunden", False
    result = it.run(address_file=str(file))
    assert (result["failed"], result["outcome"], result["claimed"]) == (True, "failed", True)
    assert "a status that the profile prisma-home-application does not know" in result["reason"]


def test_an_application_whose_text_says_no_is_not_taken_for_enabled(
    it: HomeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a profile that reads the text and does not compare it: "No" would count as true."""
    monkeypatch.setitem(SHOWN, "applications", [{"id": "prismalytics-dashboard", "enabled": "No", "licensed": True}])
    it.home.has_printer = True
    result = it.run(applications={"prismalytics-dashboard": True})
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "failed", False)
    assert "reads 'No' where it must read true or false: applications.enabled" in result["reason"]


@pytest.mark.parametrize("status", [404, 409])
def test_what_another_session_has_claimed_is_there(it: HomeBench, file: Path, status: int) -> None:
    it.home.meanwhile = {"has_printer": True, "claim_status": status}
    result = it.run(address_file=str(file))
    assert not result.get("failed"), result
    assert (result["claimed"], result["changed"], result["device"]["status"]) == (False, False, "connected")
    assert not file.exists()


@pytest.mark.parametrize("late", [{"printer_registered": True}, {}])
def test_a_shared_reading_from_before_another_run_claimed_refuses_nobody(it: HomeBench, late: dict[str, Any]) -> None:
    """The list was read before [Register]; meanwhile another run has claimed the printer, so no address is shown."""
    it.store = TaskStore()
    it.store.outlives_task = True
    ahead = it.run(check_mode=True, address_pending=True, list_max_age=60)
    assert not ahead.get("failed"), ahead
    it.home.has_printer = True
    result = it.run(list_max_age=60, **late)
    assert not result.get("failed"), result
    assert (result["claimed"], result["changed"], result["device"]["status"]) == (False, False, "connected")


def test_looking_for_a_printer_shares_the_list_and_asks_again_before_it_says_that_it_is_missing(it: HomeBench) -> None:
    """The list was read before another run claimed the printer; for one that is missing [Register] would be pressed."""
    it.store = TaskStore()
    it.store.outlives_task = True
    look = {"serials": [SERIAL], "list_max_age": 60}
    assert it.run_task(INFO, look)["missing"] == [SERIAL]
    it.home.has_printer = True
    found = it.run_task(INFO, look)
    assert ([row["serial"] for row in found["devices"]], found["missing"]) == ([SERIAL], [])
    it.run_task(INFO, {})
    it.home.asked.clear()
    assert it.run_task(INFO, look)["missing"] == []
    assert not [line for line in it.home.asked if "/devices" in line], "the list is there already"


def test_whoever_looks_for_a_printer_is_warned_of_its_rows_alone(it: HomeBench) -> None:
    it.home.has_printer, it.home.others = True, [{**SHOWN, "serialNumber": None, "deviceId": "virtual"}]
    assert "without a serial number" in it.run_task(INFO, {})["warnings"][0]
    for more in ({}, {"list_max_age": 60}):
        assert "warnings" not in it.run_task(INFO, {"serials": [SERIAL], **more})


@pytest.mark.parametrize(("late", "outcome"), [({"printer_registered": True}, "owned_by_other"), ({}, "failed")])
def test_what_a_fresh_reading_lacks_too_is_refused(it: HomeBench, late: dict[str, Any], outcome: str) -> None:
    result = it.run(list_max_age=60, **late)
    assert (result["failed"], result["outcome"]) == (True, outcome)


def test_what_an_earlier_run_claimed_is_waited_for_until_it_is_connected(it: HomeBench) -> None:
    """Given that run ended before the printer was connected: the claim is not this run's, the waiting is."""
    it.home.has_printer, it.home.claimed_at, it.home.connects_in = True, time.monotonic(), 3600
    registered: dict[str, Any] = {"printer_registered": True, "list_max_age": 60}
    planned = it.run(check_mode=True, wait=False, **registered)
    assert ("pending" in planned, planned["claimed"], planned["changed"]) == (False, False, False)
    found = it.run(wait=False, **registered)
    assert (found.get("failed"), found["pending"], found["claimed"], found["changed"]) == (None, True, False, False)
    late = it.run(claimed=True, wait_timeout=0.1)
    assert (late["failed"], late["outcome"], late["changed"]) == (True, "timeout", False), late
    it.home.connects_in = 0
    done = it.run(claimed=True, wait_timeout=5)
    assert (done.get("failed"), done["claimed"], done["changed"]) == (None, False, False), done
    assert ("pending" in done, done["device"]["status"]) == (False, "connected")
    assert "POST /api/v1/tenants/alpha/claims" not in it.home.asked


def test_an_address_that_nobody_has_used_and_the_tenant_does_not_know_is_thrown_away(it: HomeBench, file: Path) -> None:
    """A printer that shows it still is not pressed by the next run: the advice promises no new address."""
    it.home.claim_status = 404
    result = it.run(address_file=str(file))
    assert (result["failed"], result["changed"], result["address_spent"]) == (True, False, True)
    assert result["advice"].startswith("Run again: the printer is then asked which address it shows.")
    assert not file.exists()


def test_an_address_that_another_run_has_got_meanwhile_is_not_thrown_away(it: HomeBench, file: Path) -> None:
    it.home.claim_status = 404
    it.store = TaskStore()
    it.store.save(address_key(SERIAL), {"address": "https://127.0.0.1/register/an-older-code"})
    result = it.run(address_file=str(file))
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["advice"] == "Run again: another run has got a new address meanwhile, which is then used."
    it.home.claim_status = 201
    again = it.run(address_file=str(file))
    assert (again.get("failed"), again["claimed"]) == (None, True)
    assert not file.exists()


# --- a printer that the tenant lists, and that is not registered by what it shows itself ---

CLAIMS = "POST /api/v1/tenants/alpha/claims"


@pytest.mark.parametrize("status", ["disconnected", "connected"])
def test_a_listed_printer_whose_address_waits_is_claimed_with_it(it: HomeBench, file: Path, status: str) -> None:
    """Given a controller that was reset, then the row of its earlier registration is no registration."""
    it.home.has_printer, it.home.status = True, status
    planned = it.run(address_file=str(file), check_mode=True)
    assert planned["plan"]["before"]["tenant"] == "listed, not registered"
    assert it.home.asked.count(CLAIMS) == 0
    result = it.run(address_file=str(file))
    assert (result.get("failed"), result["claimed"], result["changed"]) == (None, True, True), result
    assert (result["plan"], result["device"]["status"]) == (planned["plan"], "connected")
    assert not file.exists()
    again = it.run(address_file=str(file))
    assert (again["claimed"], again["changed"], it.home.asked.count(CLAIMS)) == (False, False, 1)


def test_before_register_it_is_known_that_a_listed_printer_will_be_claimed(it: HomeBench) -> None:
    it.home.has_printer = True
    assert it.run(check_mode=True, address_pending=True)["changed"]
    assert not it.run(check_mode=True)["changed"], "nothing tells of an address"


def test_a_printer_that_is_registered_and_listed_is_sent_nothing(it: HomeBench, file: Path) -> None:
    it.home.has_printer, it.home.status = True, "disconnected"
    result = it.run(address_file=str(file), printer_registered=True)
    assert (result.get("failed"), result["claimed"], result["changed"]) == (None, False, False), result
    assert (it.home.asked.count(CLAIMS), file.exists()) == (0, False)


@pytest.mark.parametrize("wait", [True, False])
def test_a_claim_of_a_listed_printer_that_stays_disconnected_is_no_registration(
    it: HomeBench, file: Path, *, wait: bool
) -> None:
    it.home.has_printer, it.home.status, it.home.reconnects = True, "disconnected", False
    result = it.run(address_file=str(file), wait=wait)
    if not wait:
        assert result["pending"]
        result = it.run(address_file=str(file), claimed=True)
    assert (result["failed"], result["outcome"]) == (True, "failed"), result
    assert "still shows it disconnected" in result["reason"]
    assert "left from an earlier registration" in result["advice"]
    assert file.exists()


@pytest.mark.parametrize("status", ["disconnected", "connected"])
def test_a_listed_printer_whose_claim_is_refused_keeps_its_address(it: HomeBench, file: Path, status: str) -> None:
    it.home.has_printer, it.home.status, it.home.claim_status = True, status, 400
    result = it.run(address_file=str(file))
    assert (result["failed"], result["outcome"], result["changed"]) == (True, "failed", False), result
    assert f"lists the printer {SERIAL} already ({status})" in result["reason"]
    assert "shows that it is not registered" in result["reason"]
    assert "left from an earlier registration" in result["advice"]
    assert (file.exists(), "address_spent" in result) == (True, False)


@pytest.mark.parametrize(("status", "outcome"), [("disconnected", "failed"), ("connected", None)])
def test_an_address_that_the_tenant_knows_no_more_was_used_if_the_printer_is_connected(
    it: HomeBench, file: Path, status: str, outcome: str | None
) -> None:
    """Given a claim of another session, or one whose answer was lost. The address is of no use in either case."""
    it.home.has_printer, it.home.status, it.home.claim_status = True, status, 404
    result = it.run(address_file=str(file))
    assert (result.get("outcome"), result["changed"], result["address_spent"]) == (outcome, False, True), result
    assert not file.exists()


@pytest.mark.parametrize(("status", "failed"), [("disconnected", None), ("connected", True)])
def test_a_lost_claim_of_a_listed_printer_counts_if_its_status_shows_it(
    it: HomeBench, file: Path, status: str, failed: bool | None
) -> None:
    it.home.has_printer, it.home.status, it.home.instead = True, status, Answer(drop=True)
    result = it.run(address_file=str(file))
    assert (result.get("failed"), file.exists()) == (failed, bool(failed)), result
    it.home.instead, it.home.claim_status = None, 404
    again = it.run(address_file=str(file))
    assert (again.get("failed"), again["changed"], file.exists()) == (None, False, False), again


@pytest.mark.parametrize("answer", [Answer(drop=True), ELSEWHERE])
def test_a_claim_whose_answer_is_lost_counts(it: HomeBench, file: Path, answer: Answer) -> None:
    it.home.instead = answer
    result = it.run(address_file=str(file))
    assert (result.get("failed"), result["claimed"], result["changed"]) == (None, True, True), result
    assert it.home.asked.count("POST /api/v1/tenants/alpha/claims") == 1


def test_a_claim_that_leads_elsewhere_and_is_not_there_may_have_been_sent(it: HomeBench, file: Path) -> None:
    it.home.claim_status, it.home.instead = 409, ELSEWHERE
    result = it.run(address_file=str(file))
    assert (result["failed"], result["changed"]) == (True, True), result
    assert "elsewhere.example.net" in result["reason"]
    assert "printops_tenant_url" in result["advice"]
    assert file.exists()


def test_a_printer_that_another_session_has_deleted_is_gone(it: HomeBench) -> None:
    it.home.has_printer, it.home.meanwhile = True, {"has_printer": False}
    result = it.run(state="absent", confirm_data_loss=True)
    assert not result.get("failed"), result


@pytest.mark.parametrize("check_mode", [True, False])
def test_check_mode_promises_no_removal_and_no_claim_that_the_profile_cannot_make(
    it: HomeBench, file: Path, check_mode: bool
) -> None:
    it.without = ("delete_device", "claim")
    claims = it.run(address_file=str(file), check_mode=check_mode)
    assert "has no write 'claim'" in claims["reason"]
    it.home.has_printer = True
    deletes = it.run(state="absent", confirm_data_loss=True, check_mode=check_mode)
    assert "has no write 'delete_device'" in deletes["reason"]
    for result in (claims, deletes):
        assert (result["failed"], result["changed"], result["outcome"]) == (True, False, "unsupported")
    assert not [line for line in it.home.asked if line.startswith(("POST /api", "DELETE"))]


def test_two_profiles_of_one_tenant_share_no_list(it: HomeBench) -> None:
    """Given that one reads fields that the other does not."""
    it.store, it.home.has_printer = TaskStore(), True
    for profile in ("first", "second"):
        it.profile_id = profile
        it.run_task(INFO, {"serials": [SERIAL], "list_max_age": 60})
    assert it.home.asked.count("GET /api/v1/tenants/alpha/devices") == 2
