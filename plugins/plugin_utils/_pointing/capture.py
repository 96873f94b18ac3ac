# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what a browser of Playwright sends and receives, while it does. Decides nothing.

Only pages and data are kept: pictures, styles, fonts and scripts are left out. A body is fetched as soon as its
response is complete, because the browser drops it with the next page. If it is too late, the exchange is kept without.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urldefrag

from ...module_utils._web.page.page import MAX_BODY, Page
from .._recording.exchange import RecordedExchange, Recording, form_of, header, origin

_KEPT = frozenset({"document", "xhr", "fetch"})
_REDIRECTS = range(300, 400)


@dataclass(frozen=True)
class TypedValue:
    """A value that a person typed or chose. ``number``: that of the next exchange at that time."""

    name: str
    label: str
    kind: str
    value: str = field(repr=False)
    number: int = 0

    @property
    def secret(self) -> bool:
        """Whether it is a password, which is kept in memory only."""
        return self.kind == "password"


@dataclass
class Capture:
    """The exchanges of one browser context, numbered in the order of their requests, and what the person typed.

    ``failed``: Playwright's error. ``authorised``: the scheme by which the browser signs in, by origin. Of what it
    sends for that only the scheme is kept, because the rest may be the password.
    """

    failed: type[Exception]
    authorised: dict[str, str] = field(default_factory=dict)
    exchanges: list[RecordedExchange | None] = field(default_factory=list)
    typed: list[TypedValue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _numbers: dict[t.Any, int] = field(default_factory=dict)
    _started: dict[int, str] = field(default_factory=dict)
    _responses: dict[t.Any, t.Any] = field(default_factory=dict)

    def attach(self, context: t.Any) -> None:
        """Record what happens in ``context`` from now on."""
        context.on("request", self._begin)
        context.on("response", self._respond)
        context.on("requestfinished", self._finish)
        context.on("requestfailed", self._fail)

    @property
    def pending(self) -> int:
        """Return the number of requests without a complete response."""
        return len(self._numbers)

    def _begin(self, request: t.Any) -> None:
        if request.resource_type in _KEPT and request.url.startswith(("https:", "http:")):
            number = self._numbers[request] = len(self.exchanges)
            self._started[number] = datetime.now(UTC).isoformat()
            self.exchanges.append(None)

    def _respond(self, response: t.Any) -> None:
        if response.request in self._numbers:
            self._responses[response.request] = response

    def _fail(self, request: t.Any) -> None:
        """Keep what is known of a response whose page was left before it was complete."""
        number = self._numbers.pop(request, None)
        response = self._responses.pop(request, None)
        if number is not None and response is not None:
            exchange = _without_body(request, response, number, self._started[number])
            self.exchanges[number] = self.without_password(exchange)

    def without_password(self, exchange: RecordedExchange) -> RecordedExchange:
        """Return the exchange with the scheme alone in the place of user name and password."""
        given = header(exchange.request_headers, "authorization") or ""
        scheme = given.partition(" ")[0].lower()
        if given and scheme not in ("basic", "digest"):
            return exchange
        used = scheme or self.authorised.get(origin(exchange.url), "")
        kept = [pair for pair in exchange.request_headers if pair[0].lower() != "authorization"]
        sent = [("authorization", used.title())] if used and exchange.status != 401 else []
        return replace(exchange, request_headers=(*kept, *sent))

    def _finish(self, request: t.Any) -> None:
        number = self._numbers.get(request)
        if number is None:
            return
        try:
            exchange = _exchange(request, number, self._started[number], self.failed)
            self.exchanges[number] = self.without_password(exchange)
            self._responses.pop(request, None)
        except self.failed:  # the next page came at once, and the browser has dropped what belongs to this one
            self._fail(request)
        finally:
            self._numbers.pop(request, None)

    def add_typed(self, told: t.Mapping[str, t.Any]) -> None:
        """Keep what the script in a page says about a control that the person changed."""
        typed = TypedValue(
            str(told.get("name") or "")[:200],
            str(told.get("label") or "")[:200],
            str(told.get("kind") or "")[:20],
            str(told.get("value") or "")[:2_000],
            len(self.exchanges),
        )
        if self.typed and (self.typed[-1].name, self.typed[-1].number) == (typed.name, typed.number):
            self.typed.pop()  # the same control, as each key that is pressed tells its value
        self.typed.append(typed)

    # --- what the guide asks ---

    def complete(self) -> list[RecordedExchange]:
        """Return the exchanges with a complete response; their numbers are those of this recording."""
        return [each for each in self.exchanges if each is not None]

    def count(self) -> int:
        """Return the number of exchanges so far."""
        return len(self.exchanges)

    def page_at(self, url: str) -> tuple[int, Page] | None:
        """Return the newest page at this address and its exchange."""
        wanted = urldefrag(url).url
        found = (each for each in reversed(self.complete()) if urldefrag(each.url).url == wanted)
        pages = ((each.number, each.readable_page) for each in found if each.status not in _REDIRECTS and each.has_body)
        return next(((number, page) for number, page in pages if page is not None and page.kind == "html"), None)

    def json_since(self, number: int) -> list[tuple[int, Page]]:
        """Return the JSON documents from this exchange on, each with its exchange."""
        found = (
            (each.number, each.readable_page) for each in self.complete() if each.number >= number and each.has_body
        )
        return [(at, page) for at, page in found if page is not None and page.kind == "json" and page.data is not None]

    def pages_until(self, number: int) -> list[Page]:
        """Return the HTML pages before this exchange."""
        pages = [each.readable_page for each in self.complete() if each.number < number and each.has_body]
        return [page for page in pages if page is not None and page.kind == "html"]

    def has_typed(self, name: str) -> bool:
        """Whether the person typed into a control of this name."""
        return bool(name) and any(each.name == name for each in self.typed)

    def typed_in(self, first: int, last: int) -> list[TypedValue]:
        """Return what was typed between these exchanges."""
        return [each for each in self.typed if first <= each.number <= last]

    def passwords(self) -> list[str]:
        """Return the passwords that were typed, each once, in their order."""
        return list(dict.fromkeys(each.value for each in self.typed if each.secret and each.value))

    def recording(self) -> Recording:
        """Return the recording with exchanges that are numbered without gaps."""
        exchanges = [replace(each, number=number) for number, each in enumerate(self.complete())]
        return Recording(Path("recorded.har"), exchanges, "playwright", list(dict.fromkeys(self.notes)))

    def renumbered(self, first: int, last: int) -> tuple[int, int]:
        """Return the numbers in :meth:`recording` of the exchanges ``first`` to ``last``, as far as they are there."""
        begin, end = (sum(each is not None for each in self.exchanges[: max(at, 0)]) for at in (first, last + 1))
        return begin, end - 1


def _exchange(request: t.Any, number: int, started: str, failed: type[Exception]) -> RecordedExchange:
    response = request.response()
    known = _without_body(request, response, number, started)
    headers = tuple((each["name"], each["value"]) for each in response.headers_array())
    body, has_body = b"", True
    if response.status not in _REDIRECTS and response.status != 204:
        try:
            body = response.body()
        except failed:  # the next page came at once
            has_body = False
    if len(body) > MAX_BODY:
        body, has_body = b"", False
    sent = tuple(pair for pair in request.all_headers().items() if not pair[0].startswith(":"))
    return replace(known, request_headers=sent, response_headers=headers, response_body=body, has_body=has_body)


def _without_body(request: t.Any, response: t.Any, number: int, started: str) -> RecordedExchange:
    """Return the exchange from what the browser has told already, without asking it again."""
    sent: bytes = request.post_data_buffer or b""
    sent_headers = tuple(pair for pair in request.headers.items() if not pair[0].startswith(":"))
    headers = tuple((name, value) for name, lines in response.headers.items() for value in lines.split("\n"))
    kind = header(sent_headers, "content-type")
    return RecordedExchange(
        number=number,
        method=request.method,
        url=urldefrag(request.url).url,
        request_headers=sent_headers,
        request_type=kind,
        request_body=sent,
        form=form_of(kind, sent),
        status=response.status,
        response_headers=headers,
        response_type=header(headers, "content-type"),
        response_body=b"",
        started=started,
        has_body=response.status in _REDIRECTS or response.status == 204,
    )
