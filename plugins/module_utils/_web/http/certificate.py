# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a certificate says, for a person to compare. Connects to nothing, and trusts nothing."""

from __future__ import annotations

import contextlib
import typing as t
import warnings
from collections.abc import Iterator
from datetime import datetime

from ..libraries import on_demand

_VERSION, _UTC_TIME = 0xA0, 0x17
"""Tags of DER: of the version, which only some certificates have, and of a time with two digits of its year."""
_VALIDITY = 3
"""The place of the validity after serial number, algorithm and issuer (RFC 5280, 4.1)."""


def preload() -> None:
    """Import what showing a certificate needs: in the parent process, so that its workers need not."""
    on_demand("cryptography.x509")


def certificate_facts(der: bytes) -> dict[str, t.Any]:
    """Return the facts of a certificate. A malformed one, as from a factory, is None."""
    facts: dict[str, t.Any] = dict.fromkeys(("subject", "issuer", "names", "not_before", "not_after", "serial"))
    x509 = on_demand("cryptography.x509")
    with contextlib.suppress(ValueError, x509.InvalidVersion), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a later release of the library will refuse
        certificate = x509.load_der_x509_certificate(der)
        facts["serial"] = f"{certificate.serial_number:X}"
        facts["not_before"] = certificate.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        facts["not_after"] = certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        facts["subject"] = certificate.subject.rfc4514_string()
        facts["issuer"] = certificate.issuer.rfc4514_string()
        facts["names"] = _names(certificate, x509)
    return facts


def certificate_end(der: bytes) -> str | None:
    """Return when a certificate ends, in UTC and ISO 8601; None for a malformed one.

    Every sign-in asks for it, also where the library that shows whole certificates is not installed.
    """
    try:
        (_tag, certificate), *_rest = _elements(der)
        (_tag, signed), *_rest = _elements(certificate)
        fields = [content for tag, content in _elements(signed) if tag != _VERSION]
        _begin, (tag, end) = _elements(fields[_VALIDITY])
        text = end.decode("ascii")
        if tag == _UTC_TIME:
            text = f"{19 if text >= '50' else 20}{text}"
        return f"{datetime.strptime(text, '%Y%m%d%H%M%SZ').isoformat()}Z"
    except (IndexError, ValueError):
        return None


def _elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each element (X.690, 8.1). Raises ``IndexError`` or ``ValueError`` if one is cut."""
    at = 0
    while at < len(der):
        tag, length = der[at], der[at + 1]
        at += 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(der[at : at + size], "big")
            at += size
        if at + length > len(der):
            raise ValueError("an element is cut")
        yield tag, der[at : at + length]
        at += length


def _names(certificate: t.Any, x509: t.Any) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(getattr(name, "value", name)) for name in names]
