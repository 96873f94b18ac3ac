# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module printer_registration: keeps a printer registered, or not, on its controller's side."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import replace

from .._decide.address import fingerprint
from .._decide.outcomes import ADVICE, Outcome
from .._decide.registration import COMPLETE_HAND_OVER, Registration, RegistrationStep, State, plan
from .._web.errors import BadInput, RegistrationFailed, TimedOut, Unsupported
from .address_files import QR_KINDS, check_place, remove, write_address, write_qr
from .controller import Controller
from .ors_status import demand_ready
from .registration_address import keep_address, known_address
from .task import Request
from .waiting import poll


def run(request: Request) -> None:
    """Read, decide, press at most once, wait for the link, and hand it over as the options say."""
    options = request.options
    _check(request)
    controller = Controller.of(request)
    controller.prove_right_printer()
    found = controller.registration(_waiting(request, controller))
    present = options["state"] == "present"
    step = plan(
        found.state,
        present=present,
        retry_failed=options["retry_failed"],
        register_again=options["register_again"],
    )
    request.result.values["pressed"] = False
    if step is RegistrationStep.PRESS and not options["press"]:
        raise TimedOut(f"the printer shows {found.state.value}: what was pressed before is no longer waited for there")
    asks_ors = not controller.hands_over or controller.session.can("read", "ors")
    if step is RegistrationStep.PRESS and asks_ors and not (request.check_mode and options["assume_ors_ready"]):
        # As this user (domain.md, "Registering a printer in PRISMA Home", 2 and 4); before the plan, as nothing is
        # going to change where ORS is not ready.
        demand_ready(controller.ors(), controller)
    goal = {RegistrationStep.PRESS: State.AWAITING_CLAIM, RegistrationStep.UNREGISTER: State.UNREGISTERED}.get(step)
    request.result.plan({"registration": found.state.value}, {"registration": (goal or found.state).value})
    if step is RegistrationStep.STOP:
        _tell(request, found)
        raise _failure(found)
    if step is RegistrationStep.UNREGISTER:
        found = _unregister(request, controller, found)
    elif step is RegistrationStep.PRESS:
        found = _press(request, controller, found)
    if present and options["wait"] and found.state is State.REQUESTED and not request.check_mode:
        found = poll(
            controller.registration,
            lambda seen: seen.state is not State.REQUESTED,
            timeout=options["wait_timeout"],
            sleep=options["wait_sleep"],
            started_at=request.wait_started_at,
        )
    _tell(request, found)
    if found.state is State.FAILED and not (request.check_mode and step is RegistrationStep.PRESS):
        raise _failure(found)
    if present and options["wait"] and found.state is State.REQUESTED and not request.check_mode:
        raise TimedOut(
            f"[Register] was pressed, but no registration address appeared within {options['wait_timeout']:g} s"
        )
    if found.state is State.AWAITING_CLAIM and found.address:
        _hand_over(request, controller, found.address)
    elif found.state is State.REGISTERED and not request.check_mode:
        remove(options["address_file"], options["qr_path"])


def _check(request: Request) -> None:
    options = request.options
    if options["state"] == "absent" and not options["confirm_data_loss"]:
        raise BadInput(
            "state=absent unregisters the printer, which loses its accounting data in the cloud",
            advice="Say confirm_data_loss: true if that is meant.",
        )
    if options["address_file"]:
        check_place(options["address_file"], "address_file")
    if options["qr_path"]:
        check_place(options["qr_path"], "qr_path", tuple(QR_KINDS))


def _waiting(request: Request, controller: Controller) -> str | None:
    """Return the address of a hand-over that waits to be completed: of this run, or in the file of an earlier one."""
    if not controller.hands_over:
        return None
    return known_address(request, _serial(controller))


def _serial(controller: Controller) -> str:
    return str(controller.serial or controller.identity()["serial"])


def _press(request: Request, controller: Controller, found: Registration) -> Registration:
    if request.check_mode:
        return found
    if controller.hands_over:
        pressed = replace(found, state=State.AWAITING_CLAIM, address=controller.hand_over())
    else:
        pressed = controller.register()
    request.result.values["pressed"] = True
    return pressed


def _unregister(request: Request, controller: Controller, found: Registration) -> Registration:
    if not controller.session.can("write", "unregister"):
        raise Unsupported(
            f"the profile {request.profile.id} has no way to unregister the printer at its controller",
            advice="Remove it in the cloud (home_device or cloud_printer with state: absent).",
        )
    return found if request.check_mode else controller.unregister()


def _failure(found: Registration) -> RegistrationFailed:
    return RegistrationFailed(
        f"the printer shows {found.text or 'an error'!r} where the registration address should be",
        advice=(
            "Call the service technician. [Register] is not pressed again by itself: "
            "run with retry_failed: true when the cause is gone."
        ),
        details={"registration": {"state": found.state.value, "text": found.text}},
    )


def _tell(request: Request, found: Registration) -> None:
    shown: dict[str, t.Any] = {
        "state": found.state.value,
        "method": request.profile.registration_method or "link",
        "text": found.text,
        "tenant": found.tenant,
        "service": found.service,
        "address_fingerprint": fingerprint(found.address) if found.address else None,
    }
    request.result.values["registration"] = shown
    if found.state is State.AWAITING_CLAIM:
        by_hand_over = shown["method"] == "hand_over"
        request.result.values["advice"] = COMPLETE_HAND_OVER if by_hand_over else ADVICE[Outcome.AWAITING_CLAIM]


def _hand_over(request: Request, controller: Controller, address: str) -> None:
    """Put the address where the options want it; it is a capability and stands in no result unless asked for."""
    options: Mapping[str, t.Any] = request.options
    if not options["return_address"]:
        request.capabilities.add(address)
    keep_address(request, _serial(controller), address)
    shown = request.result.values["registration"]
    if options["return_address"]:
        shown["address"] = address
    if request.check_mode:
        return
    if options["address_file"]:
        write_address(options["address_file"], address)
        shown["address_file"] = options["address_file"]
    if options["qr_path"] and not controller.hands_over:  # which has no QR code: its page is opened with a browser
        write_qr(options["qr_path"], address)
        shown["qr_path"] = options["qr_path"]
