# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows of the recorder: dialogs are answered with [OK], and controls of every type can be pointed at."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.browser import RecorderWindows, open_browser
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.capture import Capture
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.guide import Guide
from ansible_collections.printops.prisma.plugins.plugin_utils._pointing.script import ScriptedPerson
from support.person import find_chromium

pytestmark = [pytest.mark.slow, pytest.mark.needs_program("chromium")]
PAGE = b"""<!DOCTYPE html><title>Press</title><form action="/remove" method="post" onsubmit="return confirm('Sure?')">
<input type="radio" name="use" value="0" id="no" checked><label for="no">Direct</label>
<input type="radio" name="use" value="1" id="yes"><label for="yes">By a proxy</label>
<input type="number" name="port" id="port" value="8080"><input type="date" name="since" id="since" value="2026-11-21">
<button id="remove">Remove</button></form><input id="text">
<script>window.addEventListener("beforeunload", (event) => event.preventDefault())</script>"""


class _Interface(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Write no log."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Interface) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def windows(url: str) -> Iterator[RecorderWindows]:
    with open_browser("", browser=find_chromium(), arguments=["--no-sandbox"], headless=True, http_proxy=None) as (
        browser,
        failed,
    ):
        capture = Capture(failed)
        end = time.monotonic() + 60
        windows = RecorderWindows(browser, failed, Guide("other", capture), capture, time.monotonic, end)
        windows.open(url, validate_certs=True, locale="en-US")
        yield windows


def test_a_change_that_asks_in_a_dialog_is_sent_and_a_page_can_be_left(windows: RecorderWindows, url: str) -> None:
    ScriptedPerson(windows, [{"fill": {"#text": "x"}}, {"click": "#remove"}]).perform()
    assert windows.guide.note == 'The interface asked "Sure?", and [OK] was pressed.'
    ScriptedPerson(windows, [{"fill": {"#text": "x"}}, {"open": f"{url}other"}]).perform()
    every = windows.capture.complete()
    sent = [(each.method, each.url.removeprefix(url)) for each in every if "favicon" not in each.url]
    assert sent == [("GET", ""), ("POST", "remove"), ("GET", "other")]


def test_any_button_of_a_radio_group_shows_which_one_is_on(windows: RecorderWindows) -> None:
    ScriptedPerson(windows, [{"task": "read.value.fields.value"}, {"point": "label[for=yes]"}]).perform()
    assert isinstance(windows.guide, Guide)
    found = windows.guide.results["read.value.fields.value"]
    assert found.offer is not None
    assert found.offer.expression.endswith(".fields.use")
    assert found.offer.value == "0"


@pytest.mark.parametrize(("name", "value"), [("port", "8080"), ("since", "2026-11-21")])
def test_a_control_that_holds_no_text_is_pointed_at(windows: RecorderWindows, name: str, value: str) -> None:
    ScriptedPerson(windows, [{"task": "read.value.fields.value"}, {"point": f"#{name}"}]).perform()
    assert isinstance(windows.guide, Guide)
    found = windows.guide.results["read.value.fields.value"].offer
    assert found is not None
    assert (found.expression.rpartition(".")[2], found.value) == (name, value)
