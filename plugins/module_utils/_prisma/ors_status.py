# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module ors_status."""

from __future__ import annotations

import typing as t

from .._decide.ors import Ors, proxy_first
from .._web.errors import OrsNotReady
from .controller import Controller
from .task import Request
from .waiting import poll


def run(request: Request) -> None:
    """Read ORS; with ``ready`` wait for it (if it can still come) and fail with the advice to call service."""
    options = request.options
    controller = Controller.of(request)
    controller.prove_right_printer()
    ors = controller.ors()
    if options["ready"] and options["wait"] and ors.connectable and not request.check_mode:
        ors = poll(
            controller.ors,
            lambda seen: not seen.connectable,
            timeout=options["wait_timeout"],
            sleep=options["wait_sleep"],
            first=ors,
            started_at=request.wait_started_at,
        )
    request.result.values["ors"] = shown(ors)
    if options["ready"]:
        demand_ready(ors, controller)


def demand_ready(ors: Ors, controller: Controller) -> None:
    """Raise :class:`OrsNotReady`, with the proxy in use if there is one, unless ORS is connected and enabled."""
    if ors.ready:
        return
    what, advice = ors.why_not(), None
    details: dict[str, t.Any] = {"ors": shown(ors)}
    if ors.state == "disconnected" and controller.session.can("read", "proxy"):
        proxy = controller.proxy()
        details["proxy"] = {"enabled": proxy.enabled, "host": proxy.host, "port": proxy.port}
        what += (
            f" (its proxy client is on: {proxy.host}:{proxy.port})" if proxy.enabled else " (its proxy client is off)"
        )
        advice = proxy_first(proxy.host, proxy.port) if proxy.enabled else None
    raise OrsNotReady(what, advice=advice, details=details)


def shown(ors: Ors) -> dict[str, t.Any]:
    """Return ORS as a result shows it."""
    return {
        "ready": ors.ready,
        "state": ors.state,
        "mode": ors.mode,
        "state_text": ors.state_text,
        "mode_text": ors.mode_text,
    }
