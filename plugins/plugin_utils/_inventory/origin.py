# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a name or value of the inventory was written: file and line, and the text there.

Ansible keeps the place of names and of most values, for its own messages. For a value without one, such as true, the
line of its name is read. What has no place was not written in a file, or not in YAML: then there is only less to say.
"""

from __future__ import annotations

import linecache
import os
import re
import typing as t
from dataclasses import dataclass, replace

from ...module_utils._web.libraries import yaml
from .._core_versions import origin_of
from .._untagged import untagged

_WORD = re.compile(r"[^\s,\]}#]+")


@dataclass(frozen=True)
class WrittenAt:
    """File, line and column (from 1) of a name or value; column 0 if it is not known."""

    path: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def file(self) -> str:
        """The path of the file, from the current folder on if it lies there."""
        return _short(self.path)

    @property
    def is_encrypted(self) -> bool:
        """Whether ansible-vault has encrypted the file."""
        return linecache.getline(self.path, 1).startswith("$ANSIBLE_VAULT;")

    def word(self) -> str:
        """Return the word that the file has there, as it was typed; empty if it cannot be read."""
        found = _WORD.match(self._text(), self.column - 1) if self.column else None
        return found.group() if found else ""

    def after(self, name: str) -> WrittenAt | None:
        """Return where the value in the same line as ``name``, which stands here, begins; None if there is none."""
        if not self.column:
            return None
        quoted = rf"""(["']?){re.escape(name)}\1\s*:\s*(?=[^\s,\]}}#])"""
        found = re.compile(quoted).match(self._text(), self.column - 1)
        return replace(self, column=found.end() + 1) if found else None

    def _text(self) -> str:
        """Return the line of the file; files are read once, as an inventory has thousands of lines."""
        return linecache.getline(self.path, self.line)


def written_at(value: t.Any) -> WrittenAt | None:
    """Return where a name or value that Ansible read from a file was written; None if that is not known."""
    origin = origin_of(value)
    return WrittenAt(*origin) if origin else None


def line_of(name: str) -> WrittenAt | None:
    """Return in which line a name that Ansible read stands; None if that is not known."""
    at = written_at(name)
    return replace(at, column=0) if at else None


def value_written_at(name: str, value: t.Any) -> WrittenAt | None:
    """Return where the ``value`` of the variable ``name`` was written; None if that is not known.

    ``name`` is the one that Ansible read. Where several files define a variable it may be that of another one, so a
    value beside it counts only if it is the same.
    """
    at = written_at(value)
    if at or isinstance(value, (str, dict, list)):
        return at
    named = written_at(name)
    beside = named.after(str(name)) if named else None
    if beside is None:
        return None
    return beside if typed_at(beside, value) else None


def name_written_at(name: str, path: t.Any) -> WrittenAt | None:
    """Return where the name of a host stands first in the file ``path`` of an inventory; None if it stands nowhere."""
    if not isinstance(path, str):
        return None
    whole = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
    lines = enumerate(linecache.getlines(path), start=1)
    line = next((number for number, text in lines if whole.search(text.partition("#")[0])), None)
    return None if line is None else WrittenAt(path, line)


def typed_at(at: WrittenAt, value: t.Any) -> str:
    """Return how ``value`` was typed in the file; empty if something else stands there, as in an encrypted file."""
    word = at.word()
    typed, plain = untagged(_read(word)), untagged(value)
    return word if (type(typed), typed) == (type(plain), plain) else ""


def _read(word: str) -> t.Any:
    """Return what YAML makes of a word."""
    try:
        return yaml.safe_load(word)
    except (yaml.YAMLError, ValueError, IndexError):  # digits that are no date, a tag without a value
        return None


def _short(path: str) -> str:
    """Return ``path`` from the current folder on, if it lies there."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative
