# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates the sites from `sites:` of a fleet file, and connects all their parts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator import site_rules as lists
from simulator.faults import Fault
from simulator.fleet import Fleet, FleetError, SiteSpec
from simulator.oidc_child import SITE_CLIENT
from simulator.oidc_client import BearerTokens
from simulator.provider import Provider
from simulator.registration import Registration
from simulator.site_frame import SiteFrame
from simulator.site_pages import PEOPLE_LISTS, SitePages
from simulator.site_printers import SitePrinters
from simulator.site_rules import LISTS, SiteRules, stored
from simulator.site_sign_in import SiteSignIn
from simulator.site_store import Cluster, Site, SiteStore
from simulator.world import World

USER_LISTS = (lists.DASHBOARD, lists.REMOTE_MATCH, lists.ACTIVE)
ADMINISTRATOR_LISTS = (lists.ADMINISTRATORS, lists.DASHBOARD, lists.REMOTE_MATCH)


@dataclass
class Sites:
    """All administration sites, for the control interface and the ready file."""

    world: World
    specs: tuple[SiteSpec, ...]
    store: SiteStore
    provider: Provider
    rules: SiteRules
    printers: SitePrinters
    sign_in: SiteSignIn
    pages: SitePages
    end_sessions: Callable[[str], None] = lambda site: None
    """Ends the sessions of a site, or of all."""

    def ready(self) -> dict[str, Any]:
        passwords = self.store.accounts()

        def people_of(emails: tuple[str, ...]) -> list[dict[str, str]]:
            return [{"email": email, "password": passwords[stored(email)]} for email in emails]

        sites = [
            {
                "id": spec.id,
                "name": spec.name,
                "administrators": people_of(spec.administrators),
                "automation": people_of(spec.administrators)[0],
                "accounts": people_of((*spec.administrators_invited, *spec.users, *spec.accounts)),
            }
            for spec in self.specs
        ]
        return {"url": self.world.site_url, "oidc": self.provider.ready(), "sites": sites}

    def passwords(self) -> Iterator[tuple[str, str]]:
        for password in self.store.accounts().values():
            yield "account_password", password

    def state(self, site: Site) -> dict[str, Any]:
        return {
            "id": site.id,
            "name": site.name,
            "lists": {key: [vars(row) for row in self.store.rows(site.id, key)] for key in LISTS},
            "printers": [{"serial": row.serial, "name": row.name} for row in self.printers.of(site.id)],
            "clusters": [{"name": row.name, "created_by": row.created_by} for row in self.store.clusters(site.id)],
        }

    def open_sessions(self) -> list[dict[str, Any]]:
        return self.store.open_sessions(self.world.now() - self.sign_in.timer)

    def change(self, fault: Fault, path: str) -> None:
        """Apply a fault that changes the state. None leaves an audit line."""
        what = fault.fault
        if what == "expired_session":
            self.end_sessions(fault.account)
        key = next((each.key for each in PEOPLE_LISTS if f"/{path}" == each.path), None)
        if what == "list_changes" and key is not None:
            used = {session["email"] for session in self.open_sessions()}
            for site in self.store.sites():
                others = (row.email for row in self.store.rows(site.id, key, limit=20) if row.email not in used)
                if (first := next(others, None)) is not None:
                    self.store.take(first, [key])


def seed_people(store: SiteStore, fleet: Fleet, now: float) -> None:
    """Add missing sites. Those of an earlier start are kept."""
    known = {site.id for site in store.sites()}
    for spec in fleet.sites:
        for email in (*spec.administrators, *spec.administrators_invited, *spec.users, *spec.accounts):
            store.keep_account(stored(email), secrets.token_urlsafe(12))
        if spec.id in known:
            continue
        store.keep_site(Site(spec.id, spec.name))
        for emails, on in (
            (spec.administrators, ADMINISTRATOR_LISTS),
            (spec.administrators_invited, (lists.ADMINISTRATORS_INVITED, lists.DASHBOARD, lists.REMOTE_MATCH)),
            (spec.users, USER_LISTS),
        ):
            for email in emails:
                if store.site_of(stored(email)) not in ("", spec.id):
                    raise FleetError(f"sites: {spec.id}: {email} belongs to another site")
                store.put(spec.id, stored(email), on, now)
        store.put_many(spec.id, _generated(spec), now)
        for name in spec.clusters:
            store.keep_cluster(spec.id, Cluster(name, spec.administrators[0], now))


def _generated(spec: SiteSpec) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for number in range(1, spec.people + 1):
        if number % 7 == 0:
            on: tuple[str, ...] = (lists.DASHBOARD,)
        elif number % 10 == 0:
            on = (lists.DASHBOARD, lists.REMOTE_MATCH, lists.INVITED)
        else:
            on = USER_LISTS
        yield f"person.{number:05}@{spec.id}.example.com", f"Person {number}", on


def people_of(world: World, fleet: Fleet, state: Path) -> SiteStore:
    """Return the store of the sites with their people."""
    store = SiteStore(state / "sites.sqlite")
    seed_people(store, fleet, world.now())
    world.site_names = {site.id: site.name for site in store.sites()}
    return store


def assembled(world: World, fleet: Fleet, registration: Registration, store: SiteStore, provider: Provider) -> Sites:
    def audit(subject: str, actor: str, what: str, before: Any, after: Any) -> None:
        world.store.audit("site", subject, actor, what, before, after)

    rules = SiteRules(store, world.now, audit)
    printers = SitePrinters(world, store, registration)
    for spec in fleet.sites:
        for name in spec.printers:
            printer = world.store.printer(name)
            if printer is None:
                raise FleetError(f"sites: {spec.id}: there is no printer {name}")
            if not registration.owner(printer):
                printers.register(spec.id, printer, name, 0.0)
    flow = provider.flow(SITE_CLIENT, f"{world.site_url}signed-in")
    tokens = BearerTokens(provider.client, "site")
    sign_in = SiteSignIn(world, store, rules, flow, tokens, fleet.settings.site_session_timer)
    pages = SitePages(world, store, rules, printers, SiteFrame(sign_in))
    return Sites(world, fleet.sites, store, provider, rules, printers, sign_in, pages)
