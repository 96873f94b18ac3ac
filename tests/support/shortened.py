# SPDX-FileCopyrightText: 2026 printops.prisma contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped profiles, each without one thing that its contract leaves optional. Runs nothing, asserts nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import Any

import yaml
from ansible_collections.printops.prisma.plugins.module_utils._web.errors import BadInput
from ansible_collections.printops.prisma.plugins.plugin_utils._profiles import SHIPPED, find_profile


def shortened(shipped: str, more: Collection[str] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield profiles that lack one operation or field of ``shipped``, each with a name, as far as they are valid.

    ``more``: keys that are left out in turn, too, of a profile, an operation, or its proof to be whole (C(complete)).
    """
    source: dict[str, Any] = yaml.safe_load((SHIPPED / f"{shipped}.yml").read_text(encoding="utf-8"))
    operations = [(part, name) for part in ("read", "write") for name in source[part]]
    paths: list[tuple[str, ...]] = [*operations]
    paths += [("read", name, "fields", field) for name, read in source["read"].items() for field in read["fields"]]
    for place in ((), *operations, *((*each, "complete") for each in operations)):
        paths += [(*place, key) for key in more if key in _at(source, place)]
    for path in paths:
        made = deepcopy(source)
        del _at(made, path[:-1])[path[-1]]
        for write in made["write"].values():
            if path == ("read", write.get("verify")):
                del write["verify"]
        made["id"] = _name(shipped, source, path)
        try:
            find_profile(made, source["interface"])
        except BadInput:
            continue  # told when the profile is loaded
        yield made["id"], made


def _at(profile: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    place = profile
    for key in path:
        place = place.get(key, {})
    return place


def _name(shipped: str, source: dict[str, Any], path: tuple[str, ...]) -> str:
    """Return a name of its own: some operations are both a read and a write."""
    words = [word for word in path if word not in ("read", "write", "fields")] if len(path) > 1 else [*path]
    if len(path) > 1 and path[1] in source["read"] and path[1] in source["write"]:
        words.insert(0, path[0])
    if path[-1] == "fields":
        words.append("fields")
    return "-".join((shipped, *words)).replace("_", "-")
