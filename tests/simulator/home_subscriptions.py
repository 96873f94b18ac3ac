# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tenant has bought, and what its devices use of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.fleet import APPLICATIONS
from simulator.home_store import HomeStore
from simulator.records import Device, Subscription
from simulator.world import World


@dataclass
class Subscriptions:
    world: World
    store: HomeStore

    def shown(self, tenant: str) -> list[dict[str, Any]]:
        """Return the rows of [List of subscriptions].

        domain.md, "PRISMA Home: devices": used and available devices; a tenant that uses more than its licence allows
        is blocked from the application as a whole.
        """
        return [self._shown(tenant, one) for one in self.store.subscriptions(tenant)]

    def _shown(self, tenant: str, one: Subscription) -> dict[str, Any]:
        used = len(self._users(tenant, one))
        today = self.world.today()
        state = "blocked" if used > one.devices else "ended" if one.ends and one.ends < today else "active"
        return {
            "application": one.application,
            "name": APPLICATIONS[one.application],
            "type": one.type,
            "used": used,
            "available": max(one.devices - used, 0),
            "ends": one.ends or None,
            "permanent": one.permanent,
            "state": state,
        }

    def _users(self, tenant: str, one: Subscription) -> set[str]:
        users = {each.device_id for each in self.world.store.devices_of(tenant) if each.enabled.get(one.application)}
        return users | (self.store.spent(tenant, one.application) if one.permanent else set())

    def licensed(self, device: Device) -> dict[str, bool]:
        """Return for each application that the tenant has bought whether a device has a licence.

        It has one while it uses the application, and for good if it ever took a permanent one.
        """
        bought = [one.application for one in self.store.subscriptions(device.tenant)]
        return {
            each: device.enabled.get(each, False) or device.device_id in self.store.spent(device.tenant, each)
            for each in bought
        }

    def take(self, device: Device, application: str) -> None:
        """Note that a device takes a licence. Some are assigned for good (domain.md, "PRISMA Home: devices")."""
        if any(one.application == application and one.permanent for one in self.store.subscriptions(device.tenant)):
            self.store.spend(device.tenant, application, device.device_id)
