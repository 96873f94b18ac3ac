# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for the clouds on loopback, as in tests/unit/web, and a site and a tenant there."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
from unit.prisma.site_loopback import SiteBench, site_bench
from unit.prisma.tenant_loopback import TenantBench, tenant_bench
from unit.web.conftest import ca, ca_path, leaf, server_tls

__all__ = ["bench", "ca", "ca_path", "cloud", "leaf", "server_tls", "tenant"]


@pytest.fixture
def bench(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[SiteBench]:
    """A small administration site on loopback, and tasks on it."""
    with site_bench(server_tls, ca_path) as made:
        yield made


@pytest.fixture
def tenant(server_tls: ssl.SSLContext, ca_path: str) -> Iterator[TenantBench]:
    """A small tenant of PRISMA Home on loopback, and tasks on its people."""
    with tenant_bench(server_tls, ca_path) as made:
        yield made


@pytest.fixture(params=["site", "tenant"])
def cloud(
    request: pytest.FixtureRequest, server_tls: ssl.SSLContext, ca_path: str
) -> Iterator[SiteBench | TenantBench]:
    """A site, and then a tenant: what a test says of people holds for both."""
    with (site_bench if request.param == "site" else tenant_bench)(server_tls, ca_path) as made:
        yield made
