# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text files on the control node, decrypted by Ansible's loader where ansible-vault has encrypted them."""

from __future__ import annotations

import os
import typing as t

from ansible.errors import AnsibleError

from ..module_utils._web.errors import BadInput
from ..module_utils._web.text_file import VAULT_HEADER
from ._core_versions import file_text
from ._untagged import untagged


class VaultReader:
    """Reads text files with the vault passwords of ``loader``. ``decrypted``: paths of those that were encrypted.

    No text of a file is in a message, nor its ciphertext.
    """

    def __init__(self, loader: t.Any) -> None:
        self._loader = loader
        self.decrypted: set[str] = set()

    def fresh(self) -> VaultReader:
        """Return a reader with the same passwords, which has decrypted nothing yet."""
        return VaultReader(self._loader)

    def __call__(self, path: str) -> str:
        """Return the text of the file at ``path``; raise OSError, UnicodeDecodeError or :class:`BadInput`."""
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        if not text.startswith(VAULT_HEADER):
            return text
        try:
            decrypted = str(untagged(file_text(self._loader, os.path.abspath(path))))
        except AnsibleError:
            raise BadInput(
                f"{path} is encrypted with ansible-vault and cannot be decrypted with the vault passwords of this run",
                advice="Run ansible-playbook with --ask-vault-pass or --vault-password-file.",
            ) from None
        self.decrypted.add(path)
        return decrypted
