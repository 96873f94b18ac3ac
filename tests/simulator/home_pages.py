# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of PRISMA Home about printers: signing in, registering, devices. The JSON interface is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.fleet import APPLICATIONS
from simulator.home_devices import Devices
from simulator.home_frame import COOKIE, HomeFrame, Page, Visit, form_of
from simulator.home_sign_in import NotAdmitted
from simulator.oidc_client import SignInFailed
from simulator.ors import Attempt
from simulator.paging import Paging
from simulator.records import Device
from simulator.registration import AddressUnknown, OwnedByOther, Registration
from simulator.site_rules import NotDone
from simulator.world import World


@dataclass
class HomePages:
    world: World
    registration: Registration
    devices: Devices
    frame: HomeFrame

    def routes(self) -> list[Route]:
        writer = self.frame.writer
        return [
            Route("/sign-in", self.sign_in),
            Route("/signed-in", self.signed_in),
            self._page("/", self.start),
            self._page("/sign-out", self.sign_out, "POST"),
            self._page("/register/{code}", writer(self.register), "GET", "POST"),
            self._page("/hand-over/{code}", writer(self.hand_over), "GET", "POST"),
            self._page("/devices", self.device_list),
            self._page("/devices/{device}", self.device, "GET", "POST"),
        ]

    def _page(self, path: str, page: Page, *methods: str) -> Route:
        return Route(path, self.frame.signed_in(page), methods=list(methods) or ["GET"])

    # signing in and out

    async def sign_in(self, request: Request) -> Response:
        target = request.query_params.get("next", "/")
        # Only paths of this host, so that the sign-in is no open redirect.
        inside = target.startswith("/") and not target.startswith(("//", "/\\"))
        account = getattr(request.state, "account", "")
        url, waiting = self.frame.sign_in.leave_for_provider(target if inside else "/", account)
        return self.frame.with_cookie(url, waiting)

    async def signed_in(self, request: Request) -> Response:
        sign_in = self.frame.sign_in
        try:
            email, target = await sign_in.come_back(request.cookies.get(COOKIE, ""), dict(request.query_params))
        except SignInFailed as error:
            return self.frame.public("refused.html", id="sign-in-failed", text=str(error))
        try:
            visitor = sign_in.admit(email)
        except NotAdmitted as refusal:
            self.world.store.audit("home", "", email, "sign_in_refused")
            return self.frame.public("refused.html", id=refusal.id, text=str(refusal))
        self.world.store.audit("home", visitor.tenant.id, email, "sign_in")
        return self.frame.with_cookie(target, sign_in.fresh(email))

    async def sign_out(self, request: Request, visit: Visit) -> Response:
        """Handle [Log out]: it ends the session of PRISMA Home, not that of the provider."""
        self.frame.sign_in.store.drop_session(visit.session.id)
        self.world.store.audit("home", visit.tenant.id, visit.email, "sign_out")
        return self.frame.public("signed_out.html")

    async def start(self, request: Request, visit: Visit) -> Response:
        """Show used and available devices of each application (domain.md, "PRISMA Home: devices")."""
        return self.frame.show(visit, "start.html", rows=self.devices.subscriptions.shown(visit.tenant.id))

    # registering

    async def register(self, request: Request, visit: Visit) -> Response:
        """Register the printer of a registration address with the tenant of the account.

        domain.md, "Registering a printer in PRISMA Home", step 9: opening the link shows the sign-in page, to which
        an administrator of the tenant signs in; then the printer is registered. Taking over a printer of another tenant
        needs a tick.
        """
        code = request.path_params["code"]
        form = await form_of(request) if request.method == "POST" else {}
        try:
            printer = self.registration.printer_at(code)
        except AddressUnknown:
            return self._unknown_address(visit)
        try:
            self.registration.claim(code, visit.tenant.id, visit.email, take_over=form.get("takeOver") == "yes")
        except AddressUnknown:  # another session was faster
            return self._unknown_address(visit)
        except OwnedByOther:
            if request.method == "POST":
                return self._stays(visit, printer.serial)
            return self.frame.show(visit, "take_over.html", serial=printer.serial)
        return self.frame.show(visit, "registered.html", serial=printer.serial)

    async def hand_over(self, request: Request, visit: Visit) -> Response:
        """Show series and serial number after the sign-in, and ask for a display name, with [Add].

        domain.md, "Registering a printer in PRISMA Home" (PRISMAsync). If the printer is registered elsewhere, ask
        whether to move it.
        """
        code = request.path_params["code"]
        form = await form_of(request) if request.method == "POST" else {}
        name, series = form.get("displayName", "").strip(), self.world.settings.prismasync_series
        try:
            printer = self.registration.handed_over_at(code, "home")
            if request.method == "GET" or not name:
                error = "Enter a display name." if request.method == "POST" else ""
                return self.frame.show(visit, "hand_over.html", printer=printer, series=series, error=error)
            move = form.get("move") == "yes"
            self.registration.claim(code, visit.tenant.id, visit.email, take_over=move, display_name=name)
        except AddressUnknown:
            return self._unknown_address(visit)
        except OwnedByOther:
            if form.get("asked") == "yes":
                return self._stays(visit, printer.serial)
            return self.frame.show(visit, "move.html", serial=printer.serial, name=name)
        return self.frame.show(visit, "registered.html", serial=printer.serial)

    def _stays(self, visit: Visit, serial: str) -> Response:
        return self.frame.show(visit, "stays.html", serial=serial)

    def _unknown_address(self, visit: Visit) -> Response:
        text = "This registration address is unknown or was used."
        return self.frame.message(visit, text, error=True, status=404)

    # devices

    async def device_list(self, request: Request, visit: Visit) -> Response:
        part = request.query_params.get("q", "").strip()
        store, size = self.world.store, self.world.settings.home_page_size
        paging = Paging.of(request, store.count_devices(visit.tenant.id, part), "devices", size)
        found = store.devices_of(visit.tenant.id, part, offset=paging.offset, limit=size)
        rows = [self.devices.shown(device) for device in found]
        return self.frame.show(visit, "devices.html", rows=rows, applications=APPLICATIONS, **paging.values)

    async def device(self, request: Request, visit: Visit) -> Response:
        device = self.devices.of_tenant(visit.tenant.id, request.path_params["device"])
        if device is None:
            return self.frame.message(visit, "There is no such device.", error=True, status=404)
        attempt: Attempt | None = None
        done = ""
        if request.method == "POST":
            form = await form_of(request)
            if form.get("do") == "test":
                attempt = await self.devices.test(device)
            elif form.get("do") == "delete" and form.get("confirmed") != "yes":
                return self.frame.show(visit, "delete_device.html", device=self.devices.shown(device))
            else:
                visit.refuse_employee()
                done = self._write(visit, device, form)
            if form.get("do") == "delete":
                return RedirectResponse("/devices", 303)
        shown = self.devices.shown(device)
        return self.frame.show(visit, "device.html", device=shown, attempt=attempt, done=done)

    def _write(self, visit: Visit, device: Device, form: dict[str, str]) -> str:
        match form.get("do"):
            case "delete":
                self.registration.delete_device(device, visit.email)
            case "switch" if form.get("application") in APPLICATIONS:
                self.devices.switch(device, form["application"], form.get("enabled") == "yes", visit.email)
            case "enable" | "disable" as do:
                self.devices.switch_device(device, do == "enable", visit.email)
            case "locate":
                self.devices.locate(device, form.get("location", ""), visit.email)
            case _:
                raise NotDone("There is no such button.")
        return "The change was saved."
