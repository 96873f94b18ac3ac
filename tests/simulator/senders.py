# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose account sends a request: the tenant or the site. Does not decide what the account may do."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.types import Scope

from simulator.state import Store

if TYPE_CHECKING:
    from simulator.site_store import SiteStore

SITE_COOKIE = "siteSession"


@dataclass(frozen=True)
class Senders:
    store: Store
    sites: SiteStore | None

    def account_of(self, host: str, scope: Scope) -> str:
        """Return the id of the tenant or of the site; empty before the sign-in, and for a printer."""
        if host == "home":
            return self._tenant_of(Request(scope))
        if host == "site" and self.sites:
            session = self.sites.session(Request(scope).cookies.get(SITE_COOKIE, ""))
            return session.site if session else ""
        return ""

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
