# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module home_device: a printer in a PRISMA Home tenant, by serial number."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from .._decide.findings import ADVICE, Finding
from .._decide.licences import LicenceUse, licence_uses, refusal_of
from .._decide.serial_number import same_serial
from .._web.errors import BadInput, LicenceRefused, NotReadBack, OwnedByOther, PrismaError, TimedOut, WrongDevice
from .read_back import write_or_read_back
from .registration_address import check_address, known_address, spend_address
from .serial_option import required_serial_of
from .switches import switches
from .task import Request
from .tenant import LIST_AGE, Device, Tenant, applications_of
from .waiting import poll


def run(request: Request) -> None:
    """Read, plan, claim the printer if the tenant does not have it, wait for it, set what is declared of it."""
    options = request.options
    serial = required_serial_of(options)
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
    if options["state"] == "absent":
        _absent(request, tenant, serial)
    else:
        _present(request, tenant, serial)


def _absent(request: Request, tenant: Tenant, serial: str) -> None:
    if not request.options["confirm_data_loss"]:
        raise BadInput(
            "state=absent deletes the printer from the tenant: its accounting data are lost, and a paid licence is "
            "not freed",
            advice="Set confirm_data_loss: true if this is intended.",
        )
    found = tenant.only_device(serial)
    if found is not None:
        tenant.check_may_change()
    request.result.plan({"tenant": _standing(found)}, {"tenant": "absent"})
    if found is None or request.check_mode:
        return
    tenant.note_written(serial)
    written = write_or_read_back(
        request,
        lambda: tenant.delete(serial),
        lambda: _standing(tenant.device(serial)),
        before="present",
        done=lambda seen: seen == "absent",
    )
    if not written.own:  # by another session
        request.result.plan({}, {})


def _present(request: Request, tenant: Tenant, serial: str) -> None:
    declared = _Declared.of(request)
    address = _address(request, tenant, serial)
    if request.options["claimed"]:
        found = _claimed_before(request, tenant, serial)
    else:
        # Where the printer is to be registered, a device that is there by Cloud Proxy alone is another one.
        options = request.options
        internal = bool(address or options["address_file"] or options["printer_registered"])
        found = _read(request, tenant, serial, internal=internal)
        if found is None:
            _check_claimable(request, serial, address)
        uses = _licence_uses(tenant, found, declared)
        before, after = _plan(found, declared, uses)
        if before != after:
            tenant.check_may_change()
        request.result.plan(before, after)
        request.result.values["claimed"] = False
        _check_licences(request, uses)
        found = _make_present(request, tenant, serial, found, address, declared)
    if request.result.values.get("pending"):
        return
    if found is not None:
        found = _complete(request, tenant, serial, found, declared)
        request.result.values["findings"] = _findings(found, declared)
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


def _licence_uses(
    tenant: Tenant, found: Device | None, declared: _Declared, *, enables: bool = False
) -> tuple[LicenceUse, ...]:
    """Return the licences that enabling the declared applications uses.

    Where one is used up for good, the subscriptions have just been read; where the next request ``enables``, for any
    that is used: a tenant that uses more devices than its licence allows is blocked from the application as a whole
    (domain.md, "Licences").
    """
    has = applications_of(found) if found is not None else {}
    if all(has.get(name, {}).get("enabled") for name, on in declared.applications.items() if on):
        return ()
    uses = licence_uses(tenant.subscriptions(LIST_AGE), declared.applications, found)
    if any(use.for_good or enables for use in uses):
        uses = licence_uses(tenant.subscriptions(), declared.applications, found)
    return uses


def _check_licences(request: Request, uses: tuple[LicenceUse, ...]) -> None:
    """Raise :class:`LicenceRefused` if a licence is lacking, or must not be used up."""
    options = request.options
    consented = {use.application for use in uses} if options["assign_licence"] else options["assign_licences_of"] or ()
    refused = refusal_of(uses, consented=consented)
    if refused is not None:
        raise LicenceRefused(refused.reason, advice=refused.advice)


def _findings(found: Device, declared: _Declared) -> list[dict[str, str]]:
    """Return what is not as it should be and stops nothing. What a run would enable counts as enabled."""
    if found.get("enabled") is not False or declared.enabled is not None:
        return []
    kind = Finding.DEVICE_DISABLED
    return [{"finding": kind.value, "what": "the device as a whole is disabled at the tenant", "advice": ADVICE[kind]}]


def _claimed_before(request: Request, tenant: Tenant, serial: str) -> Device | None:
    """Read back what an earlier task claimed. The plan, and the change, were that task's."""
    request.result.values["claimed"] = not request.check_mode
    if request.check_mode:  # that task has only planned to claim it
        return tenant.device(serial)
    return _wait(request, tenant, serial)


def _read(request: Request, tenant: Tenant, serial: str, *, internal: bool) -> Device | None:
    age = request.options["list_max_age"]
    if age:
        return tenant.device_in_list(serial, age, internal=internal)
    return tenant.device(serial, internal=internal)


