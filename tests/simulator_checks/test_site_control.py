# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control interface and the faults of the administration sites."""

from __future__ import annotations

from collections.abc import Generator

import httpx
import pytest
from simulator_checks.conftest import Simulator, started
from simulator_checks.portal import SITES, Portal, account_of, hidden, value


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Generator[Simulator]:
    with started(tmp_path_factory.mktemp("sites"), SITES) as running:
        yield running


@pytest.fixture
def portal(simulator: Simulator) -> Portal:
    return Portal.signed_in(simulator)


def fault(simulator: Simulator, name: str, path: str = "^users/dashboard", **order: object) -> None:
    simulator.control("POST", "faults", json={"target": "site", "fault": name, "path": path, **order})


def test_counters_know_both_hosts(simulator: Simulator) -> None:
    simulator.control("DELETE", "counters")
    portal = Portal.signed_in(simulator)
    portal.client.get("/hand-over/not-a-code")
    counted = simulator.control("GET", "counters")
    paths = {(row["host"], row["method"], row["path"]): row["count"] for row in counted["requests"]}
    assert paths["oidc", "POST", "login"] == 1
    assert paths["site", "GET", "signed-in"] == 1
    assert paths["site", "GET", "hand-over/*"] == 1
    assert counted["connections"]["site"] >= 1


def test_audit_names_the_administrator(simulator: Simulator, portal: Portal) -> None:
    last = simulator.control("GET", "audit")["last"]
    portal.post("/users/active", "/users/add", email="audited@example.com")
    portal.post("/users/active", "/users/dashboard/remove", email="audited@example.com")
    added, removed = simulator.control("GET", "audit", params={"side": "site", "after": str(last)})["lines"]
    assert (added["subject"], added["actor"], added["what"]) == ("north", "automation@north.example.com", "user_added")
    assert added["after"]["lists"] == ["dashboard", "remote_match", "remote_control_invited"]
    assert removed["what"] == "removed" and removed["before"]["list"] == "dashboard"


def test_secrets_hold_what_was_issued(simulator: Simulator, portal: Portal) -> None:
    tokens = simulator.control("POST", "oidc/tokens", json={"email": "automation@north.example.com"})
    values = {row["value"] for row in simulator.control("GET", "secrets")}
    assert {tokens["access_token"], tokens["refresh_token"], portal.client.cookies["siteSession"]} <= values
    assert hidden(portal.get("/"))["csrf"] in values
    assert simulator.ready["sites"]["sites"][0]["automation"]["password"] in values


def test_sessions_are_told(simulator: Simulator, portal: Portal) -> None:
    told = simulator.control("GET", "sessions")["site"]
    assert {"automation@north.example.com"} <= {session["email"] for session in told}
    simulator.control("POST", "site/expire_sessions")
    assert simulator.control("GET", "sessions")["site"] == []
    assert value(portal.get("/users/active"), "session-ended")


def test_an_expired_session_is_never_an_empty_list(simulator: Simulator, portal: Portal) -> None:
    fault(simulator, "expired_session")
    page = portal.client.get("/users/dashboard?page=2")
    assert page.status_code == 200
    assert 'id="sign-in"' in page.text and "<table" not in page.text


def test_faults_of_lists(simulator: Simulator, portal: Portal) -> None:
    whole = portal.get("/users/dashboard")
    count = int(value(whole, "count").split()[3])
    fault(simulator, "lost_page")
    page = portal.get("/users/dashboard")
    assert 'id="next"' not in page and page.count("<tr>") == whole.count("<tr>")
    fault(simulator, "lost_page", options={"how": "empty"})
    page = portal.get("/users/dashboard")
    assert page.count("<tr>") == 1 and value(page, "count") == value(whole, "count")
    fault(simulator, "wrong_total", options={"by": 3})
    assert value(portal.get("/users/dashboard"), "count") == f"This list has {count + 3} users."
    fault(simulator, "list_changes")
    people = portal.people("/users/dashboard")
    assert len(people) == count - 1, "one stood on the first page and is gone, another one was skipped"
    assert value(portal.get("/users/dashboard"), "count") == f"This list has {count - 1} users."
    fault(simulator, "truncate")
    assert "</html>" not in portal.get("/users/dashboard")
    fault(simulator, "label", options={"from": "E-mail", "to": "Mail"})
    assert "<th>Mail</th>" in portal.get("/users/dashboard")
    fault(simulator, "status", options={"status": 429, "retry_after": 1})
    assert portal.client.get("/users/dashboard").status_code == 429


def test_a_lost_answer_comes_after_the_work(simulator: Simulator, portal: Portal) -> None:
    fault(simulator, "drop_after", "^users/add", method="POST")
    with pytest.raises(httpx.RemoteProtocolError):
        portal.post("/users/active", "/users/add", email="lost@example.com")
    rows = simulator.control("GET", "sites/north")["lists"]["dashboard"]
    assert "lost@example.com" in [row["email"] for row in rows]


def test_lists_can_be_set(simulator: Simulator) -> None:
    order = {"email": "Set@Example.com", "lists": ["remote_match"]}
    assert simulator.control("POST", "sites/south/people", json=order) == {"lists": ["remote_match"]}
    assert simulator.control("POST", "sites/south/people", json={**order, "lists": []}) == {"lists": []}
    assert simulator.control("GET", "sites") == ["north", "south"]
    with pytest.raises(httpx.HTTPStatusError):
        simulator.control("POST", "site/people/nobody@example.com/first_use")


