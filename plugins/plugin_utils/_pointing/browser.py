# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two windows of a browser: the interface, which is recorded, and the panel beside it. Decides nothing.

The panel is a window of its own in a context of its own: no page of the interface can see, cover or end it.
"""

from __future__ import annotations

import contextlib
import json
import typing as t
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...module_utils._web.errors import BadInput, TimedOut
from .._browser import first_line, launch, playwright_api
from .capture import Capture
from .element import PointedElement
from .http_sign_in import HttpSignIn
from .tasks import panel_text
from .whole_lists import WholeLists

if t.TYPE_CHECKING:
    from .explorer import PageExplorer
    from .guide import Guide

ARGUMENTS = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
"""Arguments of the browser: it does not contact hosts of its vendor."""
DATA = Path(__file__).resolve().parents[2] / "data" / "recorder"
LONGEST_MESSAGE = 20 * 1024 * 1024
PANEL_SIZE = {"width": 430, "height": 900}
WINDOW_SIZE = {"width": 1100, "height": 900}
_UNTRUSTED = (
    "The browser knows the CAs of the system only. If the certificate is one of your own, add -e "
    "browser_validate_certs=false, and name its CA for the proof (-e printops_ca_path=FILE)."
)
_UNREACHED = "Check the address, and the proxy (printops_http_proxy)."
_QUIET = 0.15
"""Seconds without a pending request after which a page is complete."""


@contextlib.contextmanager
def open_browser(
    otherwise: str, *, browser: str | None, arguments: Sequence[str], headless: bool, http_proxy: str | None
) -> Iterator[tuple[t.Any, type[Exception]]]:
    """Start a browser, and end it. Yield it with Playwright's error. ``otherwise``: advice if Playwright is missing."""
    playwright = playwright_api(otherwise)
    with playwright.sync_playwright() as running:
        started = launch(
            running,
            playwright.Error,
            browser=browser,
            arguments=[*ARGUMENTS, *arguments],
            headless=headless,
            http_proxy=http_proxy,
        )
        try:
            yield started, playwright.Error
        finally:
            started.close()


