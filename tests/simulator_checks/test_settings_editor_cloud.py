# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""[Connectivity] of a Settings Editor: proxy, the application switches, and the button that hands over to the cloud."""

from __future__ import annotations

import re
from collections.abc import Generator

import httpx
import pytest
from simulator_checks.conftest import Simulator, started
from simulator_checks.editor import APPLICATIONS, PROXY, QUESTION, REGISTER, Editor, refusal
from simulator_checks.portal import Portal, value
from support.home import browser_at, sign_in, submit, text_of

FLEET = """
- {count: 4, name: "home-{}", kind: prismasync, language: en}
- {name: home-fr, kind: prismasync, language: fr}
- {name: home-de, kind: prismasync, language: de}
- {name: older, kind: prismasync, hands_over_to: site, language: en}
- {name: match, kind: prismasync, hands_over_to: site, language: en}
- {name: match-full, kind: prismasync, hands_over_to: site, language: en, full_access: true}
- {name: asking, kind: prismasync, language: fr}
- {name: taken, kind: prismasync, trouble: owned_by_other}
- {name: cut-off, kind: prismasync, network: proxy_required, proxy: wrong}
- {name: no-way, kind: prismasync, network: proxy_required}
- {name: broken, kind: prismasync, trouble: register_error}
- {name: sra, kind: sra, language: en}
sites:
- {id: north}
"""


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Generator[Simulator]:
    with started(tmp_path_factory.mktemp("editor-cloud"), FLEET) as running:
        yield running


def ready_to_register(simulator: Simulator, name: str) -> Editor:
    """Signed in, with one application switched on."""
    editor = Editor.signed_in(simulator, name)
    editor.switch().raise_for_status()
    return editor


def person(simulator: Simulator, location: str, who: int = 0) -> tuple[httpx.Client, httpx.Response]:
    """Open what the button leads to and sign in at PRISMA Home; the browser and the page that follows."""
    client = browser_at(simulator.ready)
    return client, sign_in(client, location, simulator.ready["tenants"][0]["people"][who])


def add(client: httpx.Client, location: str, name: str) -> httpx.Response:
    """Press [Add] of the form at the location; the page that follows."""
    return submit(client, client.get(location), "hand-over", displayName=name)


# --- what is switched ---


@pytest.mark.parametrize(
    ("name", "shown", "elsewhere"),
    [
        (
            "home-1",
            [
                ("remoteMonitoring", "PRISMAremote Monitoring"),
                ("dashboard", "PRISMAlytics Dashboard"),
                ("remoteMatch", "Remote Match"),
            ],
            "remoteControl",
        ),
        (
            "older",
            [
                ("remoteControl", "PRISMAsync Remote Control"),
                ("dashboard", "PRISMAlystics Dashboard"),
                ("remoteMatch", "Remote Match"),
            ],
            "remoteMonitoring",
        ),
    ],
)
def test_each_release_has_its_own_applications(
    simulator: Simulator, name: str, shown: list[tuple[str, str]], elsewhere: str
) -> None:
    """domain.md, "Two back ends": names drift between releases, and pages spell the Dashboard in two ways."""
    editor = Editor.signed_in(simulator, name)
    rows = editor.cloud()["applications"]
    assert rows == [{"id": id, "label": label, "enabled": False} for id, label in shown]
    for unknown in (elsewhere, "nothing"):
        assert refusal(editor.switch(unknown)) == (404, "not_found")
    on = editor.switch().json()
    assert on == {"id": "dashboard", "label": dict(shown)["dashboard"], "enabled": True}
    assert editor.switch().json() == on
    assert [item["id"] for item in editor.cloud()["applications"] if item["enabled"]] == ["dashboard"]
    assert editor.switch(enabled=False).json()["enabled"] is False
    assert refusal(editor.send("DELETE", f"{APPLICATIONS}/dashboard")) == (404, "not_found")
    lines = simulator.control("GET", "audit", params={"subject": name, "what": "cloud_application_changed"})["lines"]
    assert [line["after"] for line in lines] == [
        {"application": "dashboard", "enabled": True},
        {"application": "dashboard", "enabled": False},
    ]
    editor.sign_out()


