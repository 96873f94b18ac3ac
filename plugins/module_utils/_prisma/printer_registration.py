# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module printer_registration: registers a printer at its controller, or unregisters it."""

from __future__ import annotations

import typing as t
from contextlib import ExitStack
from dataclasses import replace

from .._decide.address import SHORTEST_CODE, fingerprint, host_of, refusal
from .._decide.registration import Registration, RegistrationStep, State, is_under_way, plan, what_remains
from .._options.cloud import SITE_URL
from .._web.errors import BadInput, NotTried, RegistrationFailed, TimedOut, Unsupported
from .._web.http.client import Purpose
from .address_files import (
    QR_KINDS,
    ROOM,
    Reservation,
    check_place,
    remove,
    reserved,
    write_address,
    write_qr,
)
from .address_lock import address_lock
from .controller import Controller
from .ors_status import demand_ready
from .read_back import write_or_read_back
from .registration_address import address_key, allowed_hosts, keep_address, known_address
from .session_check import check_claim_time
from .task import Request
from .waiting import poll

ORS_AGE = 30.0
"""Seconds for which ORS counts as ready before [Register] is pressed, once this run has read that it is."""

SEEN_AT_WORK = 5.0
"""Seconds for which a printer that was seen at work on its address is not asked again, if a pause may be that long."""

GOALS = {RegistrationStep.PRESS: State.AWAITING_CLAIM, RegistrationStep.UNREGISTER: State.UNREGISTERED}


def run(request: Request) -> None:
    """Read, decide, press at most once, wait for the address, and hand it over as the options say."""
    _check_options(request)
    controller = Controller.of(request)
    controller.prove_right_printer()
    work = _RegistrationTask(request, controller)
    with ExitStack() as held, ExitStack() as turn:
        work.take_turn(turn)
        found = work.read()
        step = plan(
            found.state,
            present=work.present,
            retry_failed=request.options["retry_failed"],
            register_again=request.options["register_again"],
        )
        request.result.values["pressed"] = False
        work.check_step(step, found)
        request.result.plan({"registration": found.state.value}, {"registration": GOALS.get(step, found.state).value})
        if step is RegistrationStep.PRESS and not request.check_mode:
            work.reserve_files(held)
        found = work.carry_out(step, found)
        if not controller.hands_over:  # the page shows by now that somebody has pressed
            turn.close()
        if not (request.check_mode and step is RegistrationStep.PRESS):
            found = work.wait_for_address(found)
            work.check_result(found)
        work.set_result(found)
        work.hand_over(found)


def _check_options(request: Request) -> None:
    options = request.options
    if options["state"] == "absent" and not options["confirm_data_loss"]:
        raise BadInput(
            "state=absent unregisters the printer, which loses its accounting data in the cloud",
            advice="Set confirm_data_loss: true if this is intended.",
        )
    if options["address_file"]:
        check_place(options["address_file"], "address_file", links=False)
    if options["qr_path"]:
        check_place(options["qr_path"], "qr_path", tuple(QR_KINDS), links=False)


