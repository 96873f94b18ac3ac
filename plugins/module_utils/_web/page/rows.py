# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of tables as texts that still know where they stand: their links, forms and controls. Knows no profile."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .tree import Element

Contents: t.TypeAlias = "t.Callable[[Element], dict[str, t.Any]]"
"""What stands in an element of the page, as data."""


class RowOrigin:
    """Where the texts of a row come from. ``texts`` by header, empty in a table without headers; ``cells`` in order."""

    __slots__ = ("_contents", "_element", "cells", "texts")

    def __init__(self, element: Element, contents: Contents, texts: Mapping[str, str], cells: t.Sequence[str]) -> None:
        self._element = element
        self._contents = contents
        self.texts = texts
        self.cells = cells

    def read(self) -> dict[str, t.Any]:
        """Return the whole row: ``fields`` (texts by header), ``cells``, and all that stands in it."""
        return {"fields": dict(self.texts), "cells": list(self.cells), **self._contents(self._element)}


class _TextsByHeader(dict[str, str]):
    """A row as texts by header: a dictionary like any other, but for ``origin``."""

    __slots__ = ("origin",)
    origin: RowOrigin

    def __reduce__(self) -> tuple[t.Any, ...]:
        return dict, (dict(self),)


class _TextsInOrder(list[str]):
    """A row as texts in order: a list like any other, but for ``origin``."""

    __slots__ = ("origin",)
    origin: RowOrigin

    def __reduce__(self) -> tuple[t.Any, ...]:
        return list, (list(self),)


_TextsByHeader.__name__ = "dict"  # JMESPath goes by the name of a class when a function asks for an object or an array
_TextsInOrder.__name__ = "list"


def with_origin(
    element: Element, contents: Contents, texts: dict[str, str], cells: list[str]
) -> tuple[dict[str, str], list[str]]:
    """Return a row by header and in order, both of which :func:`whole_row` knows."""
    by_header, in_order = _TextsByHeader(texts), _TextsInOrder(cells)
    by_header.origin = in_order.origin = RowOrigin(element, contents, by_header, in_order)
    return by_header, in_order


def whole_row(row: t.Any) -> t.Any:
    """Return a row of a table with all that stands in it; anything else, such as an object in JSON, as it is."""
    origin = getattr(row, "origin", None)
    return origin.read() if isinstance(origin, RowOrigin) else row
