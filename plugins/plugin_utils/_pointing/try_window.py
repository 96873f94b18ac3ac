# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a page in a browser beside the panel in which expressions are tried: of an interface, or of a recording.

The window only reads. The interface is signed in to once, by the engine, and the window gets its session.
"""

from __future__ import annotations

import time
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from ...module_utils._web.profile.profile import PLACEHOLDER, Profile, fill
from .._recording.exchange import RecordedExchange, Recording
from .browser import RecorderWindows, open_browser
from .capture import Capture
from .explorer import PageExplorer
from .proof import LiveProof, own_address, signed_in
from .script import ScriptedPerson, read_script
from .tasks import panel_text
from .try_page import find_recorded

_READING = ("GET", "HEAD", "OPTIONS")
_OF_TRANSFER = ("content-encoding", "content-length", "transfer-encoding", "content-security-policy")
"""Headers that do not belong to a body as a recording has it."""


@dataclass(frozen=True)
class WindowOptions:
    """How the window opens, and for how long. ``clicks``: a script in place of a person."""

    language: str = "en"
    wait_timeout: float = 3600
    browser: str | None = None
    browser_arguments: list[str] = field(default_factory=list)
    clicks: str | None = None
    http_proxy: str | None = None
    validate_certs: bool = True


def explore_recording(recording: Recording, path: str, options: WindowOptions) -> PageExplorer:
    """Show a page of a recording until the person closes the window. Return what was tried."""
    page, _read = find_recorded(recording, path)
    return _explore(options, page.url, lambda context, _explorer: context.route("**/*", _Answers(recording)))


def explore_live(
    profile: Profile,
    url: str,
    account: LiveProof,
    connection: Mapping[str, t.Any],
    path: str,
    options: WindowOptions,
    secrets: set[str],
) -> PageExplorer:
    """Sign in, show the page at ``path`` until the person closes the window, and sign out. Return what was tried.

    Adds to ``secrets`` what no output may show.
    """
    base = own_address(url)
    with signed_in(profile, url, account, connection, path) as (session, page):
        secrets |= session.secrets()
        origin = "/".join(base.split("/")[:3])
        by_request: dict[str, t.Any] = {}
        if profile.sign_in.by_request:
            given = {"username": account.username, "password": account.password, "origin": origin}
            by_request = {"http_credentials": given}
        reads = frozenset(
            (step.method, urlsplit(urljoin(base, step.target or "")).path)
            for steps in (profile.match.steps, *(each.steps for each in profile.reads.values()))
            for step in steps
            if step.kind == "send" and not step.writes and not PLACEHOLDER.search(step.target or "")
        )
        headers = {name: str(value) for name, value in fill(profile.headers, session.state.kept).items() if value}

        def prepare(context: t.Any, explorer: PageExplorer) -> None:
            context.add_cookies(
                [
                    {
                        "name": each.name,
                        "value": each.value,
                        "domain": each.domain,
                        "path": each.path,
                        "secure": each.secure,
                        "expires": each.expires or -1,
                    }
                    for each in session.client.jar
                ]
            )
            context.route("**/*", _OnlyReads(explorer, origin, headers, reads))

        try:
            return _explore(options, page.url, prepare, **by_request)
        finally:
            secrets |= session.secrets()


def _explore(
    options: WindowOptions, url: str, prepare: Callable[[t.Any, PageExplorer], None], **context_options: t.Any
) -> PageExplorer:
    script = read_script(options.clicks) if options.clicks else None
    with open_browser(
        "Or leave out window: the task then shows the page as text.",
        browser=options.browser,
        arguments=options.browser_arguments,
        headless=script is not None,
        http_proxy=options.http_proxy,
    ) as (browser, failed):
        capture = Capture(failed)

        def addresses() -> list[str]:
            return windows.addresses()

        explorer = PageExplorer(capture, options.language, addresses)
        deadline = time.monotonic() + options.wait_timeout
        windows = RecorderWindows(browser, failed, explorer, capture, time.monotonic, deadline)
        windows.open(
            url,
            validate_certs=options.validate_certs,
            locale="en-US",
            prepare=lambda context: prepare(context, explorer),
            **context_options,
        )
        if script is not None:
            ScriptedPerson(windows, script).perform()
        else:
            windows.run(lambda: explorer.closed or windows.are_over)
        return explorer


class _Answers:
    """Answers the requests of the window with the newest exchange of a recording, as far as it has them."""

    def __init__(self, recording: Recording) -> None:
        usable = (each for each in recording.exchanges if each.has_body)
        self._found: dict[tuple[str, str], RecordedExchange] = {
            (each.method, urldefrag(each.url).url): each for each in usable
        }

    def __call__(self, route: t.Any) -> None:
        request = route.request
        found = self._found.get((request.method, urldefrag(request.url).url))
        if found is None:
            route.abort("aborted")
            return
        kept = [(name, value) for name, value in found.response_headers if name.lower() not in _OF_TRANSFER]
        route.fulfill(status=found.status, headers=dict(kept), body=found.response_body)


class _OnlyReads:
    """Lets the window read, with the headers of the session, and stops what may change something."""

    def __init__(
        self, explorer: PageExplorer, origin: str, headers: Mapping[str, str], reads: frozenset[tuple[str, str]]
    ) -> None:
        self._explorer = explorer
        self._origin = origin
        self._headers = dict(headers)
        self._reads = reads

    def __call__(self, route: t.Any) -> None:
        request = route.request
        path = urlsplit(request.url).path
        if request.method not in _READING and (request.method, path) not in self._reads:
            self._explorer.note = panel_text("only_reads", self._explorer.language, text=f"{request.method} {path}")
            route.abort("aborted")
        elif self._headers and request.url.startswith(f"{self._origin}/"):
            route.continue_(headers={**request.headers, **self._headers})
        else:
            route.continue_()