def test_the_page_of_the_simulator_itself(simulator: Simulator) -> None:
    portal = Portal.of(simulator)
    assert "invited@example.com" in portal.get("/people")
    portal.client.post("/people", data={"email": "invited@example.com", "does": "first_sign_in"})
    assert "invited@example.com" not in portal.get("/people")


def editor(simulator: Simulator, name: str) -> httpx.Client:
    """Signed in at the printer's own Settings Editor."""
    shipped_profile = simulator.printer(name)
    client = simulator.client(shipped_profile["url"])
    account = shipped_profile["accounts"]["administrator"]
    given = {"user": account["username"], "password": account["password"]}
    for order in ({}, given):
        answer = client.post("api/session", json=order) if order else client.get("api/session")
        client.headers["X-Editor-Token"] = answer.json()["token"]
    return client


def hand_over(simulator: Simulator, name: str) -> str:
    """Press the button at the printer; where it leads to."""
    client = editor(simulator, name)
    client.put("api/connectivity/cloud-service/applications/dashboard", json={"enabled": True})
    asked = client.post("api/connectivity/cloud-service/registration/question", json={}).json()
    confirmation = {"confirmation": asked["confirmation"]}
    answer = client.post("api/connectivity/cloud-service/registration", json=confirmation)
    client.delete("api/session")
    return str(answer.json()["location"])


def test_a_hand_over_is_completed_once(simulator: Simulator) -> None:
    location = hand_over(simulator, "se-one")
    assert location.startswith(simulator.ready["sites"]["url"] + "hand-over/")
    portal = Portal.of(simulator)
    assert 'id="sign-in"' in portal.get(location)
    account = simulator.ready["sites"]["sites"][0]["automation"]
    page = portal.sign_in(account["email"], account["password"], httpx.URL(location).path).text
    serial = simulator.printer("se-one")["serial"]
    assert value(page, "serial") == serial and 'id="add-printer"' in page
    assert portal.post(location, location, displayName="") == "Enter a display name."
    assert portal.post(location, location, displayName="Press one") == "Press one was added."
    assert value(portal.get(location), "message") == "This link is unknown or was used."
    state = simulator.control("GET", "printers/se-one")
    assert (state["registration_state"], state["owner"]) == ("registered", "site:north")
    shown = editor(simulator, "se-one").get("api/connectivity/cloud-service").json()["registration"]
    assert (shown["state"], shown["registeredWith"]) == ("Registered", "North")


def test_an_account_without_a_site_founds_one(simulator: Simulator) -> None:
    """domain.md, "PRISMAsync": a hand-over completed with a wrong account may found a new site."""
    location = hand_over(simulator, "se-two")
    path = httpx.URL(location).path
    stranger = Portal.of(simulator)
    assert 'id="not-administrator"' in stranger.sign_in(*account_of(simulator, "nobody@example.com")).text
    page = stranger.sign_in(*account_of(simulator, "nobody@example.com"), path).text
    assert (value(page, "site"), value(page, "serial")) == ("", simulator.printer("se-two")["serial"])
    assert 'id="not-administrator"' in stranger.get("/printers"), "nothing is founded yet"
    assert stranger.post(path, path, displayName="Lost press") == "Lost press was added."
    assert value(stranger.get("/"), "site") == "Site of nobody@example.com"
    assert stranger.people("/administrators/active") == ["nobody@example.com"]
    assert simulator.control("GET", "printers/se-two")["owner"] == "site:of-nobody@example.com"
    lines = simulator.control("GET", "audit", params={"what": "site_founded"})["lines"]
    assert [line["actor"] for line in lines] == ["nobody@example.com"]
    # A user of another site is no stranger, and founds none.
    user = Portal.of(simulator)
    assert 'id="not-administrator"' in user.sign_in(*account_of(simulator, "taken@example.com"), path).text


def test_a_printer_of_home_is_moved_only_when_asked(simulator: Simulator, portal: Portal) -> None:
    location = hand_over(simulator, "se-home")
    page = portal.post(location, location, displayName="Moved")
    assert value(page, "question") == "This printer is registered elsewhere. Move it to this site?"
    assert simulator.control("GET", "printers/se-home")["owner"] == "alpha"
    assert portal.post(location, location, displayName="Moved", move="yes") == "Moved was added."
    assert simulator.control("GET", "printers/se-home")["owner"] == "site:north"
    south, location = Portal.signed_in(simulator, "south"), hand_over(simulator, "se-home")
    assert 'id="move"' in south.post(location, location, displayName="Again")
    assert south.post(location, location, displayName="Again", move="yes") == "Again was added."
    assert simulator.control("GET", "sites/south")["printers"][0]["name"] == "Again"
    assert "Moved" not in [one["name"] for one in simulator.control("GET", "sites/north")["printers"]]


def test_printers_are_listed_with_their_health(simulator: Simulator, portal: Portal) -> None:
    page = portal.get("/printers?q=se-here")
    assert value(page, "count") == "This list has 1 printers."
    cells = page.split("<td>se-here</td>")[1].split("</tr>")[0]
    assert "PRISMAremote Monitoring, PRISMAlytics Dashboard<" in cells
    assert "never" not in cells
    serial = simulator.printer("se-here")["serial"]
    assert 'id="question"' in portal.post("/printers", "/printers/remove", serial=serial)
    said = portal.post("/printers", "/printers/remove", serial=serial, confirmed="yes")
    assert said == f"{serial} was removed."
    assert simulator.control("GET", "printers/se-here")["registration_state"] == "unregistered"