class _RegistrationTask:
    """The steps of :func:`run` for one controller."""

    def __init__(self, request: Request, controller: Controller) -> None:
        self._request = request
        self._options = request.options
        self._controller = controller
        allowed_hosts(request)  # refuses a wrong entry before anything is asked
        self._room: dict[str, Reservation] = {}
        self._address: str | None = None
        """The registration address that waits, once it was checked."""
        self.present = self._options["state"] == "present"

    def take_turn(self, turn: ExitStack) -> None:
        """Wait until no other task may press the button: of this run, as a printer may have two names in the inventory.

        Of a hand-over also of another run with the same file. No controller shows that one has begun: all that tells of
        it is the address that the button returned, so it is looked for, pressed for and kept in one turn.
        """
        controller = self._controller
        presses = self.present and self._options["press"] and not self._request.check_mode
        if not presses or not (controller.hands_over or controller.knows_serial):
            return
        name = f"{address_key(controller.serial_number())}|turn"
        with controller.session.client.paused_deadline():
            turn.enter_context(self._request.store.lock(name))
            if controller.hands_over and "address_file" in self._files():
                path = self._files()["address_file"]
                turn.enter_context(address_lock(path, lambda: self._request.check_run(Purpose.READ)))

    def read(self) -> Registration:
        """Read the registration; of a hand-over with the address that this run or an earlier one has.

        A task that only waits does not ask a printer again that the task before has seen at work on its address.
        """
        options = self._options
        only_waits = self.present and options["wait"] and not (options["press"] or self._request.check_mode)
        recently = min(options["wait_sleep"], options["wait_timeout"], SEEN_AT_WORK)
        if only_waits and self._controller.address_was_being_made(recently):
            return Registration(State.REQUESTED)
        address = None
        if self._controller.hands_over:
            address = known_address(self._request, self._controller.serial_number(), proven=True)
        return self._controller.registration(address, register_again=self.present and options["register_again"])

    # --- before anything is changed ---

    def check_step(self, step: RegistrationStep, found: Registration) -> None:
        """Raise if ``step`` is not possible in the state that was found."""
        if step is RegistrationStep.STOP:
            self.set_result(found)
            raise _failure(found)
        if step is RegistrationStep.PRESS:
            self._controller.session.require("write", "register")
            self._check_press(found)
        if step is RegistrationStep.UNREGISTER and not self._controller.session.can("write", "unregister"):
            raise Unsupported(
                f"the profile {self._request.profile.id} has no way to unregister the printer at its controller",
                advice="Remove it in the cloud (home_device or cloud_printer with state: absent).",
            )

    def _check_press(self, found: Registration) -> None:
        if not self._options["press"]:
            self.set_result(found)
            raise _not_pending(found)
        if not self._options["keep_address"]:
            raise NotTried(
                "a person would have to open the registration address, and this run keeps none (onboard_addresses)",
                advice="Let the run claim the printer, with an account of the tenant and the tag claim, or set "
                "onboard_addresses to vault, or to files if the folder outlives the run. Then run again. "
                "[Register] was not pressed.",
            )
        if not self._hosts(found):
            raise BadInput(
                "no host is known that a registration address may lead to",
                advice="Set printops_tenant_url to the address of PRISMA Home, as a browser shows it, or "
                "printops_address_hosts to its host.",
            )
        check_claim_time(self._options["claim_before"], self._options["wait_timeout"])
        controller = self._controller
        controller.serial_number()  # under which the address is kept
        self._check_applications()
        if controller.hands_over and not controller.session.can("read", "ors"):
            return
        controller.session.require("read", "ors")
        assumed = self._request.check_mode and self._options["assume_ors_ready"]
        if not assumed and not controller.ors_was_ready(ORS_AGE):
            # As this user (domain.md, "Registering a printer in PRISMA Home", 2 and 4); before the plan, as nothing is
            # going to change where ORS is not ready.
            demand_ready(controller.ors(), controller)

    def _check_applications(self) -> None:
        """Raise if a printer that hands over would refuse it: an application must be on (domain.md, "PRISMAsync")."""
        controller = self._controller
        assumed = self._request.check_mode and self._options["assume_application_on"]
        if assumed or not controller.hands_over or not controller.session.can("read", "applications"):
            return
        found = controller.applications()
        if not any(each.enabled for each in found.values()):
            raise BadInput(
                "no cloud application is switched on at the printer, which then refuses to be registered",
                advice="Declare at least one in onboard_applications (module device_applications) and run again; the "
                f"printer has {', '.join(sorted(found)) or 'none'}.",
            )

    def reserve_files(self, held: ExitStack) -> None:
        """Make sure of room for the files before [Register] is pressed: no controller shows a hand-over twice."""
        for option, path in self._files().items():
            self._room[option] = held.enter_context(reserved(path, ROOM[option]))

    # --- the change ---

    def carry_out(self, step: RegistrationStep, found: Registration) -> Registration:
        """Press the button of ``step``, if it has one; return what the controller then shows."""
        if self._request.check_mode or step not in GOALS:
            return found
        presses = step is RegistrationStep.PRESS
        written = write_or_read_back(
            self._request,
            (lambda: self._press(found)) if presses else self._controller.unregister,
            self._controller.registration,
            before=found,
            done=lambda now: is_under_way(found, now) if presses else now.state is State.UNREGISTERED,
        )
        if not written.own:  # by another session: this task has changed nothing
            self._request.result.plan({}, {})
        self._request.result.values["pressed"] = presses and written.own
        return written.state or t.cast("Registration", written.returned)

    def _press(self, found: Registration) -> Registration:
        if self._controller.hands_over:
            return replace(found, state=State.AWAITING_CLAIM, address=self._controller.hand_over())
        return self._controller.register()

    def wait_for_address(self, found: Registration) -> Registration:
        """Wait, as the options say, while an address is being made."""
        if not self._waits(found):
            return found
        seen = poll(
            self._controller.registration,
            lambda seen: seen.state is not State.REQUESTED,
            timeout=self._options["wait_timeout"],
            sleep=self._options["wait_sleep"],
            first=found,
            started_at=self._request.wait_started_at,
        )
        self._controller.prove_unchanged()  # what is shown now may be the address of another printer
        return seen

    def _waits(self, found: Registration) -> bool:
        wanted = self.present and self._options["wait"] and not self._request.check_mode
        return wanted and found.state is State.REQUESTED

    # --- the result ---

    def check_result(self, found: Registration) -> None:
        """Raise if what the controller shows now is a failure, or an address that must not be used."""
        if found.state is State.AWAITING_CLAIM and found.address and self.present:
            self._check_address(found.address, found)
        if found.state is State.FAILED:
            self.set_result(found)
            raise _failure(found)
        if found.state is State.UNREGISTERED and self.present:
            self.set_result(found)
            raise _not_pending(found)
        if self._waits(found):
            self.set_result(found)
            raise TimedOut(
                "[Register] was pressed, but no registration address appeared within "
                f"{self._options['wait_timeout']:g} s"
            )

    def _hosts(self, found: Registration) -> frozenset[str]:
        """Return the hosts that the address may lead to.

        A link leads to PRISMA Home, a hand-over to either cloud (domain.md, "Registering a printer in PRISMA Home").
        The vendor's site is known by default, and counts unless a printer says that it hands over to PRISMA Home.
        """
        site_url = self._options["site_url"]
        may_be_site = self._controller.hands_over and (found.service != "home" or site_url != SITE_URL)
        return allowed_hosts(self._request, self._options["tenant_url"], site_url if may_be_site else None)

    def _check_address(self, address: str, found: Registration) -> None:
        if len(address) >= SHORTEST_CODE:
            self._request.capabilities.add(address)
        why_not = refusal(address, self._hosts(found))
        if why_not:
            raise RegistrationFailed(
                why_not,
                advice="Do not open it. Check which device this is. If the host is that of your PRISMA Home or "
                "administration site, add it to printops_address_hosts and run again.",
                details={"registration": {"state": State.AWAITING_CLAIM.value}},
            )
        self._address = address

    def set_result(self, found: Registration) -> None:
        """Put the registration, and what remains to be done, into the result."""
        address = self._address
        shown: dict[str, t.Any] = {
            "state": found.state.value,
            "method": self._request.profile.registration_method or "link",
            "text": found.text,
            "tenant": found.tenant,
            "service": found.service,
            "address_fingerprint": fingerprint(address) if address else None,
            "address_host": host_of(address) if address else None,
        }
        self._request.result.values["registration"] = shown
        if found.state is State.AWAITING_CLAIM:
            self._request.result.values["advice"] = what_remains(shown["method"], shown["address_host"])

    def hand_over(self, found: Registration) -> None:
        """Keep the address and write its files. It is a capability: only ``return_address`` puts it into the result."""
        if found.state is State.REGISTERED and not self._request.check_mode:
            remove(self._options["address_file"], self._options["qr_path"])
        if self._address is None:
            return
        serial, shown_again = self._controller.serial_number(), not self._controller.hands_over
        keep_address(self._request, serial, self._address, shown_again=shown_again)
        shown = self._request.result.values["registration"]
        if self._options["return_address"]:
            self._request.capabilities.discard(self._address)
            shown["address"] = self._address
        if not self._request.check_mode:
            self._write_files(shown, self._address)

    def _files(self) -> dict[str, str]:
        """Return the files to be written, by option. A hand-over has no QR code: its page is opened with a browser."""
        wanted = ("address_file",) if self._controller.hands_over else ("address_file", "qr_path")
        if not self._options["keep_address"]:
            return {}
        return {option: str(self._options[option]) for option in wanted if self._options[option]}

    def _write_files(self, shown: dict[str, t.Any], address: str) -> None:
        files = self._files()
        if "address_file" in files:
            serial = self._controller.serial_number()
            write_address(files["address_file"], address, serial, self._room.get("address_file"))
            shown["address_file"] = files["address_file"]
        if "qr_path" not in files:
            return
        owner = f"{self._request.printer}  {self._controller.serial_number()}"
        if write_qr(files["qr_path"], address, self._room.get("qr_path"), owner=owner):
            shown["qr_path"] = files["qr_path"]
        else:
            self._request.result.warnings.append(
                f"{self._request.printer}: the registration address is too long for a QR code; use the address itself"
            )


def _not_pending(found: Registration) -> TimedOut:
    return TimedOut(f"the printer shows {found.state.value}: the request for an address is not pending any more")


def _failure(found: Registration) -> RegistrationFailed:
    return RegistrationFailed(
        f"the printer shows {found.text or 'an error'!r} where the registration address should be",
        advice=(
            "Call the service technician. [Register] is not pressed again automatically: when the cause is gone, "
            "set onboard_retry_failed: true (retry_failed of printer_registration) and run again."
        ),
        details={"registration": {"state": found.state.value, "text": found.text}},
    )
