# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placeholders of a profile: which there are, and what fills them. Knows no page and no interface."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping

from ..errors import Unsupported
from .placeholder import PLACEHOLDER, fill_path, fill_text, names_in_text
from .values import Path, Profile, ProfileStep

__all__ = [
    "PLACEHOLDER",
    "fill",
    "fill_path",
    "names_in",
    "needed_to_sign_out",
    "placeholders_of",
    "texts_of",
    "words_of",
]


def texts_of(value: t.Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Find all texts inside ``value``, names of fields included, each with the path to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(key, str):
                yield (*path, key), key
            yield from texts_of(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from texts_of(item, (*path, index))


def placeholders_of(steps: Iterable[ProfileStep]) -> set[str]:
    """Return the names of all placeholders in ``steps``: in what they send, and in their expressions."""
    found: set[str] = set()
    for step in steps:
        found |= names_in(list(step.texts.values())) | {name for each in step.expressions for name in each.names}
    return found


def words_of(steps: Iterable[ProfileStep]) -> dict[str, frozenset[str]]:
    """Return, per placeholder that ``steps`` say by a map alone, the values that the map has words for.

    Steps with a condition are left out: which of them is taken is not known before.
    """
    found: dict[str, frozenset[str]] = {}
    for step in steps:
        for value in step.texts.values() if step.when is None else ():
            for name, words in _maps_in(value):
                found[name] = found.get(name, words) & words
    return found


def _maps_in(value: t.Any) -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _maps_in(item)
    elif isinstance(value, Mapping) and set(value) == {"map", "of"}:
        if isinstance(value["of"], str) and (alone := PLACEHOLDER.fullmatch(value["of"])):
            yield alone.group(1), frozenset(map(str, value["map"]))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _maps_in(item)


def needed_to_sign_out(profile: Profile) -> frozenset[str]:
    """Return the names that a sign-out takes its values by; what the sign-in kept is among them."""
    if not profile.sign_out:
        return frozenset()
    by_request = {"username", "password"} if profile.sign_in.by_request else set()
    signs = [problem.sign for problem in profile.problems] + ([profile.session_ended] if profile.session_ended else [])
    seen = {name for sign in signs for name in sign.names}
    seen |= {name for problem in profile.problems if problem.text is not None for name in problem.text.names}
    return frozenset(placeholders_of(profile.sign_out) | names_in(profile.headers) | by_request | seen)


def names_in(value: t.Any) -> set[str]:
    """Return the names of all placeholders inside ``value``."""
    return {name for _where, text in texts_of(value, ()) for name in names_in_text(text)}


def fill(value: t.Any, variables: Mapping[str, t.Any]) -> t.Any:
    """Return ``value`` with placeholders filled. One that stands alone keeps its type; inside a text None is ''.

    ``{join, of}`` makes one text of a list; ``{map, of}`` says a value in the words of the interface. Raises
    :class:`BadInput` where nothing was given or kept for a placeholder, :class:`Unsupported` for a value without word.
    """
    if isinstance(value, str):
        return fill_text(value, variables)
    if isinstance(value, Mapping):
        if set(value) == {"join", "of"}:
            listed = fill(value["of"], variables)
            return None if listed is None else str(value["join"]).join(map(str, listed))
        if set(value) == {"map", "of"}:
            return _in_words_of_the_interface(value["map"], fill(value["of"], variables))
        return {_name(key, variables): fill(item, variables) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [fill(item, variables) for item in value]
    return value


def _name(key: t.Any, variables: Mapping[str, t.Any]) -> t.Any:
    """Return the name of a field, which may have a placeholder in it as well."""
    return str(fill_text(key, variables)) if isinstance(key, str) and names_in_text(key) else key


def _in_words_of_the_interface(words: Mapping[str, t.Any], value: t.Any) -> t.Any:
    if value is None:
        return None
    if isinstance(value, list):
        return [_in_words_of_the_interface(words, item) for item in value]
    # YAML reads an unquoted true as a boolean, which is the key True by the time it comes here
    names = (str(value), str(value).lower()) if isinstance(value, bool) else (str(value),)
    for name in names:
        if name in words:
            return words[name]
    raise Unsupported(
        f"the profile has no word for {value!r}; it knows {', '.join(sorted(words))}",
        advice="Give one of these, or add to the profile what the interface calls it.",
    )
