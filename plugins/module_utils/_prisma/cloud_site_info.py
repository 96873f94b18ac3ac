# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module cloud_site_info: what an administration site is now. Changes nothing."""

from __future__ import annotations

from .._decide.access.declared import as_declared
from .._decide.access.status import AccessOutcome
from .._decide.access.warnings import name_warnings
from .people import outcome_noted, proof_of, refuse_incomplete
from .people_options import checked_domains
from .session_check import check_session_time, note_session
from .site import Site, demand_site_name
from .task import Request


def run(request: Request) -> None:
    """Read the account, all lists of people, and the printers; or only check the sign-in."""
    with outcome_noted(request):
        _read(request)
    request.result.values["outcome"] = AccessOutcome.IN_SYNC.value


def _read(request: Request) -> None:
    options = request.options
    domains = checked_domains(options)
    if options["fleet_size"]:  # printers are about to hand over to it
        demand_site_name(options)
    site = Site.of(request, options["site"], domains)
    note_session(request, site.session)
    if options["fleet_size"]:
        site.session.require("write", "hand_over")
    account = site.account()
    check_session_time(request, site.session)
    values = request.result.values
    if options["sign_in_only"]:
        values.update(site=account.get("site"), account=account.get("email"))
        return
    state = site.state()
    values.update(site=account.get("site"), account=state.account, proof=proof_of(state))
    request.result.warnings += name_warnings(state)
    refuse_incomplete(state)
    values["lists"] = {
        str(name): [{"email": row.address, "since": row.since} for row in found.rows]
        for name, found in state.readings.items()
    }
    values["declared"] = as_declared(state, domains)
    if options["printers"] and site.session.can("read", "printers"):
        values["printers"] = [dict(row) for row in site.printers().rows]
