# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How printer and tenant come together: by a person's sign-in and by the JSON interface of PRISMA Home."""

from __future__ import annotations

import httpx
from support.home import browser_at, person_of, sign_in, submit, text_of

from .conftest import Simulator


def person(simulator: Simulator, address: str, tenant: str, role: str = "Administrator") -> tuple[httpx.Client, str]:
    """Open the address, sign in as a person of that tenant; the client and the page that follows."""
    client = browser_at(simulator.ready)
    return client, sign_in(client, address, person_of(simulator.ready, tenant, role)).text


def test_a_person_registers_a_printer(simulator: Simulator) -> None:
    browser = simulator.browser("french-2")
    browser.sign_in()
    address = browser.address()
    assert browser.client.get("registration/qr.png").content.startswith(b"\x89PNG")
    client, page = person(simulator, address, "alpha", "Employee")
    assert "Your role is Employee, which reads only." in page
    client, page = person(simulator, address, "alpha")
    assert 'id="registered"' in page
    assert browser.value("register.htm", "regState") == "enregistré"
    assert "Print shop Alpha" in browser.get("register.htm")
    serial = simulator.printer("french-2")["serial"]
    assert serial in client.get(f"/devices?q={serial}").text
    tested = submit(client, client.get(f"/devices/{serial}"), "test")
    assert text_of(tested, "test-result") == "passed"
    assert client.get(address).status_code == 404
    page_of_device = client.get(f"/devices/{serial}")
    assert text_of(submit(client, page_of_device, "location", location="Hall 2"), "message") == "The change was saved."
    assert 'id="enable"' in submit(client, page_of_device, "disable").text
    seen = simulator.home().get(f"devices/{serial}").json()
    assert (seen["location"], seen["enabled"], seen["communicationType"]) == ("Hall 2", False, "Native")
    submit(client, client.get("/devices"), "log-out")
    assert 'id="sign-in"' in client.get("/devices").text
    assert simulator.audit("alpha").count("device_changed") == 2


def test_claiming_by_the_interface(simulator: Simulator) -> None:
    browser, home = simulator.browser("plain-5"), simulator.home()
    serial = simulator.printer("plain-5")["serial"]
    browser.sign_in()
    address = browser.address()
    answer = home.post("claims", json={"address": address})
    assert (answer.status_code, answer.json()["serialNumber"]) == (202, serial)
    for offset, status in ((-60, "connecting"), (60, "connected")):
        simulator.control("POST", "clock", json={"offset": offset})
        assert home.get(f"devices/{serial}").json()["status"] == status
    simulator.control("POST", "clock", json={"offset": 0})
    assert home.post("claims", json={"address": address}).status_code == 404
    switched = home.patch(f"devices/{serial}/applications/prismacolor-manager", json={"enabled": True}).json()
    assert switched["enabled"] is True
    assert home.post(f"devices/{serial}/test").json()["result"] == "passed"
    assert home.delete(f"devices/{serial}").status_code == 204
    assert browser.value("register.htm", "regState") == "not registered"


def test_printer_of_another_tenant(simulator: Simulator) -> None:
    browser, home = simulator.browser("taken"), simulator.home()
    browser.sign_in()
    assert browser.value("register.htm", "regState") == "not registered"
    address = browser.address()
    refused = home.post("claims", json={"address": address})
    assert (refused.status_code, refused.json()["code"]) == (409, "owned_by_other")
    assert home.post("claims", json={"address": address, "takeOver": True}).status_code == 202
    serial = simulator.printer("taken")["serial"]
    assert simulator.home(1).get(f"devices/{serial}").status_code == 404


def test_a_person_takes_a_registered_printer_over(simulator: Simulator) -> None:
    browser = simulator.browser("taken-registered")
    browser.sign_in()
    assert browser.value("register.htm", "regState") == "registered"
    address = browser.address()
    client, _page = person(simulator, address, "alpha")
    asked = client.get(address)
    assert text_of(submit(client, asked, "take-over"), "stays").endswith("Nothing was changed.")
    assert 'id="registered"' in submit(client, asked, "take-over", takeOver="yes").text
    assert "Print shop Alpha" in browser.get("register.htm")


def test_unregistering_at_the_printer_asks_first(simulator: Simulator) -> None:
    browser, home = simulator.browser("already"), simulator.home()
    serial = simulator.printer("already")["serial"]
    browser.sign_in()
    question = browser.post("register.htm", "register.cgi", op="unregister")
    assert 'value="unregisterConfirmed"' in question
    assert home.get(f"devices/{serial}").status_code == 200
    browser.post("register.htm", "register.cgi", op="unregisterConfirmed")
    assert home.get(f"devices/{serial}").status_code == 404


def test_oauth(simulator: Simulator) -> None:
    client = simulator.client(simulator.ready["home"]["url"])
    shipped_profile = simulator.ready["tenants"][0]
    known = {"client_id": shipped_profile["client_id"], "client_secret": shipped_profile["client_secret"]}
    refused = client.post("/oauth/token", data={"grant_type": "client_credentials", **known, "client_secret": "x"})
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    token = client.post("/oauth/token", data={"grant_type": "client_credentials", **known}).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/me", headers=headers).json()["tenant"]["id"] == "alpha"
    assert client.get("/api/v1/tenants/beta/devices", headers=headers).status_code == 403
    client.post("/oauth/revoke", data={"token": token, **known})
    gone = client.get("/api/v1/me", headers=headers)
    assert gone.status_code == 401
    assert "invalid_token" in gone.headers["WWW-Authenticate"]
