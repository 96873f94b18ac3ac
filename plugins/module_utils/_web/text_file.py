# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text files that options name. One that ansible-vault has encrypted is read by Ansible's loader, which is not here."""

from __future__ import annotations

import typing as t

from .errors import BadInput

TextReader: t.TypeAlias = t.Callable[[str], str]
"""Returns the text of the file at a path, line ends as they are; raises OSError, UnicodeDecodeError or BadInput."""

VAULT_HEADER = "$ANSIBLE_VAULT;"


def is_encrypted(path: str) -> bool:
    """Whether ansible-vault has encrypted the file at ``path``; False where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read(len(VAULT_HEADER)) == VAULT_HEADER.encode()
    except OSError:
        return False


def read_text(path: str) -> str:
    """Return the text of a file (UTF-8), as an ordinary module can read it: not one that is encrypted."""
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    if text.startswith(VAULT_HEADER):
        raise BadInput(
            f"{path} is encrypted with ansible-vault, and a module that runs by itself has no vault password",
            advice="Run the task in-process (printops_in_process: true, not delegated to another machine), or decrypt "
            "the file.",
        )
    return text
