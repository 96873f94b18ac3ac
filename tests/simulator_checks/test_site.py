# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in at the administration sites, their lists and their rules, over real HTTPS."""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest
from simulator.fleet import FleetError, load_fleet, read_fleet
from simulator_checks.conftest import Simulator, started
from simulator_checks.portal import SITES, Portal, account_of, fields, hidden, site_of, value


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Generator[Simulator]:
    with started(tmp_path_factory.mktemp("sites"), SITES) as running:
        yield running


@pytest.fixture
def portal(simulator: Simulator) -> Portal:
    return Portal.signed_in(simulator)


def lists(simulator: Simulator, site: str, email: str) -> list[str]:
    found = simulator.control("GET", f"sites/{site}")["lists"]
    return sorted(name for name, rows in found.items() if email in [row["email"] for row in rows])


def test_sign_in_shows_site_and_account(simulator: Simulator, portal: Portal) -> None:
    page = portal.get("/")
    assert (value(page, "site"), value(page, "account")) == ("North", "automation@north.example.com")
    other = Portal.signed_in(simulator, "south").get("/")
    assert value(other, "site") == "South"


def test_not_signed_in_is_a_sign_in_page_with_200(simulator: Simulator) -> None:
    answer = Portal.of(simulator).client.get("/users/dashboard")
    assert answer.status_code == 200
    assert 'id="sign-in"' in answer.text
    assert "<table" not in answer.text and 'id="count"' not in answer.text


def test_a_wrong_password_stays_at_the_provider(simulator: Simulator) -> None:
    page = Portal.of(simulator).sign_in("automation@north.example.com", "wrong")
    assert str(page.url).startswith(simulator.ready["sites"]["oidc"]["issuer"])
    assert value(page.text, "login-error") == "The e-mail address or the password is not correct."
    lines = simulator.control("GET", "audit", params={"side": "oidc", "what": "sign_in_refused"})["lines"]
    assert lines[-1]["actor"] == "automation@north.example.com"


def test_nobodys_administrator_is_refused(simulator: Simulator) -> None:
    page = Portal.of(simulator).sign_in(*account_of(simulator, "nobody@example.com"))
    assert value(page.text, "not-administrator") == "You are not an administrator of any site."


def test_log_out_leaves_the_portal_only(portal: Portal) -> None:
    page = portal.client.post("/log-out", data={"csrf": hidden(portal.get("/"))["csrf"]})
    assert 'id="logged-out"' in page.text
    assert 'id="sign-in"' in portal.get("/users/dashboard")
    again = portal.client.get("/sign-in")
    assert value(again.text, "account"), "the provider's session goes on, so no password is asked"


def test_the_first_sign_in_makes_an_invited_administrator_active(simulator: Simulator) -> None:
    assert "administrators_invited" in lists(simulator, "north", "invited@example.com")
    page = Portal.of(simulator).sign_in(*account_of(simulator, "invited@example.com"))
    assert value(page.text, "account") == "invited@example.com"
    assert lists(simulator, "north", "invited@example.com") == ["administrators", "dashboard", "remote_match"]


def test_the_session_ends_by_its_timer(simulator: Simulator, portal: Portal) -> None:
    simulator.control("POST", "clock", json={"advance": 1300})
    try:
        page = portal.client.get("/users/active")
        assert page.status_code == 200
        assert value(page.text, "session-ended") == "Your session has ended. Sign in again."
    finally:
        simulator.control("POST", "clock", json={"offset": 0})


def test_lists_have_pages_and_a_total(portal: Portal) -> None:
    page = portal.get("/users/dashboard?page=2")
    total = int(value(page, "count").split()[3])
    assert value(page, "pages") == f"Page 2 of {-(-total // 50)}"
    assert len(portal.people("/users/dashboard")) == total
    assert 'id="next"' not in portal.get(f"/users/dashboard?page={-(-total // 50)}")
    assert value(portal.get("/users/dashboard?q=PERSON.00007@"), "count") == "This list has 1 users."


def test_adding_a_user_fills_three_lists(simulator: Simulator, portal: Portal) -> None:
    assert portal.post("/users/active", "/users/add", email="New.User@Example.com") == "new.user@example.com was added."
    assert lists(simulator, "north", "new.user@example.com") == ["dashboard", "remote_control_invited", "remote_match"]
    assert portal.post("/users/active", "/users/add", email="new.user@example.com").endswith("is already there.")
    assert portal.post("/users/active", "/users/dashboard/remove", email="new.user@example.com").endswith("removed.")
    assert portal.post("/users/active", "/users/add", email="new.user@example.com").endswith("was added.")
    simulator.control("POST", "site/people/new.user@example.com/first_use")
    assert "remote_control_active" in lists(simulator, "north", "new.user@example.com")
    assert portal.post("/users/active", "/users/add", email="new.user@example.com").endswith("is already there.")
    assert "remote_control_invited" not in lists(simulator, "north", "new.user@example.com")


def test_who_is_elsewhere_or_nobody_is_refused(portal: Portal) -> None:
    said = portal.post("/users/active", "/users/add", email="taken@example.com")
    assert said == "taken@example.com belongs to another site."
    assert portal.post("/users/active", "/users/add", email="no address") == "This is not an e-mail address."
    said = portal.post("/users/active", "/users/active/remove", email="stranger@example.com")
    assert said == "stranger@example.com is not on this list."


