# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task expects of a reading: values of its fields, or a row that is there or is not. Pure; sends nothing."""

from __future__ import annotations

import typing as t
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from .._decide.text import ascii_lower
from .._web.errors import UnexpectedPage
from .._web.redaction import REDACTED
from .._web.session.reading import Reading


@dataclass(frozen=True)
class ExpectedReading:
    """``values`` by field. ``rows``: whether a list is read, of which a row has them; ``absent``: no row has them.

    Nobody is absent whom a row shows in another case of A to Z, as an e-mail address is one person in both; and a row
    whose field was not read may be that of anybody.

    ``secret``: fields of which neither a difference nor a message shows what is there or is to be.
    """

    values: Mapping[str, t.Any]
    rows: bool
    absent: bool = False
    secret: Collection[str] = ()

    def holds(self, reading: Reading) -> bool:
        """Return whether ``reading`` is as expected. Raises where it does not show that a row is absent."""
        if not self.rows:
            return self._fits(reading.values)
        if self.absent:
            self._check_read(reading)
        return any(self._fits(row) for row in reading.rows) is not self.absent

    def _fits(self, found: Mapping[str, t.Any]) -> bool:
        fold = ascii_lower if self.absent else str
        return all(is_same(found.get(name), value, fold) for name, value in self.values.items())

    def _check_read(self, reading: Reading) -> None:
        for number, row in enumerate(reading.rows, 1):
            unread = [name for name in self.values if row.get(name) is None]
            if unread and self._fits({**row, **{name: self.values[name] for name in unread}}):
                raise UnexpectedPage(
                    f"row {number} of {len(reading.rows)} has no {', '.join(unread)}: nothing proves that it is "
                    "not the one that is to be absent",
                    advice="Correct the profile so that it reads this field of each row, or expect other fields.",
                )

    def spellings(self, reading: Reading) -> list[str]:
        """Return in words the rows that have the values, each spelling once: those that differ may be two people."""
        rows = ({name: row.get(name) for name in self.values} for row in reading.rows if self._fits(row))
        return list(dict.fromkeys(map(self._in_words, rows)))

    def gone_besides(self, before: Reading, after: Reading) -> list[str]:
        """Return in words the rows that are gone besides those that are to be absent, known by the expected fields."""

        return self._only_in(before, after, lambda row: not self._fits(row))

    def changed(self, before: Reading, after: Reading) -> list[str]:
        """Return in words the rows that have come and those that are gone, known by the expected fields."""
        new, gone = self._only_in(after, before), self._only_in(before, after)
        return [*(f"a new row: {row}" for row in new), *(f"no more: {row}" for row in gone)]

    def _only_in(
        self,
        some: Reading,
        others: Reading,
        those: Callable[[Mapping[str, t.Any]], bool] = lambda row: True,
    ) -> list[str]:
        def known(row: Mapping[str, t.Any]) -> tuple[str, ...]:
            return tuple(ascii_lower(_text(row.get(name))) for name in self.values)

        more = Counter(map(known, some.rows)) - Counter(map(known, others.rows))
        found = {known(row): row for row in some.rows if known(row) in more and those(row)}
        return [self._in_words({name: row.get(name) for name in self.values}) for row in found.values()]

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
            wanted = self._in_words(self.values)
            return f"a row has {wanted}" if self.absent else f"no row of {len(reading.rows)} has {wanted}"
        return ", ".join(
            f"{name} is another value"
            if name in self.secret
            else f"{name} is {reading.values.get(name)!r} and not {value!r}"
            for name, value in self.values.items()
            if not is_same(reading.values.get(name), value)
        )

    def _in_words(self, values: Mapping[str, t.Any]) -> str:
        return ", ".join(f"{name} {value!r}" for name, value in self.shown(values).items())


def is_same(found: t.Any, expected: t.Any, fold: Callable[[str], str] = str) -> bool:
    """Return whether two values are the same on a page, where a number is a text, too, and true is a word.

    Nor does it matter whether an accent is a character of its own (NFC): a page shows both alike.

    ``fold`` makes equal texts of those that count as one.
    """
    if isinstance(expected, (list, tuple)) and isinstance(found, (list, tuple)):
        return len(found) == len(expected) and all(is_same(*each, fold) for each in zip(found, expected, strict=True))
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return found.keys() == expected.keys() and all(is_same(found[name], expected[name], fold) for name in expected)
    return found == expected or fold(_text(found)) == fold(_text(expected))


def _text(value: t.Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else unicodedata.normalize("NFC", " ".join(str(value).split()))
