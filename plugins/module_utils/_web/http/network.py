# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections whose every wait is bounded: httpcore's pool over sockets that know the time an exchange has left.

httpx's time limits are per read, so a byte a second goes on for ever. Here one limit covers connecting, sending, and
each byte of the answer, and while a read waits the run may stop it. Looking up a host name is the resolver's and is
bounded by its own time limits.
"""

from __future__ import annotations

import contextlib
import ssl
import typing as t
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar

from ..libraries import httpcore, httpx
from .channels import KEPT_OPEN
from .head import HeadFilter
from .host_names import addresses_of
from .options import Deadline

CHECK_EVERY = 1.0
"""Seconds of a wait after which ``check_run`` is called."""


class ExchangeLimit:
    """The time that one exchange may take: ``seconds``, and never beyond the task's ``deadline``.

    ``check_run`` is called about once a second while a byte is awaited, and may raise.
    """

    def __init__(self, seconds: float | None, deadline: Deadline, check_run: Callable[[], None]) -> None:
        self._deadline = deadline
        self._end = None if seconds is None else deadline.clock() + seconds
        self.check_run = check_run
        self.peer_closed = False
        """Whether the other side has closed the connection: an answer that is cut off is lost, not malformed."""

    def left(self) -> float | None:
        """Seconds that are left, 0 at the end; None without a limit."""
        left = self._deadline.left()
        if self._end is not None:
            left = min(left, self._end - self._deadline.clock())
        return None if left == float("inf") else max(0.0, left)

    @property
    def passed(self) -> bool:
        return self.left() == 0.0

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """Apply this limit to every connection that the block uses, in its thread."""
        before = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(before)


_CURRENT: ContextVar[ExchangeLimit | None] = ContextVar("printops_exchange_limit", default=None)


class BoundedBackend(httpcore.NetworkBackend):  # type: ignore[misc, unused-ignore]
    """Opens connections that keep the limit of the exchange in which they are used."""

    def __init__(self, plain: httpcore.NetworkBackend | None = None) -> None:
        self._plain = plain or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[t.Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of ``host`` that answers, all of them within one time limit."""
        try:
            addresses = addresses_of(host, port)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        failed: Exception | None = None
        for address in addresses:
            left = _left(timeout)
            if left == 0.0:
                break
            try:
                stream = self._plain.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return BoundedStream(stream)
        raise failed or httpcore.ConnectTimeout("the time is up")


class BoundedStream(httpcore.NetworkStream):  # type: ignore[misc, unused-ignore]
    """One connection. Reads keep the limit of the exchange; heads of responses pass through :class:`HeadFilter`."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._head = HeadFilter()
        self._has_surplus = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return bytes, none at the end of the connection. Raises when the exchange's time is up."""
        limit = _CURRENT.get()
        while True:
            data = self._wait_for_bytes(max_bytes, timeout, limit)
            passed_on = self._head.feed(data)
            if passed_on or not data:
                return passed_on

    def _wait_for_bytes(self, max_bytes: int, timeout: float | None, limit: ExchangeLimit | None) -> bytes:
        if limit is None:
            return bytes(self._stream.read(max_bytes, timeout))
        while True:
            left = limit.left()
            if left == 0.0:
                raise httpcore.ReadTimeout("the time is up")
            try:
                data: bytes = self._stream.read(max_bytes, CHECK_EVERY if left is None else min(left, CHECK_EVERY))
            except httpcore.ReadTimeout:
                limit.check_run()
                continue
            limit.peer_closed = limit.peer_closed or not data
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send; what is read next is the head of a response."""
        self._head.expect()
        left = _left(timeout)
        if left == 0.0:
            raise httpcore.WriteTimeout("the time is up")
        self._stream.write(buffer, left)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Return the same connection under TLS. The handshake as a whole keeps the limit."""
        left = _left(timeout)
        if left == 0.0:
            self.close()
            raise httpcore.ConnectTimeout("the time is up")
        return BoundedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def end_of_body(self, length: int) -> None:
        """Note that a body of ``length`` bytes was read: if more than that came, the connection is not used again."""
        self._has_surplus = not self._head.ended_with(length)

    def get_extra_info(self, info: str) -> t.Any:
        """Return what httpcore knows of the connection. It drops an idle one that ``is_readable``."""
        return (info == "is_readable" and self._has_surplus) or self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float | None:
    limit = _CURRENT.get()
    left = limit.left() if limit is not None else None
    return min((each for each in (left, timeout) if each is not None), default=None)


class NetworkTransport(httpx.BaseTransport):  # type: ignore[misc, unused-ignore]
    """Sends requests over httpcore's connection pool and bounded connections. Raises httpx's errors."""

    def __init__(
        self, tls: ssl.SSLContext, proxy: httpx.Proxy | None, backend: httpcore.NetworkBackend | None = None
    ) -> None:
        options: dict[str, t.Any] = {
            "ssl_context": tls,
            "max_connections": 100,
            "max_keepalive_connections": 20,
            "keepalive_expiry": KEPT_OPEN,
            "network_backend": backend or BoundedBackend(),
        }
        if proxy is None:
            self._pool = httpcore.ConnectionPool(**options)
        else:
            self._pool = httpcore.HTTPProxy(
                proxy_url=_core_url(proxy.url),
                proxy_auth=proxy.raw_auth,
                proxy_headers=proxy.headers.raw,
                proxy_ssl_context=proxy.ssl_context,
                **options,
            )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` and return the response; its body is read by who iterates over its stream."""
        sent = httpcore.Request(
            method=request.method,
            url=_core_url(request.url),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _errors_of_httpx():
            response = self._pool.handle_request(sent)
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_BodyStream(response.stream, response.extensions.get("network_stream")),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _BodyStream(httpx.SyncByteStream):  # type: ignore[misc, unused-ignore]
    def __init__(self, stream: t.Any, connection: t.Any) -> None:
        self._stream = stream
        self._connection = connection

    def __iter__(self) -> Iterator[bytes]:
        length = 0
        with _errors_of_httpx():
            for piece in self._stream:
                length += len(piece)
                yield piece
        if isinstance(self._connection, BoundedStream):
            self._connection.end_of_body(length)

    def close(self) -> None:
        self._stream.close()


@contextlib.contextmanager
def _errors_of_httpx() -> Iterator[None]:
    """Turn an error of httpcore into the one of the same name in httpx."""
    try:
        yield
    except Exception as error:
        for kind in type(error).__mro__:
            if kind.__module__.partition(".")[0] == "httpcore" and hasattr(httpx, kind.__name__):
                raise getattr(httpx, kind.__name__)(str(error)) from error
        raise


def _core_url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
