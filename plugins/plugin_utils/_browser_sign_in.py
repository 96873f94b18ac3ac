# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a browser in which a person signs in, and writes the session to a file. Knows no account and no password."""

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
_POLL_INTERVAL = 0.5
_RETRY_ADVICE = "Run again, and sign in to the site in the window that opens."


@dataclass(frozen=True)
class BrowserOptions:
    """The options of the module ``site_sign_in``. ``wait_timeout``: seconds within which the person must sign in."""

    url: str
    session_file: str
    profile: Profile
    wait_timeout: float = 300
    browser: str | None = None
    browser_arguments: list[str] = field(default_factory=list)
    headless: bool = False
    validate_certs: bool = True
    http_proxy: str | None = None


def sign_in_with_browser(options: BrowserOptions, *, clock: Callable[[], float] = time.monotonic) -> dict[str, t.Any]:
    """Open the site, wait until its page proves a sign-in, and write the session with mode 0600. Return the result.

    Only cookies and storage of the site's own host are written, never those of Microsoft or Google.
    Raises :class:`BadInput`, :class:`MissingLibrary`, and :class:`TimedOut` if nobody signs in.
    """
    url = tenant_url({"url": options.url}, "the administration site")
    check_place(options.session_file, "session_file")
    if "signed_in" not in options.profile.sign_in.signs:
        raise BadInput(f"the profile {options.profile.id} has no proof of a sign-in (sign_in.signed_in)")
    host = urlsplit(url).hostname or ""
    playwright = _playwright()
    with playwright.sync_playwright() as running:
        browser = _launch(running, playwright.Error, options)
        try:
            context = browser.new_context(ignore_https_errors=not options.validate_certs)
            page = context.new_page()
            _open(page, url, playwright.Error)
            _wait_for_sign_in(context, host, options, playwright.Error, clock)
            state = context.storage_state()
        except playwright.Error as error:
            raise BadInput(f"the browser was closed before the sign-in was complete: {_first_line(error)}") from error
        finally:
            browser.close()
    return _write_session(state, host, options.session_file)


def _write_session(state: dict[str, t.Any], host: str, path: str) -> dict[str, t.Any]:
    own = [item for item in state["cookies"] if Cookie(item["name"], "", item["domain"], "/", None).is_of(host)]
    origins = [item for item in state.get("origins", []) if urlsplit(str(item.get("origin"))).hostname == host]
    if not own:
        raise BadInput(f"the sign-in at {host} succeeded, but the site set no cookie, so its session cannot be saved")
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
                f"Install it for that interpreter ({sys.executable} -m pip install playwright) and Chromium, or "
                "export cookies.txt from a browser that is signed in."
            ),
        ) from error
    return sync_api


def _launch(running: t.Any, failed: type[Exception], options: BrowserOptions) -> t.Any:
    executable = options.browser or next(filter(None, map(shutil.which, BROWSERS)), None)
    launch_options: dict[str, t.Any] = (
        {"executable_path": executable} if executable else {}
    )  # otherwise Playwright's own
    if options.http_proxy:
        launch_options["proxy"] = {"server": options.http_proxy}
    try:
        return running.chromium.launch(
            headless=options.headless,
            args=list(options.browser_arguments),
            chromium_sandbox=os.geteuid() != 0,
            **launch_options,
        )
    except failed as error:
        raise BadInput(
            f"the browser ({executable or 'the one of Playwright'}) cannot be started: {_first_line(error)}",
            advice="Run this on a machine with a screen and Chromium, or set its path (-e browser=PATH).",
        ) from error


def _open(page: t.Any, url: str, failed: type[Exception]) -> None:
    try:
        page.goto(url, wait_until="domcontentloaded")
    except failed as error:
        raise BadInput(
            f"the browser cannot open {url}: {_first_line(error)}",
            advice="Check the address (printops_site_url), its certificate and the proxy (printops_site_http_proxy).",
        ) from error


def _wait_for_sign_in(
    context: t.Any, host: str, options: BrowserOptions, failed: type[Exception], clock: Callable[[], float]
) -> None:
    until = clock() + options.wait_timeout
    while clock() < until:
        pages = list(context.pages)
        if not pages:
            raise BadInput("the browser window was closed before the sign-in was complete", advice=_RETRY_ADVICE)
        if any(_is_signed_in(page, host, options.profile, failed) for page in pages):
            return
        pages[0].wait_for_timeout(_POLL_INTERVAL * 1000)
    raise TimedOut(f"nobody signed in at {host} within {options.wait_timeout:g} s")


def _is_signed_in(page: t.Any, host: str, profile: Profile, failed: type[Exception]) -> bool:
    if urlsplit(page.url).hostname != host:
        return False
    try:
        content = page.content()
    except failed:  # the page is being replaced by another one
        return False
    data = read_page(content.encode(), "text/html; charset=utf-8", page.url).data
    return profile.sign_in.signs["signed_in"].shows(Answer(200, data))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
