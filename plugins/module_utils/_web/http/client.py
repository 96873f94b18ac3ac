# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one factory of HTTP clients: origin, purpose, deadline, retries, TLS and proxies. Knows no page and no printer.

A client's transports, top down: the guard (what may be sent at all, cookies, and the errors of
``errors.py`` instead of those of httpx), the retries, the exchange (one attempt: pace, time limit, whole body), the
network.
"""

from __future__ import annotations

import contextlib
import http.cookiejar
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
from ..libraries import httpx, require
from .channels import Channel
from .cookies import CookieJar
from .decoding import ACCEPTED
from .exchange import ExchangeTransport
from .failures import NoTimeLeft, as_prisma_error, busy, where
from .network import NetworkTransport
from .options import ARRIVED, PURPOSE, REPEATABLE, SECRET, ClientOptions, Deadline, Purpose
from .proxy import proxy_for
from .retries import send_with_retries
from .tls import peer_fingerprint, ssl_context

__all__ = [
    "ARRIVED",
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
    """Return a client that follows redirects on its own origin and raises the errors of ``errors.py`` only.

    Raises :class:`BadInput` and :class:`MissingLibrary` before anything is sent. Paths are relative to ``base_url``;
    httpx appends even ``/path`` to the path of ``base_url``, so give an absolute URL to leave it.
    """
    require("httpx")
    base_url = usable_base_url(options.base_url)
    channel = _channel(base_url, options)
    jar = CookieJar()
    return Client(
        options.deadline,
        jar,
        base_url=base_url,
        transport=_Guard(ExchangeTransport(channel, options), base_url, channel.proxy, options, jar),
        cookies=_NoCookies(),
        timeout=options.timeout,
        follow_redirects=True,
        trust_env=False,
        headers={
            "User-Agent": options.user_agent,
            "Accept-Encoding": ACCEPTED,
            **({"Accept-Language": "en"} if options.cloud else {}),
        },
    )


class _NoCookies(http.cookiejar.CookieJar):
    """Keeps httpx from handling cookies: the guard does."""

    def extract_cookies(self, response: t.Any, request: t.Any) -> None:
        """Take nothing."""


def _channel(base_url: httpx.URL, options: ClientOptions) -> Channel:
    processes = options.channels.processes if options.channels is not None else 1
    interval = processes / options.requests_per_second if options.requests_per_second else 0.0
    at_once = max(1, options.at_once // processes) if options.at_once else None
    if options.transport is not None:
        return Channel(options.transport, interval=interval, at_once=at_once)

    def make() -> Channel:
        return Channel(*_connections(base_url, options), interval=interval, at_once=at_once)

    if options.channels is None:
        return make()
    pool_key = (
        _origin(base_url),
        _tls_options(options),
        (options.proxy, options.no_proxy, options.use_environment_proxy),
        (interval, at_once),
    )
    return options.channels.get(pool_key, make)


def _tls_options(options: ClientOptions) -> tuple[t.Any, ...]:
    return options.ca_path, options.tls_fingerprint, options.validate_certs, options.ciphers, options.tls_minimum


def _connections(base_url: httpx.URL, options: ClientOptions) -> tuple[httpx.BaseTransport, httpx.URL | None]:
    proxy = proxy_for(base_url, options.proxy, options.no_proxy, options.use_environment_proxy)
    if proxy is not None and proxy.url.scheme == "https":  # the pin is the printer's, so the proxy is held to the CAs
        proxy.ssl_context = ssl_context(options.ca_path, (), options.validate_certs)
    transport = NetworkTransport(ssl_context(*_tls_options(options)), proxy)
    return transport, proxy.url if proxy is not None else None


class Client(httpx.Client):
    """httpx's client, with the errors of ``errors.py`` and pauses that end with the task's time.

    ``jar`` holds its cookies; the one of httpx stays empty.
    """

    def __init__(self, deadline: Deadline, jar: CookieJar, **options: t.Any) -> None:
        super().__init__(**options)
        self._deadline = deadline
        self.jar = jar

    def pause(self, seconds: float, *, may_have_arrived: bool = False) -> None:
        """Wait; raise :class:`TimedOut` at once if the deadline would pass meanwhile."""
        if seconds >= self._deadline.left():
            raise TimedOut(
                f"The time for this task is up before {where(self.base_url)} was ready.",
                may_have_arrived=may_have_arrived,
            )
        self._deadline.sleep(seconds)

    def leave_time(self, seconds: float) -> None:
        """Make sure that so many seconds are left, as for a sign-out."""
        self._deadline.leave(seconds)

    @contextlib.contextmanager
    def paused_deadline(self) -> t.Iterator[None]:
        """Do not count the time that the block takes against the deadline."""
        begun = self._deadline.clock()
        try:
            yield
        finally:
            self._deadline.put_off(self._deadline.clock() - begun)

    def exchange(self, method: str, url: str, *, auth: httpx.Auth | None, **given: t.Any) -> httpx.Response:
        """Send a request and follow its redirects; with ``auth``, each of them is authorised anew.

        httpx repeats the first request's authorisation, but Digest's is for one address only (RFC 7616, "uri").
        """
        request = self.build_request(method, url, **given)
        if auth is None:
            return self.send(request)
        response = self.send(request, auth=auth, follow_redirects=False)
        for _hop in range(self.max_redirects):
            if response.next_request is None:
                return response
            response = self.send(response.next_request, auth=auth, follow_redirects=False)
        raise self._too_many_redirects()

    def exchange_once(self, method: str, url: str, *, auth: httpx.Auth | None, **given: t.Any) -> httpx.Response:
        """Send a request without following redirects: for a token endpoint, which has none."""
        return self.send(self.build_request(method, url, **given), auth=auth, follow_redirects=False)

    def send(self, *args: t.Any, **kwargs: t.Any) -> httpx.Response:
        try:
            return super().send(*args, **kwargs)
        except httpx.TooManyRedirects as error:
            raise self._too_many_redirects() from error
        except httpx.HTTPError as error:  # what httpx itself finds wrong, above the transports: a Location header
            raise UnexpectedPage(f"{where(self.base_url)} redirects to something that is not an address.") from error

    def _too_many_redirects(self) -> UnexpectedPage:
        return UnexpectedPage(f"{where(self.base_url)} redirects in a circle.")


def _sent_by(request: httpx.Request) -> httpx.Request | None:
    """Return the request that has sent the secret of ``request``, if one has: it then replaces true under SECRET.

    A redirected request is another one with the same extensions; one that Digest sends again with a new nonce is not.
    """
    mark = request.extensions.get(SECRET)
    return mark if isinstance(mark, httpx.Request) else None


MAX_URL = 16 * 1024
"""Characters of an address that is requested; servers refuse longer ones."""


class _Guard(httpx.BaseTransport):
    """Decides what may be sent at all and how often, handles cookies, and raises the errors of ``errors.py``."""

    def __init__(
        self,
        exchange: ExchangeTransport,
        base_url: httpx.URL,
        proxy: httpx.URL | None,
        options: ClientOptions,
        jar: CookieJar,
    ) -> None:
        self._exchange = exchange
        self._base_url = base_url
        self._proxy = proxy
        self._options = options
        self._jar = jar

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._answer(request)
        except PrismaError as error:
            error.may_have_arrived = error.may_have_arrived or request.extensions.get(ARRIVED, False)
            raise

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self._refuse_what_must_not_be_sent(request)
        _shorten_referer(request)
        cookies = self._jar.header_for(request.url)
        if cookies is not None:
            others = [pair for pair in request.headers.raw if pair[0].lower() != b"cookie"]
            request.headers = httpx.Headers([*others, (b"Cookie", cookies)])  # bytes: a device's may be no UTF-8
        try:
            response = self._send(request)
        except (httpx.HTTPError, NoTimeLeft) as error:
            raise as_prisma_error(error, request, self._proxy) from error
        self._jar.store(request.url, (value for name, value in response.headers.raw if name.lower() == b"set-cookie"))
        if response.status_code in (429, 503):
            raise busy(response, request)
        return response

    def _send(self, request: httpx.Request) -> httpx.Response:
        if _may_be_repeated(request):
            return send_with_retries(self._exchange.handle_request, request, self._options)
        return self._exchange.handle_request(request)

    def _refuse_what_must_not_be_sent(self, request: httpx.Request) -> None:
        purpose = request.extensions.get(PURPOSE)
        if not isinstance(purpose, Purpose):
            raise PrismaError("A request without a purpose was stopped. This is a defect of the collection.")
        if len(request.url.raw_path) > MAX_URL:
            raise UnexpectedPage(
                f"{where(self._base_url)} leads to an address of {len(request.url.raw_path)} characters, which was not "
                "requested."
            )
        sender = _sent_by(request) if request.method not in ("GET", "HEAD") else None
        resent = sender is not None and (sender is not request or purpose is Purpose.SIGN_IN)
        if _origin(request.url) != _origin(self._base_url) and not self._signs_in_elsewhere(request, purpose):
            raise ForbiddenRedirect(
                f"{where(self._base_url)} redirects to {where(request.url)}. "
                "Credentials are not sent to another host, so the redirect was not followed.",
                advice=self._advice_to_sign_in_at(request.url)
                if purpose is Purpose.SIGN_IN
                else "If that is the right address of the interface, set it: "
                + (f"printops_{self._options.cloud}_url." if self._options.cloud else "printops_host."),
                details={"host": request.url.host},
            )
        if resent:
            raise UnexpectedPage(
                f"{where(self._base_url)} answers the sign-in by a redirect that would send the password once more "
                "(status 307 or 308). It was not followed.",
                advice="Find with a browser where it leads, and make that address the step's own in the profile.",
            )
        if self._holds_password(request) and not self._is_sign_in_host(request.url):
            raise ForbiddenRedirect(
                f"{where(self._base_url)} asks for the password itself, at {where(request.url)}. It is sent to "
                f"{', '.join(sorted(self._options.sign_in_hosts))} only, so it was not sent.",
                advice="Look at the sign-in with a browser. If the account's provider is another host, add it to "
                f"{self._sign_in_hosts_name}, as 'host' or 'host:port'.",
                details={"host": request.url.host},
            )
        if purpose is Purpose.WRITE and self._options.check_mode:
            raise CheckModeViolation(
                f"A writing request ({request.method}) was stopped in check mode. This is a defect of the collection."
            )
        self._options.check_run(purpose)
        if self._options.deadline.passed:
            raise TimedOut(f"The time for this task is up; {where(request.url)} was not asked any more.")

    def _holds_password(self, request: httpx.Request) -> bool:
        """Whether a request holds a password that must go to a sign-in host. Notes that it is sent now."""
        if not request.extensions.get(SECRET):
            return False
        redirected = _sent_by(request) not in (None, request)
        request.extensions[SECRET] = request
        return bool(self._options.sign_in_hosts) and not redirected

    def _signs_in_elsewhere(self, request: httpx.Request, purpose: Purpose) -> bool:
        return purpose is Purpose.SIGN_IN and self._is_sign_in_host(request.url)

    @property
    def _sign_in_hosts_name(self) -> str:
        cloud = self._options.cloud
        return f"printops_{cloud}_sign_in_hosts" if cloud else "the profile's sign_in.hosts"

    def _advice_to_sign_in_at(self, url: httpx.URL) -> str:
        """Return the advice for a sign-in that leads to another host."""
        if url.scheme != "https":
            return (
                "A sign-in is followed over https only. Look at it with a browser, and correct the address it leads to."
            )
        host = url.host if url.port in (None, 443) else f"{url.host}:{url.port}"
        return f"If the account's provider is there, add '{host}' to {self._sign_in_hosts_name}."

    def _is_sign_in_host(self, url: httpx.URL) -> bool:
        if url.scheme != "https":
            return False
        names = {f"{url.host}:{url.port or 443}".lower()} | ({url.host.lower()} if url.port in (None, 443) else set())
        return not names.isdisjoint(host.lower() for host in self._options.sign_in_hosts)

    def close(self) -> None:
        self._exchange.close()


def _shorten_referer(request: httpx.Request) -> None:
    """Tell another origin only the origin of the page before, as browsers do: its path may be a capability.

    Here, as a redirected request has the header of the first one.
    """
    with contextlib.suppress(httpx.InvalidURL):  # a profile's own
        page = httpx.URL(request.headers.get("Referer", ""))
        if page.host and _origin(page) != _origin(request.url):
            request.headers["Referer"] = f"{page.scheme}://{page.netloc.decode('ascii')}/"


def _may_be_repeated(request: httpx.Request) -> bool:
    """A refused sign-in spends one of few attempts (domain.md, "Accounts, sessions, locks on the controller")."""
    purpose = request.extensions[PURPOSE]
    if purpose is Purpose.SIGN_IN:
        return False
    if purpose is Purpose.READ and request.method in ("GET", "HEAD"):
        return True
    return bool(request.extensions.get(REPEATABLE, False))


@lru_cache(maxsize=1024)
def usable_base_url(text: str) -> httpx.URL:
    """Return an address in its one spelling: host as A-labels in lower case, without the usual port, or refuse it."""
    try:
        url = httpx.URL(text)
        url = httpx.URL(str(url))  # httpx keeps the usual port of a scheme in capitals
        url.raw_host.decode("ascii").encode("idna")  # as the resolver will, where an empty or long part is no OSError
        usable = url.host and (url.port is None or 1 <= url.port <= 65535)
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        # Without the cause's text: it may repeat a password that stands in the address.
        raise BadInput("The base URL cannot be used: its host or port is malformed.") from error
    if url.scheme not in ("http", "https") or not usable:
        raise BadInput(
            "The base URL needs http:// or https://, a host, and a port from 1 to 65535.",
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
    httpx.Client(transport=NetworkTransport(ssl_context(), None), trust_env=False).close()
