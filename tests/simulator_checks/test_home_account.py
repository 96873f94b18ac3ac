# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRISMA Home as its people use it: signing in, devices, subscriptions, people, two regions, and the application."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

import httpx
import pytest
from simulator_checks.conftest import Simulator, started
from support.home import browser_at, person_of, sign_in, submit, text_of

FLEET = """
- {count: 3, name: "here-{}", trouble: already}
- {name: claimed}
- {name: overseas, region: us, trouble: awaiting_claim}
- {name: at-home, trouble: awaiting_claim}
tenants:
- id: alpha
  name: Print shop Alpha
  people:
  - {email: administrator@alpha.example.com}
  - {email: employee@alpha.example.com, role: Employee}
  - {email: factor@alpha.example.com, second_factor: true}
  - {email: invited@alpha.example.com, role: Employee, state: pending}
  generated_people: 120
  accounts: [nobody@example.com]
  devices:
  - {name: virtual, location: Cloud}
  - {name: twice, printer: here-1}
  subscriptions:
  - {application: prismalytics-dashboard, devices: 2}
  - {application: prismacolor-manager, type: Device licence, devices: 3, ends: "", permanent: true}
- {id: beta, name: Print shop Beta}
- {id: gamma, name: Print shop Gamma, region: us}
"""
USERS = "/configuration/users"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Generator[Simulator]:
    with started(tmp_path_factory.mktemp("home"), FLEET) as running:
        yield running


@pytest.fixture(scope="module")
def browser(simulator: Simulator) -> httpx.Client:
    """An administrator's, signed in."""
    client = browser_at(simulator.ready)
    assert text_of(sign_in(client, "/", person_of(simulator.ready)), "person") == "administrator@alpha.example.com"
    return client


def people_of(simulator: Simulator) -> dict[str, dict[str, Any]]:
    return {one["email"].partition("@")[0]: one for one in simulator.ready["tenants"][0]["people"]}


# --- signing in ---


def signed_in_at(simulator: Simulator, tenant: str) -> httpx.Client:
    """Sign an administrator in at an address that says for which tenant."""
    client, someone = browser_at(simulator.ready), person_of(simulator.ready, tenant)
    page = client.get(f"/of/{tenant}/sign-in?next=/devices")
    page = submit(client, page, "account", email=someone["email"])
    page = submit(client, page, "password", password=someone["password"])
    assert text_of(submit(client, page, "stay", stay="no"), "person") == someone["email"]
    return client


def test_faults_and_requests_are_told_apart_by_tenant(simulator: Simulator) -> None:
    """Given two people signed in, then each request counts for its tenant, and the session of one can end alone."""
    simulator.control("DELETE", "counters")
    alpha, beta = signed_in_at(simulator, "alpha"), signed_in_at(simulator, "beta")
    rows = simulator.control("GET", "latest")
    assert {row["account"] for row in rows if row["path"] not in ("token", "jwks.json")} == {"alpha", "beta"}
    of_alpha = [f"{row['host']} {row['path']}" for row in rows if row["account"] == "alpha"]
    assert of_alpha == [
        "home sign-in",
        "oidc authorize",
        "oidc sign-in/account",
        "oidc sign-in/password",
        "oidc sign-in/stay",
        "oidc authorize",
        "home signed-in",
        "home devices",
    ]
    order = {"target": "home", "account": "alpha", "path": "^devices$", "fault": "expired_session"}
    simulator.control("POST", "faults", json=order)
    assert "<table" in beta.get("/devices").text
    assert "<table" not in alpha.get("/devices").text
    assert "<table" in beta.get("/devices").text


def test_the_provider_asks_step_by_step(simulator: Simulator) -> None:
    someone, client = person_of(simulator.ready), browser_at(simulator.ready)
    page = client.get("/devices")
    assert (page.status_code, "<table" in page.text) == (200, False)
    page = client.get("/sign-in?next=/devices")
    assert str(page.url).startswith(simulator.ready["home"]["oidc"]["issuer"])
    unknown = submit(client, page, "account", email="somebody@example.com")
    assert text_of(unknown, "login-error") == "This account does not exist."
    asked = submit(client, page, "account", email=someone["email"])
    assert 'name="email"' not in asked.text
    wrong = submit(client, asked, "password", password="wrong")
    assert text_of(wrong, "login-error").endswith("is not correct.")
    stay = submit(client, wrong, "password", password=someone["password"])
    assert 'id="stay"' in stay.text
    assert submit(client, stay, "stay", stay="yes").url.path == "/devices"
    again = browser_at(simulator.ready)
    again.cookies = client.cookies
    again.cookies.delete("homeSession")
    assert 'id="person"' in again.get("/sign-in").text, "the provider remembers who is signed in"


