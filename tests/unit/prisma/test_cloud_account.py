# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts at a tenant whose application keeps its token in web storage: what is sent, refused, and said about them."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible_collections.printops.prisma.plugins.module_utils._prisma import home_device_info
from ansible_collections.printops.prisma.plugins.module_utils._prisma.contract import TENANT
from ansible_collections.printops.prisma.plugins.module_utils._prisma.task import Request, Task, execute
from ansible_collections.printops.prisma.plugins.module_utils._web.profile.profile import build_profile
from ansible_collections.printops.prisma.plugins.module_utils._web.session.session import Session
from ansible_collections.printops.prisma.plugins.module_utils._web.session.store import TaskStore
from ansible_collections.printops.prisma.plugins.modules.home_device import TASK as DEVICE
from ansible_collections.printops.prisma.plugins.modules.home_device_info import TASK as INFO
from unit.prisma.run_store import RunStore
from unit.web.loopback import Answer, Asked, Loopback, serve
from unit.web.tiny import as_json, html

TOKEN = "t0ken-of-web-storage"
DEVICES = {"steps": [{"get": "api/devices"}], "rows": "items", "complete": {"total": "total"}}
PROFILE: dict[str, Any] = {
    "schema": 1,
    "id": "loopback-home",
    "interface": "tenant",
    "title": "Loopback",
    "evidence": {"kind": "simulated", "note": "a test"},
    "match": {"steps": [{"get": ""}], "signs": [{"when": "title == 'Home'", "points": 1}], "enough": 1},
    "headers": {"Authorization": "Bearer ${access_token}"},
    "sign_in": {"method": "session", "check": [{"get": "api/me"}], "signed_in": "tenant"},
    "session": {"storage": {"kind": "local", "key": "session", "pick": "token", "expires": "ends"}},
    "session_ended": {"status": 401},
    "read": {
        "whoami": {"steps": [{"get": "api/me"}], "fields": {"tenant": "tenant", "role": "role"}},
        "devices": {
            **DEVICES,
            "fields": {"serial": "serial", "status": {"pick": "status", "values": {"connected": ["connected"]}}},
        },
    },
    "write": {"delete_device": {"steps": [{"send": "DELETE", "path": "api/devices/${serial}"}]}},
}


@dataclass
class Home:
    tenant: str = "alpha"
    role: str = "administrator"
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    seconds: float = 0.0
    leaves: bool = False
    """Whether the browser goes to another tenant when a device is deleted."""
    devices: list[dict[str, str]] = field(default_factory=lambda: [{"serial": "SN1", "status": "connected"}])

    def answer(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path).path
        if path == "/":
            return html("<title>Home</title>")
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return as_json({}, 401)
        if path == "/api/me":
            time.sleep(self.seconds)
            return as_json({"tenant": self.tenant, "role": self.role})
        if asked.method == "DELETE":
            self.devices = self.devices[1:]
            if self.leaves:
                self.tenant, self.devices = "south", []
        return as_json({"items": self.devices, "total": len(self.devices)})


@dataclass
class HomeBench:
    """A tenant, and tasks there that share one store as those of a run do."""

    home: Home
    server: Loopback
    ca_path: str
    folder: Path
    store: TaskStore = field(default_factory=TaskStore)

    def session_file(self, *, lasts: float | None = None, token: str = TOKEN) -> str:
        """Write a session file whose token is valid for so many seconds."""
        entry = {"token": token, "ends": None if lasts is None else time.time() + lasts}
        origin = {
            "origin": self.server.url.rstrip("/"),
            "localStorage": [{"name": "session", "value": json.dumps(entry)}],
        }
        path = self.folder / "session.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps({"cookies": [], "origins": [origin]}), encoding="utf-8")
        return str(path)

    def run(self, task: Task = INFO, *, check: bool = False, **options: Any) -> dict[str, Any]:
        given = {"url": self.server.url, "tenant": "alpha", "ca_path": self.ca_path, "retries": 0, **options}
        checked = ModuleArgumentSpecValidator(task.argument_spec(), **task.rules).validate(given)
        assert not checked.error_messages, checked.error_messages
        self.request = Request(
            options=checked.validated_parameters,
            profile=build_profile(PROFILE, TENANT),
            printer="p1",
            store=self.store,
            check_mode=check,
        )
        return execute(task, self.request)

    @property
    def asked(self) -> list[str]:
        return [f"{each.method} {urlsplit(each.path).path}" for each in self.server.asked]


