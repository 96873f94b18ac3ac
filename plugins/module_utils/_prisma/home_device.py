# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module home_device: a printer in a PRISMA Home tenant, by serial number."""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .._decide.device_changes import (
    Device,
    application_change,
    applications_of,
    enabled_change,
    location_change,
)
from .._decide.findings import ADVICE, Finding
from .._decide.home_devices import CONNECTING, named
from .._decide.licences import LicenceUse
from .._web.errors import BadInput, OwnedByOther, PrismaError
from .device_licences import check_licences, licences_in_turn, uses_of
from .home_claim import claim, claim_write, wait_until_connected
from .read_back import others_stay, write_or_read_back
from .registration_address import LISTED, check_address, claims_again, known_address, spend_address
from .serial_option import required_serial_of
from .switches import switches
from .task import Request
from .tenant import LIST_AGE, Tenant


def run(request: Request) -> None:
    """Read, plan, claim the printer if the tenant does not have it, wait for it, set what is declared of it."""
    options = request.options
    serial = required_serial_of(options)
    if options["state"] == "absent":
        _absent(request, Tenant.of(request), serial)
        return
    if options["registration_method"] == "hand_over" and not str(options["display_name"] or "").strip():
        raise BadInput(
            "display_name is empty, and the cloud asks for one when a hand-over is completed",
            advice="Set onboard_display_name (display_name) to the name that the printer gets in the cloud.",
        )
    tenant = Tenant.of(request)
    if options["enabled"] is not None:
        tenant.require_option("enabled", "enabled", "enable_device" if options["enabled"] else "disable_device")
    if options["location"] is not None:
        tenant.require_option("location", "location", "set_location")
    if options["applications"]:
        tenant.require_option("applications", "applications")
    _present(request, tenant, serial)


def _absent(request: Request, tenant: Tenant, serial: str) -> None:
    if not request.options["confirm_data_loss"]:
        raise BadInput(
            "state=absent deletes the printer from the tenant: its accounting data are lost, and a paid licence is "
            "not freed",
            advice="Set confirm_data_loss: true if this is intended.",
        )
    found, others = tenant.device_to_delete(serial)
    if found is not None:
        tenant.session.require("write", "delete_device")
        tenant.check_may_change()
    request.result.values["left"] = [{name: row.get(name) for name in ("device_id", "name")} for row in others]
    request.result.warnings += [
        f"{request.printer}: the tenant has {named(row)} with the serial number {serial} as well. It is another device "
        "and is left: delete it in PRISMA Home if it is to go"
        for row in others
    ]
    request.result.plan({"tenant": _standing(found)}, {"tenant": "absent"})
    if found is None or request.check_mode:
        return
    device = found
    tenant.note_written(serial)
    with others_stay(request, tenant.session, "devices", serial, lambda: tenant.check_may_change(now=True)):
        written = write_or_read_back(
            request,
            lambda: tenant.delete(device),
            lambda: _standing(tenant.device(serial, internal=True)),
            before="present",
            done=lambda seen: seen == "absent",
            shows_all=False,
        )
    if not written.own:  # by another session
        request.result.plan({}, {})


def _present(request: Request, tenant: Tenant, serial: str) -> None:
    declared = _Declared.of(request)
    if request.options["printer_registered"] and not request.check_mode:
        spend_address(request, serial)
    address = _address(request, tenant, serial)
    if request.options["claimed"]:
        found = _claimed_before(request, tenant, serial)
    else:
        # Where the printer is to be registered, a device that is there by Cloud Proxy alone is another one.
        options = request.options
        registers = ("address_file", "address_pending", "printer_registered")
        internal = bool(address) or any(options[name] for name in registers)
        found = _read(request, tenant, serial, internal=internal)
        if found is None and options["list_max_age"] and _refusal(request, serial, address):
            # a reading that tasks share is older than what another run may have claimed since
            found = tenant.device(serial, internal=internal)
        if found is None:
            _check_new(request, tenant, serial, address, declared)
        pending = options["address_pending"] and request.check_mode
        again = found is not None and claims_again(request, address, expected=pending)
        if found is None or again:
            tenant.session.require("write", claim_write(request))
        uses = uses_of(tenant, found, declared.applications)
        before, after = _plan(found, declared, uses)
        if again:
            before["tenant"] = LISTED
        if before != after:
            tenant.check_may_change()
        request.result.plan(before, after)
        request.result.values["claimed"] = False
        check_licences(request, uses)
        found = _make_present(request, tenant, serial, found, address, declared, again=again)
    if request.result.values.get("pending"):
        return
    if found is not None:
        found = _complete(request, tenant, serial, found, declared)
        request.result.values["findings"] = _findings(found, declared)
        if found["status"] == CONNECTING and not request.options["wait"] and not request.check_mode:
            request.result.values["pending"] = True
    request.result.values["device"] = found


