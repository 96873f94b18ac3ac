# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what a request sends back unchanged, as a script sends the whole document of which a person changed a part.

Sent as it was recorded, it would give the settings of one printer to all others.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from .candidates import identifier
from .history import BrowsingHistory, Visit
from .sent_places import names_in_lists, settings_in, values_in
from .tokens import may_be_key

_MAX_DEPTH = 4
_LEAST = 2
"""Values in common that make a document the one that was changed."""


def document_before(
    history: BrowsingHistory, sent: Visit, is_known: t.Callable[[str], object]
) -> tuple[Visit | None, dict[str, str]]:
    """Return the JSON whose values a request sends back, and the place there of each value that it did not change.

    The key is the place in the request. Of several documents it is the latest of those with most names in common.
    ``is_known``: whether the profile has a part of an address, such as the key of a row.
    """
    shared, source, same = 0, None, {}
    before = (each for each in reversed(history.visits) if each.number < sent.number and each.page.kind == "json")
    for visit in (each for each in before if each.is_page and _can_be_fetched(each, is_known)):
        count, found = unchanged(sent, visit.data)
        if count > shared:
            shared, source, same = count, visit, found
    return source, same


def unchanged(sent: Visit, document: t.Any) -> tuple[int, dict[str, str]]:
    """Return how many names of a request a document has too, and the place there of each value that is the same."""
    body = _values(sent.sent_json) or {identifier(name): value for name, value in sent.form}
    listed = names_in_lists(sent.sent_json)
    best: tuple[int, dict[str, str]] = (0, {})
    for at, inside in _mappings(document, "", 0):
        found, names = _values(inside), names_in_lists(inside)
        # A list with one entry less is no list of settings, but of people.
        found = {place: value for place, value in found.items() if "[?" not in place or names == listed}
        shared = body.keys() & found.keys()
        if len(shared) >= max(_LEAST, len(body) / 2, best[0] + 1):
            same = [place for place in body if place in shared and _is_same(found[place], body[place])]
            joined = {place: f"{at}{'' if place[0] == '[' else '.'}{place}" if at else place for place in same}
            best = len(shared), joined
    return best


def _values(data: t.Any) -> dict[str, t.Any]:
    return {at: value for at, _name, value in values_in(data)}


def _can_be_fetched(visit: Visit, is_known: t.Callable[[str], object]) -> bool:
    """Whether a profile can fetch a document again: its address names no person or device but the one meant."""
    parts = map(unquote, visit.path.split("/"))
    return visit.own and not (
        visit.writes or visit.query or any(may_be_key(each) and not is_known(each) for each in parts)
    )


def _mappings(data: t.Any, at: str, depth: int) -> Iterator[tuple[str, t.Any]]:
    if settings_in(data, at):
        yield at, data
    elif isinstance(data, Mapping) and depth < _MAX_DEPTH:
        yield at, data
        for name, value in data.items():
            part = identifier(str(name))
            yield from _mappings(value, f"{at}.{part}" if at else part, depth + 1)


def _is_same(one: t.Any, sent: t.Any) -> bool:
    """Whether a value of a document was sent: in fields as a text."""
    if isinstance(sent, str) and isinstance(one, (int, float)):
        return sent == (str(one).lower() if isinstance(one, bool) else str(one))
    return type(one) is type(sent) and bool(_without_nulls(one) == _without_nulls(sent))


def _without_nulls(value: t.Any) -> t.Any:
    """Return JSON without the keys that say nothing: a script may add them to what it sends back."""
    if isinstance(value, Mapping):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
