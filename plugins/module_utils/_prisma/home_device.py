# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the modules home_device and home_device_info: a printer in a PRISMA Home tenant, by serial number."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._web.errors import BadInput, NotReadBack, OwnedByOther, PrismaError, TimedOut, WrongDevice
from .read_back import write_or_read_back
from .registration_address import check_address, known_address, spend_address
from .serial_option import required_serial_of
from .serials import canonical_serial, same_serial
from .switches import switches
from .task import Request
from .tenant import Tenant, applications_of
from .waiting import poll

Device = dict[str, t.Any]


def run_info(request: Request) -> None:
    """Read the devices of the tenant, all or those with the serial numbers given."""
    reading = Tenant.of(request).devices()
    wanted = {canonical_serial(serial) for serial in request.options["serials"] or ()}
    rows = [dict(row) for row in reading.rows if not wanted or canonical_serial(row["serial"]) in wanted]
    found = {canonical_serial(row["serial"]) for row in rows}
    request.result.values.update(
        devices=rows,
        missing=sorted(wanted - found),
        proof={"pages": reading.pages, "total": reading.total, "rows": len(reading.rows)},
    )


def run(request: Request) -> None:
    """Read, plan, claim the printer if the tenant does not have it, wait for it, set its applications."""
    options = request.options
    serial = required_serial_of(options)
    if options["registration_method"] == "hand_over" and not str(options["display_name"] or "").strip():
        raise BadInput(
            "display_name is empty, and the cloud asks for one when a hand-over is completed",
            advice="Set onboard_display_name (display_name) to the name that the printer gets in the cloud.",
        )
    tenant = Tenant.of(request)
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
    found = tenant.device(serial)
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
    applications = switches(request.options["applications"], "applications")
    address = _address(request, tenant, serial)
    if request.options["claimed"]:
        found = _claimed_before(request, tenant, serial)
    else:
        found = _read(request, tenant, serial)
        if found is None:
            _check_claimable(request, serial, address)
        request.result.plan(*_plan(found, applications))
        request.result.values["claimed"] = False
        found = _make_present(request, tenant, serial, found, address, applications)
    if request.result.values.get("pending"):
        return
    if found is not None:
        found = _complete(request, tenant, serial, found, applications)
    request.result.values["device"] = found


def _claimed_before(request: Request, tenant: Tenant, serial: str) -> Device | None:
    """Read back what an earlier task claimed. The plan, and the change, were that task's."""
    request.result.values["claimed"] = not request.check_mode
    if request.check_mode:  # that task has only planned to claim it
        return tenant.device(serial)
    return _wait(request, tenant, serial)


def _read(request: Request, tenant: Tenant, serial: str) -> Device | None:
    age = request.options["list_max_age"]
    return tenant.device_in_list(serial, age) if age else tenant.device(serial)


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
    applications: Mapping[str, bool],
) -> Device | None:
    """Claim the printer unless the tenant has it, and wait for it as the options say."""
    if request.check_mode:
        return found
    if found is None:
        if address is None:
            raise _no_address(request, serial)
        found = _claim(request, tenant, serial, address)
        if found is not None:  # by another session: what is left to be changed are the applications
            request.result.plan(*_plan(found, applications))
    if found is None and not request.options["wait"]:
        request.result.values["pending"] = True
        return None
    if found is None or (found["status"] == "connecting" and request.options["wait"]):
        return _wait(request, tenant, serial)
    return found


def _complete(request: Request, tenant: Tenant, serial: str, found: Device, applications: Mapping[str, bool]) -> Device:
    """Do what is left for a printer that the tenant has: remove spent files, set applications, test."""
    if request.check_mode:
        return found
    spend_address(request, serial)
    found = _set_applications(request, tenant, serial, found, applications)
    if request.options["test"]:
        _test(request, tenant, serial)
    return found


def _plan(found: Device | None, applications: Mapping[str, bool]) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """Return the diff: whether the tenant has the printer, and the declared applications.

    Of a printer that is not there yet every declared application counts as not enabled.
    """
    has = applications_of(found) if found is not None else {}
    if found is not None:
        unknown = sorted(set(applications) - set(has))
        if unknown:
            raise BadInput(
                f"the tenant knows no application {', '.join(map(repr, unknown))} for this printer; "
                f"it has {', '.join(sorted(has))}"
            )
    before = {name: bool(has.get(name, {}).get("enabled")) for name in sorted(applications)}
    after = {name: applications[name] for name in sorted(applications)}
    return (
        {"tenant": _standing(found), "applications": before},
        {"tenant": "present", "applications": after},
    )


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
            lambda: tenant.device(serial),
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
        lambda: tenant.device(serial),
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


def _set_applications(
    request: Request, tenant: Tenant, serial: str, found: Device, applications: Mapping[str, bool]
) -> Device:
    """Set what differs. A printer that was just claimed may lack an application; then the plan could not know."""
    has = applications_of(found)
    _plan(found, applications)
    wrong = [name for name in sorted(applications) if has[name].get("enabled") is not applications[name]]
    if not wrong:
        return found
    tenant.note_written(serial)
    for name in wrong:
        tenant.set_application(serial, name, applications[name])
    again = tenant.device(serial)
    if again is None:
        raise NotReadBack(f"the printer {serial} was in the tenant's list and no longer is")
    return again


def _test(request: Request, tenant: Tenant, serial: str) -> None:
    if not tenant.can_test():
        request.result.values["test"] = {"result": "not_tested", "text": ""}
        return
    result, text = tenant.test(serial)
    request.result.values["test"] = {"result": result, "text": text}
    if result != "passed":
        raise PrismaError(f"the tenant's test of the connection to the printer did not pass: {text or result}")
