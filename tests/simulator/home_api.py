# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON interface of PRISMA Home, which its application uses. The pages for people are elsewhere."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.fleet import APPLICATIONS
from simulator.home_devices import Devices
from simulator.home_oauth import Caller, HomeOAuth
from simulator.home_people import ADMINISTRATOR
from simulator.home_people_api import HomePeopleApi
from simulator.records import Device
from simulator.registration import AddressUnknown, OwnedByOther, Registration
from simulator.world import World


class Refused(Exception):
    """Ends a request with this status and body."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.response = JSONResponse({"code": code, "message": message}, status, headers)


@dataclass
class HomeApi:
    world: World
    registration: Registration
    devices: Devices
    oauth: HomeOAuth

    def routes(self) -> list[Route]:
        of_tenant = "/api/v1/tenants/{tenant}"
        people = HomePeopleApi(self.world.people, self._caller, Refused, self.world.settings.page_size)
        routes = [
            Route("/api/v1/me", self.me),
            Route("/api/v1/sign-out", self.sign_out, methods=["POST"]),
            Route(of_tenant + "/devices", self.list_devices),
            Route(of_tenant + "/devices/{device}", self.device, methods=["GET", "PATCH", "DELETE"]),
            Route(of_tenant + "/devices/{device}/test", self.test, methods=["POST"]),
            Route(of_tenant + "/devices/{device}/applications/{application}", self.application, methods=["PATCH"]),
            Route(of_tenant + "/subscriptions", self.list_subscriptions),
            Route(of_tenant + "/claims", self.claim, methods=["POST"]),
            Route(of_tenant + "/hand-overs", self.hand_over, methods=["POST"]),
            *people.routes(),
        ]
        identified = [Route(each.path, self._identified(each.endpoint), methods=each.methods) for each in routes]
        return [*self.oauth.routes(), *identified]

    def _identified(self, endpoint: Callable[[Request], Awaitable[Response]]) -> Any:
        async def identified(request: Request) -> Response:
            request.state.caller = await self.oauth.caller(request)
            return await endpoint(request)

        return identified

    def _caller(self, request: Request) -> Caller:
        caller: Caller | None = request.state.caller
        if caller is None:
            given = "authorization" in request.headers
            challenge = 'Bearer realm="PRISMA Home"' + (', error="invalid_token"' if given else "")
            raise Refused(401, "unauthorized", "A valid access token is needed.", {"WWW-Authenticate": challenge})
        if request.path_params.get("tenant", caller.tenant.id) != caller.tenant.id:
            raise Refused(403, "forbidden", "This tenant belongs to somebody else.")
        return caller

    def _administrator(self, request: Request) -> Caller:
        """Return who calls. domain.md, "PRISMA Home: people": an Employee reads only."""
        caller = self._caller(request)
        if caller.role != ADMINISTRATOR:
            text = f"Your role is Employee, which reads only. Ask an administrator of {caller.tenant.name}."
            raise Refused(403, "employee", text)
        return caller

    async def me(self, request: Request) -> Response:
        caller = self._caller(request)
        tenant = {"id": caller.tenant.id, "name": caller.tenant.name}
        return JSONResponse({"tenant": tenant, "account": caller.account, "role": caller.role.capitalize()})

    async def sign_out(self, request: Request) -> Response:
        """End the token that the application keeps in its web storage."""
        self.oauth.end(request, self._caller(request))
        return Response(status_code=204)

    # devices and subscriptions

    async def list_devices(self, request: Request) -> Response:
        caller = self._caller(request)
        limit = self._limit(request)
        cursor = request.query_params.get("cursor", "")
        found = self.world.store.devices_of(caller.tenant.id, after=cursor, limit=limit + 1)
        page = found[:limit]
        return JSONResponse(
            {
                "items": [self.devices.shown(device) for device in page],
                "total": self.world.store.count_devices(caller.tenant.id),
                "next": page[-1].key if len(found) > limit else None,
            }
        )

    def _limit(self, request: Request) -> int:
        text = request.query_params.get("limit", str(self.world.settings.page_size))
        if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 1000:
            raise Refused(400, "bad_limit", "limit is a number from 1 to 1000.")
        return int(text)

    async def device(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse(self.devices.shown(self._device(request, self._caller(request))))
        caller = self._administrator(request)
        device = self._device(request, caller)
        if request.method == "DELETE":
            self.registration.delete_device(device, caller.actor)
            return Response(status_code=204)
        order = await _document(request)
        if not isinstance(order.get("enabled", True), bool) or not isinstance(order.get("location", ""), str):
            raise Refused(400, "bad_request", "enabled is true or false, location is a text.")
        if "enabled" in order:
            self.devices.switch_device(device, order["enabled"], caller.actor)
        if "location" in order:
            self.devices.locate(device, order["location"], caller.actor)
        return JSONResponse(self.devices.shown(device))

    async def test(self, request: Request) -> Response:
        device = self._device(request, self._caller(request))
        attempt = await self.devices.test(device)
        return JSONResponse({"result": "passed" if attempt.connected else "failed", "text": attempt.text})

    async def application(self, request: Request) -> Response:
        caller = self._administrator(request)
        device = self._device(request, caller)
        application = request.path_params["application"]
        if application not in APPLICATIONS:
            raise Refused(404, "unknown_application", "There is no such application.")
        enabled = (await _document(request)).get("enabled")
        if not isinstance(enabled, bool):
            raise Refused(400, "bad_request", "enabled is true or false.")
        self.devices.switch(device, application, enabled, caller.actor)
        shown = self.devices.shown(device)["applications"]
        return JSONResponse(next(item for item in shown if item["id"] == application))

    async def list_subscriptions(self, request: Request) -> Response:
        rows = self.devices.subscriptions.shown(self._caller(request).tenant.id)
        return JSONResponse({"items": rows, "total": len(rows)})

    # claims and hand-overs

    async def claim(self, request: Request) -> Response:
        return self._complete(self._administrator(request), await _document(request), "/register/")

    async def hand_over(self, request: Request) -> Response:
        """Complete a hand-over of a Settings Editor. It needs a display name."""
        caller, document = self._administrator(request), await _document(request)
        name = document.get("displayName")
        if not isinstance(name, str) or not name.strip():
            raise Refused(422, "invalid_name", "A display name is needed.")
        return self._complete(caller, document, "/hand-over/", name.strip())

    def _complete(self, caller: Caller, document: dict[str, Any], path: str, display_name: str = "") -> Response:
        code = self._code(str(document.get("address", "")), path)
        take_over = document.get("takeOver") is True
        try:
            printer = self.registration.claim(
                code, caller.tenant.id, caller.actor, take_over=take_over, display_name=display_name
            )
        except AddressUnknown:
            raise Refused(404, "unknown_address", "This registration address is unknown or was used.") from None
        except OwnedByOther:
            raise Refused(409, "owned_by_other", "This device is registered with another tenant or site.") from None
        return JSONResponse({"id": secrets.token_hex(8), "serialNumber": printer.serial}, 202)

    def _code(self, address: str, prefix: str) -> str:
        own = self.world.home_url_of(self.oauth.sign_in.region)
        path = urlsplit(address).path
        return path.removeprefix(prefix) if address.startswith(f"{own}/") and path.startswith(prefix) else ""

    def _device(self, request: Request, caller: Caller) -> Device:
        device = self.devices.of_tenant(caller.tenant.id, request.path_params["device"])
        if device is None:
            raise Refused(404, "unknown_device", "This tenant has no such device.")
        return device


async def _document(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(await request.body())
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Refused(400, "bad_request", "The body is not a JSON object.")
    return document
