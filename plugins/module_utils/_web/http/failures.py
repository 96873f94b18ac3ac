# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failure of httpx means to us, and whether the request may have arrived. Knows no retries and no printer."""

from __future__ import annotations

import re
import socket
import ssl
import typing as t
from datetime import UTC
from email.utils import parsedate_to_datetime

from ..errors import Busy, PrismaError, TimedOut, UnexpectedPage, Unreachable, UntrustedCertificate
from ..libraries import httpx
from .tls import FingerprintMismatch

ARRIVED = "printops_may_have_arrived"
"""A request's extension: true once any attempt of it, or the request that redirected to it, may have arrived."""


class NoTimeLeft(Exception):
    """The pause before the next attempt would outlast the deadline. ``last`` is how the last attempt ended."""

    def __init__(self, last: httpx.Response | Exception) -> None:
        super().__init__("no time is left for another attempt")
        self.last = last


def where(url: httpx.URL) -> str:
    """Scheme, host and port. Never a path or a query, which may be a capability (a registration address)."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}" + (f":{url.port}" if url.port else "")


def is_certificate_problem(error: BaseException) -> bool:
    """Whether a certificate was refused; trying again cannot help then."""
    return _cause(error, ssl.SSLCertVerificationError) is not None


def our_error(error: Exception, request: httpx.Request, proxy: httpx.URL | None) -> PrismaError:
    """The error of ``errors.py`` that stands for one of httpx, or for a pause that would be too long."""
    arrived = bool(request.extensions.get(ARRIVED, False))
    address = where(request.url)
    via = f" through the proxy {where(proxy)}" if proxy is not None else ""
    if isinstance(error, NoTimeLeft):
        if isinstance(error.last, Exception):
            return our_error(error.last, request, proxy)
        status = error.last.status_code
        if status in (429, 503):
            return busy(error.last, request, ", and no time is left to try again")
        return TimedOut(
            f"{address} answers {status} {error.last.reason_phrase}, and no time is left to try again.",
            may_have_arrived=arrived,
            details={"status": status},
        )
    certificate = _cause(error, ssl.SSLCertVerificationError)
    if certificate is not None:
        return _untrusted(certificate, address)
    if isinstance(error, httpx.TimeoutException):
        return TimedOut(f"{address} did not answer in time{via}.", may_have_arrived=arrived)
    if isinstance(error, httpx.DecodingError):
        return UnexpectedPage(f"The answer of {address} cannot be decoded: {error}")
    if isinstance(error, httpx.ProxyError):
        return Unreachable(f"{address} cannot be reached{via}, which refuses: {error}.", may_have_arrived=arrived)
    return Unreachable(f"{address} cannot be reached{via}: {_reason(error)}", may_have_arrived=arrived)


def busy(response: httpx.Response, request: httpx.Request, more: str = "") -> Busy:
    """The error for an answer that asks to come back later; its advice says when, where the answer does."""
    error = Busy(
        f"{where(request.url)} answers {response.status_code} {response.reason_phrase}{more}.",
        may_have_arrived=bool(request.extensions.get(ARRIVED, False)),
        details={"status": response.status_code, "retry_after": response.headers.get("Retry-After")},
    )
    later = _asked_for(response.headers.get("Retry-After", ""))
    if later:
        error.advice = f"It limits requests and asks to be left alone {later}. Run again after that."
    return error


def _asked_for(retry_after: str) -> str | None:
    """What a Retry-After header means, in words; None for one that means nothing (RFC 9110, 10.2.3)."""
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return f"for {int(text)} s"
    try:
        return f"until {parsedate_to_datetime(text).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError):
        return None


def _untrusted(certificate: ssl.SSLCertVerificationError, address: str) -> UntrustedCertificate:
    if isinstance(certificate, FingerprintMismatch):
        return UntrustedCertificate(
            f"The certificate of {address} is not the pinned one: its fingerprint is {certificate.fingerprint}.",
            details={"fingerprint": certificate.fingerprint},
        )
    reason = getattr(certificate, "verify_message", "") or str(certificate)
    fingerprint = getattr(certificate, "fingerprint", None)
    return UntrustedCertificate(
        f"The certificate of {address} is not trusted: {reason}."
        + (f" Its fingerprint is {fingerprint}." if fingerprint else ""),
        details={"reason": reason, "fingerprint": fingerprint},
    )


def _reason(error: Exception) -> str:
    if _cause(error, socket.gaierror) is not None:
        return "no such host name."
    tls = _cause(error, ssl.SSLError)
    if tls is not None:
        return f"it does not speak TLS as we do on this port ({tls.reason or tls})."
    system = _cause(error, OSError)
    if system is not None and system.strerror:
        return f"{system.strerror.lower()}."
    return str(error) or type(error).__name__


E = t.TypeVar("E", bound=BaseException)


def _cause(error: BaseException | None, kind: type[E]) -> E | None:
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None
