# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person who uses the simulator's pages with Chromium, which records a HAR. Asserts nothing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, sync_playwright

from .programs import PROGRAMS
from .simulation import Simulation

PATIENCE = 30_000.0
"""Timeout of a page in milliseconds, enough for a busy machine."""

GET_CHROMIUM = (
    "chromium is not installed. On Debian and Ubuntu: apt-get install chromium; elsewhere put a program chromium, "
    "chromium-browser or google-chrome on PATH."
)

# Do not contact hosts of its vendor: many networks refuse them.
_QUIET = ("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync")

LABELS = {
    "en": {
        "change user": "Change user",
        "sign in": "Sign in",
        "ors": "ORS",
        "save": "Save",
        "test": "Test connection",
        "registration": "Registration",
        "register": "Register",
        "unregister": "Unregister",
        "yes": "Yes",
        "waiting": "waiting for sign-in at the registration address",
        "registered": "registered",
        "unregistered": "not registered",
        "log out": "Log out",
    },
    "fr": {
        "change user": "Changer d'utilisateur",
        "sign in": "Ouvrir la session",
        "ors": "ORS",
        "save": "Enregistrer",
        "test": "Tester la connexion",
        "registration": "Enregistrement",
        "register": "Enregistrer",
        "unregister": "Annuler l'enregistrement",
        "yes": "Oui",
        "waiting": "en attente de connexion à l'adresse d'enregistrement",
        "registered": "enregistré",
        "unregistered": "non enregistré",
        "log out": "Fermer la session",
    },
}


class NoChromium(Exception):
    """Chromium is not installed. The text says how to install it."""