SIGN_IN = ["GET /", "GET /api/me", "GET /api/me"]
"""The look at the interface, the proof of the session, and whose tenant it is."""


@pytest.fixture
def it(server_tls: ssl.SSLContext, ca_path: str, tmp_path: Path) -> Iterator[HomeBench]:
    home = Home()
    with serve(home.answer, server_tls) as server:
        yield HomeBench(home, server, ca_path, tmp_path)


# --- methods ---


def test_a_token_of_web_storage_reads_the_tenant_and_is_a_secret(it: HomeBench) -> None:
    found = it.run(session_file=it.session_file())
    assert [device["serial"] for device in found["devices"]] == ["SN1"]
    assert (found["sign_in"], found["session_ends"]) == ("session_file", None)
    assert TOKEN in it.request.secrets()
    assert it.asked == [*SIGN_IN, "GET /api/devices"]


def test_a_bearer_token_does_so_too(it: HomeBench) -> None:
    found = it.run(bearer_token=TOKEN)
    assert (found["sign_in"], len(found["devices"])) == ("bearer_token", 1)


def test_every_request_asks_for_english(it: HomeBench) -> None:
    it.run(session_file=it.session_file())
    assert {each.headers.get("accept-language") for each in it.server.asked} == {"en"}


@pytest.mark.parametrize(
    ("options", "outcome", "said"),
    [
        ({}, "failed", "no option or variable gives a method to sign in to PRISMA Home"),
        ({"username": "jo@example.com", "password": "secret"}, "unsupported", "no sign-in with user name and password"),
        ({"client_id": "id", "client_secret": "secret"}, "unsupported", "no client credentials"),
        ({"bearer_token": "a", "refresh_token": "b"}, "failed", "refresh_token, bearer_token"),
        ({"bearer_token": "two\nlines"}, "failed", "a character that no token has"),
        ({"username": "jo@example.com"}, "unsupported", "no sign-in with user name and password"),
        ({"refresh_token": "a"}, "failed", "a refresh token needs issuer and client_id"),
        ({"session_file": "/nowhere/session.json"}, "failed", "there is no session_file"),
    ],
)
def test_a_method_that_cannot_work_is_refused_before_any_request(
    it: HomeBench, options: dict[str, Any], outcome: str, said: str
) -> None:
    result = it.run(**options)
    assert (result["failed"], result["outcome"]) == (True, outcome), result
    assert said in result["msg"]
    assert "printops_tenant_" in result["advice"] or "cloud=tenant" in result["advice"]
    assert ("prisma-home-application" in result["advice"]) is ("client_secret" in options)
    assert it.asked == []


def test_client_credentials_are_only_used_without_another_method(it: HomeBench) -> None:
    found = it.run(session_file=it.session_file(), client_id="id", client_secret="secret")
    assert found["sign_in"] == "session_file"


# --- sessions that end ---


def test_an_expired_session_is_auth_failed_before_any_request(it: HomeBench) -> None:
    result = it.run(session_file=it.session_file(lasts=-1))
    assert (result["failed"], result["outcome"]) == (True, "auth_failed")
    assert "the session expired at 20" in result["msg"]
    assert "printops.prisma.sign_in -e cloud=tenant" in result["advice"]
    assert it.asked == []


def test_a_session_that_the_tenant_has_ended_is_auth_failed_once(it: HomeBench) -> None:
    it.home.tokens.clear()
    for _task in range(2):
        result = it.run(session_file=it.session_file())
        assert (result["failed"], result["outcome"]) == (True, "auth_failed")
        assert "printops.prisma.sign_in -e cloud=tenant" in result["advice"]
    assert it.asked == ["GET /", "GET /api/me"]


def test_no_printer_is_deleted_of_the_tenant_that_the_browser_went_to_since(it: HomeBench) -> None:
    """Given the session of a browser, in which a person goes to another tenant between two tasks of a run."""
    it.store = RunStore()
    how: dict[str, Any] = {"session_file": it.session_file()}
    assert it.run(**how)["devices"]
    it.home.tenant = "south"
    result = it.run(DEVICE, serial="SN1", state="absent", confirm_data_loss=True, **how)
    assert (result["failed"], result["changed"], len(it.home.devices)) == (True, False, 1), result
    assert "belongs to the tenant 'south', declared is 'alpha'" in result["msg"]