@dataclass
class RecorderWindows:
    """The two windows. ``failed``: Playwright's error. ``guide``: what the panel shows, and what comes of a click."""

    browser: t.Any
    failed: type[Exception]
    guide: Guide | PageExplorer
    capture: Capture
    clock: Callable[[], float]
    deadline: float
    context: t.Any = None
    page: t.Any = None
    panel: t.Any = None
    lists: WholeLists = field(init=False)
    http: HttpSignIn | None = None
    language: str = "en"
    events: deque[Callable[[], None]] = field(default_factory=deque)
    _shown: t.Any = None
    _pointing: bool = False

    def __post_init__(self) -> None:
        self.lists = WholeLists(self.capture, self.guide.results)

    def open(
        self,
        url: str,
        *,
        validate_certs: bool,
        locale: str,
        prepare: Callable[[t.Any], None] = lambda _context: None,
        **options: t.Any,
    ) -> None:
        """Open both windows, the interface at ``url``. Raise :class:`BadInput` if it cannot be opened.

        ``prepare`` gets the browser context of the interface, which has ``options``, before its first page.
        """
        panel_context = self.browser.new_context(viewport=PANEL_SIZE)
        panel_context.expose_binding("printopsPanel", self._from_panel)
        self.panel = panel_context.new_page()
        self.panel.set_content((DATA / "panel.html").read_text(encoding="utf-8"))
        self.context = self.browser.new_context(
            ignore_https_errors=not validate_certs,
            viewport=WINDOW_SIZE,
            locale=locale,
            service_workers="block",
            **options,
        )
        self.context.expose_binding("printopsRecorder", self._from_page)
        self.context.add_init_script(path=str(DATA / "page.js"))
        self.context.on("dialog", self._accept)
        self.capture.attach(self.context)
        if self.http is not None:
            self.http.attach(self.context)
        prepare(self.context)
        self.page = self.context.new_page()
        self.show()
        self.go(url)
        self.settle()
        self.guide.begin()
        self.show()
        with contextlib.suppress(self.failed):
            self._place(self.page, 0, WINDOW_SIZE)
            self._place(self.panel, WINDOW_SIZE["width"] + 10, PANEL_SIZE)

    def _accept(self, dialog: t.Any) -> None:
        """Press [OK] in a dialog of a script, and show its text. Playwright would press [Cancel]."""
        if dialog.message:
            self.guide.note = panel_text("dialog", self.language, text=dialog.message)
        with contextlib.suppress(self.failed):
            dialog.accept(dialog.default_value)

    def go(self, url: str) -> None:
        """Open an address in the recorded window."""
        try:
            self.page.goto(url, wait_until="domcontentloaded")
        except self.failed as error:
            raise BadInput(
                f"the browser cannot open {url}: {first_line(error)}",
                advice=_UNTRUSTED if "ERR_CERT" in str(error) else _UNREACHED,
            ) from error

    def _place(self, page: t.Any, left: int, size: dict[str, int]) -> None:
        session = page.context.new_cdp_session(page)
        window = session.send("Browser.getWindowForTarget")["windowId"]
        session.send("Browser.setWindowBounds", {"windowId": window, "bounds": {"left": left, "top": 0, **size}})
        session.detach()

    # --- messages ---

    def _from_page(self, source: dict[str, t.Any], text: t.Any) -> bool:
        """Take a message of the script in a page. Returns whether the page is in pointing mode."""
        if isinstance(text, str) and len(text) <= LONGEST_MESSAGE:
            url = source["frame"].url
            with contextlib.suppress(ValueError):
                told = json.loads(text)
                if isinstance(told, dict):
                    self._take(told, url)
        return self._pointing

    def _take(self, told: dict[str, t.Any], url: str) -> None:
        if told.get("event") == "typed":
            self.capture.add_typed(told)
        elif told.get("event") == "pointed" and isinstance(told.get("element"), dict):
            with contextlib.suppress(BadInput):
                element = PointedElement.of(told["element"], url)
                self.events.append(lambda: self.guide.point(element))

    def _from_panel(self, _source: dict[str, t.Any], text: str) -> None:
        told = json.loads(text)
        if "password" in told:
            self.events.append(lambda: self._sign_in(str(told["username"]), str(told["password"])))
        elif "answer" in told:
            self.events.append(lambda: self.guide.answer(int(told["answer"])))
        else:
            self.events.append(lambda: self.guide.press(str(told.get("press")), str(told.get("key") or "")))

    def _sign_in(self, username: str, password: str) -> None:
        """Open the page again, now with user name and password."""
        if self.http is not None and self.http.asking:
            self.http.give(username, password)
            with contextlib.suppress(self.failed):
                self.page.reload(wait_until="domcontentloaded")
            self.settle()

    # --- the loop ---

    @property
    def are_closed(self) -> bool:
        """Whether the person has closed a window."""
        return bool(self.panel.is_closed() or not self.context.pages)

    @property
    def are_over(self) -> bool:
        """Whether a window is closed, or the time is over."""
        return self.are_closed or self.clock() > self.deadline

    def addresses(self) -> list[str]:
        """Return the addresses of all pages and frames that are shown."""
        return [frame.url for page in (self.context.pages if self.context else ()) for frame in page.frames]

    def run(self, until: Callable[[], bool], step: Callable[[], None] = lambda: None) -> None:
        """Handle what the person does until ``until``.

        Raises :class:`TimedOut`, and :class:`BadInput` if a window was closed.
        """
        while not until():
            if self.clock() > self.deadline:
                raise TimedOut("the recording was not finished in time")
            if self.are_closed:
                raise BadInput(
                    "the window was closed before the recording was finished",
                    advice="Run again, and press [Make the profile] at the end.",
                )
            step()
            self.handle()
            self.wait(0.05)

    def handle(self) -> None:
        """Handle the messages that have come, once all responses are complete, and update both windows."""
        if self.events:
            self.settle()
        while self.events:
            self.events.popleft()()
        for url in self.lists.unread_pages():
            self._fetch(url)
        self.show()

    def _fetch(self, url: str) -> None:
        """Read a page as a script of the page that is shown would, so that it is recorded."""
        with contextlib.suppress(self.failed):
            self.page.evaluate("url => fetch(url, {credentials: 'same-origin'}).then((answer) => answer.text())", url)
        self.settle()

    def settle(self, most: float = 10) -> None:
        """Wait until no response is pending, so that the page that is shown is recorded with its body."""
        end = self.clock() + most
        quiet_since = self.clock()
        while self.clock() < end and self.clock() - quiet_since < _QUIET:
            self.wait(0.03)
            if self.capture.pending:
                quiet_since = self.clock()

    def wait(self, seconds: float) -> None:
        """Let the browser work for ``seconds``."""
        with contextlib.suppress(self.failed):
            self.panel.wait_for_timeout(seconds * 1000)

    def show(self) -> None:
        """Show the state of the guide in the panel, and switch pointing mode in all frames."""
        model = self.guide.view()
        if self.http is not None:
            model |= {"credentials": self.http.view(self.language)}
        if model != self._shown:
            self._shown = model
            with contextlib.suppress(self.failed):
                self.panel.evaluate("model => showPanel(model)", model)
        if self._pointing != self.guide.pointing:
            self._pointing = self.guide.pointing
            for page in self.context.pages if self.context else ():
                for frame in page.frames:
                    with contextlib.suppress(self.failed):
                        frame.evaluate("on => window.printopsPointing && window.printopsPointing(on)", self._pointing)
