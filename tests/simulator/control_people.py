# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the control interface for the people of PRISMA Home. Contains no rules."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.home_people import ACTIVE, EMPLOYEE, HomePeople


@dataclass
class PeopleControl:
    people: HomePeople

    def routes(self) -> list[Route]:
        return [
            Route("/_control/tenants/{tenant}/people", self.all, methods=["GET", "POST"]),
            Route("/_control/home/people/{email}", self.drop, methods=["DELETE"]),
            Route("/_control/home/people/{email}/first_sign_in", self.sign_in, methods=["POST"]),
        ]

    async def all(self, request: Request) -> Response:
        """Return the people of a tenant; POST first has one exactly so: email, role, state and applications."""
        tenant = request.path_params["tenant"]
        if request.method == "POST":
            order = json.loads(await request.body())
            if set(order) - {"email", "role", "state", "applications"} or "email" not in order:
                return JSONResponse({"message": "email, role, state and applications are known"}, 400)
            role, state = order.get("role", EMPLOYEE), order.get("state", ACTIVE)
            self.people.put(tenant, order["email"], role, state, order.get("applications", {}))
        return JSONResponse([vars(person) for person in self.people.store.page(tenant)])

    async def drop(self, request: Request) -> Response:
        self.people.store.drop(request.path_params["email"])
        return Response(status_code=204)

    async def sign_in(self, request: Request) -> Response:
        done = self.people.first_sign_in(request.path_params["email"])
        return Response(status_code=204) if done else JSONResponse({"message": "there is no such invitation"}, 404)
