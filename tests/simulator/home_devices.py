# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The devices of a tenant: facts, status, applications and tests. Does not know callers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simulator.fleet import APPLICATIONS
from simulator.ors import Attempt, OrsLink
from simulator.records import Device, Printer
from simulator.world import World


@dataclass
class Devices:
    world: World
    ors: OrsLink

    def of_tenant(self, tenant: str, serial: str) -> Device | None:
        device = self.world.store.device(serial)
        return device if device is not None and device.tenant == tenant else None

    def status(self, device: Device) -> str:
        """Return the status. domain.md, "PRISMA Home: devices": connecting can take up to ten minutes."""
        if self.world.now() < device.connected_at:
            return "connecting"
        printer = self.world.store.printer(device.printer)
        return "disconnected" if printer is None or printer.ors_connected is False else "connected"

    def shown(self, device: Device) -> dict[str, Any]:
        """Return the columns of domain.md, "PRISMA Home: devices".

        Registered, enabled and licensed are separate facts.
        """
        settings = self.world.settings
        printer = self.world.store.printer(device.printer)
        editor = printer is not None and printer.kind == "prismasync"
        return {
            "serialNumber": device.serial,
            "name": device.name or device.printer,
            "status": self.status(device),
            "model": settings.prismasync_series if editor else settings.product_name,
            "series": settings.prismasync_series if editor else settings.product_family,
            "lastData": self._last_data(device, printer),
            "hostname": printer.hostname if printer else "",
            "controllerType": "PRISMAsync" if editor else "SRA",
            "controllerVersion": settings.prismasync_version if editor else settings.controller_version,
            "printEngineVersion": settings.print_engine_version,
            "ipAddress": printer.ip_address if printer else "",
            "communicationType": "Native",
            "businessLine": settings.business_line,
            "productFamily": settings.product_family,
            "applications": [
                {
                    "id": id,
                    "name": name,
                    "enabled": device.enabled.get(id, False),
                    "licensed": printer is not None and id not in printer.unlicensed,
                }
                for id, name in APPLICATIONS.items()
            ],
        }

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
        self.world.store.keep_device(device)
        self.world.store.audit(
            "home",
            device.tenant,
            actor,
            "application_changed",
            {"serial": device.serial, "application": application, "enabled": before},
            {"serial": device.serial, "application": application, "enabled": enabled},
        )

    async def test(self, device: Device) -> Attempt:
        """Perform [Test connection]: the controller really connects to ORS."""
        printer = self.world.store.printer(device.printer)
        if printer is None:
            return Attempt(False, "The device does not answer.")
        return await self.ors.check(printer)
