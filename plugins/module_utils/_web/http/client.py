# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one factory of HTTP clients: origin, purpose, deadline, retries, TLS and proxies. Knows no page and no printer.

A client's transports, top down: the guard (what may be sent at all, and our errors instead of httpx's), retries
(httpx-retries), the exchange (one attempt: pace, time left, whole body), httpx's own transport.
"""

from __future__ import annotations

import contextlib
import typing as t
from functools import lru_cache

from ..errors import (
    BadInput,
    CheckModeViolation,
    ForbiddenRedirect,
    MissingLibrary,
    PrismaError,
    TimedOut,
    UnexpectedPage,
)
from ..libraries import httpx, httpx_retries, require
from .channels import KEPT_OPEN, Channel
from .exchange import ExchangeTransport, retry_policy
from .failures import ARRIVED, NoTimeLeft, busy, our_error, where
from .options import PURPOSE, REPEATABLE, SECRET, ClientOptions, Deadline, Purpose
from .proxy import proxy_for
from .tls import peer_fingerprint, ssl_context

__all__ = [
    "PURPOSE",
    "REPEATABLE",
    "SECRET",
    "Client",
    "ClientOptions",
    "Deadline",
    "Purpose",
    "make_client",
    "peer_fingerprint",
]


def make_client(options: ClientOptions) -> Client:
    """A client that follows redirects on its own origin and raises the errors of ``errors.py`` only.

    Raises :class:`BadInput` and :class:`MissingLibrary` before anything is sent. Paths are relative to ``base_url``;
    httpx appends even ``/path`` to the path of ``base_url``, so give an absolute URL to leave it.
    """
    require("httpx", "httpx-retries")
    base_url = _usable_base_url(options.base_url)
    channel = _wire(base_url, options)
    return Client(
        options.deadline,
        base_url=base_url,
        transport=_Guard(ExchangeTransport(channel, options), base_url, channel.proxy, options),
        timeout=options.timeout,
        follow_redirects=True,
        trust_env=False,
        headers={"User-Agent": options.user_agent},
    )


def _wire(base_url: httpx.URL, options: ClientOptions) -> Channel:
    interval = 1 / options.requests_per_second if options.requests_per_second else 0.0
    if options.transport is not None:
        return Channel(options.transport, interval=interval, at_once=options.at_once)

    def make() -> Channel:
        return Channel(*_connections(base_url, options), interval=interval, at_once=options.at_once)

    if options.channels is None:
        return make()
    made_of = (
        _origin(base_url),
        (options.ca_path, options.tls_fingerprint, options.validate_certs),
        (options.proxy, options.no_proxy, options.use_environment_proxy),
        (interval, options.at_once),
    )
    return options.channels.get(made_of, make)


def _connections(base_url: httpx.URL, options: ClientOptions) -> tuple[httpx.BaseTransport, httpx.URL | None]:
    proxy = proxy_for(base_url, options.proxy, options.no_proxy, options.use_environment_proxy)
    if proxy is not None and proxy.url.scheme == "https":  # the pin is the printer's, so the proxy is held to the CAs
        proxy.ssl_context = ssl_context(options.ca_path, (), options.validate_certs)
    tls = ssl_context(options.ca_path, options.tls_fingerprint, options.validate_certs)
    kept = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=KEPT_OPEN)
    transport = httpx.HTTPTransport(verify=tls, proxy=proxy, trust_env=False, limits=kept)
    return transport, proxy.url if proxy is not None else None


class Client(httpx.Client):
    """httpx's client, with the errors of ``errors.py`` and pauses that end with the task's time."""

    def __init__(self, deadline: Deadline, **options: t.Any) -> None:
        super().__init__(**options)
        self._deadline = deadline
        self.cookies_changed = False
        """Set when an answer brings cookies; whoever has looked at them takes it back."""

    def pause(self, seconds: float, *, may_have_arrived: bool = False) -> None:
        """Wait; raise :class:`TimedOut` at once where the task's time would be up by then."""
        if seconds >= self._deadline.left():
            raise TimedOut(
                f"The time for this task is up before {where(self.base_url)} was ready.",
                may_have_arrived=may_have_arrived,
            )
        self._deadline.sleep(seconds)

    @contextlib.contextmanager
    def paused_deadline(self) -> t.Iterator[None]:
        """Let what happens in the block not count against the task's time."""
        begun = self._deadline.clock()
        try:
            yield
        finally:
            self._deadline.put_off(self._deadline.clock() - begun)

    def exchange(self, method: str, url: str, *, auth: httpx.Auth | None, **given: t.Any) -> httpx.Response:
        """Send a request and follow its redirects; with ``auth``, each of them is authorised anew.

        httpx takes the first one's authorisation along, but Digest's is for one address only (RFC 7616, "uri").
        """
        request = self.build_request(method, url, **given)
        if auth is None:
            return self.send(request)
        response = self.send(request, auth=auth, follow_redirects=False)
        for _hop in range(self.max_redirects):
            if response.next_request is None:
                return response
            response = self.send(response.next_request, auth=auth, follow_redirects=False)
        raise UnexpectedPage(f"{where(self.base_url)} redirects in a circle.")

    def send(self, *args: t.Any, **kwargs: t.Any) -> httpx.Response:
        try:
            response = super().send(*args, **kwargs)
        except httpx.TooManyRedirects as error:
            raise UnexpectedPage(f"{where(self.base_url)} redirects in a circle.") from error
        except httpx.HTTPError as error:  # what httpx itself finds wrong, above the transports: a Location header
            raise UnexpectedPage(f"{where(self.base_url)} gave an answer that is not HTTP: {error}") from error
        if any("set-cookie" in each.headers for each in (*response.history, response)):
            self.cookies_changed = True
        return response


