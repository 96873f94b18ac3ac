# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts PRISMA Home together: one application for each region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from simulator.cloud_language import InTheLanguageAskedFor
from simulator.faults import Fault
from simulator.home_api import HomeApi, Refused
from simulator.home_application import HomeApplication
from simulator.home_configuration import HomeConfiguration
from simulator.home_devices import Devices
from simulator.home_frame import HomeFrame
from simulator.home_oauth import HomeOAuth
from simulator.home_pages import HomePages
from simulator.home_sign_in import HomeSignIn
from simulator.home_store import HomeStore
from simulator.home_subscriptions import Subscriptions
from simulator.oidc_child import HOME_CLIENT
from simulator.oidc_client import BearerTokens
from simulator.ors import OrsLink
from simulator.provider import Provider
from simulator.registration import Registration
from simulator.world import World


@dataclass
class Home:
    """All regions of PRISMA Home, for the control interface and the ready file."""

    world: World
    store: HomeStore
    provider: Provider
    registration: Registration
    ors: OrsLink
    end_sessions: Callable[[str], None] = lambda tenant: None
    """Ends the sessions of one tenant."""
    _regions: list[HomeSignIn] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.devices = Devices(self.world, self.ors, Subscriptions(self.world, self.store))

    @property
    def hosts(self) -> dict[str, str]:
        """The region of each host, as counters and faults name it."""
        return {"home" if region == "eu" else f"home_{region}": region for region in self.world.home_ports}

    def applications(self) -> dict[str, Starlette]:
        """Return the application of each host."""
        return {host: self._application(region) for host, region in self.hosts.items()}

    def _application(self, region: str) -> Starlette:
        flow = self.provider.flow(HOME_CLIENT, f"{self.world.home_url_of(region)}/signed-in")
        sign_in = HomeSignIn(self.world, region, self.store, flow, BearerTokens(self.provider.client, "home"))
        self._regions.append(sign_in)
        frame, devices = HomeFrame(sign_in), self.devices
        parts = (
            HomeApi(self.world, self.registration, devices, HomeOAuth(self.world, sign_in)),
            HomePages(self.world, self.registration, devices, frame),
            HomeConfiguration(self.world, devices.subscriptions, frame),
            HomeApplication(self.provider.options.issuer, frame),
        )

        async def refused(request: Request, error: Exception) -> Response:
            assert isinstance(error, Refused)
            return error.response

        routes = [route for part in parts for route in part.routes()]
        speaks = [Middleware(InTheLanguageAskedFor)]
        return Starlette(routes=routes, exception_handlers={Refused: refused}, middleware=speaks)

    # for tests

    def ready(self) -> list[dict[str, Any]]:
        """Return the tenants for the ready file."""
        accounts = self.store.accounts()
        return [
            {
                "id": tenant.id,
                "name": tenant.name,
                "region": tenant.region,
                "url": self.world.home_url_of(tenant.region),
                "client_id": tenant.client_id,
                "client_secret": tenant.client_secret,
                "people": [
                    {
                        "email": person.email,
                        "role": person.role.capitalize(),
                        "state": person.state,
                        "password": accounts[person.email].password,
                        "code": accounts[person.email].code,
                    }
                    for person in self.world.people.store.page(tenant.id)
                    if person.email in accounts
                ],
            }
            for tenant in self.world.store.tenants()
        ]

    def state(self, tenant: str) -> dict[str, Any]:
        return {
            "devices": [self.devices.shown(device) for device in self.world.store.devices_of(tenant)],
            "subscriptions": self.devices.subscriptions.shown(tenant),
        }

    def open_sessions(self) -> list[dict[str, str]]:
        timer = self.world.settings.home_session_timer
        emails = self.store.open_sessions(self.world.now() - timer)
        people = [self.world.people.store.person(email) for email in emails]
        return [
            {"email": person.email, "tenant": person.tenant, "role": person.role.capitalize()}
            for person in people
            if person is not None
        ]

    def expire(self) -> None:
        for sign_in in self._regions:
            sign_in.expire()

    def change(self, fault: Fault) -> None:
        """Apply a fault that changes the state. None leaves an audit line."""
        if fault.fault == "expired_session" and fault.account:
            self.end_sessions(fault.account)
        elif fault.fault == "expired_session":
            self.expire()
        if fault.fault == "list_changes":
            self.world.people.lose_somebody()
