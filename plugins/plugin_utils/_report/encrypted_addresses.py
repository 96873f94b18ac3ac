# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registration addresses as ansible-vault has encrypted them: their files, and the data of runs. Decrypts nothing."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping

from ...module_utils._prisma.address_files import ENCRYPTED_ADDRESS, host_file, write_private
from ...module_utils._web.errors import BadInput
from ...module_utils._web.text_file import VAULT_HEADER
from .._run_identity import ADDRESSES_PREFIX


def write_encrypted(folder: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Write the encrypted address of each printer to a file of its own, and return the paths by printer."""
    files = {}
    for name, text in sorted(texts.items()):
        files[name] = host_file(folder, name, ENCRYPTED_ADDRESS)
        write_private(files[name], text.encode())
    return files


def encrypted_of_variables(variables: Mapping[str, t.Any]) -> dict[str, str]:
    """Return the encrypted addresses by printer that variables hold, as runs have set them.

    Raises :class:`BadInput` for a variable of that name which holds anything else.
    """
    found: dict[str, str] = {}
    for variable in sorted(variables, key=lambda name: (len(name), name)):  # job 10000 is later than 9999
        if not variable.startswith(ADDRESSES_PREFIX):
            continue
        held = variables[variable]
        if not isinstance(held, Mapping) or not all(str(text).startswith(VAULT_HEADER) for text in held.values()):
            raise BadInput(
                f"the variable {variable} holds no encrypted addresses", advice="Leave it out, or run again."
            )
        found.update({str(name): str(text) for name, text in held.items()})
    return found


def folder_beside(report: str) -> str:
    """Return the folder for encrypted addresses beside a merged report."""
    return os.path.join(os.path.dirname(report), "addresses")
