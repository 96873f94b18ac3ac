# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the registration address of a printer is kept between tasks: this run's memory, and files. Sends nothing."""

from __future__ import annotations

from .address_files import read_address, remove
from .task import Request


def address_key(serial: str) -> str:
    """Return where the store of a run keeps the registration address of a printer for the claiming task."""
    return f"address|{serial.strip().upper()}"


def known_address(request: Request, serial: str) -> str | None:
    """Return the registration address of a printer, None if there is none.

    The option ``address`` wins, then what an earlier task of this run saw, then ``address_file``, which may be of an
    earlier run.
    """
    options = request.options
    if options.get("address") is not None:
        return str(options["address"])
    in_memory: str | None = (request.store.load(address_key(serial)) or {}).get("address")
    if in_memory or not options["address_file"]:
        return in_memory
    return read_address(options["address_file"])


def keep_address(request: Request, serial: str, address: str) -> None:
    """Keep an address for later tasks of this run."""
    request.store.save(address_key(serial), {"address": address})


def spend_address(request: Request, serial: str) -> None:
    """Throw away an address that is of no use any more, wherever it is kept, and say so in the result.

    The printer is registered, or the cloud does not know the address any more: then the button is pressed anew.
    """
    remove(request.options["address_file"], request.options["qr_path"])
    key = address_key(serial)
    if request.store.load(key):
        request.store.save(key, {"address": None})
    request.result.values["address_spent"] = True