def test_the_devices_of_the_tenant_that_it_went_to_are_not_compared(it: HomeBench) -> None:
    it.store = RunStore()
    it.home.leaves = True
    it.home.devices.append({"serial": "SN2", "status": "connected"})
    how: dict[str, Any] = {"session_file": it.session_file()}
    result = it.run(DEVICE, serial="SN1", state="absent", confirm_data_loss=True, **how)
    assert (result["failed"], result["changed"], "gone" in result["details"]) == (True, True, False), result
    assert "belongs to the tenant 'south', declared is 'alpha'" in result["msg"]


def test_a_new_session_in_the_file_is_a_new_sign_in(it: HomeBench) -> None:
    it.home.tokens = {"another-token"}
    assert it.run(session_file=it.session_file())["outcome"] == "auth_failed"
    assert it.run(session_file=it.session_file(token="another-token"))["devices"]


# --- before printers are registered ---


def test_only_the_sign_in_is_checked_and_once_for_all_printers(it: HomeBench) -> None:
    for _printer in range(3):
        result = it.run(session_file=it.session_file(), sign_in_only=True, fleet_size=3)
        assert not result.get("failed"), result
        assert "devices" not in result
    assert it.asked.count("GET /api/devices") == 0


def test_a_session_that_ends_before_a_printer_is_registered_is_refused(it: HomeBench) -> None:
    how: dict[str, Any] = {"session_file": it.session_file(lasts=70), "sign_in_only": True}
    result = it.run(**how, fleet_size=1)
    assert (result["failed"], result["outcome"]) == (True, "auth_failed")
    assert "the session ends in 1 minute, and a printer needs about 3 minutes" in result["msg"]
    assert "printops.prisma.sign_in" in result["advice"]
    assert not it.run(**how).get("failed")  # nothing is registered


def test_a_session_that_the_tenant_ends_between_two_printers_stops_the_second(it: HomeBench) -> None:
    """Given a session that the run cannot renew, then the account is read again for each printer that comes later."""
    it.store = RunStore()
    how: dict[str, Any] = {"session_file": it.session_file(lasts=None), "sign_in_only": True, "fleet_size": 2}
    assert not it.run(**how).get("failed")
    it.home.tokens.clear()
    for _printer in range(2):
        ended = it.run(**how)
        assert (ended["failed"], ended["outcome"]) == (True, "auth_failed")
        assert "printops.prisma.sign_in -e cloud=tenant" in ended["advice"]


def test_printers_that_are_checked_at_once_share_a_reading_that_began_after_they_asked(it: HomeBench) -> None:
    it.store = RunStore()
    it.home.seconds = 0.3
    how: dict[str, Any] = {"session_file": it.session_file(), "sign_in_only": True, "fleet_size": 8}
    assert not it.run(**how).get("failed")
    before = len(it.asked)
    with ThreadPoolExecutor(8) as pool:
        assert not any(result.get("failed") for result in pool.map(lambda _printer: it.run(**how), range(8)))
    # The first reading had begun when the others asked; one more is for all of them.
    assert it.asked[before:].count("GET /api/me") == 2


def test_while_the_tenant_hangs_printers_that_are_checked_at_once_fail_within_the_time_of_one(it: HomeBench) -> None:
    """Given a tenant that answers no more, then those that wait for one another do not each have their whole time."""
    it.store = RunStore()
    how: dict[str, Any] = {"session_file": it.session_file(), "sign_in_only": True, "fleet_size": 6}
    assert not it.run(**how).get("failed")
    it.home.seconds = 1.5
    began = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda _printer: it.run(**how, timeout=1, deadline=1.5), range(6)))
    assert time.monotonic() - began < 4, "not six times as long as one alone"
    assert {result["outcome"] for result in results} == {"timeout"}, results


def test_an_account_that_signs_in_again_by_itself_is_read_once_for_printers_that_follow(
    it: HomeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "renews", True)
    it.store = RunStore()
    how: dict[str, Any] = {"session_file": it.session_file(), "sign_in_only": True, "fleet_size": 3}
    for _printer in range(3):
        assert not it.run(**how).get("failed")
    assert it.asked == SIGN_IN


