# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person hands a PRISMAsync printer over with a browser, as the manual tells; then the role runs, and finds it so.

In German, which the shipped profile has to understand too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support.fleet import Fleet, FleetMaker
from support.person import PATIENCE, chromium, sign_in_at_home

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]
PRINTER = "von-hand"


@pytest.fixture(scope="module")
def fleet(make_fleet: FleetMaker) -> Fleet:
    return make_fleet([{"name": PRINTER, "kind": "prismasync", "language": "de", "hands_over_to": "home"}])


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


def _sign_in(page: Page, printer: dict[str, Any]) -> None:
    administrator = printer["accounts"]["administrator"]
    page.goto(printer["url"])
    page.get_by_label("Benutzername").fill(administrator["username"])
    page.get_by_label("Kennwort").fill(administrator["password"])
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("heading", name="Gerät", exact=True)).to_be_visible(timeout=PATIENCE)


def _open_cloud_service(page: Page) -> None:
    page.get_by_role("link", name="Cloud-Dienst", exact=True).click()
    heading = page.get_by_role("heading", name="Konfiguration > Konnektivität > Cloud-Dienst", exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE)


def _add_in_the_cloud(cloud: Page, printer: dict[str, Any], person: dict[str, str], display_name: str) -> None:
    """Sign in on the cloud's own page, which then shows series and serial number and asks for a display name."""
    sign_in_at_home(cloud, person)
    for row in ("Series", "Serial number"):
        expect(cloud.get_by_role("rowheader", name=row, exact=True)).to_be_visible(timeout=PATIENCE)
    expect(cloud.get_by_role("cell", name=printer["serial"], exact=True)).to_be_visible(timeout=PATIENCE)
    cloud.get_by_label("Display name").fill(display_name)
    cloud.get_by_role("button", name="Add", exact=True).click()


def test_what_a_person_handed_over_with_a_browser_is_already_done(fleet: Fleet, page: Page) -> None:
    """Given a printer that somebody handed over by hand, then the role finds it so and presses nothing."""
    printer, tenant = fleet.simulation.printer(PRINTER), fleet.simulation.ready["tenants"][0]
    person = next(item for item in tenant["people"] if item["role"] == "Administrator")
    watch = fleet.watch()

    _sign_in(page, printer)
    _open_cloud_service(page)
    # domain.md, "Registering a printer in PRISMA Home", PRISMAsync: first an application, then the button.
    expect(page.get_by_role("cell", name="Nicht registriert", exact=True)).to_be_visible(timeout=PATIENCE)
    page.get_by_label("PRISMAlytics Dashboard").check()
    expect(page.get_by_label("PRISMAlytics Dashboard")).to_be_checked(timeout=PATIENCE)
    # domain.md, "PRISMAsync": it asks to confirm, then the page of the cloud opens.
    page.get_by_role("button", name="Drucker für Cloud-Dienst registrieren", exact=True).click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Ja", exact=True).click()
    cloud = opened.value
    _add_in_the_cloud(cloud, printer, person, "Presse 7")
    expect(cloud.get_by_role("status")).to_contain_text(f"is registered with {tenant['name']}", timeout=PATIENCE)

    _open_cloud_service(page)
    for seen in ("Registriert", tenant["name"]):
        expect(page.get_by_role("cell", name=seen, exact=True)).to_be_visible(timeout=PATIENCE)
    assert page.get_by_role("img").count() == 0, "no QR code stays at the printer"
    page.get_by_role("button", name="Abmelden", exact=True).click()
    expect(page.get_by_role("button", name="Anmelden", exact=True)).to_be_visible(timeout=PATIENCE)
    assert watch.count("register_pressed", PRINTER) == 1

    run = fleet.onboard(fleet.inventory(PRINTER, onboard_applications={}))
    assert (run.returncode, run.outcomes, run.changed) == (0, {PRINTER: "already"}, 0), run.output
    assert watch.count("register_pressed", PRINTER) == 1
    assert fleet.simulation.open_sessions().get("printers") is None
