# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts and stops all parts in the right order."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import secrets
import signal
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.types import ASGIApp

from simulator.certificates import Certificates, certificates_in
from simulator.control import Control
from simulator.controller import Controllers, controllers_application
from simulator.faults import Faults
from simulator.fleet import Fleet
from simulator.home_people import HomePeople, PeopleStore, seed_home_people
from simulator.home_setup import Home
from simulator.home_store import HomeStore
from simulator.listening import HOST, PortTaken, bind_ports, server_of
from simulator.oidc_faults import write_orders
from simulator.ors import OrsLink, ors_application
from simulator.provider import Provider
from simulator.proxy_child import launch_proxy
from simulator.ready import address_lines, ready_document, write_ready_file
from simulator.registration import Registration
from simulator.seeding import seed, seed_tenants
from simulator.senders import Senders
from simulator.site_setup import Sites, assembled, people_of
from simulator.site_store import SiteStore
from simulator.state import Store
from simulator.watching import Watch
from simulator.world import ProxyAddress, World


@dataclass(frozen=True)
class Options:
    state: Path
    port_base: int = 0
    ready: Path | None = None
    external_proxy: ProxyAddress | None = None


async def serve(fleet: Fleet, options: Options) -> None:
    """Serve until SIGINT or SIGTERM. The ready file exists while everything is ready."""
    stopped = asyncio.Event()
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


def _bound(kept: dict[str, int] | None, options: Options) -> dict[str, socket.socket]:
    """Return the bound sockets. What runs already keeps its ready file; that of a killed start is removed."""
    try:
        sockets = bind_ports(kept, options.port_base)
    except PortTaken as error:
        if options.ready and options.ready.exists():
            raise PortTaken(f"{error}. A simulator runs already; {options.ready} has its addresses") from error
        raise
    if options.ready:
        options.ready.unlink(missing_ok=True)
    return sockets


@contextlib.asynccontextmanager
async def running(fleet: Fleet, options: Options) -> AsyncGenerator[tuple[dict[str, object], World]]:
    options.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificates = certificates_in(options.state / "certificates")
    store = Store(options.state / "state.sqlite")
    sockets = _bound(store.fact("ports"), options)
    ports = {name: bound.getsockname()[1] for name, bound in sockets.items()}
    store.keep_fact("ports", ports)
    world = _world(fleet, options, store, certificates, ports)
    # The children bind their ports themselves. The others keep their sockets, and the two closed ones do not listen.
    for name in ("proxy", "oidc"):
        sockets.pop(name).close()
    log = None if options.external_proxy else options.state / "proxy.log"
    child = await launch_proxy(world.proxy, log) if log else None
    home_store = HomeStore(store)
    seed_tenants(world, home_store, fleet)
    seed_home_people(world.people.store, fleet.tenants, world.now())
    site_store = people_of(world, fleet, options.state) if fleet.sites else None
    accounts = _accounts(home_store, site_store)
    provider = await Provider.launched(world, fleet, options.state, certificates.trusted_chain, accounts)
    seed(world, fleet)
    ors = OrsLink(world)
    home = Home(world, home_store, provider, Registration(world, ors), ors)
    sites = assembled(world, fleet, home.registration, site_store, provider) if site_store else None
    applications = _applications(home, certificates, sites)
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
        await provider.child.listening()
        document = ready_document(world, home, certificates.ca, log)
        yield {**document, "sites": sites.ready() if sites else None}, world
    finally:
        for server, _task in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)
        await ors.stop()
        if child:
            await child.stop()
        await provider.child.stop()
        if site_store:
            site_store.close()
        _close(sockets)
        world.people.store.close()
        store.close()


def _accounts(home: HomeStore, sites: SiteStore | None) -> dict[str, tuple[str, str]]:
    """Return who can sign in at the provider: password, and code of the second factor."""
    of_sites = {email: (password, "") for email, password in (sites.accounts() if sites else {}).items()}
    return {**of_sites, **{one.email: (one.password, one.code) for one in home.accounts().values()}}


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
    people = HomePeople(
        PeopleStore(options.state / "home_people.sqlite"), store.clock.now, functools.partial(store.audit, "home")
    )
    return World(
        settings=fleet.settings,
        store=store,
        client_context=certificates.client_context(),
        controllers_port=ports["controllers"],
        untrusted_port=ports["untrusted"],
        unreachable_port=ports["unreachable"],
        home_ports={"eu": ports["home"], "us": ports["home_us"]},
        ors_port=ports["ors"],
        control_port=ports["control"],
        site_port=ports["site"],
        oidc_port=ports["oidc"],
        proxy=options.external_proxy or own_proxy,
        dead_proxy=ProxyAddress(HOST, ports["dead_proxy"]),
        control_token=secrets_kept["control_token"],
        people=people,
    )


def _applications(
    home: Home, certificates: Certificates, sites: Sites | None
) -> list[tuple[str, ASGIApp, Path | None]]:
    world, registration = home.world, home.registration
    counters, faults = home.provider.events.counters, Faults()
    control = Control(world, counters, faults, registration, home, sites)
    faults.change_state = control.inject
    senders = Senders(world.store, home.store, sites.store if sites else None)
    home.end_sessions = senders.end_home_sessions
    if sites:
        sites.end_sessions = senders.end_site_sessions
    faults.on_order, faults.on_request = partial(write_orders, faults, home.provider.orders), home.provider.events.take
    controllers = controllers_application(Controllers(world, home.ors, registration))

    def watched(application: ASGIApp, service: str) -> Watch:
        return Watch(application, service, counters, faults, world.store, senders)

    served: list[tuple[str, ASGIApp, Path | None]] = [
        ("controllers", watched(controllers, "controllers"), certificates.trusted_chain),
        ("untrusted", watched(controllers, "controllers"), certificates.untrusted_chain),
        ("ors", watched(ors_application(world), "ors"), certificates.trusted_chain),
        ("control", control.application(), None),
    ]
    clouds = home.applications()
    if sites:
        clouds["site"] = sites.pages.application()
    for name, application in clouds.items():
        served.append((name, watched(application, name), certificates.trusted_chain))
    return served
