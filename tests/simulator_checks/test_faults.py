# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a test asks for really happen, to that request and as often as was asked."""

from __future__ import annotations

import email.utils
import json
import time
from typing import Any

import httpx
import pytest

from .conftest import Simulator


def fault(simulator: Simulator, target: str, path: str, name: str, **options: Any) -> None:
    simulator.control(
        "POST", "faults", json={"target": target, "path": path, "fault": name, "times": 1, "options": options}
    )


def test_status_with_retry_after(simulator: Simulator) -> None:
    browser = simulator.browser("plain-6")
    fault(simulator, "plain-6", "^top", "status", status=429, retry_after=7)
    fault(simulator, "plain-6", "^top", "status", status=503, retry_after_date=60)
    answer = browser.client.get("top.htm")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    answer = browser.client.get("top.htm")
    assert email.utils.parsedate_to_datetime(answer.headers["Retry-After"]).timestamp() > time.time() + 50
    assert browser.client.get("top.htm").status_code == 200


def test_a_fault_begins_after_another_request(simulator: Simulator) -> None:
    browser = simulator.browser("plain-6")
    order = {"target": "plain-6", "path": "^top", "fault": "status", "times": 1, "options": {"status": 503}}
    simulator.control("POST", "faults", json={**order, "after": "^login", "skip": 1})
    assert [browser.client.get(page).status_code for page in ("top.htm", "login.htm", "top.htm")] == [200, 200, 200]
    assert [browser.client.get("top.htm").status_code for _time in range(2)] == [503, 200]


def test_connection_is_really_dropped_before_and_after_the_write(simulator: Simulator) -> None:
    browser = simulator.browser("plain-6")
    browser.sign_in()
    browser.get("register.htm")
    for name, pressed in (("drop", 0), ("drop_after", 1)):
        fault(simulator, "plain-6", "register.cgi", name)
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            browser.post("register.htm", "register.cgi", op="register")
        assert simulator.audit("plain-6").count("register_pressed") == pressed


def test_pages_that_are_not_what_they_were(simulator: Simulator) -> None:
    browser = simulator.browser("plain-7")
    browser.sign_in()
    whole = browser.get("device.htm")
    fault(simulator, "plain-7", "^device", "truncate", fraction=0.5)
    assert whole.startswith(cut := browser.get("device.htm"))
    assert len(cut) < len(whole)
    fault(simulator, "plain-7", "^device", "label", **{"from": "Serial number", "to": "Serial no."})
    assert "Serial no." in browser.get("device.htm")
    started = time.monotonic()
    fault(simulator, "plain-7", "^device", "latency", seconds=0.3)
    browser.get("device.htm")
    assert time.monotonic() - started > 0.3
    fault(simulator, "plain-7", "^device", "second_writer")
    browser.get("device.htm")
    assert "msg-busy" in browser.post("register.htm", "register.cgi", op="register")
    fault(simulator, "plain-7", "^device", "expired_session")
    answer = browser.client.get("device.htm")
    assert (answer.status_code, "frmLogin" in answer.text) == (200, True)
    fault(simulator, "plain-7", "^login", "session_limit")
    assert "msg-session-limit" in browser.sign_in()
    simulator.control("PATCH", "printers/plain-7", json={"expire_sessions": True})
    fault(simulator, "plain-7", "^login", "lock")
    assert "msg-locked" in browser.sign_in()


def test_list_of_two_pages_and_its_lost_second(simulator: Simulator) -> None:
    home = simulator.home(1)
    for name in ("plain-7", "plain-8", "waiting"):
        simulator.control("PATCH", f"printers/{name}", json={"trouble": "owned_by_other"})
    first = home.get("devices").json()
    second = home.get("devices", params={"cursor": first["next"]}).json()
    assert len(first["items"]) == 2
    assert second["items"][0]["serialNumber"] > first["items"][1]["serialNumber"]
    assert first["total"] >= 3
    fault(simulator, "home", "devices", "lost_page")
    lost = home.get("devices").json()
    assert (lost["next"], lost["total"], len(lost["items"])) == (None, first["total"], 2)


def test_unknown_keys_are_named(simulator: Simulator) -> None:
    with pytest.raises(httpx.HTTPStatusError) as caught:
        simulator.control("POST", "faults", json={"fault": "drop", "tmies": 2})
    assert "tmies" in json.loads(caught.value.response.text)["message"]
