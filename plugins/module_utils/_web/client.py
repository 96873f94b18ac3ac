# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one factory of HTTP clients: origin, purpose, deadline, retries, TLS and proxies. Knows no page and no printer.

A client's transports, top down: the guard (what may be sent at all, and our errors instead of httpx's), retries
(httpx-retries), the exchange (one attempt: pace, time left, whole body), httpx's own transport.
"""

from __future__ import annotations

import contextlib
import math
import time
import typing as t
from dataclasses import dataclass, field
from enum import Enum

from ._client_failures import ARRIVED, NoTimeLeft, is_certificate_problem, our_error, where
from ._client_proxy import proxy_for
from .errors import (
    BadInput,
    Busy,
    CheckModeViolation,
    ForbiddenRedirect,
    MissingLibrary,
    PrismaError,
    TimedOut,
    UnexpectedPage,
)
from .libraries import httpx, httpx_retries, require
from .tls import PEER_FINGERPRINT, peer_fingerprint, ssl_context

PURPOSE = "printops_purpose"
REPEATABLE = "printops_repeatable"
MAX_BODY = 8 * 1024 * 1024
"""Bytes of a decoded body. No page of such an interface comes near it."""

_LONGEST_PAUSE = 600.0  # seconds; only felt by a client without a deadline
_ALL_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_DESCRIBES_THE_BODY_ON_THE_WIRE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class Purpose(Enum):
    """What a request is for. Every request carries one in ``extensions[PURPOSE]``."""

    READ = "read"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    WRITE = "write"


class Deadline:
    """When a task's time is up. ``seconds=None``: never. Clock and sleep can be given, for tests."""

    def __init__(
        self,
        seconds: float | None,
        *,
        clock: t.Callable[[], float] = time.monotonic,
        sleep: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self.clock = clock
        self.sleep = sleep
        self._end = math.inf if seconds is None else clock() + seconds

    def left(self) -> float:
        """Seconds that are left; never negative, ``math.inf`` without an end."""
        return max(0.0, self._end - self.clock())

    @property
    def passed(self) -> bool:
        return self.left() <= 0


@dataclass(frozen=True)
class ClientOptions:
    """Everything that makes one client. Times are seconds."""

    base_url: str
    """Scheme, host, port and, if need be, a path. The client talks to this origin and to no other."""
    ca_path: str | None = None
    tls_fingerprint: tuple[str, ...] = ()
    validate_certs: bool = True
    timeout: float = 30.0
    retries: int = 3
    retry_backoff: float = 0.5
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    no_proxy: str | None = None
    use_environment_proxy: bool = False
    check_mode: bool = False
    deadline: Deadline = field(default_factory=lambda: Deadline(None))
    requests_per_second: float | None = None
    user_agent: str = "printops.prisma"


def make_client(options: ClientOptions) -> httpx.Client:
    """A client that follows redirects on its own origin and raises the errors of ``errors.py`` only.

    Raises :class:`BadInput` and :class:`MissingLibrary` before anything is sent. Paths are relative to ``base_url``;
    httpx appends even ``/path`` to the path of ``base_url``, so give an absolute URL to leave it.
    """
    require("httpx", "httpx-retries")
    base_url = _usable_base_url(options.base_url)
    wire = httpx.HTTPTransport(
        verify=ssl_context(options.ca_path, options.tls_fingerprint, options.validate_certs),
        proxy=proxy_for(
            base_url,
            options.proxy,
            options.no_proxy,
            options.use_environment_proxy,
            # The pin is the printer's; a proxy over https:// is held against the CAs.
            lambda: ssl_context(options.ca_path, (), options.validate_certs),
        ),
        trust_env=False,
    )
    retrying = httpx_retries.RetryTransport(transport=_Exchange(wire, options))
    return _Client(
        base_url=base_url,
        transport=_Guard(retrying, base_url, options),
        timeout=options.timeout,
        follow_redirects=True,
        trust_env=False,
        headers={"User-Agent": options.user_agent},
    )


class _Client(httpx.Client):
    def send(self, *args: t.Any, **kwargs: t.Any) -> httpx.Response:
        try:
            return super().send(*args, **kwargs)
        except httpx.TooManyRedirects as error:
            raise UnexpectedPage(f"{where(self.base_url)} redirects in a circle.") from error
        except httpx.HTTPError as error:  # what httpx itself finds wrong, above the transports: a Location header
            raise UnexpectedPage(f"{where(self.base_url)} gave an answer that is not HTTP: {error}") from error


class _Guard(httpx.BaseTransport):
    """Decides what may be sent at all and how often, and turns what went wrong into our errors."""

    def __init__(self, inner: httpx.BaseTransport, base_url: httpx.URL, options: ClientOptions) -> None:
        self._inner = inner
        self._origin = _origin(base_url)
        self._options = options
        self._repeat = _retry_policy(options)
        self._once = httpx_retries.Retry(total=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._refuse_what_must_not_be_sent(request)
        request.extensions["retry"] = self._repeat if _may_be_repeated(request) else self._once
        try:
            response = self._inner.handle_request(request)
        except (httpx.HTTPError, NoTimeLeft) as error:
            raise our_error(error, request) from error
        if response.status_code in (429, 503):
            raise Busy(
                f"{where(request.url)} answers {response.status_code} {response.reason_phrase}.",
                may_have_arrived=response.status_code != 429,
                details={"status": response.status_code},
            )
        return response

    def _refuse_what_must_not_be_sent(self, request: httpx.Request) -> None:
        purpose = request.extensions.get(PURPOSE)
        if not isinstance(purpose, Purpose):
            raise PrismaError("A request without a purpose was stopped. This is a defect of the collection.")
        if _origin(request.url) != self._origin:
            raise ForbiddenRedirect(
                f"{where(self._origin_url(request))} sends us to {where(request.url)}. "
                "Credentials are not taken there, so this was not followed.",
                advice="If that is the interface's right address, make it the base URL.",
                details={"host": request.url.host},
            )
        if purpose is Purpose.WRITE and self._options.check_mode:
            raise CheckModeViolation(
                f"A writing request ({request.method}) was stopped in check mode. This is a defect of the collection."
            )
        if self._options.deadline.passed:
            raise TimedOut(
                f"The time for this task is up; {where(request.url)} was not asked any more.",
                may_have_arrived=request.extensions.get(ARRIVED, False),
            )

    def _origin_url(self, request: httpx.Request) -> httpx.URL:
        scheme, host, port = self._origin
        return httpx.URL(scheme=scheme, host=host, port=port)

    def close(self) -> None:
        self._inner.close()


class _Exchange(httpx.BaseTransport):
    """One attempt: keeps the pace, gives it no more than the time left, reads the whole body.

    The body is read here, below the retries, so that a connection that is lost inside it is seen by them.
    """

    def __init__(self, inner: httpx.BaseTransport, options: ClientOptions) -> None:
        self._inner = inner
        self._deadline = options.deadline
        self._interval = 1 / options.requests_per_second if options.requests_per_second else 0.0
        self._next_at = -math.inf

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._keep_pace()
        left = self._deadline.left()
        request.extensions["timeout"] = {
            kind: min(left, math.inf if seconds is None else seconds) if left < math.inf else seconds
            for kind, seconds in request.extensions["timeout"].items()
        }
        try:
            response = self._inner.handle_request(request)
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
        wait = self._next_at - self._deadline.clock()
        if wait >= self._deadline.left():
            raise httpx.PoolTimeout("the time for this task is up")
        if wait > 0:
            self._deadline.sleep(wait)
        self._next_at = self._deadline.clock() + self._interval

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
        self._inner.close()


def _retry_policy(options: ClientOptions) -> httpx_retries.Retry:
    deadline = options.deadline

    # A class of its own per client, because httpx-retries makes a new object per attempt from its own arguments only.
    class WithinDeadline(httpx_retries.Retry):
        def is_exhausted(self) -> bool:
            return super().is_exhausted() or deadline.passed

        def is_retryable_exception(self, exception: Exception) -> bool:
            return super().is_retryable_exception(exception) and not is_certificate_problem(exception)

        def sleep(self, response: httpx.Response | Exception) -> None:
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

    return WithinDeadline(
        total=options.retries,
        backoff_factor=options.retry_backoff / 2,  # the library doubles it before the first pause
        backoff_jitter=1.0,
        max_backoff_wait=60.0,
        allowed_methods=_ALL_METHODS,  # which request may be repeated is decided per request, in the guard
        status_forcelist=(429, 502, 503, 504),
    )


def _may_be_repeated(request: httpx.Request) -> bool:
    """A refused sign-in spends one of few attempts (domain.md, "Accounts, sessions, locks on the controller")."""
    purpose = request.extensions[PURPOSE]
    if purpose is Purpose.SIGN_IN:
        return False
    if purpose is Purpose.READ and request.method in ("GET", "HEAD"):
        return True
    return bool(request.extensions.get(REPEATABLE, False))


def _usable_base_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError) as error:
        raise BadInput(f"The base URL cannot be used: {error}.") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise BadInput("The base URL needs http:// or https:// and a host.", base_url=f"{url.scheme}://{url.host}")
    if url.userinfo:
        raise BadInput("The base URL holds a user name or password; these belong into options of their own.")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme, 0)


with contextlib.suppress(MissingLibrary):
    require("httpx")
    # httpx imports httpcore, h11 and anyio with its first client: now, so that every fork inherits them.
    httpx.Client(transport=httpx.HTTPTransport(verify=ssl_context(), trust_env=False), trust_env=False).close()