def _check_claimable(request: Request, serial: str, address: str | None) -> None:
    """Raise if a printer that the tenant does not have cannot be claimed."""
    if request.options["printer_registered"]:
        raise OwnedByOther(
            f"the printer {serial} shows that it is registered, but the tenant {request.options['tenant']!r} does not "
            "have it"
        )
    if address is None and not request.check_mode:  # where no task has pressed [Register] yet
        raise _no_address(request, serial)


def _make_present(
    request: Request,
    tenant: Tenant,
    serial: str,
    found: Device | None,
    address: str | None,
    declared: _Declared,
) -> Device | None:
    """Claim the printer unless the tenant has it, and wait for it as the options say."""
    if request.check_mode:
        return found
    if found is None:
        if address is None:
            raise _no_address(request, serial)
        found = _claim(request, tenant, serial, address)
        if found is not None:  # by another session: what is left to be changed are its settings
            request.result.plan(*_plan(found, declared, _licence_uses(tenant, found, declared)))
    if found is None and not request.options["wait"]:
        request.result.values["pending"] = True
        return None
    if found is None or (found["status"] == "connecting" and request.options["wait"]):
        return _wait(request, tenant, serial)
    return found


def _complete(request: Request, tenant: Tenant, serial: str, found: Device, declared: _Declared) -> Device:
    """Do what is left for a printer that the tenant has: remove spent files, set what is declared, test."""
    if request.check_mode:
        return found
    spend_address(request, serial)
    found = _set_declared(request, tenant, serial, found, declared)
    if request.options["test"]:
        _test(request, tenant, serial)
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
        unknown = sorted(set(applications) - set(has))
        if unknown:
            raise BadInput(
                f"the tenant knows no application {', '.join(map(repr, unknown))} for this printer; "
                f"it has {', '.join(sorted(has))}"
            )
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
    address = known_address(request, serial)
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


def _claim(request: Request, tenant: Tenant, serial: str, address: str) -> Device | None:
    """Claim the printer; return it if another session has claimed it meanwhile, None after a claim of this task."""
    tenant.note_written(serial)
    try:
        written = write_or_read_back(
            request,
            lambda: _send_claim(request, tenant, address),
            lambda: tenant.device(serial, internal=True),
            before=None,
            done=lambda seen: seen is not None,
        )
    except PrismaError as error:
        if error.details.get("status") == 404:  # unknown, or used up
            spend_address(request, serial)
            error.advice = "Run again: the printer is then asked for a new address."
        raise
    if not written.own:
        return written.state
    request.result.values["claimed"] = True
    named: str | None = written.returned
    if named is not None and not same_serial(named, serial):
        raise WrongDevice(
            f"the registration address belonged to the printer {named!r}, declared is {serial!r}",
            advice="The tenant now has that printer. Check which printer the address came from.",
        )
    return None


def _send_claim(request: Request, tenant: Tenant, address: str) -> str | None:
    """Send the claim; return the serial number that the tenant names, if any."""
    options = request.options
    if options["registration_method"] == "hand_over":
        name = str(options["display_name"]).strip()
        return tenant.hand_over(address, take_over=options["take_over"], display_name=name)
    return tenant.claim(address, take_over=options["take_over"])


def _wait(request: Request, tenant: Tenant, serial: str) -> Device | None:
    """Wait until the tenant shows the printer connected: a claim that is not read back is no registration."""
    options = request.options
    found = poll(
        lambda: tenant.device(serial, internal=True),
        lambda seen: seen is not None and seen["status"] != "connecting",
        timeout=options["wait_timeout"],
        sleep=options["wait_sleep"],
        started_at=request.wait_started_at,
    )
    if found is None:
        raise NotReadBack(
            f"the claim was accepted, but the tenant does not show the printer {serial} "
            f"after {options['wait_timeout']:g} s",
            advice="Check the printer in PRISMA Home and run again. Connecting can take ten minutes.",
        )
    if found["status"] == "connecting":
        raise TimedOut(
            f"the tenant has the printer {serial}, but still shows it connecting after {options['wait_timeout']:g} s"
        )
    return found


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
    _check_licences(request, _licence_uses(tenant, found, declared, enables=True))
    tenant.note_written(serial)
    if "enabled" in differs and declared.enabled:
        tenant.set_enabled(found, True)
    if "location" in differs and declared.location is not None:
        tenant.set_location(found, declared.location)
    for name in sorted(applications):
        if has[name].get("enabled") is not applications[name]:
            tenant.set_application(found, name, applications[name])
    if "enabled" in differs and not declared.enabled:
        tenant.set_enabled(found, False)
    again = tenant.device(serial)
    if again is None:
        raise NotReadBack(f"the printer {serial} was in the tenant's list and no longer is")
    return {**again, "by_cloud_proxy": again["by_cloud_proxy"] or found["by_cloud_proxy"]}


def _test(request: Request, tenant: Tenant, serial: str) -> None:
    if not tenant.can_test():
        request.result.values["test"] = {"result": "not_tested", "text": ""}
        return
    result, text = tenant.test(serial)
    request.result.values["test"] = {"result": result, "text": text}
    if result != "passed":
        raise PrismaError(f"the tenant's test of the connection to the printer did not pass: {text or result}")
