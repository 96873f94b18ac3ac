# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module device_proxy: keeps a controller's proxy client as declared."""

from __future__ import annotations

from .._decide.proxy import plan_proxy
from .._web.errors import BadInput, ProxyWrong
from .controller import Controller
from .read_back import write_or_read_back
from .task import Request


def run(request: Request) -> None:
    """Read, plan, write what differs, read back; then have the printer test it where it can."""
    options = request.options
    present = options["state"] == "present"
    _check(request)
    controller = Controller.of(request)
    controller.prove_right_printer()
    current = controller.proxy()
    change = plan_proxy(
        current,
        present=present,
        host=options["proxy_host"],
        port=options["proxy_port"],
        user=options["proxy_user"],
        password=options["proxy_password"],
        update_password=options["update_password"] == "always",
        exceptions=options["proxy_exceptions"],
    )
    request.result.plan({"proxy": change.before}, {"proxy": change.after})
    values = request.result.values
    values["proxy"] = dict(change.after)
    if change.needed and not request.check_mode:
        written = write_or_read_back(
            request,
            lambda: controller.set_proxy(change),
            controller.proxy,
            before=current,
            done=lambda now: now != current and change.is_met_by(now),
        )
        if not written.own:  # by another session: this task has changed nothing
            request.result.plan({}, {})
    values["test"] = {"result": "not_tested", "text": ""}
    if not present or not _to_be_tested(request, controller, change.needed):
        return
    result, text = controller.test_proxy()
    values["test"] = {"result": result, "text": text}
    if result != "passed":
        raise ProxyWrong(
            f"the printer's test of its connection through {change.wanted.host}:{change.wanted.port} did not pass: "
            f"{text or result}",
            details={"test": values["test"]},
        )


def _to_be_tested(request: Request, controller: Controller, changed: bool) -> bool:
    """Whether the printer tests the connection: by default after a change, or while ORS is not connected.

    Check mode has it tested where nothing would be changed and the button changes nothing either. So it
    distinguishes a wrong proxy from an ORS that does not work, as the run does.
    """
    if request.options["test"] == "never" or not controller.session.can("write", "test_proxy"):
        return False
    if request.check_mode and (changed or not controller.session.only_reads("test_proxy")):
        return False
    if request.options["test"] == "always" or changed:
        return True
    return controller.session.can("read", "ors") and controller.ors().state != "connected"


def _check(request: Request) -> None:
    options = request.options
    port = options["proxy_port"]
    if port is not None and not 1 <= port <= 65535:
        raise BadInput(f"proxy_port {port} is not a port", advice="Give a port from 1 to 65535.")
    host = options["proxy_host"]
    if host is not None and (not host.strip() or any(character in host for character in " /:@")):
        raise BadInput(f"proxy_host {host!r} is not the name or address of a host", advice="Give the name alone.")
