# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shipped profile, damaged at random, is refused as bad input or works; it is never another error."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import SHIPPED, find_profile
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.yml"))}

Place = tuple[Any, ...]


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """Every value but the whole itself."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


PLACES = [(name, place) for name, source in SOURCES.items() for place in places(source)]
KEYS = sorted({str(place[-1]) for _name, place in PLACES} | {"", "${host}", "x"})

odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["${password}", "${", "a b", "title", "(.)", "%Q", "trim", "devices", "get", "controller"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, Place, str, Any]:
    name, place = draw(st.sampled_from(PLACES))
    kind = draw(st.sampled_from(["delete", "change", "rename", "swap"]))
    other = draw({"change": odd, "rename": st.sampled_from(KEYS)}.get(kind, st.sampled_from(PLACES)))
    return name, place, kind, other


def inside(source: Any, place: Place) -> Any:
    for part in place:
        source = source[part]
    return source


def damaged(source: dict[str, Any], place: Place, kind: str, other: Any) -> dict[str, Any]:
    source = copy.deepcopy(source)
    try:
        holder = inside(source, place[:-1])
        value = holder.pop(place[-1])
    except (LookupError, TypeError, AttributeError):  # an earlier damage took it away
        return source
    if kind == "swap":
        value = copy.deepcopy(inside(SOURCES[other[0]], other[1]))
    elif kind == "change":
        value = other
    if kind == "delete":
        return source
    if isinstance(holder, list):
        holder.insert(place[-1], value)
    else:
        holder[other if kind == "rename" else place[-1]] = value
    return source


def read(source: dict[str, Any]) -> None:
    interface = source.get("interface")
    with contextlib.suppress(BadInput):
        profile = find_profile(source, interface if isinstance(interface, str) else "controller", None)
        assert profile.sign_in.method in ("form", "token", "client_credentials")
        assert profile.match.steps


@settings(max_examples=150)
@given(damage())
def test_a_damaged_profile_is_bad_input_or_works(what: tuple[str, Place, str, Any]) -> None:
    name, *how = what
    read(damaged(SOURCES[name], *how))


@settings(max_examples=50)
@given(st.sampled_from(sorted(SOURCES)), st.lists(damage(), min_size=2, max_size=5))
def test_so_is_one_that_was_damaged_more_than_once(name: str, what: list[tuple[str, Place, str, Any]]) -> None:
    source = SOURCES[name]
    for _name, *how in what:
        source = damaged(source, *how)
    read(source)


@settings(max_examples=50)
@given(odd)
def test_so_is_anything_at_all(what: Any) -> None:
    if isinstance(what, dict):
        read(what)
