# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a certificate says, for a person to compare. Connects to nothing, and trusts nothing."""

from __future__ import annotations

import contextlib
import typing as t

from ..libraries import on_demand


def preload() -> None:
    """Import what showing a certificate needs: in the parent process, so that its workers need not."""
    on_demand("cryptography.x509")


def certificate_facts(der: bytes) -> dict[str, t.Any]:
    """Return the facts of a certificate. A malformed one, as from a factory, is None."""
    facts: dict[str, t.Any] = dict.fromkeys(("subject", "issuer", "names", "not_before", "not_after", "serial"))
    x509 = on_demand("cryptography.x509")
    with contextlib.suppress(ValueError):
        certificate = x509.load_der_x509_certificate(der)
        facts["serial"] = f"{certificate.serial_number:X}"
        facts["not_before"] = certificate.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        facts["not_after"] = certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        facts["subject"] = certificate.subject.rfc4514_string()
        facts["issuer"] = certificate.issuer.rfc4514_string()
        facts["names"] = _names(certificate, x509)
    return facts


def _names(certificate: t.Any, x509: t.Any) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(getattr(name, "value", name)) for name in names]
