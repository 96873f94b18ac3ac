# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a page, each read when it is first asked for: most expressions ask for one or two. Knows no HTML."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterator, Mapping


class _Parts(dict[str, t.Any]):
    """A dictionary like any other, but for when its values are made. ``parts``: how, by name."""

    def __init__(self, parts: Mapping[str, Callable[[], t.Any]]) -> None:
        super().__init__(dict.fromkeys(parts))
        self._unread = dict(parts)

    def __getitem__(self, name: str) -> t.Any:
        read = self._unread.pop(name, None)
        if read is not None:
            super().__setitem__(name, read())
        return super().__getitem__(name)

    def get(self, name: str, default: t.Any = None) -> t.Any:
        """Return a part, ``default`` where there is none of that name."""
        known = name in self
        return self[name] if known else default

    def __setitem__(self, name: str, value: t.Any) -> None:
        self._unread.pop(name, None)
        super().__setitem__(name, value)

    def _read_all(self) -> None:
        for name in tuple(self._unread):
            self[name]

    def __iter__(self) -> Iterator[str]:  # defined, so that copies are made by keys and values
        return super().__iter__()

    def keys(self) -> t.Any:
        """Return the names."""
        return super().keys()

    def items(self) -> t.Any:
        """Return names and parts."""
        self._read_all()
        return super().items()

    def values(self) -> t.Any:
        """Return the parts."""
        self._read_all()
        return super().values()

    def __eq__(self, other: object) -> bool:
        self._read_all()
        if isinstance(other, _Parts):
            other._read_all()
        return super().__eq__(other)

    __hash__ = None

    def __repr__(self) -> str:
        self._read_all()
        return super().__repr__()

    def __or__(self, other: t.Any) -> t.Any:
        return {**self, **other}

    def copy(self) -> dict[str, t.Any]:
        """Return a plain dictionary."""
        return dict(self.items())

    def __reduce__(self) -> tuple[t.Any, ...]:
        return dict, (self.copy(),)


_Parts.__name__ = "dict"  # JMESPath goes by the name of a class when a function asks for an object
Parts = _Parts
