# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings of a few exchanges, and clients that are answered from them. Asserts nothing but types."""

from __future__ import annotations

from typing import Any

import httpx
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.exchange import RecordedExchange
from ansible_collections.printops.prisma.plugins.plugin_utils._recording.replay import ReplayTransport
from unit.recording.hars import BASE, exchange, recording

JSON = "application/json"
LOGIN = '<form><input type="hidden" name="tok" value="t1"><input name="u"><input type="password" name="p"></form>'


def page(text: str, path: str = "/value") -> RecordedExchange:
    return exchange(path=path, body=f"<p>{text}</p>")


def write(sent: str, answer: str = "saved", path: str = "/set", **more: Any) -> RecordedExchange:
    return exchange(path=path, body=answer, method="POST", sent=sent, **more)


def client(*exchanges: RecordedExchange, base_url: str = BASE) -> httpx.Client:
    """Return a client of which a request to /login.cgi signs in."""
    made = recording(*exchanges)
    sign_ins = [each.number for each in made.exchanges if each.url.endswith("/login.cgi")]
    return httpx.Client(transport=ReplayTransport(made, base_url, sign_ins=sign_ins), base_url=base_url)


def text(response: httpx.Response) -> str:
    return response.text.removeprefix("<p>").removesuffix("</p>")


def transport_of(of: httpx.Client) -> ReplayTransport:
    transport = of._transport
    assert isinstance(transport, ReplayTransport)
    return transport
