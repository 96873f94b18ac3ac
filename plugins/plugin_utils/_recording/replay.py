# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays a recording: answers requests as the recorded interface did. Knows no profile.

The replay has a position in the recording. A read gets the page as it was there. A write moves the position to the
place where the write was recorded, so a read after it gets the page that shows the change.
"""

from __future__ import annotations

import re
import typing as t

from ...module_utils._decide.outcomes import Outcome
from ...module_utils._web.errors import PrismaError
from ...module_utils._web.http.client import PURPOSE, Purpose
from ...module_utils._web.libraries import httpx
from ...module_utils._web.page.address import absolute, split_address
from .exchange import (
    RecordedExchange,
    Recording,
    is_one_of,
    is_text,
    main_origin,
    origin,
    same_interface,
    without_default_port,
)
from .matching import RequestKey, RequestMatcher

_TRANSPORT_HEADERS = frozenset(
    {
        *("content-encoding", "content-length", "content-type", "transfer-encoding"),
        *("connection", "keep-alive", "trailer", "upgrade"),
    }
)
_ADDRESS_HEADERS = ("location", "content-location", "refresh")
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class NotRecorded(PrismaError):
    """The recording has no response to a request. The message names the most similar request that it has."""

    outcome: t.ClassVar[Outcome] = Outcome.UNSUPPORTED


class ReplayTransport(httpx.BaseTransport):
    """An httpx transport that answers as the recorded interface did.

    ``base_url`` is the address that the client uses: the recorded one, or another one, to which that of the recorded
    interface is mapped. ``sign_ins``: the numbers of the exchanges that sign in; ``hosts``: the other hosts at which
    they do.
    """

    def __init__(
        self,
        recording: Recording,
        base_url: str | None = None,
        *,
        sign_ins: t.Collection[int] = (),
        hosts: t.Collection[str] = (),
    ) -> None:
        recorded = recording.exchanges
        main = main_origin(recorded) if recorded else "https://recording/"
        self.base_url = base_url or main
        self._client_origin = origin(self.base_url)
        self._own = self.base_url if any(origin(each.url) == self._client_origin for each in recorded) else main
        ours = [each for each in recorded if same_interface(each.url, self._own) or is_one_of(each.url, hosts)]
        here = {"://".join(split_address(each.url)[:2]) for each in ours if same_interface(each.url, self._own)}
        other = [rf"{re.escape(each)}(?![\w.:-])" for each in sorted(here) if origin(each) != self._client_origin]
        self._other_addresses = re.compile("|".join(other) or "(?!)")
        self._matcher = RequestMatcher(recording, ours, sign_ins, own=self._own)
        # Sign-ins and sign-outs. A request that only reads never moves the position beyond one.
        self._boundaries = [at for at in range(len(ours)) if self._matcher.signs_in(at) or self._matcher.signs_out(at)]
        self.lacks_pages = False
        """Whether a page was asked for that the recording does not have, or only as it was before or after a change."""
        self._position = 0
        self._last_write = -1
        self._read_only_calls: set[tuple[str, str, frozenset[str]]] = set()
        self._redirect_target: str | None = None

    @property
    def exchanges(self) -> list[RecordedExchange]:
        """Return the exchanges with the interface itself."""
        return self._matcher.exchanges

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the recorded response to ``request``. Raise :class:`NotRecorded` if there is none."""
        url = str(request.url)
        headers = tuple((name, value) for name, value in request.headers.items())
        at_home = origin(url) == self._client_origin
        key = RequestKey.of(request.method, url, headers, request.read(), own=url if at_home else self._own)
        if not at_home and not any(origin(each.url) == origin(url) for each in self.exchanges):
            raise NotRecorded(f"{key.describe()} is addressed to another host than the recording")
        at = self._select(key, self._only_reads(request, url))
        exchange = self.exchanges[at]
        response = self._response(exchange, key)
        location = response.headers.get("location")
        target = absolute(url, location) if response.has_redirect_location else None
        self._redirect_target = without_default_port(target) if target is not None else None
        return response

    # --- which one ---

    def _only_reads(self, request: httpx.Request, url: str) -> bool:
        """Whether a request only reads, by the purpose that the client states, or else by its method."""
        if url == self._redirect_target and request.method in _SAFE_METHODS:
            return True
        purpose = request.extensions.get(PURPOSE)
        if isinstance(purpose, Purpose):
            return purpose is Purpose.READ
        return request.method in _SAFE_METHODS

    def _select(self, request: RequestKey, reads: bool) -> int:
        found = self._matcher.candidates(request)
        if not found:
            raise self._not_recorded(request)
        if reads and request.method not in _SAFE_METHODS:
            self._read_only_calls.update(_signature(self.exchanges[at]) for at in found)
        if reads and not all(self._matcher.signs_out(at) for at in found):
            return self._read(request, sorted(found))
        return self._write(found)

    def _write(self, found: dict[int, int]) -> int:
        """Select the exchange with most equal values: the next one of them, or for a repeated write the last one."""
        best = max(found.values())
        alike = [at for at, same in sorted(found.items()) if same == best]
        chosen = next((at for at in alike if at >= self._position), alike[-1])
        self._position = chosen + 1
        self._last_write = chosen
        return chosen

    def _read(self, request: RequestKey, found: list[int]) -> int:
        """Select the page as it is at the position: the next one before another change, or the last one since one.

        Otherwise select a page from later or earlier in the same session, because a profile reads pages in another
        order than a person with a browser.
        """
        begins, ends = self._session_bounds()
        changes = next((at for at in range(self._position, ends) if self._may_change_state(at)), ends)
        for chosen in (at for at in found if self._position <= at < changes):
            self._position = chosen + 1
            return chosen
        since = [at for at in found if max(self._last_write, begins - 1) < at < self._position]
        later = [at for at in found if changes <= at < ends]
        before = [at for at in found if begins <= at < self._position]
        earlier = [at for at in found if at < begins]
        for group, which in ((since, -1), (later, 0), (before, -1), (earlier, -1)):
            if group:
                begin, end = sorted((group[which], self._position))
                changed = begin <= self._last_write < end or any(map(self._may_change_state, range(begin, end)))
                self.lacks_pages = self.lacks_pages or changed
                return group[which]
        number = self.exchanges[found[0]].number
        raise NotRecorded(
            f"the recording has {request.describe()} only in a session that begins later (exchange {number})",
            advice="Sign in first in the profile, or record that page in this session too.",
        )

    def _session_bounds(self) -> tuple[int, int]:
        """Return where the session at the position begins and ends."""
        begins = max((each + 1 for each in self._boundaries if each < self._position), default=0)
        ends = min((each for each in self._boundaries if each >= self._position), default=len(self.exchanges))
        return begins, ends

    def _may_change_state(self, at: int) -> bool:
        return self._matcher.may_change_state(at) and _signature(self.exchanges[at]) not in self._read_only_calls

    def _not_recorded(self, request: RequestKey) -> NotRecorded:
        self.lacks_pages = True
        nearest = self._matcher.nearest(request)
        text = f"the recording has no {request.describe()}"
        if nearest is not None:
            text += f"; {nearest[1]} (exchange {nearest[0].number})"
        return NotRecorded(
            text, advice="Correct the step of the profile that sends this request, or record the request too."
        )

    # --- the answer ---

    def _response(self, exchange: RecordedExchange, request: RequestKey) -> httpx.Response:
        if not exchange.has_body and exchange.status == 200 and is_text(exchange.response_type):
            raise NotRecorded(
                f"the recording has {request.describe()} (exchange {exchange.number}) without the body of the response",
                advice="Record again and export the HAR with content.",
            )
        headers = [
            (name, self._with_client_address(value) if name.lower() in _ADDRESS_HEADERS else value)
            for name, value in exchange.response_headers
            if name.lower() not in _TRANSPORT_HEADERS
        ]
        if exchange.response_type:
            headers.append(("Content-Type", exchange.response_type))
        body = exchange.response_body
        if is_text(exchange.response_type):
            body = self._with_client_address(body.decode("latin-1")).encode("latin-1")
        raw = [(name.encode("latin-1", "replace"), value.encode("utf-8")) for name, value in headers]
        return httpx.Response(exchange.status, headers=raw, content=body)

    def _with_client_address(self, text: str) -> str:
        """Replace the recorded addresses of the host in ``text`` by the address that the client uses."""
        here = split_address(self.base_url)
        return self._other_addresses.sub(f"{here.scheme}://{here.netloc}", text)


def _signature(exchange: RecordedExchange) -> tuple[str, str, frozenset[str]]:
    """Return what two calls of the same operation have in common, whatever values they send."""
    names = frozenset(name for name, _value in exchange.form)
    return (
        exchange.method,
        exchange.url.partition("?")[0],
        names or frozenset({exchange.request_body.decode("latin-1")}),
    )
