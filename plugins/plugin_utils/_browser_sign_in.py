# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a browser for a person to sign in, and keeps the session that comes of it. Knows no account and no password."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import typing as t
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..module_utils._prisma.address_files import check_place, write_private
from ..module_utils._prisma.connection import tenant_url
from ..module_utils._web.errors import BadInput, MissingLibrary, TimedOut
from ..module_utils._web.http.cookies import Cookie
from ..module_utils._web.page.page import read_page
from ..module_utils._web.profile.profile import Answer, Profile

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_LOOK_EVERY = 0.5
_NOT_IN_TIME = "Run again, and sign in in the window that opens."


@dataclass(frozen=True)
class BrowserOptions:
    """What is asked for. ``wait_timeout``: seconds that the person has."""

    url: str
    session_file: str
    profile: Profile
    wait_timeout: float = 300
    browser: str | None = None
    browser_arguments: list[str] = field(default_factory=list)
    headless: bool = False
    validate_certs: bool = True
    http_proxy: str | None = None


def sign_in_with_browser(order: BrowserOptions, *, clock: Callable[[], float] = time.monotonic) -> dict[str, t.Any]:
    """Open the site, wait until its page proves that somebody is signed in, and write the session (mode 0600).

    Only what belongs to the site's own host is written: a Microsoft or Google session stays the person's.
    """
    url = tenant_url({"url": order.url}, "the administration site")
    check_place(order.session_file, "session_file")
    if "signed_in" not in order.profile.sign_in.signs:
        raise BadInput(f"the profile {order.profile.id} does not say what proves a sign-in (sign_in.signed_in)")
    host = urlsplit(url).hostname or ""
    playwright = _playwright()
    with playwright.sync_playwright() as running:
        browser = _launch(running, playwright.Error, order)
        try:
            context = browser.new_context(ignore_https_errors=not order.validate_certs)
            page = context.new_page()
            _open(page, url, playwright.Error)
            _wait(context, host, order, playwright.Error, clock)
            state = context.storage_state()
        except playwright.Error as error:
            raise BadInput(f"the browser was closed before the sign-in was done: {_first_line(error)}") from error
        finally:
            browser.close()
    return _keep(state, host, order.session_file)


def _keep(state: dict[str, t.Any], host: str, path: str) -> dict[str, t.Any]:
    own = [item for item in state["cookies"] if Cookie(item["name"], "", item["domain"], "/", None).is_of(host)]
    origins = [item for item in state.get("origins", []) if urlsplit(str(item.get("origin"))).hostname == host]
    if not own:
        raise BadInput(
            f"{host} shows that somebody is signed in, but has set no cookie: its session cannot be exported"
        )
    write_private(path, (json.dumps({"cookies": own, "origins": origins}, indent=1) + "\n").encode())
    ends = [float(item["expires"]) for item in own if float(item.get("expires", -1)) > 0]
    return {
        "session_file": path,
        "host": host,
        "cookies": len(own),
        "expires": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(min(ends))) if ends else None,
    }


def _playwright() -> t.Any:
    try:
        from playwright import sync_api
    except ImportError as error:
        raise MissingLibrary(
            f"the Python library playwright is missing for {sys.executable}: {error}",
            advice=(
                f"Install it for that interpreter ({sys.executable} -m pip install playwright) and a Chromium, or "
                "export cookies.txt from any browser that is signed in."
            ),
        ) from error
    return sync_api


def _launch(running: t.Any, failed: type[Exception], order: BrowserOptions) -> t.Any:
    found = order.browser or next(filter(None, map(shutil.which, BROWSERS)), None)
    options: dict[str, t.Any] = {"executable_path": found} if found else {}  # otherwise Playwright's own
    if order.http_proxy:
        options["proxy"] = {"server": order.http_proxy}
    try:
        return running.chromium.launch(
            headless=order.headless,
            args=list(order.browser_arguments),
            chromium_sandbox=os.geteuid() != 0,
            **options,
        )
    except failed as error:
        raise BadInput(
            f"no browser opens ({found or 'that of Playwright'}): {_first_line(error)}",
            advice="Run this where there is a screen and Chromium is installed, or name it with the option browser.",
        ) from error


def _open(page: t.Any, url: str, failed: type[Exception]) -> None:
    try:
        page.goto(url, wait_until="domcontentloaded")
    except failed as error:
        raise BadInput(
            f"the browser cannot open {url}: {_first_line(error)}", advice="Check address, certificate and proxy."
        ) from error


def _wait(
    context: t.Any, host: str, order: BrowserOptions, failed: type[Exception], clock: Callable[[], float]
) -> None:
    until = clock() + order.wait_timeout
    while clock() < until:
        pages = list(context.pages)
        if not pages:
            raise BadInput("the browser's window was closed before the sign-in was done", advice=_NOT_IN_TIME)
        if any(_is_signed_in(page, host, order.profile, failed) for page in pages):
            return
        pages[0].wait_for_timeout(_LOOK_EVERY * 1000)
    raise TimedOut(f"nobody has signed in at {host} within {order.wait_timeout:g} s")


def _is_signed_in(page: t.Any, host: str, profile: Profile, failed: type[Exception]) -> bool:
    if urlsplit(page.url).hostname != host:
        return False
    try:
        content = page.content()
    except failed:  # it is on its way to another page
        return False
    data = read_page(content.encode(), "text/html; charset=utf-8", page.url).data
    return profile.sign_in.signs["signed_in"].shows(Answer(200, data))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
