# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs administrators in at a site, and keeps their sessions."""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass, field

from simulator.oidc_client import BearerTokens, CodeFlow
from simulator.site_rules import SiteRules
from simulator.site_store import Session, SiteStore
from simulator.world import World


@dataclass
class SiteSignIn:
    """Sessions of the sites, and how they start. `key` makes the hidden tokens for requests with a bearer token."""

    world: World
    store: SiteStore
    rules: SiteRules
    flow: CodeFlow
    tokens: BearerTokens
    timer: float
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    # sessions

    def fresh(self, email: str = "", site: str = "", pending: str = "") -> Session:
        session = Session(
            secrets.token_urlsafe(18), secrets.token_hex(12), email, site, self.world.now(), pending=pending
        )
        self.world.store.keep_secret("cookie", session.id)
        self.world.store.keep_secret("hidden_token", session.csrf)
        self.store.keep_session(session)
        return session

    def visitor(self, cookie: str) -> Session | None:
        """Return the person of a session, None without one.

        A session ends by its timer (domain.md, "Accounts, sessions, locks on the controller"), and when the person
        loses the last right on the site.
        """
        found = self.store.session(cookie)
        if found is None or not found.email:
            return None
        ended = self.world.now() > found.last_seen + self.timer
        if ended or self.rules.administers(found.email) != found.site:
            self.store.drop_session(cookie)
            return None
        seen = Session(found.id, found.csrf, found.email, found.site, self.world.now())
        self.store.keep_session(seen)
        return seen

    def expire(self) -> None:
        """End all sessions, and every bearer token that was used so far."""
        self.store.drop_sessions()
        self.tokens.expire()

    async def bearer(self, token: str) -> Session | None:
        """Return the person of an access token of the provider, None if it has ended."""
        email = await self.tokens.email_of(token)
        site = self.rules.administers(email) if email else ""
        csrf = hmac.new(self.key, email.encode(), "sha256").hexdigest()[:24]
        return Session("", csrf, email, site, self.world.now()) if site else None

    # the code flow

    def leave_for_provider(self, target: str, account: str = "") -> tuple[str, Session]:
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
