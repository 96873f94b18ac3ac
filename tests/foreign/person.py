# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person with Chromium at CUPS and at transmission, whose browser records (HAR). Asserts nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from foreign import cups, transmission
from playwright.sync_api import Browser, Page
from support.person import PATIENCE


@contextlib.contextmanager
def _window(browser: Browser, recording: Path, username: str, password: str) -> Iterator[Page]:
    """A window in which the browser's own dialog for a name and a password is answered."""
    context = browser.new_context(
        ignore_https_errors=True,
        http_credentials={"username": username, "password": password},
        record_har_path=str(recording),
        record_har_content="embed",
        record_har_mode="full",
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()


def record_cups(browser: Browser, server: cups.Cups, recording: Path) -> None:
    """Look at the printers, pause one and resume it, change a setting of the server, say where a printer stands."""
    with _window(browser, recording, cups.ADMINISTRATOR, cups.PASSWORD) as page:
        page.goto(server.url)
        page.goto(f"{server.url}admin/conf/cupsd.conf")
        page.goto(server.url)
        page.get_by_role("link", name="Printers", exact=True).first.click()
        page.get_by_role("link", name="press-01", exact=True).click()
        for entry, said in (("stop-printer", "has been paused"), ("start-printer", "has been resumed")):
            page.goto(f"{server.url}printers/press-01")
            page.locator("form[name=maintenance] select[name=OP]").select_option(entry)
            page.get_by_text(said).wait_for()
        page.goto(f"{server.url}printers/press-01")
        page.locator("form[name=administration] select[name=OP]").select_option("modify-printer")
        page.locator("input[name=DEVICE_URI][type=radio]").first.wait_for()
        page.get_by_role("button", name="Continue").click()
        page.locator("input[name=PRINTER_LOCATION]").fill("Hall 42")
        page.get_by_role("button", name="Continue").click()
        page.locator("select[name=PPD_MAKE]").select_option("Raw")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Modify Printer").click()
        page.get_by_text("has been modified successfully").wait_for()
        page.locator("form[name=maintenance]").wait_for()  # where the page's refresh leads to
        page.goto(f"{server.url}admin")
        page.locator("input[name=USER_CANCEL_ANY]").check()
        page.get_by_role("button", name="Change Settings").click()
        page.locator("input[name=USER_CANCEL_ANY]:checked").wait_for()
        page.goto(f"{server.url}printers/")


def record_transmission(browser: Browser, server: transmission.Transmission, recording: Path) -> None:
    """Open the settings, limit the speed, look again."""
    with _window(browser, recording, transmission.USER, transmission.PASSWORD) as page:
        page.goto(f"{server.url}transmission/web/")
        page.locator("#toolbar-start-all, #toolbar").first.wait_for()
        page.evaluate("transmission.remote.savePrefs({'speed-limit-down': 4242, 'speed-limit-down-enabled': true})")
        page.wait_for_timeout(1000)
        page.reload()
        page.wait_for_timeout(2000)
