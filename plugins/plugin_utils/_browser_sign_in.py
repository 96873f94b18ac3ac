# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a browser in which a person signs in, and writes the session to a file. Knows no account and no password."""

from __future__ import annotations

import json
import time
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..module_utils._decide.interfaces import INTERFACE_NAMES
from ..module_utils._prisma.address_files import check_place, write_private
from ..module_utils._prisma.connection import tenant_url
from ..module_utils._web.errors import BadInput, TimedOut
from ..module_utils._web.http.cookies import Cookie
from ..module_utils._web.page.page import read_page
from ..module_utils._web.profile.profile import Answer, Profile
from ..module_utils._web.session.expiry import iso_time
from ..module_utils._web.session.session_file import STORAGES, origin_of, session_of_state
from ..module_utils._web.session.web_storage import find_token
from ._browser import first_line, launch, playwright_api

_POLL_INTERVAL = 0.5
_RETRY_ADVICE = "Run again, and sign in in the window that opens."
UNTRUSTED = (
    "The browser knows the CAs of the system only, and not printops_tenant_ca_path or printops_site_ca_path. If the "
    "address is right, add the CA to the system, or add -e browser_validate_certs=false."
)
_READ_STORAGE = """() => Object.fromEntries([["local", localStorage], ["session", sessionStorage]].map(
    ([kind, storage]) => [kind, Object.entries(storage)]))"""
_Storage = Mapping[str, Mapping[str, str]]
"""The web storage of a page by kind."""


@dataclass(frozen=True)
class BrowserOptions:
    """The options of the module ``sign_in``. ``wait_timeout``: seconds within which the person must sign in."""

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
    """Open the cloud, wait until a page proves a sign-in, and write the session with mode 0600. Return the result.

    Only cookies of the cloud's own host and web storage of its own origin are written, never those of the provider.
    Raises :class:`BadInput`, :class:`MissingLibrary`, and :class:`TimedOut` if nobody signs in.
    """
    interface = options.profile.interface
    url = tenant_url({"url": options.url}, INTERFACE_NAMES[interface])
    check_place(options.session_file, "session_file")
    if options.profile.storage is None and "signed_in" not in options.profile.sign_in.signs:
        raise BadInput(f"the profile {options.profile.id} has no proof of a sign-in (sign_in.signed_in)")
    playwright = playwright_api("Or export cookies.txt from a browser that is signed in.")
    with playwright.sync_playwright() as running:
        browser = launch(
            running,
            playwright.Error,
            browser=options.browser,
            arguments=options.browser_arguments,
            headless=options.headless,
            http_proxy=options.http_proxy,
        )
        try:
            context = browser.new_context(locale="en-US", ignore_https_errors=not options.validate_certs)
            page = context.new_page()
            _open(page, url, interface, playwright.Error)
            storage = _wait_for_sign_in(context, url, options, playwright.Error, clock)
            cookies = context.cookies()
        except playwright.Error as error:
            raise BadInput(f"the browser was closed before the sign-in was complete: {first_line(error)}") from error
        finally:
            browser.close()
    return _write_session(cookies, storage, url, options)


def _write_session(
    cookies: list[dict[str, t.Any]], storage: _Storage, url: str, options: BrowserOptions
) -> dict[str, t.Any]:
    parts = urlsplit(url)
    host, path = parts.hostname or "", options.session_file
    own = [item for item in cookies if Cookie(item["name"], "", item["domain"], "/", None).is_of(host)]
    if not own and not any(storage.values()):
        raise BadInput(
            f"the sign-in at {host} succeeded, but it set no cookie and no web storage, so the session cannot be saved"
        )
    origin: dict[str, t.Any] = {"origin": f"{parts.scheme}://{parts.netloc}"}
    for kind, name in STORAGES.items():
        origin[name] = [{"name": key, "value": value} for key, value in storage.get(kind, {}).items()]
    state = {"cookies": own, "origins": [origin]}
    ends = session_of_state(state, path, url, options.profile).ends
    write_private(path, (json.dumps(state, indent=1) + "\n").encode())
    return {
        "session_file": path,
        "host": host,
        "cookies": len(own),
        "storage": sum(map(len, storage.values())),
        "expires": None if ends is None else iso_time(ends),
    }


def _open(page: t.Any, url: str, interface: str, failed: type[Exception]) -> None:
    try:
        page.goto(url, wait_until="domcontentloaded")
    except failed as error:
        raise BadInput(
            f"the browser cannot open {url}: {first_line(error)}",
            advice=UNTRUSTED
            if "ERR_CERT" in str(error)
            else f"Check the address (printops_{interface}_url) and the proxy (printops_{interface}_http_proxy).",
        ) from error


def _wait_for_sign_in(
    context: t.Any, url: str, options: BrowserOptions, failed: type[Exception], clock: Callable[[], float]
) -> _Storage:
    """Wait until a page proves the sign-in; return its web storage."""
    until = clock() + options.wait_timeout
    while clock() < until:
        pages = list(context.pages)
        if not pages:
            raise BadInput("the browser window was closed before the sign-in was complete", advice=_RETRY_ADVICE)
        for page in pages:
            storage = _signed_in_storage(page, url, options.profile, failed)
            if storage is not None:
                return storage
        pages[0].wait_for_timeout(_POLL_INTERVAL * 1000)
    raise TimedOut(
        f"nobody signed in at {urlsplit(url).hostname} within {options.wait_timeout:g} s",
        advice=f"{_RETRY_ADVICE} For more time: -e wait_timeout=SECONDS.",
    )


def _signed_in_storage(page: t.Any, url: str, profile: Profile, failed: type[Exception]) -> _Storage | None:
    """Return the web storage of a page that proves the sign-in, None for any other page.

    An application of a single page proves it by the token that it stores, any other page by its content.
    """
    if not page.url.startswith("https:") or origin_of(page.url) != origin_of(url):
        return None
    try:
        storage = {kind: dict(entries) for kind, entries in page.evaluate(_READ_STORAGE).items()}
        content = page.content()
    except failed:  # the page is being replaced by another one
        return None
    if profile.storage is not None:
        return storage if find_token(storage[profile.storage.kind], profile.storage) is not None else None
    data = read_page(content.encode(), "text/html; charset=utf-8", page.url).data
    return storage if profile.sign_in.signs["signed_in"].shows(Answer(200, data)) else None
