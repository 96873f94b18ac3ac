# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person registers a printer with a browser, as the manual tells, by what stands on the pages; then the role runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect
from support.fleet import Fleet, FleetMaker, address_in
from support.home import person_of
from support.person import PATIENCE, chromium, sign_in_at_home
from support.qr import read_png

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium", "libzbar")]

LABELS = {
    "en": {
        "change user": "Change user",
        "sign in": "Sign in",
        "connected": "connected",
        "enabled": "enabled",
        "registration": "Registration",
        "register": "Register",
        "unregistered": "not registered",
        "waiting": "waiting for sign-in at the registration address",
        "registered": "registered",
    },
    "fr": {
        "change user": "Changer d'utilisateur",
        "sign in": "Ouvrir la session",
        "connected": "connecté",
        "enabled": "activé",
        "registration": "Enregistrement",
        "register": "Enregistrer",
        "unregistered": "non enregistré",
        "waiting": "en attente de connexion à l'adresse d'enregistrement",
        "registered": "enregistré",
    },
}


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    by_hand = [{"name": f"by-hand-{language}", "language": language} for language in LABELS]
    return make_fleet([*by_hand, {"name": "by-role"}, {"name": "by-link"}])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of a browser that knows nobody yet; whether certificates are trusted is not what is tested here."""
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def _register_by_hand(page: Page, printer: dict[str, Any], labels: dict[str, str], picture: Path) -> str:
    """Do what the manual says up to the QR code, and return what that says.

    domain.md, "Registering a printer in PRISMA Home", 3 to 7.
    """
    top, menu, main = (page.frame_locator(f"frame[name={name}]") for name in ("top", "menu", "main"))
    page.goto(printer["url"])
    top.get_by_role("link", name=labels["change user"], exact=True).click()
    administrator = printer["accounts"]["administrator"]
    main.locator("input[type=text]").fill(administrator["username"])
    main.locator("input[type=password]").fill(administrator["password"])
    main.get_by_role("button", name=labels["sign in"], exact=True).click()
    expect(top.get_by_text(administrator["username"], exact=True)).to_be_visible(timeout=PATIENCE)

    menu.get_by_role("link", name="On Remote Service", exact=True).click()
    for seen in ("connected", "enabled"):
        expect(main.get_by_role("cell", name=labels[seen], exact=True)).to_be_visible(timeout=PATIENCE)

    _open_registration(menu, labels)
    expect(main.get_by_role("cell", name=labels["unregistered"], exact=True)).to_be_visible(timeout=PATIENCE)
    main.get_by_role("button", name=labels["register"], exact=True).click()
    # "After a few moments": the page loads itself anew until then.
    expect(main.get_by_role("cell", name=labels["waiting"], exact=True)).to_be_visible(timeout=PATIENCE)
    code = main.get_by_role("img")
    expect(code).to_have_js_property("complete", True)
    code.screenshot(path=picture)
    link = main.locator("a[href*='/register/']")
    said = read_png(picture)
    assert said == link.get_attribute("href") == link.inner_text()
    return said


def _open_registration(menu: FrameLocator, labels: dict[str, str]) -> None:
    menu.get_by_role("link", name=labels["registration"], exact=True).click()


@pytest.mark.parametrize("language", LABELS)
def test_what_a_person_registered_with_a_browser_is_already_done(
    fleet: Fleet, page: Page, language: str, tmp_path: Path
) -> None:
    """Given a printer that somebody registered by hand, then the role finds it so and presses nothing."""
    name, labels = f"by-hand-{language}", LABELS[language]
    watch = fleet.watch()
    address = _register_by_hand(page, fleet.simulation.printer(name), labels, tmp_path / "code.png")

    # The telephone that scanned the code: another window, in which a tenant's administrator signs in.
    tenant = fleet.simulation.ready["tenants"][0]
    person = next(item for item in tenant["people"] if item["role"] == "Administrator")
    telephone = page.context.new_page()
    telephone.goto(address)
    sign_in_at_home(telephone, person)
    expect(telephone.get_by_role("status")).to_contain_text(f"is registered with {tenant['name']}", timeout=PATIENCE)

    menu, main, top = (page.frame_locator(f"frame[name={frame}]") for frame in ("menu", "main", "top"))
    _open_registration(menu, labels)
    for seen in (labels["registered"], tenant["name"]):
        expect(main.get_by_role("cell", name=seen, exact=True)).to_be_visible(timeout=PATIENCE)
    top.locator("a[href='logout.cgi']").click()
    expect(page.locator("#msg-logged-out")).to_be_visible(timeout=PATIENCE)
    assert watch.count("register_pressed", name) == 1

    run = fleet.onboard(fleet.inventory(name, onboard_applications={}))
    assert (run.returncode, run.outcomes, run.changed) == (0, {name: "already"}, 0), run.output
    assert watch.count("register_pressed", name) == 1
    assert fleet.simulation.open_sessions().get("printers") is None


def test_a_person_finds_on_the_pages_what_the_role_found(fleet: Fleet, page: Page, tmp_path: Path) -> None:
    """Given the account of the role, then a person opens a printer's link with it, and sees the list that it reads.

    Then the same in the application of PRISMA Home: its token, taken from the browser's storage, reads that list too.
    """
    ready = fleet.simulation.ready
    person, tenant = person_of(ready), ready["tenants"][0]
    run = fleet.onboard(fleet.inventory("by-role"))
    assert run.outcomes == {"by-role": "onboarded"}, run.output
    inventory = fleet.inventory("by-link", onboard_claim=False)
    waiting = fleet.onboard(inventory)
    assert waiting.outcomes == {"by-link": "awaiting_claim"}, waiting.output
    address = address_in(inventory.parent / "onboarding" / "by-link.address")

    page.goto(address)
    sign_in_at_home(page, person)
    serial = fleet.simulation.printer("by-link")["serial"]
    expect(page.get_by_role("status")).to_have_text(f"The printer {serial} is registered with {tenant['name']}.")
    (found,) = fleet.tasks("by-role", {"home_device_info": {}})
    page.get_by_role("link", name="Devices", exact=True).click()
    rows = page.locator("table#devices tbody tr")
    expect(rows).to_have_count(len(found["devices"]))
    shown = [rows.nth(index).locator("td").all_inner_texts() for index in range(rows.count())]
    assert [(row[0], row[1], row[5]) for row in shown] == [
        (device["name"], device["status"], device["serial"]) for device in found["devices"]
    ]
    assert {"by-role", "by-link"} <= {row[0] for row in shown}

    page.goto(f"{tenant['url']}/application/")
    page.get_by_role("button", name="Sign in").click()  # the provider still knows the person
    expect(page.locator("#count")).to_have_text(f"This list has {len(shown)} devices.")
    storage = tmp_path / "storage.json"
    page.context.storage_state(path=storage)
    storage.chmod(0o600)
    variables = {
        **dict.fromkeys(("printops_tenant_username", "printops_tenant_password", "printops_tenant_sign_in_hosts")),
        "printops_tenant_profile": "prisma-home-application",
        "printops_tenant_session_file": str(storage),
    }
    (again,) = fleet.tasks("by-role", {"home_device_info": {}}, variables=variables)
    assert [device["serial"] for device in again["devices"]] == [device["serial"] for device in found["devices"]]
