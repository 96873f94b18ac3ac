# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the control interface for administration sites. Contains no rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.site_rules import LISTS, stored
from simulator.site_setup import Sites


@dataclass
class SiteControl:
    sites: Sites

    def routes(self) -> list[Route]:
        return [
            Route("/_control/sites", self.all),
            Route("/_control/sites/{site}", self.one),
            Route("/_control/sites/{site}/people", self.put, methods=["POST"]),
            Route("/_control/site/people/{email}/{does}", self.person, methods=["POST"]),
            Route("/_control/site/expire_sessions", self.expire, methods=["POST"]),
        ]

    async def all(self, request: Request) -> Response:
        return JSONResponse([site.id for site in self.sites.store.sites()])

    async def one(self, request: Request) -> Response:
        site = self.sites.store.site(request.path_params["site"])
        return JSONResponse(self.sites.state(site)) if site else _unknown("site")

    async def put(self, request: Request) -> Response:
        site, order = self.sites.store.site(request.path_params["site"]), await _order(request)
        if site is None:
            return _unknown("site")
        wanted = order.get("lists", [])
        if set(order) - {"email", "lists", "name"} or "email" not in order or not set(wanted) <= set(LISTS):
            return JSONResponse({"message": f"email and lists are needed, lists of {', '.join(LISTS)}"}, 400)
        self.sites.rules.set_lists(site.id, order["email"], wanted, order.get("name", ""))
        return JSONResponse({"lists": sorted(self.sites.store.lists_of(stored(order["email"])))})

    async def person(self, request: Request) -> Response:
        rules = self.sites.rules
        does = {"first_sign_in": rules.first_sign_in, "first_use": rules.first_use}.get(request.path_params["does"])
        if does is None or not does(request.path_params["email"]):
            return _unknown("invitation")
        return Response(status_code=204)

    async def expire(self, request: Request) -> Response:
        self.sites.sign_in.expire()
        return Response(status_code=204)


async def _order(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(await request.body())
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _unknown(what: str) -> Response:
    return JSONResponse({"message": f"there is no such {what}"}, 404)
