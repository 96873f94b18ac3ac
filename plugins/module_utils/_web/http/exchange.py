# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One attempt of a request, and when another one follows. Knows no purposes: who may repeat is decided above."""

from __future__ import annotations

import math
import typing as t
from contextlib import ExitStack
from functools import cache

from ..errors import UnexpectedPage
from ..libraries import httpx, httpx_retries
from .channels import Channel
from .failures import ARRIVED, NoTimeLeft, is_certificate_problem
from .options import ClientOptions
from .tls import PEER_FINGERPRINT, peer_fingerprint

MAX_BODY = 8 * 1024 * 1024
"""Bytes of a decoded body. No page of such an interface comes near it."""

_LONGEST_PAUSE = 600.0  # seconds; only felt by a client without a deadline
_ALL_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_DESCRIBES_THE_BODY_ON_THE_WIRE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class ExchangeTransport(httpx.BaseTransport):
    """One attempt: keeps the pace, gives it no more than the time left, reads the whole body.

    The body is read here, below the retries, so that a connection that is lost inside it is seen by them.
    """

    def __init__(self, channel: Channel, options: ClientOptions) -> None:
        self._wire = channel
        self._deadline = options.deadline
        self._shared = options.channels is not None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with ExitStack() as held:
            if not held.enter_context(self._wire.place(self._deadline.left())):
                raise httpx.PoolTimeout("the time for this task is up")
            self._keep_pace()
            return self._attempt(request)

    def _attempt(self, request: httpx.Request) -> httpx.Response:
        left = self._deadline.left()
        request.extensions["timeout"] = {
            kind: min(left, math.inf if seconds is None else seconds) if left < math.inf else seconds
            for kind, seconds in request.extensions["timeout"].items()
        }
        try:
            response = self._wire.transport.handle_request(request)
            if response.status_code != 429:  # which says that it was turned away
                request.extensions[ARRIVED] = True
            fingerprint = peer_fingerprint(response)  # now: the connection may be closed once the body is read
            body = self._read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
            raise  # the only ones that prove that the request was not sent
        except httpx.HTTPError:
            request.extensions[ARRIVED] = True
            raise
        return httpx.Response(
            status_code=response.status_code,
            headers=[each for each in response.headers.raw if each[0].lower() not in _DESCRIBES_THE_BODY_ON_THE_WIRE],
            content=body,
            extensions={**response.extensions, PEER_FINGERPRINT: fingerprint},
        )

    def _keep_pace(self) -> None:
        wait = self._wire.wait_for_turn(self._deadline.clock(), self._deadline.left())
        if wait is None:
            raise httpx.PoolTimeout("the time for this task is up")
        if wait > 0:
            self._deadline.sleep(wait)

    def _read(self, response: httpx.Response) -> bytes:
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_BODY:
                    raise UnexpectedPage(f"The answer is larger than {MAX_BODY // 1024 // 1024} MiB.")
                if self._deadline.passed:
                    raise httpx.ReadTimeout("the time for this task was up before the answer was complete")
        finally:
            response.close()
        return bytes(body)

    def close(self) -> None:
        if not self._shared:
            self._wire.close()


def retry_policy(options: ClientOptions) -> httpx_retries.Retry:
    """Return when a request is sent again, and after which pause: never beyond the deadline of ``options``."""
    policy: httpx_retries.Retry = _within_deadline()(options, 0)
    return policy


@cache
def _within_deadline() -> t.Any:
    class WithinDeadline(httpx_retries.Retry):
        def __init__(self, options: ClientOptions, attempts_made: int) -> None:
            self._options = options
            super().__init__(
                total=options.retries,
                backoff_factor=options.retry_backoff / 2,  # the library doubles it before the first pause
                backoff_jitter=1.0,
                max_backoff_wait=60.0,
                allowed_methods=_ALL_METHODS,  # which requests come here at all is decided in the guard
                status_forcelist=(429, 502, 503, 504),
                attempts_made=attempts_made,
            )

        def increment(self) -> httpx_retries.Retry:
            # Not the library's own: depending on its version, that forgets this class.
            return WithinDeadline(self._options, self.attempts_made + 1)

        def is_exhausted(self) -> bool:
            return super().is_exhausted() or self._options.deadline.passed

        def is_retryable_exception(self, exception: Exception) -> bool:
            return super().is_retryable_exception(exception) and not is_certificate_problem(exception)

        def sleep(self, response: httpx.Response | Exception) -> None:
            deadline = self._options.deadline
            wait = self._asked_for(response) or self.backoff_strategy()
            if wait >= min(deadline.left(), _LONGEST_PAUSE):
                raise NoTimeLeft(response)
            deadline.sleep(wait)

        def _asked_for(self, response: httpx.Response | Exception) -> float:
            if not isinstance(response, httpx.Response) or "Retry-After" not in response.headers:
                return 0.0
            try:
                return self.parse_retry_after(response.headers["Retry-After"])
            except ValueError:
                return 0.0

    return WithinDeadline