def test_the_proxy_keeps_its_password_and_never_shows_it(simulator: Simulator) -> None:
    editor, proxy = Editor.signed_in(simulator, "cut-off"), simulator.ready["proxy"]
    assert editor.item("api/remote-service", "orsState") == "Not connected"
    good = {"enabled": True, "host": proxy["host"], "port": proxy["port"], "user": proxy["user"], "exceptions": ["a"]}
    saved = editor.send("PUT", PROXY, {**good, "password": proxy["password"]})
    assert saved.json() == {**good, "passwordSet": True}
    assert proxy["password"] not in saved.text + editor.get(PROXY).text
    for unchanged in ({**good, "password": None}, good):
        assert editor.send("PUT", PROXY, unchanged).json()["passwordSet"] is True
    assert editor.send("POST", f"{PROXY}/test").json()["result"] == "Passed"
    for wrong in ({"port": None}, {"port": 65536}, {"host": ""}):
        assert refusal(editor.send("PUT", PROXY, {**good, **wrong})) == (422, "invalid")
    assert editor.get(PROXY).json() == saved.json()
    without = editor.send("PUT", PROXY, {**good, "user": "", "enabled": False}).json()
    assert (without["enabled"], without["passwordSet"]) == (False, False)
    lines = simulator.control("GET", "audit", params={"subject": "cut-off", "what": "proxy_changed"})["lines"]
    assert len(lines) == 2, "saving what is set already is no change"
    tested = editor.send("POST", f"{PROXY}/test").json()
    assert (tested["result"], "proxy server" in tested["text"]) == ("Failed", True)


# --- what the button refuses ---


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("home-1", "Switch on an application first."),
        ("home-fr", "Activez d'abord une application."),
        ("home-de", "Schalten Sie zuerst eine Anwendung ein."),
    ],
)
def test_the_button_needs_an_application_that_is_on(simulator: Simulator, name: str, said: str) -> None:
    """domain.md, "Registering a printer in PRISMA Home": first switch on each application, then the button."""
    editor = Editor.signed_in(simulator, name)
    answer = editor.send("POST", QUESTION)
    assert (refusal(answer), answer.json()["message"]) == ((409, "no_application"), said)
    state = simulator.control("GET", f"printers/{name}")
    assert (state["registration_state"], state["address"]) == ("unregistered", "")
    assert "register_pressed" not in simulator.audit(name)
    editor.sign_out()


def test_the_button_asks_to_confirm_before_it_hands_over(simulator: Simulator) -> None:
    """domain.md, "PRISMAsync": the Settings Editor first asks to confirm, then the portal opens."""
    editor = ready_to_register(simulator, "asking")
    assert refusal(editor.send("POST", REGISTER)) == (409, "not_confirmed")
    asked = editor.send("POST", QUESTION).json()
    assert "?" in asked["question"]
    assert "register_pressed" not in simulator.audit("asking"), "asking presses nothing"
    given = {"confirmation": asked["confirmation"]}
    assert refusal(editor.send("POST", REGISTER, {"confirmation": "another"})) == (409, "not_confirmed")
    assert refusal(editor.send("POST", REGISTER, given)) == (409, "not_confirmed"), "it was asked for once"
    assert editor.press().startswith("https://")
    assert simulator.audit("asking").count("register_pressed") == 1


def test_remote_match_at_a_site_needs_full_access(simulator: Simulator) -> None:
    """domain.md, "Accounts, sessions, locks on the controller": registering for Remote Match, and configuring it."""
    editor = ready_to_register(simulator, "match")
    assert refusal(editor.switch("remoteMatch")) == (403, "no_full_access")
    assert editor.press(), "other applications need no more than [Access to connectivity settings]"
    editor.sign_out()
    administrator = Editor.signed_in(simulator, "match", "system_administrator")
    assert administrator.session()["rights"][-1] == "Full access to administration tasks"
    assert administrator.switch("remoteMatch").json()["enabled"] is True
    administrator.sign_out()
    editor = Editor.signed_in(simulator, "match")
    answer = editor.send("POST", QUESTION)
    assert refusal(answer) == (403, "no_full_access")
    assert "[Full access to administration tasks]" in answer.json()["message"]
    full = Editor.signed_in(simulator, "match-full")
    assert full.switch("remoteMatch").json()["enabled"] is True
    assert full.press()


@pytest.mark.parametrize("name", ["broken", "no-way"])
def test_the_button_needs_a_way_to_the_cloud(simulator: Simulator, name: str) -> None:
    editor = ready_to_register(simulator, name)
    assert refusal(editor.confirmed()) == (502, "no_connection")
    assert simulator.control("GET", f"printers/{name}")["address"] == ""
    assert editor.cloud()["registration"]["state"] == "Not registered"


# --- where it leads ---


