# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at the certificate of a server: a TLS handshake, and nothing after it. Knows no HTTP and no credentials.

Source: domain.md, "Accounts, sessions, locks on the controller": certificates are self-signed from the factory, and the
SAN must equal the FQDN.
"""

from __future__ import annotations

import socket
import ssl
import typing as t
from dataclasses import dataclass

from .errors import TimedOut, TransportError, Unreachable
from .tls import FingerprintMismatch, fingerprint_of, ssl_context


@dataclass(frozen=True)
class Certificate:
    """What a server shows. ``trusted``: by the options given; ``why_not`` says what stands against it.

    ``subject``, ``issuer``, ``names`` and the dates are empty where OpenSSL will not tell them, as of an expired one.
    """

    sha256: str
    trusted: bool
    why_not: str = ""
    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    not_before: str = ""
    not_after: str = ""


def look_at_certificate(
    host: str,
    port: int,
    *,
    ca_path: str | None = None,
    fingerprints: t.Sequence[str] = (),
    validate_certs: bool = True,
    timeout: float = 30.0,
) -> Certificate:
    """Return the certificate that ``host`` shows, and whether these options would trust it.

    Raises :class:`Unreachable`, :class:`TimedOut`, and :class:`TransportError` where there is no TLS.
    """
    der = _shown(host, port, timeout)
    why_not = ""
    try:
        _handshake(host, port, ssl_context(ca_path, fingerprints, validate_certs), timeout)
    except FingerprintMismatch:
        why_not = "its fingerprint is not the one that is pinned"
    except ssl.SSLCertVerificationError as error:
        why_not = error.verify_message or str(error)
    told = _told(host, port, der, timeout)
    return Certificate(
        fingerprint_of(der),
        not why_not,
        why_not,
        _name(told.get("subject", ())),
        _name(told.get("issuer", ())),
        tuple(str(value) for _kind, value in told.get("subjectAltName", ())),
        str(told.get("notBefore", "")),
        str(told.get("notAfter", "")),
    )


def _shown(host: str, port: int, timeout: float) -> bytes:
    return _handshake(host, port, ssl_context(validate_certs=False), timeout)[0]


def _handshake(host: str, port: int, context: ssl.SSLContext, timeout: float) -> tuple[bytes, dict[str, t.Any]]:
    where = f"{host}:{port}"
    try:
        with (
            socket.create_connection((host.strip("[]"), port), timeout=timeout) as plain,
            context.wrap_socket(plain, server_hostname=host.strip("[]")) as tls,
        ):
            details: dict[str, t.Any] = dict(tls.getpeercert() or {})
            return tls.getpeercert(True) or b"", details
    except ssl.SSLCertVerificationError:
        raise
    except TimeoutError as error:
        raise TimedOut(f"{where} did not answer in time") from error
    except ssl.SSLError as error:
        raise TransportError(f"{where} does not speak TLS: {error.reason or error}") from error
    except OSError as error:
        raise Unreachable(f"{where} cannot be reached: {error.strerror or error}") from error


def _told(host: str, port: int, der: bytes, timeout: float) -> dict[str, t.Any]:
    """Return what the certificate says: Python tells it of trusted ones only, so it is made its own authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(cadata=der)
        return _handshake(host, port, context, timeout)[1]
    except (ssl.SSLError, ValueError):
        return {}


def _name(parts: t.Iterable[t.Iterable[tuple[str, str]]]) -> str:
    return ", ".join(f"{key}={value}" for part in parts for key, value in part)
