# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the values by which a request may mean a row of a list: each place where only this row has the value.

One value may stand in several places, such as a number in the list and the id of a user, and may mean several rows.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl

from ....module_utils._web.page.address import split_address
from ....module_utils._web.session.rows import value_of
from ..sensitive import name_words
from .candidates import identifier, quoted, read_value
from .tokens import leaves

WholeRow: t.TypeAlias = "tuple[Mapping[str, t.Any], t.Any]"
"""A row, and the same with all that stands in it."""
Picks: t.TypeAlias = "list[t.Any]"
"""How a profile picks one value from a row, in each place where the row has it."""
Keys: t.TypeAlias = "dict[str, list[tuple[Mapping[str, t.Any], Picks]]]"
"""The rows that each value may mean, with its places."""

LONGEST_COUNT = 3
"""Digits of a number that may be equal to another one by chance."""
_LAST_NAME = re.compile(r'"((?:[^"\\]|\\.)*)"\Z|(\w+)\Z')
_KEY = re.compile(r"(?:.*_)?(?:u?id|guid|uuid|key|pk|serial)\Z|.+_(?:no|nr|number)\Z")
_ARGUMENT = re.compile(r"(?<=[(,\s])[\"']([^\"']*)[\"'](?=\s*[,)])")
_POSITION = re.compile(
    r"(?:(?:row|line|list|sort|item)_)?(?:no|nr|num|number|index|idx|row|pos|position|rank|order|seq)?\Z"
)


def column_names(row: Mapping[str, t.Any], before: str = "") -> Iterator[str]:
    """Yield the columns of a row; what stands in an object of the row has dots (``attributes.email``)."""
    for name, value in row.items():
        if isinstance(value, Mapping) and "." not in name:
            yield from column_names(value, f"{before}{name}.")
        elif not before or "." not in name:
            yield f"{before}{name}"


def in_column(row: t.Any, column: str) -> str:
    """Return what a row has in a column as a text, "" without one."""
    found = value_of(row, column)
    return str(found) if isinstance(found, (str, int, float)) else ""


def keys_of(rows: Sequence[WholeRow]) -> Keys:
    """Return the rows that each value may mean, with its places: those in which no two of ``rows`` have the same."""
    places: dict[str, tuple[t.Any, list[tuple[str, Mapping[str, t.Any]]]]] = {}
    for row, whole in rows:
        own: dict[str, tuple[t.Any, set[str]]] = {}
        for value, pick in _values(whole):
            own.setdefault(str(pick), (pick, set()))[1].update([value] if value else ())
        for place, (pick, values) in own.items():
            for value in values if len(values) == 1 else ():  # of two links in a row, one may be of somebody else
                places.setdefault(place, (pick, []))[1].append((value, row))
    keys: Keys = {}
    for pick, found in places.values():
        if len({value for value, _row in found}) < len(found):
            continue
        for value, row in found:
            meant = keys.setdefault(value, [])
            picks = next((picks for each, picks in meant if each is row), None)
            if picks is None:
                meant.append((row, [pick]))
            else:
                picks.append(pick)
    return keys


def different(picks: Picks, rows: Sequence[t.Any], by_position: bool) -> tuple[t.Any, ...]:
    """Return one of those ``picks`` that read the same of all ``rows``, the most telling first.

    ``by_position``: the name under which the value was sent is that of a position in a list, and not of a key.
    """
    read: dict[tuple[str, ...], t.Any] = {}
    for pick in sorted(picks, key=lambda each: (is_position(each) != by_position, not is_key(each))):
        read.setdefault(tuple(str(read_value(pick, row)) for row in rows) if len(picks) > 1 else (), pick)
    return tuple(read.values())


def names_of_key(
    wanted: str, picks: Sequence[t.Any], path: Sequence[str], query: Sequence[tuple[str, str]]
) -> frozenset[str]:
    """Return the names under which a request that sends the same number several times sends the key of a row.

    A short number may be that of something else in what is sent: of a role, of a floor, of a day. None for any other.
    """
    if len(wanted) > LONGEST_COUNT or not wanted.isdecimal():
        return frozenset()
    of = [name_words(part).removesuffix("s") for part in path]
    own = [name_words(str(pick).rpartition(".")[2]) for pick in picks[: len(picks) == 1]]
    own += [name_words(name) for name, value in query if value == wanted and wanted not in path]
    return frozenset({"id", *own, *of, *(f"{each}_id" for each in of)})


def is_key(pick: t.Any) -> bool:
    """Whether what a pick reads of a row is named like a key, or stands in an address or a control."""
    return not isinstance(pick, str) or _KEY.match(_name(pick)) is not None


def is_position(pick: t.Any) -> bool:
    """Whether what a pick reads of a row is named like its position in the list."""
    return isinstance(pick, str) and _POSITION.match(_name(pick)) is not None


def sent_by_position(name: str) -> bool:
    """Whether what is sent under ``name`` is named like a position in a list."""
    return _POSITION.match(name_words(name)) is not None


def mask(name: str) -> str:
    """Return a name without its numbers, by which those of several rows are the same."""
    return re.sub(r"\d+", "#", name)


def script_arguments(href: str) -> Iterator[tuple[str, str]]:
    """Yield the texts that a link gives to the script that it calls, each with a pattern for its place."""
    before = r"\("
    for found in _ARGUMENT.finditer(href) if href.lower().startswith("javascript:") else ():
        quote = found[0][0]
        if found[1]:
            yield found[1], f"{before}{quote}([^{quote}]+){quote}"
        before += f"{quote}[^{quote}]*{quote},\\s*"


def _name(pick: str) -> str:
    found = _LAST_NAME.search(pick)
    return name_words(found[1] or found[2] or "") if found else ""


def _values(row: Mapping[str, t.Any]) -> Iterator[tuple[str, t.Any]]:
    """Yield each value in a whole row that may name it in a request, with how a profile picks it from the row."""
    if "links" not in row or "cells" not in row:  # an object in JSON
        yield from ((str(value), at) for at, value in leaves(row, "") if value and not isinstance(value, (bool, list)))
        return
    if row["id"]:
        yield row["id"], "id"
    yield from ((value, f"data.{identifier(name)}") for name, value in row["data"].items() if value)
    for each in row["controls"]:
        if each["name"] and isinstance(each["value"], str) and each["value"]:
            yield each["value"], {"pick": f"controls[?name=={quoted(each['name'])}].value", "filters": ["only"]}
    for link in row["links"]:
        address = split_address(link["href"])
        for value, pattern in script_arguments(link["href"]):
            of_script = f"starts_with(href, {quoted(link['href'].partition('(')[0] + '(')})"
            by_text = f"text=={quoted(link['text'])} && {of_script}"
            named = [by_text] if link["text"] and link["text"] not in row["fields"].values() else []
            for test in (of_script, *named):
                yield value, {"pick": f"links[?{test}].href", "filters": [{"regex": pattern}, "only"]}
        parts = address.path.split("/")
        for at in range(2, len(parts)):
            before = "/".join(parts[:at])
            pick = f"links[?contains(href, {quoted(before + '/')})].href"
            yield parts[at], {"pick": pick, "filters": [{"regex": f"{re.escape(before)}/([^/?#]+)"}, "only"]}
        for name, value in parse_qsl(address.query):
            pick = f"links[?contains(href, {quoted(address.path + '?')})].href"
            yield value, {"pick": pick, "filters": [{"regex": f"[?&]{re.escape(name)}=([^&#]+)"}, "only"]}
    yield from ((value, f"fields.{identifier(name)}") for name, value in row["fields"].items() if value)