def test_a_person_completes_it_at_home(simulator: Simulator) -> None:
    """domain.md, "Registering a printer in PRISMA Home": series, serial number, a display name, and [Add]."""
    editor = ready_to_register(simulator, "home-2")
    replaced, location = editor.press(), editor.press()
    assert location.startswith(f"{simulator.ready['home']['url']}/hand-over/")
    assert location != replaced
    shown = editor.cloud()
    assert shown["registration"] == {"state": "Not registered", "service": "PRISMA Home", "registeredWith": ""}
    assert location.rpartition("/")[2] not in str(shown), "no registration address stays at the printer"
    _client, employee = person(simulator, location, who=1)
    assert text_of(employee, "message").startswith("Your role is Employee")
    client, page = person(simulator, location)
    serial = simulator.printer("home-2")["serial"]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", page.text.split('id="printer"')[1])[:2] == [
        "varioPRINT 6000 series",
        serial,
    ]
    assert client.get(replaced).status_code == 404
    assert text_of(add(client, location, " "), "message") == "Enter a display name."
    assert 'id="registered"' in add(client, location, "Press two").text
    assert client.get(location).status_code == 404
    assert editor.cloud()["registration"]["state"] == "Registered"
    assert editor.cloud()["registration"]["registeredWith"] == "Print shop Alpha"
    assert simulator.home().get(f"devices/{serial}").json()["name"] == "Press two"


def test_the_interface_completes_it_at_home(simulator: Simulator) -> None:
    location, home = ready_to_register(simulator, "home-3").press(), simulator.home()
    serial = simulator.printer("home-3")["serial"]
    given = {"address": location, "displayName": "Press three"}
    for nameless in ({"displayName": " "}, {"displayName": None}):
        assert refusal(home.post("hand-overs", json={**given, **nameless})) == (422, "invalid_name")
    assert refusal(home.post("claims", json={"address": location})) == (404, "unknown_address")
    assert simulator.control("GET", "printers/home-3")["owner"] == ""
    done = home.post("hand-overs", json=given)
    assert (done.status_code, done.json()["serialNumber"]) == (202, serial)
    device = home.get(f"devices/{serial}").json()
    assert (device["name"], device["controllerType"]) == ("Press three", "PRISMAsync")
    assert refusal(home.post("hand-overs", json=given)) == (404, "unknown_address")


def test_a_printer_of_another_tenant_is_moved_only_when_asked(simulator: Simulator) -> None:
    editor, home = ready_to_register(simulator, "taken"), simulator.home()
    location = editor.press()
    assert refusal(home.post("hand-overs", json={"address": location, "displayName": "Taken"})) == (
        409,
        "owned_by_other",
    )
    client, _page = person(simulator, location)
    asked = add(client, location, "Taken")
    assert text_of(submit(client, asked, "move"), "stays").endswith("Nothing was changed.")
    assert simulator.control("GET", "printers/taken")["owner"] == "beta"
    assert 'id="registered"' in submit(client, asked, "move", move="yes").text
    assert simulator.control("GET", "printers/taken")["owner"] == "alpha"
    assert "take_over" in simulator.audit("alpha")


def test_each_release_leads_to_its_own_cloud_alone(simulator: Simulator) -> None:
    """domain.md, "Registering a printer in PRISMA Home": to the administration site in the older manuals, to PRISMA
    Home in the newer."""
    home, portal = simulator.home(), Portal.signed_in(simulator)
    to_site, to_home = ready_to_register(simulator, "older").press(), ready_to_register(simulator, "home-4").press()
    assert to_site.startswith(f"{simulator.ready['sites']['url']}hand-over/")
    browser, _page = person(simulator, to_home)
    code = httpx.URL(to_site).path
    swapped = f"{simulator.ready['home']['url']}{code}"
    for address in (to_site, swapped):
        refused = home.post("hand-overs", json={"address": address, "displayName": "Older"})
        assert refusal(refused) == (404, "unknown_address")
    assert browser.get(swapped).status_code == 404
    assert browser.get(f"/register/{httpx.URL(to_home).path.rpartition('/')[2]}").status_code == 404
    assert value(portal.get(httpx.URL(to_home).path), "message") == "This link is unknown or was used."
    assert value(portal.get(code), "serial") == simulator.printer("older")["serial"]
    assert portal.post(code, code, displayName="Older") == "Older was added."
    shown = Editor.signed_in(simulator, "older").cloud()["registration"]
    assert shown == {"state": "Registered", "service": "Administration site", "registeredWith": "North"}


def test_a_link_of_another_kind_of_controller_is_no_hand_over(simulator: Simulator) -> None:
    browser = simulator.browser("sra")
    browser.sign_in()
    code = browser.address().rpartition("/")[2]
    client, page = person(simulator, f"{simulator.ready['home']['url']}/hand-over/{code}")
    assert page.status_code == 404
    assert value(Portal.signed_in(simulator).get(f"/hand-over/{code}"), "message")
    assert 'id="registered"' in client.get(f"/register/{code}").text