@dataclass(frozen=True)
class _Declared:
    """What is declared of the device beside its registration; None is left alone."""

    applications: Mapping[str, bool]
    enabled: bool | None
    location: str | None

    @classmethod
    def of(cls, request: Request) -> _Declared:
        location = request.options["location"]
        return cls(
            switches(request.options["applications"], "applications"),
            request.options["enabled"],
            None if location is None else str(location).strip(),
        )


def _findings(found: Device, declared: _Declared) -> list[dict[str, str]]:
    """Return what is not as it should be and stops nothing. What a run would enable counts as enabled."""
    if found.get("enabled") is not False or declared.enabled is not None:
        return []
    kind = Finding.DEVICE_DISABLED
    return [{"finding": kind.value, "what": "the device as a whole is disabled at the tenant", "advice": ADVICE[kind]}]


def _claimed_before(request: Request, tenant: Tenant, serial: str) -> Device | None:
    """Read back what an earlier task claimed, or found connecting. The plan, and the change, were that task's."""
    request.result.values["claimed"] = False
    if request.check_mode:  # that task has only planned to claim it
        return tenant.device(serial)
    return wait_until_connected(request, tenant, serial)


def _read(request: Request, tenant: Tenant, serial: str, *, internal: bool) -> Device | None:
    age = request.options["list_max_age"]
    if age:
        return tenant.device_in_list(serial, age, internal=internal)
    return tenant.device(serial, internal=internal)


def _check_new(request: Request, tenant: Tenant, serial: str, address: str | None, declared: _Declared) -> None:
    """Raise if a printer that the tenant does not have cannot be claimed, or would be claimed in vain."""
    refusal = _refusal(request, serial, address)
    if refusal:
        raise refusal
    if any(declared.applications.values()):
        tenant.require_option("applications", "applications", "set_application")
    _check_applications(tenant, declared)


def _refusal(request: Request, serial: str, address: str | None) -> PrismaError | None:
    """Return why a printer that the tenant does not have cannot be claimed; None if it can."""
    if request.options["printer_registered"]:
        return OwnedByOther(
            f"the printer {serial} shows that it is registered, but the tenant {request.options['tenant']!r} does not "
            "have it"
        )
    if address is None and not request.check_mode:  # where no task has pressed [Register] yet
        return _no_address(request, serial)
    return None


def _check_applications(tenant: Tenant, declared: _Declared) -> None:
    """Raise if the tenant knows a declared application for no printer at all: a printer would be claimed in vain."""
    unknown = set(declared.applications)
    known: set[str] = set()
    for more in tenant.known_applications(LIST_AGE) if unknown else ():
        known |= more
        unknown -= more
        if not unknown:
            return
    if unknown and known:
        raise _unknown_applications(unknown, known)


def _unknown_applications(unknown: Collection[str], known: Collection[str]) -> BadInput:
    return BadInput(
        f"the tenant knows no application {', '.join(map(repr, sorted(unknown)))} for this printer; "
        f"it has {', '.join(sorted(known))}",
        advice="Correct onboard_applications (applications) and run again.",
    )


def _make_present(
    request: Request,
    tenant: Tenant,
    serial: str,
    found: Device | None,
    address: str | None,
    declared: _Declared,
    *,
    again: bool,
) -> Device | None:
    """Claim the printer unless the tenant has it, or ``again``, and wait for it as the options say."""
    if request.check_mode:
        return found
    if found is None or again:
        if address is None:
            raise _no_address(request, serial)
        found = claim(request, tenant, serial, address, found)
        if found is not None:  # by another session: what is left to be changed are its settings
            request.result.plan(*_plan(found, declared, uses_of(tenant, found, declared.applications)))
    if found is None and not request.options["wait"]:
        request.result.values["pending"] = True
        return None
    if found is None or (found["status"] == CONNECTING and request.options["wait"]):
        return wait_until_connected(request, tenant, serial)
    return found