def find_chromium() -> str:
    """Return the path of a Chromium; raise :class:`NoChromium`."""
    found = PROGRAMS["chromium"].find()
    if found is None:
        raise NoChromium(GET_CHROMIUM)
    return found


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium for a ``with`` block. Raise :class:`NoChromium` if there is none."""
    program = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--no-first-run", *_QUIET]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def window(browser: Browser, recording: Path) -> Iterator[BrowserContext]:
    """Yield a window of a browser without cookies. The recording is written when it is closed."""
    context = browser.new_context(
        ignore_https_errors=True, record_har_path=str(recording), record_har_content="embed", record_har_mode="full"
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


def sign_in_at_home(page: Page, person: dict[str, Any]) -> None:
    """Sign in from the sign-in page of PRISMA Home on the pages of the identity provider."""
    page.get_by_role("link", name="Sign in", exact=True).click()
    page.get_by_label("E-mail address").fill(person["email"])
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Password").fill(person["password"])
    page.get_by_role("button", name="Sign in").click()
    if person.get("code"):
        page.get_by_label("Code").fill(person["code"])
        page.get_by_role("button", name="Verify").click()
    page.get_by_role("button", name="No", exact=True).click()


def record_remote_ui(
    browser: Browser, simulation: Simulation, name: str, recording: Path, *, proxy: dict[str, Any]
) -> dict[str, str]:
    """Record everything that an administrator does in the SRA remote UI of the printer ``name``.

    That is: sign-in, device, ORS, proxy (``host``, ``port``, ``user``, ``password``: saved, read again, tested,
    switched off), registration (requested, claimed by the tenant meanwhile, removed), sign-out. Returns the values that
    were typed and read and must not be in a fixture, by a name that states their kind.
    """
    printer = simulation.printer(name)
    labels = LABELS[printer["language"]]
    account = printer["accounts"]["administrator"]
    with window(browser, recording) as context:
        page = context.new_page()
        top, menu, main = (page.frame_locator(f"frame[name={frame}]") for frame in ("top", "menu", "main"))
        page.goto(printer["url"])
        top.get_by_role("link", name=labels["change user"]).click()
        main.locator("input[name=uname]").fill(account["username"])
        main.locator("input[name=upass]").fill(account["password"])
        main.get_by_role("button", name=labels["sign in"]).click()
        top.get_by_role("link", name=labels["log out"]).wait_for()
        main.locator("#tblDevice").wait_for()
        serial = main.locator("#tblDevice td").nth(1).inner_text()
        menu.locator("a[href='ors.htm']").click()
        main.locator("#orsState").wait_for()
        _set_proxy(main, labels, proxy)
        address = _register(main, menu, labels, lambda seen: _claim(simulation, seen))
        top.get_by_role("link", name=labels["log out"]).click()
        page.locator("#msg-logged-out").wait_for()
    return {
        "username": account["username"],
        "password": account["password"],
        "serial": serial,
        "host name": name,
        "proxy host": str(proxy["host"]),
        "proxy user": str(proxy["user"]),
        "proxy password": str(proxy["password"]),
        "registration address": address,
        "registration code": address.rsplit("/", 1)[-1],
    }


def _set_proxy(main: FrameLocator, labels: dict[str, str], proxy: dict[str, Any]) -> None:
    def look_again() -> None:
        main.locator("a[href='ors.htm']").click()
        main.locator("#orsState").wait_for()
        main.locator("a[href='proxy.htm']").click()
        main.locator("input[name=pxHost]").wait_for()

    main.locator("a[href='proxy.htm']").click()
    main.locator("input[name=useProxy]").check()
    for field, value in (("pxHost", "host"), ("pxPort", "port"), ("pxUser", "user"), ("pxPass", "password")):
        main.locator(f"input[name={field}]").fill(str(proxy[value]))
    main.locator("input[name=pxExcept]").fill("localhost;intranet")
    main.get_by_role("button", name=labels["save"]).click()
    main.locator("span.info").wait_for()
    look_again()
    main.get_by_role("button", name=labels["test"]).click()
    main.locator("#testResult").wait_for()


def _register(main: FrameLocator, menu: FrameLocator, labels: dict[str, str], claim: Callable[[str], None]) -> str:
    def look_again() -> None:
        menu.locator("a[href='device.htm']").click()
        main.locator("#tblDevice").wait_for()
        menu.locator("a[href='register.htm']").click()
        main.locator("#regState").wait_for()

    menu.locator("a[href='register.htm']").click()
    main.locator("form:has(input[value=register]) input[type=submit]").click()
    main.locator("#regState", has_text=labels["waiting"]).wait_for()  # the page reloads automatically until then
    address = main.locator("a[target=_blank]").inner_text()
    look_again()
    claim(address)
    look_again()
    main.locator("form:has(input[value=unregister]) input[type=submit]").click()
    main.get_by_role("button", name=labels["yes"]).click()
    main.locator("#regState").wait_for()
    look_again()
    return address


EDITOR_LABELS = {
    "de": {
        "remote service": "Fernwartung",
        "proxy": "Proxy",
        "save": "Speichern",
        "test": "Verbindung testen",
        "cloud service": "Cloud-Dienst",
        "device": "Gerät",
    },
}


def record_settings_editor(
    browser: Browser, simulation: Simulation, name: str, recording: Path, *, proxy: dict[str, Any]
) -> dict[str, str]:
    """Record everything that an automation account does in the Settings Editor of ``name``.

    That is: sign-in, device, ORS, proxy (saved, tested), an application switched on, the hand-over (completed in PRISMA
    Home meanwhile), sign-out. Returns the values that were typed and read and must not be in a fixture, by a name that
    states their kind.
    """
    printer = simulation.printer(name)
    labels = EDITOR_LABELS[printer["language"]]
    account = printer["accounts"]["administrator"]
    with window(browser, recording) as context:
        page = context.new_page()
        page.goto(printer["url"])
        page.locator("input[name=user]").fill(account["username"])
        page.locator("input[name=password]").fill(account["password"])
        page.locator("#sign-in button").click()
        serial = page.locator("#serialNumber").inner_text()
        menu = page.locator("#menu")
        menu.get_by_text(labels["remote service"]).click()
        page.locator("#orsState").wait_for()
        menu.get_by_text(labels["proxy"]).click()
        page.locator("input[name=enabled]").check()
        for field, value in (("host", "host"), ("port", "port"), ("user", "user"), ("password", "password")):
            page.locator(f"#proxy input[name={field}]").fill(str(proxy[value]))
        page.locator("input[name=exceptions]").fill("localhost; intranet")
        page.get_by_role("button", name=labels["save"]).click()
        page.locator("input[name=password]:not([value])").wait_for()
        page.get_by_role("button", name=labels["test"]).click()
        page.locator("#message", has_text=":").wait_for()
        menu.get_by_text(labels["cloud service"]).click()
        page.locator("#dashboard").click()
        page.locator("#dashboard:checked").wait_for()
        page.locator("#register").click()
        with context.expect_page() as opened:
            page.locator("#confirm-yes").click()
        opened.value.wait_for_url("**/hand-over/*")
        address = opened.value.url
        opened.value.close()
        _claim(simulation, address, display_name="Recorded")
        menu.get_by_text(labels["device"]).click()
        page.locator("#serialNumber").wait_for()
        menu.get_by_text(labels["cloud service"]).click()
        page.locator("#registered-with").wait_for()
        page.locator("#log-out").click()
        page.locator("#sign-in").wait_for()
    return {
        "username": account["username"],
        "password": account["password"],
        "serial": serial,
        "host name": name,
        "proxy host": str(proxy["host"]),
        "proxy user": str(proxy["user"]),
        "proxy password": str(proxy["password"]),
        "registration code": address.rsplit("/", 1)[-1],
    }


def _claim(simulation: Simulation, address: str, tenant: str = "alpha", display_name: str = "") -> None:
    """Complete a registration as the tenant's automation does. Only its effect on the printer is recorded."""
    account = next(item for item in simulation.ready["tenants"] if item["id"] == tenant)
    home = simulation.ready["home"]["url"].rstrip("/")
    with httpx.Client(verify=False, trust_env=False, timeout=30) as client:
        token = client.post(
            f"{home}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(account["client_id"], account["client_secret"]),
        ).json()["access_token"]
        client.post(
            f"{home}/api/v1/tenants/{tenant}/{'hand-overs' if display_name else 'claims'}",
            json={"address": address, "takeOver": False, **({"displayName": display_name} if display_name else {})},
            headers={"Authorization": f"Bearer {token}"},
        ).raise_for_status()
    time.sleep(0.5)
