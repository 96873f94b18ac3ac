# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which of several places in a request an input fills that all have its name, such as ``smtp.port``.

A script that sends the whole document of a printer sends many settings of one name, of which one is meant.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Callable, Collection, Iterator, Mapping

from ..exchange import parsed_json
from ..hints import word_score
from ..sensitive import EMAIL, IPV4, IPV6, MAC, is_plausible, kind_of_name
from .candidates import identifier, naming_key, quoted
from .tokens import may_be_key


def values_in(data: t.Any, at: str = "", name: str = "") -> Iterator[tuple[str, str, t.Any]]:
    """Yield each place in JSON, the name of what is there, and its value; of lists only those of settings."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            part = identifier(str(key))
            yield from values_in(value, f"{at}.{part}" if at else part, str(key))
    elif settings := settings_in(data, at):
        yield from ((place, called, data[number]["value"]) for number, (place, called) in enumerate(settings))
    elif at:
        yield at, name, data


def settings_in(data: t.Any, at: str) -> list[tuple[str, str]]:
    """Return the place and the name of each entry of a list of settings (``{name, value}``); none of any other."""
    if not isinstance(data, list) or not all(isinstance(each, Mapping) and "value" in each for each in data):
        return []
    key = naming_key(data)
    names = [] if key is None else [str(each[key]) for each in data]
    return [(f"{at}[?{key}=={quoted(each)}] | [0].value", each) for each in names]


def names_in_lists(data: t.Any) -> dict[str, set[str]]:
    """Return the names of all settings in each list of them, by its place."""
    found: dict[str, set[str]] = {}
    for at, name, _value in values_in(data):
        if "[?" in at:
            found.setdefault(at.partition("[?")[0], set()).add(name)
    return found


def inputs_by_place(
    places: Mapping[str, str],
    unchanged: Collection[str],
    words: Mapping[str, list[str]],
    of_words: Callable[[str], str | None],
) -> dict[str, tuple[str, bool]]:
    """Return the input that each place is by its name, and whether that is sure. ``unchanged``: what nobody changed.

    It is beside something that was changed, if anything was. Of several places it is the one whose path tells more
    (``proxy.port``), or that alone was changed. If nothing says which one it is, none of them is sure; neither is one
    that nobody changed, beside a change of which nobody knows what it is.
    """
    by_name = {at: of_words(name) for at, name in places.items()}
    beside = {at: at.removesuffix(identifier(name)) for at, name in places.items() if "[?" not in at}
    beside |= {at: name.rpartition(".")[0] for at, name in places.items() if at not in beside}
    touched = {beside[at] for at in places if at not in unchanged}
    unknown = {beside[at] for at, given in by_name.items() if at not in unchanged and given is None}
    found: dict[str, tuple[str, bool]] = {}
    for given in {*filter(None, by_name.values())}:
        every = [at for at in places if by_name[at] == given and (beside[at] in touched or not touched)]
        scores = {at: word_score(at, words[given]) for at in every}
        best = [at for at in every if scores[at] == max(scores.values())]
        changed = [at for at in best if at not in unchanged]
        chosen = changed if len(changed) == 1 else best
        sure = len(chosen) == 1 and (chosen == changed or beside[chosen[0]] not in unknown)
        found |= dict.fromkeys(chosen, (given, sure))
    return found


def may_be_of_one(name: str, value: t.Any) -> bool:
    """Whether what a script sent under ``name`` may be of one person or printer: sent to others, it would be wrong.

    That is an address, a host name, a serial number, and any list or document, whatever is in it.
    """
    if not isinstance(value, str):
        return isinstance(value, (list, Mapping))
    if any(pattern.search(value) for pattern in (EMAIL, IPV4, IPV6, MAC)) or re.match(r"\s*<[\w?!]", value):
        return True
    kind = kind_of_name(name)
    return isinstance(parsed_json(value.encode()), (list, dict)) or (
        kind in ("host", "serial") and is_plausible(kind, value)
    )


def may_mean_others(sent: t.Any, length: int) -> bool:
    """Whether a list that names the person names others, too: by a number or an address beside it, or by a position.

    JSON Patch has positions (``/members/3``, RFC 6902).
    """
    fixed = [str(each) for each in scalars(sent) if "${" not in str(each)]
    return any(may_be_key(part) for each in fixed if length > 1 or each.startswith("/") for part in each.split("/"))


def scalars(data: t.Any) -> Iterator[t.Any]:
    """Yield each text and number in JSON, however deep it is."""
    if isinstance(data, (Mapping, list)):
        for item in data.values() if isinstance(data, Mapping) else data:
            yield from scalars(item)
    elif data is not None and not isinstance(data, bool):
        yield data
