# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes and keeps the CA of the simulated network and its certificates. Does not know who presents them."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# 127.0.0.2: the administration sites; 127.0.0.3: the OpenID Connect provider; 127.0.0.4: PRISMA Home's other region.
NAMES = ("localhost", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")


@dataclass(frozen=True)
class Certificates:
    """PEM files. Each `*_chain` file contains key and certificates, as ssl.SSLContext.load_cert_chain reads them."""

    ca: Path
    trusted_chain: Path
    untrusted_chain: Path

    def client_context(self) -> ssl.SSLContext:
        """Return the TLS context of a controller that connects to ORS."""
        return ssl.create_default_context(cafile=str(self.ca))


def certificates_in(folder: Path) -> Certificates:
    """Make the files at the first start. A later start finds the same ones, so that pins and CA files stay valid."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = Certificates(folder / "ca.pem", folder / "trusted.pem", folder / "untrusted.pem")
    if not all(path.exists() for path in (found.ca, found.trusted_chain, found.untrusted_chain)):
        authority = trustme.CA(organization_name="Simulated print network")
        _write(found.trusted_chain, authority.issue_cert(*NAMES).private_key_and_cert_chain_pem.bytes())
        # domain.md, "Accounts, sessions, locks on the controller": self-signed from the factory, so no CA knows it.
        _write(found.untrusted_chain, _self_signed())
        _write(found.ca, authority.cert_pem.bytes())
    return found


def _self_signed() -> bytes:
    """Return key and self-signed certificate in one PEM, as controllers make them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAMES[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(NAMES[0]), x509.IPAddress(ip_address(NAMES[1]))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
