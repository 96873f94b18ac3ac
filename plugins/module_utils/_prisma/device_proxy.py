# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module device_proxy: keeps a controller's proxy client as declared."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._decide.proxy import ProxyChange, ProxySettings, plan_proxy
from .._web.errors import BadInput, ProxyWrong
from .connection import check_hosts
from .controller import Controller
from .read_back import write_or_read_back
from .task import Request


def run(request: Request) -> None:
    """Read, plan, write what differs, read back; then have the printer test it where it can.

    If the test fails and the password was not written, the one on the printer may be an old one: it is written, and
    the test is repeated.
    """
    options = request.options
    check_proxy({"state": options["state"], "host": options["proxy_host"], "port": options["proxy_port"]})
    controller = Controller.of(request)
    controller.prove_right_printer()
    current = controller.proxy()
    _refuse_without_field(current, options, request.profile.id)
    change = _plan(current, options, update_password=options["update_password"] == "always")
    _set_plan(request, controller, change, change)
    _write(request, controller, change)
    values = request.result.values
    values["test"] = {"result": "not_tested", "text": ""}
    if options["state"] != "present" or not _to_be_tested(request, controller, change.needed):
        return
    result, text = controller.test_proxy()
    if result != "passed" and options["proxy_password"] and not change.password:
        renewed = _plan(change.wanted, options, update_password=True)
        _set_plan(request, controller, change, renewed)
        if request.check_mode:  # whether the declared password is the right one shows only once it is written
            values["test"] = {"result": result, "text": text}
            return
        _write(request, controller, renewed)
        result, text = controller.test_proxy()
    values["test"] = {"result": result, "text": text}
    if result != "passed":
        raise ProxyWrong(
            f"the printer's test of its connection through {change.wanted.host}:{change.wanted.port} did not pass: "
            f"{text or result}",
            details={"test": values["test"]},
        )


def _plan(current: ProxySettings, options: Mapping[str, t.Any], *, update_password: bool) -> ProxyChange:
    return plan_proxy(
        current,
        present=options["state"] == "present",
        host=options["proxy_host"],
        port=options["proxy_port"],
        user=options["proxy_user"],
        password=options["proxy_password"],
        update_password=update_password,
        exceptions=options["proxy_exceptions"],
    )


def _set_plan(request: Request, controller: Controller, first: ProxyChange, last: ProxyChange) -> None:
    """Note as the plan what lies between the first change and the last one. Raises if the profile cannot make it."""
    if last.needed:
        controller.session.require("write", "set_proxy")
    request.result.plan({"proxy": first.before}, {"proxy": last.after})
    request.result.values["proxy"] = dict(last.after)


def _write(request: Request, controller: Controller, change: ProxyChange) -> None:
    if not change.needed or request.check_mode:
        return
    written = write_or_read_back(
        request,
        lambda: controller.set_proxy(change),
        controller.proxy,
        before=change.current,
        done=lambda now: now != change.current and change.is_met_by(now),
    )
    if not written.own:  # by another session: this task has changed nothing
        request.result.plan({}, {})


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


def check_proxy(proxy: Mapping[str, t.Any], prefix: str = "proxy_") -> None:
    """Raise :class:`BadInput` for a proxy without host or port, or with one that cannot be.

    ``proxy`` has C(state), C(host) and C(port), which messages name with ``prefix``.
    """
    lacking = [f"{prefix}{name}" for name in ("host", "port") if proxy.get(name) is None]
    if lacking and (proxy.get("state") or "present") == "present":
        raise BadInput(
            f"{' and '.join(lacking)} must be set for a proxy",
            advice="Set host and port, or state: absent for no proxy.",
        )
    if proxy.get("port") is not None and not 1 <= proxy["port"] <= 65535:
        raise BadInput(f"{prefix}port {proxy['port']} is not a port", advice="Give a port from 1 to 65535.")
    if proxy.get("host") is not None:
        check_hosts(f"{prefix}host", [proxy["host"]])


def _refuse_without_field(current: ProxySettings, options: Mapping[str, t.Any], profile: str) -> None:
    """Raise :class:`BadInput` if something is declared that this proxy client has no field for."""
    declared = {name: options[f"proxy_{name}"] for name in ("user", "password", "exceptions")}
    names = current.without_field(**declared) if options["state"] == "present" else []
    if names:
        listed = " and ".join(f"onboard_proxy.{name} (option proxy_{name})" for name in names)
        raise BadInput(
            f"the printer's [Proxy Client] has no field for {listed}, so nothing was written",
            advice=f"Remove what is not there from onboard_proxy. If the page does show such a field, add it to "
            f"read.proxy and write.set_proxy of the profile {profile}.",
        )