def test_the_session_of_one_account_says_nothing_of_another_one(it: HomeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given two tokens, which have one name for people, then that one was seen to be open does not do for the other."""
    monkeypatch.setattr(Session, "renews", True)
    monkeypatch.setattr(home_device_info, "ACCOUNT_AGE", 0.3)
    it.store = RunStore()
    it.home.tokens.add("an0ther-token")
    how: dict[str, Any] = {"sign_in_only": True, "fleet_size": 2}
    for token in (TOKEN, "an0ther-token"):
        assert not it.run(**how, session_file=it.session_file(token=token)).get("failed")
    time.sleep(0.4)
    it.home.tokens.discard("an0ther-token")
    assert not it.run(**how, session_file=it.session_file()).get("failed")
    assert it.run(**how, session_file=it.session_file(token="an0ther-token"))["outcome"] == "auth_failed"


def test_a_session_that_ends_before_the_printer_s_turn_is_refused(it: HomeBench) -> None:
    how: dict[str, Any] = {"session_file": it.session_file(lasts=200), "sign_in_only": True, "at_once": 5}
    assert not it.run(**how, fleet_size=25, position=4).get("failed")
    waits = it.run(**how, fleet_size=25, wait_timeout=300)
    assert "it may take 5 minutes until a printer is claimed (onboard_wait_timeout)" in waits["reason"]
    late = it.run(**how, fleet_size=25, position=24)
    assert (late["failed"], late["outcome"]) == (True, "auth_failed")
    assert "it may take 4 minutes until this printer, number 25 of its wave, is claimed" in late["reason"]


def test_a_session_that_ends_before_all_are_registered_is_said_once(it: HomeBench) -> None:
    how: dict[str, Any] = {"session_file": it.session_file(lasts=1230), "sign_in_only": True, "at_once": 50}
    (warning,) = it.run(**how, fleet_size=400)["warnings"]
    assert warning.startswith("the session ends in 20 minutes, and 400 printers need about 24 minutes")
    assert "warnings" not in it.run(**how, fleet_size=300)


# --- an account that only reads ---


def test_an_employee_reads(it: HomeBench) -> None:
    it.home.role = "employee"
    assert it.run(session_file=it.session_file())["devices"]


@pytest.mark.parametrize("check", [True, False])
def test_an_employee_is_told_what_it_may_not_before_anything_is_written(it: HomeBench, check: bool) -> None:
    it.home.role = "employee"
    how: dict[str, Any] = {"session_file": it.session_file()}
    registering = it.run(**how, check=check, sign_in_only=True, fleet_size=1)
    deleting = it.run(DEVICE, **how, check=check, serial="SN1", state="absent", confirm_data_loss=True)
    for result in (registering, deleting):
        assert result["failed"]
        assert "is an Employee of the tenant 'alpha'" in result["msg"]
        assert "Administrator" in result["advice"]
    assert not deleting["changed"]
    assert {each.method for each in it.server.asked} == {"GET"}


def test_an_administrator_writes(it: HomeBench) -> None:
    it.store = TaskStore()
    done = it.run(DEVICE, session_file=it.session_file(), serial="SN1", state="absent", confirm_data_loss=True)
    assert done["changed"], done
    assert it.home.devices == []


# --- what is left of a printer that is registered ---


@pytest.mark.parametrize("text", ["https://elsewhere.example.com/register/made-up-code-42\n", "no address at all\n"])
@pytest.mark.parametrize(("there", "outcome"), [(True, None), (False, "owned_by_other")])
def test_the_file_of_a_registered_printer_is_not_read_but_removed(
    it: HomeBench, text: str, there: bool, outcome: str | None
) -> None:
    left = it.folder / "p1.address"
    left.write_text(text, encoding="utf-8")
    if not there:
        it.home.devices.clear()
    how: dict[str, Any] = {"serial": "SN1", "address_file": str(left), "printer_registered": True}
    how["session_file"] = it.session_file()
    assert it.run(DEVICE, check=True, **how).get("outcome") == outcome
    assert left.exists(), "check mode leaves it"
    result = it.run(DEVICE, **how)
    assert (result.get("outcome"), result["changed"], result["address_spent"]) == (outcome, False, True), result
    assert not left.exists()
