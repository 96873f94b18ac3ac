# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module device_info: everything a controller shows, with one sign-in."""

from __future__ import annotations

import typing as t
from datetime import UTC, datetime

from .._decide.address import fingerprint
from .._decide.clock import ahead, time_zone
from .._web.errors import BadInput
from .controller import Controller
from .device_applications import shown as shown_applications
from .ors_status import shown as shown_ors
from .task import Request


def run(request: Request) -> None:
    """Read all that the profile has a read for."""
    zone_name = request.options["clock_zone"]
    try:
        zone = time_zone(zone_name)
    except ValueError as error:
        raise BadInput(f"clock_zone: {error}", advice="Give an IANA name such as Europe/Berlin.") from error
    controller = Controller.of(request)
    identity = controller.identity()
    values = request.result.values
    values["clock"] = {"zone": zone_name, "ahead": ahead(identity.get("clock"), zone, datetime.now(UTC))}
    values["check_mode"] = request.check_mode
    values["device"] = {
        "controller_kind": request.profile.controller_kind,
        **{name: identity.get(name) for name in sorted(identity)},
    }
    values["profile"] = {
        "id": request.profile.id,
        "match_score": controller.session.facts.get("match_score"),
        "recognised": controller.session.facts.get("recognised"),
    }
    values["certificate"] = controller.certificate
    reads: dict[str, t.Callable[[Controller], t.Any]] = {
        "ors": lambda it: shown_ors(it.ors()),
        "proxy": lambda it: it.proxy().as_dict(),
        "registration": _shown_registration,
        "applications": lambda it: shown_applications(it.applications()),
    }
    for name, read in reads.items():
        values[name] = read(controller) if controller.session.can("read", name) else None


def _shown_registration(controller: Controller) -> dict[str, t.Any]:
    found = controller.registration()
    return {
        "state": found.state.value,
        "method": "hand_over" if controller.hands_over else "link",
        "text": found.text,
        "tenant": found.tenant,
        "service": found.service,
        "address_fingerprint": fingerprint(found.address) if found.address else None,
    }
