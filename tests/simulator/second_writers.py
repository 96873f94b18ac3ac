# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another program of the same tenant or site, which registers a printer or changes people at the same time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.records import Request
from simulator.registration import Registration
from simulator.world import World

if TYPE_CHECKING:
    from simulator.site_setup import Sites

ACTOR = "second-writer"


@dataclass
class SecondWriters:
    world: World
    registration: Registration
    sites: Sites | None

    def act(self, options: dict[str, Any]) -> None:
        """Do what the options of the fault say: `account`, and `printer` to register or `people` with their lists."""
        if "printer" in options:
            self.register(options["printer"], options["account"])
        if self.sites:
            for email, lists in options.get("people", {}).items():
                self.sites.rules.set_lists(options["account"], email, lists)

    def register(self, name: str, account: str) -> None:
        """Complete the registration of a printer, with the waiting address or, without one, with a new one.

        A printer that is registered stays as it is.
        """
        printer = self.world.store.printer(name)
        if printer is None or self.registration.owner(printer):
            return
        if printer.request is None or not printer.request.code:
            printer.request = Request(ready_at=0.0, code=secrets.token_urlsafe(24))
            self.world.store.keep_address(printer.request.code, name)
            self.world.store.keep_secret("registration_code", printer.request.code)
        if self.sites and printer.hands_over_to == "site":
            self.sites.printers.add(account, ACTOR, printer.request.code, name, move=False)
        else:
            display_name = name if printer.kind == "prismasync" else ""
            self.registration.claim(printer.request.code, account, ACTOR, take_over=False, display_name=display_name)
