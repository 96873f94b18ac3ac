# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a name or value of the inventory was written: file and line, and the text there. Knows Ansible's tags.

Ansible keeps the place as a tag of its own, for its messages. Without it there is only less to say.
"""

from __future__ import annotations

import os
import re
import typing as t
from dataclasses import dataclass

_NUMBER = re.compile(r"[^\s,\]}#]+")


@dataclass(frozen=True)
class WrittenAt:
    """File, line and column (from 1) of a name or value; column 0 if it is not known."""

    path: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        return f"{_short(self.path)}:{self.line}"

    def word(self) -> str:
        """Return the word that the file has there, as it was typed; empty if it cannot be read."""
        if not self.column:
            return ""
        try:
            with open(self.path, encoding="utf-8") as file:
                line = next((text for number, text in enumerate(file, 1) if number == self.line), "")
        except (OSError, UnicodeDecodeError):
            return ""
        found = _NUMBER.match(line, self.column - 1)
        return found.group() if found else ""


def written_at(value: t.Any) -> WrittenAt | None:
    """Return where a name or value that Ansible read from a file was written; None if that is not known."""
    for kind, tag in dict(getattr(value, "_ansible_tags_mapping", None) or {}).items():
        if kind.__name__ == "Origin" and tag.path and (tag.line_num or 0) > 0:
            return WrittenAt(str(tag.path), int(tag.line_num), int(tag.col_num or 0))
    return None


def _short(path: str) -> str:
    """Return ``path`` from the current folder on, if it lies there."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative
