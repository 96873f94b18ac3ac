# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of the JSON interface of PRISMA Home: client credentials of its own, and access tokens of the provider.

OAuth 2.0: RFC 6749 (client credentials), RFC 7009 (revocation), RFC 6750 (bearer tokens).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.home_people import ADMINISTRATOR
from simulator.home_sign_in import HomeSignIn
from simulator.records import Tenant
from simulator.world import World

NO_CLIENT = {"WWW-Authenticate": 'Basic realm="PRISMA Home"'}


@dataclass(frozen=True)
class Caller:
    """Who calls: `actor` is the client or the person, `account` the person behind both."""

    tenant: Tenant
    actor: str
    account: str
    role: str = ADMINISTRATOR


@dataclass
class HomeOAuth:
    world: World
    sign_in: HomeSignIn

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/token", self.issue_token, methods=["POST"]),
            Route("/oauth/revoke", self.revoke_token, methods=["POST"]),
        ]

    async def issue_token(self, request: Request) -> Response:
        form = await _form(request)
        tenant = self._client(request, form)
        if tenant is None:
            return _oauth_error(401, "invalid_client", NO_CLIENT)
        if form.get("grant_type") != "client_credentials":
            return _oauth_error(400, "unsupported_grant_type")
        token = secrets.token_urlsafe(32)
        lifetime = self.world.settings.token_lifetime
        self.world.store.keep_secret("access_token", token)
        self.world.store.keep_token(token, tenant.id, tenant.client_id, self.world.now() + lifetime)
        self.world.store.audit("home", tenant.id, tenant.client_id, "sign_in")
        return JSONResponse(
            {"access_token": token, "token_type": "Bearer", "expires_in": lifetime},
            headers={"Cache-Control": "no-store"},
        )

    async def revoke_token(self, request: Request) -> Response:
        form = await _form(request)
        tenant = self._client(request, form)
        if tenant is None:
            return _oauth_error(401, "invalid_client", NO_CLIENT)
        known = self.world.store.token(form.get("token", ""))
        if known is not None and known[1] == tenant.client_id:
            self.world.store.drop_token(form["token"])
            self.world.store.audit("home", tenant.id, tenant.client_id, "sign_out")
        return Response(status_code=200)

    def _client(self, request: Request, form: dict[str, str]) -> Tenant | None:
        client_id, client_secret = form.get("client_id", ""), form.get("client_secret", "")
        scheme, _space, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                client_id, _colon, client_secret = base64.b64decode(encoded).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                return None
            client_id, client_secret = unquote_plus(client_id), unquote_plus(client_secret)
        for tenant in self.world.store.tenants():
            fine = hmac.compare_digest(tenant.client_secret.encode(), client_secret.encode())
            if tenant.client_id == client_id and tenant.region == self.sign_in.region and fine:
                return tenant
        if client_id:
            self.world.store.audit("home", "", client_id, "sign_in_refused")
        return None

    async def caller(self, request: Request) -> Caller | None:
        """Return who calls, None without a token that holds."""
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        known = self.world.store.token(token)
        tenant = self.world.tenant(known[0]) if known and known[2] > self.world.now() else None
        if known and tenant:
            return Caller(tenant, known[1], tenant.client_of)
        visitor = None if known else await self.sign_in.bearer(token)
        if visitor is None:
            return None
        return Caller(visitor.tenant, visitor.person.email, visitor.person.email, visitor.person.role)

    def end(self, request: Request, caller: Caller) -> None:
        """End the token of a request."""
        token = request.headers["authorization"].partition(" ")[2]
        self.world.store.drop_token(token)
        self.sign_in.tokens.end(token)
        self.world.store.audit("home", caller.tenant.id, caller.actor, "sign_out")


async def _form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace")
    return {key: values[-1] for key, values in parse_qs(body, keep_blank_values=True).items()}


def _oauth_error(status: int, error: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": error}, status, headers)
