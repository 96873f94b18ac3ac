# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs people in to PRISMA Home, by the provider's pages or with its tokens, and keeps their sessions."""

from __future__ import annotations

import dataclasses
import json
import secrets
from dataclasses import dataclass

from simulator.home_people import HomePeople, TenantPerson
from simulator.home_store import HomeSession, HomeStore
from simulator.oidc_client import BearerTokens, CodeFlow
from simulator.records import Tenant
from simulator.world import World


class NotAdmitted(Exception):
    """The account is nobody's here. `id` names the reason on the page, the text is for people."""

    def __init__(self, id: str, text: str) -> None:
        super().__init__(text)
        self.id = id


@dataclass(frozen=True)
class Visitor:
    """A person at a tenant."""

    person: TenantPerson
    tenant: Tenant


@dataclass
class HomeSignIn:
    """Sessions of one region, and how they start."""

    world: World
    region: str
    store: HomeStore
    flow: CodeFlow
    tokens: BearerTokens

    @property
    def people(self) -> HomePeople:
        return self.world.people

    def admit(self, email: str) -> Visitor:
        """Return the person whom the provider has signed in. The first sign-in accepts an invitation."""
        self.people.first_sign_in(email)
        person = self.people.store.person(email)
        tenant = self.world.tenant(person.tenant) if person else None
        if person is None or tenant is None:
            raise NotAdmitted("no-tenant", "You are not a user of PRISMA Home. Ask an administrator to invite you.")
        if tenant.region != self.region:
            raise NotAdmitted("other-region", f"{tenant.name} is in another region of PRISMA Home.")
        return Visitor(person, tenant)

    async def bearer(self, token: str) -> Visitor | None:
        """Return the person of an access token of the provider, None if it does not hold."""
        email = await self.tokens.email_of(token)
        try:
            return self.admit(email) if email else None
        except NotAdmitted:
            return None

    # sessions

    def fresh(self, email: str = "", pending: str = "") -> HomeSession:
        session = HomeSession(secrets.token_urlsafe(18), secrets.token_hex(12), email, self.world.now(), pending)
        self.world.store.keep_secret("cookie", session.id)
        self.world.store.keep_secret("hidden_token", session.token)
        self.store.keep_session(session)
        return session

    def visitor(self, cookie: str) -> tuple[HomeSession, Visitor] | None:
        """Return a session and its person, None without one. It ends by its timer, and when the person is removed."""
        found = self.store.session(cookie)
        if found is None or not found.email:
            return None
        timer = self.world.settings.home_session_timer
        person = self.people.store.person(found.email)
        tenant = self.world.tenant(person.tenant) if person else None
        if person is None or tenant is None or self.world.now() > found.last_seen + timer:
            self.store.drop_session(cookie)
            return None
        seen = dataclasses.replace(found, last_seen=self.world.now())
        self.store.keep_session(seen)
        return seen, Visitor(person, tenant)

    def expire(self) -> None:
        """End all sessions, and every access token that was used so far."""
        self.store.drop_sessions()
        self.tokens.expire()

    # the code flow

    def leave_for_provider(self, target: str, account: str = "") -> tuple[str, HomeSession]:
        """Return the address at the provider, and the session that waits for the redirect back.

        The state begins with the account, if it is known: the provider tells requests apart by it.
        """
        url, pending = self.flow.leave(target, account)
        return url, self.fresh(pending=json.dumps(pending))

    async def come_back(self, cookie: str, given: dict[str, str]) -> tuple[str, str]:
        """Return the e-mail address of the person whom the provider redirects back, and the path to continue with."""
        waiting = self.store.session(cookie)
        pending = json.loads(waiting.pending) if waiting and waiting.pending else {}
        try:
            return await self.flow.come_back(pending, given)
        finally:
            if pending:
                self.store.drop_session(cookie)