def _complete(request: Request, tenant: Tenant, serial: str, found: Device, declared: _Declared) -> Device:
    """Do what is left for a printer that the tenant has: remove spent files, set what is declared, test."""
    if request.check_mode:
        return found
    spend_address(request, serial)
    found = _set_declared(request, tenant, serial, found, declared)
    if request.options["test"]:
        _test(request, tenant, found)
    return found


def _plan(
    found: Device | None, declared: _Declared, uses: tuple[LicenceUse, ...]
) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """Return the diff: whether the tenant has the printer, what is declared of it, and licences used up for good.

    Of a printer that is not there yet every declared application counts as not enabled.
    """
    applications = declared.applications
    has = applications_of(found) if found is not None else {}
    if found is not None:
        unknown = set(applications) - set(has)
        if unknown:
            raise _unknown_applications(unknown, has)
    before: dict[str, t.Any] = {"tenant": _standing(found)}
    after: dict[str, t.Any] = {"tenant": "present"}
    for name, value in (("enabled", declared.enabled), ("location", declared.location)):
        if value is not None:
            before[name], after[name] = _shown(found, name), value
    before["applications"] = {name: bool(has.get(name, {}).get("enabled")) for name in sorted(applications)}
    after["applications"] = {name: applications[name] for name in sorted(applications)}
    for_good = {use.application: str(use) for use in uses if use.for_good}
    if for_good:
        before["licences"], after["licences"] = {}, for_good
    return before, after


def _shown(found: Device | None, name: str) -> t.Any:
    """Return what the tenant shows of a device; an empty location is the same as none."""
    shown = (found or {}).get(name)
    return (shown or "") if name == "location" and found is not None else shown


def _standing(found: Device | None) -> str:
    return "absent" if found is None else "present"


def _address(request: Request, tenant: Tenant, serial: str) -> str | None:
    """Return the registration address to use, None if there is none.

    One that leads elsewhere raises :class:`BadInput`, before any request and whether it is needed or not.
    """
    address = None if request.options["address_pending"] else known_address(request, serial)
    if address is not None:
        check_address(request, address, tenant.url)
    return address


def _no_address(request: Request, serial: str) -> BadInput:
    file = request.options["address_file"]
    place = f"the file {file!r}" if file else "address or address_file"
    return BadInput(
        f"the tenant does not have the printer {serial}, and there is no registration address in {place}",
        advice="Run printer_registration first; it yields the address.",
    )


def _set_declared(request: Request, tenant: Tenant, serial: str, found: Device, declared: _Declared) -> Device:
    """Set what differs. A printer that was just claimed may lack an application; then the plan could not know.

    A device is enabled first and disabled last, as one that is disabled may refuse the rest.
    """
    applications = declared.applications
    has = applications_of(found)
    before, after = _plan(found, declared, ())
    differs = {name for name in after if before[name] != after[name]}
    if not differs:
        return found
    changes = [enabled_change(True)] if "enabled" in differs and declared.enabled else []
    if "location" in differs and declared.location is not None:
        changes.append(location_change(declared.location))
    changes += [
        application_change(name, on) for name, on in sorted(applications.items()) if has[name].get("enabled") is not on
    ]
    changes += [enabled_change(False)] if "enabled" in differs and not declared.enabled else []
    with licences_in_turn(request, tenant, found, applications):
        tenant.note_written(serial)
        return tenant.change(found, changes)


def _test(request: Request, tenant: Tenant, found: Device) -> None:
    if not tenant.can_test():
        request.result.values["test"] = {"result": "not_tested", "text": ""}
        return
    result, text = tenant.test(found)
    request.result.values["test"] = {"result": result, "text": text}
    if result != "passed":
        raise PrismaError(f"the tenant's test of the connection to the printer did not pass: {text or result}")
