# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON interface of PRISMA Home for its people. Contains no rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.fleet import APPLICATIONS
from simulator.home_people import NONE, HomePeople, TenantPerson, UnknownPerson, roles_of
from simulator.records import Tenant
from simulator.site_rules import NotDone, stored


class Signed(Protocol):
    """Who asks: the tenant and the name of the account. `role` is employee or administrator."""

    @property
    def tenant(self) -> Tenant: ...

    @property
    def actor(self) -> str: ...

    @property
    def role(self) -> str: ...


@dataclass
class HomePeopleApi:
    """`caller` returns who asks, and ends a request of nobody; `refuse` makes the exception that ends a request."""

    people: HomePeople
    caller: Callable[[Request], Signed]
    refuse: Callable[[int, str, str], Exception]
    page_size: int

    def routes(self) -> list[Route]:
        of_tenant = "/api/v1/tenants/{tenant}"
        return [
            Route(of_tenant + "/applications", self.applications),
            Route(of_tenant + "/people", self.list_people),
            Route(of_tenant + "/people", self.invite, methods=["POST"]),
            Route(of_tenant + "/people/{email}", self.change, methods=["PATCH", "DELETE"]),
            Route(of_tenant + "/people/{email}/applications/{application}", self.set_role, methods=["PUT"]),
        ]

    async def applications(self, request: Request) -> Response:
        """Return the applications and the roles that each offers."""
        self.caller(request)
        return JSONResponse(
            {
                "items": [{"id": id, "name": name, "roles": roles_of(id)} for id, name in APPLICATIONS.items()],
                "total": len(APPLICATIONS),
            }
        )

    async def list_people(self, request: Request) -> Response:
        """Return a page of people, from `offset`; with `email` the one person of that address, or none."""
        tenant = self.caller(request).tenant.id
        if "email" in request.query_params:
            person = self.people.store.person(stored(request.query_params["email"]))
            found = [person] if person is not None and person.tenant == tenant else []
            return JSONResponse({"items": [_shown(each) for each in found], "total": len(found), "next": None})
        offset, limit = self._number(request, "offset", 0), self._number(request, "limit", self.page_size)
        people = self.people.store.page(tenant, offset=offset, limit=limit)
        total = self.people.store.count(tenant)
        after = offset + len(people)
        items = [_shown(person) for person in people]
        return JSONResponse({"items": items, "total": total, "next": after if people and after < total else None})

    async def invite(self, request: Request) -> Response:
        document = await self._document(request)
        caller = self._administrator(request)
        address, role = str(document.get("email", "")), str(document.get("role", "")).lower()
        return self._done(lambda: self.people.invite(caller.tenant.id, caller.actor, address, role), 201)

    async def change(self, request: Request) -> Response:
        caller, email = self._administrator(request), request.path_params["email"]
        if request.method == "DELETE":
            return self._done(lambda: self.people.remove(caller.tenant.id, caller.actor, email))
        role = str((await self._document(request)).get("role", "")).lower()
        return self._done(lambda: self.people.set_role(caller.tenant.id, caller.actor, email, role))

    async def set_role(self, request: Request) -> Response:
        caller, values = self._administrator(request), request.path_params
        role = str((await self._document(request)).get("role") or NONE).lower()
        return self._done(
            lambda: self.people.set_application_role(
                caller.tenant.id, caller.actor, values["email"], values["application"], role
            )
        )

    def _administrator(self, request: Request) -> Signed:
        """Return who asks. domain.md, "PRISMA Home: people": an Employee reads only."""
        caller = self.caller(request)
        if caller.role != "administrator":
            raise self.refuse(403, "employee", "Only an administrator of the tenant can do that.")
        return caller

    def _done(self, change: Callable[[], str], status: int = 200) -> Response:
        try:
            return JSONResponse({"message": change()}, status)
        except UnknownPerson as error:
            raise self.refuse(404, "unknown_person", str(error)) from None
        except NotDone as error:
            code = "owned_by_other" if str(error).endswith("another tenant.") else "refused"
            raise self.refuse(409 if code == "owned_by_other" else 422, code, str(error)) from None

    def _number(self, request: Request, name: str, usual: int) -> int:
        text = request.query_params.get(name, str(usual))
        if not text.isascii() or not text.isdigit() or len(text) > 6:
            raise self.refuse(400, f"bad_{name}", f"{name} is a number.")
        return int(text)

    async def _document(self, request: Request) -> dict[str, Any]:
        try:
            document = json.loads(await request.body())
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise self.refuse(400, "bad_request", "The body is not a JSON object.")
        return document


def _shown(person: TenantPerson) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role.capitalize(),
        "state": person.state.capitalize(),
        "since": datetime.fromtimestamp(person.since, UTC).date().isoformat(),
        "applications": [{"id": id, "role": role.capitalize()} for id, role in person.applications.items()],
    }
