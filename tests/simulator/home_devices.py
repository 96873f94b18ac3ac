# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The devices of a tenant: facts, status, applications and tests. Does not know callers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simulator.fleet import APPLICATIONS
from simulator.home_subscriptions import Subscriptions
from simulator.ors import Attempt, OrsLink
from simulator.records import Device, Printer
from simulator.world import World


@dataclass
class Devices:
    world: World
    ors: OrsLink
    subscriptions: Subscriptions

    def of_tenant(self, tenant: str, serial_or_id: str) -> Device | None:
        store = self.world.store
        device = store.device(serial_or_id) or store.device_with_id(serial_or_id)
        return device if device is not None and device.tenant == tenant else None

    def status(self, device: Device) -> str:
        """Return the status. domain.md, "PRISMA Home: devices": connecting can take up to ten minutes."""
        if self.world.now() < device.connected_at:
            return "connecting"
        if not device.native:
            return "connected"
        printer = self.world.store.printer(device.printer)
        reached = printer is not None and printer.registered_tenant and printer.ors_connected is not False
        return "connected" if reached else "disconnected"

    def shown(self, device: Device) -> dict[str, Any]:
        """Return the columns of domain.md, "PRISMA Home: devices".

        Registered, enabled and licensed are separate facts.
        """
        printer = self.world.store.printer(device.printer)
        bought = self.subscriptions.licensed(device)
        lacking = printer.unlicensed if printer is not None else ()
        return {
            "deviceId": device.device_id,
            "serialNumber": device.serial or None,
            "name": device.name or device.printer,
            "status": self.status(device),
            "enabled": device.active,
            "location": device.location,
            "lastData": self._last_data(device, printer),
            **(self._columns(printer) if device.native else self._cloud_proxy_columns(device)),
            "applications": [
                {
                    "id": id,
                    "name": name,
                    "enabled": device.enabled.get(id, False),
                    "licensed": id not in lacking and bought.get(id, True),
                }
                for id, name in APPLICATIONS.items()
            ],
        }

    def _columns(self, printer: Printer | None) -> dict[str, str]:
        settings = self.world.settings
        editor = printer is not None and printer.kind == "prismasync"
        return {
            "model": settings.prismasync_series if editor else settings.product_name,
            "series": settings.prismasync_series if editor else settings.product_family,
            "hostname": printer.hostname if printer else "",
            "controllerType": "PRISMAsync" if editor else "SRA",
            "controllerVersion": settings.prismasync_version if editor else settings.controller_version,
            "printEngineVersion": settings.print_engine_version,
            "ipAddress": printer.ip_address if printer else "",
            "communicationType": "Native",
            "businessLine": settings.business_line,
            "productFamily": settings.product_family,
        }

    def _cloud_proxy_columns(self, device: Device) -> dict[str, str]:
        """Return the columns of a device that did not come by itself, as the one that typed them in left them."""
        empty = ("series", "controllerType", "controllerVersion", "printEngineVersion", "businessLine", "productFamily")
        return {**dict.fromkeys(empty, ""), **device.facts, "communicationType": "Cloud Proxy"}

    def _last_data(self, device: Device, printer: Printer | None) -> str | None:
        """Return when the printer last sent data.

        domain.md, "Registering a printer in PRISMA Home": the portal shows it.
        """
        first = device.connected_at + self.world.settings.first_data_delay
        if printer is None or printer.trouble == "never_sent_data" or self.world.now() < first:
            return None
        return datetime.fromtimestamp(max(first, self.world.now() - 3600), UTC).isoformat(timespec="seconds")

    def switch(self, device: Device, application: str, enabled: bool, actor: str) -> None:
        before = device.enabled.get(application, False)
        if before == enabled:
            return
        device.enabled[application] = enabled
        if enabled:
            self.subscriptions.take(device, application)
        self._keep(device, actor, "application_changed", {"enabled": before}, {"enabled": enabled}, application)

    def switch_device(self, device: Device, active: bool, actor: str) -> None:
        """Handle [Enable] and [Disable] of a whole device (domain.md, "PRISMA Home: devices")."""
        if device.active != active:
            device.active = active
            self._keep(device, actor, "device_changed", {"enabled": not active}, {"enabled": active})

    def locate(self, device: Device, location: str, actor: str) -> None:
        before, device.location = device.location, location.strip()
        if before != device.location:
            self._keep(device, actor, "device_changed", {"location": before}, {"location": device.location})

    def _keep(
        self,
        device: Device,
        actor: str,
        what: str,
        before: dict[str, Any],
        after: dict[str, Any],
        application: str = "",
    ) -> None:
        of = {**device.shown_in_audit, **({"application": application} if application else {})}
        self.world.store.keep_device(device)
        self.world.store.audit("home", device.tenant, actor, what, {**of, **before}, {**of, **after})

    async def test(self, device: Device) -> Attempt:
        """Perform [Test connection]: the controller really connects to ORS."""
        printer = self.world.store.printer(device.printer)
        if printer is None:
            return Attempt(
                not device.native, "The device does not answer." if device.native else "Cloud Proxy answers."
            )
        return await self.ors.check(printer)
