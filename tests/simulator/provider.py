# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity provider as its parent sees it: clients, secrets, and the accounts that can sign in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.fleet import Fleet
from simulator.oidc_child import (
    APPLICATION_CLIENT,
    HOME_CLIENT,
    PUBLIC_CLIENT,
    PUBLIC_REDIRECT,
    SITE_CLIENT,
    ClientOptions,
    ProviderEvents,
    ProviderOptions,
    events_in,
    launch_provider,
    orders_in,
)
from simulator.oidc_client import CodeFlow, ProviderClient
from simulator.proxy_child import ProxyChild
from simulator.watching import Counters
from simulator.world import World

WITH_SECRETS = (SITE_CLIENT, HOME_CLIENT)


@dataclass
class Provider:
    options: ProviderOptions
    child: ProxyChild
    client: ProviderClient
    events: ProviderEvents
    client_secrets: dict[str, str]
    orders: Path
    """The file with the faults that the process is to have."""

    @classmethod
    async def launched(
        cls, world: World, fleet: Fleet, state: Path, chain: Path, accounts: Mapping[str, tuple[str, str]]
    ) -> Provider:
        """Start the process. `accounts`: password and code of the second factor by e-mail address."""
        known = world.store.fact("provider_secrets") or {name: secrets.token_urlsafe(24) for name in WITH_SECRETS}
        world.store.keep_fact("provider_secrets", known)
        options = ProviderOptions(world.oidc_port, chain, _clients(world, fleet, known), dict(accounts))
        events = events_in(state)
        orders = orders_in(state)
        orders.unlink(missing_ok=True)
        child = await launch_provider(options, state, events)
        client = ProviderClient(world, options.issuer, lambda email: accounts.get(email, ("", ""))[0])
        return cls(options, child, client, ProviderEvents(world, Counters(), events), known, orders)

    def flow(self, client_id: str, redirect: str) -> CodeFlow:
        """Return the sign-in of a cloud that runs on a server."""
        return CodeFlow(self.client, client_id, self.client_secrets[client_id], redirect)

    def ready(self) -> dict[str, str]:
        return {"issuer": self.options.issuer, "client_id": PUBLIC_CLIENT}

    def passwords(self) -> Iterator[tuple[str, str]]:
        for secret in self.client_secrets.values():
            yield "client_secret", secret
        for password, _code in self.options.people.values():
            yield "account_password", password


def _clients(world: World, fleet: Fleet, known: Mapping[str, str]) -> tuple[ClientOptions, ...]:
    settings, homes = fleet.settings, tuple(world.home_urls.values())
    site, home = settings.site_access_token_lifetime, settings.home_access_token_lifetime
    signed_in = tuple(f"{url}/signed-in" for url in homes)
    applications = tuple(f"{url}/application/" for url in homes)
    return (
        ClientOptions(SITE_CLIENT, known[SITE_CLIENT], (f"{world.site_url}signed-in",), ("site",), site),
        ClientOptions(HOME_CLIENT, known[HOME_CLIENT], signed_in, ("home",), home, "steps"),
        ClientOptions(APPLICATION_CLIENT, "", applications, ("home",), home, "steps"),
        ClientOptions(PUBLIC_CLIENT, "", (PUBLIC_REDIRECT,), ("site", "home"), site),
    )
