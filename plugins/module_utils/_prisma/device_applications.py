# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module device_applications: the cloud applications that a controller switches itself."""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Mapping

from .._web.errors import BadInput
from .controller import Application, Controller
from .read_back import write_or_read_back
from .switches import switches
from .task import Request


def run(request: Request) -> None:
    """Read, plan, switch what differs, and read back."""
    declared: dict[str, bool] = switches(request.options["applications"], "applications")
    controller = Controller.of(request)
    known = controller.known_applications
    if known is not None and controller.session.can("read", "applications"):
        _refuse_unknown(declared, known)
    controller.prove_right_printer()
    found = controller.applications()
    _refuse_unknown(declared, found)
    wrong = [name for name, on in sorted(declared.items()) if found[name].enabled is not on]
    if wrong:
        controller.session.require("write", "set_application")
    request.result.plan(
        {"applications": {name: found[name].enabled for name in sorted(declared)}},
        {"applications": dict(sorted(declared.items()))},
    )
    if wrong and not request.check_mode:
        own = [_switch(request, controller, found[name], declared[name]) for name in wrong]
        if not any(own):
            request.result.plan({}, {})  # another session was faster with all of them
        found = controller.applications()
    request.result.values["applications"] = shown(found)


def _refuse_unknown(declared: Collection[str], known: Collection[str]) -> None:
    """Raise :class:`BadInput` if an application is declared that is not ``known``."""
    unknown = sorted(set(declared) - set(known))
    if unknown:
        raise BadInput(
            f"the controller has no application {', '.join(map(repr, unknown))}; it has {', '.join(sorted(known))}",
            advice="Correct its id. Other applications are enabled in the cloud: home_device does that.",
        )


def _switch(request: Request, controller: Controller, application: Application, enabled: bool) -> bool:
    """Switch one application; return whether it was this task that did so."""

    before: bool | None = application.enabled

    def is_enabled() -> bool | None:
        found = controller.applications().get(application.id)
        return found.enabled if found is not None else None

    return write_or_read_back(
        request,
        lambda: controller.set_application(application, enabled),
        is_enabled,
        before=before,
        done=lambda now: now is enabled,
    ).own


def shown(applications: Mapping[str, Application]) -> list[dict[str, t.Any]]:
    """Return applications as a result shows them."""
    return [{"id": each.id, "name": each.name, "enabled": each.enabled} for each in applications.values()]
