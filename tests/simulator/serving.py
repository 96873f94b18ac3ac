# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts and stops all parts in the right order."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from simulator.certificates import Certificates, certificates_in
from simulator.control import Control
from simulator.controller import Controllers, controllers_application
from simulator.faults import Faults
from simulator.fleet import Fleet
from simulator.home_api import HomeApi, Refused
from simulator.home_devices import Devices
from simulator.home_pages import HomePages
from simulator.listening import HOST, bind_ports, server_of
from simulator.oidc_faults import write_orders
from simulator.ors import OrsLink, ors_application
from simulator.proxy_child import ProxyChild, launch_proxy
from simulator.ready import address_lines, ready_document, write_ready_file
from simulator.registration import Registration
from simulator.seeding import seed
from simulator.senders import Senders
from simulator.state import Store
from simulator.watching import Counters, Watch
from simulator.world import ProxyAddress, World

if TYPE_CHECKING:
    from simulator.oidc_child import ProviderOptions
    from simulator.site_store import SiteStore


@dataclass(frozen=True)
class Options:
    state: Path
    port_base: int = 0
    ready: Path | None = None
    external_proxy: ProxyAddress | None = None


async def serve(fleet: Fleet, options: Options) -> None:
    """Serve until SIGINT or SIGTERM. The ready file exists while everything is ready."""
    stopped = asyncio.Event()
    if options.ready:
        # Remove the file of a killed start. It would say that this one is ready.
        options.ready.unlink(missing_ok=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with running(fleet, options) as (document, _servers):
        if options.ready:
            write_ready_file(options.ready, document)
        print(address_lines(document, options.ready), flush=True)
        try:
            await stopped.wait()
        finally:
            if options.ready:
                options.ready.unlink(missing_ok=True)
            print("Stopping.", flush=True)


@contextlib.asynccontextmanager
async def running(fleet: Fleet, options: Options) -> AsyncGenerator[tuple[dict[str, object], World]]:
    options.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificates = certificates_in(options.state / "certificates")
    store = Store(options.state / "state.sqlite")
    sockets = bind_ports(store.fact("ports"), options.port_base)
    ports = {name: bound.getsockname()[1] for name, bound in sockets.items()}
    store.keep_fact("ports", ports)
    world = _world(fleet, options, store, certificates, ports)
    # The child binds its port itself. The others keep their sockets, and the two closed ones do not listen.
    sockets.pop("proxy").close()
    log = None if options.external_proxy else options.state / "proxy.log"
    child = await launch_proxy(world.proxy, log) if log else None
    sites = await SitesStart.begun(world, fleet, options.state, certificates) if fleet.sites else None
    if sites:
        sockets.pop("oidc").close()
    seed(world, fleet)
    ors = OrsLink(world)
    applications, sites_ready = _applications(world, fleet, certificates, ors, sites)
    servers = [(server_of(application, chain), sockets[name]) for name, application, chain in applications]
    tasks = [asyncio.create_task(server.serve(sockets=[bound])) for server, bound in servers]
    try:
        while not all(server.started for server, _task in servers):
            for task in tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.01)
        if child:
            await child.listening()
        if sites:
            await sites.provider.listening()
        yield {**ready_document(world, certificates.ca, log), "sites": sites_ready}, world
    finally:
        for server, _task in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)
        await ors.stop()
        if child:
            await child.stop()
        if sites:
            await sites.provider.stop()
            sites.store.close()
        _close(sockets)
        store.close()


def _close(sockets: dict[str, socket.socket]) -> None:
    for bound in sockets.values():
        bound.close()


def _world(fleet: Fleet, options: Options, store: Store, certificates: Certificates, ports: dict[str, int]) -> World:
    secrets_kept = store.fact("secrets") or {
        "proxy_password": secrets.token_urlsafe(12),
        "control_token": secrets.token_urlsafe(18),
    }
    store.keep_fact("secrets", secrets_kept)
    store.clock.offset = store.fact("clock_offset") or 0.0
    own_proxy = ProxyAddress(HOST, ports["proxy"], "print", secrets_kept["proxy_password"])
    return World(
        settings=fleet.settings,
        store=store,
        client_context=certificates.client_context(),
        controllers_port=ports["controllers"],
        untrusted_port=ports["untrusted"],
        unreachable_port=ports["unreachable"],
        home_port=ports["home"],
        ors_port=ports["ors"],
        control_port=ports["control"],
        site_port=ports["site"],
        oidc_port=ports["oidc"],
        proxy=options.external_proxy or own_proxy,
        dead_proxy=ProxyAddress(HOST, ports["dead_proxy"]),
        control_token=secrets_kept["control_token"],
    )


@dataclass(frozen=True)
class SitesStart:
    """What the application of the sites needs at its start: the people, and the starting provider."""

    store: SiteStore
    options: ProviderOptions
    events: Path
    provider: ProxyChild
    orders: Path

    def write_orders(self, faults: Faults) -> None:
        write_orders(faults, self.orders)

    @classmethod
    async def begun(cls, world: World, fleet: Fleet, state: Path, certificates: Certificates) -> SitesStart:
        # Imported here, because fleets without sites do not need Authlib.
        from simulator.oidc_child import events_in, launch_provider, orders_in
        from simulator.site_setup import prepared

        store, options = prepared(world, fleet, state, world.oidc_port, certificates.trusted_chain)
        events = events_in(state)
        orders = orders_in(state)
        orders.unlink(missing_ok=True)
        return cls(store, options, events, await launch_provider(options, state, events), orders)


def _applications(
    world: World, fleet: Fleet, certificates: Certificates, ors: OrsLink, given: SitesStart | None
) -> tuple[list[tuple[str, ASGIApp, Path | None]], dict[str, object] | None]:
    registration = Registration(world, ors)
    devices = Devices(world, ors)
    counters = Counters()
    faults = Faults()
    sites = None
    if given:
        from simulator.site_setup import assembled

        sites = assembled(world, fleet, registration, counters, (given.store, given.options, given.events))
    control = Control(world, counters, faults, registration, sites)
    faults.change_state = control.inject
    senders = Senders(world.store, sites.store if sites else None)
    if given and sites:
        sites.end_sessions = senders.end_sessions
        faults.on_order, faults.on_request = partial(given.write_orders, faults), sites.events.take
    api = HomeApi(world, registration, devices)
    pages = HomePages(world, registration, devices)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return error.response

    home = Starlette(routes=[*api.routes(), *pages.routes()], exception_handlers={Refused: refused})
    controllers = controllers_application(Controllers(world, ors, registration))

    def watched(application: ASGIApp, service: str) -> Watch:
        return Watch(application, service, counters, faults, world.store, senders)

    served: list[tuple[str, ASGIApp, Path | None]] = [
        ("controllers", watched(controllers, "controllers"), certificates.trusted_chain),
        ("untrusted", watched(controllers, "controllers"), certificates.untrusted_chain),
        ("home", watched(home, "home"), certificates.trusted_chain),
        ("ors", watched(ors_application(world), "ors"), certificates.trusted_chain),
        ("control", control.application(), None),
    ]
    if sites:
        served.append(("site", watched(sites.pages.application(), "site"), certificates.trusted_chain))
    return served, sites.ready() if sites else None
