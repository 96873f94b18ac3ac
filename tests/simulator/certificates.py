# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows how to make and keep the CA of the simulated network and its certificates; not who presents them."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme

NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Certificates:
    """Files in PEM; each `*_chain` file holds key and certificates, as ssl.SSLContext.load_cert_chain takes them."""

    ca: Path
    trusted_chain: Path
    untrusted_chain: Path

    def client_context(self) -> ssl.SSLContext:
        """What a controller uses towards ORS."""
        return ssl.create_default_context(cafile=str(self.ca))


def certificates_in(folder: Path) -> Certificates:
    """Make the files at the first start; a later start finds the same ones, so that pins and CA files stay right."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = Certificates(folder / "ca.pem", folder / "trusted.pem", folder / "untrusted.pem")
    if not all(path.exists() for path in (found.ca, found.trusted_chain, found.untrusted_chain)):
        authority = trustme.CA(organization_name="Simulated print network")
        _write(found.trusted_chain, authority.issue_cert(*NAMES).private_key_and_cert_chain_pem.bytes())
        # domain.md, "Accounts, sessions, locks on the controller": self-signed from the factory, so no CA knows it.
        stranger = trustme.CA(organization_name="Factory default")
        _write(found.untrusted_chain, stranger.issue_cert(*NAMES).private_key_and_cert_chain_pem.bytes())
        _write(found.ca, authority.cert_pem.bytes())
    return found


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
