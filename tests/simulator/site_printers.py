# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How printers join and leave a site, and the facts that it shows about them. Has no pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from simulator.fleet import APPLICATIONS
from simulator.records import Printer
from simulator.registration import Registration
from simulator.site_rules import NotDone
from simulator.site_store import SitePrinter, SiteStore
from simulator.world import World

# The applications of the Settings Editor (domain.md, "Registering a printer in PRISMA Home").
SITE_APPLICATIONS = ("premote-monitoring", "prismalytics-dashboard", "remote-match")


class RegisteredElsewhere(Exception):
    """A tenant or another site owns the printer, and the caller did not ask to move it."""


@dataclass(frozen=True)
class PrinterRow:
    name: str
    series: str
    serial: str
    licences: str
    last_data: str


@dataclass
class SitePrinters:
    world: World
    store: SiteStore
    registration: Registration

    def of(self, site: str) -> list[SitePrinter]:
        """Return the printers that are still here: PRISMA Home and other sites may have taken some over."""
        found = []
        for row in self.store.printers(site):
            printer = self.world.store.printer(row.printer)
            if printer is not None and printer.registered_site == site:
                found.append(row)
            else:
                self.store.drop_printer(row.serial)
        return found

    def shown(self, row: SitePrinter) -> PrinterRow:
        """Return the facts of a printer for the portal.

        domain.md, "Registering a printer in PRISMA Home": whether the licences are present, and when the printer last
        sent data.
        """
        printer = self.world.store.printer(row.printer)
        licensed = [APPLICATIONS[each] for each in SITE_APPLICATIONS if printer and each not in printer.unlicensed]
        settings = self.world.settings
        return PrinterRow(
            row.name, settings.prismasync_series, row.serial, ", ".join(licensed) or "none", self._last_data(row)
        )

    def _last_data(self, row: SitePrinter) -> str:
        printer = self.world.store.printer(row.printer)
        first, now = row.added + self.world.settings.first_data_delay, self.world.now()
        if printer is None or printer.trouble == "never_sent_data" or now < first:
            return "never"
        return datetime.fromtimestamp(max(first, now - 3600), UTC).strftime("%Y-%m-%d %H:%M")

    def add(self, site: str, actor: str, code: str, name: str, *, move: bool) -> Printer:
        """Complete a hand-over.

        domain.md, "Two back ends": a printer is in one site only; registering elsewhere asks to move it.
        """
        world = self.world
        printer = self.registration.handed_over_at(code, "site")
        owner = self.registration.owner(printer)
        here = f"site:{site}"
        if owner and owner != here and not move:
            raise RegisteredElsewhere
        if not name:
            raise NotDone("Enter a display name.")
        if not owner.startswith("site:"):
            world.store.drop_device_of(printer.serial)
        world.store.drop_addresses_of(printer.name)
        printer.request = None
        self.register(site, printer, name, world.now())
        what = "printer_moved" if owner and owner != here else "printer_added"
        after = {"owner": here, "serial": printer.serial, "name": name}
        world.store.audit("site", site, actor, what, {"owner": owner}, after)
        return printer

    def register(self, site: str, printer: Printer, name: str, added: float) -> None:
        printer.registered_tenant, printer.registered_site, printer.display_name = "", site, name
        self.world.store.keep(printer)
        self.store.keep_printer(SitePrinter(printer.serial, site, printer.name, name, added))

    def remove(self, site: str, actor: str, serial: str) -> str:
        """Remove a printer from the site. The printer's own page then shows unregistered."""
        row = next((row for row in self.of(site) if row.serial == serial.strip()), None)
        if row is None:
            raise NotDone(f"{serial} is not on this list.")
        self.store.drop_printer(row.serial)
        printer = self.world.store.printer(row.printer)
        if printer is not None:
            printer.registered_site = ""
            self.world.store.keep(printer)
        self.world.store.audit("site", site, actor, "printer_removed", {"serial": row.serial, "name": row.name}, None)
        return f"{row.serial} was removed."
