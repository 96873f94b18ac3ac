# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registration address of a printer: where it may lead, and where it is kept between tasks. Sends nothing."""

from __future__ import annotations

from .._decide.address import SHORTEST_CODE, codes_of, hosts_of, refusal
from .._decide.serial_number import canonical_serial, same_serial
from .._web.errors import BadInput, PrismaError, TransportError, UnexpectedPage, WrongDevice
from .._web.http.client import Purpose
from .._web.session.store import FOR_RUN
from .address_files import read_kept, remove
from .address_lock import remove_spent
from .task import Request


def address_key(serial: str) -> str:
    """Return where the store of a run keeps the registration address of a printer for the claiming task."""
    return f"address|{canonical_serial(serial)}"


def known_address(request: Request, serial: str, *, proven: bool = False) -> str | None:
    """Return the registration address of a printer, None if there is none.

    The option ``address`` wins, then what an earlier task of this run saw, then ``address_file``, which may be of an
    earlier run (:func:`address_in_file`). Of a printer that shows that it is registered (``printer_registered``), what
    a file holds is spent.
    """
    options = request.options
    if options.get("address") is not None:
        return str(options["address"])
    in_memory: str | None = (request.store.load(address_key(serial)) or {}).get("address")
    if in_memory or not options["address_file"] or options.get("printer_registered"):
        return in_memory
    address, warning = address_in_file(options["address_file"], serial, proven=proven)
    request.result.warnings += [warning] if warning else []
    return address


def address_in_file(path: str, serial: str, *, proven: bool = False) -> tuple[str | None, str | None]:
    """Return the address in a file that the printer with this serial number may use, and what to warn of.

    A host of the inventory may have got another printer since the file was written. ``proven``: a file that does not
    say of which printer it is is not used either.
    """
    kept, serial = read_kept(path), canonical_serial(serial)
    if kept is None or same_serial(kept.serial, serial):
        return (kept.address if kept is not None else None), None
    if kept.serial:
        return None, (
            f"The registration address that is kept is of the printer {kept.serial}, not of {serial}: it is not used, "
            f"and its file is replaced or removed. If {kept.serial} is still to be registered, run again with it under "
            "its own host name"
        )
    what = f"The registration address that is kept for {serial} does not say of which printer it is"
    if proven:
        return None, f"{what}: it is not used. Once [Register] is pressed again, labels with the old address are void"
    return kept.address, f"{what}: it is used, and only the cloud's answer shows whether it was the right printer"


def allowed_hosts(request: Request, *urls: str | None) -> frozenset[str]:
    """Return the hosts that a registration address may lead to: the profile's, the option's, and those of ``urls``.

    Raises :class:`BadInput` for an entry that is no host.
    """
    listed = [*request.profile.address_hosts, *(request.options["address_hosts"] or ())]
    try:
        return hosts_of(listed, urls)
    except ValueError as error:
        raise BadInput(
            f"printops_address_hosts: {error}", advice="Give hosts without scheme and port, such as home.example.com."
        ) from error


def check_address(request: Request, address: str, *urls: str | None) -> None:
    """Raise :class:`BadInput` unless a claiming task may use ``address``, before anything is sent there.

    From here on it is kept out of the result, and so are its codes, which pages that it leads to have in their address.
    A serial number or a tenant in it is no secret.
    """
    why_not = refusal(address, allowed_hosts(request, *urls))
    if why_not:
        raise BadInput(
            why_not,
            advice="Nothing was sent to that host. Check where the address came from. If the host belongs to your "
            "cloud, add it to printops_address_hosts.",
        )
    known = {canonical_serial(request.options.get(name) or "") for name in ("serial", "tenant")}
    codes = (code for code in codes_of(address) if canonical_serial(code) not in known)
    request.capabilities.update(part for part in (address, *codes) if len(part) >= SHORTEST_CODE)


def keep_address(request: Request, serial: str, address: str, *, shown_again: bool) -> None:
    """Keep an address for later tasks of this run.

    One that the controller does not show again is kept until it is spent, also for another host of the inventory that
    is the same printer: its file has another name.
    """
    request.store.save(address_key(serial), {"address": address, FOR_RUN: not shown_again})


def spend_address(request: Request, serial: str) -> None:
    """Remove the address of a printer that is registered from memory and files, and note that in the result."""
    remove(request.options["address_file"], request.options["qr_path"])
    request.store.forget(address_key(serial))
    request.result.values["address_spent"] = True


LISTED = "listed, not registered"
"""What the cloud has of a printer whose address waits: a row of an earlier registration."""

LEFT_OVER = (
    "If the row is left from an earlier registration, for example of a controller that was reset, remove it there and "
    "run again; in PRISMA Home that loses its accounting data and frees no paid licence."
)


def claims_again(request: Request, address: str | None, *, expected: bool = False) -> bool:
    """Whether a printer that the cloud lists is claimed all the same: an address that waits says it is not registered.

    ``expected``: one will wait once [Register] is pressed. What the cloud answers for a printer that it lists is in no
    source (domain.md, "Registering a printer in PRISMA Home"), so the cloud is asked.
    """
    return (address is not None or expected) and not request.options["printer_registered"]


def is_refusal(error: PrismaError) -> bool:
    """Whether ``error`` is the cloud's own answer to a claim, whatever it says: not a request or an answer lost."""
    return not error.may_have_arrived and (isinstance(error, UnexpectedPage) or error.__class__ is PrismaError)


def is_unknown(error: PrismaError) -> bool:
    """Whether ``error`` is the cloud's answer that it does not know an address, any more: 404, or 410 (Gone)."""
    return error.details.get("status") in (404, 410) and not isinstance(error, TransportError)


def check_whose(serial: str, found: str | None, advice: str) -> None:
    """Raise :class:`WrongDevice` if the cloud shows that an address is another printer's; None if it does not say."""
    if found is not None and not same_serial(found, serial):
        raise WrongDevice(f"the address belongs to the printer {found!r}, declared is {serial!r}", advice=advice)


def refused_although_listed(error: PrismaError, cloud: str, serial: str, shown: str, what_next: str) -> PrismaError:
    """Return the error of a claim that ``cloud`` refuses for a printer that it lists, as ``shown``."""
    return PrismaError(
        f"{cloud} lists the printer {serial} already{shown}, but the printer shows that it is not registered, and its "
        f"claim is refused: {error}",
        advice=f"{what_next} {LEFT_OVER}",
        details=error.details,
    )


def discard_address(request: Request, serial: str, address: str) -> str:
    """Remove an address that the cloud does not know any more, and note that in the result; return what to do next.

    What another run has got meanwhile is not this address, and stays.
    """
    options, key = request.options, address_key(serial)
    if (request.store.load(key) or {}).get("address") == address:
        request.store.forget(key)
    request.result.values["address_spent"] = True
    file, qr_path = options["address_file"], options["qr_path"]
    if not file:
        remove(qr_path)
    elif not remove_spent(address, file, qr_path, check_run=lambda: request.check_run(Purpose.READ)):
        return "Run again: another run has got a new address meanwhile, which is then used."
    if options.get("registration_method") == "link":  # while one is shown, [Register] is not pressed
        return (
            "Run again: the printer is then asked which address it shows. If it is the same one, have a person press "
            "[Register] at the printer."
        )
    return "Run again: the printer is then asked for a new address."