def test_a_second_factor_stands_between_password_and_session(simulator: Simulator) -> None:
    someone, client = people_of(simulator)["factor"], browser_at(simulator.ready)
    page = submit(client, client.get("/sign-in"), "account", email=someone["email"])
    page = submit(client, page, "password", password=someone["password"])
    assert "authenticator app" in text_of(page, "second-factor")
    skipped = client.post("https://" + page.url.netloc.decode() + "/sign-in/stay", data=_hidden(page))
    assert text_of(skipped, "login-error") == "This page is no longer valid."
    assert 'id="person"' in sign_in(client, "/", someone).text


def _hidden(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text.replace("&amp;", "&")))


def test_an_account_without_a_tenant_is_told(simulator: Simulator) -> None:
    accounts = [row["value"] for row in simulator.control("GET", "secrets") if row["kind"] == "account_password"]
    for password in accounts:  # the ready file lists people of tenants only
        page = sign_in(browser_at(simulator.ready), "/", {"email": "nobody@example.com", "password": password})
        if 'id="no-tenant"' in page.text:
            return
    pytest.fail("nobody@example.com was never told")


def test_each_region_has_its_own_people_and_addresses(simulator: Simulator, browser: httpx.Client) -> None:
    """domain.md, "Interfaces": hosts per region."""
    american = person_of(simulator.ready, "gamma")
    assert "another region" in text_of(sign_in(browser_at(simulator.ready), "/", american), "other-region")
    address = simulator.control("GET", "printers/overseas")["address"]
    assert address.startswith(simulator.ready["home"]["regions"]["us"])
    assert browser.get(httpx.URL(address).path).status_code == 404
    assert 'id="registered"' in sign_in(browser_at(simulator.ready, "us"), address, american).text
    assert simulator.control("GET", "printers/overseas")["owner"] == "gamma"


def test_a_session_ends(simulator: Simulator) -> None:
    client = browser_at(simulator.ready)
    sign_in(client, "/", person_of(simulator.ready))
    signed_in = simulator.control("GET", "sessions")["home_people"]
    assert {"email": "administrator@alpha.example.com", "tenant": "alpha", "role": "Administrator"} in signed_in
    simulator.control("POST", "clock", json={"offset": 2000})
    ended = text_of(client.get("/devices"), "session-ended")
    simulator.control("POST", "clock", json={"offset": 0})
    assert ended == "Your session has ended. Sign in again."


# --- devices and subscriptions ---


def _rows(client: httpx.Client, path: str) -> list[list[str]]:
    found, target = [], path
    while target:
        page = client.get(target).text
        for row in re.findall(r"<tr>(<td>.*?)</tr>", page):
            found.append([re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)])
        following = re.search(r'id="next"[^>]*href="([^"]*)"', page)
        target = path.partition("?")[0] + following[1].replace("&amp;", "&") if following else ""
    return found


def test_the_list_has_virtual_devices_and_doubles(simulator: Simulator, browser: httpx.Client) -> None:
    """domain.md, "PRISMA Home: devices"."""
    serial = simulator.printer("here-1")["serial"]
    rows = {tuple(row[index] for index in (0, 5, 12)) for row in _rows(browser, "/devices")}
    assert {("virtual", "", "Cloud Proxy"), ("twice", serial, "Cloud Proxy"), ("here-1", serial, "Native")} <= rows
    assert len(_rows(browser, f"/devices?q={serial}")) == 2
    listed = simulator.home().get("devices").json()
    assert [item["serialNumber"] for item in listed["items"] if item["name"] == "virtual"] in ([None], [])
    everything = simulator.control("GET", "tenants/alpha")["devices"]
    assert len(everything) == len(rows) == listed["total"]


