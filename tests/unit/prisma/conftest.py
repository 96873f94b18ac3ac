# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for the site on loopback, as in tests/unit/web, and that site."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
from unit.prisma.site_loopback import SiteBench, site_bench
from unit.web.conftest import ca, ca_path, leaf, server_tls

__all__ = ["bench", "ca", "ca_path", "leaf", "server_tls"]


@pytest.fixture
def bench(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[SiteBench]:
    """A small administration site on loopback, and tasks on it."""
    with site_bench(server_tls, ca_path) as made:
        yield made
