# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registration addresses that are in files when a run is stopped: encrypted or removed as at the end of the role.

While a run claims its printers their addresses are in files, whatever C(onboard_addresses) says. A run that is stopped
comes to no task that would clear them, so a bulk worker or the main process does. Knows hosts and folders, no printer.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from ansible.parsing.vault import VaultLib, VaultSecret

from ...module_utils._prisma.address_files import ADDRESS, host_file
from .._inprocess.shared_store import STORE
from .cleared_addresses import AddressFiles, Encrypt, clear_addresses

_PASSWORD = "addresses|password|"


@dataclass(frozen=True)
class WaveAddresses:
    """Where the addresses of the hosts of a wave are, and what becomes of them. All of it may be noted in a file."""

    play: str
    hosts: tuple[str, ...]
    files: str
    """The folder in which they are."""
    folder: str
    """The folder for those that are encrypted."""
    vault_id: str | None
    """The vault id whose password encrypts; None where they are removed."""

    @classmethod
    def of_dict(cls, data: t.Mapping[str, t.Any]) -> WaveAddresses:
        """Return what :meth:`as_dict` made ``data`` of."""
        return cls(**{**data, "hosts": tuple(data["hosts"])})

    def as_dict(self) -> dict[str, t.Any]:
        """Return it as JSON has it."""
        return asdict(self)


def encryption(vault_id: str, secret: t.Any) -> Encrypt:
    """Return what encrypts a text as ansible-vault does. ``secret`` is Ansible's C(VaultSecret) of ``vault_id``."""
    vault = VaultLib([(vault_id, secret)])
    return lambda text: str(vault.encrypt(text, secret=secret, vault_id=vault_id).decode())


def keep_password(play: str, secret: t.Any) -> None:
    """Keep the password that encrypts, in the memory of the run and in no file; None for none any more."""
    if secret is None:
        STORE.forget(f"{_PASSWORD}{play}")
    else:
        STORE.save(f"{_PASSWORD}{play}", {"password": secret.bytes.decode("latin-1")})


def clear_stopped(waves: Iterable[WaveAddresses]) -> list[str]:
    """Encrypt or remove the addresses of ``waves``; return warnings about those that are left."""
    warnings: list[str] = []
    for wave in waves:
        encrypt = None
        if wave.vault_id is not None:
            held = STORE.load(f"{_PASSWORD}{wave.play}")
            if held is None:
                warnings.append(f"Registration addresses are left in {wave.files}: the memory of the run was full")
                continue
            encrypt = encryption(wave.vault_id, VaultSecret(held["password"].encode("latin-1")))
        printers = [AddressFiles(name, host_file(wave.files, name, ADDRESS)) for name in wave.hosts]
        warnings += clear_addresses(printers, wave.folder, encrypt).warnings
    return warnings
