# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task expects of a reading: values of its fields, or a row that is there or is not. Pure; sends nothing."""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .._web.redaction import REDACTED
from .._web.session.reading import Reading


@dataclass(frozen=True)
class ExpectedReading:
    """``values`` by field. ``rows``: whether a list is read, of which a row has them; ``absent``: no row has them.

    ``secret``: fields of which neither a difference nor a message shows what is there or is to be.
    """

    values: Mapping[str, t.Any]
    rows: bool
    absent: bool = False
    secret: Collection[str] = ()

    def holds(self, reading: Reading) -> bool:
        """Return whether ``reading`` is as expected."""
        if not self.rows:
            return self._fits(reading.values)
        return any(self._fits(row) for row in reading.rows) is not self.absent

    def _fits(self, found: Mapping[str, t.Any]) -> bool:
        return all(is_same(found.get(name), value) for name, value in self.values.items())

    def difference(self, reading: Reading) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
        """Return what is there and what is to be there instead, for a diff."""
        if self.rows:
            wanted = self.shown(self.values)
            there = wanted if any(self._fits(row) for row in reading.rows) else {}
            return there, {} if self.absent else wanted
        before = {name: reading.values.get(name) for name in self.values}
        differs = {name: value for name, value in self.values.items() if not is_same(before[name], value)}
        return self.shown(before), {**self.shown(before), **self.shown(differs, f"{REDACTED} (new)")}

    def shown(self, values: Mapping[str, t.Any], instead: str = REDACTED) -> dict[str, t.Any]:
        """Return ``values`` for a result, without those of secret fields: what is in force is as secret."""
        return {name: instead if name in self.secret and value is not None else value for name, value in values.items()}

    def lacking(self, reading: Reading) -> str:
        """Return in words what is not as expected."""
        if self.rows:
            wanted = ", ".join(f"{name} {value!r}" for name, value in self.shown(self.values).items())
            return f"a row has {wanted}" if self.absent else f"no row of {len(reading.rows)} has {wanted}"
        return ", ".join(
            f"{name} is another value"
            if name in self.secret
            else f"{name} is {reading.values.get(name)!r} and not {value!r}"
            for name, value in self.values.items()
            if not is_same(reading.values.get(name), value)
        )


def is_same(found: t.Any, expected: t.Any) -> bool:
    """Return whether two values are the same on a page, where a number is a text, too, and true is a word."""
    if isinstance(expected, (list, tuple)) and isinstance(found, (list, tuple)):
        return len(found) == len(expected) and all(map(is_same, found, expected))
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return found.keys() == expected.keys() and all(is_same(found[name], expected[name]) for name in expected)
    return found == expected or _text(found) == _text(expected)


def _text(value: t.Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
