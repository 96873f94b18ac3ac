# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypts or removes registration addresses in files, as C(onboard_addresses) says. Knows files, no play."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ansible.errors import AnsibleError

from ...module_utils._prisma.address_files import (
    ADDRESS,
    ENCRYPTED_ADDRESS,
    QR_CODE,
    host_file,
    read_kept,
    remove,
)
from ...module_utils._web.errors import PrismaError
from .._labels.labels import FILES
from .encrypted_addresses import write_encrypted

Encrypt = Callable[[str], str]


@dataclass(frozen=True)
class AddressFiles:
    """The files of the printer ``name`` that may hold its registration address. ``spent``: it is of no use any more."""

    name: str
    path: str
    qr_path: str | None = None
    spent: bool = False


@dataclass
class ClearedAddresses:
    """What became of the files of several printers, by printer."""

    encrypted: dict[str, str] = field(default_factory=dict)
    """The files of encrypted addresses."""
    texts: dict[str, str] = field(default_factory=dict)
    """What is in them."""
    removed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    """What is left, and why: it is no error, as it would hide printers that need attention."""

    @contextmanager
    def noting(self, what: str) -> Iterator[None]:
        """Turn what goes wrong into a warning, so that it concerns nothing else."""
        try:
            yield
        except (PrismaError, AnsibleError, OSError) as error:
            self.warnings.append(f"{what}: {error}")


def clear_addresses(printers: Iterable[AddressFiles], folder: str, encrypt: Encrypt | None) -> ClearedAddresses:
    """Encrypt each address into a file in ``folder``, and remove the plain one with its QR code.

    Without ``encrypt`` it is only removed. So is one that is spent, together with what was encrypted before. Labels in
    ``folder``, which an earlier run has left, hold addresses too. An address that cannot be encrypted stays.
    """
    cleared = ClearedAddresses()
    with cleared.noting(f"Labels with registration addresses are left in {folder}"):
        remove(*(os.path.join(folder, name) for name in FILES))
    for printer in printers:
        with cleared.noting(f"{printer.name}: its registration address is left in a file"):
            _clear(printer, folder, encrypt, cleared)
    return cleared


def _clear(printer: AddressFiles, folder: str, encrypt: Encrypt | None, cleared: ClearedAddresses) -> None:
    kept = None if encrypt is None or printer.spent else read_kept(printer.path)
    if encrypt is not None and kept:
        text = encrypt(kept.text)
        cleared.encrypted |= write_encrypted(folder, {printer.name: text})
        cleared.texts[printer.name] = text
    files = [printer.path, *([host_file(folder, printer.name, ENCRYPTED_ADDRESS)] if printer.spent else [])]
    existed = any(map(os.path.lexists, files))
    remove(*files, printer.qr_path, f"{printer.path.removesuffix(ADDRESS)}{QR_CODE}")
    if existed:
        cleared.removed.append(printer.name)
