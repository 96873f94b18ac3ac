# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a printer joins and leaves a tenant. Does not know the page or call that requested it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from simulator.fleet import APPLICATIONS
from simulator.ors import OrsLink
from simulator.records import Device, Printer, Request
from simulator.world import World


class AddressUnknown(Exception):
    """The address was never issued, was used, or was replaced."""


class OwnedByOther(Exception):
    """Another tenant or site owns the serial number, and the caller did not ask for a take-over or move."""


class NotHandedOver(Exception):
    """[Register printer for cloud service] is refused. The text is the key of the message on the page."""


@dataclass
class Registration:
    world: World
    ors: OrsLink

    async def press(self, printer: Printer, actor: str) -> None:
        """Handle [Register]. Pressing again replaces the address. Pressing while registered starts a take-over.

        domain.md, "Registering a printer in PRISMA Home", step 7: the link appears "after a few moments".
        """
        world = self.world
        await self.ors.state(printer)
        world.store.drop_addresses_of(printer.name)
        slow = printer.trouble == "register_slow"
        delay = world.settings.register_slow_delay if slow else world.settings.registration_delay
        before = self.state(printer)
        printer.request = Request(ready_at=world.now() + delay)
        world.store.keep(printer)
        world.store.audit("controller", printer.name, actor, "register_pressed", before, "registering")

    async def hand_over(self, printer: Printer, actor: str) -> str:
        """Handle [Register printer for cloud service], and return the address of the page of the cloud.

        domain.md, "Registering a printer in PRISMA Home": an application must be switched on first. The printer keeps
        no QR code and no registration address. Pressing again replaces the code.
        """
        world = self.world
        if not any(printer.cloud_applications.values()):
            raise NotHandedOver("no_application")
        await self.ors.state(printer)
        if not printer.ors_connected or printer.trouble == "register_error":
            raise NotHandedOver("no_connection")
        world.store.drop_addresses_of(printer.name)
        before = self.state(printer)
        printer.request = Request(ready_at=0.0, code=secrets.token_urlsafe(24))
        world.store.keep_address(printer.request.code, printer.name)
        world.store.keep_secret("registration_code", printer.request.code)
        world.store.keep(printer)
        world.store.audit("controller", printer.name, actor, "register_pressed", before, "handed_over")
        return self.hand_over_address(printer)

    def hand_over_address(self, printer: Printer) -> str:
        """Return the address: of PRISMA Home in newer releases, of an administration site in older ones."""
        home = f"{self.world.home_url_of(printer.region)}/"
        cloud = home if printer.hands_over_to == "home" else self.world.site_url
        return f"{cloud}hand-over/{printer.request.code}" if printer.request and printer.request.code else ""

    def state(self, printer: Printer) -> str:
        """Return unregistered, registering, awaiting, registered or error. Issue the address when its time has come."""
        request = printer.request
        if request is None:
            return "registered" if printer.registered_tenant or printer.registered_site else "unregistered"
        if not request.code and not request.error:
            if self.world.now() < request.ready_at:
                return "registering"
            self._answer(printer, request)
        return "error" if request.error else "awaiting"

    def _answer(self, printer: Printer, request: Request) -> None:
        # domain.md, "Registering a printer in PRISMA Home", 2 and 8: without ORS, or with its mode off, there is an
        # error text in place of the link.
        world = self.world
        if printer.trouble == "register_error" or not printer.ors_connected or not printer.mode_enabled:
            request.error = True
            world.store.audit("controller", printer.name, "", "registration_failed", "registering", "error")
        else:
            # The link is a bearer capability (same heading), so it must not be guessable.
            request.code = secrets.token_urlsafe(24)
            world.store.keep_address(request.code, printer.name)
            world.store.keep_secret("registration_code", request.code)
            world.store.audit("controller", printer.name, "", "address_issued", "registering", "awaiting")
        world.store.keep(printer)

    def address(self, printer: Printer) -> str:
        if printer.kind == "prismasync":
            return self.hand_over_address(printer)
        code = printer.request.code if printer.request else ""
        return f"{self.world.home_url_of(printer.region)}/register/{code}" if code else ""

    def printer_at(self, code: str) -> Printer:
        printer = self.world.store.printer_of_address(code)
        if printer is None or printer.request is None or printer.request.code != code:
            raise AddressUnknown
        return printer

    def handed_over_at(self, code: str, cloud: str) -> Printer:
        """Return the printer whose hand-over has this code.

        A link is no hand-over, and one to a site is not for a tenant.
        """
        printer = self.printer_at(code)
        if printer.kind != "prismasync" or printer.hands_over_to != cloud:
            raise AddressUnknown
        return printer

    def owner(self, printer: Printer) -> str:
        """Return the tenant that owns the serial number, whatever the printer's page says; `site:ID` for a site."""
        device = self.world.store.device(printer.serial)
        if device:
            return device.tenant
        return f"site:{printer.registered_site}" if printer.registered_site else ""

    def claim(self, code: str, tenant: str, actor: str, *, take_over: bool, display_name: str = "") -> Printer:
        """Register the printer with the tenant of the claimer. The address cannot be used again.

        domain.md, "Two back ends": a printer belongs to one tenant; another tenant may take it over.
        """
        store = self.world.store
        printer = self.handed_over_at(code, "home") if display_name else self.printer_at(code)
        if printer.kind == "prismasync" and not display_name:
            raise AddressUnknown  # a hand-over is not a registration link
        claimer = self.world.tenant(tenant)
        if claimer is None or claimer.region != printer.region:
            raise AddressUnknown  # each region knows its own addresses only
        owner = self.owner(printer)
        if owner and owner != tenant and not take_over:
            raise OwnedByOther
        if owner != tenant:
            enabled = {application: application in printer.enabled for application in APPLICATIONS}
            connected_at = self.world.now() + self.world.settings.connecting_delay
            device = Device(tenant, printer.serial, printer.name, connected_at, enabled, display_name)
            store.drop_device_of(printer.serial)
            store.keep_device(device)
        store.drop_addresses_of(printer.name)
        printer.request = None
        printer.registered_tenant, printer.registered_site = tenant, ""
        store.keep(printer)
        what = "take_over" if owner and owner != tenant else "claim"
        store.audit("home", tenant, actor, what, {"owner": owner}, {"owner": tenant, "serial": printer.serial})
        return printer

    def unregister(self, printer: Printer, actor: str) -> None:
        """Handle [Unregister] of the printer: the tenant loses the device."""
        store = self.world.store
        owner = printer.registered_tenant
        printer.registered_tenant = ""
        store.keep(printer)
        store.audit("controller", printer.name, actor, "unregister", "registered", "unregistered")
        if owner and self.owner(printer) == owner:
            store.drop_device_of(printer.serial)
            store.audit("home", owner, printer.name, "device_deleted", {"serial": printer.serial}, None)

    def delete_device(self, device: Device, actor: str) -> None:
        """Delete a device of the tenant. The printer's own page then shows unregistered.

        domain.md, "PRISMA Home: devices": deleting a device loses its accounting data.
        """
        store = self.world.store
        store.drop_device(device)
        store.audit("home", device.tenant, actor, "device_deleted", device.shown_in_audit, None)
        printer = store.printer(device.printer)
        if printer is not None and printer.registered_tenant == device.tenant:
            printer.registered_tenant = ""
            store.keep(printer)
