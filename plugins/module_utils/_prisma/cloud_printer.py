# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module cloud_printer: a printer on an administration site, by serial number, and its health."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._decide.findings import ADVICE, Finding
from .._web.errors import BadInput, NotReadBack, OwnedByOther, PrismaError
from .read_back import others_stay, write_or_read_back
from .registration_address import (
    LISTED,
    check_address,
    check_whose,
    claims_again,
    discard_address,
    is_refusal,
    is_unknown,
    known_address,
    refused_although_listed,
    spend_address,
)
from .serial_option import required_serial_of
from .site import Site, demand_site_name
from .task import Request
from .waiting import poll

Printer = dict[str, t.Any]


def run(request: Request) -> None:
    """Read, plan, complete the hand-over if the site does not have the printer, read back, and report its health."""
    options = request.options
    serial = required_serial_of(options)
    site = Site.of(request, options["site"], ())
    if options["state"] == "absent":
        _absent(request, site, serial)
    else:
        _present(request, site, serial)


def _absent(request: Request, site: Site, serial: str) -> None:
    if not request.options["confirm_removal"]:
        raise BadInput(
            "state=absent removes the printer from the site",
            advice="Set confirm_removal: true if this is intended.",
        )
    found = site.printer(serial)
    if found is not None:
        site.session.require("write", "remove_printer")
    request.result.plan({"site": _standing(found)}, {"site": "absent"})
    if found is None or request.check_mode:
        return
    with others_stay(request, site.session, "printers", serial, site.prove):
        written = write_or_read_back(
            request,
            lambda: site.remove_printer(serial),
            lambda: _standing(site.printer(serial)),
            before="present",
            done=lambda seen: seen == "absent",
            shows_all=False,
        )
    if not written.own:  # by another session
        request.result.plan({}, {})


def _present(request: Request, site: Site, serial: str) -> None:
    options = request.options
    if options["printer_registered"] and not request.check_mode:
        spend_address(request, serial)
    address = _address(request, site, serial)
    if address is not None:
        demand_site_name(options)
    found = site.printer(serial)
    if found is None and options["printer_registered"] and address is None:
        raise OwnedByOther(
            f"the printer {serial} shows that it is registered, but this site does not have it",
            advice="It belongs to another site, or to PRISMA Home. To move it here, set onboard_take_over: true "
            "(option move) and run again.",
        )
    if found is None and address is None and not request.check_mode:
        raise BadInput(
            f"the site does not have the printer {serial}, and there is no address of a hand-over",
            advice="Run printer_registration first; it yields the address.",
        )
    again = found is not None and claims_again(request, address)
    if found is None or again:
        site.session.require("write", "hand_over")
    request.result.plan({"site": LISTED if again else _standing(found)}, {"site": "present"})
    request.result.values["handed_over"] = False
    if (found is None or again) and address is not None and not request.check_mode:
        found = _hand_over(request, site, serial, address, found)
        if found is None:
            found = _read_back(request, site, serial)
            if found is None:
                request.result.values["pending"] = True
                return
        else:  # by another session: this task has changed nothing
            request.result.plan({}, {})
    if found is None:
        return
    if not request.check_mode:  # an address of a printer that is there is spent
        spend_address(request, serial)
    request.result.values.update(printer=found, findings=health(found))


def _standing(found: Printer | None) -> str:
    return "absent" if found is None else "present"


def _address(request: Request, site: Site, serial: str) -> str | None:
    """Return the address of the hand-over; None if there is none.

    One that leads elsewhere raises :class:`BadInput`, before any request and whether it is needed or not.
    """
    address = known_address(request, serial)
    if address is not None:
        check_address(request, address, str(site.session.client.base_url))
    return address


def _hand_over(request: Request, site: Site, serial: str, address: str, listed: Printer | None) -> Printer | None:
    """Complete the hand-over; return the printer if another session has done so meanwhile, None if this task has.

    ``listed``: its row, if the site has one that may be left from an earlier registration. Then no row shows that the
    hand-over was completed: only the site's answer does.
    """
    options = request.options
    name = str(options["display_name"] or "").strip() or serial

    def complete() -> str | None:
        check_whose(
            serial,
            site.handed_over(address),
            "Nothing was changed. Check where the address came from.",
        )
        return site.hand_over(address, display_name=name, move=bool(options["move"]))

    try:
        written = write_or_read_back(
            request,
            complete,
            lambda: site.printer(serial) if listed is None else None,
            before=None,
            done=lambda seen: seen is not None,
        )
    except PrismaError as error:
        unknown = is_unknown(error)  # or used up
        if unknown:
            error.advice = discard_address(request, serial, address)
        if listed is not None and is_refusal(error):
            what_next = error.advice if unknown else "The address of its hand-over is kept."
            raise refused_although_listed(error, "the site", serial, "", what_next) from error
        raise
    if not written.own:
        return written.state
    request.result.values["handed_over"] = True
    check_whose(serial, written.returned, "The site now has that printer. Check which printer the address came from.")
    return None


def _read_back(request: Request, site: Site, serial: str) -> Printer | None:
    """Return the printer as the site shows it, None if that is not waited for."""
    options = request.options
    found = poll(
        lambda: site.printer(serial),
        lambda seen: seen is not None,
        timeout=options["wait_timeout"] if options["wait"] else 0,
        sleep=options["wait_sleep"],
    )
    if found is None and options["wait"]:
        raise NotReadBack(
            f"the hand-over was accepted, but the site does not show the printer {serial}",
            advice="Check the printer on the site with a browser, then run again.",
        )
    return found


def health(printer: Mapping[str, t.Any] | None) -> list[dict[str, str]]:
    """Return what is not as it should be, by the portal's two best facts (domain.md, "Registering a printer")."""
    if printer is None:
        return []
    found = []
    if "licences" in printer and not printer["licences"]:
        found.append((Finding.UNLICENSED, "the site shows no licence for this serial number"))
    if "last_data" in printer and not printer["last_data"]:
        found.append((Finding.NEVER_SENT_DATA, "the site has never had data from it"))
    return [{"finding": kind.value, "what": what, "advice": ADVICE[kind]} for kind, what in found]
