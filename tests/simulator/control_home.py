# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the control interface for PRISMA Home and the identity provider. Contains no rules."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.home_setup import Home
from simulator.oidc_client import SignInFailed
from simulator.site_rules import stored


@dataclass
class HomeControl:
    home: Home

    def routes(self) -> list[Route]:
        return [
            Route("/_control/tenants/{tenant}", self.tenant),
            Route("/_control/home/expire_sessions", self.expire, methods=["POST"]),
            Route("/_control/oidc/tokens", self.tokens, methods=["POST"]),
        ]

    async def tenant(self, request: Request) -> Response:
        """Return the whole state of a tenant: devices and subscriptions."""
        return JSONResponse(self.home.state(request.path_params["tenant"]))

    async def expire(self, request: Request) -> Response:
        self.home.expire()
        return Response(status_code=204)

    async def tokens(self, request: Request) -> Response:
        """Sign a person in, and return the tokens of the public client."""
        try:
            order = json.loads(await request.body())
            return JSONResponse(await self.home.provider.client.tokens_for(stored(str(order.get("email")))))
        except SignInFailed as error:
            return JSONResponse({"message": str(error)}, 400)
