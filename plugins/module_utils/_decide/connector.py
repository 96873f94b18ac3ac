# Copyright (c) 2026, printops.prisma contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which connector a controller needs for an application. Pure: the table is plugins/data/connectors.yml."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence

UNKNOWN = "unknown"
NONE = "none"
"""Of an application that is none of the cloud's: it runs on the printers themselves."""
INTERNAL = "internal"
CLOUD_PROXY = "cloud_proxy"
ADMINISTRATION_SITE = "administration_site"
CONNECTORS = frozenset({INTERNAL, CLOUD_PROXY, ADMINISTRATION_SITE})
_ANY = "any"


def connector(rows: Sequence[Mapping[str, t.Any]], controller: str, application: str) -> dict[str, t.Any]:
    """Return ``{connector, needs, note}`` for controller and application together.

    ``rows`` are ``{controller, application, connector, needs, note}``; controller and application are a name or
    several; ``any`` stands for every controller; a later row wins over an earlier one, and a row that names the
    controller over ``any``. A pair that no row has is unknown, which is no error (domain.md, "Which connector an
    application needs").
    """
    best: Mapping[str, t.Any] | None = None
    for row in rows:
        if canonical_name(application) not in _names(row["application"]):
            continue
        controllers = _names(row["controller"])
        named = canonical_name(controller) in controllers
        if not named and _ANY not in controllers:
            continue
        if best is None or named or _ANY in _names(best["controller"]):
            best = row
    if best is None:
        return {"connector": UNKNOWN, "needs": [], "note": ""}
    return {"connector": best["connector"], "needs": list(best.get("needs", ())), "note": best.get("note", "")}


def unknown_applications(rows: Sequence[Mapping[str, t.Any]], applications: Iterable[str]) -> list[str]:
    """Return those of ``applications`` (names or ids) that no row names, whatever the controller."""
    known = frozenset[str]().union(*(_names(row["application"]) for row in rows))
    return sorted(name for name in applications if canonical_name(name) not in known)


def canonical_name(name: object) -> str:
    """Return the spelling by which names of controllers and applications are compared: no case, space or hyphen."""
    return "".join(str(name).lower().replace("-", " ").split())


def _names(value: str | Sequence[str]) -> frozenset[str]:
    return frozenset(map(canonical_name, [value] if isinstance(value, str) else value))
