# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose account sends a request: the tenant or the site. Does not decide what the account may do.

Before the sign-in only the address can say it: `/of/NAME/` before any path of PRISMA Home and of the sites is the same
page, asked for by NAME. Cookies and the state of the sign-in carry the name on.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.types import Message, Scope

from simulator.state import Store

if TYPE_CHECKING:
    from simulator.home_store import HomeStore
    from simulator.site_store import SiteStore

PREFIX = "/of/"
HOME_COOKIE = "homeSession"
SITE_COOKIE = "siteSession"


def without_prefix(scope: Scope) -> tuple[str, Scope]:
    """Return the name in the address of a request, empty without one, and the request for the page itself."""
    path = scope["path"]
    if not path.startswith(PREFIX):
        return "", scope
    name, _slash, rest = path.removeprefix(PREFIX).partition("/")
    state = {**scope.get("state", {}), "account": name}
    return name, {**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode(), "state": state}


@dataclass
class CookieOwners:
    """Who got which cookie. ``names``: the cookies of sessions."""

    names: tuple[str, ...]
    owners: dict[str, str] = field(default_factory=dict)

    def learn(self, message: Message, account: str) -> None:
        """Remember the cookies that a response sets."""
        for key, value in message.get("headers", ()):
            if account and key.lower() == b"set-cookie":
                for name, morsel in SimpleCookie(value.decode("latin-1")).items():
                    if name in self.names:
                        self.owners[morsel.value] = account

    def of(self, scope: Scope) -> str:
        cookies = Request(scope).cookies
        return next((self.owners[cookies[name]] for name in self.names if cookies.get(name) in self.owners), "")

    def drop(self, account: str, drop: Callable[[str], object]) -> None:
        """End the sessions of an account."""
        for cookie in [cookie for cookie, owner in self.owners.items() if owner == account]:
            drop(cookie)


@dataclass
class Senders:
    store: Store
    home: HomeStore
    sites: SiteStore | None
    cookies: CookieOwners = field(default_factory=lambda: CookieOwners((HOME_COOKIE, SITE_COOKIE)))

    def account_of(self, host: str, scope: Scope) -> str:
        """Return the id of the tenant or of the site; empty if the request does not say, and for a printer."""
        if host == "home":
            return self._tenant_of(Request(scope)) or self.cookies.of(scope)
        if host == "site" and self.sites:
            session = self.sites.session(Request(scope).cookies.get(SITE_COOKIE, ""))
            return (session.site if session else "") or self.cookies.of(scope)
        return ""

    def end_home_sessions(self, tenant: str) -> None:
        """End the tokens of a tenant and the sessions of its people, of unfinished sign-ins too."""
        self.store.drop_tokens_of(tenant)
        self.cookies.drop(tenant, self.home.drop_session)

    def end_site_sessions(self, site: str) -> None:
        """End the sessions of the people of a site, of unfinished sign-ins too."""
        if self.sites:
            self.sites.drop_sessions(site)
            self.cookies.drop(site, self.sites.drop_session)

    def _tenant_of(self, request: Request) -> str:
        parts = request.url.path.split("/")
        if parts[1:4] == ["api", "v1", "tenants"] and len(parts) > 4:
            return parts[4]
        scheme, _space, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            known = self.store.token(given)
            return known[0] if known else ""
        try:
            client_id = unquote_plus(base64.b64decode(given).decode().partition(":")[0])
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return next((tenant.id for tenant in self.store.tenants() if tenant.client_id == client_id), "")
