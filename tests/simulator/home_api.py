# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON interface of PRISMA Home and its OAuth. The pages for people are elsewhere."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.fleet import APPLICATIONS
from simulator.home_devices import Devices
from simulator.home_people_api import HomePeopleApi
from simulator.records import Device, Tenant
from simulator.registration import AddressUnknown, OwnedByOther, Registration
from simulator.world import World


class Refused(Exception):
    """Ends a request with this status and body."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.response = JSONResponse({"code": code, "message": message}, status, headers)


@dataclass(frozen=True)
class Caller:
    tenant: Tenant
    client_id: str
    role: str = "administrator"

    @property
    def actor(self) -> str:
        return self.client_id


@dataclass
class HomeApi:
    world: World
    registration: Registration
    devices: Devices

    def routes(self) -> list[Route]:
        of_tenant = "/api/v1/tenants/{tenant}"
        return [
            Route("/oauth/token", self.issue_token, methods=["POST"]),
            Route("/oauth/revoke", self.revoke_token, methods=["POST"]),
            Route("/api/v1/me", self.me),
            Route(of_tenant + "/devices", self.list_devices),
            Route(of_tenant + "/devices/{serial}", self.device, methods=["GET", "DELETE"]),
            Route(of_tenant + "/devices/{serial}/test", self.test, methods=["POST"]),
            Route(of_tenant + "/devices/{serial}/applications/{application}", self.application, methods=["PATCH"]),
            Route(of_tenant + "/claims", self.claim, methods=["POST"]),
            Route(of_tenant + "/hand-overs", self.hand_over, methods=["POST"]),
            *HomePeopleApi(self.world.people, self._caller, Refused, self.world.settings.page_size).routes(),
        ]

    # OAuth 2.0 (RFC 6749, client credentials; RFC 7009, revocation)

    async def issue_token(self, request: Request) -> Response:
        form = await _form(request)
        tenant = self._client(request, form)
        if tenant is None:
            return _oauth_error(401, "invalid_client", {"WWW-Authenticate": 'Basic realm="PRISMA Home"'})
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
            return _oauth_error(401, "invalid_client", {"WWW-Authenticate": 'Basic realm="PRISMA Home"'})
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
            if tenant.client_id == client_id and hmac.compare_digest(
                tenant.client_secret.encode(), client_secret.encode()
            ):
                return tenant
        if client_id:
            self.world.store.audit("home", "", client_id, "sign_in_refused")
        return None

    def _caller(self, request: Request) -> Caller:
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        known = self.world.store.token(token) if scheme.lower() == "bearer" else None
        tenant = self.world.tenant(known[0]) if known and known[2] > self.world.now() else None
        if tenant is None or known is None:
            challenge = 'Bearer realm="PRISMA Home"' + (', error="invalid_token"' if token else "")
            raise Refused(401, "unauthorized", "A valid access token is needed.", {"WWW-Authenticate": challenge})
        if request.path_params.get("tenant", tenant.id) != tenant.id:
            raise Refused(403, "forbidden", "This tenant belongs to somebody else.")
        return Caller(tenant, known[1])

    # devices, claims and hand-overs

    async def me(self, request: Request) -> Response:
        caller = self._caller(request)
        tenant = {"id": caller.tenant.id, "name": caller.tenant.name}
        # A client acts for the person who made it [?]: the first administrator whom the fleet file names.
        account = next((person.email for person in caller.tenant.people if person.role == "Administrator"), None)
        return JSONResponse(
            {"tenant": tenant, "client_id": caller.client_id, "account": account, "role": caller.role.capitalize()}
        )

    async def list_devices(self, request: Request) -> Response:
        caller = self._caller(request)
        limit = self._limit(request)
        cursor = request.query_params.get("cursor", "")
        found = self.world.store.devices_of(caller.tenant.id, cursor, limit + 1)
        page = found[:limit]
        return JSONResponse(
            {
                "items": [self.devices.shown(device) for device in page],
                "total": self.world.store.count_devices(caller.tenant.id),
                "next": page[-1].serial if len(found) > limit else None,
            }
        )

    def _limit(self, request: Request) -> int:
        text = request.query_params.get("limit", str(self.world.settings.page_size))
        if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 1000:
            raise Refused(400, "bad_limit", "limit is a number from 1 to 1000.")
        return int(text)

    async def device(self, request: Request) -> Response:
        caller = self._caller(request)
        device = self._device(request, caller)
        if request.method == "DELETE":
            self.registration.delete_device(device, caller.client_id)
            return Response(status_code=204)
        return JSONResponse(self.devices.shown(device))

    async def test(self, request: Request) -> Response:
        device = self._device(request, self._caller(request))
        attempt = await self.devices.test(device)
        return JSONResponse({"result": "passed" if attempt.connected else "failed", "text": attempt.text})

    async def application(self, request: Request) -> Response:
        caller = self._caller(request)
        device = self._device(request, caller)
        application = request.path_params["application"]
        if application not in APPLICATIONS:
            raise Refused(404, "unknown_application", "There is no such application.")
        enabled = (await _document(request)).get("enabled")
        if not isinstance(enabled, bool):
            raise Refused(400, "bad_request", "enabled is true or false.")
        self.devices.switch(device, application, enabled, caller.client_id)
        shown = self.devices.shown(device)["applications"]
        return JSONResponse(next(item for item in shown if item["id"] == application))

    async def claim(self, request: Request) -> Response:
        return self._complete(self._caller(request), await _document(request), "/register/")

    async def hand_over(self, request: Request) -> Response:
        """Complete a hand-over of a Settings Editor. It needs a display name."""
        caller, document = self._caller(request), await _document(request)
        name = document.get("displayName")
        if not isinstance(name, str) or not name.strip():
            raise Refused(422, "invalid_name", "A display name is needed.")
        return self._complete(caller, document, "/hand-over/", name.strip())

    def _complete(self, caller: Caller, document: dict[str, Any], path: str, display_name: str = "") -> Response:
        code = self._code(str(document.get("address", "")), path)
        take_over = document.get("takeOver") is True
        try:
            printer = self.registration.claim(
                code, caller.tenant.id, caller.client_id, take_over=take_over, display_name=display_name
            )
        except AddressUnknown:
            raise Refused(404, "unknown_address", "This registration address is unknown or was used.") from None
        except OwnedByOther:
            raise Refused(409, "owned_by_other", "This device is registered with another tenant or site.") from None
        return JSONResponse({"id": secrets.token_hex(8), "serialNumber": printer.serial}, 202)

    def _code(self, address: str, prefix: str) -> str:
        parts = urlsplit(address)
        own = parts.scheme == "https" and parts.netloc == f"127.0.0.1:{self.world.home_port}"
        return parts.path.removeprefix(prefix) if own and parts.path.startswith(prefix) else ""

    def _device(self, request: Request, caller: Caller) -> Device:
        device = self.devices.of_tenant(caller.tenant.id, request.path_params["serial"])
        if device is None:
            raise Refused(404, "unknown_device", "This tenant has no such device.")
        return device


async def _form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace")
    return {key: values[-1] for key, values in parse_qs(body, keep_blank_values=True).items()}


async def _document(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(await request.body())
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Refused(400, "bad_request", "The body is not a JSON object.")
    return document


def _oauth_error(status: int, error: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": error}, status, headers)