def test_an_employee_reads_only(simulator: Simulator) -> None:
    client = browser_at(simulator.ready)
    sign_in(client, "/", person_of(simulator.ready, role="Employee"))
    serial = simulator.printer("here-2")["serial"]
    page = client.get(f"/devices/{serial}")
    for form in ("location", "disable"):
        assert text_of(submit(client, page, form), "message").startswith("Your role is Employee")
    invited = submit(client, client.get(USERS), "invite", email="new@example.com", role="Employee")
    assert text_of(invited, "message").startswith("Your role is Employee")
    token = simulator.control("POST", "oidc/tokens", json={"email": "employee@alpha.example.com"})["access_token"]
    api = simulator.client(simulator.ready["home"]["url"])
    api.headers["Authorization"] = f"Bearer {token}"
    assert api.get("/api/v1/me").json()["role"] == "Employee"
    refused = api.patch(f"/api/v1/tenants/alpha/devices/{serial}", json={"enabled": False})
    assert (refused.status_code, refused.json()["code"]) == (403, "employee")


def test_a_licence_may_be_assigned_for_good(simulator: Simulator) -> None:
    """domain.md, "PRISMA Home: devices"."""
    home, serials = simulator.home(), [simulator.printer(f"here-{number}")["serial"] for number in (1, 2, 3)]

    def rows() -> dict[str, tuple[int, int, str]]:
        shown = home.get("subscriptions").json()["items"]
        return {row["application"]: (row["used"], row["available"], row["state"]) for row in shown}

    for enabled in (True, False):
        for application in ("prismalytics-dashboard", "prismacolor-manager"):
            home.patch(f"devices/{serials[0]}/applications/{application}", json={"enabled": enabled})
    assert rows() == {"prismalytics-dashboard": (0, 2, "active"), "prismacolor-manager": (1, 2, "active")}
    for serial in serials:
        home.patch(f"devices/{serial}/applications/prismalytics-dashboard", json={"enabled": True})
    assert rows()["prismalytics-dashboard"] == (3, 0, "blocked")


# --- people ---


def test_people_are_invited_and_removed_on_the_pages(simulator: Simulator, browser: httpx.Client) -> None:
    """domain.md, "PRISMA Home: people"."""
    assert len(_rows(browser, USERS)) == 124
    page = browser.get(USERS)
    invited = submit(browser, page, "invite", email="New@example.com", role="Employee")
    assert text_of(invited, "message") == "new@example.com was invited."
    assert [row[2:4] for row in _rows(browser, f"{USERS}?q=new@example.com")] == [["Employee", "Pending"]]
    own = browser.get(f"{USERS}/new@example.com")
    assert text_of(submit(browser, own, "role-in-portal", role="Administrator"), "message").endswith("administrator.")
    asked = submit(browser, own, "remove")
    assert 'id="question"' in asked.text
    assert text_of(submit(browser, asked, "confirm"), "message") == "new@example.com was removed."
    assert _rows(browser, f"{USERS}?q=new@example.com") == []


def test_an_invitation_is_accepted_by_the_first_sign_in(simulator: Simulator) -> None:
    someone = people_of(simulator)["invited"]
    assert text_of(sign_in(browser_at(simulator.ready), "/", someone), "role") == "Employee"
    state = {one["email"]: one["state"] for one in simulator.control("GET", "tenants/alpha/people")}
    assert state[someone["email"]] == "active"


# --- the application ---


def test_a_token_of_the_provider_opens_the_interface_until_it_ends(simulator: Simulator) -> None:
    order = {"email": "administrator@alpha.example.com"}
    client = simulator.client(simulator.ready["home"]["url"])
    client.headers["Authorization"] = f"Bearer {simulator.control('POST', 'oidc/tokens', json=order)['access_token']}"
    me = client.get("/api/v1/me").json()
    assert (me["tenant"]["id"], me["account"], me["role"]) == ("alpha", order["email"], "Administrator")
    assert client.post("/api/v1/sign-out").status_code == 204
    assert client.get("/api/v1/me").status_code == 401
    client.headers["Authorization"] = f"Bearer {simulator.control('POST', 'oidc/tokens', json=order)['access_token']}"
    assert client.get("/api/v1/me").status_code == 200
    simulator.control("POST", "home/expire_sessions")
    assert client.get("/api/v1/me").status_code == 401
    assert 'id="application"' in client.get("/application/").text
