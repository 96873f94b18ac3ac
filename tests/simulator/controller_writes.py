# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changes that the forms of a controller make. Does not know pages and permissions."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from simulator.controller_sessions import Visit
from simulator.ors import OrsLink
from simulator.records import ProxyClient
from simulator.registration import Registration
from simulator.world import World


@dataclass
class ControllerWrites:
    world: World
    ors: OrsLink
    registration: Registration

    def save_proxy(self, visit: Visit, form: dict[str, str]) -> str:
        """Save the form of the [Proxy Client] tab. Return `saved` or the key of an error text."""
        there, all_fields = visit.printer.proxy, visit.printer.proxy_fields == "all"
        return self.set_proxy(
            visit,
            ProxyClient(
                use=form.get("useProxy") == "1",
                host=form.get("pxHost", "").strip(),
                port=form.get("pxPort", "").strip(),
                user=form.get("pxUser", "").strip() if all_fields else there.user,
                password=form.get("pxPass", "") if all_fields else there.password,
                exceptions=form.get("pxExcept", "").strip() if all_fields else there.exceptions,
            ),
        )

    def set_proxy(self, visit: Visit, wanted: ProxyClient) -> str:
        """Save the proxy settings. Return `saved` or the key of an error text.

        An empty password keeps the stored one. If the user name is empty too, it removes the stored password.
        """
        printer = visit.printer
        if not wanted.password and wanted.user:
            wanted.password = printer.proxy.password
        port_is_fine = wanted.port.isascii() and wanted.port.isdigit() and 0 < int(wanted.port) < 65536
        if (wanted.use and not wanted.host) or ((wanted.use or wanted.port) and not port_is_fine):
            return "bad_proxy"
        visit.session.wrote = True
        before = dataclasses.replace(printer.proxy)
        if before != wanted:
            printer.proxy = wanted
            after = {**wanted.shown(), "password_changed": wanted.password != before.password}
            self.world.store.audit("controller", printer.name, visit.user, "proxy_changed", before.shown(), after)
            self.ors.proxy_changed(printer)
        return "saved"

    def switch_application(self, visit: Visit, application: str, enabled: bool) -> None:
        """Switch an application of [Cloud service] on or off."""
        visit.session.wrote = True
        printer = visit.printer
        before = printer.cloud_applications.get(application, False)
        if before != enabled:
            printer.cloud_applications[application] = enabled
            self.world.store.audit(
                "controller",
                printer.name,
                visit.user,
                "cloud_application_changed",
                {"application": application, "enabled": before},
                {"application": application, "enabled": enabled},
            )

    async def registration_form(self, visit: Visit, form: dict[str, str]) -> None:
        """Handle [Register] or the confirmed [Unregister]. The hidden field `op` says which."""
        operation = form.get("op")
        if operation == "register":
            visit.session.wrote = True
            await self.registration.press(visit.printer, visit.user)
        elif operation == "unregisterConfirmed" and visit.printer.registered_tenant:
            visit.session.wrote = True
            self.registration.unregister(visit.printer, visit.user)
