# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How printer and tenant come together: by a person's sign-in and by the JSON interface of PRISMA Home."""

from __future__ import annotations

import re

import httpx

from .conftest import Simulator


def person(simulator: Simulator, address: str, tenant: int, who: int = 0) -> tuple[httpx.Client, str]:
    """Open the address, sign in as a person of that tenant; the client and the page that follows."""
    client = simulator.client(simulator.ready["home"]["url"])
    page = client.get(address).text
    fields = dict(re.findall(r'name="(token|next)" value="([^"]*)"', page))
    someone = simulator.ready["tenants"][tenant]["people"][who]
    answer = client.post("/sign-in", data={**fields, "email": someone["email"], "password": someone["password"]})
    return client, answer.text


def test_a_person_registers_a_printer(simulator: Simulator) -> None:
    browser = simulator.browser("french-2")
    browser.sign_in()
    address = browser.address()
    assert browser.client.get("registration/qr.png").content.startswith(b"\x89PNG")
    client, page = person(simulator, address, 0, who=1)
    assert "Only an administrator" in page
    client, page = person(simulator, address, 0)
    assert 'id="registered"' in page
    assert browser.value("register.htm", "regState") == "enregistré"
    assert "Print shop Alpha" in browser.get("register.htm")
    serial = simulator.printer("french-2")["serial"]
    assert serial in client.get("/devices").text
    tested = client.post(f"/devices/{serial}", data={"token": _token(client, serial), "do": "test"}).text
    assert "passed:" in tested
    assert client.get(address).status_code == 404
    switch = {"do": "switch", "application": "remote-match", "enabled": "yes"}
    client.post(f"/devices/{serial}", data={"token": _token(client, serial), **switch})
    client.post("/sign-out", data={"token": _token(client, serial)})
    assert 'id="sign-in"' in client.get("/devices").text
    assert "application_changed" in simulator.audit("alpha")


def _token(client: httpx.Client, serial: str) -> str:
    found = re.search(r'name="token" value="(\w+)"', client.get(f"/devices/{serial}").text)
    assert found
    return found[1]


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
    client, page = person(simulator, address, 0)
    token = re.search(r'name="token" value="(\w+)"', page.split('id="take-over"')[1])
    assert token
    assert 'id="registered"' in client.post(address, data={"token": token[1], "takeOver": "yes"}).text
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
