# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers requests from a recording, in place of the interface that was recorded. Knows no profile.

The recording has a state: the place up to which it was played. A page is answered as it was there, a write moves on to
where it was recorded, so that the page read back after it is the one that the write had made.
"""

from __future__ import annotations

import typing as t
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from ...module_utils._decide.outcomes import Outcome
from ...module_utils._web.errors import PrismaError
from ...module_utils._web.http.client import PURPOSE, Purpose
from ...module_utils._web.libraries import httpx
from .exchange import RecordedExchange, Recording, media_type
from .matching import Asked, Matching, origin

_OF_THE_WIRE = frozenset(
    {
        *("content-encoding", "content-length", "content-type", "transfer-encoding"),
        *("connection", "keep-alive", "trailer", "upgrade"),
    }
)
_READING = ("GET", "HEAD", "OPTIONS")
_TEXT = ("text/", "application/json", "application/xhtml", "application/xml", "application/javascript")


class NotRecorded(PrismaError):
    """The recording has no answer to a request. ``details``: what was asked, and the nearest that was recorded."""

    outcome: t.ClassVar[Outcome] = Outcome.UNSUPPORTED


@dataclass(frozen=True)
class Answered:
    """A request that was answered, and by which exchange."""

    method: str
    path: str
    exchange: int


def main_origin(recording: Recording) -> str:
    """Scheme, host and port of the interface that most of the recording is about, ending in a slash."""
    counted = Counter(origin(each.url) for each in recording.exchanges if each.response_body)
    counted = counted or Counter(origin(each.url) for each in recording.exchanges)
    chosen = counted.most_common(1)[0][0]
    first = next(each.url for each in recording.exchanges if origin(each.url) == chosen)
    return urljoin(first, "/")


class ReplayTransport(httpx.BaseTransport):
    """Answers as the recorded interface did. Give it to a client as its transport.

    ``base_url`` is where the client believes the interface to be: the recorded address, or another one that stands for
    the recording's main one. ``answered`` lists what was asked so far.
    """

    def __init__(self, recording: Recording, base_url: str | None = None) -> None:
        recorded = {origin(each.url) for each in recording.exchanges}
        main = main_origin(recording) if recording.exchanges else "https://recording/"
        self.base_url = base_url or main
        self._asked_at = origin(self.base_url)
        self._recorded_at = self._asked_at if self._asked_at in recorded else origin(main)
        ours = [each for each in recording.exchanges if origin(each.url) == self._recorded_at]
        self._matching = Matching(recording, ours)
        self._recording = recording
        # Where sessions end and begin. Neither is ever answered to somebody who only reads.
        self._boundaries = [
            at for at in range(len(ours)) if self._matching.signs_in(at) or self._matching.signs_out(at)
        ]
        self.answered: list[Answered] = []
        self._at = 0
        self._wrote_at = -1
        self._asked_to_read: set[tuple[str, str, frozenset[str]]] = set()
        self._redirected_to: str | None = None

    @property
    def exchanges(self) -> list[RecordedExchange]:
        """What is played: the exchanges with the interface itself."""
        return self._matching.exchanges

    @property
    def unused(self) -> list[int]:
        """Numbers of the exchanges that answered nothing."""
        used = {each.exchange for each in self.answered}
        return [each.number for each in self.exchanges if each.number not in used]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from the recording; raise :class:`NotRecorded`."""
        url = str(request.url)
        headers = tuple((name, value) for name, value in request.headers.items())
        asked = Asked.of(request.method, url, headers, request.read())
        if origin(url) != self._asked_at:
            raise NotRecorded(f"{asked.in_words()} goes to another host than the recording is played for")
        at = self._choose(asked, self._reads(request, url))
        exchange = self.exchanges[at]
        self.answered.append(Answered(asked.method, asked.path, exchange.number))
        response = self._response(exchange, asked)
        location = response.headers.get("location")
        self._redirected_to = urljoin(url, location) if response.has_redirect_location else None
        return response

    # --- which one ---

    def _reads(self, request: httpx.Request, url: str) -> bool:
        """Whether a request only looks: the client says so, or else its method does."""
        if url == self._redirected_to and request.method in _READING:
            return True
        purpose = request.extensions.get(PURPOSE)
        if isinstance(purpose, Purpose):
            return purpose is Purpose.READ
        return request.method in _READING

    def _choose(self, asked: Asked, reads: bool) -> int:
        found = self._matching.candidates(asked)
        if not found:
            raise self._not_recorded(asked)
        if reads and asked.method not in _READING:
            self._asked_to_read.update(_signature(self.exchanges[at]) for at in found)
        if reads and not all(self._matching.signs_out(at) for at in found):
            return self._read(asked, sorted(found))
        return self._write(found)

    def _write(self, found: dict[int, int]) -> int:
        """The most alike; of these the next one, or else the last one before: something that is done again."""
        best = max(found.values())
        alike = [at for at, same in sorted(found.items()) if same == best]
        chosen = next((at for at in alike if at >= self._at), alike[-1])
        self._at = chosen + 1
        self._wrote_at = chosen
        return chosen

    def _read(self, asked: Asked, found: list[int]) -> int:
        """The page as it is now: the next one before anything is changed, or the last one since something was.

        Otherwise one that the person looked at later, or earlier, in the same session: a profile reads pages in another
        order than somebody with a browser.
        """
        begins, ends = self._session()
        changes = next((at for at in range(self._at, ends) if self._changes(at)), ends)
        for chosen in (at for at in found if self._at <= at < changes):
            self._at = chosen + 1
            return chosen
        since = [at for at in found if max(self._wrote_at, begins - 1) < at < self._at]
        later = [at for at in found if changes <= at < ends]
        before = [at for at in found if begins <= at < self._at]
        earlier = [at for at in found if at < begins]
        for group, which in ((since, -1), (later, 0), (before, -1), (earlier, -1)):
            if group:
                return group[which]
        number = self.exchanges[found[0]].number
        raise NotRecorded(
            f"the recording has {asked.in_words()} only in a session that begins later (exchange {number})",
            advice="Sign in first; or record that page again while signed in as here.",
            details={"asked": asked.in_words(), "nearest": asked.in_words(), "exchange": number},
        )

    def _session(self) -> tuple[int, int]:
        """Where the session of now begins and ends."""
        begins = max((each + 1 for each in self._boundaries if each < self._at), default=0)
        ends = min((each for each in self._boundaries if each >= self._at), default=len(self.exchanges))
        return begins, ends

    def _changes(self, at: int) -> bool:
        return self._matching.changes_something(at) and _signature(self.exchanges[at]) not in self._asked_to_read

    def _not_recorded(self, asked: Asked) -> NotRecorded:
        nearest = self._matching.nearest(asked)
        text = f"the recording has no {asked.in_words()}"
        if nearest is not None:
            text += f"; the nearest is {nearest[1]} (exchange {nearest[0].number})"
        return NotRecorded(
            text,
            advice="Correct the profile where it asks for this, or record it too.",
            details={
                "asked": asked.in_words(),
                "nearest": nearest[1] if nearest else None,
                "exchange": nearest[0].number if nearest else None,
            },
        )

    # --- the answer ---

    def _response(self, exchange: RecordedExchange, asked: Asked) -> httpx.Response:
        kind = media_type(exchange.response_type)
        if not exchange.has_body and exchange.status == 200 and (not kind or kind.startswith(_TEXT)):
            raise NotRecorded(
                f"the recording has {asked.in_words()} (exchange {exchange.number}) without the answer's body",
                advice="Record again with content.",
                details={"asked": asked.in_words(), "exchange": exchange.number},
            )
        headers = [
            (name, self._here(value) if name.lower() in ("location", "content-location", "refresh") else value)
            for name, value in exchange.response_headers
            if name.lower() not in _OF_THE_WIRE
        ]
        if exchange.response_type:
            headers.append(("Content-Type", exchange.response_type))
        body = exchange.response_body
        if self._recorded_at != self._asked_at and (not kind or kind.startswith(_TEXT)):
            body = self._here(body.decode("latin-1")).encode("latin-1")
        raw = [(name.encode("latin-1", "replace"), value.encode("utf-8")) for name, value in headers]
        return httpx.Response(exchange.status, headers=raw, content=body)

    def _here(self, text: str) -> str:
        """Addresses of the recorded interface as addresses of the one that the client asks."""
        if self._recorded_at == self._asked_at:
            return text
        here, there = urlsplit(self.base_url), urlsplit(main_origin(self._recording))
        return text.replace(f"{there.scheme}://{there.netloc}", f"{here.scheme}://{here.netloc}")


def _signature(exchange: RecordedExchange) -> tuple[str, str, frozenset[str]]:
    """What makes two requests the same call, whatever is typed into it."""
    names = frozenset(name for name, _value in exchange.form)
    return (
        exchange.method,
        exchange.url.partition("?")[0],
        names or frozenset({exchange.request_body.decode("latin-1")}),
    )
