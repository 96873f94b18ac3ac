# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cookies as browsers keep them (RFC 6265, with browsers' later practice for a cookie without a name).

Python's own jar follows older rules: a cookie with ``Domain=localhost``, ``Max-Age=never`` or a path without a slash is
dropped there, and a right password then looks refused.
"""

from __future__ import annotations

import ipaddress
import re
import time
import typing as t
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

if t.TYPE_CHECKING:
    from ..libraries import httpx

MAX_COOKIE = 4096
"""Bytes of a cookie's name and value; a larger one is ignored, as browsers do."""

MAX_COOKIES = 60
"""Cookies that a jar keeps; the oldest make room. RFC 6265, 6.1, asks for 50 at least."""

_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_DATE_DELIMITERS = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D.*)?")
_DAY = re.compile(r"(\d{1,2})(?:\D.*)?")
_YEAR = re.compile(r"(\d{2,4})(?:\D.*)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Cookie:
    """One cookie. ``domain`` begins with a dot where hosts below it get the cookie, too.

    ``expires``: seconds since 1970, None for the end of the session.
    """

    name: str
    value: str
    domain: str
    path: str = "/"
    expires: float | None = None
    secure: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two cookies the same one (RFC 6265, 5.3, step 11)."""
        return self.name, self.domain.lstrip("."), self.path

    def is_of(self, host: str) -> bool:
        """Whether a browser would send it to ``host``."""
        host, domain = host.lower(), self.domain.lower()
        return host == domain.lstrip(".") or (domain.startswith(".") and host.endswith(domain) and not _is_ip(host))

    def is_for(self, url: httpx.URL) -> bool:
        """Whether a browser would send it to ``url``."""
        path = url.path or "/"
        prefix = self.path if self.path.endswith("/") else f"{self.path}/"
        return (
            self.is_of(url.host)
            and (path == self.path or path.startswith(prefix))
            and (not self.secure or url.scheme == "https")
        )


class CookieJar:
    """The cookies of one client. ``changed`` is True after a response with Set-Cookie; the reader resets it."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._cookies: dict[tuple[str, str, str], Cookie] = {}
        self.changed = False

    def __iter__(self) -> Iterator[Cookie]:
        now = self._clock()
        return iter([each for each in self._cookies.values() if each.expires is None or each.expires > now])

    def add(self, cookie: Cookie) -> None:
        """Keep ``cookie`` in place of one with the same name, domain and path; an expired one only removes that."""
        if cookie.expires is not None and cookie.expires <= self._clock():
            self._cookies.pop(cookie.key, None)
            return
        self._cookies[cookie.key] = cookie
        while len(self._cookies) > MAX_COOKIES:
            del self._cookies[next(iter(self._cookies))]

    def clear(self) -> None:
        """Forget all cookies."""
        self._cookies.clear()

    def store(self, url: httpx.URL, headers: Iterable[bytes]) -> None:
        """Keep what the Set-Cookie ``headers`` of a response from ``url`` say."""
        for header in headers:
            self.changed = True
            cookie = parsed(header.decode("latin-1"), url, self._clock())
            if cookie is not None:
                self.add(cookie)

    def header_for(self, url: httpx.URL) -> bytes | None:
        """Return the Cookie header for a request to ``url``; None without a cookie for it."""
        sent = sorted((each for each in self if each.is_for(url)), key=lambda each: -len(each.path))
        texts = [f"{each.name}={each.value}" if each.name else each.value for each in sent]
        return "; ".join(texts).encode("latin-1", "replace") if texts else None


def parsed(header: str, url: httpx.URL, now: float) -> Cookie | None:
    """Return the cookie that a Set-Cookie header of a response from ``url`` sets; None for one to be ignored.

    RFC 6265, 5.2 and 5.3. A cookie that is to be deleted has expired.
    """
    if _CONTROLS.search(header):
        return None
    pair, *attributes = header.split(";")
    before, equals, after = pair.partition("=")
    name, value = (before.strip(), after.strip()) if equals else ("", before.strip())
    if not (name or value) or len(name) + len(value) > MAX_COOKIE:
        return None
    host = url.host.lower()
    return _in_its_domain(_with_attributes(Cookie(name, value, host, _default_path(url.path)), attributes, now), host)


def _with_attributes(cookie: Cookie, attributes: Iterable[str], now: float) -> Cookie:
    """Return a cookie of its host and default path with the attributes of its header. Max-Age wins over Expires."""
    original = cookie
    max_age: float | None = None
    for attribute in attributes:
        key, _equals, given = (part.strip() for part in attribute.partition("="))
        match key.lower():
            case "domain" if given.lstrip("."):
                cookie = replace(cookie, domain="." + given.lower().lstrip("."))
            case "domain":
                cookie = replace(cookie, domain=original.domain)
            case "path":
                cookie = replace(cookie, path=given if given.startswith("/") else original.path)
            case "expires":
                cookie = replace(cookie, expires=_date(given) if _date(given) is not None else cookie.expires)
            case "max-age" if re.fullmatch(r"-?\d+", given):
                max_age = float(given[:12])
            case "secure":
                cookie = replace(cookie, secure=True)
    if max_age is None:
        return cookie
    return replace(cookie, expires=now + max_age if max_age > 0 else 0.0)


def _in_its_domain(cookie: Cookie, host: str) -> Cookie | None:
    """Refuse a cookie for another host or a whole top-level domain; a host's own name or address is no domain."""
    domain = cookie.domain.lstrip(".")
    if domain == host:
        return cookie if cookie.domain == host or (not _is_ip(host) and "." in host) else replace(cookie, domain=host)
    return cookie if cookie.is_of(host) and "." in domain else None


def _default_path(path: str) -> str:
    """RFC 6265, 5.1.4."""
    return path[: path.rfind("/")] or "/" if path.startswith("/") else "/"


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _date(text: str) -> float | None:
    """Seconds since 1970 of a date as RFC 6265, 5.1.1, reads it; None for what is no date."""
    clock: list[int] = []
    day = month = year = None
    for token in _DATE_DELIMITERS.split(text):
        if not clock and (found := _TIME.fullmatch(token)):
            clock = [int(part) for part in found.groups()]
        elif day is None and (found := _DAY.fullmatch(token)):
            day = int(found[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (found := _YEAR.fullmatch(token)):
            year = int(found[1])
    if not clock or day is None or month is None or year is None:
        return None
    if year < 100:
        year += 1900 if year >= 70 else 2000
    hour, minute, second = clock
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None