_SENT = "sent"
"""In the place of true in ``extensions[SECRET]``: the password was sent, and this is where that leads."""


class _Guard(httpx.BaseTransport):
    """Decides what may be sent at all and how often, and turns what went wrong into our errors."""

    def __init__(
        self, exchange: ExchangeTransport, base_url: httpx.URL, proxy: httpx.URL | None, options: ClientOptions
    ) -> None:
        self._once = exchange
        self._repeating = httpx_retries.RetryTransport(transport=exchange, retry=retry_policy(options))
        self._base_url = base_url
        self._proxy = proxy
        self._options = options

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._refuse_what_must_not_be_sent(request)
        transport = self._repeating if _may_be_repeated(request) else self._once
        try:
            response = transport.handle_request(request)
        except (httpx.HTTPError, NoTimeLeft) as error:
            raise our_error(error, request, self._proxy) from error
        if response.status_code in (429, 503):
            raise busy(response, request)
        return response

    def _refuse_what_must_not_be_sent(self, request: httpx.Request) -> None:
        purpose = request.extensions.get(PURPOSE)
        if not isinstance(purpose, Purpose):
            raise PrismaError("A request without a purpose was stopped. This is a defect of the collection.")
        if _origin(request.url) != _origin(self._base_url) and not self._signs_in_elsewhere(request, purpose):
            raise ForbiddenRedirect(
                f"{where(self._base_url)} sends us to {where(request.url)}. "
                "Credentials are not taken there, so this was not followed.",
                advice="If that is the interface's right address, make it the base URL."
                if purpose is not Purpose.SIGN_IN
                else "If that is where the account's provider asks for the password, list the host (sign_in_hosts).",
                details={"host": request.url.host},
            )
        if self._holds_password(request) and not self._is_sign_in_host(request.url):
            raise ForbiddenRedirect(
                f"{where(self._base_url)} asks for the password itself, at {where(request.url)}. It is sent to "
                f"{', '.join(sorted(self._options.sign_in_hosts))} only, so it was not sent.",
                advice="Look at the sign-in with a browser. If the account's provider is another host, list that one.",
                details={"host": request.url.host},
            )
        if purpose is Purpose.WRITE and self._options.check_mode:
            raise CheckModeViolation(
                f"A writing request ({request.method}) was stopped in check mode. This is a defect of the collection."
            )
        self._options.before_request(purpose)
        if self._options.deadline.passed:
            raise TimedOut(
                f"The time for this task is up; {where(request.url)} was not asked any more.",
                may_have_arrived=request.extensions.get(ARRIVED, False),
            )

    def _holds_password(self, request: httpx.Request) -> bool:
        """Whether a request holds a password that must go to a sign-in host; one that it redirects to by GET does not.

        httpx gives the request that follows a redirect the very extensions of the one before.
        """
        if not request.extensions.get(SECRET) or not self._options.sign_in_hosts:
            return False
        redirected = request.extensions[SECRET] == _SENT
        request.extensions[SECRET] = _SENT
        return not redirected or request.method not in ("GET", "HEAD")

    def _signs_in_elsewhere(self, request: httpx.Request, purpose: Purpose) -> bool:
        return purpose is Purpose.SIGN_IN and self._is_sign_in_host(request.url)

    def _is_sign_in_host(self, url: httpx.URL) -> bool:
        if url.scheme != "https":
            return False
        names = {f"{url.host}:{url.port or 443}".lower()} | ({url.host.lower()} if url.port in (None, 443) else set())
        return not names.isdisjoint(host.lower() for host in self._options.sign_in_hosts)

    def close(self) -> None:
        self._once.close()


def _may_be_repeated(request: httpx.Request) -> bool:
    """A refused sign-in spends one of few attempts (domain.md, "Accounts, sessions, locks on the controller")."""
    purpose = request.extensions[PURPOSE]
    if purpose is Purpose.SIGN_IN:
        return False
    if purpose is Purpose.READ and request.method in ("GET", "HEAD"):
        return True
    return bool(request.extensions.get(REPEATABLE, False))


@lru_cache(maxsize=1024)
def _usable_base_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        url.raw_host.decode("ascii").encode("idna")  # as the resolver will, where an empty or long part is no OSError
        usable = url.host and (url.port is None or 1 <= url.port <= 65535)
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise BadInput(f"The base URL cannot be used: {error}.") from error
    if url.scheme not in ("http", "https") or not usable:
        raise BadInput(
            "The base URL needs http:// or https://, a host and a port that can be.",
            base_url=f"{url.scheme}://{url.host}",
        )
    if url.userinfo:
        raise BadInput("The base URL holds a user name or password; these belong into options of their own.")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme, 0)


with contextlib.suppress(MissingLibrary):
    require("httpx")
    # httpx imports httpcore, h11 and anyio with its first client: now, so that every fork inherits them.
    httpx.Client(transport=httpx.HTTPTransport(verify=ssl_context(), trust_env=False), trust_env=False).close()
