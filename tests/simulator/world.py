# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all parts share: settings, state, and the addresses of each other."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime

from simulator.fleet import Settings
from simulator.home_people import HomePeople
from simulator.listening import HOME_HOSTS, SITE_HOST
from simulator.records import Printer, Tenant
from simulator.state import Store


@dataclass(frozen=True)
class ProxyAddress:
    host: str
    port: int
    user: str = ""
    password: str = ""


@dataclass
class World:
    settings: Settings
    store: Store
    client_context: ssl.SSLContext
    controllers_port: int
    untrusted_port: int
    unreachable_port: int
    home_ports: dict[str, int]
    ors_port: int
    control_port: int
    site_port: int
    oidc_port: int
    proxy: ProxyAddress
    dead_proxy: ProxyAddress
    control_token: str
    people: HomePeople
    site_names: dict[str, str] = field(default_factory=dict)
    served: list[str] = field(default_factory=list)
    served_names: set[str] = field(default_factory=set)
    heartbeats: list[dict[str, object]] = field(default_factory=list)

    @property
    def home_urls(self) -> dict[str, str]:
        """PRISMA Home by region."""
        return {region: f"https://{HOME_HOSTS[region]}:{port}" for region, port in self.home_ports.items()}

    def home_url_of(self, region: str) -> str:
        return self.home_urls[region]

    @property
    def site_url(self) -> str:
        return f"https://{SITE_HOST}:{self.site_port}/"

    def now(self) -> float:
        return self.store.clock.now()

    def today(self) -> str:
        return datetime.fromtimestamp(self.now(), UTC).date().isoformat()

    def tenant(self, id: str) -> Tenant | None:
        return next((tenant for tenant in self.store.tenants() if tenant.id == id), None)

    def port_of(self, printer: Printer) -> int:
        return {
            "unreachable": self.unreachable_port,
            "untrusted_certificate": self.untrusted_port,
        }.get(printer.trouble, self.controllers_port)

    def base_path_of(self, printer: Printer) -> str:
        return f"/printers/{printer.name}/"

    def url_of(self, printer: Printer) -> str:
        return f"https://127.0.0.1:{self.port_of(printer)}{self.base_path_of(printer)}"
