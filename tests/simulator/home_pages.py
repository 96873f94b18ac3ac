# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of PRISMA Home for people: sign-in, devices, registration. The JSON interface is elsewhere."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.fleet import APPLICATIONS
from simulator.home_devices import Devices
from simulator.ors import Attempt
from simulator.records import Device, Person, Printer, Tenant
from simulator.registration import AddressUnknown, OwnedByOther, Registration
from simulator.world import World

COOKIE = "homeSession"
TEMPLATES = Path(__file__).parent / "templates" / "home"


@dataclass
class PersonVisit:
    """The session of one request. `email` is empty before the sign-in."""

    id: str
    token: str
    email: str = ""
    tenant: str = ""
    role: str = ""
    new: bool = False


class HomePages:
    def __init__(self, world: World, registration: Registration, devices: Devices) -> None:
        self.world = world
        self.registration = registration
        self.devices = devices
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def routes(self) -> list[Route]:
        return [
            Route("/", self.start),
            Route("/sign-in", self.sign_in, methods=["GET", "POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/register/{code}", self.register, methods=["GET", "POST"]),
            Route("/hand-over/{code}", self.hand_over, methods=["GET", "POST"]),
            Route("/devices", self.device_list),
            Route("/devices/{serial}", self.device, methods=["GET", "POST"]),
        ]

    async def start(self, request: Request) -> Response:
        return RedirectResponse("/devices", 302)

    async def sign_in(self, request: Request) -> Response:
        visit = self._visit(request)
        if request.method == "GET":
            return self._sign_in_page(visit, request.query_params.get("next", ""))
        form = await _form(request)
        target = form.get("next", "")
        if not self._token_matches(visit, form):
            return self._sign_in_page(visit, target, "This page is no longer valid. Sign in again.")
        found = self._person(form.get("email", ""), form.get("password", ""))
        if found is None:
            self.world.store.audit("home", "", form.get("email", ""), "sign_in_refused")
            return self._sign_in_page(visit, target, "The e-mail address or the password is not correct.")
        tenant, person = found
        self.world.store.drop_person_session(visit.id)
        fresh = _new_visit(person.email, tenant.id, person.role)
        self._keep(fresh)
        self.world.store.audit("home", tenant.id, person.email, "sign_in")
        # Only paths of this site, so that the sign-in page is no open redirect.
        inside = target.startswith("/") and not target.startswith(("//", "/\\"))
        return self._with_cookie(RedirectResponse(target if inside else "/devices", 302), fresh)

    async def sign_out(self, request: Request) -> Response:
        visit = self._visit(request)
        if visit.email and self._token_matches(visit, await _form(request)):
            self.world.store.drop_person_session(visit.id)
            self.world.store.audit("home", visit.tenant, visit.email, "sign_out")
            visit = _new_visit()
        return self._show(visit, "message.html", heading="Signed out", text="You have signed out.")

    async def register(self, request: Request) -> Response:
        """Show the sign-in page, and register the printer after a tenant administrator has signed in.

        domain.md, "Registering a printer in PRISMA Home", step 9. Taking over a printer of another tenant needs a
        button of its own.
        """
        visit = self._visit(request)
        code = request.path_params["code"]
        if not visit.email:
            return self._sign_in_page(visit, f"/register/{code}")
        try:
            printer = self.registration.printer_at(code)
        except AddressUnknown:
            return self._unknown_address(visit)
        try:
            if visit.role != "Administrator":
                text = "Only an administrator of the tenant can register a printer."
                return self._show(visit, "message.html", heading="Not allowed", text=text, error=True)
            form = await _form(request) if request.method == "POST" else {}
            take_over = form.get("takeOver") == "yes" and self._token_matches(visit, form)
            self.registration.claim(code, visit.tenant, visit.email, take_over=take_over)
        except AddressUnknown:
            return self._unknown_address(visit)
        except OwnedByOther:
            return self._show(visit, "take_over.html", serial=printer.serial)
        return self._show(visit, "registered.html", serial=printer.serial, tenant=self.world.tenant(visit.tenant))

    async def hand_over(self, request: Request) -> Response:
        """Show series and serial number after the sign-in, and ask for a display name, with [Add].

        domain.md, "Registering a printer in PRISMA Home" (PRISMAsync). If the printer is registered elsewhere, ask
        whether to move it.
        """
        visit = self._visit(request)
        code = request.path_params["code"]
        if not visit.email:
            return self._sign_in_page(visit, f"/hand-over/{code}")
        if visit.role != "Administrator":
            text = "Only an administrator of the tenant can register a printer."
            return self._show(visit, "message.html", heading="Not allowed", text=text, error=True)
        try:
            printer = self.registration.handed_over_at(code, "home")
            form = await _form(request) if request.method == "POST" else {}
            name = form.get("displayName", "").strip()
            if not self._token_matches(visit, form) or not name:
                return self._hand_over_page(visit, printer, name)
            move = form.get("move") == "yes"
            self.registration.claim(code, visit.tenant, visit.email, take_over=move, display_name=name)
        except AddressUnknown:
            return self._unknown_address(visit)
        except OwnedByOther:
            return self._hand_over_page(visit, printer, name, elsewhere=True)
        return self._show(visit, "registered.html", serial=printer.serial, tenant=self.world.tenant(visit.tenant))

    def _hand_over_page(self, visit: PersonVisit, printer: Printer, name: str, *, elsewhere: bool = False) -> Response:
        series = self.world.settings.prismasync_series
        return self._show(visit, "hand_over.html", printer=printer, series=series, name=name, elsewhere=elsewhere)

    def _unknown_address(self, visit: PersonVisit) -> Response:
        text = "This registration address is unknown or was used."
        return self._show(visit, "message.html", 404, heading="Registration", text=text, error=True)

    async def device_list(self, request: Request) -> Response:
        visit = self._visit(request)
        if not visit.email:
            return self._sign_in_page(visit, "/devices")
        devices = [self.devices.shown(device) for device in self.world.store.devices_of(visit.tenant)]
        return self._show(visit, "devices.html", devices=devices)

    async def device(self, request: Request) -> Response:
        visit = self._visit(request)
        serial = request.path_params["serial"]
        if not visit.email:
            return self._sign_in_page(visit, f"/devices/{serial}")
        device = self.devices.of_tenant(visit.tenant, serial)
        if device is None:
            text = "There is no such device."
            return self._show(visit, "message.html", 404, heading="Devices", text=text, error=True)
        attempt: Attempt | None = None
        if request.method == "POST":
            form = await _form(request)
            if not self._token_matches(visit, form):
                return self._sign_in_page(visit, f"/devices/{serial}", "This page is no longer valid. Sign in again.")
            if form.get("do") == "test":
                attempt = await self.devices.test(device)
            elif visit.role != "Administrator":
                text = "Only an administrator of the tenant can do that."
                return self._show(visit, "message.html", heading="Not allowed", text=text, error=True)
            elif gone := self._write(visit, device, form):
                return gone
        return self._show(visit, "device.html", device=self.devices.shown(device), attempt=attempt)

    def _write(self, visit: PersonVisit, device: Device, form: dict[str, str]) -> Response | None:
        if form.get("do") == "delete":
            self.registration.delete_device(device, visit.email)
            return RedirectResponse("/devices", 302)
        if form.get("do") == "switch" and form.get("application") in APPLICATIONS:
            self.devices.switch(device, form["application"], form.get("enabled") == "yes", visit.email)
        return None

    def _person(self, email: str, password: str) -> tuple[Tenant, Person] | None:
        for tenant in self.world.store.tenants():
            for person in tenant.people:
                if person.email.lower() == email.strip().lower():
                    fine = hmac.compare_digest(person.password.encode(), password.encode())
                    return (tenant, person) if fine else None
        return None

    def _visit(self, request: Request) -> PersonVisit:
        id = request.cookies.get(COOKIE, "")
        found = self.world.store.person_session(id)
        return PersonVisit(id, *found) if found else _new_visit()

    def _token_matches(self, visit: PersonVisit, form: dict[str, str]) -> bool:
        return hmac.compare_digest(visit.token.encode(), form.get("token", "").encode())

    def _sign_in_page(self, visit: PersonVisit, target: str, error: str = "") -> Response:
        return self._show(visit, "sign_in.html", target=target, error=error)

    def _show(self, visit: PersonVisit, template: str, status: int = 200, **values: object) -> Response:
        tenant = self.world.tenant(visit.tenant) if visit.tenant else None
        page = self._templates.get_template(template).render(visit=visit, own=tenant, **values)
        response = HTMLResponse(page, status, {"Cache-Control": "no-store"})
        if visit.new:
            self._keep(visit)
            return self._with_cookie(response, visit)
        return response

    def _keep(self, visit: PersonVisit) -> None:
        self.world.store.keep_secret("cookie", visit.id)
        self.world.store.keep_secret("hidden_token", visit.token)
        self.world.store.keep_person_session(visit.id, visit.token, visit.email, visit.tenant, visit.role)

    def _with_cookie(self, response: Response, visit: PersonVisit) -> Response:
        # Lax, not Strict, because the registration address is opened from a printer's page or a QR code.
        response.set_cookie(COOKIE, visit.id, secure=True, httponly=True, samesite="lax")
        return response


def _new_visit(email: str = "", tenant: str = "", role: str = "") -> PersonVisit:
    return PersonVisit(secrets.token_urlsafe(18), secrets.token_hex(12), email, tenant, role, new=True)


async def _form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace")
    return {key: values[-1] for key, values in parse_qs(body, keep_blank_values=True).items()}