def test_an_administrator_is_removed_after_a_question_and_one_remains(simulator: Simulator) -> None:
    portal = Portal.signed_in(simulator, "south")
    portal.post("/administrators/active", "/administrators/add", email="third@example.com")
    assert lists(simulator, "south", "third@example.com") == ["administrators_invited", "dashboard", "remote_match"]
    page, path = "/administrators/active", "/administrators/active/remove"
    assert 'id="question"' in portal.post(page, path, email="deputy@south.example.com")
    assert "administrators" in lists(simulator, "south", "deputy@south.example.com")
    said = portal.post(page, path, email="deputy@south.example.com", confirmed="yes")
    assert said == "deputy@south.example.com was removed."
    assert lists(simulator, "south", "deputy@south.example.com") == ["dashboard", "remote_match"]
    said = portal.post(page, path, email="automation@south.example.com", confirmed="yes")
    assert said == "At least one administrator must remain."
    said = portal.post(page, "/administrators/invited/remove", email="third@example.com", confirmed="yes")
    assert said == "third@example.com was removed."


def test_google_addresses_have_no_dots_here(simulator: Simulator, portal: Portal) -> None:
    domain = "gmail.com"
    assert portal.post("/users/active", "/users/add", email=f"Example.Person@{domain}").startswith("exampleperson@")
    assert portal.post("/users/active", "/users/add", email=f"exampleperson@{domain}").endswith("is already there.")


def test_removed_from_an_application_means_it_does_not_open(simulator: Simulator) -> None:
    portal = Portal.signed_in(simulator, "north", 1)
    assert 'id="application"' in portal.get("/applications/dashboard")
    assert portal.post("/clusters", "/clusters/add", name="Basement") == "Basement was added."
    for path in ("/users/dashboard", "/users/remote-match"):
        portal.post(path, f"{path}/remove", email="deputy@north.example.com")
    assert 'id="no-access"' in portal.get("/applications/dashboard")
    said = portal.post("/clusters", "/clusters/add", name="Attic")
    assert said == "Only an administrator who is also a Remote Match user can create clusters."


def test_a_wrong_hidden_token_does_nothing(simulator: Simulator, portal: Portal) -> None:
    answer = portal.client.post("/users/add", data={"csrf": "wrong", "email": "late@example.com"})
    assert value(answer.text, "message") == "This page is no longer valid."
    assert lists(simulator, "north", "late@example.com") == []


def test_tokens_rotate_and_a_used_one_ends_its_family(simulator: Simulator) -> None:
    issuer = simulator.ready["sites"]["oidc"]["issuer"]
    client = simulator.client(issuer)
    places = client.get("/.well-known/openid-configuration").json()
    assert places["issuer"] == issuer
    first = simulator.control("POST", "oidc/tokens", json={"email": "automation@north.example.com"})

    def refresh(token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "automation"}
        return client.post(places["token_endpoint"], data=form)

    second = refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(second["refresh_token"]).status_code == 400
    bearer = {"Authorization": f"Bearer {second['access_token']}"}
    page = simulator.client(simulator.ready["sites"]["url"]).get("/users/active", headers=bearer)
    assert value(page.text, "account") == "automation@north.example.com"
    bad = simulator.client(simulator.ready["sites"]["url"]).get("/users/active", headers={"Authorization": "Bearer x"})
    assert bad.status_code == 200 and 'id="sign-in"' in bad.text


@pytest.mark.slow
def test_ten_thousand_people_come_in_pages_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    began = time.monotonic()
    with started(tmp_path_factory.mktemp("many"), "\nsites: [{id: north, people: 10000}]") as simulator:
        assert time.monotonic() - began < 60  # 3 on a quiet machine
        portal = Portal.signed_in(simulator)
        portal.get("/users/dashboard")
        began = time.monotonic()
        for page in (1, 100, 200, 199, 198):
            assert value(portal.get(f"/users/dashboard?page={page}"), "count") == "This list has 10002 users."
        assert (time.monotonic() - began) / 5 < 2  # 0.02 on a quiet machine


@pytest.mark.slow
def test_the_provider_forgets_and_the_sites_do_not(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("again")
    with started(folder, "\nsites: [{id: north}]") as simulator:
        portal = Portal.signed_in(simulator)
        portal.post("/users/active", "/users/add", email="kept@example.com")
        cookie = portal.client.cookies
    with started(folder, "\nsites: [{id: north}]") as simulator:
        again = Portal.of(simulator)
        again.client.cookies = cookie
        assert "kept@example.com" in again.people("/users/invited"), "the session goes on, too"
        assert account_of(simulator, "deputy@north.example.com")[1]
        account = site_of(simulator, "north")["automation"]
        assert fields(**account) == account


@pytest.mark.parametrize(
    ("sites", "named"),
    [
        ([{"id": "north"}, {"id": "north"}], "an id occurs twice"),
        ([{"id": "north", "peoples": 3}], "unknown key 'peoples'"),
        ([{"name": "North"}], "id is missing"),
    ],
)
def test_bad_sites_of_a_fleet_file_are_named(sites: list[object], named: str) -> None:
    with pytest.raises(FleetError, match=named):
        read_fleet({"sites": sites})


def test_the_fleet_for_the_demo_has_three_hundred_people() -> None:
    north = load_fleet(Path(__file__).parents[1] / "simulator" / "fleets" / "access.yml").sites[0]
    assert len(north.administrators + north.administrators_invited + north.users) + north.people == 300


def test_without_sites_nothing_answers_there(tmp_path: Path) -> None:
    with started(tmp_path, "- {name: one}") as simulator:
        assert simulator.ready["sites"] is None
        with pytest.raises(httpx.HTTPStatusError):
            simulator.control("GET", "sites")
