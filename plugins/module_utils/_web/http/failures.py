# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of httpx as errors of this collection. Knows no retries."""

from __future__ import annotations

import re
import ssl
import typing as t
from datetime import UTC
from email.utils import parsedate_to_datetime

from ..errors import (
    Busy,
    NotHttp,
    PrismaError,
    TimedOut,
    TlsHandshakeFailed,
    UnknownHost,
    Unreachable,
    UntrustedCertificate,
)
from ..libraries import httpx
from .head import MalformedHead
from .host_names import NameNotFound
from .tls import FingerprintMismatch


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
    return cause_of(error, ssl.SSLCertVerificationError) is not None


def as_prisma_error(error: Exception, request: httpx.Request, proxy: httpx.URL | None) -> PrismaError:
    """Return the error of ``errors.py`` for one of httpx, or for a pause that would be too long."""
    address = where(request.url)
    via = f" through the proxy {where(proxy)}" if proxy is not None else ""
    if isinstance(error, NoTimeLeft):
        if isinstance(error.last, Exception):
            return as_prisma_error(error.last, request, proxy)
        status = error.last.status_code
        if status in (429, 503):
            return busy(error.last, request, ", and no time is left to try again")
        return TimedOut(
            f"{address} answers {status} {error.last.reason_phrase}, and no time is left to try again.",
            details={"status": status},
        )
    certificate = cause_of(error, ssl.SSLCertVerificationError)
    if certificate is not None:
        return _untrusted(certificate, address)
    if isinstance(error, httpx.TimeoutException):
        return TimedOut(f"{address} did not answer in time{via}.")
    tls = cause_of(error, ssl.SSLError)
    if tls is not None:
        return tls_failure(tls, address)
    if isinstance(error, httpx.ProxyError):
        return Unreachable(f"{address} cannot be reached{via}, which refuses: {error}.")
    if isinstance(error, httpx.RemoteProtocolError):  # any other than a lost connection is NotHttp
        return Unreachable(
            f"{address} closed the connection before its answer was complete{via}.",
            advice="The address is right. The web interface may be restarting, or the network is unstable: run again.",
        )
    not_found = cause_of(error, NameNotFound)
    if not_found is not None:
        # through a proxy, its own name is the one that is looked up here
        host = f"the proxy {where(proxy)}, through which {address} is reached," if proxy is not None else address
        return UnknownHost(f"{host} cannot be found: {not_found}.")
    return Unreachable(f"{address} cannot be reached{via}: {_reason(error)}")


def busy(response: httpx.Response, request: httpx.Request, more: str = "") -> Busy:
    """Return the error for a response that asks to come back later. Its advice says when, if the response does."""
    error = Busy(
        f"{where(request.url)} answers {response.status_code} {response.reason_phrase}{more}.",
        details={"status": response.status_code, "retry_after": response.headers.get("Retry-After")},
    )
    later = _asked_for(response.headers.get("Retry-After", ""))
    if later:
        error.advice = f"It limits requests and asks to wait {later}. Run again after that."
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


_NAMELESS = re.compile(r"\[SSL\] (.+) \(_ssl")
_OLD_TLS = frozenset(
    {
        "BAD_ECPOINT",
        "DH_KEY_TOO_SMALL",
        "EE_KEY_TOO_SMALL",
        "CA_KEY_TOO_SMALL",
        "CA_MD_TOO_WEAK",
        "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED",
        "NO_CIPHERS_AVAILABLE",
        "NO_PROTOCOLS_AVAILABLE",
        "NO_SHARED_CIPHER",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "SSL/TLS_ALERT_HANDSHAKE_FAILURE",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "TLS_ALERT_PROTOCOL_VERSION",
        "TLSV1_ALERT_INSUFFICIENT_SECURITY",
        "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
        "UNSUPPORTED_PROTOCOL",
        "WRONG_SIGNATURE_TYPE",
    }
)
"""OpenSSL's names for what ends a handshake with a server that only speaks old versions or ciphers."""


def tls_failure(error: ssl.SSLError, address: str) -> PrismaError:
    """The error for a TLS connection that was not agreed upon, for another reason than the certificate."""
    reason = getattr(error, "reason", None) or _reason_in(str(error))
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return Unreachable(f"{address} closes the connection during the TLS handshake.")
    return TlsHandshakeFailed(
        f"{address} answers, but no TLS connection can be negotiated ({reason or type(error).__name__}).",
        advice=OLD_TLS_ADVICE if reason.replace(" ", "_").upper() in _OLD_TLS else NOT_TLS_ADVICE,
        details={"reason": reason or None},
    )


def _reason_in(text: str) -> str:
    """Return the reason where OpenSSL is newer than Python, which then has no name for it but its text."""
    found = _NAMELESS.search(text)
    return found.group(1) if found else ""


OLD_TLS_ADVICE = (
    "It seems to speak old versions or ciphers only. Update its firmware, or allow them for this printer alone: "
    "printops_tls_minimum: '1.0', or printops_ciphers, such as ['DEFAULT:@SECLEVEL=0']."
)
NOT_TLS_ADVICE = "Check the port: another service may answer there, or plain HTTP."

_PROTOCOL_FAULTS = (
    ("illegal status line", "its status line is malformed"),
    ("illegal header", "a header line is malformed"),
    ("continuation line", "a header line is malformed"),
    ("illegal chunk header", "the size of a chunk is malformed"),
    ("malformed chunk footer", "a chunk is longer than its size says"),
    ("bad content-length", "its Content-Length is malformed"),
    ("conflicting content-length", "it gives two different lengths"),
    ("multiple transfer-encoding", "its Transfer-Encoding is unknown"),
    ("only transfer-encoding", "its Transfer-Encoding is unknown"),
    ("receive buffer too long", "its header is too large"),
)
"""How h11's messages begin, and the text for each that quotes nothing. h11's own texts quote what was received."""


def not_http(error: Exception, request: httpx.Request) -> NotHttp:
    """The error for an answer that breaks the protocol. Quotes no byte of it: it may hold a cookie or an address."""
    malformed = cause_of(error, MalformedHead)
    text = str(error).lower()
    what = (
        str(malformed)
        if malformed is not None
        else next((ours for theirs, ours in _PROTOCOL_FAULTS if text.startswith(theirs)), "it breaks the protocol")
    )
    return NotHttp(f"{where(request.url)} answers, but not as HTTP: {what}.")


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.LocalProtocolError):  # whose text quotes the header
        return "a header of the request has characters that HTTP does not allow."
    system = cause_of(error, OSError)
    if system is not None and system.strerror:
        return f"{system.strerror.lower()}."
    return str(error) or type(error).__name__


E = t.TypeVar("E", bound=BaseException)


def cause_of(error: BaseException | None, kind: type[E]) -> E | None:
    """Return the exception of this kind in the chain of ``error``, None if there is none."""
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None
