# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One attempt of a request, from its turn to the last byte of its body. Knows no purposes and repeats nothing."""

from __future__ import annotations

import typing as t
from contextlib import ExitStack

from ..errors import RunEnded, TransportError
from ..libraries import httpx
from .channels import Channel
from .decoding import coding_of, decoded
from .failures import not_http
from .network import ExchangeLimit
from .options import ARRIVED, PURPOSE, ClientOptions
from .tls import PEER_CERTIFICATE, peer_certificate

MAX_BODY = 8 * 1024 * 1024
"""Bytes of a decoded body. No page of such an interface comes near it."""

_DESCRIBES_THE_BODY_AS_SENT = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class ExchangeTransport(httpx.BaseTransport):
    """One attempt: waits for its turn, keeps the time limit, reads and decodes the whole body.

    The body is read here, below the retries, so that a connection that is lost inside it is seen by them.
    """

    def __init__(self, channel: Channel, options: ClientOptions) -> None:
        self._channel = channel
        self._options = options
        self._deadline = options.deadline

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with ExitStack() as held:
            if not held.enter_context(self._channel.slot(self._deadline.left())):
                raise httpx.PoolTimeout("the time for this task is up")
            self._keep_pace()
            return self._attempt(request)

    def _keep_pace(self) -> None:
        wait = self._channel.wait_for_turn(self._deadline.clock(), self._deadline.left())
        if wait is None:
            raise httpx.PoolTimeout("the time for this task is up")
        if wait > 0:
            self._deadline.sleep(wait)

    def _attempt(self, request: httpx.Request) -> httpx.Response:
        purpose = request.extensions[PURPOSE]
        limit = ExchangeLimit(self._options.timeout, self._deadline, lambda: self._options.check_run(purpose))
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), limit.left())
        try:
            with limit.applied():
                response = self._channel.transport.handle_request(request)
                if response.status_code != 429:  # which says that it was turned away
                    request.extensions[ARRIVED] = True
                certificate = peer_certificate(response)  # now: the connection may be closed once the body is read
                body = _read(response, limit)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
            raise  # the only ones that prove that the request was not sent
        except RunEnded as error:
            raise TransportError(str(error), may_have_arrived=True, advice=error.advice) from error
        except httpx.HTTPError as error:
            request.extensions[ARRIVED] = True
            if isinstance(error, httpx.RemoteProtocolError) and not limit.peer_closed:
                raise not_http(error, request) from error
            raise
        return httpx.Response(
            status_code=response.status_code,
            headers=[each for each in response.headers.raw if each[0].lower() not in _DESCRIBES_THE_BODY_AS_SENT],
            content=body,
            extensions={**response.extensions, PEER_CERTIFICATE: certificate},
        )

    def close(self) -> None:
        if self._options.channels is None:
            self._channel.close()


def _read(response: httpx.Response, limit: ExchangeLimit) -> bytes:
    body = bytearray()
    try:
        coding = coding_of(response.headers.get_list("content-encoding"))
        for piece in decoded(t.cast("t.Iterable[bytes]", response.stream), coding, MAX_BODY):
            body += piece
            if limit.passed:
                raise httpx.ReadTimeout("the time was up before the answer was complete")
    finally:
        response.close()
    return bytes(body)
